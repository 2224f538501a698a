package attio

import (
	"context"
	"net/http"

	"github.com/tidwall/gjson"
)

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
	case isRefusal(r.status, r.body) && (!q.write || c.signed(r)):
		return refused
	}
	r.err = c.strangeAnswer(r)
	return lost
}

// isRefusal reports whether an answer is the API's own error envelope: a JSON
// object whose status_code is the status of the answer. A 4xx without it comes
// from somebody in between, who may have passed the call on; so may a 408,
// whoever wrote it.
func isRefusal(status int, body []byte) bool {
	return status >= 400 && status <= 499 && status != http.StatusRequestTimeout && isEnvelope(status, body)
}

func isEnvelope(status int, body []byte) bool {
	if !valid(body) {
		return false
	}
	code := gjson.GetBytes(body, "status_code")
	return code.Type == gjson.Number && code.Num == float64(status)
}

// signed reports whether an answer has the mark of the API's own servers,
// which put an execution id on every answer, refusals included (as recorded).
// Gateways and imitations of the API need not. A write that was refused without
// it counts as lost; of a read it is not asked, since nothing hangs on it.
func (c *Client) signed(r *reply) bool {
	return !c.official || r.header.Get("X-Attio-Execution-Id") != ""
}

// observe takes note of what an answer says about the API: whether it is there.
// A call that was cut off from here says nothing.
func (c *Client) observe(ctx context.Context, q *call, v verdict, r *reply) (good bool) {
	switch {
	case c.isThere(v, r):
		c.watch.good()
		return true
	case q.write || ctx.Err() == nil:
		c.watch.bad(c.reason(r))
	}
	return false
}

// isThere reports whether an answer is one of the API, whatever it says.
func (c *Client) isThere(v verdict, r *reply) bool {
	switch v {
	case accepted, refused:
		return true
	case limited:
		return r.err == nil && isEnvelope(r.status, r.body)
	}
	return isMismatch(r.err)
}

// reason says what is bad about an answer.
func (c *Client) reason(r *reply) error {
	if r.err != nil {
		return r.err
	}
	return c.strangeAnswer(r)
}
