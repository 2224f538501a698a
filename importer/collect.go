package importer

import (
	"maps"
	"slices"

	"attio-import/importer/outcome"
)

// collector puts outcomes on record as they come, and finished rows back into
// source order for the Sink. Rows wait in held for the ones before them. How many can
// wait is bounded by the windows under way, and by maxHeld where a row above them is parked.
type collector struct {
	*run
	held    map[int]*item // finished or parked, by their place
	next    int           // place of the row that the Sink expects
	reached int           // all rows before this place are finished or parked
	failed  int           // rows that failed, the invalid ones of the first pass included
	columns columns
}

// collect takes every row that comes out of its write. After a stop it goes on
// until the workers are through, and then hands over the rows that come after a gap.
func (r *run) collect() {
	c := &collector{run: r, held: map[int]*item{}, failed: r.failedBefore(), columns: newColumns(r.Source.Header)}
	for e := range r.finished {
		c.take(e)
	}
	for _, place := range slices.Sorted(maps.Keys(c.held)) {
		if it := c.held[place]; it.done {
			c.hand(it)
		}
	}
}

func (c *collector) take(e event) {
	c.leave(e)
	switch e.verdict {
	case undecided:
		return // the run stops
	case finished:
		e.done = true
		c.columns.show(e.item)
		if c.keep(e.item) {
			c.decided++
		}
		c.count(&e.out)
	}
	c.held[e.seq] = e.item
	for c.reach() || c.handNext() {
	}
}

// leave counts the rows that are open, and lists those that are unsent. A row that is
// parked is the settling stage's already, but for the collector's own fields.
func (c *collector) leave(e event) {
	open := e.verdict == parked || e.verdict == undecided && e.mayBeWritten()
	switch {
	case open && !e.open:
		c.open++
	case !open && e.open:
		c.open--
	}
	e.open = open
	if e.verdict == undecided && !open {
		c.unsent = append(c.unsent, e.row.Number)
	}
}

// reach goes one row further among those that are finished or parked. Behind a
// window's last row another window may be read, unless too many rows are held already.
func (c *collector) reach() bool {
	it, ok := c.held[c.reached]
	if !ok || it.last && c.reached-c.next >= maxHeld {
		return false
	}
	c.reached++
	if it.last {
		<-c.slots
	}
	return true
}

// handNext hands the Sink the row that it expects, if that is finished.
func (c *collector) handNext() bool {
	it := c.held[c.next]
	if c.next == c.reached || !it.done {
		return false
	}
	delete(c.held, c.next)
	c.next++
	c.hand(it)
	return true
}

// hand hands a row over. A Sink that fails ends the run; the rows that are done
// by then it gets all the same, to count them if it can no more.
func (c *collector) hand(it *item) {
	if err := c.Sink.Put(it.row, it.out); err != nil {
		c.stop(err)
		return
	}
	c.put++
}

// count tells of an outcome, and stops the run when too many rows have failed.
func (c *collector) count(o *outcome.Outcome) {
	if c.Progress != nil {
		c.Progress.Done(o)
	}
	if !o.Action.Failed() || c.check.invalid.has(o.Row) {
		return // the first pass has counted it
	}
	c.failed++
	if c.Writer != nil && c.opts.MaxErrors.Exceeded(c.failed, c.check.Rows) {
		c.stop(&TooManyErrors{Failed: c.failed, Rows: c.check.Rows, Invalid: c.check.Invalid - c.past.invalid, Limit: c.opts.MaxErrors, Written: true})
	}
}
