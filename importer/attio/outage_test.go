package attio

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

var gatewayDown = answer(502, "text/html", "<h1>Bad gateway</h1>")

// sleepy answers nothing until the client has gone.
func sleepy(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// An outage of ten minutes in the middle of an import: it is waited out, with a
// probe now and then and nothing else, and goes on by itself. What was in
// flight when it began is uncertain, except where nothing had left.
func TestOutageIsWaitedOut(t *testing.T) {
	const workers, n = 16, 400
	tests := []struct {
		name   string
		refuse error
		answer step
		lost   int // at most
	}{
		{"no connection", errRefused, nil, workers + enough},
		{"a gateway's page", nil, gatewayDown, workers + enough},
		{"a portal", nil, answer(200, "text/html", "<p>Sign in"), workers + enough},
		{"a redirect", nil, answer(302, "", "", "Location", "https://example.com"), workers + enough},
		{"no answer", nil, sleepy, workers + enough},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var told []*OutageError
			var waits []time.Duration
			var mu sync.Mutex
			inBubble(t, func(cfg *Config) {
				cfg.Waiting = func(why error, wait time.Duration) {
					mu.Lock()
					defer mu.Unlock()
					var o *OutageError
					if errors.As(why, &o) {
						told, waits = append(told, o), append(waits, wait)
					}
				}
			}, func(t *testing.T, p *pipes, c *Client) {
				go func() {
					time.Sleep(5 * time.Second)
					answer := tt.answer
					if answer == nil {
						answer = func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) }
					}
					p.set(tt.refuse, answer)
					time.Sleep(10 * time.Minute)
					p.set(nil, sound)
				}()
				all := rows(t.Context(), c, workers, n)
				got := kinds(all)
				if got["ok"]+got["lost"] != n || got["lost"] > tt.lost {
					t.Errorf("%v, want at most %d lost and the others done", got, tt.lost)
				}
				for body, times := range p.created {
					if times != 1 {
						t.Errorf("%s was created %d times", body, times)
					}
				}
				if len(p.created) != got["ok"] {
					t.Errorf("%d records for %d calls that were accepted", len(p.created), got["ok"])
				}
				// A minute after the beginning only probes go out, and not more often than the backoff says.
				asked := p.during(70*time.Second, 10*time.Minute)
				if i := slices.IndexFunc(asked, func(s string) bool { return s != "GET /v2/self" }); i >= 0 || len(asked) > 60 {
					t.Errorf("%d requests in the middle of the outage, and not only probes", len(asked))
				}
				end := 10*time.Minute + 5*time.Second
				if took := all[n-1].ended; took < end || took > end+60*time.Second+n/25*time.Second {
					t.Errorf("took %v", took)
				}
			})
			if len(told) < 10 || !strings.Contains(told[5].Error(), "no answer of use from Attio since 00:00:") || told[5].Unwrap() == nil || hintOf(told[5]) == "" {
				t.Fatalf("told %d times of the outage: %v", len(told), told)
			}
			for i, wait := range waits {
				if wait <= 0 || wait > 30*time.Second || i > 0 && !told[i].Since.Equal(told[0].Since) {
					t.Errorf("probe %d: wait %v, since %v", i, wait, told[i].Since)
				}
			}
		})
	}
}

// An outage that lasts too long ends every call that waits, and every later one.
func TestMaxOutage(t *testing.T) {
	const limit = 95 * time.Second // just before a probe would be due by its backoff
	for name, down := range map[string]func(*pipes){
		"no connection": func(p *pipes) {
			p.set(errRefused, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
		},
		"a page":    func(p *pipes) { p.set(nil, gatewayDown) },
		"no answer": func(p *pipes) { p.set(nil, sleepy) },
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(cfg *Config) { cfg.MaxOutage = limit }, func(t *testing.T, p *pipes, c *Client) {
				down(p)
				start := time.Now()
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				type end struct {
					kind  string
					err   error
					after time.Duration
				}
				ends := make(chan end, 64)
				for i := range 24 {
					go func() {
						time.Sleep(time.Duration(i) * time.Second)
						for { // as the engine does: lost rows are parked, other ones follow
							var err error
							if i%3 == 0 {
								_, err = c.Get(ctx, "deals", recordID)
							} else {
								err = writes["create"](ctx, c)
							}
							if kindOf(err) != "lost" {
								ends <- end{kindOf(err), err, time.Since(start)}
								return
							}
						}
					}()
				}
				for range 24 {
					e := <-ends
					var o *OutageError
					if !errors.As(e.err, &o) || e.kind != "not sent" && e.kind != "unavailable" {
						t.Fatalf("%s: %v", e.kind, e.err)
					}
					// The first bad answer of a hanging API comes with the time limit.
					if e.after < limit || e.after > limit+31*time.Second+lastProbe || o.Lasted < limit || o.Lasted > limit+lastProbe {
						t.Errorf("ended after %v, lasted %v, by its own word since %v", e.after, o.Lasted, o.Since)
					}
					if !strings.Contains(e.err.Error(), "no answer of use") || hintOf(e.err) == "" {
						t.Errorf("%v (%s)", e.err, hintOf(e.err))
					}
				}
				before, at := c.Requests(), time.Now()
				for _, send := range []func(context.Context, *Client) error{writes["create"], reads["query"], self} {
					if err := send(ctx, c); kindOf(err) != "not sent" {
						t.Errorf("a later call: %v", err)
					}
				}
				if c.Requests() != before || time.Since(at) != 0 {
					t.Error("a later call was sent, or waited")
				}
			})
		})
	}
}

