package attio

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"
)

// call is one wish to the API. It may take several requests.
type call struct {
	write  bool
	method string
	url    *url.URL
	body   []byte // nil: none; not changed until the call is over

	// accept takes the body of an answer with status 200 or 201, and says
	// what is wrong with it if it is not what the call asks for. It must not
	// keep the body, whose memory is used again.
	accept func(body []byte) error

	maxLimited int // give up after so many 429s in a row; 0: never

	leaving func(context.Context) error // what is left to be done before the first request; nil: nothing
}

func (q *call) name() string { return q.method + " " + q.url.Path }

// leave does once what must be done before anything leaves.
func (q *call) leave(ctx context.Context) error {
	if q.leaving == nil {
		return nil
	}
	leaving := q.leaving
	q.leaving = nil
	return leaving(ctx)
}

// trip tells how a call went, for errors and results.
type trip struct {
	attempts    int // requests sent or tried, those refused with 429 included
	limited     int // 429s in a row at the end
	status      int // of the last answer; 0: none
	executionID string
	at          string // server time of the last answer
	began       time.Time
}

// do carries a call through to its end. The error is one of those that the
// package comment names.
func (c *Client) do(ctx context.Context, q *call) (trip, error) {
	var t trip
	buf := c.buffer()
	defer c.release(buf)
	for faults := 1; ; {
		outlasted, err := c.pass(ctx, q)
		if err != nil {
			return t, notPassed(q, &t, err)
		}
		if outlasted {
			faults = 1
		}
		if err := q.leave(ctx); err != nil {
			return t, &NotSentError{Op: q.name(), Attempts: t.attempts, Err: err}
		}
		r := c.send(ctx, q, &t, buf)
		v := c.judge(q, &r)
		c.observe(ctx, q, v, &r)
		switch {
		case v == accepted:
			return t, nil
		case v == refused:
			return t, c.refusal(q, &t, &r)
		case v == limited:
			err = c.slowDown(q, &t, &r)
		case v == lost && q.write:
			err = &LostError{Op: q.name(), Status: t.status, Attempts: t.attempts, ExecutionID: t.executionID, Err: r.err}
		default:
			faults, err = c.again(ctx, q, &t, r.err, faults)
		}
		if err != nil {
			return t, err
		}
	}
}

// slowDown makes everybody wait for as long as a 429 asks.
func (c *Client) slowDown(q *call, t *trip, r *reply) error {
	t.limited++
	wait := c.limitedFor(r, t)
	c.gate(q).Limited(wait)
	c.waiting(errLimited, wait)
	if q.maxLimited > 0 && t.limited >= q.maxLimited {
		return &LimitedError{Op: q.name(), Attempts: t.attempts, RetryAfter: wait}
	}
	return nil
}

// again waits before a call is sent again, and counts its faults. Where the API
// was never met, and whoever is there instead is not it, asking again does not help. A call that
// has used up its attempts is given up only where the API answers others: else
// it waits for the end of the outage and begins anew.
func (c *Client) again(ctx context.Context, q *call, t *trip, why error, faults int) (int, error) {
	t.limited = 0
	if ctx.Err() != nil || isMismatch(why) || isMisdirected(why) && !c.watch.hasMet() {
		return 0, givenUp(q, t, why)
	}
	if faults >= c.cfg.Attempts {
		c.watch.suspect()
		outlasted, err := c.hold(ctx)
		switch {
		case err != nil:
			return 0, givenUp(q, t, errors.Join(err, why))
		case !outlasted:
			return 0, givenUp(q, t, why)
		}
		return 1, nil
	}
	if c.watch.current.Load() != nil {
		return faults + 1, nil // the probes have a backoff of their own
	}
	wait := c.cfg.Backoff(faults)
	c.waiting(why, wait)
	ctx, release := c.untilStop(ctx)
	defer release()
	if _, err := rest(ctx, wait, c.watch.gone); err != nil {
		return 0, givenUp(q, t, errors.Join(err, why))
	}
	return faults + 1, nil
}

var errLimited = errors.New("the API asks to slow down")

