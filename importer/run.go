package importer

import (
	"context"
	"errors"
	"fmt"
	"sync"
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
	Limit        Limit
	Written      bool // writes had begun
}

func (e *TooManyErrors) Error() string {
	when := "before the first write"
	if e.Written {
		when = "so far"
	}
	return fmt.Sprintf("%d of %d rows failed %s, more than the %s allowed", e.Failed, e.Rows, when, e.Limit)
}

// run is one second pass.
type run struct {
	*Import
	opts  Options
	check *Check

	reading  context.Context // ends when the run is to stop
	stop     context.CancelCauseFunc
	calls    context.Context // outlives reading by the grace
	windows  chan []*item
	resolved chan []*item
	jobs     chan *item
	finished chan *item
	slots    chan struct{} // a token a window under way

	// Written by one stage each, read after all have ended.
	sent  int  // rows that the reader sent on
	atEnd bool // the reader came to the source's end, or to the limit
	put   int  // rows that the Sink took
}

// Run is the second pass: it brings every row to its outcome. check is what
// [Import.Check] found in the same source with the same plan.
//
// The error is nil when all rows were done. It is [ErrInterrupted] when ctx was
// cancelled first, a [*TooManyErrors] when too many rows failed, or what a stage
// returned, the source's own error among them: it tells if it is not what the first pass
// read. In every case the Sink has what is known.
func (im *Import) Run(ctx context.Context, check *Check) error {
	opts := im.Options.withDefaults()
	if im.Writer != nil && opts.MaxErrors.Exceeded(check.Invalid, check.Rows) {
		return &TooManyErrors{Failed: check.Invalid, Rows: check.Rows, Limit: opts.MaxErrors}
	}
	r := &run{
		Import: im, opts: opts, check: check,
		windows: make(chan []*item), resolved: make(chan []*item),
		jobs: make(chan *item, opts.Workers), finished: make(chan *item, opts.Workers),
		slots: make(chan struct{}, windowsUnderWay),
	}
	r.reading, r.stop = context.WithCancelCause(ctx)
	defer r.stop(nil)
	calls, cutOff := context.WithCancel(context.WithoutCancel(ctx))
	defer cutOff()
	r.calls = calls
	defer context.AfterFunc(r.reading, func() { time.AfterFunc(opts.Grace, cutOff) })()
	return r.reason(ctx, r.stages())
}

// stages runs the pipeline to its end. The group has no context of its own:
// what ends the run goes through stop, so that no call is cut off because another failed.
func (r *run) stages() error {
	var all errgroup.Group
	var workers sync.WaitGroup
	all.Go(r.stopping(r.read))
	all.Go(r.stopping(r.resolve))
	all.Go(r.stopping(r.feed))
	for range r.opts.Workers {
		workers.Add(1)
		all.Go(r.stopping(func() error { defer workers.Done(); return r.work() }))
	}
	all.Go(func() error { workers.Wait(); close(r.finished); return nil })
	all.Go(r.collect)
	if all.Wait() == nil {
		return nil
	}
	return context.Cause(r.reading) // not the first error returned: stages fail because they were stopped
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
		if err := r.resolveWindow(window); err != nil {
			return err
		}
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
	for window := range r.resolved {
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

func (r *run) resolveWindow(window []*item) error {
	if r.Resolver == nil {
		return nil
	}
	open := make([]*mapping.Record, 0, len(window))
	for _, it := range window {
		if !it.decided {
			open = append(open, it.rec)
		}
	}
	if len(open) == 0 {
		return nil
	}
	if err := r.Resolver.Resolve(r.reading, open); err != nil {
		return err
	}
	for _, it := range window {
		switch {
		case it.decided:
		case it.rec.Failed():
			it.decide(outcome.Rejected, outcome.Resolve, it.rec.Problems...)
		case it.rec.Existing == nil && it.asNew():
			it.decide(outcome.Invalid, outcome.Map, it.rec.Problems...)
		}
	}
	return nil
}

// work writes rows until there are none or the run is to stop. A row taken up
// is finished.
func (r *run) work() error {
	for {
		if r.reading.Err() != nil {
			return nil
		}
		select {
		case <-r.reading.Done():
			return nil
		case it, ok := <-r.jobs:
			if !ok {
				return nil
			}
			err := r.write(it)
			r.finished <- it
			if err != nil {
				return err
			}
		}
	}
}

func (r *run) write(it *item) (err error) {
	switch {
	case it.decided:
	case r.Writer == nil:
		it.decide(outcome.Valid, outcome.Resolve, it.rec.Problems...)
	default:
		it.out, err = r.Writer.Write(r.calls, it.rec)
		it.decided = true
	}
	return err
}
