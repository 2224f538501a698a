package importer

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"attio-import/importer/outcome"
	"attio-import/mapping"
)

// TestWhateverStopsIt runs small imports with everything left to chance, and
// stopped in every way, and demands that each row is in exactly one state and that
// journal, Sink and Tally agree on it.
func TestWhateverStopsIt(t *testing.T) {
	trials := 400
	if testing.Short() {
		trials = 100
	}
	for seed := range trials {
		trial := &trial{Rand: rand.New(rand.NewPCG(uint64(seed), 4)), seed: seed}
		synctest.Test(t, trial.run)
		if t.Failed() {
			return
		}
	}
}

type trial struct {
	*rand.Rand
	seed int
	rows int

	mu      sync.Mutex
	sent    map[int]bool // rows that may have been written
	unsent  map[int]bool // rows that came back undecided and unsent
	decided map[int]bool
	begun   map[int]bool
	ended   []chan struct{} // by row, closed when the row is decided
	stopped chan struct{}
}

func (c *trial) chance(p float64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.Float64() < p
}

func (c *trial) upTo(d time.Duration) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Duration(c.Int64N(int64(d) + 1))
}

func (c *trial) note(set map[int]bool, row int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	set[row] = true
}

func (c *trial) run(t *testing.T) {
	c.rows = 1 + c.IntN(120)
	c.sent, c.unsent, c.decided, c.begun = map[int]bool{}, map[int]bool{}, map[int]bool{}, map[int]bool{}
	p := before{done: map[int]bool{}, open: map[int]*outcome.Sent{}}
	for row := 1; row <= c.rows && c.seed%2 == 0; row++ {
		switch {
		case c.chance(0.2):
			p.done[row] = true
		case c.chance(0.1):
			p.open[row] = maybe(row)
			c.sent[row] = true
		}
	}
	c.stopped = make(chan struct{})
	for row := range c.rows + 1 {
		c.ended = append(c.ended, make(chan struct{}))
		if p.done[row] {
			close(c.ended[row])
		}
	}
	im, s := sheet(t, numbered(c.rows), "")
	im.Options = Options{Window: 1 + c.IntN(15), Workers: 1 + c.IntN(6), Limit: c.IntN(4) * c.IntN(c.rows+1)}
	l := &ledger{commit: c.upTo(30 * time.Millisecond)}
	im.Journal, im.Past = l, p
	im.Resolver = resolver(func([]*mapping.Record) error { time.Sleep(c.upTo(20 * time.Millisecond)); return nil })
	fatal := []float64{0, 0, 0.02, 0.1}[c.IntN(4)]
	w := writing(func(_ context.Context, rec *mapping.Record) (outcome.Outcome, error) {
		return c.write(t, l, rec, fatal)
	})
	w.silent = func(rec *mapping.Record) bool { return rec.Row%5 == 0 }
	w.stop = func() { close(c.stopped) }
	im.Writer = w
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if c.IntN(3) > 0 {
		time.AfterFunc(c.upTo(2*time.Second), cancel)
	}
	err := both(ctx, im)
	c.check(t, im, p, l, s, err)
}

var errRevoked = errors.New("token revoked")

func (c *trial) write(t *testing.T, l *ledger, rec *mapping.Record, fatal float64) (outcome.Outcome, error) {
	c.note(c.begun, rec.Row)
	if !rec.Recorded && rec.Row%5 != 0 || rec.Recorded && !l.lasts(rec.Row) {
		t.Errorf("seed %d: row %d is written, recorded %v", c.seed, rec.Row, rec.Recorded)
	}
	time.Sleep(c.upTo(100 * time.Millisecond))
	if !c.waits(rec.Row) {
		if rec.Sent == nil {
			c.note(c.unsent, rec.Row)
		}
		return outcome.Outcome{}, context.Canceled
	}
	switch {
	case c.chance(fatal / 2):
		if rec.Sent == nil {
			c.note(c.unsent, rec.Row)
		}
		return outcome.Outcome{}, errRevoked
	case c.chance(fatal / 4):
		_, _ = lost(rec, time.Second)
		c.note(c.sent, rec.Row)
		return outcome.Outcome{}, errRevoked
	case c.chance(0.1):
		c.note(c.sent, rec.Row)
		return lost(rec, c.upTo(3*time.Second))
	}
	c.note(c.decided, rec.Row)
	close(c.ended[rec.Row])
	if c.chance(fatal / 4) {
		return created(rec), errRevoked
	}
	return created(rec), nil
}

// waits lets some rows wait for one above them, and reports whether it came to its end.
func (c *trial) waits(row int) bool {
	if row == 1 || !c.chance(0.3) {
		return true
	}
	above := row - 1 - int(c.upTo(time.Duration(min(row-2, 20))))
	select {
	case <-c.ended[above]:
		return true
	case <-c.stopped:
		return false
	}
}

func (c *trial) check(t *testing.T, im *Import, p before, l *ledger, s *sink, err error) {
	var open, back, decided, shown []int
	for row := 1; row <= c.rows; row++ {
		switch {
		case c.decided[row]:
			decided = append(decided, row)
		case p.done[row]:
		case c.sent[row]:
			open = append(open, row)
		case c.unsent[row], l.lasts(row) || slices.Contains(slices.Concat(l.commits...), row):
			back = append(back, row)
		case c.begun[row]:
			t.Errorf("row %d is nowhere", row)
		}
	}
	for _, o := range s.outs {
		shown = append(shown, o.Row)
	}
	tally := Tally{Rows: c.rows, Earlier: len(p.done), Decided: len(decided), Open: len(open)}
	if im.Tally != tally {
		t.Errorf("%+v, want %+v", im.Tally, tally)
	}
	if !slices.IsSorted(shown) {
		t.Errorf("the Sink has %v", shown)
	}
	if err == nil && im.Options.Limit == 0 && im.Tally.Left() > 0 {
		t.Errorf("no error, and %d rows are left", im.Tally.Left())
	}
	if joined := errors.Join(same("on record", l.rows(), decided), same("in the Sink", shown, decided), same("withdrawn", l.back, back)); joined != nil {
		t.Error(joined)
	}
	if t.Failed() {
		t.Fatalf("seed %d: %v", c.seed, err)
	}
}
