package attio

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// enough bad answers in a row, from whichever calls, make an outage. Where
// three of ten answers go wrong by chance, one in some six hundred begins such
// a row, and the probe that follows ends it at once.
const enough = 5

// watch tells an outage of the API from calls that fail by themselves. An
// answer is good where it shows that the API is there, be it a refusal; every
// other is bad, and so is none.
type watch struct {
	max     time.Duration // Config.MaxOutage
	well    atomic.Bool   // the last answer was good
	current atomic.Pointer[outage]
	gone    chan struct{} // closed once an outage lasted longer than max

	mu    sync.Mutex
	met   bool // there was a good answer ever
	row   int  // bad answers since the last good one
	since time.Time
	last  error
}

// outage is a time in which no call leaves but one probe after the other.
type outage struct {
	over  chan struct{} // closed by the good answer that ends it
	turn  chan struct{} // whoever holds its only place sends the probes
	since time.Time     // of the first bad answer

	failed atomic.Int64 // probes that got a bad answer
	due    time.Time    // of the next probe; belongs to the holder of the turn
}

func newWatch(limit time.Duration) *watch {
	return &watch{max: limit, gone: make(chan struct{})}
}

// good takes note of a good answer: whatever outage there was is over.
func (w *watch) good() {
	if w.well.Load() {
		return // nearly always: no lock for the answers of a sound API
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.met, w.row = true, 0
	w.well.Store(true)
	if o := w.current.Load(); o != nil && !w.exceeded() {
		w.current.Store(nil)
		close(o.over)
	}
}

// hasMet reports whether the API ever gave a good answer.
func (w *watch) hasMet() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.met
}

// bad takes note of a bad answer. Before the first good one there is no
// outage: then the address, the network or a proxy is wrong, and nobody gains by
// waiting.
func (w *watch) bad(why error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.well.Store(false)
	if !w.met {
		return
	}
	now := time.Now()
	if w.row == 0 {
		w.since = now
	}
	w.row++
	w.last = why
	if w.row >= enough || w.max > 0 && now.Sub(w.since) >= w.max {
		w.begin(now)
	}
}

// suspect begins an outage if the last answer of all was a bad one, so that a
// probe decides whether it is the API that fails, or only one call.
func (w *watch) suspect() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.row > 0 {
		w.begin(time.Now())
	}
}

func (w *watch) begin(now time.Time) {
	if w.current.Load() == nil {
		w.current.Store(&outage{over: make(chan struct{}), turn: make(chan struct{}, 1), since: w.since, due: now})
	}
}

// exceed ends everything: the outage lasted longer than it may.
func (w *watch) exceed(o *outage) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.current.Load() == o && !w.exceeded() {
		close(w.gone)
	}
}

func (w *watch) exceeded() bool {
	select {
	case <-w.gone:
		return true
	default:
		return false
	}
}

// describe makes an error of an outage.
func (w *watch) describe(o *outage) *OutageError {
	w.mu.Lock()
	defer w.mu.Unlock()
	return &OutageError{Since: o.since, Lasted: time.Since(o.since), Err: w.last}
}

// hold keeps a call back for as long as an outage lasts, and tells whether it
// was a real one: one in which a probe failed. Its error is that of the
// context, or an [*OutageError].
//
// There is no goroutine for the probes: one of the calls that wait sends them,
// and hands its turn on when its own context ends.
func (c *Client) hold(ctx context.Context) (real bool, err error) {
	if c.watch.current.Load() == nil {
		return false, nil
	}
	ctx, release := c.untilStop(ctx)
	defer release()
	for {
		o := c.watch.current.Load()
		if o == nil {
			return real, nil
		}
		if c.watch.exceeded() {
			return real, c.watch.describe(o)
		}
		select {
		case <-o.over:
		case <-c.watch.gone:
		case <-ctx.Done():
			return real, ctx.Err()
		case o.turn <- struct{}{}:
			err = c.probe(ctx, o)
			<-o.turn
		}
		if err != nil {
			return real, err
		}
		real = real || o.failed.Load() > 0
	}
}

// Stop says that nobody wants to wait any more: calls that an outage holds back, or
// that wait to be sent again after a fault, end at once, without having been sent or
// answered. Calls under way go on.
func (c *Client) Stop() { c.stop() }

// untilStop gives a wait a context that Stop ends too.
func (c *Client) untilStop(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	release := context.AfterFunc(c.stopped, cancel)
	return ctx, func() { release(); cancel() }
}

// probe waits until the next probe of an outage is due, and sends it. Its only
// error is that of the context.
func (c *Client) probe(ctx context.Context, o *outage) error {
	if ended, err := rest(ctx, c.untilProbe(o), o.over); ended || err != nil {
		return err
	}
	if c.sendProbe(ctx, o) {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	wait := c.cfg.Backoff(int(o.failed.Add(1)))
	o.due = time.Now().Add(wait)
	if c.watch.max > 0 && time.Since(o.since) >= c.watch.max {
		c.watch.exceed(o)
		return nil
	}
	c.waiting(c.watch.describe(o), wait)
	return nil
}

// untilProbe is how long to wait for the next probe. Where the end of the
// longest outage allowed is nearer, the last one is sent then.
func (c *Client) untilProbe(o *outage) time.Duration {
	wait := time.Until(o.due)
	if c.watch.max > 0 {
		wait = min(wait, time.Until(o.since.Add(c.watch.max)))
	}
	return wait
}

// lastProbe is what a probe gets at least, also one that is under way when the
// longest outage allowed is over.
const lastProbe = 5 * time.Second

// probeContext ends a probe soon after the longest outage allowed.
func (c *Client) probeContext(ctx context.Context, o *outage) (context.Context, context.CancelFunc) {
	if c.watch.max == 0 {
		return context.WithCancel(ctx)
	}
	left := time.Until(o.since.Add(c.watch.max))
	return context.WithTimeout(ctx, max(left, 0)+lastProbe)
}

// sendProbe asks whose token it is, the cheapest question there is, and tells
// whether the API answered. What it answers does not matter: a token that is
// good no longer is for the calls to find out. Connections from before the
// outage are not used again.
func (c *Client) sendProbe(ctx context.Context, o *outage) bool {
	ctx, cancel := c.probeContext(ctx, o)
	defer cancel()
	if c.cfg.Read.Wait(ctx) != nil {
		return false
	}
	c.stale.drop(c.transport.CloseIdleConnections)
	q := &call{method: http.MethodGet, url: c.self, accept: func(body []byte) error {
		_, _, err := parseSelf(body)
		return err
	}}
	var t trip
	buf := c.buffer()
	defer c.release(buf)
	r := c.send(ctx, q, &t, buf)
	v := c.judge(q, &r)
	if v == limited {
		t.limited++
		c.cfg.Read.Limited(c.limitedFor(&r, &t))
	}
	return c.observe(ctx, q, v, &r)
}
