package sandbox

import "slices"

// mergeRecords joins two records into a new one: the primary's values, those of the secondary where the primary has
// none, and both lists of multi-valued attributes. Known are the names in request and reply and that the id is new;
// the envelope, the rule for values and what becomes of references are inferred.
func mergeRecords(s *store, c *call) error {
	t, err := s.objectOf(c.args[0])
	if err != nil {
		return err
	}
	data, err := c.data()
	if err != nil {
		return err
	}
	primary, err := recordOf(t, data.Get("primary_record_id").String())
	if err != nil {
		return err
	}
	secondary, err := recordOf(t, data.Get("secondary_record_id").String())
	if err != nil {
		return err
	}
	if primary == secondary {
		return invalid("self_merge", "A record cannot be merged with itself.")
	}
	x := s.begin(c.token.actor)
	r, err := x.join(t, primary, secondary)
	if err != nil {
		return err
	}
	if err := x.commit(c.logged(r.id, "")); err != nil {
		return err
	}
	return replyOne(c, r.id, func(b []byte, id uuid) []byte { return append(appendID(append(b, '{'), "new_record_id", id), '}') })
}

func (x *tx) join(t *table, primary, secondary *record) (*record, error) {
	type merged struct {
		a    *attribute
		list []value
	}
	var all []merged
	for _, a := range t.attrs {
		if a.readOnly {
			continue
		}
		list := x.values(nil, primary, a)
		if a.multi || len(list) == 0 {
			list = append(list, x.values(nil, secondary, a)...)
		}
		list = slices.DeleteFunc(list, func(v value) bool { // they do not refer to themselves afterwards
			return a.kind == kindReference && (v.target() == primary.id || v.target() == secondary.id)
		})
		all = append(all, merged{a, list})
	}
	r := x.add(t, x.actor)
	x.repoint(t, primary, r)
	x.repoint(t, secondary, r)
	x.drop(t, primary)
	x.drop(t, secondary)
	for _, m := range all {
		if err := x.assign(t, r, m.a, m.list, false); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// repoint leads one-sided references and list entries from an old record to the new one.
func (x *tx) repoint(t *table, old, r *record) {
	for _, holder := range x.s.tables {
		for _, a := range holder.attrs {
			if a.kind != kindReference || a.inverse != nil || !a.allows(t) {
				continue
			}
			a.ensureIndex()
			for _, from := range slices.Clone(a.index.find(nil, string(old.id[:]))) {
				x.redirect(holder, from, a, t, old.id, r.id)
			}
		}
	}
}

func (x *tx) redirect(holder *table, from *record, a *attribute, t *table, old, id uuid) {
	list := x.values(nil, from, a)
	for i := range list {
		if list[i].table == t.no && list[i].target() == old {
			list[i].setTarget(t, id)
		}
	}
	x.write(holder, from, a, distinct(a.kind, list))
}
