package write

import (
	"context"
	"time"

	"attio-import/importer/outcome"
	"attio-import/mapping"
)

// maxAge is how old a look-up may be that a write rests on. At 25 writes a
// second a row is written within a minute of its look-up, and one is not looked up twice
// for that; a machine that slept, an outage, or a slower rate make hours of it.
const maxAge = 2 * time.Minute

// renew looks a row up again whose look-up is old, so that a write is decided by
// what stands there now. A new record whose key Attio itself keeps unique needs no
// second look: a conflict says that somebody was first.
func (w *Writer) renew(ctx context.Context, rec *mapping.Record, o *outcome.Outcome) error {
	switch {
	case rec.LookedUp.IsZero() || time.Since(rec.LookedUp.Round(0)) < maxAge: // Round: the wall's clock goes on while a machine sleeps
		return nil
	case rec.Existing != nil:
		return w.renewExisting(ctx, rec, o)
	case classOf(rec) == findable && len(rec.Keys) > 0:
		return w.renewMissing(ctx, rec, o)
	}
	return nil
}

// renewExisting reads the record of an update. If it is gone, the update will say so.
func (w *Writer) renewExisting(ctx context.Context, rec *mapping.Record, o *outcome.Outcome) error {
	fresh, err := w.lookup.Record(ctx, w.object, rec.Existing.ID, rec.Fields, rec.Keys)
	if err != nil {
		return w.cannotRenew(rec, o, err)
	}
	if fresh == nil || sameIn(fresh, rec.Existing, rec.Existing.Values) {
		return nil
	}
	rec.Existing, rec.Recorded = fresh, false // the intent on record says what stood there before
	return nil
}

// renewMissing looks for a record that somebody has made meanwhile with the row's key.
func (w *Writer) renewMissing(ctx context.Context, rec *mapping.Record, o *outcome.Outcome) error {
	found, err := w.lookup.Holders(ctx, w.object, rec.Fields, rec.Keys)
	if err != nil {
		return w.cannotRenew(rec, o, err)
	}
	named := withKey(found, rec.Keys)
	switch {
	case len(named) == 0:
		return nil
	case len(named) > 1 || w.plan.Mode() != mapping.Upsert:
		reject(o, w.taken(rec, named, nil))
		return nil
	}
	if p := w.lookup.Claim(rec, named[0]); p != nil {
		reject(o, p)
	}
	rec.Existing = named[0]
	return nil
}

// cannotRenew ends a row that cannot be looked up again.
func (w *Writer) cannotRenew(rec *mapping.Record, o *outcome.Outcome, err error) error {
	if stops(err) {
		return err
	}
	o.Action = outcome.Rejected
	return hindered(rec, o, err)
}
