package sandbox

import (
	"cmp"
	"slices"

	"github.com/tidwall/gjson"
)

// entryAt finds the list and the entry of a path. The text for an entry that is not there is inferred.
func (s *store) entryAt(c *call) (*table, *record, error) {
	t, err := s.listOf(c.args[0])
	if err != nil {
		return nil, nil, err
	}
	id, ok := parseID(c.args[1])
	if r := t.byID[id]; ok && r != nil {
		return t, r, nil
	}
	return nil, nil, notFound("List entry with ID %q not found.", c.args[1])
}

func (s *store) replyEntry(c *call, t *table, r *record) error {
	c.out = append(s.appendEntry(append(c.out, `{"data":`...), t, r), '}')
	return nil
}

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

// parentIn finds the record that the body of a new entry names.
func (s *store) parentIn(t *table, data gjson.Result) (*record, error) {
	for _, key := range []string{"parent_record_id", "parent_object"} {
		if v := data.Get(key); v.Type != gjson.String {
			return nil, badBody(wrongType("string", typeName(v), "data", key))
		}
	}
	if v := data.Get("entry_values"); !v.IsObject() {
		return nil, badBody(wrongType("object", typeName(v), "data", "entry_values"))
	}
	object := s.object(data.Get("parent_object").Str)
	id, ok := parseID(data.Get("parent_record_id").Str)
	if !ok {
		return nil, badBody(issue{code: "invalid_string", path: []string{"data", "parent_record_id"}, message: "Invalid uuid"})
	}
	if object != t.list.parent || object.byID[id] == nil {
		return nil, invalid("value_not_found", "Parent record with slug/ID %q not found.", data.Get("parent_record_id").Str)
	}
	return object.byID[id], nil
}

func createEntry(s *store, c *call) error {
	t := s.listNamed(c.args[0])
	if t == nil {
		return notFound("Could not find list with slug/ID %q.", c.args[0])
	}
	data, err := c.data()
	if err != nil {
		return err
	}
	parent, err := s.parentIn(t, data)
	if err != nil {
		return err
	}
	return s.newEntry(c, t, parent, data.Get("entry_values"))
}

// newEntry adds an entry; a parent may have many.
func (s *store) newEntry(c *call, t *table, parent *record, values gjson.Result) error {
	x := s.begin(c.token.actor)
	if err := x.read(t, values); err != nil {
		return err
	}
	if err := x.fillDefaults(t); err != nil {
		return err
	}
	r := x.add(t, x.actor)
	v := value{from: x.now, actor: x.actor}
	v.setTarget(t.list.parent, parent.id)
	x.write(t, r, t.names[parentSlug], []value{v})
	if err := x.assignAll(t, r, overwriteAll); err != nil {
		return err
	}
	if err := x.commit(c.logged(r.id, x.requestKeys())); err != nil {
		return err
	}
	return s.replyEntry(c, t, r)
}

// assertEntry updates the one entry of a parent, or makes it.
func assertEntry(s *store, c *call) error {
	t := s.listNamed(c.args[0])
	if t == nil {
		return notFound("List with slug/ID %q was not found.", c.args[0])
	}
	data, err := c.data()
	if err != nil {
		return err
	}
	parent, err := s.parentIn(t, data)
	if err != nil {
		return err
	}
	found := t.names[parentSlug].index.find(nil, string(parent.id[:]))
	switch len(found) {
	case 0:
		return s.newEntry(c, t, parent, data.Get("entry_values"))
	case 1:
		return s.changeEntry(c, t, found[0], data.Get("entry_values"), overwriteAll)
	}
	return invalid("multiple_match_results", "Multiple entries were founds for the given parent record. "+
		"Please remove duplicates or use the update or create entry endpoints instead.")
}

func appendToEntry(s *store, c *call) error  { return updateEntry(s, c, appendAll) }
func overwriteEntry(s *store, c *call) error { return updateEntry(s, c, overwriteAll) }

func updateEntry(s *store, c *call, add func(*attribute) bool) error {
	t, r, err := s.entryAt(c)
	if err != nil {
		return err
	}
	if data, err := c.data(); err != nil {
		return err
	} else if data.Get("parent_record_id").Exists() || data.Get("entry_values."+parentSlug).Exists() {
		return invalid("immutable_value", "The parent record for a list entry cannot be updated once created.")
	}
	values, err := c.dataValues("entry_values")
	if err != nil {
		return err
	}
	return s.changeEntry(c, t, r, values, add)
}

func (s *store) changeEntry(c *call, t *table, r *record, values gjson.Result, add func(*attribute) bool) error {
	x := s.begin(c.token.actor)
	if err := x.read(t, values); err != nil {
		return err
	}
	if err := x.update(t, r, add); err != nil {
		return err
	}
	if err := x.commit(c.logged(r.id, x.requestKeys())); err != nil {
		return err
	}
	return s.replyEntry(c, t, r)
}

func getEntry(s *store, c *call) error {
	t, r, err := s.entryAt(c)
	if err != nil {
		return err
	}
	return s.replyEntry(c, t, r)
}

func deleteEntry(s *store, c *call) error {
	t, r, err := s.entryAt(c)
	if err != nil {
		return err
	}
	x := s.begin(c.token.actor)
	x.touch(t, r).op = opRemove
	if err := x.commit(c.logged(r.id, "")); err != nil {
		return err
	}
	c.out = append(c.out, "{}"...)
	return nil
}

func queryEntries(s *store, c *call) error {
	t, err := s.listOf(c.args[0])
	if err != nil {
		return err
	}
	found, err := s.query(c, t)
	if err != nil {
		return err
	}
	c.out = appendList(c.out, found, func(b []byte, r *record) []byte { return s.appendEntry(b, t, r) })
	return nil
}

// recordEntries lists the entries of a record in all lists.
func recordEntries(s *store, c *call) error {
	t, r, err := s.recordAt(c)
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
		entries := l.names[parentSlug].index.find(nil, string(r.id[:]))
		slices.SortFunc(entries, func(a, b *record) int { return cmp.Compare(a.seq, b.seq) })
		for _, entry := range entries {
			places = append(places, place{l, entry})
		}
	}
	c.out = appendList(c.out, page(places, offset, limit), func(b []byte, p place) []byte {
		b = appendID(append(b, '{'), "list_id", p.list.id)
		b = appendStringField(b, "list_api_slug", p.list.slug)
		b = appendID(b, "entry_id", p.entry.id)
		return append(appendTimeField(b, "created_at", p.entry.created), '}')
	})
	return nil
}
