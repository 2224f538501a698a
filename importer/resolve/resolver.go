package resolve

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"attio-import/importer/attio"
	"attio-import/mapping"
	"attio-import/mapping/schema"
	"attio-import/mapping/value"
)

// API is what a Resolver needs of the workspace; *attio.Client has it.
type API interface {
	// Query answers one page of the records of an object that a filter finds,
	// with the server's time.
	Query(ctx context.Context, object string, q attio.Query) (attio.Page, error)
	// Get reads a record; an [*attio.Error] with status 404 says that there is none.
	Get(ctx context.Context, object, id string) (attio.Record, error)
	// Members lists all members of the workspace.
	Members(ctx context.Context) ([]attio.Member, error)
}

// Plan is what a Resolver needs of a bound mapping; *mapping.Plan has it.
type Plan interface {
	Object() *schema.Object
	Mode() mapping.Mode
	Match() []*schema.Attribute
}

// Options tune a Resolver. The zero value is a working default.
type Options struct {
	// Queries is the number of queries that one window may have under way at
	// once; default 8. The read budget of the client bounds them all.
	Queries int
}

func (o Options) withDefaults() Options {
	if o.Queries <= 0 {
		o.Queries = 8
	}
	return o
}

// Resolver looks up, for one run, the records that rows refer to and the
// records that rows are about. It is safe for concurrent use.
type Resolver struct {
	api       API
	plan      Plan
	options   Options
	directory directory
	began     earliest
	claims    *claims
	sheet     *sheet

	mu      sync.RWMutex
	indexes map[place]*index
	targets map[*schema.Attribute]*target // of match keys
}

// place names an attribute of an object.
type place struct{ object, attribute string }

// New makes a Resolver with nothing looked up yet.
func New(api API, plan Plan, o Options) *Resolver {
	return &Resolver{
		api:       api,
		plan:      plan,
		options:   o.withDefaults(),
		directory: directory{api: api},
		claims:    newClaims(plan.Match()),
		sheet:     newSheet(plan.Object()),
		indexes:   map[place]*index{},
		targets:   map[*schema.Attribute]*target{},
	}
}

// Resolve looks up what a window of records needs and puts it into them:
//
//   - References become Values. One that is to be created, or that an earlier
//     row of the sheet may make, stays in Field.References for [Resolver.Await],
//     and the zero [value.Value] holds its place in Values.
//   - Existing becomes the record that the keys found; in create mode that is
//     the holder of the key, and the record has a problem. Each is given to one
//     row of the run, the first in the order of the calls and of records.
//   - What cannot go on gets its problems.
//   - At becomes the server's time of the earliest answer about the window's
//     keys; it stays zero where the window has none.
//
// A record that may have been written (Sent) gets Found in place of Existing.
// Its keys refuse nothing and claim nothing; its problems are those of its
// references, and those for which it is in doubt. It may be resolved again, as
// a new record of the same row, and is to be written whatever its problems are.
//
// The windows come in the order of the sheet, but for what is resolved again. A
// record without an error is then to be written, in that order, and
// [Resolver.Ended] told once nothing more will be done for its row.
//
// Blank records, and those that have errors already, are left alone and cost no
// read. The error is not about a row: no further row could be looked up
// (a refused token, a network that stays away, a cancelled context).
func (r *Resolver) Resolve(ctx context.Context, records []*mapping.Record) error {
	records = alive(records)
	begun := time.Now()
	r.sheet.begin(records)
	found := r.matches(records)
	if err := r.round(ctx, records, found); err != nil {
		return err
	}
	at := found.at.time()
	for _, rec := range records {
		r.placeAll(rec, found)
		rec.At, rec.LookedUp = at, begun
	}
	return nil
}

// placeAll puts what was found into a record.
func (r *Resolver) placeAll(rec *mapping.Record, found *matches) {
	r.placeReferences(rec)
	if rec.Sent != nil {
		r.placeFound(rec, found)
		r.sheet.asks(rec)
		return
	}
	r.placeExisting(rec, found)
	if rec.Failed() || rec.Existing == nil && len(rec.NewProblems) > 0 {
		r.Ended(rec) // it will not be written
		return
	}
	r.sheet.asks(rec)
}

