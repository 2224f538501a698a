package sandbox

import (
	"strconv"

	"github.com/tidwall/gjson"
)

func listObjects(s *store, c *call) error {
	var list []*table
	for _, t := range s.tables {
		if t.list == nil && !t.disabled {
			list = append(list, t)
		}
	}
	return replyMany(c, list, s.appendObject)
}

func getObject(s *store, c *call) error {
	t, err := s.objectOf(c.args[0])
	if err != nil {
		return err
	}
	return replyOne(c, t, s.appendObject)
}

func (s *store) appendObject(b []byte, t *table) []byte {
	b = append(b, `{"id":{`...)
	b = appendID(b, "workspace_id", s.id)
	b = append(appendID(b, "object_id", t.id), '}')
	b = appendStringField(b, "api_slug", t.slug)
	b = appendStringField(b, "singular_noun", t.singular)
	b = appendStringField(b, "plural_noun", t.plural)
	return append(appendTimeField(b, "created_at", t.created), '}')
}

func (s *store) attributeAt(c *call) (*attribute, error) {
	t, err := s.tableOf(c.args[0], c.args[1])
	if err != nil {
		return nil, err
	}
	a := t.names[c.args[2]] // archived ones can be looked at
	if a == nil || a.hidden() {
		return nil, notFound("Attribute with slug/ID %q not found.", c.args[2])
	}
	return a, nil
}

func listAttributes(s *store, c *call) error {
	t, err := s.tableOf(c.args[0], c.args[1])
	if err != nil {
		return err
	}
	limit, offset, err := c.paging(defaultLimit, 0)
	if err != nil {
		return err
	}
	archived := c.params.Get("show_archived") == "true"
	var list []*attribute
	for _, a := range t.attrs {
		if !a.hidden() && (archived || !a.archived) {
			list = append(list, a)
		}
	}
	return replyMany(c, page(list, offset, limit), s.appendAttribute)
}

func getAttribute(s *store, c *call) error {
	a, err := s.attributeAt(c)
	if err != nil {
		return err
	}
	return replyOne(c, a, s.appendAttribute)
}

// appendAttribute has the members in the order of the recorded workspace.
func (s *store) appendAttribute(b []byte, a *attribute) []byte {
	b = append(b, `{"id":`...)
	b = s.appendAttributeID(b, a)
	b = appendStringField(b, "title", a.title)
	if b = appendKey(b, "description"); a.about == nil {
		b = append(b, "null"...)
	} else {
		b = appendString(b, *a.about)
	}
	b = appendStringField(b, "api_slug", a.slug)
	b = appendStringField(b, "type", a.kind.String())
	b = appendBoolField(b, "is_system_attribute", a.system)
	b = appendBoolField(b, "is_writable", !a.readOnly)
	b = appendBoolField(b, "is_required", a.required)
	b = appendBoolField(b, "is_unique", a.unique)
	b = appendBoolField(b, "is_multiselect", a.multi)
	b = appendBoolField(b, "is_default_value_enabled", a.fallback != nil)
	b = appendBoolField(b, "is_archived", a.archived)
	if b = appendKey(b, "default_value"); a.fallback == nil {
		b = append(b, "null"...)
	} else {
		b = s.appendDefault(b, a)
	}
	b = s.appendRelationship(appendKey(b, "relationship"), a.inverse)
	b = appendTimeField(b, "created_at", a.created)
	return append(a.appendConfig(appendKey(b, "config")), '}')
}

// appendDefault shows the values of a static default as they are read, not as they were written.
func (s *store) appendDefault(b []byte, a *attribute) []byte {
	dynamic := gjson.GetBytes(a.fallback, "type").Str == defaultDynamic
	x := tx{s: s}
	if dynamic || a.kind == kindReference || x.readDefault(a) != nil { // a look-up may need the other lock
		return append(b, a.fallback...)
	}
	p := printer{s: s}
	b = append(b, `{"type":"static","template":`...)
	b = appendEach(b, x.given, func(b []byte, v value) []byte {
		b = p.appendPayload(append(b, '{'), a, &v)
		return append(appendStringField(b, "attribute_type", a.kind.String()), '}')
	})
	return append(b, '}')
}

func (s *store) appendRelationship(b []byte, other *attribute) []byte {
	if other == nil {
		return append(b, "null"...)
	}
	b = s.appendAttributeID(append(b, `{"id":`...), other)
	b = appendStringField(b, "object_slug", other.table.slug)
	b = appendStringField(b, "api_slug", other.slug)
	b = appendBoolField(b, "is_multiselect", other.multi)
	return append(appendStringField(b, "title", other.title), '}')
}

// appendConfig always has both blocks, with nulls where they do not apply (live).
func (a *attribute) appendConfig(b []byte) []byte {
	b = append(b, `{"currency":{`...)
	b = appendNullable(b, "default_currency_code", a.currency)
	b = appendNullable(b, "display_type", a.display)
	b = append(b, `},"record_reference":{"allowed_object_ids":`...)
	if len(a.allowed) == 0 {
		return append(b, "null}}"...)
	}
	b = appendEach(b, a.allowed, func(b []byte, t *table) []byte { return append(t.id.appendTo(append(b, '"')), '"') })
	return append(b, "}}"...)
}

// paging reads limit and offset of the query string.
func (c *call) paging(fallback, most int) (limit, offset int, err error) {
	if limit, err = c.intParam("limit", fallback); err != nil {
		return 0, 0, err
	}
	if most > 0 && limit > most {
		return 0, 0, badQuery(issue{code: "too_big", path: []string{"limit"}, message: "Number must be less than or equal to " + strconv.Itoa(most)})
	}
	offset, err = c.intParam("offset", 0)
	return limit, offset, err
}

func (c *call) intParam(name string, fallback int) (int, error) {
	s := c.params.Get(name)
	if s == "" {
		return fallback, nil
	}
	n, err := strconv.ParseUint(s, 10, 31)
	if err != nil {
		return 0, badQuery(issue{code: "invalid_type", path: []string{name}, message: "Expected number, received nan",
			expected: "number", received: "nan"})
	}
	return int(n), nil
}
