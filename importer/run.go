package importer

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"attio-import/importer/outcome"
	"attio-import/mapping"
)

// ErrInterrupted says that the context was cancelled before all rows were done.
var ErrInterrupted = errors.New("interrupted")

// TooManyErrors says that more rows failed than the user allows.
type TooManyErrors struct {
	Failed, Rows int
	Invalid      int // those of the failed that the first pass refused, wherever in the source they stand
	Limit        Limit
	Written      bool // writes had begun
}

func (e *TooManyErrors) Error() string {
	when := "before the first write"
	if e.Written {
		when = "so far"
	}
	text := fmt.Sprintf("%d of %d rows failed %s, more than the %s allowed", e.Failed, e.Rows, when, e.Limit)
	if !e.Written || e.Invalid == 0 {
		return text
	}
	was := "were"
	if e.Invalid == 1 {
		was = "was"
	}
	// They count from the start, and so are more than the report of a stopped run has.
	return text + fmt.Sprintf("; %d of them %s found invalid when the whole sheet was checked, before the first write", e.Invalid, was)
}

// run is one second pass.
type run struct {
	*Import
	opts  Options
	check *Check
	past  past

	reading  context.Context // ends when the run is to stop
	stop     context.CancelCauseFunc
	calls    context.Context // outlives reading by the grace
	windows  chan []*item
	resolved chan []*item
	recorded chan []*item // resolved itself where nothing is put on record
	jobs     chan *item
	finished chan event
	slots    chan struct{} // a token a window under way
	settling *settling
	broken   atomic.Pointer[error] // why the Journal takes no more intents
	deaf     atomic.Bool           // it takes no outcomes either

	// Written by one stage each, read after all have ended.
	sent    int       // rows that the reader sent on
	atEnd   bool      // the reader came to the source's end, or to the limit
	ahead   [][]*item // the windows put on record last, those that are not taken up yet among them
	put     int       // rows that the Sink took
	decided int       // rows whose outcome is on record
	open    int       // rows that may have been written and have no outcome
	unsent  []int     // rows that came back undecided and unsent
}

// Run is the second pass: it brings every row to its outcome. check is what
// [Import.Check] found in the same source with the same plan and Others. Run
// leaves the Import's Tally.
//
// The error is nil when all rows were done. It is [ErrInterrupted] when ctx was
// cancelled first, a [*TooManyErrors] when too many rows failed, or what a stage
// returned, the source's own error among them: it tells if it is not what the first pass
// read. An error of the Journal comes before all of these. In every case the
// Journal and the Sink have what is known.
func (im *Import) Run(ctx context.Context, check *Check) error {
	r := newRun(im, check)
	defer r.count()
	if failed := r.failedBefore(); im.Writer != nil && r.opts.MaxErrors.Exceeded(failed, check.Rows) {
		return &TooManyErrors{Failed: failed, Rows: check.Rows, Invalid: failed - im.PastFailed, Limit: r.opts.MaxErrors, Written: im.PastFailed > 0}
	}
	r.reading, r.stop = context.WithCancelCause(ctx)
	defer r.stop(nil)
	calls, cutOff := context.WithCancel(context.WithoutCancel(ctx))
	defer cutOff()
	r.calls = calls
	defer context.AfterFunc(r.reading, func() { r.drain(cutOff) })()
	err := r.reason(ctx, r.stages())
	r.withdraw()
	if broken := r.broken.Load(); broken != nil {
		return *broken
	}
	return err
}

func newRun(im *Import, check *Check) *run {
	opts := im.Options.withDefaults()
	r := &run{
		Import: im, opts: opts, check: check, past: lookBack(im.Past, check),
		windows: make(chan []*item), resolved: make(chan []*item), recorded: make(chan []*item),
		jobs: make(chan *item, opts.Workers), finished: make(chan event, opts.Workers),
		slots: make(chan struct{}, windowsUnderWay),
	}
	if !r.recording() {
		r.recorded = r.resolved
	}
	r.open = r.past.open
	r.settling = newSettling(r)
	return r
}

// drain gives what is under way its grace.
func (r *run) drain(cutOff func()) {
	time.AfterFunc(r.opts.Grace, cutOff)
	if s, ok := r.Writer.(Stopper); ok {
		s.Stop()
	}
}

// stages runs the pipeline to its end, and tells what stopped it, if anything
// did. What ends the run goes through stop, so that no call is cut off because another failed.
func (r *run) stages() error {
	var all errgroup.Group // without a context of its own, which one error would end for all
	var workers sync.WaitGroup
	all.Go(r.stopping(r.read))
	all.Go(r.stopping(r.resolve))
	if r.recording() {
		all.Go(r.stopping(r.record))
	}
	all.Go(r.stopping(r.feed))
	for range r.opts.Workers {
		workers.Add(1)
		all.Go(func() error { defer workers.Done(); r.work(); return nil })
	}
	all.Go(func() error { r.settling.settle(); return nil })
	all.Go(func() error {
		workers.Wait()
		r.settling.wait()
		close(r.finished)
		return nil
	})
	all.Go(func() error { r.collect(); return nil })
	_ = all.Wait() // the cause says more: stages fail because they were stopped
	return context.Cause(r.reading)
}

// stopping is a stage whose error tells all stages to stop.
func (r *run) stopping(stage func() error) func() error {
	return func() error {
		err := stage()
		if err != nil {
			r.stop(err)
		}
		return err
	}
}

// reason is why the run ended, err being what stopped the stages.
func (r *run) reason(ctx context.Context, err error) error {
	switch {
	case ctx.Err() == nil || err != nil && !errors.Is(err, context.Cause(ctx)):
		return err
	case r.atEnd && r.put == r.sent:
		return nil // the wish to stop came after the last row
	}
	return ErrInterrupted
}

// resolve looks up each window's references and existing records.
func (r *run) resolve() error {
	defer close(r.resolved)
	for window := range r.windows {
		if err := r.lookUp(window); err != nil {
			return err
		}
		decideRefused(window)
		select {
		case r.resolved <- window:
		case <-r.reading.Done():
			return nil
		}
	}
	return nil
}

// feed hands the rows of resolved windows to the workers, so that the next
// window can be looked up meanwhile.
func (r *run) feed() error {
	defer close(r.jobs)
	for window := range r.recorded {
		for _, it := range window {
			select {
			case r.jobs <- it:
			case <-r.reading.Done():
				return nil
			}
		}
	}
	return nil
}

// lookUp resolves those of the rows that are not decided yet.
func (r *run) lookUp(rows []*item) error {
	if r.Resolver == nil {
		return nil
	}
	open := make([]*mapping.Record, 0, len(rows))
	for _, it := range rows {
		if !it.decided {
			open = append(open, it.rec)
		}
	}
	if len(open) == 0 {
		return nil
	}
	return r.Resolver.Resolve(r.reading, open)
}

// decideRefused decides the rows that the look-up leaves no way for.
func decideRefused(window []*item) {
	for _, it := range window {
		switch {
		case it.decided, it.mayBeWritten():
		case it.rec.Failed():
			it.decide(outcome.Rejected, outcome.Resolve, it.rec.Problems...)
		case it.rec.Existing == nil && it.asNew():
			it.decide(outcome.Invalid, outcome.Map, it.rec.Problems...)
		}
	}
}
