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
}

func (q *call) name() string { return q.method + " " + q.url.Path }

// trip tells how a call went, for errors and results.
type trip struct {
	attempts    int // requests sent or tried, those refused with 429 included
	limited     int // 429s in a row at the end
	status      int // of the last answer; 0: none
	executionID string
	at          string // server time of the last answer
	began       time.Time
}

// verdict is what an exchange means for the call.
type verdict int

const (
	accepted verdict = iota
	refused          // the API said no, in its own words
	limited          // 429: not carried out
	unsent           // nothing left this process
	lost             // no answer that tells
)

// judge decides what an exchange means. The cause of a lost call is put into
// the reply.
func (c *Client) judge(q *call, r *reply) verdict {
	switch {
	case r.status == http.StatusTooManyRequests:
		return limited // whatever became of the body
	case r.err != nil && !r.left:
		return unsent
	case r.err != nil:
		return lost
	case r.status == http.StatusOK || r.status == http.StatusCreated:
		if r.err = q.accept(r.body); r.err == nil {
			return accepted
		}
		r.err = c.notAccepted(r)
		return lost
	case isRefusal(r.status, r.body):
		return refused
	}
	r.err = c.strangeAnswer(r)
	return lost
}

// do carries a call through to its end. The error is one of those that the
// package comment names.
func (c *Client) do(ctx context.Context, q *call) (trip, error) {
	var t trip
	buf := c.buffer()
	defer func() { c.release(buf) }()
	for faults := 1; ; {
		if err := c.pass(ctx, q); err != nil {
			return t, &NotSentError{Op: q.name(), Attempts: t.attempts, Err: err}
		}
		r := c.send(ctx, q, &t, buf)
		switch v := c.judge(q, &r); {
		case v == accepted:
			return t, nil
		case v == refused:
			return t, c.refusal(q, &t, &r)
		case v == limited:
			t.limited++
			wait := c.limitedFor(&r, &t)
			c.gate(q).Limited(wait)
			c.waiting(errLimited, wait)
			if q.maxLimited > 0 && t.limited >= q.maxLimited {
				return t, &LimitedError{Op: q.name(), Attempts: t.attempts, RetryAfter: wait}
			}
			continue
		case v == lost && q.write:
			return t, &LostError{Op: q.name(), Status: t.status, Attempts: t.attempts, ExecutionID: t.executionID, Err: r.err}
		case faults >= c.cfg.Attempts || ctx.Err() != nil || isMismatch(r.err):
			return t, givenUp(q, &t, r.err)
		}
		t.limited = 0
		wait := c.cfg.Backoff(faults)
		c.waiting(r.err, wait)
		if err := sleep(ctx, wait); err != nil {
			return t, givenUp(q, &t, errors.Join(err, r.err))
		}
		faults++
	}
}

var errLimited = errors.New("the API asks to slow down")

func (c *Client) waiting(why error, wait time.Duration) {
	if c.cfg.Waiting != nil {
		c.cfg.Waiting(why, wait)
	}
}

// givenUp is the end of a call that found no answer and is known not to have
// been carried out, or that changes nothing.
func givenUp(q *call, t *trip, err error) error {
	if q.write {
		return &NotSentError{Op: q.name(), Attempts: t.attempts, Err: err}
	}
	return &UnavailableError{Op: q.name(), Status: t.status, Attempts: t.attempts, Err: err}
}

// pass waits at the gate of the call.
func (c *Client) pass(ctx context.Context, q *call) error {
	began := time.Now()
	if err := c.gate(q).Wait(ctx); err != nil {
		return err
	}
	c.stale.check(began, c.transport.CloseIdleConnections)
	return nil
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

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
