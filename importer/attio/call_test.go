package attio

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"sync"
	"testing"
	"time"
)

// Every fault, with what it must mean for a write, which is never sent again
// once it may have been carried out, and for a read, which is. The script has
// the fault first and a good answer after it.
func TestFaults(t *testing.T) {
	page := "<html><body>Please sign in</body></html>"
	half := `HTTP/1.1 200 OK` + "\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n" + `{"data":{"id":{"record_id":"x"`
	tests := []struct {
		name  string
		fault step
		write string
		read  string
		sent  int64 // requests that a write leads to
	}{
		{"reset", reset, "lost", "ok", 1},
		{"closed without an answer", raw(""), "lost", "ok", 1},
		{"not HTTP", raw("hello\r\n\r\n"), "lost", "ok", 1},
		{"cut body", raw(half), "lost", "ok", 1},
		{"cut chunks", raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{\"data\""), "lost", "ok", 1},
		{"cut body of unknown length", raw("HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + `{"data":{"id":{"record_id":"` + recordID + `"},"va`), "lost", "ok", 1},
		{"headers too large", answerJSON(200, `{"data":`+recordJSON+`}`, "X", strings.Repeat("x", 70<<10)), "lost", "ok", 1},
		{"500 in the API's words", answerJSON(500, `{"status_code":500,"type":"api_error","code":"internal","message":"oops"}`), "lost", "ok", 1},
		{"502 as a page", answer(502, "text/html", page), "lost", "ok", 1},
		{"503 empty", answer(503, "", ""), "lost", "ok", 1},
		{"520 of a proxy", answer(520, "text/html", page), "lost", "ok", 1},
		{"200 as a page", answer(200, "text/html", page), "lost", "ok", 1},
		{"200 as a page that calls itself JSON", answerJSON(200, page), "lost", "ok", 1},
		{"200 and other JSON", answerJSON(200, `[1]`), "lost", "ok", 1},
		{"200 and an error", answerJSON(200, conflictJSON), "lost", "ok", 1},
		{"200 empty", answerJSON(200, ""), "lost", "ok", 1},
		{"202", answerJSON(202, `{"data":`+recordJSON+`}`), "lost", "ok", 1},
		{"204", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }, "lost", "ok", 1},
		{"407 of a proxy", answer(407, "text/html", page), "lost", "ok", 1},
		{"408 in the API's words", answerJSON(408, `{"status_code":408,"message":"timeout"}`), "lost", "ok", 1},
		{"403 as a page", answer(403, "text/html", page), "lost", "ok", 1},
		{"403 of another API", answerJSON(403, `{"error":"blocked"}`), "lost", "ok", 1},
		{"403 with a status that is no number", answerJSON(403, `{"status_code":"403"}`), "lost", "ok", 1},
		{"too large by its own word", raw("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{"), "lost", "ok", 1},

		{"400", answerJSON(400, conflictJSON), "refused", "refused", 1},
		{"401", answerJSON(401, `{"status_code":401,"type":"auth_error","code":"unauthorized","message":"no"}`), "refused", "refused", 1},
		{"404 without code", answerJSON(404, `{"status_code":404}`), "refused", "refused", 1},
		{"409 of a code nobody knows", answerJSON(409, `{"status_code":409,"code":"brand_new"}`), "refused", "refused", 1},

		{"201", answerJSON(201, `{"data":`+recordJSON+`}`), "ok", "ok", 1},
		{"429", answerJSON(429, limitedJSON), "ok", "ok", 2},
		{"429 bare", answer(429, "", ""), "ok", "ok", 2},
		{"429 as a page", answer(429, "text/html", page), "ok", "ok", 2},
		{"429 with a cut body", raw("HTTP/1.1 429 Too Many Requests\r\nContent-Length: 500\r\n\r\n{"), "ok", "ok", 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for name, send := range writes {
				if name == "delete" && (tt.name == "200 and an error") {
					continue // a delete has no record to look for: any object will do
				}
				s := serve(t, tt.fault, good)
				if got := kindOf(send(t.Context(), connect(t, s.URL))); got != tt.write {
					t.Errorf("%s: %s, want %s", name, got, tt.write)
				}
				if got := s.requests.Load(); got != tt.sent {
					t.Errorf("%s: the server saw %d requests, want %d", name, got, tt.sent)
				}
			}
			if tt.name == "201" {
				return // no read is answered with it
			}
			for name, send := range reads {
				s := serve(t, tt.fault, good)
				if got := kindOf(send(t.Context(), connect(t, s.URL))); got != tt.read {
					t.Errorf("%s: %s, want %s", name, got, tt.read)
				}
			}
		})
	}
}

func TestReadIsGivenUpAfterAttempts(t *testing.T) {
	s := serve(t, answer(502, "text/html", "<h1>Bad gateway</h1>"))
	_, err := connect(t, s.URL).Query(t.Context(), "deals", Query{})
	var u *UnavailableError
	if !errors.As(err, &u) || u.Attempts != 3 || u.Status != 502 || s.requests.Load() != 3 {
		t.Fatalf("%v, after %d requests", err, s.requests.Load())
	}
	want := `POST /v2/objects/deals/records/query got no answer of use (attempts: 3): the answer is not the API's (502, text/html): "<h1>Bad gateway</h1>"`
	if err.Error() != want {
		t.Errorf("%v\nwant %s", err, want)
	}
	if hintOf(err) == "" {
		t.Error("no hint")
	}
}

func TestRefusedConnectionIsTriedAgain(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	_ = l.Close()

	c := connect(t, "http://"+address)
	for name, send := range writes {
		err := send(t.Context(), c)
		var n *NotSentError
		if !errors.As(err, &n) || n.Attempts != 3 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := kindOf(reads["get"](t.Context(), c)); got != "unavailable" {
		t.Errorf("get: %s", got)
	}

	// A server that comes back while the client waits gets the call.
	back := serve(t, good)
	tries := 0
	c = connect(t, "http://"+address, func(cfg *Config) {
		cfg.Backoff = func(attempt int) time.Duration { tries = attempt; return time.Millisecond }
	})
	dial := c.transport.DialContext
	c.transport.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		if tries == 2 {
			addr = back.Listener.Addr().String()
		}
		return dial(ctx, network, addr)
	}
	w, err := c.Create(t.Context(), "deals", []byte(`{}`), Creating{})
	if err != nil || w.Attempts != 3 || back.requests.Load() != 1 {
		t.Errorf("%+v, %v", w, err)
	}
}

func TestTimeLimit(t *testing.T) {
	short := func(cfg *Config) { cfg.Timeout = 50 * time.Millisecond; cfg.Attempts = 2 }
	for name, send := range writes {
		s := serve(t, hang, good)
		err := send(t.Context(), connect(t, s.URL, short))
		if kindOf(err) != "lost" || !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "within 50ms") || s.requests.Load() != 1 {
			t.Errorf("%s: %v", name, err)
		}
	}
	s := serve(t, hang, good)
	slower := func(cfg *Config) { cfg.Timeout = 300 * time.Millisecond }
	if _, err := connect(t, s.URL, slower).Get(t.Context(), "deals", recordID); err != nil {
		t.Errorf("a read after a time limit: %v", err)
	}
	body := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = w.Write([]byte("{"))
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	err := writes["create"](t.Context(), connect(t, body.URL, short))
	if kindOf(err) != "lost" || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a body that hangs: %v", err)
	}
}

// The time limit starts behind the gate, or a long queue would eat it.
func TestTimeLimitStartsAfterGate(t *testing.T) {
	gate := &openGate{wait: func(ctx context.Context) error {
		if _, limited := ctx.Deadline(); limited {
			t.Error("the time limit runs while the call waits at the gate")
		}
		return nil
	}}
	c := connect(t, serve(t, good).URL, func(cfg *Config) { cfg.Read, cfg.Write = gate, gate })
	for _, send := range []func(context.Context, *Client) error{writes["create"], reads["get"]} {
		if err := send(t.Context(), c); err != nil {
			t.Error(err)
		}
	}
}

// What was sent is not cut off by the end of the run; what was not is not sent.
func TestCancel(t *testing.T) {
	t.Run("a write in flight goes on", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s := serve(t, func(w http.ResponseWriter, r *http.Request) {
			cancel()
			time.Sleep(50 * time.Millisecond)
			good(w, r)
		})
		for name, send := range writes {
			if name != "create" {
				continue
			}
			if err := send(ctx, connect(t, s.URL)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
	t.Run("a read in flight ends", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s := serve(t, func(w http.ResponseWriter, r *http.Request) { cancel(); hang(w, r) })
		if err := reads["get"](ctx, connect(t, s.URL)); !errors.Is(err, context.Canceled) || s.requests.Load() != 1 {
			t.Errorf("%v", err)
		}
	})
	t.Run("nothing is sent", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		s := serve(t, good)
		err := writes["create"](ctx, connect(t, s.URL))
		if kindOf(err) != "not sent" || !errors.Is(err, context.Canceled) || s.requests.Load() != 0 {
			t.Errorf("%v", err)
		}
	})
	t.Run("after a 429", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s := serve(t, func(w http.ResponseWriter, r *http.Request) { cancel(); answerJSON(429, limitedJSON)(w, r) })
		err := writes["create"](ctx, connect(t, s.URL))
		if kindOf(err) != "not sent" || s.requests.Load() != 1 {
			t.Errorf("%v", err)
		}
	})
	t.Run("between attempts", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		c := connect(t, "http://127.0.0.1:1", func(cfg *Config) {
			cfg.Backoff = func(int) time.Duration { cancel(); return time.Hour }
		})
		err := writes["create"](ctx, c)
		if kindOf(err) != "not sent" || !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
	})
}

