package sandbox

import (
	"encoding/json"
	"slices"

	"github.com/tidwall/gjson"
)

// list is what a list has beside its table of entries.
type list struct {
	name   string
	parent *table
	access string // workspace_access; "" is null
	grants []grant
	by     int // actor
}

// grant gives one member access to a list.
type grant struct {
	Member uuid   `json:"workspace_member_id"`
	Level  string `json:"level"`
}

const (
	entrySlug  = "entry_id"
	parentSlug = "parent_record"

	// entryAttributes are those that every list has (inferred from paths in filters and from the attributes of objects).
	entryAttributes = `
entry_id|Entry ID|text|u-
parent_record|Parent Record|record-reference|-
created_at|Created at|timestamp|-
created_by|Created by|actor-reference|-`
)

// listNamed finds a list by slug or id; the lists of an object that is not enabled are not there.
func (s *store) listNamed(name string) *table {
	t := s.lists[name]
	if t == nil || t.list.parent.disabled {
		return nil
	}
	return t
}

func (s *store) listOf(name string) (*table, error) {
	t := s.listNamed(name)
	if t == nil {
		return nil, notFound("List with slug/ID %q not found.", name)
	}
	return t, nil
}

func listLists(s *store, c *call) error {
	var found []*table
	for _, t := range s.tables {
		if t.list != nil && !t.list.parent.disabled {
			found = append(found, t)
		}
	}
	return replyMany(c, found, s.appendListInfo)
}

func getList(s *store, c *call) error {
	t, err := s.listOf(c.args[0])
	if err != nil {
		return err
	}
	return replyOne(c, t, s.appendListInfo)
}

func (s *store) appendListInfo(b []byte, t *table) []byte {
	b = append(b, `{"id":{`...)
	b = appendID(b, "workspace_id", s.id)
	b = append(appendID(b, "list_id", t.id), '}')
	b = appendStringField(b, "api_slug", t.slug)
	b = appendTimeField(b, "created_at", t.created)
	b = appendStringField(b, "name", t.list.name)
	b = appendNullable(b, "workspace_access", t.list.access)
	b = appendEach(appendKey(b, "workspace_member_access"), t.list.grants, func(b []byte, g grant) []byte {
		b = appendID(append(b, '{'), "workspace_member_id", g.Member)
		return append(appendStringField(b, "level", g.Level), '}')
	})
	b = appendStrings(appendKey(b, "parent_object"), []string{t.list.parent.slug})
	return append(s.appendActor(appendKey(b, "created_by_actor"), t.list.by), '}')
}

func createList(s *store, c *call) error {
	data, err := c.dataWith("name", "api_slug", "parent_object")
	if err != nil {
		return err
	}
	for _, key := range []string{"workspace_access", "workspace_member_access"} {
		if !data.Get(key).Exists() {
			return badBody(wrongType("string", "undefined", "data", key))
		}
	}
	parent := s.object(data.Get("parent_object").Str)
	if parent == nil {
		return notFound("Parent object with slug/ID %q not found.", data.Get("parent_object").Str)
	}
	t := &table{no: len(s.tables), id: newID(), created: s.now(), names: map[string]*attribute{},
		list: &list{parent: parent, by: c.token.actor}}
	if err := s.readListInfo(t, data); err != nil {
		return err
	}
	s.defineAttributes(t, entryAttributes)
	t.names[parentSlug].allowed = []*table{parent}
	entities := []entity{t.entity()}
	for _, a := range t.attrs {
		entities = append(entities, a.entity())
	}
	if err := s.saveLogged(c.logged(uuid{}, ""), entities...); err != nil {
		return err
	}
	return replyOne(c, s.tables[t.no], s.appendListInfo)
}

func patchList(s *store, c *call) error {
	t, err := s.listOf(c.args[0])
	if err != nil {
		return err
	}
	data, err := c.data()
	if err != nil {
		return err
	}
	next := *t
	info := *t.list
	next.list = &info
	if err := s.readListInfo(&next, data); err != nil {
		return err
	}
	if err := s.saveLogged(c.logged(uuid{}, ""), next.entity()); err != nil {
		return err
	}
	return replyOne(c, t, s.appendListInfo)
}

// readListInfo takes over what the body gives and checks that somebody has full access.
func (s *store) readListInfo(t *table, data gjson.Result) error {
	if err := takeText(data, "name", &t.list.name); err != nil {
		return err
	}
	if err := takeText(data, "api_slug", &t.slug); err != nil {
		return err
	}
	if other := s.lists[t.slug]; other != nil && other.no != t.no {
		return conflict("A list with api_slug %q already exists.", t.slug)
	}
	if v := data.Get("workspace_access"); v.Exists() {
		if v.Type != gjson.Null && !isLevel(v.Str) {
			return badBody(invalidInput("Invalid input", "data", "workspace_access"))
		}
		t.list.access = v.Str
	}
	if v := data.Get("workspace_member_access"); v.Exists() {
		if err := s.readGrants(t.list, v); err != nil {
			return err
		}
	}
	full := func(g grant) bool { return g.Level == "full-access" }
	if t.list.access != "full-access" && !slices.ContainsFunc(t.list.grants, full) {
		return badBody(invalidInput("Somebody must have full access to a list", "data", "workspace_access")) // text inferred
	}
	return nil
}

func isLevel(s string) bool {
	return s == "full-access" || s == "read-and-write" || s == "read-only"
}

func (s *store) readGrants(l *list, v gjson.Result) error {
	var grants []grant
	if err := json.Unmarshal([]byte(v.Raw), &grants); err != nil {
		return badBody(invalidInput("Invalid input", "data", "workspace_member_access"))
	}
	for _, g := range grants {
		if !isLevel(g.Level) {
			return badBody(invalidInput("Invalid input", "data", "workspace_member_access"))
		}
		if s.memberByID(g.Member) == nil {
			return invalid("value_not_found", "Workspace member with ID %q not found.", g.Member.String())
		}
	}
	l.grants = grants
	return nil
}
