package attio

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// peer speaks HTTP/1.1 by hand, for what no HTTP server would do. It counts the
// requests of which it saw the beginning.
type peer struct {
	url         string
	connections atomic.Int64
	began       atomic.Int64
}

// listen serves each connection with talk, which is told its number, from 1.
func listen(t *testing.T, talk func(p *peer, c *wire, connection int)) *peer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &peer{url: "http://" + l.Addr().String()}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			n := int(p.connections.Add(1))
			all.Go(func() {
				defer c.Close()
				talk(p, &wire{c.(*net.TCPConn), bufio.NewReader(c), p}, n)
			})
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		all.Wait()
	})
	return p
}

// wire is one connection of a peer.
type wire struct {
	*net.TCPConn
	in   *bufio.Reader
	peer *peer
}

// request reads a whole request; nil at the end of the connection.
func (w *wire) request() *http.Request {
	if _, err := w.in.Peek(1); err != nil {
		return nil
	}
	w.peer.began.Add(1)
	r, err := http.ReadRequest(w.in)
	if err != nil {
		return nil
	}
	_, _ = io.Copy(io.Discard, r.Body)
	return r
}

// answer sends a good answer.
func (w *wire) answer(r *http.Request) {
	if r != nil {
		rec := httptest.NewRecorder()
		good(rec, r)
		w.say("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + itoa(rec.Body.Len()) + "\r\n\r\n" + rec.Body.String())
	}
}

func (w *wire) say(text string) { _, _ = io.WriteString(w, text) }

// cut ends the connection with a RST.
func (w *wire) cut() { _ = w.SetLinger(0); _ = w.Close() }

// A kept connection that dies in whatever way: no write is ever seen twice,
// none is called unsent of which anything left, and reads come through.
func TestNothingIsReplayed(t *testing.T) {
	log.SetOutput(io.Discard) // where net/http tells of answers that nobody asked for
	t.Cleanup(func() { log.SetOutput(os.Stderr) })
	deaths := map[string]struct {
		die  func(w *wire)
		ends string // of a write; empty: lost or ok, as the race goes
	}{
		"closed after the request":    {func(w *wire) { w.request() }, "lost"},
		"reset after the request":     {func(w *wire) { w.request(); w.cut() }, "lost"},
		"reset in the request":        {func(w *wire) { _, _ = w.in.Peek(20); w.peer.began.Add(1); w.cut() }, "lost"},
		"half a status line":          {func(w *wire) { w.request(); w.say("HTTP/1.1 2") }, "lost"},
		"half a header":               {func(w *wire) { w.request(); w.say("HTTP/1.1 200 OK\r\nContent-") }, "lost"},
		"only a promise to continue":  {func(w *wire) { w.request(); w.say("HTTP/1.1 100 Continue\r\n\r\n") }, "lost"},
		"closed while it was idle":    {func(*wire) {}, ""},
		"reset while it was idle":     {func(w *wire) { w.cut() }, ""},
		"408 while it was idle":       {func(w *wire) { w.say("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n") }, ""},
		"garbage while it was idle":   {func(w *wire) { w.say("good bye") }, ""},
		"an answer that nobody asked": {func(w *wire) { w.answer(&http.Request{Method: "DELETE", URL: &url.URL{}}) }, ""},
	}
	for name, death := range deaths {
		t.Run(name, func(t *testing.T) {
			for verb, send := range merged(writes, reads) {
				p := listen(t, func(p *peer, w *wire, connection int) {
					w.answer(w.request())
					if connection == 1 {
						death.die(w)
						return
					}
					for r := w.request(); r != nil; r = w.request() {
						w.answer(r)
					}
				})
				c := connect(t, p.url)
				if err := send(t.Context(), c); err != nil {
					t.Fatal(err)
				}
				got := kindOf(send(t.Context(), c))
				_, write := writes[verb]
				switch {
				case !write && got != "ok", write && death.ends != "" && got != death.ends, got != "ok" && got != "lost":
					t.Errorf("%s: %s", verb, got)
				case write && p.began.Load() > 2:
					t.Errorf("%s: seen %d times", verb, p.began.Load()-1)
				}
				c.Close()
			}
		})
	}
}

// What net/http would take as leave to send a request twice, or to hold its
// body back, is in none.
func TestRequestsGiveNoLeaveToReplay(t *testing.T) {
	c := connect(t, "http://127.0.0.1:1")
	for _, body := range [][]byte{nil, []byte("{}")} {
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
			r := c.request(t.Context(), &call{method: method, url: c.self, body: body})
			if r.GetBody != nil || (r.Body == nil) != (body == nil) {
				t.Errorf("%s: a body that can be had again", method)
			}
			for _, name := range []string{"Idempotency-Key", "X-Idempotency-Key", "Expect", "Upgrade", "Connection"} {
				if r.Header.Get(name) != "" {
					t.Errorf("%s: %s", method, name)
				}
			}
		}
	}
	if c.transport.ExpectContinueTimeout != 0 || c.transport.ForceAttemptHTTP2 || c.transport.Protocols.HTTP2() || c.transport.Protocols.UnencryptedHTTP2() {
		t.Error("the transport waits for leave, or speaks HTTP/2")
	}
}

