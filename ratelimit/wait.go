package ratelimit

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The waits of [Backoff] and [RetryAfter] lie between these.
const (
	MinWait    = 50 * time.Millisecond
	MaxBackoff = 30 * time.Second
	MaxPause   = time.Minute
)

const backoffBase = 200 * time.Millisecond

// Backoff is how long to wait before a call is sent again, after attempt
// failures in a row (1 is the first). rnd is a random number in [0, 1): the
// wait is that share of 200 ms, 400 ms, 800 ms and so on up to [MaxBackoff],
// and at least [MinWait]. Taking a share of the whole, not a little on top,
// spreads callers that failed together the widest.
func Backoff(attempt int, rnd float64) time.Duration {
	ceiling := MaxBackoff
	if attempt = max(attempt, 1); attempt < 9 { // 200 ms << 8 is beyond the ceiling, and no shift overflows
		ceiling = min(backoffBase<<(attempt-1), MaxBackoff)
	}
	return max(time.Duration(rnd*float64(ceiling)), MinWait)
}

// RetryAfter reads the Retry-After header of a 429: how long to wait, between
// [MinWait] and [MaxPause].
//
// The API gives an HTTP date (rate-limiting guide). Whose clock is wrong does
// not matter where it is read against the server's own time: date is the
// response's Date header or, better, its x-accurate-at, which has fractions of
// a second in RFC 3339. With both rounded down to the second the wait comes
// out at most a second too long, never too short. Without a readable date it
// is read against now, the local clock. A number of seconds, which proxies send, counts as well.
//
// ok is false where the header says nothing useful: it is missing, garbage, in
// the past, or more than an hour ahead, which no limit counted in seconds can
// mean. The caller then backs off.
func RetryAfter(header, date string, now time.Time) (wait time.Duration, ok bool) {
	header = strings.TrimSpace(header)
	if seconds, err := strconv.Atoi(header); err == nil {
		return pause(time.Duration(min(seconds, 1<<20)) * time.Second)
	}
	until, err := http.ParseTime(header)
	if err != nil {
		return 0, false
	}
	return pause(until.Sub(serverTime(date, now)))
}

func pause(wait time.Duration) (time.Duration, bool) {
	if wait < 0 || wait > time.Hour {
		return 0, false
	}
	return min(max(wait, MinWait), MaxPause), true
}

// serverTime reads the time of an answer, in either of its two notations.
func serverTime(date string, now time.Time) time.Time {
	if t, err := http.ParseTime(date); err == nil {
		return t
	}
	if t, err := time.Parse(time.RFC3339Nano, date); err == nil {
		return t
	}
	return now
}
