package sandbox

import (
	"encoding/json"
	"slices"
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
	Relationship *struct {
		Object string `json:"object"`
		Title  string `json:"title"`
		Slug   string `json:"api_slug"`
		Multi  bool   `json:"is_multiselect"`
	} `json:"relationship"`
	Config struct {
		Currency *struct {
			Code    string `json:"default_currency_code"`
			Display string `json:"display_type"`
		} `json:"currency"`
		Reference *struct {
			Allowed []string `json:"allowed_objects"`
		} `json:"record_reference"`
	} `json:"config"`
}

func createAttribute(s *store, c *call) error {
	t, err := s.holder(c.args[0], c.args[1])
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
	c.out = append(s.appendAttribute(append(c.out, `{"data":`...), t.names[spec.Slug]), '}')
	return nil
}

// checkSpec checks the shape of the body (OpenAPI).
func checkSpec(data gjson.Result) error {
	if problem := onlyKeys(data, "title", "description", "api_slug", "type", "is_required", "is_unique", "is_multiselect",
		"default_value", "relationship", "config"); problem != nil {
		problem.path = []string{"data"}
		return badBody(*problem)
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
	if err := s.readConfig(a, spec); err != nil {
		return nil, err
	}
	if err := s.checkDefault(a); err != nil {
		return nil, err
	}
	if spec.Relationship == nil {
		return []entity{a.entity()}, nil
	}
	return s.newRelationship(a, spec)
}

// checkDefault refuses a default that could not be written as a value.
func (s *store) checkDefault(a *attribute) error {
	if a.fallback == nil {
		return nil
	}
	switch gjson.GetBytes(a.fallback, "type").Str {
	case "static":
		return (&tx{s: s}).readDefault(a)
	case "dynamic":
		return nil
	}
	return badBody(invalidInput("Invalid input", "data", "default_value"))
}

func checkFlags(t *table, k kind, spec attributeSpec) error {
	if spec.Unique && (!k.uniqueAllowed() || t.isObject("people") || t.isObject("companies") || t.list != nil) {
		return invalid("validation_type", "Cannot set attribute as unique.")
	}
	if spec.Multi && !k.multiAllowed() {
		return badBody(invalidInput("Attributes of this type cannot be multiselect", "data", "is_multiselect"))
	}
	if spec.Slug == "" {
		return badBody(issue{code: "too_small", path: []string{"data", "api_slug"}, message: "String must contain at least 1 character(s)"})
	}
	return nil
}

func slugTaken(t *table) *Error {
	if t.list != nil {
		return conflict("An attribute with the same API slug already exists on this list. Please choose a different API slug.")
	}
	return conflict("An attribute with the same API slug already exists on this Object. Please choose a different API slug.")
}

// newRelationship makes both sides of a two-sided reference.
func (s *store) newRelationship(a *attribute, spec attributeSpec) ([]entity, error) {
	rel := spec.Relationship
	target := s.object(rel.Object)
	if target == nil || a.kind != kindReference {
		return nil, invalid("value_not_found", "Object with slug/ID %q not found.", rel.Object)
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
	if !slices.Contains(a.allowed, target) {
		a.allowed = append(a.allowed, target)
	}
	return []entity{a.entity(), other.entity()}, nil
}
