package write

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"attio-import/importer/attio"
	"attio-import/importer/outcome"
	"attio-import/mapping"
	"attio-import/mapping/schema"
)

// patience is how long a conflict whose holder cannot be seen yet is looked
// into: queries are consistent, but a record may be in the making.
var patience = [...]time.Duration{0, 500 * time.Millisecond, 1500 * time.Millisecond, 3 * time.Second, 5 * time.Second}

// holders waits for the records that are in the way to become visible; none,
// if they do not. but is the id of the record that is not in the way.
func (w *Writer) holders(ctx context.Context, object *schema.Object, fields []mapping.Field, keys []mapping.Key, but string) ([]*mapping.Existing, error) {
	for _, d := range patience {
		if err := sleep(ctx, d); err != nil {
			return nil, err
		}
		found, err := w.lookup.Holders(ctx, object, fields, keys)
		found = slices.DeleteFunc(slices.Clone(found), func(e *mapping.Existing) bool { return e.ID == but })
		if err != nil || len(found) > 0 {
			return found, err
		}
	}
	return nil, nil
}

// lookAgain is what follows on a create that was refused: as a conflict, or
// for any reason after an earlier one may have been carried out.
func (w *Writer) lookAgain(ctx context.Context, rec *mapping.Record, fields []mapping.Field, o *outcome.Outcome, refusal error) error {
	found, err := w.inTheWay(ctx, rec, isConflict(refusal))
	if stops(err) {
		return err
	}
	whose, records := w.policy.whose(w.matter(rec, found))
	switch {
	case whose == own:
		w.adoptCreated(rec, records, o)
		return nil
	case rec.Sent != nil && (err != nil || whose == doubtful):
		unknown(rec, o, w.lostProblem(rec, refusal, records...))
	case !isConflict(refusal):
		reject(o, w.problem(rec, fields, refusalIn(refusal)))
	case whose == namesake && len(records) == 1 && w.plan.Mode() == mapping.Upsert:
		return w.takeOver(ctx, rec, records[0], o)
	case whose == nobodys && rec.Sent != nil:
		unknown(rec, o, w.invisible(rec, fields, refusalIn(refusal)))
	case err != nil:
		reject(o, w.problem(rec, fields, refusalIn(refusal)))
	case whose == nobodys:
		reject(o, w.invisible(rec, fields, refusalIn(refusal)))
	default:
		reject(o, w.taken(rec, records, refusalIn(refusal)))
	}
	return hindered(rec, o, err)
}

// inTheWay looks for the records that have one of a row's values: of a
// conflict there must be one, which is waited for.
func (w *Writer) inTheWay(ctx context.Context, rec *mapping.Record, conflict bool) ([]*mapping.Existing, error) {
	if conflict {
		return w.holders(ctx, w.object, rec.Fields, sought(rec), "")
	}
	return w.lookup.Holders(ctx, w.object, rec.Fields, sought(rec))
}

// takeOver makes a new row an update of a record that somebody else made since
// the row was looked up, unless another row of the run is about that record too.
// found has all attributes of the row's fields, those to clear included:
// what is not among its values counts as empty. Whatever was sent of the row is
// settled by that: it was not carried out.
func (w *Writer) takeOver(ctx context.Context, rec *mapping.Record, found *mapping.Existing, o *outcome.Outcome) error {
	if err := w.ready(ctx, rec, o); err != nil || o.Action != "" {
		return err
	}
	if p := w.lookup.Claim(rec, found); p != nil {
		reject(o, p)
		return nil
	}
	rec.Existing, rec.Sent, rec.Recorded = found, nil, false
	return w.carryOut(ctx, rec, o)
}

// findMoved handles an update of a record that there is none of any more, once: if another
// has the row's key, the two were merged or it was made anew, and the
// row is about that one. What was deleted is not made again.
func (w *Writer) findMoved(ctx context.Context, rec *mapping.Record, o *outcome.Outcome, refusal error) error {
	was := rec.Existing.ID
	found, err := w.lookup.Holders(ctx, w.object, rec.Fields, rec.Keys)
	if stops(err) {
		return err
	}
	named := withKey(found, rec.Keys)
	switch {
	case byID(named, was) != nil: // it is being merged just now, or the API contradicts itself
		reject(o, w.problem(rec, nil, refusalIn(refusal)))
	case len(named) == 1 && o.Attempts < maxTries:
		return w.takeOver(ctx, rec, named[0], o)
	default:
		reject(o, w.goneProblem(rec, was))
	}
	return hindered(rec, o, err)
}