func TestRateLimit(t *testing.T) {
	const at, next = "Tue, 23 May 2023 14:42:00 GMT", "Tue, 23 May 2023 14:42:03 GMT"
	tests := []struct {
		name    string
		headers []string
		want    time.Duration
	}{
		{"against Date", []string{"Retry-After", next, "Date", at}, 3 * time.Second},
		{"against the exact time", []string{"Retry-After", next, "Date", at, "X-Accurate-At", "2023-05-23T14:42:00.250000000Z"}, 2750 * time.Millisecond},
		{"against the exact time by its other name", []string{"Retry-After", next, "Date", at, "X-Attio-Accurate-At", "2023-05-23T14:42:00.250000000Z"}, 2750 * time.Millisecond},
		{"garbage", []string{"Retry-After", "later", "Date", at}, 7 * time.Millisecond},
		{"missing", nil, 7 * time.Millisecond},
		{"past", []string{"Retry-After", at, "Date", next}, 7 * time.Millisecond},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for kind, send := range map[string]func(context.Context, *Client) error{"write": writes["create"], "read": reads["query"]} {
				gates := map[string]*openGate{"write": {}, "read": {}}
				s := serve(t, answerJSON(429, limitedJSON, tt.headers...), good)
				c := connect(t, s.URL, func(cfg *Config) {
					cfg.Write, cfg.Read = gates["write"], gates["read"]
					cfg.Backoff = func(int) time.Duration { return 7 * time.Millisecond }
				})
				if err := send(t.Context(), c); err != nil {
					t.Fatal(err)
				}
				g := gates[kind]
				// The estimate of the server's time goes on while the answer is read.
				if len(g.limited) != 1 || g.limited[0] > tt.want || g.limited[0] < tt.want-time.Second/2 || g.oks != 1 {
					t.Errorf("%s: the gate was told %v, and OK %d times; want %v, and once", kind, g.limited, g.oks, tt.want)
				}
				other := gates[map[string]string{"write": "read", "read": "write"}[kind]]
				if len(other.limited) != 0 || other.oks != 0 {
					t.Errorf("%s: the other gate was told too", kind)
				}
			}
		})
	}
}

