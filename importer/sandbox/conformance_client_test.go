package sandbox

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"testing"
	"time"

	"attio-import/importer/attio"
	"attio-import/ratelimit"
)

// TestClientConformance holds what this project's client sends, and what it gets, against the official document.
func TestClientConformance(t *testing.T) {
	w := &witness{t: t, doc: loadDocument(t)}
	s := serve(t, Options{Seed: []byte(testSeed)})
	h := httptest.NewServer(w.watch(s.server.Handler()))
	defer h.Close()
	c, err := attio.New(attio.Config{
		BaseURL: h.URL, Token: attio.Token(s.token), Read: ratelimit.NewBudget(0), Write: ratelimit.NewBudget(0),
		Backoff:    func(int) time.Duration { return time.Millisecond },
		RetryAfter: func(string, string, time.Time) (time.Duration, bool) { return 0, false },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Error(err)
		}
	}
	ctx := context.Background()
	must(c.Self(ctx))
	must(c.Objects(ctx))
	must(c.Attributes(ctx, "workspaces"))
	must(c.Options(ctx, "workspaces", "plan"))
	must(c.Statuses(ctx, "deals", "stage"))
	must(c.Members(ctx))
	made, err := c.Create(ctx, "workspaces", []byte(`{"workspace_id":["w-1"],"users":["u-1"]}`))
	must(made, err)
	must(c.Assert(ctx, "workspaces", "workspace_id", []byte(`{"workspace_id":["w-1"],"seats":[3]}`)))
	must(c.Update(ctx, "workspaces", made.RecordID, []byte(`{"name":["One"]}`)))
	must(c.Overwrite(ctx, "workspaces", made.RecordID, []byte(`{"users":[]}`)))
	must(c.Get(ctx, "workspaces", made.RecordID))
	must(c.Query(ctx, "workspaces", attio.Query{
		Filter: json.RawMessage(`{"workspace_id":{"$in":["w-1","w-2"]}}`), Limit: 10,
		Sorts: []attio.Sort{{Attribute: "created_at", Direction: "asc"}},
	}))
	must(nil, c.Delete(ctx, "workspaces", made.RecordID))
	if w.held < 13 {
		t.Errorf("only %d exchanges were held against the document", w.held)
	}
}
