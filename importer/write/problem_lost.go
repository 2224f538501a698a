package write

import (
	"fmt"
	"slices"
	"strings"

	"attio-import/importer/outcome"
	"attio-import/mapping"
	"attio-import/mapping/value"
)

// unknown is the honest end of a row of which nobody can tell.
func unknown(rec *mapping.Record, o *outcome.Outcome, p *outcome.Problem) {
	o.Action = outcome.Unknown
	o.Problems = append(slices.Clip(o.Problems), *p)
}

// lostProblem says of a row that it may have been written, and what to look
// for. candidates, which may be nil, are the records that could be it.
func (w *Writer) lostProblem(rec *mapping.Record, lost error, candidates ...*mapping.Existing) *outcome.Problem {
	p := &outcome.Problem{
		Row: rec.Row, Line: rec.Line, Severity: outcome.Error, Code: outcome.AnswerLost,
		Message: fmt.Sprintf("the row was sent, but no answer came (%s); it may have been written", reason(lost)),
		Hint:    fmt.Sprintf("look in Attio for a record of %s with %s, and decide the row before it is sent again", w.object.Slug, traits(rec)),
	}
	candidates = slices.DeleteFunc(candidates, func(e *mapping.Existing) bool { return e == nil })
	if len(candidates) > 0 {
		p.Message += "; compare it with " + urls(candidates)
	}
	return p
}

func reason(lost error) string {
	if lost == nil {
		return "the program ended before"
	}
	return lost.Error()
}

// manyTraits is how many values a person is told to look for.
const manyTraits = 3

// traits says by which values a person may find a row's record: those that
// identify it or, where there are none, the first that the row gives.
func traits(rec *mapping.Record) string {
	var all []string
	say := func(slug string, v value.Value) {
		if text := fmt.Sprintf("%s %q", slug, v.Canonical()); len(all) < manyTraits && !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	for _, k := range sought(rec) {
		say(k.Attribute.Slug, k.Value)
	}
	for _, f := range rec.Fields {
		if len(f.Values) > 0 && !f.Values[0].IsZero() && (keepsApart(f) || len(sought(rec)) == 0) {
			say(f.Attribute.Slug, f.Values[0])
		}
	}
	if len(all) == 0 {
		return "the values of the row"
	}
	return strings.Join(all, ", ")
}

// goneProblem is that of a row whose record was there, and is not any more.
func (w *Writer) goneProblem(rec *mapping.Record, id string) *outcome.Problem {
	return &outcome.Problem{
		Row: rec.Row, Line: rec.Line, Severity: outcome.Error, Code: outcome.DeletedSince,
		Message: fmt.Sprintf("record %s was deleted, or merged into another, since the row was looked up", id),
		Hint:    "nothing was made in its place; import the row again to look it up anew",
	}
}

// changedProblem says what keeps an update from being sent again. It is a
// warning, as that of every row that is skipped.
func (w *Writer) changedProblem(rec *mapping.Record, stands *mapping.Existing) *outcome.Problem {
	p := &outcome.Problem{
		Row: rec.Row, Line: rec.Line, Severity: outcome.Warning, Code: outcome.ChangedSince,
		Hint: "the row was not sent again, so that nobody's change is lost; look at the record, and import the row again if the row is right",
	}
	lost := "the answer to the update was lost"
	if rec.Sent.Err == nil {
		lost = "the update may have been sent before the run was cut off"
	}
	before, err := putBack(stands, rec.Fields, rec.Sent.Before)
	if err != nil {
		before = stands // not so: the verdict rests on the same
	}
	for _, f := range among(rec.Fields, rec.Sent.Before) {
		slug := f.Attribute.Slug
		if p.Attribute != "" || mapping.SameValues(stands.Values[slug], before.Values[slug]) || f.SaidBy(stands.Values[slug]) {
			continue
		}
		p.Attribute, p.Column, p.Value = slug, f.Column, said(&f)
		p.Message = fmt.Sprintf("%s, and %s was changed since: it was %s before and is %s now", lost, slug,
			quoted(before.Values[slug]), quoted(stands.Values[slug]))
	}
	if p.Attribute == "" {
		p.Message = lost + ", and the record was changed since: only a part of what the row says stands there"
	}
	return p
}

func quoted(vs []value.Value) string {
	if len(vs) == 0 {
		return "blank"
	}
	return fmt.Sprintf("%q", said(&mapping.Field{Values: vs}))
}

// severalProblem warns of records that were made for one row more than once.
func (w *Writer) severalProblem(rec *mapping.Record, records []*mapping.Existing) *outcome.Problem {
	p := &outcome.Problem{
		Row: rec.Row, Line: rec.Line, Severity: outcome.Warning, Code: outcome.MarkerTwice,
		Message: fmt.Sprintf("%d records were made for the row, whose answers got lost: %s", len(records), urls(records)),
		Hint:    "keep the first, and delete the others in Attio",
	}
	if rec.Marker != nil {
		p.Attribute, p.Value = rec.Marker.Attribute.Slug, rec.Marker.Value.Canonical()
	}
	return p
}

// markerField is the marker as a field of a new record.
func markerField(k *mapping.Key) mapping.Field {
	return mapping.Field{Attribute: k.Attribute, Values: []value.Value{k.Value}, Column: k.Column}
}
