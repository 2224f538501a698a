package write

import (
	"context"
	"slices"

	"attio-import/importer/outcome"
	"attio-import/mapping"
)

// settle finds out what became of a row that may have been written, and goes
// on with it: the rule is in policy.go.
func (w *Writer) settle(ctx context.Context, rec *mapping.Record, o *outcome.Outcome) error {
	o.Problems = warnings(rec.Problems) // its errors count only if it was not written
	if rec.Sent.Verb == outcome.Update {
		return w.settleUpdate(ctx, rec, o)
	}
	return w.settleCreate(ctx, rec, o)
}

func (w *Writer) settleCreate(ctx context.Context, rec *mapping.Record, o *outcome.Outcome) error {
	v, records := w.policy.settledCreate(w.matter(rec, rec.Found))
	switch v {
	case wait:
		return nil
	case adopt:
		w.adoptCreated(rec, records, o)
	case follow:
		return w.takeOver(ctx, rec, records[0], o)
	case taken:
		reject(o, w.taken(rec, records, nil))
	case again:
		return w.sendAgain(ctx, rec, o)
	case give:
		w.give(rec, o)
	default:
		o.Problems = rec.Problems // why the look-up could not tell
		unknown(rec, o, w.lostProblem(rec, rec.Sent.Err, records...))
	}
	return nil
}

// sendAgain sends a row that was not written, as if for the first time but
// that rec.Sent is remembered.
func (w *Writer) sendAgain(ctx context.Context, rec *mapping.Record, o *outcome.Outcome) error {
	if err := w.ready(ctx, rec, o); err != nil || o.Action != "" {
		return err
	}
	return w.carryOut(ctx, rec, o)
}

// give ends a row that was not written, and cannot be.
func (w *Writer) give(rec *mapping.Record, o *outcome.Outcome) {
	o.Problems = rec.Problems
	if rec.Sent.Verb == outcome.Create {
		o.Problems = slices.Concat(rec.Problems, rec.NewProblems)
	}
	o.Action, o.Stage = outcome.Rejected, outcome.Resolve
}

// adoptCreated ends a row whose record was found, or was told by an answer.
// Should there be more than one, which only a request that was under way for
// longer than the quiet time can do to a row without a unique value, the oldest is the row's.
func (w *Writer) adoptCreated(rec *mapping.Record, records []*mapping.Existing, o *outcome.Outcome) {
	o.Action = outcome.Created
	o.Attempts = max(o.Attempts, 1)
	if rec.Sent != nil && rec.Sent.Made != "" {
		o.RecordID, o.WebURL = rec.Sent.Made, rec.Sent.MadeURL
		o.Attempts++
	}
	if len(records) > 0 {
		o.RecordID, o.WebURL = records[0].ID, records[0].WebURL
	}
	if len(records) > 1 {
		o.Problems = append(o.Problems, *w.severalProblem(rec, records))
	}
	w.lookup.Learn(w.object, o.RecordID, rec.Fields)
}

// settleUpdate settles a lost update by reading its record.
func (w *Writer) settleUpdate(ctx context.Context, rec *mapping.Record, o *outcome.Outcome) error {
	m := w.matter(rec, nil)
	if m.now.Before(rec.Sent.Until) {
		return nil
	}
	stands, err := w.updated(ctx, rec)
	if err == nil && stands != nil {
		err = w.fillLost(ctx, rec)
	}
	if err != nil {
		return w.unreadable(rec, o, err)
	}
	o.Problems = warnings(rec.Problems)
	v := w.policy.update(m, stands)
	if v != again {
		w.concludeUpdate(rec, stands, v, o)
		return nil
	}
	if p := w.lookup.Claim(rec, stands); p != nil {
		reject(o, p)
		return nil
	}
	narrowed(rec, stands)
	return w.carryOut(ctx, rec, o)
}

// updated is the record that a lost update was about; nil if it is gone.
func (w *Writer) updated(ctx context.Context, rec *mapping.Record) (*mapping.Existing, error) {
	if e := byID(rec.Found, rec.Sent.RecordID); e != nil {
		return e, nil
	}
	return w.lookup.Record(ctx, w.object, rec.Sent.RecordID, rec.Fields, rec.Keys)
}

