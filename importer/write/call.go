package write

import (
	"context"
	"errors"
	"slices"
	"time"

	"attio-import/importer/attio"
	"attio-import/importer/outcome"
	"attio-import/mapping"
)

// create sends a new record.
func (w *Writer) create(ctx context.Context, rec *mapping.Record, fields []mapping.Field, o *outcome.Outcome) error {
	c, keys := classOf(rec), sought(rec)
	intent := func() outcome.Intent { return w.createIntent(rec) }
	fields = marked(fields, rec.Marker)
	written, err := w.send(fields, o, func(values []byte) (attio.Written, error) {
		return w.policy.post(ctx, w.api, w.object.Slug, values, attio.Creating{
			Own:     w.own(keys, fields),
			Leaving: func(ctx context.Context) error { return w.intend(ctx, rec, intent) },
		})
	})
	a := w.answered(rec, err)
	if a == vanished {
		a = refused // there is no such object: nothing that could be looked for
	}
	switch w.policy.next(a, rec.Sent != nil, c) {
	case finish:
		w.done(o, outcome.Created, written, fields)
		return nil
	case watch:
		w.watch(rec, intent(), c, written)
		return nil
	case park:
		w.park(rec, intent(), c, err)
		return nil
	case despair:
		unknown(rec, o, w.lostProblem(rec, err))
		return nil
	case look:
		return w.lookAgain(ctx, rec, fields, o, err)
	case refuse:
		reject(o, w.problem(rec, fields, refusalIn(err)))
		return nil
	}
	if a == mixedUp {
		w.park(rec, intent(), c, err)
	}
	return err
}

// update sends the changed attributes of a record that exists: with a PATCH,
// which only adds to lists, unless the change says that one is to be emptied.
func (w *Writer) update(ctx context.Context, rec *mapping.Record, c *mapping.Change, o *outcome.Outcome) error {
	call, fields := w.api.Update, c.Fields
	if c.Overwrite {
		call = w.api.Overwrite
	}
	intent := func() outcome.Intent { return w.updateIntent(rec, rec.Existing, c) }
	written, err := w.send(fields, o, func(values []byte) (attio.Written, error) {
		if err := w.intend(ctx, rec, intent); err != nil {
			return attio.Written{}, err
		}
		return call(ctx, w.object.Slug, rec.Existing.ID, values)
	})
	a := w.answered(rec, err)
	switch w.policy.next(a, rec.Sent != nil, unique) {
	case finish:
		w.done(o, outcome.Updated, written, fields)
		o.Changes = c.Changes
		return nil
	case park:
		w.park(rec, intent(), unique, err)
		return nil
	case look:
		return w.readAgain(ctx, rec, c, o, err)
	case refuse:
		reject(o, w.problem(rec, fields, refusalIn(err)))
		return nil
	}
	if a == mixedUp {
		w.park(rec, intent(), unique, err)
	}
	return err
}

// answered reads an answer, and takes note in the record of what it settles
// and what it uses up: an intent on record stands for one call, until an
// answer shows that nothing has come of it.
func (w *Writer) answered(rec *mapping.Record, err error) answer {
	a := answerOf(err)
	if a == carriedOut || a == lost || a == mixedUp {
		rec.Recorded = false
	}
	if err != nil && rec.Sent != nil {
		rec.Sent = w.policy.after(rec.Sent, err)
	}
	return a
}

// park leaves a row to be settled after the quiet time. When it was first sent
// as a new record stays known, however often it is sent.
func (w *Writer) park(rec *mapping.Record, in outcome.Intent, c class, err error) {
	sent := &outcome.Sent{Intent: in, Tries: 1, Err: err, Until: time.Now().Add(w.policy.quiet(c))}
	if in.Verb == outcome.Create {
		sent.First = in.At
	}
	if old := rec.Sent; old != nil {
		sent.Tries += old.Tries
		sent.Earlier = old.Earlier
		if old.Verb == outcome.Create {
			sent.First = old.First
		}
	}
	rec.Sent = sent
}

// watch leaves a row that was sent twice, and written, for another quiet time.
func (w *Writer) watch(rec *mapping.Record, in outcome.Intent, c class, written attio.Written) {
	old := rec.Sent
	w.park(rec, in, c, old.Err)
	rec.Sent.Tries = old.Tries
	rec.Sent.Made, rec.Sent.MadeURL = written.RecordID, written.WebURL
}

// sought are the keys by which a row's new record can be looked for: its own, and
// the marker.
func sought(rec *mapping.Record) []mapping.Key {
	if rec.Marker == nil {
		return rec.Keys
	}
	return append(slices.Clip(rec.Keys), *rec.Marker)
}

// marked adds the marker to what a new record gets.
func marked(fields []mapping.Field, marker *mapping.Key) []mapping.Field {
	if marker == nil {
		return fields
	}
	return append(slices.Clip(fields), markerField(marker))
}

// send makes one call and counts it in the outcome.
func (w *Writer) send(fields []mapping.Field, o *outcome.Outcome, call func([]byte) (attio.Written, error)) (attio.Written, error) {
	begun := time.Now()
	written, err := w.withBody(fields, call)
	if err != nil {
		o.Duration += time.Since(begun) // the wait for leave to send included: errors do not tell it apart
		countFailure(o, err)
		return written, err
	}
	o.Duration += written.Elapsed
	o.Attempts += written.Attempts
	o.HTTPStatus = written.Status
	return written, nil
}

func countFailure(o *outcome.Outcome, err error) {
	var refused *attio.Error
	var lost *attio.LostError
	var unsent *attio.NotSentError
	switch {
	case errors.As(err, &refused):
		o.Attempts += refused.Attempts
		o.HTTPStatus = refused.Status
	case errors.As(err, &lost):
		o.Attempts += lost.Attempts
		o.HTTPStatus = lost.Status
	case errors.As(err, &unsent):
		o.Attempts += unsent.Attempts
	}
}

// withBody lends a call the encoded values.
func (w *Writer) withBody(fields []mapping.Field, call func([]byte) (attio.Written, error)) (attio.Written, error) {
	buf := w.bodies.Get().(*[]byte)
	defer w.bodies.Put(buf)
	*buf = mapping.AppendValues((*buf)[:0], fields)
	return call(*buf)
}

func (w *Writer) done(o *outcome.Outcome, a outcome.Action, written attio.Written, fields []mapping.Field) {
	o.Action, o.RecordID, o.WebURL = a, written.RecordID, written.WebURL
	w.lookup.Learn(w.object, written.RecordID, fields)
}