// Before the API has answered at all nothing is waited out: an address with a
// mistake in it must not look like an outage.
func TestNoOutageBeforeTheFirstAnswer(t *testing.T) {
	s := serve(t, gatewayDown)
	c := connect(t, s.URL, func(cfg *Config) { cfg.Attempts = 20 })
	if err := reads["get"](t.Context(), c); kindOf(err) != "unavailable" || s.requests.Load() != 20 {
		t.Errorf("%v after %d requests", err, s.requests.Load())
	}
	if c.watch.current.Load() != nil {
		t.Error("an outage of what was never there")
	}
}

// poison answers everything well but reads of records.
func poison(fault step) step {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && strings.Contains(r.URL.Path, "/records/") {
			fault(w, r)
			return
		}
		sound(w, r)
	}
}

// A call that always fails while the API is there is given up, be it alone or
// among others, and holds nobody back.
func TestPoisonIsNoOutage(t *testing.T) {
	t.Run("alone", func(t *testing.T) {
		for _, attempts := range []int{1, 3, 8, 12} {
			inBubble(t, func(cfg *Config) { cfg.Attempts, cfg.MaxOutage = attempts, time.Second }, func(t *testing.T, p *pipes, c *Client) {
				p.set(nil, poison(gatewayDown))
				start := time.Now()
				err := reads["get"](t.Context(), c)
				var u *UnavailableError
				var o *OutageError
				if !errors.As(err, &u) || u.Attempts != attempts || errors.As(err, &o) {
					t.Errorf("%d attempts: %v", attempts, err)
				}
				if took := time.Since(start); took > 2*time.Minute {
					t.Errorf("%d attempts took %v", attempts, took)
				}
				if n := len(p.during(0, time.Hour)); n > 2*attempts+1 { // a probe for each at most, since patience ends so soon
					t.Errorf("%d attempts: %d requests", attempts, n)
				}
			})
		}
	})
	t.Run("that hangs, with little patience", func(t *testing.T) {
		inBubble(t, func(cfg *Config) { cfg.MaxOutage = 10 * time.Second }, func(t *testing.T, p *pipes, c *Client) {
			p.set(nil, poison(sleepy))
			var o *OutageError
			if err := reads["get"](t.Context(), c); kindOf(err) != "unavailable" || errors.As(err, &o) {
				t.Errorf("%v", err)
			}
		})
	})
	t.Run("among others", func(t *testing.T) {
		inBubble(t, nil, func(t *testing.T, p *pipes, c *Client) {
			p.set(nil, poison(gatewayDown))
			gone := make(chan error, 4)
			for range 4 {
				go func() { gone <- reads["get"](t.Context(), c) }()
			}
			all := rows(t.Context(), c, 16, 500)
			for range 4 {
				if err := <-gone; kindOf(err) != "unavailable" {
					t.Errorf("%v", err)
				}
			}
			if got := kinds(all); got["ok"] != 500 || all[499].ended > 21*time.Second {
				t.Errorf("%v in %v", got, all[499].ended)
			}
		})
	})
	t.Run("writes", func(t *testing.T) {
		inBubble(t, nil, func(t *testing.T, p *pipes, c *Client) {
			p.set(nil, func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, "/self") {
					sound(w, r)
					return
				}
				gatewayDown(w, r)
			})
			all := rows(t.Context(), c, 16, 500)
			if got := kinds(all); got["lost"] != 500 || all[499].ended > 22*time.Second {
				t.Errorf("%v in %v", got, all[499].ended)
			}
		})
	})
}

