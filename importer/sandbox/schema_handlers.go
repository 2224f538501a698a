package sandbox

import (
	"slices"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

// appendList appends {"data":[...]} with what each yields.
func appendList[T any](b []byte, list []T, each func([]byte, T) []byte) []byte {
	b = append(b, `{"data":[`...)
	for i, one := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = each(b, one)
	}
	return append(b, "]}"...)
}

func listObjects(s *store, c *call) error {
	var list []*table
	for _, t := range s.tables {
		if t.list == nil && !t.disabled {
			list = append(list, t)
		}
	}
	c.out = appendList(c.out, list, s.appendObject)
	return nil
}

func getObject(s *store, c *call) error {
	t, err := s.objectOf(c.args[0])
	if err != nil {
		return err
	}
	c.out = append(s.appendObject(append(c.out, `{"data":`...), t), '}')
	return nil
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

// holder finds the object or list of the endpoints that serve both.
func (s *store) holder(target, name string) (*table, error) {
	if target == "lists" {
		return s.listOf(name)
	}
	return s.objectOf(name)
}

func (s *store) attributeAt(c *call) (*attribute, error) {
	t, err := s.holder(c.args[0], c.args[1])
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
	t, err := s.holder(c.args[0], c.args[1])
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
	c.out = appendList(c.out, page(list, offset, limit), s.appendAttribute)
	return nil
}

func getAttribute(s *store, c *call) error {
	a, err := s.attributeAt(c)
	if err != nil {
		return err
	}
	c.out = append(s.appendAttribute(append(c.out, `{"data":`...), a), '}')
	return nil
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
	x := tx{s: s}
	if a.kind == kindReference || x.readDefault(a) != nil || len(x.given) == 0 { // a look-up may need the other lock
		return append(b, a.fallback...)
	}
	p := printer{s: s}
	b = append(b, `{"type":"static","template":[`...)
	for i := range x.given {
		if i > 0 {
			b = append(b, ',')
		}
		b = p.appendPayload(append(b, '{'), a, &x.given[i])
		b = append(appendStringField(b, "attribute_type", a.kind.String()), '}')
	}
	return append(b, "]}"...)
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
	b = append(b, '[')
	for i, t := range a.allowed {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(t.id.appendTo(append(b, '"')), '"')
	}
	return append(b, "]}}"...)
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

// choicesAt finds the attribute and refuses one of another type.
func (s *store) choicesAt(c *call, k kind) (*attribute, error) {
	a, err := s.attributeAt(c)
	if err != nil {
		return nil, err
	}
	if a.kind != k {
		return nil, invalid("validation_type", "This attribute is not a %s attribute.", k)
	}
	return a, nil
}

func listOptions(s *store, c *call) error  { return listChoices(s, c, kindSelect) }
func listStatuses(s *store, c *call) error { return listChoices(s, c, kindStatus) }

func listChoices(s *store, c *call, k kind) error {
	a, err := s.choicesAt(c, k)
	if err != nil {
		return err
	}
	list := a.choices
	if c.params.Get("show_archived") != "true" {
		list = slices.DeleteFunc(slices.Clone(list), func(o *choice) bool { return o.archived })
	}
	c.out = appendList(c.out, list, func(b []byte, o *choice) []byte { return s.appendChoice(b, a, o) })
	return nil
}

func createOption(s *store, c *call) error { return createChoice(s, c, kindSelect) }
func createStatus(s *store, c *call) error { return createChoice(s, c, kindStatus) }

func createChoice(s *store, c *call, k kind) error {
	a, err := s.choicesAt(c, k)
	if err != nil {
		return err
	}
	data, err := c.data()
	if err != nil {
		return err
	}
	o := choice{id: newID()}
	if err := o.read(data, k, true); err != nil {
		return err
	}
	return s.putChoiceReply(c, a, len(a.choices), o)
}

// read takes over what the body gives.
func (o *choice) read(data gjson.Result, k kind, create bool) error {
	if t := data.Get("title"); t.Exists() || create {
		if t.Type != gjson.String {
			return badBody(wrongType("string", typeName(t), "data", "title"))
		}
		if t.Str == "" {
			return badBody(issue{code: "too_small", path: []string{"data", "title"}, message: "String must contain at least 1 character(s)"})
		}
		o.title = t.Str
	}
	if v := data.Get("is_archived"); v.Exists() && !create {
		o.archived = v.Bool()
	}
	if k == kindStatus {
		if v := data.Get("celebration_enabled"); v.Exists() {
			o.celebrate = v.Bool()
		}
		if v := data.Get("target_time_in_status"); v.Exists() {
			o.target = v.Str
		}
	}
	return nil
}

// putChoiceReply saves an option or status and shows it; a title can be there once.
func (s *store) putChoiceReply(c *call, a *attribute, no int, o choice) error {
	if other, taken := a.titles[o.title]; taken && other != no {
		if a.kind == kindStatus {
			return conflict("There is already another status with the title %q.", o.title)
		}
		return conflict("There is already another select option with the title %q.", o.title)
	}
	if err := s.saveLogged(c.logged(uuid{}, ""), a.choiceEntity(no, o)); err != nil {
		return err
	}
	c.out = append(s.appendChoice(append(c.out, `{"data":`...), a, a.choices[no]), '}')
	return nil
}

func listMembers(s *store, c *call) error {
	c.out = appendList(c.out, s.members, s.appendMember)
	return nil
}

func getMember(s *store, c *call) error {
	id, _ := parseID(c.args[0])
	m := s.memberByID(id)
	if m == nil {
		return notFound("Workspace member with ID %q not found.", c.args[0])
	}
	c.out = append(s.appendMember(append(c.out, `{"data":`...), m), '}')
	return nil
}

func (s *store) appendMember(b []byte, m *member) []byte {
	b = append(b, `{"id":{`...)
	b = appendID(b, "workspace_id", s.id)
	b = append(appendID(b, "workspace_member_id", m.ID), '}')
	b = appendStringField(b, "first_name", m.First)
	b = appendStringField(b, "last_name", m.Last)
	b = appendNullable(b, "avatar_url", m.Avatar)
	b = appendStringField(b, "email_address", m.Email)
	b = appendStringField(b, "access_level", m.Level)
	return append(appendTimeField(b, "created_at", m.Created), '}')
}

// allScopes are the areas of a token that may do everything.
func allScopes() []string {
	areas := strings.Fields("call_recording comment file list_configuration list_entry meeting note object_configuration " +
		"private_collection public_collection record_permission scim_management task user_management webhook")
	for i := range areas {
		areas[i] += ":read-write"
	}
	return areas
}