// A 429 is no failure: far more of them than attempts end well, on both kinds
// of call, and the failures around them are counted by themselves.
func TestRateLimitOutlastsAttempts(t *testing.T) {
	steps := []step{reset, reset}
	for range 20 {
		steps = append(steps, answerJSON(429, limitedJSON))
	}
	s := serve(t, append(steps, good)...)
	c := connect(t, s.URL)
	if _, err := c.Query(t.Context(), "deals", Query{}); err != nil {
		t.Error(err)
	}
	if got, want := c.Requests(), (Counts{Read: 23, Limited: 20}); got != want {
		t.Errorf("counted %+v, want %+v", got, want)
	}
	s = serve(t, append(steps[2:], good)...)
	c = connect(t, s.URL)
	w, err := c.Create(t.Context(), "deals", []byte(`{}`), Creating{})
	if err != nil || w.Attempts != 21 {
		t.Errorf("%+v, %v", w, err)
	}
	if got, want := c.Requests(), (Counts{Write: 21, Limited: 20}); got != want {
		t.Errorf("counted %+v, want %+v", got, want)
	}
}

func TestQueryTooComplex(t *testing.T) {
	gate := &openGate{}
	s := serve(t, answerJSON(429, limitedJSON), reset, answerJSON(429, limitedJSON))
	c := connect(t, s.URL, func(cfg *Config) { cfg.Read = gate })
	_, err := c.Query(t.Context(), "deals", Query{MaxLimited: 3})
	var l *LimitedError
	if !errors.As(err, &l) || s.requests.Load() != 5 || len(gate.limited) != 4 {
		t.Errorf("%v after %d requests: a reset between 429s begins a new row of them", err, s.requests.Load())
	}
}

