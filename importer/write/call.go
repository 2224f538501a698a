package write

import (
	"context"
	"errors"
	"time"

	"attio-import/importer/attio"
	"attio-import/importer/outcome"
	"attio-import/mapping"
)

// create sends a new record. A POST and not an assert: should somebody else
// have made the record since it was looked up, the conflict says so, where an
// assert would overwrite what they wrote.
func (w *Writer) create(ctx context.Context, rec *mapping.Record, fields []mapping.Field, o *outcome.Outcome) error {
	written, err := w.send(fields, o, func(values []byte) (attio.Written, error) {
		return w.api.Create(ctx, w.object.Slug, values, attio.Creating{Own: echoes(rec.Keys, fields)})
	})
	switch {
	case err == nil:
		w.done(o, outcome.Created, written, fields)
		return nil
	case isLost(err):
		return w.settleCreate(ctx, rec, fields, o, err)
	case isConflict(err):
		return w.yield(ctx, rec, fields, o, refusalIn(err))
	}
	return w.refuse(rec, fields, o, err)
}

// update sends the changed attributes of a record that exists: with a PATCH,
// which only adds to lists, unless the change says that one is to be emptied.
func (w *Writer) update(ctx context.Context, rec *mapping.Record, c *mapping.Change, o *outcome.Outcome) error {
	call, fields := w.api.Update, c.Fields
	if c.Overwrite {
		call = w.api.Overwrite
	}
	written, err := w.send(fields, o, func(values []byte) (attio.Written, error) {
		return call(ctx, w.object.Slug, rec.Existing.ID, values)
	})
	switch {
	case err == nil:
		w.done(o, outcome.Updated, written, fields)
		o.Changes = c.Changes
		return nil
	case isLost(err):
		return w.settleUpdate(ctx, rec, c, o, err)
	case isConflict(err):
		return w.nameHolder(ctx, rec, fields, o, refusalIn(err))
	}
	return w.refuse(rec, fields, o, err)
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
