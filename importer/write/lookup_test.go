package write

import (
	"context"
	"sync"

	"attio-import/importer/outcome"
	"attio-import/mapping"
	"attio-import/mapping/schema"
	"attio-import/mapping/value"
)

// fakeLookup remembers what it learns, and finds what it is told to.
type fakeLookup struct {
	mu      sync.Mutex
	known   map[string]string // canonical key -> id, of companies
	late    int               // so many times nothing is known yet
	learnt  []string          // ids
	ended   []int             // rows
	asked   int
	holders func(n int, object string) ([]*mapping.Existing, error) // n counts from 1
	records map[string]*mapping.Existing                            // that can be read by id
	read    int
	readErr error
	taken   map[string]bool // ids that other rows are about
}

func newLookup() *fakeLookup { return &fakeLookup{known: map[string]string{}} }

func (f *fakeLookup) Known(ref *mapping.Reference) (value.Value, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	id, ok := f.known[ref.Key.Canonical()]
	if f.late--; !ok || f.late >= 0 {
		return value.Value{}, false
	}
	return value.Reference(ref.Rule.Object.Slug, id), true
}

func (f *fakeLookup) Await(_ context.Context, _ *mapping.Record, _ *mapping.Field, ref *mapping.Reference) (value.Value, bool, error) {
	v, known := f.Known(ref)
	return v, !known, nil
}

func (f *fakeLookup) Ended(rec *mapping.Record) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ended = append(f.ended, rec.Row)
}

func (f *fakeLookup) Learn(o *schema.Object, id string, fields []mapping.Field) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.learnt = append(f.learnt, id)
	for _, fld := range fields {
		for _, v := range fld.Values {
			if o == companies && fld.Attribute == domains {
				f.known[v.Canonical()] = id
			}
		}
	}
}

func (f *fakeLookup) Holders(ctx context.Context, o *schema.Object, _ []mapping.Field, _ []mapping.Key) ([]*mapping.Existing, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked++
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if f.holders == nil {
		return nil, nil
	}
	return f.holders(f.asked, o.Slug)
}

func (f *fakeLookup) Record(_ context.Context, _ *schema.Object, id string, _ []mapping.Field, _ []mapping.Key) (*mapping.Existing, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.read++
	if f.readErr != nil {
		return nil, f.readErr
	}
	return f.records[id], nil
}

func (f *fakeLookup) Claim(rec *mapping.Record, e *mapping.Existing) *outcome.Problem {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.taken[e.ID] {
		return &outcome.Problem{Row: rec.Row, Severity: outcome.Error, Code: outcome.DuplicateKey}
	}
	return nil
}

// bound stands in for a bound mapping. It decides like one: by values.
type bound struct {
	mode mapping.Mode
}

func (bound) Object() *schema.Object { return object }
func (b bound) Mode() mapping.Mode   { return b.mode }
func (bound) Decide(rec *mapping.Record) mapping.Change {
	return new(mapping.Plan).Decide(rec)
}

func existing(id string, created string, fields ...mapping.Field) *mapping.Existing {
	e := &mapping.Existing{ID: id, WebURL: "https://app.attio.test/" + id, CreatedAt: created, Values: map[string][]value.Value{}}
	for _, f := range fields {
		e.Values[f.Attribute.Slug] = f.Values
	}
	return e
}

func found(es ...*mapping.Existing) func(int, string) ([]*mapping.Existing, error) {
	return func(int, string) ([]*mapping.Existing, error) { return es, nil }
}

// quietLookup knows nothing and keeps nothing.
type quietLookup struct{}

func (quietLookup) Learn(*schema.Object, string, []mapping.Field) {}
func (quietLookup) Known(*mapping.Reference) (value.Value, bool)  { return value.Value{}, false }
func (quietLookup) Holders(context.Context, *schema.Object, []mapping.Field, []mapping.Key) ([]*mapping.Existing, error) {
	return nil, nil
}
func (quietLookup) Claim(*mapping.Record, *mapping.Existing) *outcome.Problem { return nil }
func (quietLookup) Ended(*mapping.Record)                                     {}
func (quietLookup) Await(context.Context, *mapping.Record, *mapping.Field, *mapping.Reference) (value.Value, bool, error) {
	return value.Value{}, true, nil
}
func (quietLookup) Record(context.Context, *schema.Object, string, []mapping.Field, []mapping.Key) (*mapping.Existing, error) {
	return nil, nil
}
