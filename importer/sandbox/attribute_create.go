package sandbox

import (
	"encoding/json"
	"strings"

	"github.com/tidwall/gjson"
)

// attributeSpec is what a request, or a seed, says about a new attribute.
type attributeSpec struct {
	Title        string          `json:"title"`
	Description  *string         `json:"description"`
	Slug         string          `json:"api_slug"`
	Type         string          `json:"type"`
	Required     bool            `json:"is_required"`
	Unique       bool            `json:"is_unique"`
	Multi        bool            `json:"is_multiselect"`
	Default      json.RawMessage `json:"default_value"`
	Relationship json.RawMessage `json:"relationship"`
	Config       json.RawMessage `json:"config"`
}

// relationshipSpec is what it says about the other side.
type relationshipSpec struct {
	Object string `json:"object"`
	Title  string `json:"title"`
	Slug   string `json:"api_slug"`
	Multi  bool   `json:"is_multiselect"`
}

func createAttribute(s *store, c *call) error {
	t, err := s.tableOf(c.args[0], c.args[1])
	if err != nil {
		return err
	}
	data, err := c.data()
	if err != nil {
		return err
	}
	if err := checkSpec(data); err != nil {
		return err
	}
	var spec attributeSpec
	if err := json.Unmarshal([]byte(data.Raw), &spec); err != nil {
		return badBody(invalidInput("Invalid input", "data"))
	}
	list, err := s.newAttribute(t, spec)
	if err != nil {
		return err
	}
	if err := s.saveLogged(c.logged(uuid{}, ""), list...); err != nil {
		return err
	}
	return replyOne(c, t.names[spec.Slug], s.appendAttribute)
}

// checkSpec checks the shape of the body (OpenAPI).
func checkSpec(data gjson.Result) error {
	if err := onlyMembers(data, "title", "description", "api_slug", "type", "is_required", "is_unique", "is_multiselect",
		"default_value", "relationship", "config"); err != nil {
		return err
	}
	for _, key := range []string{"title", "api_slug", "type"} {
		if v := data.Get(key); v.Type != gjson.String {
			return badBody(wrongType("string", typeName(v), "data", key))
		}
	}
	for _, key := range []string{"is_required", "is_unique", "is_multiselect"} {
		if v := data.Get(key); !v.IsBool() {
			return badBody(wrongType("boolean", typeName(v), "data", key))
		}
	}
	if v := data.Get("description"); !v.Exists() {
		return badBody(wrongType("string", "undefined", "data", "description"))
	}
	if v := data.Get("config"); !v.IsObject() {
		return badBody(wrongType("object", typeName(v), "data", "config"))
	}
	return checkType(data.Get("type").Str)
}

// checkType lists all 17 types in its refusal, though two of them cannot be created (live).
func checkType(name string) error {
	if _, ok := kindNamed(name); ok {
		return nil
	}
	e := badBody(issue{code: "invalid_option", path: []string{"data", "type"}, options: kindNames[:],
		message: "Invalid enum value. Expected '" + strings.Join(kindNames[:], "' | '") + "', received '" + name + "'"})
	return e
}

// newAttribute checks the request and returns the entities to save: the attribute, and the other side of a relationship.
func (s *store) newAttribute(t *table, spec attributeSpec) ([]entity, error) {
	k, ok := kindNamed(spec.Type)
	if !ok || !k.creatable() {
		return nil, badBody(invalidInput("Invalid input", "data", "type"))
	}
	if err := checkFlags(t, k, spec); err != nil {
		return nil, err
	}
	if t.names[spec.Slug] != nil { // archived slugs stay taken (live)
		return nil, slugTaken(t)
	}
	a := &attribute{table: t, no: len(t.attrs), id: newID(), title: spec.Title, about: spec.Description, slug: spec.Slug,
		kind: k, required: spec.Required, unique: spec.Unique, multi: spec.Multi, created: s.now()}
	if len(spec.Default) > 0 && string(spec.Default) != "null" {
		a.fallback = spec.Default
	}
	if k == kindCurrency {
		a.currency, a.display = "USD", "symbol" // where the request does not say (inferred)
	}
	if err := s.readConfig(a, gjson.ParseBytes(spec.Config)); err != nil {
		return nil, err
	}
	if err := s.checkDefault(a); err != nil {
		return nil, err
	}
	if rel := gjson.ParseBytes(spec.Relationship); rel.IsObject() {
		return s.newRelationship(a, rel)
	}
	return []entity{a.entity()}, nil
}

func checkFlags(t *table, k kind, spec attributeSpec) error {
	if spec.Unique && !(&attribute{table: t, kind: k}).mayBeUnique() {
		return notUnique()
	}
	if spec.Multi && !k.multiAllowed() {
		return badBody(invalidInput("Attributes of this type cannot be multiselect", "data", "is_multiselect")) // text inferred
	}
	if spec.Slug == "" {
		return badBody(issue{code: "too_small", path: []string{"data", "api_slug"}, message: "String must contain at least 1 character(s)"})
	}
	if k == kindStatus && (t.isObject("people") || t.isObject("companies")) { // text inferred
		return badBody(invalidInput("Status attributes are not supported on people or company objects", "data", "type"))
	}
	return nil
}

// mayBeUnique: not on people and companies (live), and only kinds that can be matched.
func (a *attribute) mayBeUnique() bool {
	return a.kind.uniqueAllowed() && !a.table.isObject("people") && !a.table.isObject("companies")
}

func notUnique() *Error { return invalid("validation_type", "Cannot set attribute as unique.") }

func slugTaken(t *table) *Error {
	if t.list != nil {
		return conflict("An attribute with the same API slug already exists on this list. Please choose a different API slug.")
	}
	return conflict("An attribute with the same API slug already exists on this Object. Please choose a different API slug.")
}

// newRelationship makes both sides of a two-sided reference, which is between two objects (OpenAPI).
func (s *store) newRelationship(a *attribute, body gjson.Result) ([]entity, error) {
	var rel relationshipSpec
	if problem := onlyKeys(body, "object", "title", "api_slug", "is_multiselect"); problem != nil {
		problem.path = []string{"data", "relationship"}
		return nil, badBody(*problem)
	}
	if json.Unmarshal([]byte(body.Raw), &rel) != nil || rel.Title == "" || rel.Slug == "" || a.kind != kindReference || a.table.list != nil {
		return nil, badBody(invalidInput("Invalid input", "data", "relationship"))
	}
	target := s.object(rel.Object)
	if target == nil {
		return nil, invalid("value_not_found", "Object with slug/ID %q not found.", rel.Object) // inferred
	}
	if len(a.allowed) > 1 || !a.allows(target) {
		return nil, badBody(invalidInput("Invalid input", "data", "config", "record_reference", "allowed_objects"))
	}
	if target.names[rel.Slug] != nil || target == a.table && rel.Slug == a.slug {
		return nil, slugTaken(target)
	}
	other := &attribute{table: target, no: len(target.attrs), id: newID(), title: rel.Title, slug: rel.Slug,
		kind: kindReference, multi: rel.Multi, created: a.created}
	if target == a.table {
		other.no++
	}
	relate(a, other)
	return []entity{a.entity(), other.entity()}, nil
}
