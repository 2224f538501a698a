package importer

import "attio-import/importer/outcome"

// past is what earlier processes of the run left, counted.
type past struct {
	of      Past
	done    int // rows of the source that have their outcome
	invalid int // those of them that the first pass counts as invalid
	open    int // rows of the source that may have been written
}

func lookBack(of Past, check *Check) past {
	p := past{of: of}
	if of == nil {
		return p
	}
	for row := range check.own.all() {
		switch {
		case of.Done(row):
			p.done++
			if check.invalid.has(row) {
				p.invalid++
			}
		case of.Open(row) != nil:
			p.open++
		}
	}
	return p
}

func (p *past) isDone(row int) bool { return p.of != nil && p.of.Done(row) }

// openSince is what is known of a row that may have been written; nil: nothing.
func (p *past) openSince(row int) *outcome.Sent {
	if p.of == nil {
		return nil
	}
	return p.of.Open(row)
}

// failedBefore is how many rows count as failed before the first is written:
// those that failed earlier, and those that are invalid.
func (r *run) failedBefore() int { return r.PastFailed + r.check.Invalid - r.past.invalid }

// count leaves the tally.
func (r *run) count() {
	r.Tally = Tally{Rows: r.check.Rows, Earlier: r.past.done, Decided: r.decided, Open: r.open}
}