// The body of a redirect must reach nobody, nor the token; and a redirect is
// no proof that the write was not carried out.
func TestRedirectsAreNotFollowed(t *testing.T) {
	other := serve(t, good)
	for _, status := range []int{301, 302, 303, 307, 308} {
		for name, send := range writes {
			s := serve(t, answer(status, "", "", "Location", other.URL+"/v2/objects"), good)
			err := send(t.Context(), connect(t, s.URL))
			if kindOf(err) != "lost" || !strings.Contains(err.Error(), "redirect ("+itoa(status)+")") || !strings.Contains(err.Error(), other.URL) {
				t.Errorf("%d %s: %v", status, name, err)
			}
		}
		for name, send := range reads {
			s := serve(t, answer(status, "", "", "Location", other.URL+"/v2/objects"))
			if err := send(t.Context(), connect(t, s.URL)); kindOf(err) != "unavailable" {
				t.Errorf("%d %s: %v", status, name, err)
			}
		}
	}
	if n := other.requests.Load(); n != 0 {
		t.Errorf("the other server saw %d requests", n)
	}
}

func TestHugeAnswers(t *testing.T) {
	zeros := make([]byte, 1<<20)
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	for range maxBody>>20 + 1 {
		_, _ = z.Write(zeros)
	}
	_ = z.Close()
	tests := map[string]step{
		"by its length": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "17000000")
			for range 17 {
				_, _ = w.Write(zeros)
			}
		},
		"in chunks": func(w http.ResponseWriter, _ *http.Request) {
			for range 17 {
				_, _ = w.Write(zeros)
			}
		},
		"compressed": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb.Bytes())
		},
	}
	for name, huge := range tests {
		t.Run(name, func(t *testing.T) {
			s := serve(t, huge, good)
			c := connect(t, s.URL)
			err := writes["create"](t.Context(), c)
			if kindOf(err) != "lost" || !errors.Is(err, errTooLarge) {
				t.Errorf("%v", err)
			}
			if err := writes["create"](t.Context(), c); err != nil {
				t.Errorf("the next call: %v", err)
			}
		})
	}
}

func TestCompressedAnswer(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			t.Error("the client does not take compressed answers")
		}
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = z.Write([]byte(`{"data":[` + recordJSON + `]}`))
		_ = z.Close()
	})
	page, err := connect(t, s.URL).Query(t.Context(), "deals", Query{})
	if err != nil || len(page.Records) != 1 || page.Records[0].ID != recordID {
		t.Errorf("%v, %v", page, err)
	}
}