// fillLost fills the references of a row that may have been written: one that
// cannot be had any more is a problem like those of the look-up.
func (w *Writer) fillLost(ctx context.Context, rec *mapping.Record) error {
	p, err := w.fillAll(ctx, rec)
	if p != nil {
		rec.Problems = append(rec.Problems, *p)
	}
	return err
}

// concludeUpdate ends a row whose lost update is not to be sent again.
func (w *Writer) concludeUpdate(rec *mapping.Record, stands *mapping.Existing, v verdict, o *outcome.Outcome) {
	if stands != nil {
		o.RecordID, o.WebURL = stands.ID, stands.WebURL
	}
	switch v {
	case wait:
	case adopt:
		w.adoptUpdated(rec, stands, o)
	case gone:
		o.RecordID = rec.Sent.RecordID
		reject(o, w.goneProblem(rec, rec.Sent.RecordID))
	case changed:
		o.Action = outcome.Skipped
		o.Problems = append(o.Problems, *w.changedProblem(rec, stands))
	case give:
		w.give(rec, o)
	default:
		o.Problems = rec.Problems
		unknown(rec, o, w.lostProblem(rec, rec.Sent.Err, stands))
	}
}

// adoptUpdated ends a row whose update arrived. Its changes are those that it
// made: from what stood there before.
func (w *Writer) adoptUpdated(rec *mapping.Record, stands *mapping.Existing, o *outcome.Outcome) {
	o.Action = outcome.Updated
	o.Attempts = max(o.Attempts, 1)
	before, err := putBack(stands, rec.Fields, rec.Sent.Before)
	if err != nil {
		return // not so: the verdict rests on the same
	}
	narrow := *rec
	narrowed(&narrow, before)
	change := w.plan.Decide(&narrow)
	o.Changes = change.Changes
	w.lookup.Learn(w.object, stands.ID, change.Fields)
}

// readAgain is what follows on an update that was refused as a conflict or
// because there is no such record, or that was refused after it may have been
// carried out.
func (w *Writer) readAgain(ctx context.Context, rec *mapping.Record, c *mapping.Change, o *outcome.Outcome, refusal error) error {
	switch {
	case rec.Sent != nil:
		return w.settleRefused(ctx, rec, c, o, refusal)
	case isConflict(refusal):
		return w.nameHolder(ctx, rec, c.Fields, o, refusalIn(refusal))
	}
	return w.findMoved(ctx, rec, o, refusal)
}

// settleRefused settles an update that was sent again and refused: the first
// may have arrived all the same.
func (w *Writer) settleRefused(ctx context.Context, rec *mapping.Record, c *mapping.Change, o *outcome.Outcome, refusal error) error {
	stands, err := w.lookup.Record(ctx, w.object, rec.Sent.RecordID, rec.Fields, rec.Keys)
	if err != nil {
		return w.unreadable(rec, o, err)
	}
	v := w.policy.update(w.matter(rec, nil), stands)
	switch {
	case v != again:
		w.concludeUpdate(rec, stands, v, o)
		return nil
	case isConflict(refusal):
		return w.nameHolder(ctx, rec, c.Fields, o, refusalIn(refusal))
	}
	reject(o, w.problem(rec, c.Fields, refusalIn(refusal)))
	return nil
}

// unreadable ends a row that may have been written where the look-up fails for
// a reason of the row's own.
func (w *Writer) unreadable(rec *mapping.Record, o *outcome.Outcome, err error) error {
	if stops(err) {
		return err
	}
	unknown(rec, o, w.lostProblem(rec, rec.Sent.Err))
	return hindered(rec, o, err)
}

// warnings are the problems that cost a row nothing.
func warnings(problems []outcome.Problem) []outcome.Problem {
	return slices.DeleteFunc(slices.Clone(problems), func(p outcome.Problem) bool { return p.Severity == outcome.Error })
}