// alive leaves out the records that no look-up can help. One that may have been
// written is looked for whatever is wrong with it.
func alive(records []*mapping.Record) []*mapping.Record {
	live := make([]*mapping.Record, 0, len(records))
	for _, rec := range records {
		if !rec.Blank && (rec.Sent != nil || !rec.Failed()) {
			live = append(live, rec)
		}
	}
	return live
}

// round asks until nothing is wished for any more: keys and references first,
// then the references that the missing ones among them would be created with.
// A wish that another window has under way is waited for; should that window
// fail, the wish is asked here in the next turn.
func (r *Resolver) round(ctx context.Context, records []*mapping.Record, found *matches) error {
	for first := true; ; first = false {
		w := r.wishes(records)
		if !first && w.none() {
			return nil
		}
		err := r.run(ctx, w, found, first)
		w.release()
		if err != nil {
			return err
		}
		if err := w.wait(ctx); err != nil {
			return err
		}
	}
}

// run sends the queries of one turn, as many at once as the options allow.
func (r *Resolver) run(ctx context.Context, w *wishes, found *matches, withKeys bool) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(r.options.Queries)
	if withKeys {
		r.askKeys(ctx, g, found)
	}
	if w.members {
		g.Go(func() error { return r.directory.load(ctx) })
	}
	for x, keys := range w.claimed {
		r.askAll(ctx, g, x.target, keys, nil, x.learn)
	}
	return g.Wait()
}

// index gives what the run knows of a referenced object by one attribute.
func (r *Resolver) index(object *schema.Object, by *schema.Attribute) *index {
	p := place{object.Slug, by.Slug}
	r.mu.RLock()
	x := r.indexes[p]
	r.mu.RUnlock()
	if x != nil {
		return x
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if x = r.indexes[p]; x == nil {
		x = newIndex(object, by)
		r.indexes[p] = x
	}
	return x
}

// target gives the match attribute's target, which remembers over the windows
// how large a query may be.
func (r *Resolver) target(by *schema.Attribute) *target {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.targets[by]
	if t == nil {
		t = newTarget(r.plan.Object(), by)
		r.targets[by] = t
	}
	return t
}

// Await settles a reference that Resolve left open. Where an earlier row of the
// sheet may make the record, it waits until that row has ended. Then it gives the
// record, or says that it is to be created. Neither means that the reference
// is left out, or cannot be had; the record has the problem. The error is that
// of the context.
func (r *Resolver) Await(ctx context.Context, rec *mapping.Record, f *mapping.Field, ref *mapping.Reference) (v value.Value, create bool, err error) {
	row, err := r.sheet.wait(ctx, rec.Row, ref)
	if err != nil {
		return value.Value{}, false, err
	}
	known := len(rec.Problems)
	v, create = r.look(rec, f, ref)
	if row > 0 && len(rec.Problems) > known {
		rec.Problems[known].Message += fmt.Sprintf(" (row %d of the sheet names it, but was not written)", row)
	}
	return v, create, nil
}

// Ended says that nothing more will be done for a record that was resolved.
// What it became was told to [Resolver.Learn] before.
func (r *Resolver) Ended(rec *mapping.Record) { r.sheet.end(rec.Row) }

// Known gives the record that a reference names, as far as the run knows by
// now: a reference that was still to be created when its window was looked up
// may have been made for another row meanwhile.
func (r *Resolver) Known(ref *mapping.Reference) (value.Value, bool) {
	if ref.Rule.Object == nil {
		return value.Value{}, false
	}
	f, ok := r.index(ref.Rule.Object, ref.Rule.By).get(ref.Key)
	if !ok || f.id == "" {
		return value.Value{}, false
	}
	return value.Reference(ref.Rule.Object.Slug, f.id), true
}

// Learn takes note of a record that the run has made or changed, so that rows
// which refer to it by one of its new values find it without another look-up. Only
// keys that were found missing before are touched.
func (r *Resolver) Learn(object *schema.Object, id string, fields []mapping.Field) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if len(r.indexes) == 0 {
		return
	}
	for i := range fields {
		if x := r.indexes[place{object.Slug, fields[i].Attribute.Slug}]; x != nil {
			x.made(fields[i].Values, id)
		}
	}
}
