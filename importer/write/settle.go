package write

import (
	"context"
	"fmt"
	"slices"
	"time"

	"attio-import/importer/outcome"
	"attio-import/mapping"
	"attio-import/mapping/schema"
	"attio-import/mapping/value"
)

// This file is the rule for lost answers as far as it goes without a record of
// what was sent when: look once after a quiet time, believe what stands there,
// and never send again. With a journal of intents, settling can also tell
// whose a record is, and send what certainly did not arrive.

// settleCreate finds out what became of a create whose answer was lost. A
// record that appeared with the row's key is the row's own only if it says what
// was sent: somebody else may have made it meanwhile, and then its other values
// are theirs. In an upsert that is no harm, since the row is then an update of
// that record; else nobody can tell.
func (w *Writer) settleCreate(ctx context.Context, rec *mapping.Record, fields []mapping.Field, o *outcome.Outcome, lost error) error {
	if stops(lost) {
		unknown(rec, o, lost, nil)
		return lost
	}
	found, err := w.appeared(ctx, w.object, rec.Fields, rec.Keys)
	switch {
	case len(found) != 1:
	case w.ours(found[0], fields):
		o.Action, o.RecordID, o.WebURL = outcome.Created, found[0].ID, found[0].WebURL
		w.lookup.Learn(w.object, found[0].ID, fields)
		return nil
	case w.plan.Mode() == mapping.Upsert && len(rec.Keys) > 0:
		return w.takeOver(ctx, rec, found[0], o)
	}
	unknown(rec, o, lost, found)
	return hindered(rec, o, err)
}

// appeared looks, after the quiet time, for the records that a lost create may
// have made: none stood there when the row was looked up.
func (w *Writer) appeared(ctx context.Context, object *schema.Object, fields []mapping.Field, keys []mapping.Key) ([]*mapping.Existing, error) {
	if !identified(fields, keys) {
		return nil, nil // nothing to look for, so nothing to wait for
	}
	if err := sleep(ctx, w.options.QuietTime); err != nil {
		return nil, err
	}
	found, err := w.lookup.Holders(ctx, object, fields, keys)
	if len(keys) > 0 {
		found = withKey(found, keys)
	}
	return found, err
}

// ours reports whether a record that appeared is what a lost create made.
func (w *Writer) ours(e *mapping.Existing, fields []mapping.Field) bool {
	return !w.older(e) && says(e, fields)
}

// older reports whether a record stood there before the run began.
func (w *Writer) older(e *mapping.Existing) bool {
	created, err := time.Parse(time.RFC3339, e.CreatedAt)
	return err != nil || created.Before(w.lookup.Began())
}

// identified reports whether a record could be found again.
func identified(fields []mapping.Field, keys []mapping.Key) bool {
	return len(keys) > 0 || slices.ContainsFunc(fields, func(f mapping.Field) bool {
		return f.Attribute.Unique && len(f.Values) > 0
	})
}

// settleUpdate finds out what became of an update whose answer was lost: it
// counts as done if all that was sent stands there.
func (w *Writer) settleUpdate(ctx context.Context, rec *mapping.Record, c *mapping.Change, o *outcome.Outcome, lost error) error {
	if stops(lost) {
		unknown(rec, o, lost, nil)
		return lost
	}
	if err := sleep(ctx, w.options.QuietTime); err != nil {
		unknown(rec, o, lost, nil)
		return err
	}
	found, err := w.lookup.Holders(ctx, w.object, c.Fields, rec.Keys)
	for _, e := range found {
		if e.ID == rec.Existing.ID && says(e, c.Fields) {
			o.Action, o.Changes = outcome.Updated, c.Changes
			w.lookup.Learn(w.object, e.ID, c.Fields)
			return nil
		}
	}
	unknown(rec, o, lost, nil)
	return hindered(rec, o, err)
}

// says reports whether a record has all the values of the fields.
func says(e *mapping.Existing, fields []mapping.Field) bool {
	for i := range fields {
		stands := e.Values[fields[i].Attribute.Slug]
		if fields[i].Clear && len(stands) > 0 {
			return false
		}
		for _, v := range fields[i].Values {
			if !slices.ContainsFunc(stands, func(w value.Value) bool { return v.Equal(w) || value.SamePlace(v, w) }) {
				return false
			}
		}
	}
	return true
}

// unknown is the honest end of a row that may have been written. found are
// records that could be what the row became, for the person to compare.
func unknown(rec *mapping.Record, o *outcome.Outcome, lost error, found []*mapping.Existing) {
	p := outcome.Problem{
		Row: rec.Row, Line: rec.Line, Severity: outcome.Error, Code: outcome.AnswerLost,
		Message: fmt.Sprintf("the row was sent, but no answer came (%v); it may have been written", lost),
		Hint:    "look in Attio whether the record stands there as the row says, before you import the row again",
	}
	if len(found) > 0 {
		p.Message += "; compare it with " + urls(found)
	}
	o.Action = outcome.Unknown
	o.Problems = append(o.Problems, p)
}