// Three of ten answers are bad, by chance: that is no outage, and costs next to
// no time.
func TestRandomFaultsDoNotHoldBack(t *testing.T) {
	const n = 3000
	inBubble(t, nil, func(t *testing.T, p *pipes, c *Client) {
		rnd := rand.New(rand.NewPCG(3, 4))
		var mu sync.Mutex
		p.set(nil, func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			bad := rnd.Float64() < 0.3
			mu.Unlock()
			if bad {
				gatewayDown(w, r)
				return
			}
			sound(w, r)
		})
		all := rows(t.Context(), c, 16, n)
		got := kinds(all)
		if got["ok"]+got["lost"] != n || got["ok"] < n*6/10 {
			t.Errorf("%v", got)
		}
		if took, least := all[n-1].ended, n*time.Second/25; took > least*11/10 {
			t.Errorf("took %v, without faults %v", took, least)
		}
	})
}

// Whatever the API says to a probe, it is there; the calls find out the rest.
func TestProbeAnswers(t *testing.T) {
	denied := answerJSON(401, `{"status_code":401,"type":"auth_error","code":"unauthorized","message":"no"}`)
	tests := []struct {
		name  string
		probe step
		calls step
		want  string
		pause time.Duration
	}{
		{"the token was revoked", answerJSON(200, `{"active":false}`), denied, "refused", 0},
		{"401", denied, denied, "refused", 0},
		{"403", answerJSON(403, `{"status_code":403,"message":"no"}`), sound, "ok", 0},
		{"404", answerJSON(404, `{"status_code":404,"message":"Could not find endpoint"}`), sound, "ok", 0},
		{"429", answerJSON(429, limitedJSON, "Retry-After", "7"), sound, "ok", 7 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			read := &openGate{}
			inBubble(t, func(cfg *Config) { cfg.Read = read }, func(t *testing.T, p *pipes, c *Client) {
				p.set(nil, func(w http.ResponseWriter, r *http.Request) {
					if strings.HasSuffix(r.URL.Path, "/self") {
						tt.probe(w, r)
						return
					}
					tt.calls(w, r)
				})
				c.watch.bad(errRefused)
				c.watch.suspect()
				if got := kindOf(writes["create"](t.Context(), c)); got != tt.want {
					t.Errorf("%s, want %s", got, tt.want)
				}
			})
			if tt.pause > 0 && (len(read.limited) != 1 || read.limited[0] != tt.pause) {
				t.Errorf("the gate was told %v", read.limited)
			}
		})
	}
}

// A 429 shows that the API is there only if the API wrote it.
func TestWhoSaysSlowDown(t *testing.T) {
	c := connect(t, "http://127.0.0.1:1")
	for body, want := range map[string]bool{limitedJSON: true, "": false, "<p>slow": false, `{"error":"slow"}`: false} {
		r := reply{status: 429, body: []byte(body), left: true}
		if got := c.isThere(c.judge(&call{}, &r), &r); got != want {
			t.Errorf("%q: %v", body, got)
		}
	}
}

// The end of a context ends the wait at once, also of the call that sends the
// probes: another one takes its turn.
func TestCancelInAnOutage(t *testing.T) {
	for name, down := range map[string]func(*pipes){
		"between probes":  func(p *pipes) { p.set(errRefused, gatewayDown) },
		"within a probe":  func(p *pipes) { p.set(nil, sleepy) },
		"gateway answers": func(p *pipes) { p.set(nil, gatewayDown) },
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, nil, func(t *testing.T, p *pipes, c *Client) {
				down(p)
				c.watch.bad(errRefused)
				c.watch.suspect()
				const calls = 4
				var cancels []context.CancelFunc
				ends := make([]chan error, calls)
				for i := range calls {
					ctx, cancel := context.WithCancel(t.Context())
					cancels = append(cancels, cancel)
					ends[i] = make(chan error, 1)
					go func() { ends[i] <- writes["create"](ctx, c) }()
					time.Sleep(time.Millisecond)
				}
				time.Sleep(10*time.Minute + 1234*time.Millisecond)
				for i := range calls - 1 { // the first of them has the turn
					at := time.Now()
					cancels[i]()
					err := <-ends[i]
					if kindOf(err) != "not sent" || !errors.Is(err, context.Canceled) || time.Since(at) != 0 {
						t.Errorf("call %d: %v after %v", i, err, time.Since(at))
					}
					time.Sleep(time.Minute)
				}
				p.set(nil, sound)
				if err := <-ends[calls-1]; err != nil {
					t.Errorf("the last one: %v", err)
				}
				cancels[calls-1]()
			})
		})
	}
}

