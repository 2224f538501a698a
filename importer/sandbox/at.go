package sandbox

// Handlers that serve the records of objects and the entries of lists alike.

// at finds what a path names: a record by its object, or an entry by its list.
func (s *store) at(c *call) (*table, *record, error) {
	t, err := s.tableOf(c.route.parts[1], c.args[0])
	if err != nil {
		return nil, nil, err
	}
	r, err := recordOf(t, c.args[1])
	return t, r, err
}

// tableOf finds an object or a list by slug or id.
func (s *store) tableOf(target, name string) (*table, error) {
	if target == "lists" {
		return s.listOf(name)
	}
	return s.objectOf(name)
}

// recordOf finds a record or an entry. The text for an entry that is not there is inferred.
func recordOf(t *table, id string) (*record, error) {
	u, ok := parseID(id)
	if r := t.byID[u]; ok && r != nil {
		return r, nil
	}
	if t.list != nil {
		return nil, notFound("List entry with ID %q not found.", id)
	}
	return nil, notFound("Record with ID %q not found.", id)
}

// valuesKey is the member that has the values in requests and replies.
func (t *table) valuesKey() string {
	if t.list != nil {
		return "entry_values"
	}
	return "values"
}

// show appends a record or an entry.
func (s *store) show(b []byte, t *table, r *record) []byte {
	if t.list != nil {
		return s.appendEntry(b, t, r)
	}
	return s.appendRecord(b, t, r)
}

// reply shows a record as the answer.
func (s *store) reply(c *call, t *table, r *record) error {
	c.shown = r
	c.out = append(s.show(append(c.out, `{"data":`...), t, r), '}')
	return nil
}

// finish commits what x has collected and shows the record that it was about.
func (s *store) finish(c *call, x *tx, t *table, r *record) error {
	if err := x.commit(c.logged(r.id, x.requestKeys())); err != nil {
		return err
	}
	return s.reply(c, t, r)
}

// logged is the line that the log of writes gets for the call.
func (c *call) logged(id uuid, keys string) logEntry {
	return logEntry{record: id, hasID: id != uuid{}, method: c.method, path: c.path, keys: keys}
}

func getAt(s *store, c *call) error {
	t, r, err := s.at(c)
	if err != nil {
		return err
	}
	return s.reply(c, t, r)
}

func deleteAt(s *store, c *call) error {
	t, r, err := s.at(c)
	if err != nil {
		return err
	}
	x := s.begin(c.token.actor)
	x.drop(t, r)
	if err := x.commit(c.logged(r.id, "")); err != nil {
		return err
	}
	return replyNothing(c)
}

func appendAt(s *store, c *call) error    { return s.updateAt(c, appendAll) }
func overwriteAt(s *store, c *call) error { return s.updateAt(c, overwriteAll) }

func (s *store) updateAt(c *call, add func(*attribute) bool) error {
	t, r, err := s.at(c)
	if err != nil {
		return err
	}
	if data := c.body.Get("data"); t.list != nil && (data.Get("parent_record_id").Exists() || data.Get("parent_object").Exists()) {
		return parentStays()
	}
	values, err := c.dataValues(t.valuesKey())
	if err != nil {
		return err
	}
	x := s.begin(c.token.actor)
	if err := x.read(t, values); err != nil {
		return err
	}
	if err := x.update(t, r, add); err != nil {
		return err
	}
	return s.finish(c, x, t, r)
}

// query answers with the records or entries that the body's query finds, inside the limit on scores.
func (s *store) query(c *call, t *table) error {
	if c.body.Get("filter_view_id").Exists() { // there are no saved views here
		return badBody(invalidInput("Invalid input", "filter_view_id"))
	}
	q, err := s.parseQuery(t, c.body)
	if err != nil {
		return err
	}
	c.score, c.scored = q.score(), true
	if missing := q.lacking(); len(missing) > 0 {
		return needIndex(missing)
	}
	if err := c.charge(c.score); err != nil {
		return err
	}
	return replyMany(c, q.run(s), func(b []byte, r *record) []byte { return s.show(b, t, r) })
}

// needIndex asks for indexes to be made, under the lock for writing, before the call is served again.
type needIndex []*attribute

func (needIndex) Error() string { return "index missing" }
