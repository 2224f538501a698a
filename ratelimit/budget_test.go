package ratelimit

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// drive sends calls through a budget with some workers and returns when each
// left, in order, as time since the first. before is called for each call with its number.
func drive(b *Budget, workers, calls int, before func(n int)) []time.Duration {
	var (
		mu   sync.Mutex
		left []time.Time
		wg   sync.WaitGroup
	)
	next := make(chan int)
	for range workers {
		wg.Go(func() {
			for n := range next {
				if before != nil {
					before(n)
				}
				if err := b.Wait(context.Background()); err != nil {
					panic(err)
				}
				mu.Lock()
				left = append(left, time.Now())
				mu.Unlock()
			}
		})
	}
	for n := range calls {
		next <- n
	}
	close(next)
	wg.Wait()
	slices.SortFunc(left, time.Time.Compare)
	since := make([]time.Duration, len(left))
	for i, t := range left {
		since[i] = t.Sub(left[0])
	}
	return since
}

// busiest is the most calls in any second that slides over the times.
func busiest(times []time.Duration) int {
	most, from := 0, 0
	for to := range times {
		for times[to]-times[from] > time.Second {
			from++
		}
		most = max(most, to-from+1)
	}
	return most
}

func TestBudgetKeepsRate(t *testing.T) {
	tests := []struct {
		perSecond float64
		calls     int
		most      int           // in any second
		want      time.Duration // from the first to the last
	}{
		{25, 1000, 25, 40364 * time.Millisecond}, // 999 gaps of 1/24.75 s: 24.77 a second
		{25, 26, 25, 1010 * time.Millisecond},
		{100, 1000, 100, 10091 * time.Millisecond},
		{0.5, 4, 1, 6061 * time.Millisecond},
	}
	for _, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			times := drive(NewBudget(tt.perSecond), 16, tt.calls, nil)
			if got := times[len(times)-1].Round(time.Millisecond); got != tt.want {
				t.Errorf("%d calls at %v a second took %v, want %v", tt.calls, tt.perSecond, got, tt.want)
			}
			if got := busiest(times); got > tt.most {
				t.Errorf("%d calls within one second at %v a second, want at most %d", got, tt.perSecond, tt.most)
			}
		})
	}
}

// inSecond is the most calls that a server counts in one second of the clock,
// where each call takes up to jitter to arrive, whatever the second begins at.
func inSecond(times []time.Duration, jitter time.Duration) int {
	most := 0
	rnd := rand.New(rand.NewPCG(1, 2))
	for phase := time.Duration(0); phase < time.Second; phase += 7 * time.Millisecond {
		count := map[time.Duration]int{}
		for _, at := range times {
			second := (at + phase + time.Duration(rnd.Int64N(int64(jitter)))) / time.Second
			count[second]++
			most = max(most, count[second])
		}
	}
	return most
}

// The pace leaves room for jitter; the very rate does not. The second half
// shows that the first one measures something.
func TestPaceSurvivesJitter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		times := drive(NewBudget(25), 16, 500, nil)
		if got := inSecond(times, 10*time.Millisecond); got > 25 {
			t.Errorf("a server would count %d calls in a second, want at most 25", got)
		}
		times = drive(NewBudget(25/pace), 16, 500, nil)
		if got := inSecond(times, 10*time.Millisecond); got <= 25 {
			t.Errorf("at exactly 25 a second the busiest one has %d calls: the pace would be needless", got)
		}
	})
}

func TestLimitedPausesAllWithoutStampede(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(25)
		times := drive(b, 16, 200, func(n int) {
			if n == 50 || n == 51 { // two calls in flight are refused
				b.Limited(5 * time.Second)
			}
		})
		var longest time.Duration
		for i := 1; i < len(times); i++ {
			gap := times[i] - times[i-1]
			longest = max(longest, gap)
			if gap < 40*time.Millisecond {
				t.Errorf("calls %d and %d left %v apart", i-1, i, gap)
			}
		}
		if longest < 5*time.Second || longest > 5100*time.Millisecond {
			t.Errorf("the longest pause was %v, want 5 s", longest)
		}
		if got := busiest(times); got > 25 {
			t.Errorf("%d calls within one second, want at most 25", got)
		}
	})
}

func TestPauseIsNeverShortened(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, perSecond := range []float64{25, 0} {
			b := NewBudget(perSecond)
			start := time.Now()
			b.Limited(3 * time.Second)
			b.Limited(time.Second)
			b.Limited(-time.Hour)
			if err := b.Wait(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := time.Since(start); got != 3*time.Second {
				t.Errorf("at %v a second the pause was %v, want 3 s", perSecond, got)
			}
		}
	})
}

