package write

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"attio-import/importer/attio"
	"attio-import/importer/outcome"
	"attio-import/mapping"
	"attio-import/mapping/schema"
	"attio-import/mapping/value"
)

// API is what a Writer needs of the workspace; *attio.Client has it. values is
// the JSON object of `values`; the Writer uses its memory again after the call.
type API interface {
	Create(ctx context.Context, object string, values []byte, how attio.Creating) (attio.Written, error)
	Update(ctx context.Context, object, id string, values []byte) (attio.Written, error)
	Overwrite(ctx context.Context, object, id string, values []byte) (attio.Written, error)
}

// Plan is what a Writer needs of a bound mapping; *mapping.Plan has it.
type Plan interface {
	Object() *schema.Object
	Mode() mapping.Mode
	Decide(*mapping.Record) mapping.Change
}

// Lookup is what a Writer needs of the stage before it; *resolve.Resolver has
// it. It is asked only about references that are still open, conflicts and lost answers.
type Lookup interface {
	// Await settles a reference that the look-up left open: it gives the record,
	// or says that it is to be created, or leaves the reason in the row's problems.
	Await(context.Context, *mapping.Record, *mapping.Field, *mapping.Reference) (v value.Value, create bool, err error)
	// Ended says that the row is through, after what it became was learnt.
	Ended(*mapping.Record)
	// Known gives the record that a reference is known to name by now.
	Known(*mapping.Reference) (value.Value, bool)
	// Learn takes note of a record that was made or changed.
	Learn(object *schema.Object, id string, fields []mapping.Field)
	// Holders asks the workspace who has one of the keys, or one of the unique
	// values among the fields, and by whom they were made. An [outcome.Problem] as
	// its error is the row's own: a record that was found cannot be read.
	Holders(ctx context.Context, object *schema.Object, fields []mapping.Field, keys []mapping.Key) ([]*mapping.Existing, error)
	// Record reads one record with the values of the fields and keys; nil
	// if there is none of that id any more. Its errors are those of Holders.
	Record(ctx context.Context, object *schema.Object, id string, fields []mapping.Field, keys []mapping.Key) (*mapping.Existing, error)
	// Claim says that a row turned out to be about a record; its problem, if
	// another row of the run is too.
	Claim(*mapping.Record, *mapping.Existing) *outcome.Problem
}

// Writer brings resolved records into the workspace. It is safe for concurrent use.
type Writer struct {
	api     API
	plan    Plan
	object  *schema.Object
	lookup  Lookup
	journal Journal
	policy  policy
	actor   actor
	makings makings
	bodies  sync.Pool // of *[]byte

	stopping context.Context // ends when the run is to stop
	stop     context.CancelFunc
}

// New makes a Writer.
func New(api API, plan Plan, lookup Lookup, o Options) *Writer {
	w := &Writer{
		api: api, plan: plan, object: plan.Object(), lookup: lookup,
		journal: o.Journal, policy: newPolicy(o),
		makings: makings{flights: map[wanted]*making{}},
		bodies:  sync.Pool{New: func() any { return new([]byte) }},
	}
	if w.journal == nil {
		w.journal = noJournal{}
	}
	w.actor.earlier = o.Actor
	w.stopping, w.stop = context.WithCancel(context.Background())
	return w
}

// Stop says that the run is to stop. Rows that wait for what other rows make, for a
// quiet time to pass, or for an API that is away (if the API has a Stop of its own, as
// *attio.Client has) come back undecided; calls under way go on.
func (w *Writer) Stop() {
	w.stop()
	if api, ok := w.api.(interface{ Stop() }); ok {
		api.Stop()
	}
}

// wait gives a wait a context that the run's stop ends too.
func (w *Writer) wait(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	release := context.AfterFunc(w.stopping, cancel)
	return ctx, func() { release(); cancel() }
}

