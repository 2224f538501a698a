package importer

import (
	"context"
	"time"

	"attio-import/importer/outcome"
	"attio-import/importer/source"
	"attio-import/mapping"
)

// Resolver looks up what a window of records needs to know of the workspace:
// it replaces references by values, finds existing records, and adds problems
// to the records that cannot go on. It is called from one goroutine. An error
// means that the run cannot go on.
type Resolver interface {
	Resolve(ctx context.Context, records []*mapping.Record) error
}

// Writer brings one resolved record into the workspace, or decides what that
// would take. It is called from several goroutines, and the calls begin in row
// order: a row may wait for one above it. Every record that the Resolver left
// without an error is written, unless the run stops. The outcome holds even
// where there is an error; an error means that no other row can succeed either.
type Writer interface {
	// Intent says which write a resolved record is about to need, where that can
	// be told ahead. It changes nothing.
	Intent(record *mapping.Record) (outcome.Intent, bool)
	Write(ctx context.Context, record *mapping.Record) (outcome.Outcome, error)
}

// Sink receives each row with its outcome, in source order, from one goroutine.
// An error ends the run; rows that are done by then are put all the same.
type Sink interface {
	Put(row source.Row, o outcome.Outcome) error
}

// Journal puts on record what is about to be done and what became of it, so
// that a run which ends early can be taken up again. It is called from several
// goroutines. Its errors are final and stop the run.
type Journal interface {
	// Intend returns when the intents last.
	Intend(ctx context.Context, intents ...outcome.Intent) error
	// Put takes the outcome of a row as soon as it is known; cells, or raw, are
	// the row as it stood in the source, where it failed.
	Put(o *outcome.Outcome, cells []string, raw string) error
	// Withdraw says that the intents of rows were never sent and will not be.
	Withdraw(rows ...int) error
}

// Past is what earlier processes of the same run left on record.
type Past interface {
	Done(row int) bool          // the row has its outcome
	Open(row int) *outcome.Sent // the row may have been written; nil: no
}

// Progress is told of every outcome as soon as it is known, in no particular
// order, from one goroutine.
type Progress interface {
	Done(o *outcome.Outcome)
}

// Import is one sheet on its way into one workspace.
type Import struct {
	Source   *source.File
	Plan     *mapping.Plan
	Resolver Resolver // nil: nothing is looked up
	Writer   Writer   // nil: rows that pass the checks are valid, and nothing is written
	Sink     Sink
	Progress Progress // nil: nobody watches
	Journal  Journal  // nil: nothing is kept, and the run cannot be taken up again
	Past     Past     // nil: the run begins here
	Options  Options
}

// Options tune a run. The zero value is a working default.
type Options struct {
	// Workers is the number of writes under way at once; default 16. At 25
	// writes a second and 400 ms a call, 10 are busy.
	Workers int
	// Window is the number of rows that are looked up together; default 400,
	// so that one query names all their keys and one page holds its answer
	// (the API's pages end at 500).
	Window int
	// Limit ends the run after that many rows; 0: no limit.
	Limit int
	// MaxErrors stops the run when more rows than that fail; the zero Limit never does.
	MaxErrors Limit
	// Grace is how long calls under way may take after the run was told to
	// stop; default 30 s.
	Grace time.Duration
}

// windowsUnderWay bounds the rows in memory: one window being read, one being
// looked up, one being written, and one whose slowest row is still awaited.
const windowsUnderWay = 4

func (o Options) withDefaults() Options {
	if o.Workers <= 0 {
		o.Workers = 16
	}
	if o.Window <= 0 {
		o.Window = 400
	}
	if o.Grace <= 0 {
		o.Grace = 30 * time.Second
	}
	return o
}
