package mapping

import (
	"attio-import/importer/outcome"
	"attio-import/mapping/value"
)

// newRecord says what a record that is made for a reference gets: the key, and
// what the mapping has under `create`. A wrong cell there is a problem of the
// row like any other, since no check can know before the look-up whether the
// record is missing; a blank one counts only if it is.
func (r *row) newRecord(ref *Reference, s *source, f *field) {
	inner := row{plan: r.plan, nested: true, cells: r.cells, rec: &Record{Row: r.rec.Row, Line: r.rec.Line}}
	ref.New = make([]Field, 0, len(s.create)+1)
	ref.New = append(ref.New, Field{Attribute: s.rule.By, Values: []value.Value{ref.Key}, Column: ref.Column})
	for i := range s.create {
		ref.New = inner.field(ref.New, &s.create[i])
	}
	for _, p := range inner.rec.NewProblems {
		p.Hint = "fill the cell, or create the record before the import"
		ref.NewProblems = append(ref.NewProblems, p)
	}
	for _, p := range inner.rec.Problems {
		r.told(p)
	}
}

// told adds a problem unless the row has it already: several references of one
// cell read the same cells for their records.
func (r *row) told(p outcome.Problem) {
	for _, have := range r.rec.Problems {
		if have == p {
			return
		}
	}
	r.rec.Problems = append(r.rec.Problems, p)
}