// An answer may not say that it goes on in another protocol: its body would be
// the bare connection, which no time limit ends.
func TestSwitchingProtocolsIsLost(t *testing.T) {
	for _, protocol := range []string{"h2c", "websocket"} {
		p := listen(t, func(_ *peer, w *wire, _ int) {
			w.request()
			w.say("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: " + protocol + "\r\n\r\n")
			_, _ = w.in.Peek(1) // until the client hangs up
		})
		done := make(chan error, 1)
		go func() { done <- writes["create"](t.Context(), connect(t, p.url)) }()
		select {
		case err := <-done:
			if kindOf(err) != "lost" || !strings.Contains(err.Error(), "another protocol") {
				t.Errorf("%s: %v", protocol, err)
			}
		case <-time.After(4 * time.Second):
			t.Fatalf("%s: the call hangs", protocol)
		}
	}
}

// Answers without end: in interim answers, headers, body, drops.
func TestEndlessAnswers(t *testing.T) {
	forever := func(w *wire, piece string, pause time.Duration) {
		for {
			if _, err := io.WriteString(w, piece); err != nil {
				return
			}
			time.Sleep(pause)
		}
	}
	head := "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	for name, talk := range map[string]func(*wire){
		"interim answers": func(w *wire) { forever(w, "HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n", 0) },
		"headers":         func(w *wire) { w.say(head); forever(w, "X-Filler: "+strings.Repeat("x", 500)+"\r\n", 0) },
		"a header line":   func(w *wire) { w.say(head + "X-Filler: "); forever(w, strings.Repeat("x", 500), 0) },
		"a status line":   func(w *wire) { w.say("HTTP/1.1 200 "); forever(w, strings.Repeat("x", 500), 0) },
		"chunks": func(w *wire) {
			w.say(head + "Transfer-Encoding: chunked\r\n\r\n")
			forever(w, "10000\r\n"+strings.Repeat(" ", 1<<16)+"\r\n", 0)
		},
		"a body to the end of the connection": func(w *wire) { w.say(head + "\r\n"); forever(w, strings.Repeat(" ", 1<<16), 0) },
		"a body in drops": func(w *wire) {
			w.say(head + "Content-Length: 100000\r\n\r\n")
			forever(w, " ", 5*time.Millisecond)
		},
		"a header in drops": func(w *wire) { w.say(head + "X: "); forever(w, "x", 5*time.Millisecond) },
		"trailers": func(w *wire) {
			w.say(head + "Transfer-Encoding: chunked\r\nTrailer: X\r\n\r\n2\r\n{}\r\n0\r\n")
			forever(w, "X: "+strings.Repeat("x", 500)+"\r\n", 0)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := listen(t, func(_ *peer, w *wire, _ int) { w.request(); talk(w) })
			c := connect(t, p.url, func(cfg *Config) { cfg.Timeout = time.Second })
			start := time.Now()
			if got := kindOf(writes["create"](t.Context(), c)); got != "lost" || p.began.Load() != 1 {
				t.Errorf("%s after %d requests", got, p.began.Load())
			}
			if took := time.Since(start); took > 3*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}

// Nobody asked for other encodings than gzip. An answer in one, or in gzip that
// is broken, cannot be read: it tells nothing.
func TestStrangeEncodings(t *testing.T) {
	body := `{"data":` + recordJSON + `}`
	for _, encoding := range []string{"br", "zstd", "deflate", "gzip", "gzip, gzip", "x-gzip-of-mine"} {
		answer := answerJSON(200, "\x1b\x02\xff"+body, "Content-Encoding", encoding)
		s := serve(t, answer, good)
		if got := kindOf(writes["create"](t.Context(), connect(t, s.URL))); got != "lost" || s.requests.Load() != 1 {
			t.Errorf("%s: %s", encoding, got)
		}
	}
}

// The matrix of redirects: whatever the status, and wherever it leads, nobody
// is there to receive anything, and the token stays here.
func TestRedirectMatrix(t *testing.T) {
	var elsewhere atomic.Int64
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { elsewhere.Add(1); good(w, r) }))
	defer other.Close()
	otherPort := strings.TrimPrefix(other.URL, "http://127.0.0.1:")
	targets := map[string]struct {
		secure bool
		to     string
	}{
		"another host":     {false, "http://localhost:" + otherPort},
		"another port":     {false, other.URL},
		"from https":       {true, other.URL},
		"without a scheme": {false, "//localhost:" + otherPort},
	}
	for name, target := range targets {
		for _, status := range []int{301, 302, 303, 307, 308} {
			var seen atomic.Int64
			s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				seen.Add(1)
				w.Header().Set("Location", target.to+r.URL.Path)
				w.WriteHeader(status)
			}))
			if target.secure {
				s.StartTLS()
			} else {
				s.Start()
			}
			for verb, send := range merged(writes, reads, map[string]func(context.Context, *Client) error{"self": self}) {
				seen.Store(0)
				c := connect(t, s.URL)
				c.transport.TLSClientConfig.RootCAs = roots(s)
				err := send(t.Context(), c)
				want, requests := "unavailable", int64(3)
				if _, write := writes[verb]; write {
					want, requests = "lost", 1
				}
				if kindOf(err) != want || seen.Load() != requests || !strings.Contains(err.Error(), "redirect ("+itoa(status)+")") || !strings.Contains(hintOf(err), "sign-in page") {
					t.Errorf("%s, %d, %s: %v after %d requests", name, status, verb, err, seen.Load())
				}
				c.Close()
			}
			s.Close()
		}
	}
	if n := elsewhere.Load(); n != 0 {
		t.Errorf("the other server saw %d requests", n)
	}
}

