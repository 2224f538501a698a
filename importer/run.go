package importer

import (
	"context"
	"errors"
	"fmt"
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
		windows: make(chan []*item), jobs: make(chan *item, opts.Workers), finished: make(chan *item, opts.Workers),
		slots: make(chan struct{}, windowsUnderWay),
	}
	r.reading, r.stop = context.WithCancelCause(ctx)
	defer r.stop(nil)
	calls, cutOff := context.WithCancel(context.WithoutCancel(ctx))
	defer cutOff()
	r.calls = calls
	defer context.AfterFunc(r.reading, func() { time.AfterFunc(opts.Grace, cutOff) })()
	r.stages()
	return r.reason(ctx)
}

// stages runs the pipeline to its end. The stages return no errors: what ends
// the run goes through stop, so that no call is cut off because another failed.
func (r *run) stages() {
	var all, workers errgroup.Group
	all.Go(func() error { r.read(); return nil })
	all.Go(func() error { r.resolve(); return nil })
	for range r.opts.Workers {
		workers.Go(func() error { r.work(); return nil })
	}
	all.Go(func() error { r.collect(); return nil })
	_ = workers.Wait()
	close(r.finished)
	_ = all.Wait()
}

func (r *run) reason(ctx context.Context) error {
	cause := context.Cause(r.reading)
	switch {
	case cause == nil:
		return nil
	case ctx.Err() != nil && errors.Is(cause, context.Cause(ctx)):
		if r.atEnd && r.put == r.sent {
			return nil // the wish to stop came after the last row
		}
		return ErrInterrupted
	}
	return cause
}

// resolve looks up each window's references and existing records.
func (r *run) resolve() {
	defer close(r.jobs)
	for window := range r.windows {
		if err := r.resolveWindow(window); err != nil {
			r.stop(err)
			return
		}
		for _, it := range window {
			select {
			case r.jobs <- it:
			case <-r.reading.Done():
				return
			}
		}
	}
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
		if !it.decided && it.rec.Failed() {
			it.decide(outcome.Rejected, outcome.Resolve, it.rec.Problems...)
		}
	}
	return nil
}

// work writes rows until there are none or the run is to stop. A row taken up
// is finished.
func (r *run) work() {
	for {
		if r.reading.Err() != nil {
			return
		}
		select {
		case <-r.reading.Done():
			return
		case it, ok := <-r.jobs:
			if !ok {
				return
			}
			r.write(it)
			r.finished <- it
		}
	}
}

func (r *run) write(it *item) {
	if it.decided {
		return
	}
	if r.Writer == nil {
		it.decide(outcome.Valid, outcome.Resolve, it.rec.Problems...)
		return
	}
	out, err := r.Writer.Write(r.calls, it.rec)
	it.out, it.decided = out, true
	if err != nil {
		r.stop(err)
	}
}