func (c *Client) waiting(why error, wait time.Duration) {
	if c.cfg.Waiting != nil {
		c.cfg.Waiting(why, wait)
	}
}

// notPassed is the end of a call that was not let through.
func notPassed(q *call, t *trip, err error) error {
	if t.attempts == 0 {
		return &NotSentError{Op: q.name(), Err: err}
	}
	return givenUp(q, t, err)
}

// givenUp is the end of a call that found no answer and is known not to have
// been carried out, or that changes nothing.
func givenUp(q *call, t *trip, err error) error {
	if q.write {
		return &NotSentError{Op: q.name(), Attempts: t.attempts, Err: err}
	}
	return &UnavailableError{Op: q.name(), Status: t.status, Attempts: t.attempts, Err: err}
}

// pass waits until the API is there, then at the gate of the call, behind which
// an outage may have begun meanwhile. It tells whether the call waited through one.
func (c *Client) pass(ctx context.Context, q *call) (outlasted bool, err error) {
	began := time.Now()
	for {
		held, err := c.hold(ctx)
		outlasted = outlasted || held
		if err != nil {
			return outlasted, err
		}
		if err := c.gate(q).Wait(ctx); err != nil {
			return outlasted, err
		}
		if c.watch.current.Load() == nil {
			c.stale.check(began, c.transport.CloseIdleConnections)
			return outlasted, nil
		}
	}
}

func (c *Client) gate(q *call) Gate {
	if q.write {
		return c.cfg.Write
	}
	return c.cfg.Read
}

// send makes one request, counts it, and tells the gate how it went.
func (c *Client) send(ctx context.Context, q *call, t *trip, buf *[]byte) reply {
	if q.write {
		c.writes.Add(1)
	} else {
		c.reads.Add(1)
	}
	t.attempts++
	if t.began.IsZero() {
		t.began = time.Now()
	}
	r := c.exchange(ctx, q, *buf)
	if r.body != nil {
		*buf = r.body
	}
	t.note(&r, c.cfg.Token)
	c.clock.observe(t.at, time.Now())
	switch {
	case r.status == http.StatusTooManyRequests:
		c.limited.Add(1)
	case r.status > 0 && r.status < 500:
		c.gate(q).OK()
	}
	return r
}

// note keeps what an answer says of itself.
func (t *trip) note(r *reply, token Token) {
	t.status = r.status
	t.executionID = token.inHeader(r.header.Get("X-Attio-Execution-Id"))
	t.at = ""
	// The name with attio in it is not documented, and was seen.
	for _, name := range []string{"X-Accurate-At", "X-Attio-Accurate-At", "Date"} {
		if t.at == "" {
			t.at = token.inHeader(r.header.Get(name))
		}
	}
}

// limitedFor is how long a 429 asks everybody to wait. A first one is read
// against the estimate of the server's time, which knows fractions of its second; if it
// was not enough, against the time that the answer itself gives.
func (c *Client) limitedFor(r *reply, t *trip) time.Duration {
	now, date := time.Now(), t.at
	if server, ok := c.clock.at(now); ok && t.limited == 1 {
		date = server.UTC().Format(time.RFC3339Nano)
	}
	if wait, ok := c.cfg.RetryAfter(r.header.Get("Retry-After"), date, now); ok {
		return wait
	}
	return c.cfg.Backoff(t.limited)
}

// maxPooled keeps a rare huge answer from staying in memory.
const maxPooled = 1 << 20

func (c *Client) buffer() *[]byte {
	if b, ok := c.buffers.Get().(*[]byte); ok {
		return b
	}
	b := make([]byte, 0, 4<<10)
	return &b
}

func (c *Client) release(b *[]byte) {
	if cap(*b) <= maxPooled {
		c.buffers.Put(b)
	}
}

// rest waits for some time, and ends early with ended or with the context,
// whose error it then returns.
func rest(ctx context.Context, d time.Duration, ended <-chan struct{}) (early bool, err error) {
	if d <= 0 {
		return false, ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return false, nil
	case <-ended:
		return true, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
}
