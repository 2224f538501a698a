package sandbox

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"attio-import/importer/attio"
	"attio-import/ratelimit"
)

// WatchClient serves the API for the tests of this folder that start whole imports: each request must fit the official
// document, also when it is refused, and each reply.
func WatchClient(t *testing.T, opts Options) (url, token string) {
	c, _ := serveWitness(t, &witness{t: t, doc: loadDocument(t), client: true}, opts)
	return c.url, c.token
}

// TestClientConformance holds what this project's client sends, and what it gets, against the official document.
func TestClientConformance(t *testing.T) {
	s, w := serveWitness(t, &witness{t: t, doc: loadDocument(t), client: true}, Options{Seed: []byte(testSeed)})
	c, err := attio.New(attio.Config{
		BaseURL: s.url, Token: attio.Token(s.token), Read: ratelimit.NewBudget(0), Write: ratelimit.NewBudget(0),
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
	must(c.Schema(ctx, []string{"people", "workspaces"}, nil))
	made, err := c.Create(ctx, "workspaces", []byte(`{"workspace_id":["w-1"],"users":["u-1"]}`), attio.Creating{})
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
