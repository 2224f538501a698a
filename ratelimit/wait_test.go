package ratelimit

import (
	"math"
	"net/http"
	"testing"
	"time"
)

func TestBackoff(t *testing.T) {
	tests := []struct {
		attempt int
		rnd     float64
		want    time.Duration
	}{
		{1, 0.5, 100 * time.Millisecond},
		{1, 0, MinWait},
		{1, 0.1, MinWait}, // 20 ms would hammer
		{1, 0.999999, 199999800 * time.Nanosecond},
		{2, 0.5, 200 * time.Millisecond},
		{3, 0.5, 400 * time.Millisecond},
		{8, 0.5, 12800 * time.Millisecond},
		{8, 1, 25600 * time.Millisecond},
		{9, 0.5, 15 * time.Second},
		{10, 1, MaxBackoff},
		{100, 1, MaxBackoff},
		{math.MaxInt, 0.5, 15 * time.Second},
		{0, 0.5, 100 * time.Millisecond},
		{-7, 0.5, 100 * time.Millisecond},
	}
	for _, tt := range tests {
		if got := Backoff(tt.attempt, tt.rnd); got != tt.want {
			t.Errorf("Backoff(%d, %v) = %v, want %v", tt.attempt, tt.rnd, got, tt.want)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	const (
		at    = "Tue, 23 May 2023 14:42:00 GMT"
		next  = "Tue, 23 May 2023 14:42:01 GMT"
		exact = "2023-05-23T14:42:00.730000000Z"
	)
	local, err := http.ParseTime("Tue, 23 May 2023 14:41:58 GMT") // two seconds slow
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, header, date string
		want               time.Duration
		ok                 bool
	}{
		{"next second", next, at, time.Second, true},
		{"against the exact time", next, exact, 270 * time.Millisecond, true},
		{"no date: the local clock", next, "", 3 * time.Second, true},
		{"garbage date: the local clock", next, "yesterday", 3 * time.Second, true},
		{"same second", at, at, MinWait, true},
		{"40 ms ahead", next, "2023-05-23T14:42:00.960Z", MinWait, true},
		{"two minutes", "Tue, 23 May 2023 14:44:00 GMT", at, MaxPause, true},
		{"old notation", "Tuesday, 23-May-23 14:42:01 GMT", at, time.Second, true},
		{"asctime", "Tue May 23 14:42:01 2023", at, time.Second, true},
		{"spaces around", " " + next + " ", at, time.Second, true},
		{"seconds", "2", at, 2 * time.Second, true},
		{"no seconds", "0", at, MinWait, true},
		{"many seconds", "90", at, MaxPause, true},

		{"missing", "", at, 0, false},
		{"garbage", "soon", at, 0, false},
		{"fraction", "1.5", at, 0, false},
		{"past", "Tue, 23 May 2023 14:41:59 GMT", at, 0, false},
		{"past by the exact time", at, exact, 0, false},
		{"year 9999", "Fri, 31 Dec 9999 23:59:59 GMT", at, 0, false},
		{"two hours", "Tue, 23 May 2023 16:42:00 GMT", at, 0, false},
		{"negative seconds", "-1", at, 0, false},
		{"all seconds there are", "9223372036854775807", at, 0, false},
		{"more than a number holds", "92233720368547758079", at, 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := RetryAfter(tt.header, tt.date, local)
			if got != tt.want || ok != tt.ok {
				t.Errorf("RetryAfter(%q, %q) = %v, %v; want %v, %v", tt.header, tt.date, got, ok, tt.want, tt.ok)
			}
		})
	}
}

func FuzzRetryAfter(f *testing.F) {
	f.Add("Tue, 23 May 2023 14:42:01 GMT", "Tue, 23 May 2023 14:42:00 GMT")
	f.Add("2", "2023-05-23T14:42:00.730000000Z")
	f.Add("Fri, 31 Dec 9999 23:59:59 GMT", "")
	f.Fuzz(func(t *testing.T, header, date string) {
		wait, ok := RetryAfter(header, date, time.Unix(1684852920, 0))
		if ok && (wait < MinWait || wait > MaxPause) || !ok && wait != 0 {
			t.Errorf("RetryAfter(%q, %q) = %v, %v", header, date, wait, ok)
		}
	})
}
