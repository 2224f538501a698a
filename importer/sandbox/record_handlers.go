package sandbox

import (
	"github.com/tidwall/gjson"
)

func (s *store) objectOf(name string) (*table, error) {
	t := s.object(name)
	if t == nil {
		return nil, notFound("Object with slug/ID %q not found.", name)
	}
	return t, nil
}

func recordOf(t *table, id string) (*record, error) {
	u, ok := parseID(id)
	if r := t.byID[u]; ok && r != nil {
		return r, nil
	}
	return nil, notFound("Record with ID %q not found.", id)
}

// dataValues is the `values` object of a body.
func (c *call) dataValues(name string) (gjson.Result, error) {
	data, err := c.data()
	if err != nil {
		return data, err
	}
	values := data.Get(name)
	if !values.IsObject() {
		return values, badBody(wrongType("object", typeName(values), "data", name))
	}
	if problem := onlyKeys(data, name); problem != nil {
		problem.path = []string{"data"}
		return values, badBody(*problem)
	}
	return values, nil
}

func (c *call) data() (gjson.Result, error) {
	data := c.body.Get("data")
	if !data.IsObject() {
		return data, badBody(wrongType("object", typeName(data), "data"))
	}
	return data, nil
}

// logged is the line that the log of writes gets for the call.
func (c *call) logged(id uuid, keys string) logEntry {
	return logEntry{record: id, hasID: id != uuid{}, method: c.method, path: c.path, keys: keys}
}

// reply shows a record as the answer.
func (s *store) reply(c *call, t *table, r *record) error {
	c.table, c.shown = t, r
	c.out = append(c.out, `{"data":`...)
	c.out = s.appendRecord(c.out, t, r)
	c.out = append(c.out, '}')
	return nil
}

func createRecord(s *store, c *call) error {
	t, err := s.objectOf(c.args[0])
	if err != nil {
		return err
	}
	values, err := c.dataValues("values")
	if err != nil {
		return err
	}
	x := s.begin(c.token.actor)
	r, err := x.create(t, values)
	if err != nil {
		return err
	}
	if err := x.commit(c.logged(r.id, x.requestKeys())); err != nil {
		return err
	}
	return s.reply(c, t, r)
}

func assertRecord(s *store, c *call) error {
	t, err := s.objectOf(c.args[0])
	if err != nil {
		return err
	}
	name := c.params.Get("matching_attribute")
	if name == "" {
		return badQuery(wrongType("string", "undefined", "matching_attribute"))
	}
	match := t.attribute(name)
	if match == nil {
		return invalid("value_not_found", "No attribute was found for matching_attribute slug/ID %q.", name)
	}
	if !match.unique {
		return invalid("matching_attribute_definition_not_unique", "The matching attribute specified is not a unique attribute.")
	}
	values, err := c.dataValues("values")
	if err != nil {
		return err
	}
	x := s.begin(c.token.actor)
	r, err := x.assert(t, match, values)
	if err != nil {
		return err
	}
	if err := x.commit(c.logged(r.id, x.requestKeys())); err != nil {
		return err
	}
	return s.reply(c, t, r)
}

func appendToRecord(s *store, c *call) error  { return updateRecord(s, c, appendAll) }
func overwriteRecord(s *store, c *call) error { return updateRecord(s, c, overwriteAll) }

func updateRecord(s *store, c *call, add func(*attribute) bool) error {
	t, r, err := s.recordAt(c)
	if err != nil {
		return err
	}
	values, err := c.dataValues("values")
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
	if err := x.commit(c.logged(r.id, x.requestKeys())); err != nil {
		return err
	}
	return s.reply(c, t, r)
}

func (s *store) recordAt(c *call) (*table, *record, error) {
	t, err := s.objectOf(c.args[0])
	if err != nil {
		return nil, nil, err
	}
	r, err := recordOf(t, c.args[1])
	return t, r, err
}

func getRecord(s *store, c *call) error {
	t, r, err := s.recordAt(c)
	if err != nil {
		return err
	}
	return s.reply(c, t, r)
}

func deleteRecord(s *store, c *call) error {
	t, r, err := s.recordAt(c)
	if err != nil {
		return err
	}
	x := s.begin(c.token.actor)
	x.drop(t, r)
	if err := x.commit(c.logged(r.id, "")); err != nil {
		return err
	}
	c.out = append(c.out, "{}"...)
	return nil
}

func queryRecords(s *store, c *call) error {
	t, err := s.objectOf(c.args[0])
	if err != nil {
		return err
	}
	found, err := s.query(c, t)
	if err != nil {
		return err
	}
	c.out = append(c.out, `{"data":[`...)
	for i, r := range found {
		if i > 0 {
			c.out = append(c.out, ',')
		}
		c.out = s.appendRecord(c.out, t, r)
	}
	c.out = append(c.out, "]}"...)
	return nil
}

// query runs the body's query, inside the limit on scores.
func (s *store) query(c *call, t *table) ([]*record, error) {
	if problem := onlyKeys(c.body, "filter", "filter_view_id", "sorts", "limit", "offset"); problem != nil {
		return nil, badBody(*problem)
	}
	if c.body.Get("filter_view_id").Exists() { // there are no saved views here
		return nil, badBody(invalidInput("Invalid input", "filter_view_id"))
	}
	q, err := s.parseQuery(t, c.body)
	if err != nil {
		return nil, err
	}
	c.table = t
	c.score, c.scored = q.score(), true
	if missing := q.lacking(); len(missing) > 0 {
		return nil, needIndex(missing)
	}
	if err := c.charge(c.score); err != nil {
		return nil, err
	}
	return q.run(s), nil
}

// needIndex asks for indexes to be made, under the lock for writing, before the call is served again.
type needIndex []*attribute

func (needIndex) Error() string { return "index missing" }
