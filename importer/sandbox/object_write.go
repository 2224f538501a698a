package sandbox

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

func createObject(s *store, c *call) error {
	data, err := c.data()
	if err != nil {
		return err
	}
	for _, key := range []string{"api_slug", "singular_noun", "plural_noun"} {
		if v := data.Get(key); v.Type != gjson.String || v.Str == "" {
			return badBody(wrongType("string", typeName(v), "data", key))
		}
	}
	slug, singular, plural := data.Get("api_slug").Str, data.Get("singular_noun").Str, data.Get("plural_noun").Str
	if s.objects[slug] != nil || s.nounTaken(singular, plural) {
		return conflict("Failed to create object. Please ensure your api_slug and names are unique.")
	}
	if err := s.saveLogged(c.logged(uuid{}, ""), s.newObject(slug, singular, plural)...); err != nil {
		return err
	}
	return s.replyObject(c, s.objects[slug])
}

func (s *store) nounTaken(singular, plural string) bool {
	return slices.ContainsFunc(s.tables, func(t *table) bool {
		return t.list == nil && (strings.EqualFold(t.singular, singular) || strings.EqualFold(t.plural, plural))
	})
}

func (s *store) replyObject(c *call, t *table) error {
	c.out = append(s.appendObject(append(c.out, `{"data":`...), t), '}')
	return nil
}

func patchObject(s *store, c *call) error {
	t, err := s.objectOf(c.args[0])
	if err != nil {
		return err
	}
	data, err := c.data()
	if err != nil {
		return err
	}
	next := *t
	changed := false
	for key, field := range map[string]*string{"api_slug": &next.slug, "singular_noun": &next.singular, "plural_noun": &next.plural} {
		v := data.Get(key)
		if !v.Exists() {
			continue
		}
		if v.Type != gjson.String || v.Str == "" {
			return badBody(wrongType("string", typeName(v), "data", key))
		}
		*field, changed = v.Str, true
	}
	if !changed {
		return emptyPayload()
	}
	if other := s.objects[next.slug]; other != nil && other != t {
		return conflict("Failed to update object. Please ensure api_slug is unique.")
	}
	if err := s.saveLogged(c.logged(uuid{}, ""), next.entity()); err != nil {
		return err
	}
	return s.replyObject(c, t)
}

func emptyPayload() *Error {
	return invalid("validation_type", "You passed an empty payload. Please ensure you are updating at least one property in your request.")
}

// patchAttribute changes a custom attribute; type and is_multiselect cannot change. An archived one keeps its slug.
func patchAttribute(s *store, c *call) error {
	a, err := s.attributeAt(c)
	if err != nil {
		return err
	}
	data, err := c.data()
	if err != nil {
		return err
	}
	if problem := onlyKeys(data, "title", "description", "api_slug", "is_required", "is_unique", "default_value", "config", "is_archived"); problem != nil {
		problem.path = []string{"data"}
		return badBody(*problem)
	}
	if a.system {
		return invalid("system_edit_unauthorized", "Cannot update a System attribute.")
	}
	next := *a
	if err := s.readAttributePatch(&next, data); err != nil {
		return err
	}
	if err := s.saveLogged(c.logged(uuid{}, ""), next.entity()); err != nil {
		return err
	}
	c.out = append(s.appendAttribute(append(c.out, `{"data":`...), a), '}')
	return nil
}

func (s *store) readAttributePatch(a *attribute, data gjson.Result) error {
	var spec attributeSpec
	if err := json.Unmarshal([]byte(data.Raw), &spec); err != nil {
		return badBody(invalidInput("Invalid input", "data"))
	}
	given := func(key string) bool { return data.Get(key).Exists() }
	if given("title") {
		a.title = spec.Title
	}
	if given("description") {
		a.about = spec.Description
	}
	if given("api_slug") && spec.Slug != a.slug {
		if a.table.names[spec.Slug] != nil || spec.Slug == "" {
			return slugTaken(a.table)
		}
		a.slug = spec.Slug
	}
	if given("is_required") {
		a.required = spec.Required
	}
	if given("is_archived") {
		a.archived = data.Get("is_archived").Bool()
	}
	if given("default_value") {
		if a.fallback = nil; data.Get("default_value").Type != gjson.Null {
			a.fallback = spec.Default
		}
		if err := s.checkDefault(a); err != nil {
			return err
		}
	}
	if given("is_unique") {
		if err := a.setUnique(spec); err != nil {
			return err
		}
	}
	return s.readConfig(a, spec)
}

// setUnique refuses an attribute whose values repeat already (inferred).
func (a *attribute) setUnique(spec attributeSpec) error {
	if err := checkFlags(a.table, a.kind, attributeSpec{Unique: spec.Unique, Slug: a.slug}); err != nil {
		return err
	}
	if a.unique = spec.Unique; spec.Unique {
		probe := &attribute{table: a.table, no: a.no, kind: a.kind}
		if probe.ensureIndex(); len(probe.index.many) > 0 {
			return invalid("validation_type", "Cannot set attribute as unique.")
		}
	}
	return nil
}

// readConfig takes over the config of a request.
func (s *store) readConfig(a *attribute, spec attributeSpec) error {
	if cur := spec.Config.Currency; cur != nil {
		a.currency, a.display = cur.Code, cur.Display
	}
	ref := spec.Config.Reference
	if ref == nil {
		return nil
	}
	a.allowed = nil
	for _, name := range ref.Allowed {
		target := s.object(name)
		if target == nil {
			return invalid("value_not_found", "Object with slug/ID %q not found.", name)
		}
		a.allowed = append(a.allowed, target)
	}
	return nil
}

func patchOption(s *store, c *call) error { return patchChoice(s, c, kindSelect) }
func patchStatus(s *store, c *call) error { return patchChoice(s, c, kindStatus) }

func patchChoice(s *store, c *call, k kind) error {
	a, err := s.choicesAt(c, k)
	if err != nil {
		return err
	}
	no, ok := a.titles[c.args[3]]
	if !ok {
		return a.noChoice(c.args[3])
	}
	data, err := c.data()
	if err != nil {
		return err
	}
	next := *a.choices[no]
	if err := next.read(data, k, false); err != nil {
		return err
	}
	return s.putChoiceReply(c, a, no, next)
}