// Stop ends the wait of every call at once: of those that an outage holds back, and of one
// that waits to be sent again before it is known to be one.
func TestStopEndsTheWait(t *testing.T) {
	read := func(ctx context.Context, c *Client) error { _, err := c.Get(ctx, "deals", "x"); return err }
	for name, tt := range map[string]struct {
		outage bool
		calls  int
		call   func(context.Context, *Client) error
		want   string
	}{
		"in an outage":  {true, 4, writes["create"], "not sent"},
		"after a fault": {false, 1, read, "unavailable"},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, nil, func(t *testing.T, p *pipes, c *Client) {
				p.set(errRefused, gatewayDown)
				if tt.outage {
					c.watch.bad(errRefused)
					c.watch.suspect()
				}
				ends := make(chan error)
				for range tt.calls {
					go func() { ends <- tt.call(t.Context(), c) }()
				}
				time.Sleep(10 * time.Millisecond)
				at := time.Now()
				c.Stop()
				for range tt.calls {
					if err := <-ends; kindOf(err) != tt.want || !errors.Is(err, context.Canceled) || time.Since(at) > time.Millisecond {
						t.Errorf("%v after %v", err, time.Since(at))
					}
				}
			})
		})
	}
}

// The probe and what follows it use no connection from before the outage.
func TestConnectionsFromBeforeAnOutageAreDropped(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, p *pipes, c *Client) {
		var mu sync.Mutex
		var dials []string
		c.Close()
		c.transport = newTransport(nil, true, 16)
		c.transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			mu.Lock()
			dials = append(dials, "dial")
			mu.Unlock()
			return p.dial(ctx, network, address)
		}
		if err := writes["create"](t.Context(), c); err != nil || len(dials) != 1 {
			t.Fatalf("%v, %d connections", err, len(dials))
		}
		c.watch.bad(errRefused)
		c.watch.suspect()
		if err := writes["create"](t.Context(), c); err != nil {
			t.Fatal(err)
		}
		if len(dials) != 2 { // the probe's, which the create takes over
			t.Errorf("%d connections, want 2", len(dials))
		}
	})
}

// Writes that were not sent outlast an outage; so do reads, of which none is
// given up though each had far more failures than attempts.
func TestCallsOutlastOutages(t *testing.T) {
	inBubble(t, func(cfg *Config) { cfg.Attempts = 2 }, func(t *testing.T, p *pipes, c *Client) {
		var wg sync.WaitGroup
		for name, send := range map[string]func(context.Context, *Client) error{"get": reads["get"], "query": reads["query"], "create": writes["create"]} {
			wg.Go(func() {
				for range 3 {
					if err := send(t.Context(), c); err != nil {
						t.Errorf("%s: %v", name, err)
					}
					time.Sleep(time.Minute)
				}
			})
		}
		for range 3 {
			p.set(errRefused, sound)
			c.Close() // what is kept is gone with the network
			time.Sleep(40 * time.Second)
			p.set(nil, sound)
			time.Sleep(20 * time.Second)
		}
		wg.Wait()
	})
}

// Whatever faults a call had before an outage do not count after it.
func TestFaultsAreCountedAnewAfterAnOutage(t *testing.T) {
	inBubble(t, func(cfg *Config) { cfg.Attempts = 2 }, func(t *testing.T, p *pipes, c *Client) {
		p.set(nil, gatewayDown)
		var wg sync.WaitGroup
		for i := range 2 * enough {
			wg.Go(func() {
				if _, err := c.Get(t.Context(), "object-"+itoa(i), recordID); err != nil {
					t.Error(err)
				}
			})
		}
		time.Sleep(time.Minute)
		var failed sync.Map
		p.set(nil, poison(func(w http.ResponseWriter, r *http.Request) {
			if _, again := failed.LoadOrStore(r.URL.Path, true); !again {
				gatewayDown(w, r) // each call once more
				return
			}
			sound(w, r)
		}))
		wg.Wait()
	})
}

