package write

import (
	"context"
	"fmt"
	"slices"
	"time"

	"attio-import/importer/outcome"
	"attio-import/mapping"
	"attio-import/mapping/schema"
)

// This file is the rule for lost answers as far as it goes without a record of
// what was sent when: look once after a quiet time, believe what stands there,
// and never send again. With a journal of intents, settling can also tell
// whose a record is, and send what certainly did not arrive.

// settleCreate finds out what became of a create whose answer was lost.
func (w *Writer) settleCreate(ctx context.Context, rec *mapping.Record, fields []mapping.Field, o *outcome.Outcome, lost error) error {
	if stops(lost) {
		return w.unknown(ctx, rec, o, lost, lost)
	}
	found, err := w.appeared(ctx, w.object, fields, rec.Keys)
	if found == nil {
		return w.unknown(ctx, rec, o, lost, err)
	}
	o.Action, o.RecordID, o.WebURL = outcome.Created, found.ID, found.WebURL
	w.lookup.Learn(w.object, found.ID, fields)
	return nil
}

// appeared looks, after the quiet time, for the record that a lost create may
// have made. It was not there when the row was looked up, so one that has the row's keys
// and is not older than the run is taken for the row's own.
func (w *Writer) appeared(ctx context.Context, object *schema.Object, fields []mapping.Field, keys []mapping.Key) (*mapping.Existing, error) {
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
	if err != nil || len(found) != 1 || w.older(found[0]) {
		return nil, err
	}
	return found[0], nil
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
func (w *Writer) settleUpdate(ctx context.Context, rec *mapping.Record, fields []mapping.Field, o *outcome.Outcome, lost error) error {
	if stops(lost) {
		return w.unknown(ctx, rec, o, lost, lost)
	}
	if err := sleep(ctx, w.options.QuietTime); err != nil {
		return w.unknown(ctx, rec, o, lost, err)
	}
	found, err := w.lookup.Holders(ctx, w.object, fields, rec.Keys)
	for _, e := range found {
		if e.ID == rec.Existing.ID && says(e, fields) {
			o.Action = outcome.Updated
			w.lookup.Learn(w.object, e.ID, fields)
			return nil
		}
	}
	return w.unknown(ctx, rec, o, lost, err)
}

// says reports whether a record has all the values of the fields.
func says(e *mapping.Existing, fields []mapping.Field) bool {
	for i := range fields {
		stands := e.Values[fields[i].Attribute.Slug]
		if fields[i].Clear && len(stands) > 0 {
			return false
		}
		for _, v := range fields[i].Values {
			if !slices.ContainsFunc(stands, v.Equal) {
				return false
			}
		}
	}
	return true
}

// unknown is the honest end of a row that may have been written.
func (w *Writer) unknown(ctx context.Context, rec *mapping.Record, o *outcome.Outcome, lost, err error) error {
	o.Action = outcome.Unknown
	o.Problems = append(o.Problems, outcome.Problem{
		Row: rec.Row, Line: rec.Line, Severity: outcome.Error, Code: outcome.AnswerLost,
		Message: fmt.Sprintf("the row was sent, but no answer came (%v); it may have been written", lost),
		Hint:    "look in Attio whether the record stands there as the row says, before you import the row again",
	})
	if err == nil {
		err = ctx.Err()
	}
	return err
}
