package sandbox

import (
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

func createObject(s *store, c *call) error {
	data, err := c.dataWith("api_slug", "singular_noun", "plural_noun")
	if err != nil {
		return err
	}
	slug, singular, plural := data.Get("api_slug").Str, data.Get("singular_noun").Str, data.Get("plural_noun").Str
	if s.objects[slug] != nil || s.nounTaken(singular, plural) {
		return conflict("Failed to create object. Please ensure your api_slug and names are unique.")
	}
	if err := s.saveLogged(c.logged(uuid{}, ""), s.newObject(slug, singular, plural)...); err != nil {
		return err
	}
	return replyOne(c, s.objects[slug], s.appendObject)
}

func (s *store) nounTaken(singular, plural string) bool {
	return slices.ContainsFunc(s.tables, func(t *table) bool {
		return t.list == nil && (strings.EqualFold(t.singular, singular) || strings.EqualFold(t.plural, plural))
	})
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
	if err := next.readNames(data); err != nil {
		return err
	}
	if !data.Get("api_slug").Exists() && !data.Get("singular_noun").Exists() && !data.Get("plural_noun").Exists() {
		return invalid("validation_type", "You passed an empty payload. Please ensure you are updating at least one property in your request.")
	}
	if other := s.objects[next.slug]; other != nil && other != t {
		return conflict("Failed to update object. Please ensure api_slug is unique.")
	}
	if err := s.saveLogged(c.logged(uuid{}, ""), next.entity()); err != nil {
		return err
	}
	return replyOne(c, t, s.appendObject)
}

// readNames takes over what the body gives.
func (t *table) readNames(data gjson.Result) error {
	if err := takeText(data, "api_slug", &t.slug); err != nil {
		return err
	}
	if err := takeText(data, "singular_noun", &t.singular); err != nil {
		return err
	}
	return takeText(data, "plural_noun", &t.plural)
}
