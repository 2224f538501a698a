package importer

import (
	"fmt"

	"attio-import/importer/outcome"
)

// verdict is in what state a row came out of its write.
type verdict int

const (
	finished  verdict = iota // it has its outcome
	parked                   // it may have been written: to be looked up after a while
	undecided                // no outcome, and none to come in this run
)

// event is a row that came out of its write.
type event struct {
	*item
	verdict verdict
}

// work writes rows until there are none or the run is to stop. A row taken up
// is brought to its verdict.
func (r *run) work() {
	for r.reading.Err() == nil {
		select {
		case <-r.reading.Done():
			return
		case it, ok := <-r.jobs:
			if !ok {
				return
			}
			it.taken = true
			r.bring(it)
		}
	}
}

// bring writes a row and passes it on.
func (r *run) bring(it *item) {
	v, err := r.write(it)
	if err != nil {
		r.stop(err)
	}
	r.finished <- event{it, v}
	if v == parked {
		r.settling.park(it)
	}
}

func (r *run) write(it *item) (verdict, error) {
	switch {
	case it.decided:
		return finished, nil
	case r.Writer == nil:
		it.decide(outcome.Valid, outcome.Resolve, it.rec.Problems...)
		return finished, nil
	}
	before := it.rec.Sent
	out, err := r.Writer.Write(r.calls, it.rec)
	if it.rec.Sent == nil {
		it.rec.Sent = before // a Writer that forgets must not make the row pass for unsent
	}
	switch {
	case out.Action != "":
		it.out, it.decided = out, true
		it.nameRecord()
		return finished, err
	case err != nil:
		return undecided, err
	case it.rec.Sent != nil:
		return parked, nil
	}
	return undecided, fmt.Errorf("row %d came back from its write without an outcome", it.row.Number)
}
