package attio

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"attio-import/ratelimit"
)

// pipes is an API in memory, for tests about time: within a bubble of synctest,
// hours of an outage take no time, and a goroutine that is left behind fails
// the test.
type pipes struct {
	conns chan net.Conn
	once  sync.Once

	mu      sync.Mutex
	refuse  error // of new connections
	answer  step
	seen    []request
	created map[string]int // bodies of good answers to creates
}

type request struct {
	at   time.Duration // since the start
	what string        // "GET /v2/self"
}

func (p *pipes) Accept() (net.Conn, error) {
	c, ok := <-p.conns
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}
func (p *pipes) Close() error   { p.once.Do(func() { close(p.conns) }); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	p.mu.Lock()
	err := p.refuse
	p.mu.Unlock()
	if err != nil {
		return nil, err
	}
	near, far := net.Pipe()
	select {
	case p.conns <- far:
		return &conn{Conn: near}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// set changes how the API behaves: refuse says that nobody gets a connection,
// and cuts none that there is.
func (p *pipes) set(refuse error, answer step) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refuse, p.answer = refuse, answer
}

// during lists what was asked for within some time after the start.
func (p *pipes) during(from, to time.Duration) (what []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range p.seen {
		if r.at >= from && r.at < to {
			what = append(what, r.what)
		}
	}
	return what
}

var errRefused = errors.New("connection refused")

// sound answers everything well.
func sound(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Path, "/self") {
		answerJSON(200, strings.ReplaceAll(selfJSON, "74716136", "ws"))(w, r)
		return
	}
	good(w, r)
}

// inBubble runs a test against an API in memory whose client has met it: the
// clock begins at 0 with the first good answer.
func inBubble(t *testing.T, change func(*Config), test func(t *testing.T, p *pipes, c *Client)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		p := &pipes{conns: make(chan net.Conn), answer: sound, created: map[string]int{}}
		start := time.Now()
		s := &http.Server{ErrorLog: log.New(io.Discard, "", 0), Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			p.mu.Lock()
			answer := p.answer
			p.seen = append(p.seen, request{time.Since(start), r.Method + " " + r.URL.Path})
			p.mu.Unlock()
			rec := &recorder{ResponseWriter: w}
			answer(rec, r)
			if rec.status == 200 && strings.HasPrefix(w.Header().Get("Content-Type"), "application/json") && strings.HasSuffix(r.URL.Path, "/records") {
				p.mu.Lock()
				p.created[string(body)]++
				p.mu.Unlock()
			}
		})}
		go func() { _ = s.Serve(p) }()
		cfg := Config{
			BaseURL: "http://localhost", Token: testToken, Timeout: 30 * time.Second,
			Read: ratelimit.NewBudget(100), Write: ratelimit.NewBudget(25),
			Backoff:    func(n int) time.Duration { return ratelimit.Backoff(n, 0.5) },
			RetryAfter: ratelimit.RetryAfter,
		}
		if change != nil {
			change(&cfg)
		}
		c, err := New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		c.transport.DialContext = p.dial
		if _, err := c.Self(t.Context()); err != nil {
			t.Fatal(err)
		}
		test(t, p, c)
		c.Close()
		_ = s.Close()
	})
}

type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// row is what became of a call of rows.
type row struct {
	err   error
	ended time.Duration
}

// rows makes records on some workers, as an import would, and tells when each call ended.
func rows(ctx context.Context, c *Client, workers, n int) []row {
	out := make([]row, n)
	next := make(chan int)
	start := time.Now()
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for i := range next {
				_, err := c.Create(ctx, "deals", []byte(`{"row":`+itoa(i)+`}`), Creating{})
				out[i] = row{err, time.Since(start)}
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
	return out
}

// kinds counts the kinds of the errors of rows.
func kinds(all []row) map[string]int {
	count := map[string]int{}
	for _, r := range all {
		count[kindOf(r.err)]++
	}
	return count
}
