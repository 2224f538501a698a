package attio

import (
	"net/http"
	"testing"
	"time"
)

// A server that is three hours ahead and 730 ms into its second when the
// client starts; answers take 20 ms and tell whole seconds.
func TestClockFindsTheFractionOfASecond(t *testing.T) {
	c := newClock()
	server := time.Date(2026, 3, 1, 12, 0, 0, 730e6, time.UTC)
	answer := func(after time.Duration) {
		stamped := server.Add(after - 20*time.Millisecond)
		c.observe(stamped.Format(http.TimeFormat), c.started.Add(after))
	}
	if _, ok := c.at(c.started); ok {
		t.Error("an estimate without an answer")
	}
	answer(40 * time.Millisecond)
	if got, _ := c.at(c.started.Add(40 * time.Millisecond)); !got.Equal(server.Truncate(time.Second)) {
		t.Errorf("after one answer %v, want its Date", got)
	}
	for after := 80 * time.Millisecond; after < 3*time.Second; after += 40 * time.Millisecond {
		answer(after)
	}
	got, _ := c.at(c.started.Add(3 * time.Second))
	behind := server.Add(3 * time.Second).Sub(got)
	if behind < 0 || behind > 60*time.Millisecond {
		t.Errorf("%v behind the server after three seconds, want 0 to 60 ms", behind)
	}
}

func TestClockForgets(t *testing.T) {
	c := newClock()
	c.observe("2026-03-01T13:00:00.5Z", c.started)
	for minute := range 3 {
		came := c.started.Add(time.Duration(minute+1) * time.Minute)
		c.observe(time.Date(2026, 3, 1, 12, minute+1, 0, 0, time.UTC).Format(time.RFC3339Nano), came)
	}
	got, _ := c.at(c.started.Add(4 * time.Minute))
	if want := time.Date(2026, 3, 1, 12, 4, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("got %v, want %v: the hour that the clock was set back is remembered", got, want)
	}
}

func TestClockIgnoresGarbage(t *testing.T) {
	c := newClock()
	for _, text := range []string{"", "soon", "Sun, 99 Mar 2026 00:00:00 GMT"} {
		c.observe(text, c.started)
	}
	if at, ok := c.at(c.started); ok {
		t.Errorf("an estimate out of garbage: %v", at)
	}
}
