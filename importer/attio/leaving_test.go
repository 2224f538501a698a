package attio

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"
)

// Leaving is called behind the gate, once, and before anything leaves.
func TestLeaving(t *testing.T) {
	var mu sync.Mutex
	var order []string
	note := func(what string) {
		mu.Lock()
		defer mu.Unlock()
		order = append(order, what)
	}
	gate := &openGate{wait: func(ctx context.Context) error { note("gate"); return ctx.Err() }}
	seen := func(next step) step {
		return func(w http.ResponseWriter, r *http.Request) { note("sent"); next(w, r) }
	}
	tests := []struct {
		name  string
		steps []step
		want  []string
		kind  string
	}{
		{"sent once", []step{seen(good)}, []string{"gate", "leaving", "sent"}, "ok"},
		{"slowed down", []step{seen(answerJSON(429, limitedJSON)), seen(good)}, []string{"gate", "leaving", "sent", "gate", "sent"}, "ok"},
		{"refused", []step{seen(answerJSON(400, conflictJSON))}, []string{"gate", "leaving", "sent"}, "refused"},
		{"lost", []step{seen(reset)}, []string{"gate", "leaving", "sent"}, "lost"},
	}
	for _, tt := range tests {
		c := connect(t, serve(t, tt.steps...).URL, func(cfg *Config) { cfg.Write = gate })
		_, err := c.Create(t.Context(), "deals", []byte(`{}`), Creating{Leaving: func(context.Context) error {
			note("leaving")
			return nil
		}})
		mu.Lock()
		if kindOf(err) != tt.kind || !slices.Equal(order, tt.want) {
			t.Errorf("%s: %v, in the order %v, want %v", tt.name, err, order, tt.want)
		}
		order = nil
		mu.Unlock()
	}
}

// Nor is it called again for a call of which nothing could be sent.
func TestLeavingOnceThoughUnsent(t *testing.T) {
	calls := 0
	c := connect(t, "http://127.0.0.1:1", func(cfg *Config) { cfg.Attempts = 5 })
	_, err := c.Create(t.Context(), "deals", []byte(`{}`), Creating{Leaving: func(context.Context) error { calls++; return nil }})
	var n *NotSentError
	if !errors.As(err, &n) || n.Attempts != 5 || calls != 1 {
		t.Errorf("%v, called %d times", err, calls)
	}
}

// An error of Leaving ends the call before it is one.
func TestLeavingFails(t *testing.T) {
	full := errors.New("no space left on device")
	s := serve(t, good)
	c := connect(t, s.URL)
	_, err := c.Create(t.Context(), "deals", []byte(`{}`), Creating{Leaving: func(context.Context) error { return full }})
	var n *NotSentError
	if !errors.As(err, &n) || n.Attempts != 0 || !errors.Is(err, full) {
		t.Errorf("%v", err)
	}
	if c.Requests() != (Counts{}) || s.requests.Load() != 0 {
		t.Errorf("counted %+v, and the server saw %d requests", c.Requests(), s.requests.Load())
	}
}

// A call that never got through the gate does not leave.
func TestLeavingNeedsTheGate(t *testing.T) {
	leaving := func(context.Context) error { t.Error("called"); return nil }
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := connect(t, serve(t, good).URL).Create(ctx, "deals", []byte(`{}`), Creating{Leaving: leaving})
	if kindOf(err) != "not sent" {
		t.Errorf("%v", err)
	}
	inBubble(t, func(cfg *Config) { cfg.MaxOutage = time.Minute }, func(t *testing.T, p *pipes, c *Client) {
		p.set(errRefused, gatewayDown)
		c.watch.bad(errRefused)
		c.watch.suspect()
		if _, err := c.Create(t.Context(), "deals", []byte(`{}`), Creating{Leaving: leaving}); kindOf(err) != "not sent" {
			t.Errorf("%v", err)
		}
	})
}