// A server that offers HTTP/2 above all is not even asked for it, so there is no
// GOAWAY and no refused stream after which a POST could be sent again. One that
// speaks nothing else gets nothing.
func TestHTTP2IsNeverOffered(t *testing.T) {
	var asked atomic.Value
	s := httptest.NewUnstartedServer(http.HandlerFunc(good))
	s.EnableHTTP2 = true
	s.TLS = &tls.Config{NextProtos: []string{"h2", "http/1.1"}, GetConfigForClient: func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		asked.Store(strings.Join(hello.SupportedProtos, ","))
		return nil, nil
	}}
	s.StartTLS()
	defer s.Close()
	for _, send := range merged(writes, reads) {
		c := connect(t, s.URL)
		c.transport.TLSClientConfig.RootCAs = roots(s)
		if err := send(t.Context(), c); err != nil {
			t.Error(err)
		}
		if protocols := asked.Load().(string); strings.Contains(protocols, "h2") {
			t.Errorf("asked for %s", protocols)
		}
	}

	only := listen(t, func(p *peer, w *wire, _ int) {
		if r := w.request(); r == nil || r.Method == "PRI" {
			t.Error("spoken to in HTTP/2")
		}
		w.say("\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64") // SETTINGS
	})
	if got := kindOf(writes["create"](t.Context(), connect(t, only.url))); got != "lost" || only.began.Load() != 1 {
		t.Errorf("%s after %d requests", got, only.began.Load())
	}
}

// Connections that were kept through a pause at the gate are not used after it.
func TestKeptConnectionsAreDroppedAfterAPause(t *testing.T) {
	var dials int
	inBubble(t, nil, func(t *testing.T, p *pipes, c *Client) {
		dials = 0
		c.Close()
		c.transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			dials++
			return p.dial(ctx, network, address)
		}
		for _, pause := range []time.Duration{0, longWait - time.Second, longWait} {
			c.cfg.Write.Limited(pause)
			if err := writes["create"](t.Context(), c); err != nil {
				t.Fatal(err)
			}
		}
	})
	if dials != 2 {
		t.Errorf("%d connections, want one and another after the long pause", dials)
	}
}
