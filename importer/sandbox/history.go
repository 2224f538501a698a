package sandbox

import (
	"cmp"
	"slices"
	"strings"
)

// valuesAt lists an attribute's values: the active ones, or with show_historic also those that have ended, oldest first.
func valuesAt(s *store, c *call) error {
	t, r, err := s.at(c)
	if err != nil {
		return err
	}
	a := t.attribute(c.args[2])
	if a == nil {
		return notFound("Attribute with slug/ID %q not found.", c.args[2])
	}
	limit, offset, err := c.paging(1<<30, 0)
	if err != nil {
		return err
	}
	historic := c.params.Get("show_historic") == "true"
	if historic && a.watched() {
		return invalid("validation_type", "Cannot set show_historic param to true when querying a COMINT attribute.")
	}
	list := s.valuesOf(r, a)
	if historic {
		list = append(r.ended(t, a), list...)
		slices.SortStableFunc(list, func(x, y value) int { return cmp.Compare(x.from, y.from) })
	}
	p := printer{s: s}
	return replyMany(c, page(list, offset, limit), func(b []byte, v value) []byte { return p.appendValue(b, a, &v) })
}

// watched attributes are filled from the members' mail and calendars ("COMINT").
func (a *attribute) watched() bool {
	return a.system && (a.kind == kindInteraction || strings.HasPrefix(a.slug, "strongest_connection"))
}

// valuesOf are the active values as they are shown.
func (s *store) valuesOf(r *record, a *attribute) []value {
	if v, ok := a.systemValue(r); ok {
		return []value{v}
	}
	list := unpack(nil, a.kind, section(r.row, a.no))
	return slices.DeleteFunc(list, func(v value) bool { return s.dangling(a, &v) })
}

// ended are the values of an attribute that have ended.
func (r *record) ended(t *table, a *attribute) []value {
	var list []value
	c := cursor{r.past}
	for !c.done() {
		no := int(c.uint())
		until := int64(c.uint())
		var v value
		c.value(t.attrs[no].kind, &v)
		if no == a.no {
			v.until = until
			list = append(list, v)
		}
	}
	return list
}
