package importer

import (
	"maps"
	"slices"

	"attio-import/importer/outcome"
)

// collector puts finished rows back into source order. Rows wait in pending
// for the ones before them; how many can wait is bounded by the windows under way.
type collector struct {
	*run
	pending map[int]*item
	next    int // number of the row that the Sink expects
	failed  int // rows that failed, the invalid ones of the first pass included
	columns columns
	err     error // why the Sink takes no more, or too many rows failed
}

// collect hands every finished row to the Sink. After a stop it goes on until
// the workers are through, and then hands over the rows that come after a gap.
func (r *run) collect() error {
	c := &collector{run: r, pending: map[int]*item{}, next: 1, failed: r.check.Invalid, columns: newColumns(r.Source.Header)}
	for it := range r.finished {
		c.take(it)
	}
	for _, row := range slices.Sorted(maps.Keys(c.pending)) {
		c.put(c.pending[row])
	}
	return c.err
}

func (c *collector) take(it *item) {
	c.columns.show(it)
	c.count(&it.out)
	c.pending[it.row.Number] = it
	for {
		it, ok := c.pending[c.next]
		if !ok {
			return
		}
		delete(c.pending, c.next)
		c.next++
		c.put(it)
		if it.last {
			<-c.slots
		}
	}
}

// put hands a row over. A Sink that fails ends the run; the rows that are done
// by then it gets all the same, to count them if it can no more.
func (c *collector) put(it *item) {
	if err := c.Sink.Put(it.row, it.out); err != nil {
		c.fail(err)
		return
	}
	c.run.put++
}

func (c *collector) count(o *outcome.Outcome) {
	if c.Progress != nil {
		c.Progress.Done(o)
	}
	if !o.Action.Failed() || c.check.invalid.has(o.Row) {
		return // the first pass has counted it
	}
	c.failed++
	if c.Writer != nil && c.opts.MaxErrors.Exceeded(c.failed, c.check.Rows) {
		c.fail(&TooManyErrors{Failed: c.failed, Rows: c.check.Rows, Limit: c.opts.MaxErrors, Written: true})
	}
}

// fail tells the other stages to stop; the first reason counts.
func (c *collector) fail(err error) {
	if c.err == nil {
		c.err = err
	}
	c.stop(err)
}
