package write

import (
	"context"
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
	// values among the fields. An [outcome.Problem] as its error is the row's
	// own: a record that was found cannot be read.
	Holders(ctx context.Context, object *schema.Object, fields []mapping.Field, keys []mapping.Key) ([]*mapping.Existing, error)
	// Record reads one record with the values of the fields and keys; nil
	// if there is none of that id any more.
	Record(ctx context.Context, object *schema.Object, id string, fields []mapping.Field, keys []mapping.Key) (*mapping.Existing, error)
	// Claim says that a row turned out to be about a record; its problem, if
	// another row of the run is too.
	Claim(*mapping.Record, *mapping.Existing) *outcome.Problem
	// Began is when the run began, by the server's clock; zero if not known.
	Began() time.Time
}

// Options tune a Writer. The zero value is a working default.
type Options struct {
	// QuietTime is how long a write whose answer was lost is left alone before
	// it is looked up: the request may still be on its way; default 5 s.
	QuietTime time.Duration
}

func (o Options) withDefaults() Options {
	if o.QuietTime <= 0 {
		o.QuietTime = 5 * time.Second
	}
	return o
}

// Writer brings resolved records into the workspace. It is safe for concurrent use.
type Writer struct {
	api     API
	plan    Plan
	object  *schema.Object
	lookup  Lookup
	options Options
	makings makings
	bodies  sync.Pool // of *[]byte
}

// New makes a Writer.
func New(api API, plan Plan, lookup Lookup, o Options) *Writer {
	return &Writer{
		api: api, plan: plan, object: plan.Object(), lookup: lookup, options: o.withDefaults(),
		makings: makings{flights: map[wanted]*making{}},
		bodies:  sync.Pool{New: func() any { return new([]byte) }},
	}
}

// Write brings one resolved record into the workspace with the one call that
// it needs, or none, after it has made the references that are to be created.
// rec has no errors, and is changed. Records are to be written in the order of
// their rows, some at a time: one that refers to an earlier row of the
// sheet waits until that is through.
//
// The outcome holds even where there is an error: the error says that no other
// row can succeed either (the token is refused, the plan's record limit is
// reached, the network stays away, ctx is over) and wraps what the API said.
func (w *Writer) Write(ctx context.Context, rec *mapping.Record) (outcome.Outcome, error) {
	defer w.lookup.Ended(rec)
	p, err := w.fillAll(ctx, rec)
	o := opened(rec)
	switch {
	case p != nil:
		reject(&o, p)
	case rec.Failed():
		o.Action, o.Stage = outcome.Rejected, outcome.Resolve
	default:
		err = w.carryOut(ctx, rec, &o)
	}
	return o, err
}

// Intent says which write a resolved record is about to need.
func (w *Writer) Intent(*mapping.Record) (outcome.Intent, bool) { return outcome.Intent{}, false }

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

// opened is the outcome of a row of which nothing is known yet but what the
// stages before have found.
func opened(rec *mapping.Record) outcome.Outcome {
	o := outcome.Outcome{Row: rec.Row, Line: rec.Line, Stage: outcome.Write, Problems: rec.Problems}
	if len(rec.Keys) > 0 {
		o.Key = rec.Keys[0].Value.Canonical()
	}
	return o
}

func reject(o *outcome.Outcome, p *outcome.Problem) {
	o.Action = outcome.Rejected
	o.Problems = append(o.Problems, *p)
}
