package attio

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// reply is what came of sending a request once.
type reply struct {
	status int // 0: no answer came
	header http.Header
	body   []byte // whole, unless err says otherwise
	err    error  // why there is no answer, or no whole one
	left   bool   // the request may have left this process
}

// exchange sends a request once and reads the answer. The body lies in buf,
// which grows as it must.
//
// A write has a context of its own: once it is sent, only the time limit ends
// it, because a call cut in the middle is one whose fate nobody knows.
func (c *Client) exchange(ctx context.Context, q *call, buf []byte) reply {
	if q.write {
		ctx = context.WithoutCancel(ctx)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, c.cfg.Timeout, timeoutError(c.cfg.Timeout))
	defer cancel()
	var d departure
	resp, err := c.transport.RoundTrip(c.request(d.watch(ctx), q))
	if err != nil {
		return reply{err: c.cleanError(err), left: d.left()}
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusSwitchingProtocols {
		// The body would be the bare connection, which no time limit closes.
		return reply{status: resp.StatusCode, header: resp.Header, err: errSwitched, left: true}
	}
	body, err := readBody(resp, buf)
	if err != nil {
		err = c.cleanError(err)
	}
	return reply{status: resp.StatusCode, header: resp.Header, body: c.cfg.Token.cut(body), err: err, left: true}
}

// request builds the request by hand from parts that are ready. GetBody stays
// nil: without it net/http cannot send a body a second time.
func (c *Client) request(ctx context.Context, q *call) *http.Request {
	r := http.Request{Method: q.method, URL: q.url, Host: q.url.Host, Header: c.withoutBody}
	if q.body != nil {
		r.Header = c.withBody
		r.Body = io.NopCloser(bytes.NewReader(q.body))
		r.ContentLength = int64(len(q.body))
	}
	return r.WithContext(ctx)
}

var errSwitched = errors.New("the answer wants to go on in another protocol (101)")

// errTooLarge says that an answer is larger than any that makes sense.
var errTooLarge = fmt.Errorf("the answer is larger than %d MiB", maxBody>>20)

// readBody reads a body to its end into buf, so that the connection can be
// used again.
func readBody(resp *http.Response, buf []byte) ([]byte, error) {
	if resp.ContentLength > maxBody {
		return buf[:0], errTooLarge
	}
	if need := int(resp.ContentLength) + 1; need > cap(buf) {
		buf = make([]byte, 0, need)
	}
	buf = buf[:0]
	for {
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		n, err := resp.Body.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		switch {
		case len(buf) > maxBody:
			return buf[:0], errTooLarge
		case err == io.EOF:
			return buf, nil
		case err != nil:
			return buf, err
		}
	}
}

// timeoutError says that the time limit of a request ran out.
type timeoutError time.Duration

func (e timeoutError) Error() string {
	return "no whole answer came within " + time.Duration(e).String()
}
func (e timeoutError) Timeout() bool        { return true }
func (e timeoutError) Is(target error) bool { return target == context.DeadlineExceeded }

// cleanError gives back err, or a copy in plain words where the text of the
// server that it quotes has a piece of the token in it.
func (c *Client) cleanError(err error) error {
	text := err.Error()
	if clean := c.clean(text, maxText); clean != text {
		return errors.New(clean)
	}
	return err
}
