package sandbox

// Handlers for the records of objects; those that also serve the entries of lists are in at.go.

func (s *store) objectOf(name string) (*table, error) {
	t := s.object(name)
	if t == nil {
		return nil, notFound("Object with slug/ID %q not found.", name)
	}
	return t, nil
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
	return s.finish(c, x, t, r)
}

func assertRecord(s *store, c *call) error {
	t, err := s.objectOf(c.args[0])
	if err != nil {
		return err
	}
	match, err := t.matching(c.params.Get("matching_attribute"))
	if err != nil {
		return err
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
	return s.finish(c, x, t, r)
}

// matching finds the attribute by which an assert looks for the record.
func (t *table) matching(name string) (*attribute, error) {
	if name == "" {
		return nil, badQuery(wrongType("string", "undefined", "matching_attribute"))
	}
	match := t.attribute(name)
	if match == nil {
		return nil, invalid("value_not_found", "No attribute was found for matching_attribute slug/ID %q.", name)
	}
	if !match.unique {
		return nil, invalid("matching_attribute_definition_not_unique", "The matching attribute specified is not a unique attribute.")
	}
	return match, nil
}

func queryRecords(s *store, c *call) error {
	t := s.object(c.args[0])
	if t == nil {
		return notFound("The referenced object was not found.")
	}
	return s.query(c, t)
}
