package importer

import (
	"context"
	"errors"

	"attio-import/importer/outcome"
)

// recording reports whether writes are put on record before they leave.
func (r *run) recording() bool { return r.Journal != nil && r.Writer != nil }

// record puts the intents of resolved windows on record, one commit a window. It
// is a window ahead of the feeding, so that no worker ever waits for a disk.
func (r *run) record() error {
	defer close(r.recorded)
	for window := range r.resolved {
		r.keepAhead(window)
		if err := r.intend(window); err != nil {
			return err
		}
		select {
		case r.recorded <- window:
		case <-r.reading.Done():
			return nil
		}
	}
	return nil
}

// keepAhead remembers the windows that may have rows which no worker has taken up. They are
// under way still, and those are the last ones.
func (r *run) keepAhead(window []*item) {
	if len(r.ahead) == windowsUnderWay {
		copy(r.ahead, r.ahead[1:])
		r.ahead = r.ahead[:windowsUnderWay-1]
	}
	r.ahead = append(r.ahead, window)
}

// intend puts on record what rows are about to need, as far as that can be told
// ahead.
func (r *run) intend(rows []*item) error {
	if !r.recording() {
		return nil
	}
	intents := make([]outcome.Intent, 0, len(rows))
	for _, it := range rows {
		if it.decided {
			continue
		}
		if intent, ok := r.Writer.Intent(it.rec); ok {
			intents = append(intents, intent)
			it.intended = true
		}
	}
	if len(intents) == 0 {
		return nil
	}
	if err := r.Journal.Intend(r.reading, intents...); err != nil {
		return r.breaks(err)
	}
	for _, it := range rows {
		if it.intended {
			it.rec.Recorded = true
		}
	}
	return nil
}

// keep puts an outcome on record, with the row itself where it failed: rejects
// are made of it. It reports whether that was done.
func (r *run) keep(it *item) bool {
	if r.Journal == nil {
		return true
	}
	if r.deaf.Load() {
		return false
	}
	var cells []string
	var raw string
	if it.out.Action.Failed() {
		cells, raw = it.row.Cells, it.row.Raw
	}
	err := r.Journal.Put(&it.out, cells, raw)
	if err != nil {
		r.deaf.Store(true)
		r.stop(r.breaks(err))
	}
	return err == nil
}

// breaks takes note of an error of the Journal. That it gave up a commit because
// the run stops is none.
func (r *run) breaks(err error) error {
	over := r.reading.Err() != nil && (errors.Is(err, r.reading.Err()) || errors.Is(err, context.Cause(r.reading)))
	if !over {
		r.broken.CompareAndSwap(nil, &err)
	}
	return err
}

// withdraw takes back, after all stages have ended, the intents of rows whose
// request never left: the next process may write them as if nothing had been.
// A row that may have been written before keeps its intent.
func (r *run) withdraw() {
	rows := r.unsent
	for _, window := range r.ahead {
		for _, it := range window {
			if it.intended && !it.taken && !it.mayBeWritten() {
				rows = append(rows, it.row.Number)
			}
		}
	}
	if r.Journal == nil || len(rows) == 0 || r.deaf.Load() {
		return
	}
	if err := r.Journal.Withdraw(rows...); err != nil {
		r.broken.CompareAndSwap(nil, &err)
	}
}
