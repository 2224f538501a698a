package sandbox

import (
	"sync"
	"sync/atomic"
	"time"
)

type counter struct{ atomic.Int64 }

func (c *counter) add(n int64) { c.Int64.Add(n) }

// gate holds the limits and counts what passes. The limits are per token (inferred); the one on scores is for the whole
// workspace (rate-limiting guide).
type gate struct {
	mu      sync.Mutex
	opts    Options
	tokens  map[*token]*budgets
	scores  scoreWindow
	writes  *window // of all tokens, without limit: for the busiest second
	reads   int64
	written int64
	limited int64
	faults  map[string]int64
}

type budgets struct{ read, write *window }

func newGate(opts Options) *gate {
	return &gate{
		opts: opts, tokens: map[*token]*budgets{}, scores: scoreWindow{limit: opts.QueryScore},
		writes: newWindow(0, opts.RateWindow == "sliding"), faults: map[string]int64{},
	}
}

// admit counts a request, or refuses it. A request that a fault answers with 429 counts as refused.
func (g *gate) admit(k *token, write bool, fault string) *Error {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	if reset, ok := g.budget(k, write).admit(now); !ok {
		g.limited++
		return limitReached(reset)
	}
	if fault != "" {
		g.faults[fault]++
	}
	switch {
	case fault == fault429 || fault == fault429Bare:
		g.limited++
	case write:
		g.written++
		g.writes.admit(now)
	default:
		g.reads++
	}
	return nil
}

func (g *gate) budget(k *token, write bool) *window {
	b := g.tokens[k]
	if b == nil {
		sliding := g.opts.RateWindow == "sliding"
		b = &budgets{newWindow(g.opts.ReadRate, sliding), newWindow(g.opts.WriteRate, sliding)}
		g.tokens[k] = b
	}
	if write {
		return b.write
	}
	return b.read
}

// charge counts the score of a query.
func (g *gate) charge(score float64) error {
	if g.opts.QueryScore == 0 {
		return nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if reset, ok := g.scores.admit(time.Now(), score); !ok {
		g.limited++
		return limitReached(reset)
	}
	return nil
}
