package sandbox

import (
	"cmp"
	"slices"

	"github.com/tidwall/gjson"
)

func (s *store) appendEntry(b []byte, t *table, r *record) []byte {
	b = append(b, `{"id":{`...)
	b = appendID(b, "workspace_id", s.id)
	b = appendID(b, "list_id", t.id)
	b = append(appendID(b, "entry_id", r.id), '}')
	b = appendID(b, "parent_record_id", t.parentOf(r))
	b = appendStringField(b, "parent_object", t.list.parent.slug)
	b = appendTimeField(b, "created_at", r.created)
	return append(s.appendValues(appendKey(b, "entry_values"), t, r), '}')
}

func (t *table) parentOf(entry *record) uuid {
	c := cursor{section(entry.row, t.names[parentSlug].no)}
	var v value
	c.value(kindReference, &v)
	return v.target()
}

// entriesOf are the entries of a list with the record as parent, in order of creation.
func (t *table) entriesOf(parent *record) []*record {
	list := t.names[parentSlug].index.find(nil, string(parent.id[:]))
	slices.SortFunc(list, func(a, b *record) int { return cmp.Compare(a.seq, b.seq) })
	return list
}

func parentStays() *Error {
	return invalid("immutable_value", "The parent record for a list entry cannot be updated once created.")
}

// newParent finds the record and the values that the body of a new entry names.
func (s *store) newParent(c *call, t *table) (parent *record, values gjson.Result, err error) {
	data, err := c.dataWith("parent_record_id", "parent_object")
	if err != nil {
		return nil, values, err
	}
	if values = data.Get("entry_values"); !values.IsObject() {
		return nil, values, badBody(wrongType("object", typeName(values), "data", "entry_values"))
	}
	name := data.Get("parent_record_id").Str
	id, ok := parseID(name)
	if !ok {
		return nil, values, badBody(issue{code: "invalid_string", path: []string{"data", "parent_record_id"}, message: "Invalid uuid"})
	}
	object := s.object(data.Get("parent_object").Str)
	if object != t.list.parent || object.byID[id] == nil {
		return nil, values, invalid("value_not_found", "Parent record with slug/ID %q not found.", name)
	}
	return object.byID[id], values, nil
}

func createEntry(s *store, c *call) error {
	t := s.listNamed(c.args[0])
	if t == nil {
		return notFound("Could not find list with slug/ID %q.", c.args[0])
	}
	parent, values, err := s.newParent(c, t)
	if err != nil {
		return err
	}
	return s.newEntry(c, t, parent, values)
}

// newEntry adds an entry; a parent may have many.
func (s *store) newEntry(c *call, t *table, parent *record, values gjson.Result) error {
	x := s.begin(c.token.actor)
	if err := x.read(t, values); err != nil {
		return err
	}
	r, err := x.createRead(t)
	if err != nil {
		return err
	}
	v := value{from: x.now, actor: x.actor}
	v.setTarget(t.list.parent, parent.id)
	x.write(t, r, t.names[parentSlug], []value{v})
	return s.finish(c, x, t, r)
}

// assertEntry updates the one entry of a parent, or makes it.
func assertEntry(s *store, c *call) error {
	t := s.listNamed(c.args[0])
	if t == nil {
		return notFound("List with slug/ID %q was not found.", c.args[0])
	}
	parent, values, err := s.newParent(c, t)
	if err != nil {
		return err
	}
	found := t.entriesOf(parent)
	if len(found) == 0 {
		return s.newEntry(c, t, parent, values)
	}
	if len(found) > 1 {
		return invalid("multiple_match_results", "Multiple entries were founds for the given parent record. "+
			"Please remove duplicates or use the update or create entry endpoints instead.")
	}
	x := s.begin(c.token.actor)
	if err := x.read(t, values); err != nil {
		return err
	}
	if err := x.update(t, found[0], overwriteAll); err != nil {
		return err
	}
	return s.finish(c, x, t, found[0])
}

func queryEntries(s *store, c *call) error {
	t, err := s.listOf(c.args[0])
	if err != nil {
		return err
	}
	return s.query(c, t)
}

// recordEntries lists the entries of a record in all lists.
func recordEntries(s *store, c *call) error {
	t, r, err := s.at(c)
	if err != nil {
		return err
	}
	limit, offset, err := c.paging(100, 1000)
	if err != nil {
		return err
	}
	type place struct {
		list  *table
		entry *record
	}
	var places []place
	for _, l := range s.tables {
		if l.list == nil || l.list.parent != t {
			continue
		}
		for _, entry := range l.entriesOf(r) {
			places = append(places, place{l, entry})
		}
	}
	return replyMany(c, page(places, offset, limit), func(b []byte, p place) []byte {
		b = appendID(append(b, '{'), "list_id", p.list.id)
		b = appendStringField(b, "list_api_slug", p.list.slug)
		b = appendID(b, "entry_id", p.entry.id)
		return append(appendTimeField(b, "created_at", p.entry.created), '}')
	})
}
