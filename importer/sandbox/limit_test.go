package sandbox

import (
	"net/http"
	"testing"
	"time"
)

func TestWindows(t *testing.T) {
	base := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	at := func(ms int) time.Time { return base.Add(time.Duration(ms) * time.Millisecond) }
	type step struct {
		ms    int
		reset int // -1: let through
	}
	for name, tc := range map[string]struct {
		w     *window
		steps []step
		peak  int
	}{
		"clock":              {newWindow(2, false), []step{{900, -1}, {950, -1}, {999, 1000}, {1000, -1}, {1001, -1}, {1500, 2000}, {2000, -1}}, 2},
		"sliding":            {newWindow(2, true), []step{{900, -1}, {950, -1}, {1000, 1900}, {1899, 1900}, {1900, -1}, {1949, 1950}, {1950, -1}}, 2},
		"under one a second": {newWindow(0.5, false), []step{{0, -1}, {1999, 2000}, {2000, -1}}, 1},
		"no limit":           {newWindow(0, false), []step{{0, -1}, {1, -1}, {2, -1}, {1000, -1}}, 3},
	} {
		for _, s := range tc.steps {
			reset, ok := tc.w.admit(at(s.ms))
			if want := s.reset < 0; ok != want || !ok && !reset.Equal(at(s.reset)) {
				t.Errorf("%s: at %d ms: admitted %v, reset %v, want reset at %d ms", name, s.ms, ok, reset, s.reset)
			}
		}
		if tc.w.peak != tc.peak {
			t.Errorf("%s: peak %d, want %d", name, tc.w.peak, tc.peak)
		}
	}
}

func TestScoreWindow(t *testing.T) {
	base := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	w := scoreWindow{limit: 10}
	for _, s := range []struct {
		second int
		score  float64
		reset  int // -1: let through
	}{
		{0, 6, -1}, {1, 4, -1}, {2, 1, 10}, {2, 0, -1}, {9, 1, 10}, {10, 6, -1}, {10, 1, 11}, {30, 11, 31},
	} {
		reset, ok := w.admit(base.Add(time.Duration(s.second)*time.Second), s.score)
		if want := s.reset < 0; ok != want || !ok && !reset.Equal(base.Add(time.Duration(s.reset)*time.Second)) {
			t.Errorf("score %v at %d s: admitted %v, reset %v, want %d s", s.score, s.second, ok, reset, s.reset)
		}
	}
}

func TestHTTPDateRoundsUp(t *testing.T) {
	base := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for ns, want := range map[int]string{0: "Sun, 01 Mar 2026 12:00:00 GMT", 1: "Sun, 01 Mar 2026 12:00:01 GMT"} {
		if got := httpDate(base.Add(time.Duration(ns))); got != want {
			t.Errorf("%d ns: %s, want %s", ns, got, want)
		}
	}
}

func TestLimitReached(t *testing.T) {
	c := serveWatched(t, Options{WriteRate: 1, ReadRate: 1000, DateSkew: -time.Hour})
	var refused answer
	for n := 0; refused.status == 0 && n < 20; n++ { // the second may turn in between
		if a := c.do("POST", "/v2/objects/companies/records", data(`{}`)); a.status != http.StatusOK {
			refused = a
		}
	}
	if refused.status != 429 || refused.get("type").Str != "rate_limit_error" || refused.get("code").Str != "rate_limit_exceeded" ||
		refused.get("message").Str != "Rate limit exceeded, please try again later" {
		t.Fatalf("got %d %s", refused.status, refused.body)
	}
	reset, err := http.ParseTime(refused.header.Get("Retry-After"))
	if err != nil {
		t.Fatalf("Retry-After %q: %v", refused.header.Get("Retry-After"), err)
	}
	date, err := http.ParseTime(refused.header.Get("Date"))
	if err != nil || reset.Sub(date) < 0 || reset.Sub(date) > time.Second {
		t.Errorf("Retry-After %v against Date %v: want the next second", reset, date)
	}
	if d := time.Since(date); d < 59*time.Minute {
		t.Errorf("Date is %v behind, want the skew of an hour", d)
	}
	c.ok("POST", "/v2/objects/companies/records/query", `{}`) // reads have their own budget
	if st := c.server.Stats(); st.Limited < 1 || st.MaxWritesInASecond != 1 {
		t.Errorf("stats %+v", st)
	}
}

func TestQueryScoreLimit(t *testing.T) {
	c := serveWatched(t, Options{QueryScore: 3})
	if a := c.ok("POST", "/v2/objects/companies/records/query", `{"limit":5}`); a.header.Get("X-Attio-Record-Query-Score") != "0" {
		t.Errorf("score of a plain page is %q", a.header.Get("X-Attio-Record-Query-Score"))
	}
	heavy := `{"sorts":[{"direction":"desc","attribute":"name"}]}`
	if a := c.refused("POST", "/v2/objects/companies/records/query", heavy, 429, "rate_limit_exceeded"); a.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}

// Each token has its own budget, for each window; queries count as reads.
func TestLimitsArePerToken(t *testing.T) {
	for _, kind := range []string{"clock", "sliding"} {
		c := serve(t, Options{WriteRate: 0.01, ReadRate: 0.01, RateWindow: kind, Seed: []byte(`{"tokens":[{"token":"` + otherToken + `"}]}`)})
		for _, token := range []string{c.token, otherToken} {
			c.token = token
			c.ok("POST", "/v2/objects/companies/records", data(`{}`))
			a := c.refused("POST", "/v2/objects/companies/records", data(`{}`), 429, "rate_limit_exceeded")
			if reset, err := http.ParseTime(a.header.Get("Retry-After")); err != nil || time.Until(reset) > 101*time.Second {
				t.Errorf("%s: Retry-After %q", kind, a.header.Get("Retry-After"))
			}
			c.ok("POST", "/v2/objects/companies/records/query", `{}`)
			c.refused("GET", "/v2/objects", "", 429, "rate_limit_exceeded")
		}
		if st := c.server.Stats(); st.Limited != 4 || st.Requests.Read != 2 || st.Requests.Write != 2 || st.Records["companies"] != 2 {
			t.Errorf("%s: stats %+v", kind, st)
		}
	}
}

func TestRangePicksWithin(t *testing.T) {
	r := Range{150 * time.Millisecond, 400 * time.Millisecond}
	low, high := r.Max, r.Min
	for range 1000 {
		d := r.pick()
		low, high = min(low, d), max(high, d)
	}
	if low < r.Min || high > r.Max || high-low < 200*time.Millisecond {
		t.Errorf("picked between %v and %v of %v", low, high, r)
	}
}