// A call that stood at the gate when an outage began does not leave into it.
func TestOutageWhileAtTheGate(t *testing.T) {
	var begin func()
	gate := &openGate{wait: func(ctx context.Context) error {
		if begin != nil {
			begin()
			begin = nil
		}
		return ctx.Err()
	}}
	inBubble(t, func(cfg *Config) { cfg.Write = gate }, func(t *testing.T, p *pipes, c *Client) {
		begin = func() {
			p.set(nil, gatewayDown)
			c.watch.bad(errRefused)
			c.watch.suspect()
			time.AfterFunc(time.Minute, func() { p.set(nil, sound) })
		}
		if err := writes["create"](t.Context(), c); err != nil {
			t.Error(err)
		}
	})
}

// A good answer that was still on its way ends an outage, and nobody waits for
// the next probe.
func TestLateAnswerEndsOutage(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, p *pipes, c *Client) {
		p.set(errRefused, gatewayDown)
		c.watch.bad(errRefused)
		c.watch.suspect()
		done := make(chan error)
		go func() { done <- writes["create"](t.Context(), c) }()
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		p.set(nil, sound)
		at := time.Now()
		c.watch.good()
		if err := <-done; err != nil || time.Since(at) > time.Second {
			t.Errorf("%v after %v", err, time.Since(at))
		}
	})
}

// A call that sleeps between its attempts is woken when an outage has lasted too long.
func TestSleepersAreWokenToGiveUp(t *testing.T) {
	inBubble(t, func(cfg *Config) {
		cfg.Backoff = func(int) time.Duration { return time.Hour }
		cfg.MaxOutage = 24 * time.Hour
	}, func(t *testing.T, p *pipes, c *Client) {
		p.set(nil, gatewayDown)
		done := make(chan error)
		go func() { done <- reads["get"](t.Context(), c) }()
		time.Sleep(time.Minute)
		c.watch.suspect()
		at := time.Now()
		c.watch.exceed(c.watch.current.Load())
		err := <-done
		var o *OutageError
		if kindOf(err) != "unavailable" || !errors.As(err, &o) || time.Since(at) != 0 {
			t.Errorf("%v after %v", err, time.Since(at))
		}
	})
}

// Reads that are cut off from here say nothing about the API.
func TestCancelledReadsAreNoOutage(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, p *pipes, c *Client) {
		p.set(nil, sleepy)
		for range 2 * enough {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			if err := reads["get"](ctx, c); !errors.Is(err, context.DeadlineExceeded) {
				t.Error(err)
			}
			cancel()
		}
		if c.watch.row != 0 || c.watch.current.Load() != nil {
			t.Errorf("%d bad answers", c.watch.row)
		}
	})
}

func TestWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWatch(0)
		fail := func(n int) {
			for range n {
				w.bad(errRefused)
			}
		}
		check := func(when string, want bool) {
			t.Helper()
			if got := w.current.Load() != nil; got != want {
				t.Errorf("%s: outage %v", when, got)
			}
		}
		fail(100)
		w.suspect()
		check("before the first good answer", false)
		w.good()
		w.suspect()
		check("after a good answer", false)
		fail(enough - 1)
		check("not yet", false)
		w.good()
		fail(enough - 1)
		check("a good one in between", false)
		fail(1)
		check("enough", true)
		o := w.current.Load()
		fail(3)
		if w.current.Load() != o {
			t.Error("another outage within one")
		}
		w.good()
		check("a good answer", false)
		select {
		case <-o.over:
		default:
			t.Error("nobody is told that it is over")
		}
		fail(1)
		w.suspect()
		check("a suspicion", true)

		w = newWatch(time.Minute)
		w.good()
		fail(1)
		time.Sleep(time.Minute)
		check("one bad answer", false)
		fail(1)
		check("bad for as long as an outage may last", true)
		o = w.current.Load()
		w.exceed(o)
		w.good()
		if w.current.Load() != o || !w.exceeded() {
			t.Error("an outage that lasted too long ended after all")
		}
		w.exceed(o) // twice closes nothing twice
	})
}

func TestOutageErrorText(t *testing.T) {
	e := &OutageError{Since: time.Date(2026, 3, 1, 14, 3, 5, 0, time.UTC), Lasted: 125 * time.Second, Err: errRefused}
	if want := "no answer of use from Attio since 14:03:05 (2m5s); the last reason: connection refused"; e.Error() != want {
		t.Errorf("%v\nwant %s", e, want)
	}
	if !errors.Is(fmt.Errorf("x: %w", e), errRefused) {
		t.Error("the reason is lost")
	}
}
