package attio_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"attio-import/importer/attio"
	"attio-import/importer/sandbox"
	"attio-import/mapping/schema"
	"attio-import/ratelimit"
)

// The sandbox shares no type with the client: where both agree, it is about
// the wire and not about a common mistake.
func start(t *testing.T, opts sandbox.Options, perSecond float64) (*sandbox.Server, *attio.Client) {
	t.Helper()
	s, err := sandbox.New(opts)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	timeout := 30 * time.Second // a busy machine must not look like a lost answer
	if opts.Faults["hang"] > 0 {
		timeout = 500 * time.Millisecond
	}
	c, err := attio.New(attio.Config{
		BaseURL: s.URL(), Token: attio.Token(s.Token()), Read: ratelimit.NewBudget(perSecond), Write: ratelimit.NewBudget(perSecond),
		Backoff:    func(attempt int) time.Duration { return ratelimit.Backoff(attempt, 0) },
		RetryAfter: ratelimit.RetryAfter, Timeout: timeout, Attempts: 20,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return s, c
}

func key(row int) string { return fmt.Sprintf("ws-%04d", row) }

func values(row int) []byte {
	return fmt.Appendf(nil, `{"workspace_id":%q,"name":"Workspace %d"}`, key(row), row)
}

func TestAgainstSandbox(t *testing.T) {
	_, c := start(t, sandbox.Options{Empty: true}, 0)
	ctx := t.Context()

	self, err := c.Self(ctx)
	if err != nil || self.WorkspaceID == "" || len(self.Missing(attio.ScopeRecordsWrite, attio.ScopeSchemaRead)) > 0 {
		t.Fatalf("%+v, %v", self, err)
	}
	s, err := c.Schema(ctx, []string{"workspaces", "deals"}, func(*schema.Object) []string { return []string{"stage"} })
	if err != nil {
		t.Fatal(err)
	}
	if a := s.Object("workspaces").Attribute("workspace_id"); a == nil || !a.Unique || !a.Required || a.Type != schema.Text {
		t.Errorf("workspace_id is %+v", a)
	}
	if a := s.Object("workspaces").Attribute("company"); a == nil || !slices.Equal(a.Targets, []string{"companies"}) {
		t.Errorf("company is %+v", a)
	}
	if a := s.Object("deals").Attribute("stage"); a == nil || !a.OptionsKnown || len(a.Options) == 0 {
		t.Errorf("stage is %+v", a)
	}
	if members, err := c.Members(ctx); err != nil || len(members) != 1 || members[0].Email == "" {
		t.Errorf("%+v, %v", members, err)
	}

	made, err := c.Create(ctx, "workspaces", values(1), attio.Creating{})
	if err != nil || made.WorkspaceID != self.WorkspaceID || made.Status != 200 || made.ExecutionID == "" || made.At == "" {
		t.Fatalf("%+v, %v", made, err)
	}
	_, err = c.Create(ctx, "workspaces", values(1), attio.Creating{})
	var refusal *attio.Error
	if !errors.As(err, &refusal) || refusal.Code != attio.CodeUniquenessConflict || refusal.Attribute != "workspace_id" {
		t.Errorf("a second one: %v", err)
	}
	_, err = c.Create(ctx, "workspaces", []byte(`{"name":"x"}`), attio.Creating{})
	if !errors.As(err, &refusal) || refusal.Code != attio.CodeMissingValue || s.Object("workspaces").Attribute(refusal.Attribute) == nil {
		t.Errorf("one without a key: %v", err)
	}

	checkName := func(when, want string) {
		t.Helper()
		page, err := c.Query(ctx, "workspaces", attio.Query{Filter: json.RawMessage(`{"workspace_id":{"$in":["ws-0001"]}}`)})
		if err != nil || len(page.Records) != 1 || page.At == "" || page.Records[0].ID != made.RecordID {
			t.Fatalf("%s: %+v, %v", when, page, err)
		}
		var name []struct{ Value string }
		if err := json.Unmarshal(page.Records[0].Value("name"), &name); err != nil || len(name) != 1 || name[0].Value != want {
			t.Errorf("%s: the name is %s, want %s", when, page.Records[0].Value("name"), want)
		}
	}
	checkName("created", "Workspace 1")
	for verb, change := range map[string]func(values []byte) (attio.Written, error){
		"update":    func(v []byte) (attio.Written, error) { return c.Update(ctx, "workspaces", made.RecordID, v) },
		"overwrite": func(v []byte) (attio.Written, error) { return c.Overwrite(ctx, "workspaces", made.RecordID, v) },
		"assert":    func(v []byte) (attio.Written, error) { return c.Assert(ctx, "workspaces", "workspace_id", v) },
	} {
		w, err := change(fmt.Appendf(nil, `{"workspace_id":"ws-0001","name":"by %s"}`, verb))
		if err != nil || w.RecordID != made.RecordID {
			t.Errorf("%s: %+v, %v", verb, w, err)
		}
		checkName(verb, "by "+verb)
	}
	if err := c.Delete(ctx, "workspaces", made.RecordID); err != nil {
		t.Error(err)
	}
	if _, err := c.Get(ctx, "workspaces", made.RecordID); !errors.As(err, &refusal) || refusal.Status != 404 {
		t.Errorf("after the end: %v", err)
	}
}

// createAll creates rows on eight workers and gives each row's error.
func createAll(ctx context.Context, c *attio.Client, rows int) []error {
	errs := make([]error, rows)
	next := make(chan int)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for row := range next {
				_, errs[row] = c.Create(ctx, "workspaces", values(row), attio.Creating{})
			}
		})
	}
	for row := range rows {
		next <- row
	}
	close(next)
	wg.Wait()
	return errs
}

