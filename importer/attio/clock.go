package attio

import (
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// clock estimates the server's time from what its answers say of it.
//
// A Date header has whole seconds: it says no more than that the server's time
// is that or up to a second later. But many answers say it, and the one that
// came right after a tick says it best. So the clock keeps the latest of all
// times that it was told, each carried on to now: after some seconds of answers
// it is behind the server's by little more than the way of an answer, and
// never ahead. That matters for a 429, whose Retry-After names the next
// second: most often that second is a few milliseconds away, and waiting for a
// whole one would cost 25 writes.
//
// What it was told is forgotten after two minutes, so that a server whose clock
// was set back is believed again.
type clock struct {
	started time.Time
	told    atomic.Pointer[string] // the last text, to look closely only at new ones

	mu        sync.Mutex
	begin     time.Time // of this minute
	last, now time.Time // the server's time at started: the best of the minute before, and of this one
}

func newClock() *clock {
	t := time.Now()
	return &clock{started: t, begin: t}
}

// observe takes note of the time that an answer gives, an HTTP date or RFC
// 3339, and of when the answer came.
func (c *clock) observe(text string, came time.Time) {
	if last := c.told.Load(); text == "" || last != nil && *last == text {
		return
	}
	told := text // a copy that goes to the heap only here, not for each answer
	c.told.Store(&told)
	server, ok := parseServerTime(text)
	if !ok {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if came.Sub(c.begin) >= time.Minute {
		c.begin, c.last, c.now = came, c.now, time.Time{}
	}
	if at := server.Add(-came.Sub(c.started)); at.After(c.now) {
		c.now = at
	}
}

// at estimates the server's time at a moment; false if no answer told any.
func (c *clock) at(moment time.Time) (time.Time, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	best := c.now
	if c.last.After(best) {
		best = c.last
	}
	return best.Add(moment.Sub(c.started)), !best.IsZero()
}

func parseServerTime(text string) (time.Time, bool) {
	if t, err := http.ParseTime(text); err == nil {
		return t, true
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	return t, err == nil
}
