package sandbox

import (
	"math"
	"net/http"
	"time"
)

// window enforces "so many a second" and remembers the busiest second. Rates under one a second are enforced as one in
// a longer window.
type window struct {
	limit   int // 0: none
	length  time.Duration
	sliding bool

	start time.Time   // of the clock second counted in n
	n     int         // let through in it
	past  []time.Time // sliding: when the latest were let through, oldest first
	peak  int
}

func newWindow(rate float64, sliding bool) *window {
	w := &window{sliding: sliding, length: time.Second}
	if rate > 0 {
		w.limit = max(1, int(rate))
		if rate < 1 {
			w.length = time.Duration(math.Ceil(1/rate)) * time.Second
		}
	}
	return w
}

// admit counts a request at t, or tells when the limit resets.
func (w *window) admit(t time.Time) (reset time.Time, ok bool) {
	if w.sliding {
		return w.admitSliding(t)
	}
	if start := t.Truncate(w.length); !start.Equal(w.start) {
		w.start, w.n = start, 0
	}
	if w.limit > 0 && w.n >= w.limit {
		return w.start.Add(w.length), false
	}
	w.n++
	w.peak = max(w.peak, w.n)
	return time.Time{}, true
}

func (w *window) admitSliding(t time.Time) (reset time.Time, ok bool) {
	first := 0
	for first < len(w.past) && t.Sub(w.past[first]) >= w.length {
		first++
	}
	w.past = w.past[first:]
	if w.limit > 0 && len(w.past) >= w.limit {
		return w.past[len(w.past)-w.limit].Add(w.length), false
	}
	w.past = append(w.past, t)
	w.peak = max(w.peak, len(w.past))
	return time.Time{}, true
}

// scoreWindow sums the scores of queries over ten seconds (rate-limiting guide).
type scoreWindow struct {
	limit float64
	past  []scored
	sum   float64
}

type scored struct {
	at    time.Time
	score float64
}

const scoreSpan = 10 * time.Second

// admit refuses a query that is too costly by itself or on top of the others.
func (w *scoreWindow) admit(t time.Time, score float64) (reset time.Time, ok bool) {
	if w.limit == 0 {
		return time.Time{}, true
	}
	for len(w.past) > 0 && t.Sub(w.past[0].at) >= scoreSpan {
		w.sum -= w.past[0].score
		w.past = w.past[1:]
	}
	if w.sum+score > w.limit {
		if len(w.past) == 0 {
			return t.Add(time.Second), false
		}
		return w.past[0].at.Add(scoreSpan), false
	}
	w.past = append(w.past, scored{t, score})
	w.sum += score
	return time.Time{}, true
}

// httpDate is the reset as Retry-After has it: whole seconds, so rounded up.
func httpDate(reset time.Time) string {
	if whole := reset.Truncate(time.Second); whole.Before(reset) {
		reset = whole.Add(time.Second)
	}
	return reset.UTC().Format(http.TimeFormat)
}