// held counts the records of each key.
func held(t *testing.T, c *attio.Client) map[string]int {
	t.Helper()
	page, err := c.Query(t.Context(), "workspaces", attio.Query{})
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, r := range page.Records {
		var id []struct{ Value string }
		if err := json.Unmarshal(r.Value("workspace_id"), &id); err != nil {
			t.Fatal(err)
		}
		count[id[0].Value]++
	}
	return count
}

// Every fault that the sandbox knows: what the client calls done is done, what
// it calls not sent is not, nothing is refused as a conflict with itself, and
// no fault but those that take an answer away makes a row uncertain.
func TestSandboxFaults(t *testing.T) {
	const rows = 40
	for _, kind := range sandbox.FaultKinds() {
		if kind == "wrong-reply" {
			continue // of a create, only the caller can tell: it knows the key
		}
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			rate := 0.3
			if kind == "http-429" {
				rate = 0.05 // each one pauses everybody until the next second
			}
			s, c := start(t, sandbox.Options{Empty: true, Faults: map[string]float64{kind: rate}, FaultSeed: 7}, 0)
			errs := createAll(t.Context(), c, rows)
			s.EndFaults()
			time.Sleep(50 * time.Millisecond) // for work that goes on behind a cut connection
			count := held(t, c)
			lost := 0
			for row, err := range errs {
				n := count[key(row)]
				var l *attio.LostError
				switch {
				case err == nil && n != 1, n > 1:
					t.Errorf("row %d: %v, and there are %d of it", row, err, n)
				case errors.As(err, &l):
					lost++
				case err != nil:
					t.Errorf("row %d: %v", row, err)
				}
			}
			if n := s.Stats().Faults["redirect-followed"]; n > 0 {
				t.Errorf("%d redirects were followed", n)
			}
			harmless := kind == "http-429" || kind == "429-bare"
			if harmless && lost > 0 || !harmless && kind != "close-idle" && lost == 0 {
				t.Errorf("%d rows are uncertain", lost)
			}
		})
	}
}

// More workers than the limit allows, and no pace of our own: the 429s alone
// keep order, and cost no row.
func TestSandboxLimit(t *testing.T) {
	const rows = 100 // more than any two seconds of the clock take
	s, c := start(t, sandbox.Options{Empty: true, WriteRate: 40}, 0)
	for row, err := range createAll(t.Context(), c, rows) {
		if err != nil {
			t.Errorf("row %d: %v", row, err)
		}
	}
	if n := len(held(t, c)); n != rows {
		t.Errorf("%d records of %d rows", n, rows)
	}
	got := c.Requests()
	if got.Limited == 0 || got.Write != rows+got.Limited || s.Stats().Limited != got.Limited {
		t.Errorf("the client counted %+v, the sandbox %d refusals", got, s.Stats().Limited)
	}
}
