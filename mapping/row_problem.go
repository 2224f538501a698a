package mapping

import (
	"errors"
	"fmt"

	"attio-import/importer/outcome"
	"attio-import/mapping/schema"
	"attio-import/mapping/value"
)

// problem notes that something is wrong with the cell of a column.
func (r *row) problem(severity outcome.Severity, f *field, c column, code outcome.Code, message, hint string) {
	r.rec.Problems = append(r.rec.Problems, outcome.Problem{
		Row: r.rec.Row, Line: r.rec.Line, Column: c.name, Attribute: f.attr.Slug, Value: r.cell(c),
		Severity: severity, Code: code, Message: message, Hint: hint,
	})
}

// refuse notes a text that cannot be a value: an error, or where the mapping
// says `invalid: skip` a warning.
func (r *row) refuse(f *field, s *source, text string, code outcome.Code, message, hint string) {
	if s.skip {
		r.dropped = true
		r.problem(outcome.Warning, f, s.column, code, message+"; the value is left out", hint)
	} else {
		r.failed = true
		r.problem(outcome.Error, f, s.column, code, message, hint)
	}
	r.rec.Problems[len(r.rec.Problems)-1].Part = text
}

// invalid notes a text that is no value.
func (r *row) invalid(f *field, s *source, text string, err error) {
	var e *value.Error
	if !errors.As(err, &e) {
		e = &value.Error{Code: "invalid_value", Message: err.Error()}
	}
	r.refuse(f, s, text, outcome.Code(e.Code), e.Message, e.Hint)
}

// aboutCountry reports whether what is wrong is not the text itself but the
// country that it was read with.
func aboutCountry(err error) bool {
	var e *value.Error
	return errors.As(err, &e) && e.Code == value.InvalidCountry
}

// missing notes that a required attribute has no value. For a key that is put
// off, since a blank key says it better.
func (r *row) missing(f *field) {
	if r.dropped {
		r.failed = true
		r.lacks(f, " is required, and its value was left out", "correct the cell")
		return
	}
	if f.key {
		if r.blankKey == nil {
			r.blankKey = f
		}
		return
	}
	r.missingValue(f)
}

func (r *row) missingValue(f *field) {
	hint := "fill the cell, or give the attribute a default in the mapping"
	if f.attr.Unique {
		hint = "fill the cell" // one default for several records cannot be unique
	}
	r.lacks(f, " is required, and the cell is blank", hint)
}

// lacks notes that a required attribute has no value. Where the record may
// exist, that counts only if it does not.
func (r *row) lacks(f *field, why, hint string) {
	rec := r.rec
	r.problem(outcome.Error, f, f.keyColumn(), outcome.MissingValue, title(f.attr)+why, hint)
	if r.plan.mode == Upsert || r.nested {
		last := len(rec.Problems) - 1
		rec.NewProblems = append(rec.NewProblems, rec.Problems[last])
		rec.Problems = rec.Problems[:last]
	}
}

func (r *row) tooMany(f *field, n int) {
	r.problem(outcome.Error, f, f.keyColumn(), outcome.TooManyValues,
		fmt.Sprintf("%s holds one value, and the cell has %d", title(f.attr), n), "leave one of them")
}

// keyColumn is the column that problems of the whole field are told of.
func (f *field) keyColumn() column {
	for i := range f.sources {
		if c := f.sources[i].column; c.index != noColumn {
			return c
		}
	}
	for i := range f.parts {
		if c := f.parts[i].source.column; c.index != noColumn {
			return c
		}
	}
	return column{index: noColumn}
}

// title is what a person calls an attribute.
func title(a *schema.Attribute) string {
	if a.Title != "" {
		return a.Title
	}
	return a.Slug
}
