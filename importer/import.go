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
// to the records that cannot go on. The windows of the sheet come in order; rows
// that are settled come between them, so it is called from two goroutines. An
// error means that the run cannot go on.
//
// Of a record that may have been written already (Sent is set) its problems
// decide nothing: it goes to the Writer with them.
type Resolver interface {
	Resolve(ctx context.Context, records []*mapping.Record) error
}

// Writer brings one resolved record into the workspace, or decides what that
// would take. It is called from several goroutines, and the calls for rows that
// come for the first time begin in row order: a row may wait for one above it.
// Every record that the Resolver left without an error is written, and every
// one whose Sent is set, unless the run stops.
//
// Write returns one of three:
//
//   - An outcome with an Action: the row is decided. It holds even where an
//     error stands beside it, which says that no other row can succeed.
//   - No Action, no error, and record.Sent set: the row may have been written
//     and is parked. Not before Sent.Until it is mapped and looked up again, with
//     the same Sent and nothing else of the record, and comes back to Write.
//     Rows that wait for it in Write hold up none of that. If the run stops
//     first, the row is left open.
//   - No Action and an error: the row is undecided, and the run stops. If
//     record.Sent is set the row is left open, for the next process to settle. If
//     it is not, the row's request has not left and will not, and its
//     intent is withdrawn, whoever put it on record.
//
// What is undecided or left open goes neither to the Journal nor to the Sink.
// A Sent that was set once stays: a Writer replaces it, and never takes it away.
type Writer interface {
	// Intent says which write a resolved record is about to need, where that can
	// be told ahead. It changes nothing. Where it says so, the intent is on record, and
	// record.Recorded true, before Write gets the record.
	Intent(record *mapping.Record) (outcome.Intent, bool)
	Write(ctx context.Context, record *mapping.Record) (outcome.Outcome, error)
}

// Stopper is a Writer that wants to know when the run is to stop. A row that
// waits in Write for a row above it is then to come back undecided: what it waits for
// may be parked, and is left open. Calls under way are left alone.
type Stopper interface {
	// Stop is called once at most, from a goroutine of its own.
	Stop()
}

// Sink receives each row with its outcome, in source order, from one goroutine.
// An error ends the run; rows that are done by then are put all the same.
type Sink interface {
	Put(row source.Row, o outcome.Outcome) error
}

// Journal puts on record what is about to be done and what became of it, so
// that a run which ends early can be taken up again. It is called from several
// goroutines. Its errors stop the run. After one of Intend no further intent comes,
// but the outcomes of what is under way still do: a disk that is full may have kept
// room for them. After one of Put or Withdraw it is not called again.
type Journal interface {
	// Intend returns when the intents last.
	Intend(ctx context.Context, intents ...outcome.Intent) error
	// Put takes the outcome of a row as soon as it is known; cells, or raw, are
	// the row as it stood in the source, where it failed.
	Put(o *outcome.Outcome, cells []string, raw string) error
	// Withdraw says that the intents of rows were never sent and will not be. A
	// row without an intent may be among them.
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
	// Waiting, which may be nil, is told when nothing is left but rows whose answers
	// got lost, and until when they are left alone. It is called by one goroutine, more than once.
	Waiting func(rows int, until time.Time)
	Journal Journal // nil: nothing is kept, and the run cannot be taken up again
	Past    Past    // nil: the run begins here

	// PastFailed is how many of the rows that Past calls done have failed,
	// whatever failed in them. They count for MaxErrors, each once.
	PastFailed int
	// Others are further sheets of the same run, whose rows count where rows must
	// not have the same key. They get no outcome.
	Others  []Other
	Options Options

	// Tally is what Run leaves, however it ends; zero before.
	Tally Tally
}

// Other is a sheet whose rows belong to a run that is not about them now: of a
// retry, the sheet that the run began with. The numbers of its rows that count and of those
// of the Import's own Source are places in one and the same sheet.
type Other struct {
	Source *source.File
	Plan   *mapping.Plan      // nil: the Import's own
	Counts func(row int) bool // nil: all rows
}

// Tally counts the rows of a source by where Run left them. Rows that are in no
// count were not taken up, or came back undecided and unsent.
type Tally struct {
	Rows    int // all
	Earlier int // had their outcome before
	Decided int // have got their outcome now, and it is on record
	Open    int // may have been written, and have no outcome: left for the next process
}

// Left is how many rows have no outcome, the open ones among them.
func (t Tally) Left() int { return t.Rows - t.Earlier - t.Decided }

// Options tune a run. The zero value is a working default.
type Options struct {
	// Workers is the number of writes under way at once; default 16. At 25
	// writes a second and 400 ms a call, 10 are busy.
	Workers int
	// Window is the number of rows that are looked up together; default 400,
	// so that one query names all their keys and one page holds its answer
	// (the API's pages end at 500).
	Window int
	// Limit ends the run after that many rows, those that were done earlier not
	// counted; 0: no limit.
	Limit int
	// MaxErrors stops the run when more rows than that fail; the zero Limit never does.
	MaxErrors Limit
	// Grace is how long calls under way may take after the run was told to
	// stop; default 30 s.
	Grace time.Duration
}

// windowsUnderWay bounds the rows in memory: one window being read, one being
// looked up, one being put on record, one being written, and one whose slowest
// row is still awaited.
const windowsUnderWay = 5

// maxHeld bounds the rows that are held for a parked one, because the Sink
// wants them in order, parked ones included. What is under way comes on top.
const maxHeld = 10_000

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
