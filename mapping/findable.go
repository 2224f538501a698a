package mapping

import (
	"slices"
	"strconv"

	"attio-import/mapping/schema"
	"attio-import/mapping/value"
)

// Marker is the text attribute that new records get a mark in; nil, if the
// mapping names none.
func (p *Plan) Marker() *schema.Attribute { return p.marker }

// WithRun is the plan for a run that writes: the records of its rows have a
// [Record.Marker], "<id>-<row>", where the mapping names one and they may be new. Without
// a run nothing is marked: a plan or a validation writes nothing. The id
// should be one of [0-9a-z-]+, as run ids are.
func (p *Plan) WithRun(id string) *Plan {
	run := *p
	run.run = id
	return &run
}

// mark is the marker of a row; nil, where its record gets none. (In mode update
// there is no marker.)
func (p *Plan) mark(row int) *Key {
	if p.marker == nil || p.run == "" {
		return nil
	}
	return &Key{Attribute: p.marker, Value: value.NewText(p.run + "-" + strconv.Itoa(row))}
}

// Keyed reports whether every row that can become a record has a key, so that
// a sheet may be imported again: what made it is found, and not made twice. A
// marker is no such key, since another run writes another one.
func (p *Plan) Keyed() bool {
	required := slices.ContainsFunc(p.match, func(a *schema.Attribute) bool { return a.Required })
	return len(p.match) > 0 && (p.refuseBlankKey || required)
}

// Unique reports whether every row that can become a new record has a value
// that Attio allows on one record only. Then a create may be sent again: were
// it carried out before, the second would be refused. The answer is no where only some rows
// have such a value.
func (p *Plan) Unique() bool {
	switch {
	case !p.mode.creates(), p.marker != nil && p.marker.Unique:
		return true
	case slices.ContainsFunc(p.fields, func(f field) bool { return f.required && f.attr.Unique && f.attr.Filterable() }):
		return true
	}
	return p.refuseBlankKey && len(p.match) > 0 &&
		!slices.ContainsFunc(p.match, func(a *schema.Attribute) bool { return !a.Unique })
}

// Findable reports whether every row that can become a new record can be found
// again by this run, should the answer to its create get lost: by a unique
// value, by a key, or by the marker.
func (p *Plan) Findable() bool { return p.marker != nil || p.Keyed() || p.Unique() }
