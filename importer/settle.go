package importer

import (
	"cmp"
	"slices"
	"sync"
	"time"
)

// settling brings parked rows to their outcome: rows that may have been
// written, and that only a look-up after a while can tell of. They wait here and not
// in a worker. Those that are due go the way of all rows once more, together:
// mapped, looked up, put on record, written.
//
// They are written by goroutines of its own. Workers may all be waiting, in
// Write, for rows that are parked here. For the same reason the first of the rows does
// not wait for a free goroutine if it comes before all that are being written:
// those may be waiting for it. As rows wait for earlier ones only, some row can always go on.
type settling struct {
	r       *run
	limit   int           // rows written at once, but for the first
	wake    chan struct{} // something has changed; holds one
	ended   chan struct{}
	writers sync.WaitGroup

	mu      sync.Mutex
	waiting []*item // by the time when they are due
	ready   []*item // looked up; by their order in the sheet
	busy    []int   // being written
	last    bool    // nobody is left to park a row
}

// settlers is how many parked rows are written at once. They are few, and a write budget is shared.
const settlers = 4

// gathering is how much longer than needed the first parked row waits, so that
// those that were parked with it share its look-up.
const gathering = 5 * time.Millisecond

func newSettling(r *run) *settling {
	return &settling{
		r: r, limit: min(settlers, r.opts.Workers),
		wake: make(chan struct{}, 1), ended: make(chan struct{}),
	}
}

// park takes a row that came out of its write with Sent set.
func (s *settling) park(it *item) {
	s.mu.Lock()
	i, _ := slices.BinarySearchFunc(s.waiting, it, byDue)
	s.waiting = slices.Insert(s.waiting, i, it)
	s.mu.Unlock()
	s.changed()
}

// byDue orders by the time when rows are due, then as the sheet does.
func byDue(a, b *item) int {
	return cmp.Or(a.rec.Sent.Until.Compare(b.rec.Sent.Until), bySequence(a, b))
}

func bySequence(a, b *item) int { return cmp.Compare(a.seq, b.seq) }

func (s *settling) changed() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// wait returns when no row is parked or being settled any more, or when the
// run stops and those being written have come back. No row is parked after it was
// called, but by those that are.
func (s *settling) wait() {
	s.mu.Lock()
	s.last = true
	s.mu.Unlock()
	s.changed()
	<-s.ended
}

// settle is the stage.
func (s *settling) settle() {
	defer close(s.ended)
	defer s.writers.Wait()
	for s.r.reading.Err() == nil && !s.over() {
		batch, next := s.due()
		if len(batch) == 0 {
			s.tell(next)
			s.sleep(next)
			continue
		}
		if err := s.prepare(batch); err != nil {
			s.r.stop(err)
			return
		}
		s.begin(batch)
	}
}

func (s *settling) over() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last && len(s.waiting) == 0 && len(s.ready) == 0 && len(s.busy) == 0
}

// due takes the rows whose time has come, at most as many as are looked up together;
// or it tells when to ask again, the zero time meaning that no row waits.
func (s *settling) due() (batch []*item, next time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.waiting) == 0 {
		return nil, next
	}
	if next = s.waiting[0].rec.Sent.Until.Add(gathering); time.Now().Before(next) {
		return nil, next
	}
	now, n := time.Now(), 0
	for n < min(len(s.waiting), s.r.opts.Window) && !s.waiting[n].rec.Sent.Until.After(now) {
		n++
	}
	batch = slices.Clone(s.waiting[:n])
	s.waiting = slices.Delete(s.waiting, 0, n)
	return batch, next
}

// tell says what the run waits for, once there is nothing else.
func (s *settling) tell(until time.Time) {
	s.mu.Lock()
	rows, alone := len(s.waiting), s.last && len(s.busy) == 0
	s.mu.Unlock()
	if alone && rows > 0 && s.r.Waiting != nil {
		s.r.Waiting(rows, until)
	}
}

// sleep returns at the given time, or when something has changed.
func (s *settling) sleep(until time.Time) {
	var alarm <-chan time.Time
	if !until.IsZero() {
		alarm = time.After(time.Until(until))
	}
	select {
	case <-alarm:
	case <-s.wake:
	case <-s.r.reading.Done():
	}
}

// prepare takes rows the way that they came, up to their write.
func (s *settling) prepare(batch []*item) error {
	slices.SortFunc(batch, bySequence)
	for _, it := range batch {
		s.r.mapOpen(it, it.rec.Sent)
		it.intended = false
	}
	if err := s.r.lookUp(batch); err != nil {
		return err
	}
	return s.r.intend(batch)
}

func (s *settling) begin(batch []*item) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ready = append(s.ready, batch...)
	slices.SortFunc(s.ready, bySequence)
	s.dispatch()
}

// dispatch starts as many writes as may be; mu is held.
func (s *settling) dispatch() {
	for len(s.ready) > 0 && s.r.reading.Err() == nil && s.free() {
		it := s.ready[0]
		s.ready = s.ready[1:]
		s.busy = append(s.busy, it.seq)
		s.writers.Go(func() { s.write(it) })
	}
}

// free reports whether the first row that is ready may be written now.
func (s *settling) free() bool {
	return len(s.busy) < s.limit || s.ready[0].seq < slices.Min(s.busy)
}

func (s *settling) write(it *item) {
	s.r.bring(it)
	s.mu.Lock()
	i := slices.Index(s.busy, it.seq)
	s.busy = slices.Delete(s.busy, i, i+1)
	s.dispatch()
	s.mu.Unlock()
	s.changed()
}
