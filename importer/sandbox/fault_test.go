package sandbox

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// Each fault is injected into one create; what the client sees, and whether the record is there, is the contract.
func TestFaults(t *testing.T) {
	cases := []struct {
		kind   string
		done   string // always, never, half
		status int    // 0: no usable answer
		sees   string // part of the body
	}{
		{faultResetBefore, "never", 0, ""},
		{faultResetAfter, "always", 0, ""},
		{faultTruncate, "always", 0, ""},
		{fault500, "half", 500, `"status_code":500`},
		{fault502, "half", 502, "<html>"},
		{fault429, "never", 429, "rate_limit_exceeded"},
		{fault429Bare, "never", 429, "rate_limit_exceeded"},
		{faultPortal, "half", 200, "<html>"},
		{faultWrongReply, "half", 200, `"data":`},
		{faultCloseIdle, "always", 200, `"w-1"`},
	}
	for _, tc := range cases {
		t.Run(tc.kind, func(t *testing.T) {
			stored := 0
			for seed := range int64(8) {
				stored += createUnderFault(t, tc.kind, seed, tc.status, tc.sees)
			}
			if tc.done == "always" && stored != 8 || tc.done == "never" && stored != 0 || tc.done == "half" && (stored == 0 || stored == 8) {
				t.Errorf("the work was done in %d of 8 cases, want %s", stored, tc.done)
			}
		})
	}
}

// createUnderFault returns how many records were stored.
func createUnderFault(t *testing.T, kind string, seed int64, status int, sees string) int {
	t.Helper()
	c := serve(t, Options{Faults: map[string]float64{kind: 1}, FaultSeed: seed})
	a, err := c.send("POST", "/v2/objects/workspaces/records", data(`{"workspace_id":"w-1"}`))
	if status == 0 && err == nil {
		t.Errorf("got %d %s, want no usable answer", a.status, a.body)
	}
	if status != 0 && (err != nil || a.status != status || !strings.Contains(a.body, sees)) {
		t.Errorf("got %d %s, %v, want %d %s", a.status, a.body, err, status, sees)
	}
	if has := a.header.Get("Retry-After") != ""; status == 429 && has != (kind == fault429) {
		t.Errorf("Retry-After: %v", a.header)
	}
	st := c.server.Stats()
	refused := boolNumber(status == 429)
	if st.Faults[kind] != 1 || float64(st.Limited) != refused || float64(st.Requests.Write) != 1-refused {
		t.Errorf("counted %+v", st)
	}
	entries, err := c.server.Log(0)
	if err != nil || len(entries) != int(st.Records["workspaces"]) {
		t.Errorf("log has %d lines (%v), %d records are held", len(entries), err, st.Records["workspaces"])
	}
	return int(st.Records["workspaces"])
}

func TestLateFault(t *testing.T) {
	c := serve(t, Options{Faults: map[string]float64{faultLate: 1}, FaultSeed: 1})
	if a, err := c.send("POST", "/v2/objects/workspaces/records", data(`{"workspace_id":"w-1"}`)); err == nil {
		t.Fatalf("got %d %s, want a cut connection", a.status, a.body)
	}
	if n := c.server.Stats().Records["workspaces"]; n != 0 {
		t.Error("the work was done at once")
	}
	c.server.Close() // does what is still to be done
	if n := c.server.Stats().Records["workspaces"]; n != 1 {
		t.Errorf("%d records after the end, want 1", n)
	}
}

func TestHangFault(t *testing.T) {
	c := serve(t, Options{Faults: map[string]float64{faultHang: 1}})
	req, err := http.NewRequest("GET", c.url+"/v2/objects", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	if res, err := (&http.Client{Timeout: 50 * time.Millisecond}).Do(req); err == nil {
		t.Errorf("got an answer: %s", res.Status)
	}
}

func TestRedirectFault(t *testing.T) {
	c := serve(t, Options{Faults: map[string]float64{faultRedirect: 1}})
	a := c.do("POST", "/v2/objects/workspaces/records", data(`{"workspace_id":"w-1"}`))
	to := a.header.Get("Location")
	if a.status != 302 && a.status != 307 || strings.HasPrefix(to, c.url) || !strings.HasSuffix(to, "/v2/objects/workspaces/records") {
		t.Fatalf("got %d to %q", a.status, to)
	}
	res, err := http.Get(to)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if n := c.server.Stats().Faults["redirect-followed"]; n != 1 {
		t.Errorf("redirect-followed = %d, want 1", n)
	}
}

func TestCloseIdleFault(t *testing.T) {
	c := serve(t, Options{Faults: map[string]float64{faultCloseIdle: 1}})
	a := c.ok("GET", "/v2/objects", "")
	if a.header.Get("Connection") != "" {
		t.Errorf("the end was announced: %v", a.header)
	}
}

func TestFaultsEnd(t *testing.T) {
	c := serve(t, Options{Faults: map[string]float64{fault500: 1}})
	c.refused("GET", "/v2/objects", "", 500, "internal_error")
	c.ok("DELETE", "/_sandbox/faults", "")
	c.ok("GET", "/v2/objects", "")
}

// The same seed decides alike, and rates hold.
func TestFaultRates(t *testing.T) {
	rates := map[string]float64{faultResetAfter: 0.1, fault500: 0.3}
	count := func(seed int64) (map[string]int, string) {
		f := newFaults(rates, seed)
		n, trace := map[string]int{}, ""
		for range 2000 {
			d := f.decide()
			n[d.kind]++
			trace += d.kind + ","
		}
		return n, trace
	}
	n, first := count(7)
	if _, again := count(7); again != first {
		t.Error("one seed gave two sequences")
	}
	if _, other := count(8); other == first {
		t.Error("two seeds gave one sequence")
	}
	if n[faultResetAfter] < 150 || n[faultResetAfter] > 250 || n[fault500] < 530 || n[fault500] > 670 {
		t.Errorf("of 2000: %v", n)
	}
}