// Write brings one resolved record into the workspace with the one call that
// it needs, or none, after it has made the references that are to be created. A
// record that may have been written before is settled first. rec is changed.
// Records are to be written in the order of their rows, some at a time: one that
// refers to an earlier row of the sheet waits until that is through.
//
// It ends in one of three ways:
//
//   - The outcome has an Action: the row is decided. There is no error.
//   - There is no Action and no error: nobody can tell yet. rec.Sent says what is
//     open; after rec.Sent.Until the record is to be resolved and written again.
//   - There is an error: the row is undecided, and so would be every other (the
//     token or the plan is refused, the network or the journal fails, an answer
//     was mixed up, ctx is over). The error wraps what was said, and names the row. If rec.Sent is
//     set, the row may have been written. If not, it was not; then rec.Recorded
//     says that an intent stands on record which should be withdrawn.
func (w *Writer) Write(ctx context.Context, rec *mapping.Record) (outcome.Outcome, error) {
	o := opened(rec)
	var err error
	if rec.Sent != nil {
		err = w.settle(ctx, rec, &o)
	} else {
		err = w.begin(ctx, rec, &o)
	}
	if err != nil {
		o.Action = ""
		return o, fmt.Errorf("row %d: %w", rec.Row, err)
	}
	if o.Action != "" {
		w.lookup.Ended(rec)
	}
	return o, nil
}

// begin brings a row in that was never sent before.
func (w *Writer) begin(ctx context.Context, rec *mapping.Record, o *outcome.Outcome) error {
	if err := w.ready(ctx, rec, o); err != nil || o.Action != "" {
		return err
	}
	if err := w.renew(ctx, rec, o); err != nil || o.Action != "" {
		return err
	}
	return w.carryOut(ctx, rec, o)
}

// ready fills a record's references. A record that cannot be written then has
// its outcome.
func (w *Writer) ready(ctx context.Context, rec *mapping.Record, o *outcome.Outcome) error {
	p, err := w.fillAll(ctx, rec)
	o.Problems = rec.Problems
	switch {
	case err != nil:
		return err
	case p != nil:
		reject(o, p)
	case rec.Failed():
		o.Action, o.Stage = outcome.Rejected, outcome.Resolve
	}
	return nil
}

// carryOut decides what a record needs and does it. It is asked a second time
// where a create turned out to be an update.
func (w *Writer) carryOut(ctx context.Context, rec *mapping.Record, o *outcome.Outcome) error {
	change := w.plan.Decide(rec)
	if e := rec.Existing; e != nil {
		o.RecordID, o.WebURL = e.ID, e.WebURL
	}
	switch change.Kind {
	case mapping.KindCreate:
		return w.create(ctx, rec, change.Fields, o)
	case mapping.KindUpdate:
		return w.update(ctx, rec, &change, o)
	}
	o.Action, o.Changes = outcome.Unchanged, change.Changes // what was kept
	return nil
}

// matter is what is known of a record, to be judged.
func (w *Writer) matter(rec *mapping.Record, found []*mapping.Existing) *matter {
	by := tokens{own: w.actor.known(), earlier: w.actor.earlier}
	return &matter{rec: rec, found: found, sent: rec.Sent, mode: w.plan.Mode(), by: by, asked: w.asked(rec), now: time.Now()}
}

// asked reports whether another row of the sheet referred to a record that may
// have been sent before, and so may have made it.
func (w *Writer) asked(rec *mapping.Record) bool {
	return rec.Sent != nil && slices.ContainsFunc(rec.Keys, func(k mapping.Key) bool {
		return w.journal.Asked(referenceTo(w.object, k.Attribute, k.Value))
	})
}

// opened is the outcome of a row of which nothing is known yet but what the
// stages before have found.
func opened(rec *mapping.Record) outcome.Outcome {
	o := outcome.Outcome{Row: rec.Row, Line: rec.Line, Stage: outcome.Write, Problems: rec.Problems}
	if len(rec.Keys) > 0 {
		o.Key = rec.Keys[0].Value.Canonical()
	}
	if rec.Sent != nil {
		o.Attempts = rec.Sent.Tries
	}
	return o
}

func reject(o *outcome.Outcome, p *outcome.Problem) {
	o.Action = outcome.Rejected
	o.Problems = append(o.Problems, *p)
}
