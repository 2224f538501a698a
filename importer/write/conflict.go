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
var patience = [...]time.Duration{0, 250 * time.Millisecond, 500 * time.Millisecond, time.Second, 2 * time.Second}

// holders waits for the records that are in the way to become visible; none,
// if they do not.
func (w *Writer) holders(ctx context.Context, object *schema.Object, fields []mapping.Field, keys []mapping.Key) ([]*mapping.Existing, error) {
	for _, d := range patience {
		if err := sleep(ctx, d); err != nil {
			return nil, err
		}
		found, err := w.lookup.Holders(ctx, object, fields, keys)
		if err != nil || len(found) > 0 {
			return found, err
		}
	}
	return nil, nil
}

// yield handles a create that came second. Where the mapping wants an upsert
// and the holder has the row's key, the row becomes an update of that record;
// else the row is rejected, and the person is told who is in the way.
func (w *Writer) yield(ctx context.Context, rec *mapping.Record, fields []mapping.Field, o *outcome.Outcome, refused *attio.Error) error {
	found, err := w.holders(ctx, w.object, rec.Fields, rec.Keys)
	if w.plan.Mode() == mapping.Upsert {
		if same := withKey(found, rec.Keys); len(same) == 1 {
			return w.takeOver(ctx, rec, same[0], o)
		}
	}
	reject(o, w.conflict(rec, fields, found, refused))
	return hindered(rec, o, err)
}

// takeOver makes a new row an update of a record that somebody else made since
// the row was looked up, unless another row of the run is about that record too.
// found has all attributes of the row's fields, those to clear included:
// what is not among its values counts as empty.
func (w *Writer) takeOver(ctx context.Context, rec *mapping.Record, found *mapping.Existing, o *outcome.Outcome) error {
	if p := w.lookup.Claim(rec, found); p != nil {
		reject(o, p)
		return nil
	}
	rec.Existing = found
	return w.carryOut(ctx, rec, o)
}

// nameHolder handles an update that would take a unique value from another record.
func (w *Writer) nameHolder(ctx context.Context, rec *mapping.Record, fields []mapping.Field, o *outcome.Outcome, refused *attio.Error) error {
	found, err := w.lookup.Holders(ctx, w.object, fields, nil)
	others := slices.DeleteFunc(found, func(e *mapping.Existing) bool { return e.ID == rec.Existing.ID })
	reject(o, w.conflict(rec, fields, others, refused))
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

// conflict is the row's problem where unique values belong to other records.
func (w *Writer) conflict(rec *mapping.Record, fields []mapping.Field, holders []*mapping.Existing, refused *attio.Error) *outcome.Problem {
	p := w.problem(rec, fields, refused)
	if len(holders) == 0 {
		p.Hint = "another record has the value, but it cannot be found; look for it in Attio, also among records that you may not see"
		return p
	}
	if f := sharedField(fields, holders); f != nil {
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

// sharedField finds the field whose unique value the first holder has.
func sharedField(fields []mapping.Field, holders []*mapping.Existing) *mapping.Field {
	for i := range fields {
		f := &fields[i]
		if !f.Attribute.Unique {
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
