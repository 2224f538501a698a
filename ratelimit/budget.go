package ratelimit

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

// How a budget moves. A single 429 is chance and costs a fiftieth of the rate,
// won back within a second. Where a limit was cut, all calls in flight are
// refused each second: with ten in flight a fifth of the rate goes each time.
const (
	pace     = 0.99        // of the rate asked for; see the package comment
	easeDown = 0.98        // each 429 multiplies the rate by this
	easeUp   = 0.02        // of the full rate, given back at each quiet step
	floor    = 0.1         // of the full rate: the slowest
	step     = time.Second // it goes up at most once in this time
)

// Budget is a rate that all workers share. Make it with [NewBudget]; it is
// safe for concurrent use.
type Budget struct {
	start  time.Time
	full   rate.Limit
	tokens *rate.Limiter // nil: no limit

	// resume is when a pause ends, in nanoseconds after start; 0: no pause.
	// It is apart from mu because every call reads it.
	resume atomic.Int64
	eased  atomic.Bool // the rate is below full

	mu   sync.Mutex
	well time.Time // all is well since then: the last 429, or the last rise
}

// NewBudget returns a budget for perSecond calls a second, of which it uses
// 99%. Zero or less means no limit: then [Budget.Wait] returns at once, unless
// a 429 made the budget pause.
func NewBudget(perSecond float64) *Budget {
	b := &Budget{start: time.Now()}
	if perSecond > 0 {
		b.full = rate.Limit(perSecond * pace)
		b.tokens = rate.NewLimiter(b.full, 1)
	}
	return b
}

// Wait returns when the next call may leave. The only error is that of ctx,
// which it returns promptly; the call must then not leave.
//
// Every Wait must be followed by a call, or a token is wasted.
func (b *Budget) Wait(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	for {
		if err := sleep(ctx, b.Paused()); err != nil {
			return err
		}
		if err := b.token(ctx); err != nil {
			return err
		}
		// A pause that began meanwhile makes the token void: whoever wakes from
		// it queues for a fresh one, and no two leave together.
		if b.Paused() == 0 {
			return nil
		}
	}
}

// token waits for a token. It reserves and sleeps by itself because
// rate.Limiter.Wait fails at once where ctx has a deadline before the token.
func (b *Budget) token(ctx context.Context) error {
	if b.tokens == nil {
		return nil
	}
	r := b.tokens.Reserve()
	if err := sleep(ctx, r.Delay()); err != nil {
		r.Cancel()
		return err
	}
	return nil
}

// Limited says that the server refused a call with a 429: no call leaves for
// retryAfter from now, and the rate eases down by a fiftieth, never below a
// tenth of the full rate. A pause is never shortened.
func (b *Budget) Limited(retryAfter time.Duration) {
	now := time.Now()
	b.pauseUntil(now.Add(retryAfter))
	if b.tokens == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.well = now
	b.eased.Store(true)
	b.tokens.SetLimitAt(now, max(b.tokens.Limit()*easeDown, b.full*floor))
}

func (b *Budget) pauseUntil(t time.Time) {
	until := int64(t.Sub(b.start))
	for {
		old := b.resume.Load()
		if until <= old || b.resume.CompareAndSwap(old, until) {
			return
		}
	}
}

// OK says that the server answered with anything but a 429. A rate that was
// eased down rises by a fiftieth of the full one for each second in which no
// 429 came.
func (b *Budget) OK() {
	if !b.eased.Load() {
		return
	}
	now := time.Now()
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.eased.Load() || now.Sub(b.well) < step {
		return
	}
	b.well = now
	next := min(b.tokens.Limit()+b.full*easeUp, b.full)
	b.tokens.SetLimitAt(now, next)
	b.eased.Store(next < b.full)
}

// Rate is the rate kept at the moment, in calls a second; 0: no limit.
func (b *Budget) Rate() float64 {
	if b.tokens == nil {
		return 0
	}
	return float64(b.tokens.Limit())
}

// Paused is how long no call will leave because of a 429; 0: none does now.
func (b *Budget) Paused() time.Duration {
	until := b.resume.Load()
	if until == 0 {
		return 0
	}
	if left := time.Duration(until) - time.Since(b.start); left > 0 {
		return left
	}
	b.resume.CompareAndSwap(until, 0) // so that the next look is free again
	return 0
}

// sleep waits for d or for the end of ctx, whose error it then returns.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