// nameHolder handles an update that would take a unique value from another record.
func (w *Writer) nameHolder(ctx context.Context, rec *mapping.Record, fields []mapping.Field, o *outcome.Outcome, refused *attio.Error) error {
	others, err := w.holders(ctx, w.object, fields, nil, rec.Existing.ID)
	switch {
	case stops(err):
		return err
	case len(others) > 0:
		reject(o, w.conflict(rec, fields, others, refused))
	case err != nil:
		reject(o, w.problem(rec, fields, refused))
	default:
		reject(o, w.invisible(rec, fields, refused))
	}
	return hindered(rec, o, err)
}

// withKey picks the records that have one of the keys to the letter.
func withKey(found []*mapping.Existing, keys []mapping.Key) []*mapping.Existing {
	return slices.DeleteFunc(slices.Clone(found), func(e *mapping.Existing) bool {
		return !slices.ContainsFunc(keys, func(k mapping.Key) bool {
			return slices.ContainsFunc(e.Values[k.Attribute.Slug], k.Value.Equal)
		})
	})
}

// taken is the problem of a new row that found somebody else's records. refused
// is nil where a look-up told, and no write was spent.
func (w *Writer) taken(rec *mapping.Record, holders []*mapping.Existing, refused *attio.Error) *outcome.Problem {
	p := w.conflict(rec, rec.Fields, holders, refused)
	if w.plan.Mode() == mapping.Upsert && len(holders) > 1 && len(withKey(holders, rec.Keys)) > 1 {
		p.Code, p.Message = outcome.AmbiguousMatch, fmt.Sprintf("%d records match %s %q: %s", len(holders), p.Attribute, p.Value, urls(holders))
		p.Hint = "merge the records in Attio, or correct the row so that its keys name one of them"
	}
	return p
}

// conflict is the row's problem where values that are unique, or its keys,
// belong to other records.
func (w *Writer) conflict(rec *mapping.Record, fields []mapping.Field, holders []*mapping.Existing, refused *attio.Error) *outcome.Problem {
	p := &outcome.Problem{Row: rec.Row, Line: rec.Line, Severity: outcome.Error, Code: outcome.UniquenessConflict}
	if refused != nil {
		p = w.problem(rec, fields, refused)
	}
	if f := sharedField(fields, rec.Keys, holders); f != nil {
		p.Attribute, p.Column, p.Value = f.Attribute.Slug, f.Column, said(f)
	}
	p.Message = fmt.Sprintf("%s %q belongs to another record: %s", p.Attribute, p.Value, urls(holders))
	p.Hint = "correct the row, or merge the records in Attio"
	if w.plan.Mode() == mapping.Create {
		p.Hint = "mode: upsert in the mapping would update that record"
	}
	p.Hint += trace(refused)
	return p
}

// invisible is the row's problem where the API says that a value belongs to
// another record, and no look-up shows it.
func (w *Writer) invisible(rec *mapping.Record, fields []mapping.Field, refused *attio.Error) *outcome.Problem {
	p := w.problem(rec, fields, refused)
	p.Code = outcome.ConflictNotVisible
	p.Message += " No look-up shows that record."
	p.Hint = "look for the value in Attio, also among records that this token may not see and on other objects" + trace(refused)
	return p
}

// sharedField finds the field whose value the first holder has: one that is
// unique in Attio, or a key.
func sharedField(fields []mapping.Field, keys []mapping.Key, holders []*mapping.Existing) *mapping.Field {
	for i := range fields {
		f := &fields[i]
		if !f.Attribute.Unique && !isKey(keys, f) {
			continue
		}
		for _, v := range f.Values {
			if slices.ContainsFunc(holders[0].Values[f.Attribute.Slug], v.Equal) {
				return f
			}
		}
	}
	return nil
}

func urls(es []*mapping.Existing) string {
	said := make([]string, len(es))
	for i, e := range es {
		said[i] = e.WebURL
	}
	return strings.Join(said, ", ")
}

// sleep waits, unless the context is over first.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
