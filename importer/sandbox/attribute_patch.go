package sandbox

import (
	"encoding/json"

	"github.com/tidwall/gjson"
)

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
	if err := onlyMembers(data, "title", "description", "api_slug", "is_required", "is_unique", "default_value", "config", "is_archived"); err != nil {
		return err
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
	return replyOne(c, a, s.appendAttribute)
}

func (s *store) readAttributePatch(a *attribute, data gjson.Result) error {
	var spec attributeSpec
	if err := json.Unmarshal([]byte(data.Raw), &spec); err != nil {
		return badBody(invalidInput("Invalid input", "data"))
	}
	given := func(key string) bool { return data.Get(key).Exists() }
	if err := takeText(data, "title", &a.title); err != nil {
		return err
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
	if err := takeBool(data, "is_archived", &a.archived); err != nil {
		return err
	}
	if given("default_value") {
		if a.fallback = nil; data.Get("default_value").Type != gjson.Null {
			a.fallback = spec.Default
		}
		if err := s.checkDefault(a); err != nil {
			return err
		}
	}
	if given("is_unique") { // values that repeat already may stay (OpenAPI)
		if a.unique = spec.Unique; a.unique && !a.mayBeUnique() {
			return notUnique()
		}
	}
	return s.readConfig(a, data.Get("config"))
}
