package schema

// Type is an attribute type, as the API names it (OpenAPI: attribute.type).
type Type string

// The attribute types of the API.
const (
	Text            Type = "text"
	Number          Type = "number"
	Checkbox        Type = "checkbox"
	Currency        Type = "currency"
	Date            Type = "date"
	Timestamp       Type = "timestamp"
	Rating          Type = "rating"
	Status          Type = "status"
	Select          Type = "select"
	EmailAddress    Type = "email-address"
	Domain          Type = "domain"
	PhoneNumber     Type = "phone-number"
	PersonalName    Type = "personal-name"
	Location        Type = "location"
	RecordReference Type = "record-reference"
	ActorReference  Type = "actor-reference"
	Interaction     Type = "interaction" // read only

	// Unknown is the type of an attribute that the built-in schema does not
	// have. It never comes from the API.
	Unknown Type = ""
)

// WorkspaceMembers is the name under which a mapping refers to the members of
// the workspace. They are no object of the API, but are looked up like one.
const WorkspaceMembers = "workspace_members"

// Schema is a set of objects.
type Schema struct {
	Objects []*Object

	// Complete says that the objects are all that the workspace has, and their
	// attributes all that the objects have: read from the API, not built in.
	Complete bool
}

// Object is a kind of record: people, companies, a custom object. The JSON
// names are those of `schema --json`, for scripts.
type Object struct {
	ID         string       `json:"id,omitempty"` // empty in the built-in schema
	Slug       string       `json:"slug"`
	Singular   string       `json:"singular"` // "Company"
	Plural     string       `json:"plural"`   // "Companies"
	Attributes []*Attribute `json:"attributes,omitempty"`
}

// Attribute is a field of an object.
type Attribute struct {
	ID         string `json:"id,omitempty"` // empty in the built-in schema
	Slug       string `json:"slug"`
	Title      string `json:"title"`
	Type       Type   `json:"type"`
	Required   bool   `json:"required"`
	Unique     bool   `json:"unique"`
	Multi      bool   `json:"multi"` // holds several values (API: is_multiselect)
	Writable   bool   `json:"writable"`
	Archived   bool   `json:"archived"`
	HasDefault bool   `json:"has_default"` // the workspace gives a value where none is sent

	CurrencyCode string   `json:"currency_code,omitempty"` // of a currency attribute, ISO 4217; empty if unknown
	Targets      []string `json:"targets,omitempty"`       // slugs of the objects that a record-reference may point to; empty: any

	// Options are the choices of a select or status attribute, without the
	// archived ones. They count only where OptionsKnown is true.
	Options      []Option `json:"options,omitempty"`
	OptionsKnown bool     `json:"-"`
}

// Option is a choice of a select or status attribute.
type Option struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// Object finds an object by slug or id; nil if there is none.
func (s *Schema) Object(name string) *Object {
	for _, o := range s.Objects {
		if o.Slug == name || (o.ID != "" && o.ID == name) {
			return o
		}
	}
	return nil
}

// Attribute finds an attribute by slug or id; nil if there is none. Archived
// attributes are not found.
func (o *Object) Attribute(name string) *Attribute {
	for _, a := range o.Attributes {
		if !a.Archived && (a.Slug == name || (a.ID != "" && a.ID == name)) {
			return a
		}
	}
	return nil
}

// Filterable reports whether records can be found by equality on the
// attribute. Interactions and locations as a whole cannot
// (filtering-and-sorting guide).
func (a *Attribute) Filterable() bool {
	switch a.Type {
	case Interaction, Location, Unknown:
		return false
	}
	return true
}

// FiltersByList reports whether one filter may name many values of the
// attribute with $in; the API allows that for text and record references only,
// other types need an $or of single equalities.
func (a *Attribute) FiltersByList() bool {
	return a.Type == Text || a.Type == RecordReference
}
