package mapping

import (
	"slices"
	"strings"

	"attio-import/importer/outcome"
	"attio-import/mapping/value"
)

// Kind is what a record needs.
type Kind string

// The kinds of change.
const (
	KindCreate    Kind = "create"
	KindUpdate    Kind = "update"
	KindUnchanged Kind = "unchanged"
)

// Change is what has to be sent so that Attio says what the row says.
type Change struct {
	Kind   Kind
	Fields []Field // to send; empty if unchanged

	// Overwrite says that Fields must be sent as an overwriting update (PUT),
	// because one of them empties a multi-valued attribute and the appending
	// update (PATCH) cannot take values away. Multi-valued Fields then hold what
	// stood there as well, so that nothing else is lost.
	Overwrite bool

	// Changes say the same for a person, attribute by attribute; of a create
	// there are none, since all of it is new.
	Changes []outcome.Change
}

// Decide compares a resolved record with what exists. It sends no value that
// is there already: of a multi-valued attribute only those that are missing
// (an update appends), of a default only where the record has nothing. A value
// that was put together from parts keeps the stored parts that the row does not
// give ([value.Merge]).
func (p *Plan) Decide(rec *Record) Change {
	if rec.Existing == nil {
		return Change{Kind: KindCreate, Fields: newFields(rec.Fields)}
	}
	c := Change{Kind: KindUnchanged}
	for i := range rec.Fields {
		c.compare(rec.Fields[i], rec.Existing.Values[rec.Fields[i].Attribute.Slug])
	}
	if len(c.Fields) > 0 {
		c.Kind = KindUpdate
	}
	if c.Overwrite {
		c.keepAll(rec.Existing)
	}
	return c
}

// newFields are the fields that a new record gets: nothing to clear there.
func newFields(fields []Field) []Field {
	for i := range fields {
		if len(fields[i].Values) == 0 {
			return withoutEmpty(fields)
		}
	}
	return fields
}

func withoutEmpty(fields []Field) []Field {
	out := make([]Field, 0, len(fields))
	for _, f := range fields {
		if len(f.Values) > 0 {
			out = append(out, f)
		}
	}
	return out
}

// compare adds what a field changes.
func (c *Change) compare(f Field, old []value.Value) {
	f = f.merged(old)
	missing := notIn(f.Values, old)
	switch {
	case f.Clear:
		if len(old) > 0 {
			c.Overwrite = c.Overwrite || f.Attribute.Multi
			c.send(f, nil, old, outcome.Cleared)
		}
	case len(missing) == 0:
	case f.Default && len(old) > 0:
		c.note(f, missing, old, outcome.Kept)
	case f.Attribute.Multi && len(old) > 0:
		c.send(f, missing, old, outcome.Added)
	default:
		c.send(f, f.Values, old, outcome.Set)
	}
}

// merged is a field whose value, if it was put together from parts, has the
// parts that the row does not give from the stored value that it replaces.
func (f Field) merged(old []value.Value) Field {
	if f.said == (value.Said{}) || f.Default || len(f.Values) != 1 || len(old) != 1 || f.Values[0].Equal(old[0]) {
		return f
	}
	f.Values = []value.Value{value.Merge(f.Attribute.Type, f.Values[0], old[0], f.said)}
	return f
}

func (c *Change) send(f Field, values, old []value.Value, d outcome.Decision) {
	f.Values = values
	c.Fields = append(c.Fields, f)
	c.note(f, values, old, d)
}

func (c *Change) note(f Field, values, old []value.Value, d outcome.Decision) {
	c.Changes = append(c.Changes, outcome.Change{Attribute: f.Attribute.Slug, Old: shown(old), New: shown(values), Decision: d})
}

// keepAll turns the additions of an overwriting update into whole lists, the
// new values in front as an appending update would put them.
func (c *Change) keepAll(existing *Existing) {
	for i := range c.Fields {
		f := &c.Fields[i]
		if f.Attribute.Multi && !f.Clear {
			f.Values = slices.Concat(f.Values, existing.Values[f.Attribute.Slug])
		}
	}
}

// notIn lists the values that are not among others, in order.
func notIn(values, others []value.Value) []value.Value {
	var out []value.Value
	for _, v := range values {
		if !contains(others, v) {
			out = append(out, v)
		}
	}
	return out
}

func contains(values []value.Value, v value.Value) bool {
	for i := range values {
		if values[i].Equal(v) || value.SamePlace(v, values[i]) {
			return true
		}
	}
	return false
}

// shown is a list of values for a person.
func shown(values []value.Value) string {
	if len(values) == 1 {
		return values[0].Canonical()
	}
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = v.Canonical()
	}
	return strings.Join(texts, "; ")
}