// A pause that begins while calls sleep in one makes it longer for them too.
func TestPauseGrowsUnderSleepers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(25)
		start := time.Now()
		b.Limited(time.Second)
		go func() {
			time.Sleep(500 * time.Millisecond)
			b.Limited(2 * time.Second)
		}()
		if err := b.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := time.Since(start); got < 2500*time.Millisecond {
			t.Errorf("the call left after %v, in the middle of a pause", got)
		}
	})
}

func TestRateEases(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(100)
		check := func(when string, want float64) {
			t.Helper()
			if got := b.Rate(); math.Abs(got-want) > 1e-6 {
				t.Errorf("%s: %v calls a second, want %v", when, got, want)
			}
		}
		check("new", 99)
		for range 16 {
			b.Limited(0)
		}
		check("16 refusals at once", 99*math.Pow(easeDown, 16))
		b.OK()
		check("an answer in the same second", 99*math.Pow(easeDown, 16))
		time.Sleep(time.Second)
		b.OK()
		check("an answer a second later", 99*(math.Pow(easeDown, 16)+easeUp))
		for range 200 {
			time.Sleep(time.Second)
			b.Limited(0)
		}
		check("refusals without end", 9.9)
		time.Sleep(time.Second)
		for range 16 {
			b.OK()
		}
		check("16 answers in one second", 9.9+1.98)
		for range 60 {
			time.Sleep(time.Second)
			b.OK()
		}
		check("a quiet minute", 99)
	})
}

// A limit that the server lowered is found and kept to: few calls are wasted.
func TestFindsLoweredLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(25)
		var window time.Time
		var count, served, refused int
		start := time.Now()
		for time.Since(start) < 2*time.Minute {
			if err := b.Wait(t.Context()); err != nil {
				t.Fatal(err)
			}
			if now := time.Now().Truncate(time.Second); now.After(window) {
				window, count = now, 0
			}
			if count++; count > 10 {
				refused++
				b.Limited(time.Until(window.Add(time.Second)))
				continue
			}
			served++
			b.OK()
		}
		if served < 1000 || refused > 120 {
			t.Errorf("of 1200 calls that the server allows, %d were made, and %d refused", served, refused)
		}
	})
}

func TestWaitReturnsPromptlyWhenCancelled(t *testing.T) {
	tests := []struct {
		name      string
		perSecond float64
		prepare   func(*Budget)
	}{
		{"in a pause", 25, func(b *Budget) { b.Limited(time.Minute) }},
		{"in a pause without limit", 0, func(b *Budget) { b.Limited(time.Minute) }},
		{"in the queue", 0.01, func(b *Budget) { _ = b.Wait(context.Background()) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := NewBudget(tt.perSecond)
				tt.prepare(b)
				start := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				if err := b.Wait(ctx); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("Wait = %v", err)
				}
				if got := time.Since(start); got != time.Second {
					t.Errorf("Wait returned after %v, the context ended after 1 s", got)
				}
				if err := b.Wait(ctx); err == nil {
					t.Error("Wait gave a token to a context that had ended")
				}
			})
		})
	}
}

// Whoever gives up in the queue does not cost the others a turn.
func TestCancelledWaitGivesTokenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(1 / pace)
		start := time.Now()
		_ = b.Wait(t.Context())
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		_ = b.Wait(ctx)
		_ = b.Wait(t.Context())
		if got := time.Since(start).Round(time.Millisecond); got != time.Second {
			t.Errorf("the second call left after %v, want 1 s", got)
		}
	})
}

func TestNoLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(0)
		times := drive(b, 16, 1000, nil)
		if last := times[len(times)-1]; last != 0 {
			t.Errorf("1000 calls without a limit took %v", last)
		}
		b.Limited(time.Second)
		b.OK()
		if b.Rate() != 0 || b.Paused() != time.Second {
			t.Errorf("rate %v, pause %v", b.Rate(), b.Paused())
		}
		time.Sleep(2 * time.Second)
		if b.Paused() != 0 || b.resume.Load() != 0 {
			t.Error("the pause is not forgotten when it is over")
		}
	})
}

func BenchmarkWaitWithoutLimit(b *testing.B) {
	budget := NewBudget(0)
	ctx := b.Context()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if budget.Wait(ctx) != nil {
				b.Error("refused")
			}
			budget.OK()
		}
	})
}