// A server that closes a kept connection while a request is on its way: the
// POST is seen once, and nobody says that it was not.
func TestNoSilentReplay(t *testing.T) {
	for name, send := range writes {
		s := serve(t, good, raw(""), good)
		c := connect(t, s.URL)
		if err := send(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		if got := kindOf(send(t.Context(), c)); got != "lost" {
			t.Errorf("%s on a stale connection: %s", name, got)
		}
		if n := s.requests.Load(); n != 2 || s.connections.Load() != 1 {
			t.Errorf("%s: the server saw %d requests on %d connections, want 2 on 1", name, n, s.connections.Load())
		}
	}
}

// A server that closes each connection after its answer, unannounced, races
// with the next request. Whoever wins, no row is received twice, and only
// calls of which something left are called lost.
func TestClosedIdleConnections(t *testing.T) {
	var mu sync.Mutex
	seen := map[string]int{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body bytes.Buffer
		_, _ = body.ReadFrom(r.Body)
		mu.Lock()
		seen[body.String()]++
		mu.Unlock()
		text := `{"data":` + recordJSON + `}`
		c := hijack(w)
		_, _ = c.Write([]byte("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + itoa(len(text)) + "\r\n\r\n" + text))
		_ = c.Close()
	}))
	defer s.Close()
	c := connect(t, s.URL)
	for row := range 500 {
		values := `{"row":` + itoa(row) + `}`
		err := send(t.Context(), c, values)
		got := seen[string(wrap([]byte(values)))]
		if kind := kindOf(err); got > 1 || kind == "ok" && got != 1 || kind != "ok" && kind != "lost" {
			t.Fatalf("row %d: %v, received %d times", row, err, got)
		}
	}
}

func send(ctx context.Context, c *Client, values string) error {
	_, err := c.Create(ctx, "deals", []byte(values), Creating{})
	return err
}

// Whether something left is read off the connection: one that died before the
// first byte of a request carried nothing away.
func TestDeparture(t *testing.T) {
	written := &conn{}
	written.writes.Store(1)
	tests := []struct {
		name string
		d    departure
		want bool
	}{
		{"no connection", departure{}, false},
		{"nothing written", departure{got: true, conn: &conn{}}, false},
		{"nothing written since", departure{got: true, conn: written, before: 1}, false},
		{"a write begun", departure{got: true, conn: written}, true},
		{"a connection that is not ours", departure{got: true}, true},
	}
	for _, tt := range tests {
		if got := tt.d.left(); got != tt.want {
			t.Errorf("%s: left = %v", tt.name, got)
		}
	}
	for _, given := range []net.Conn{written, tls.Client(written, &tls.Config{})} {
		var d departure
		d.gotConn(httptrace.GotConnInfo{Conn: given})
		if d.left() {
			t.Errorf("%T: what was written for an earlier request counts", given)
		}
		written.writes.Add(1)
		if !d.left() {
			t.Errorf("%T: a write goes unnoticed", given)
		}
	}
}

func TestStaleConnectionsAreDroppedOnce(t *testing.T) {
	var s staleness
	drops := 0
	drop := func() { drops++ }
	now := time.Now()
	s.check(now.Add(-time.Second), drop)
	if drops != 0 {
		t.Error("dropped after a short wait")
	}
	for range 16 { // all workers waited through the same pause
		s.check(now.Add(-6*time.Second), drop)
	}
	if drops != 1 {
		t.Errorf("dropped %d times, want once", drops)
	}
}

// Each worker keeps its connection.
func TestConnectionsAreKept(t *testing.T) {
	const workers = 24
	s := serve(t, good)
	c := connect(t, s.URL, func(cfg *Config) { cfg.Workers = workers })
	for range 5 {
		var wg sync.WaitGroup
		for range workers {
			wg.Go(func() {
				if err := writes["create"](t.Context(), c); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
	// A connection that is not yet back when the next call begins costs another one.
	if n := s.connections.Load(); n > 2*workers {
		t.Errorf("%d connections for %d calls of %d workers", n, 5*workers, workers)
	}
}

func TestAnswerOfAnotherRecord(t *testing.T) {
	other := strings.ReplaceAll(`{"data":`+recordJSON+`}`, recordID, "99999999-0000-4000-8000-000000000009")
	for name, send := range map[string]func(context.Context, *Client) error{"update": writes["update"], "overwrite": writes["overwrite"], "get": reads["get"]} {
		s := serve(t, answerJSON(200, other))
		err := send(t.Context(), connect(t, s.URL))
		var m *MismatchError
		if !errors.As(err, &m) || m.Want != recordID || s.requests.Load() != 1 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whoever watches is told of every wait, and why.
func TestWaitingIsTold(t *testing.T) {
	var told []error
	s := serve(t, answerJSON(429, limitedJSON), answerJSON(503, `{}`), good)
	c := connect(t, s.URL, func(cfg *Config) {
		cfg.Backoff = func(int) time.Duration { return time.Millisecond }
		cfg.Waiting = func(why error, wait time.Duration) {
			if wait <= 0 {
				t.Errorf("no wait for %v", why)
			}
			told = append(told, why)
		}
	})
	if err := reads["query"](t.Context(), c); err != nil {
		t.Fatal(err)
	}
	var strange *AnswerError
	if len(told) != 2 || told[0] != errLimited || !errors.As(told[1], &strange) {
		t.Errorf("told %v", told)
	}
}
