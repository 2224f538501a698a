package attio

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"attio-import/ratelimit"
)

const (
	testToken  Token = "c0ffee00c0ffee11c0ffee22c0ffee33c0ffee44c0ffee55c0ffee66c0ffee77"
	recordID         = "4bb12418-0000-4000-8000-000000000002"
	recordJSON       = `{"id":{"workspace_id":"ws","object_id":"ob","record_id":"` + recordID + `"},"created_at":"2025-12-16T15:32:42.770000000Z",` +
		`"web_url":"https://app.attio.com/acme/deals/record/` + recordID + `","values":{"name":[{"value":"Deal","attribute_type":"text"}],"company":[]}}`
	conflictJSON = `{"status_code":400,"type":"invalid_request_error","code":"uniqueness_conflict","message":"A value provided for attribute with slug \"email_addresses\" conflicts with one already in the system."}`
	limitedJSON  = `{"status_code":429,"type":"rate_limit_error","code":"rate_limit_exceeded","message":"Rate limit exceeded, please try again later"}`
)

// step is one answer of a scripted server.
type step func(w http.ResponseWriter, r *http.Request)

// answer is a plain answer; headers come as name, value, name, value.
func answer(status int, contentType, body string, headers ...string) step {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		for i := 0; i < len(headers); i += 2 {
			w.Header()[headers[i]] = []string{headers[i+1]}
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func answerJSON(status int, body string, headers ...string) step {
	return answer(status, "application/json; charset=utf-8", body, headers...)
}

// good answers any of the calls that the tests make.
func good(w http.ResponseWriter, r *http.Request) {
	body := `{"data":` + recordJSON + `}`
	switch {
	case r.Method == http.MethodDelete:
		body = `{}`
	case strings.HasSuffix(r.URL.Path, "/query"):
		body = `{"data":[` + recordJSON + `]}`
	}
	answerJSON(200, body, "X-Attio-Execution-Id", "exec-1")(w, r)
}

// hijack takes the connection over.
func hijack(w http.ResponseWriter) *net.TCPConn {
	c, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	return c.(*net.TCPConn)
}

// reset cuts the connection with a RST.
func reset(w http.ResponseWriter, _ *http.Request) {
	c := hijack(w)
	_ = c.SetLinger(0)
	_ = c.Close()
}

// raw sends bytes of its own and closes the connection.
func raw(text string) step {
	return func(w http.ResponseWriter, _ *http.Request) {
		c := hijack(w)
		_, _ = io.WriteString(c, text)
		_ = c.Close()
	}
}

func hang(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// server answers with its steps in turn; the last one stays.
type server struct {
	*httptest.Server
	requests    atomic.Int64
	connections atomic.Int64
}

func serve(t testing.TB, steps ...step) *server {
	t.Helper()
	s := &server{}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		n := int(s.requests.Add(1))
		steps[min(n, len(steps))-1](w, r)
	}))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			s.connections.Add(1)
		}
	}
	s.Start()
	t.Cleanup(s.Close)
	return s
}

// openGate lets everything pass and keeps what it is told.
type openGate struct {
	wait func(context.Context) error

	mu      sync.Mutex
	limited []time.Duration
	oks     int
}

func (g *openGate) Wait(ctx context.Context) error {
	if g.wait != nil {
		return g.wait(ctx)
	}
	return ctx.Err()
}

func (g *openGate) Limited(d time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.limited = append(g.limited, d)
}

func (g *openGate) OK() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.oks++
}

func testConfig(url string) Config {
	return Config{
		BaseURL: url, Token: testToken, Read: &openGate{}, Write: &openGate{},
		Backoff:    func(int) time.Duration { return time.Millisecond },
		RetryAfter: ratelimit.RetryAfter,
		Timeout:    5 * time.Second, Attempts: 3,
	}
}

func connect(t testing.TB, url string, change ...func(*Config)) *Client {
	t.Helper()
	cfg := testConfig(url)
	for _, f := range change {
		f(&cfg)
	}
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// writes are all calls that change something; reads all that do not.
var (
	writes = map[string]func(context.Context, *Client) error{
		"create": func(ctx context.Context, c *Client) error {
			_, err := c.Create(ctx, "deals", []byte(`{"name":"Deal"}`), Creating{})
			return err
		},
		"assert": func(ctx context.Context, c *Client) error {
			_, err := c.Assert(ctx, "deals", "name", []byte(`{"name":"Deal"}`))
			return err
		},
		"update": func(ctx context.Context, c *Client) error {
			_, err := c.Update(ctx, "deals", recordID, []byte(`{"name":"Deal"}`))
			return err
		},
		"overwrite": func(ctx context.Context, c *Client) error {
			_, err := c.Overwrite(ctx, "deals", recordID, []byte(`{"name":"Deal"}`))
			return err
		},
		"delete": func(ctx context.Context, c *Client) error { return c.Delete(ctx, "deals", recordID) },
	}
	reads = map[string]func(context.Context, *Client) error{
		"get": func(ctx context.Context, c *Client) error {
			_, err := c.Get(ctx, "deals", recordID)
			return err
		},
		"query": func(ctx context.Context, c *Client) error {
			_, err := c.Query(ctx, "deals", Query{})
			return err
		},
	}
)

// kindOf names the type of an error, for tables.
func kindOf(err error) string {
	switch err.(type) {
	case nil:
		return "ok"
	case *Error:
		return "refused"
	case *LostError:
		return "lost"
	case *NotSentError:
		return "not sent"
	case *UnavailableError:
		return "unavailable"
	case *LimitedError:
		return "limited"
	}
	return fmt.Sprintf("%T", err)
}

func itoa(n int) string { return fmt.Sprint(n) }
