package attio

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The wire format of every call, written out by hand.
func TestWire(t *testing.T) {
	const values = `{"name":"Deal","plan":["Pro"]}`
	tests := []struct {
		name, method, target, body string
		send                       func(context.Context, *Client) error
	}{
		{"create", "POST", "/v2/objects/deals/records", `{"data":{"values":` + values + `}}`, func(ctx context.Context, c *Client) error {
			_, err := c.Create(ctx, "deals", []byte(values), Creating{})
			return err
		}},
		{"assert", "PUT", "/v2/objects/deals/records?matching_attribute=a%26b", `{"data":{"values":` + values + `}}`, func(ctx context.Context, c *Client) error {
			_, err := c.Assert(ctx, "deals", "a&b", []byte(values))
			return err
		}},
		{"update", "PATCH", "/v2/objects/deals/records/" + recordID, `{"data":{"values":` + values + `}}`, func(ctx context.Context, c *Client) error {
			_, err := c.Update(ctx, "deals", recordID, []byte(values))
			return err
		}},
		{"overwrite", "PUT", "/v2/objects/deals/records/" + recordID, `{"data":{"values":` + values + `}}`, func(ctx context.Context, c *Client) error {
			_, err := c.Overwrite(ctx, "deals", recordID, []byte(values))
			return err
		}},
		{"delete", "DELETE", "/v2/objects/deals/records/" + recordID, "", func(ctx context.Context, c *Client) error {
			return c.Delete(ctx, "deals", recordID)
		}},
		{"get", "GET", "/v2/objects/deals/records/" + recordID, "", func(ctx context.Context, c *Client) error {
			_, err := c.Get(ctx, "deals", recordID)
			return err
		}},
		{"query all", "POST", "/v2/objects/deals/records/query", `{"limit":500}`, func(ctx context.Context, c *Client) error {
			_, err := c.Query(ctx, "deals", Query{})
			return err
		}},
		{"query", "POST", "/v2/objects/deals/records/query",
			`{"filter":{"name":"x"},"sorts":[{"attribute":"created_at","direction":"asc"},{"attribute":"name","field":"last_name","direction":"desc"}],"limit":50,"offset":100}`,
			func(ctx context.Context, c *Client) error {
				_, err := c.Query(ctx, "deals", Query{Filter: json.RawMessage(`{"name":"x"}`), Limit: 50, Offset: 100, Sorts: []Sort{
					{Attribute: "created_at", Direction: "asc"}, {Attribute: "name", Field: "last_name", Direction: "desc"}}})
				return err
			}},
		{"a name that needs escaping", "POST", "/v2/objects/a%2Fb%3Fc/records", `{"data":{"values":` + values + `}}`, func(ctx context.Context, c *Client) error {
			_, err := c.Create(ctx, "a/b?c", []byte(values), Creating{})
			return err
		}},
		{"an id that needs escaping", "PATCH", "/v2/objects/deals/records/..%2Fx%20y", `{"data":{"values":` + values + `}}`, func(ctx context.Context, c *Client) error {
			_, _ = c.Update(ctx, "deals", "../x y", []byte(values))
			return nil // the answer is about another record
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var method, target, body string
			var header http.Header
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				b, _ := io.ReadAll(r.Body)
				method, target, body, header = r.Method, r.RequestURI, string(b), r.Header
				good(w, r)
			}))
			defer s.Close()
			if err := tt.send(t.Context(), connect(t, s.URL)); err != nil {
				t.Fatal(err)
			}
			if method != tt.method || target != tt.target || body != tt.body {
				t.Errorf("sent %s %s\n%s\nwant %s %s\n%s", method, target, body, tt.method, tt.target, tt.body)
			}
			want := http.Header{"Authorization": {"Bearer " + string(testToken)}, "Accept": {"application/json"}, "User-Agent": {"attio-import"}, "Accept-Encoding": {"gzip"}}
			if body != "" {
				want["Content-Type"] = []string{"application/json"}
				want["Content-Length"] = []string{itoa(len(body))}
			}
			if diff := cmp.Diff(want, header); diff != "" {
				t.Error(diff) // an Idempotency-Key would show here
			}
		})
	}
}

func TestNamesThatLeadElsewhere(t *testing.T) {
	s := serve(t, good)
	c := connect(t, s.URL)
	for _, name := range []string{"", ".", ".."} {
		if _, err := c.Create(t.Context(), name, []byte(`{}`), Creating{}); err == nil {
			t.Errorf("object %q is taken", name)
		}
		if err := c.Delete(t.Context(), "deals", name); err == nil {
			t.Errorf("record %q is taken: it would lead to another endpoint", name)
		}
	}
	if s.requests.Load() != 0 {
		t.Error("something was sent")
	}
}

func TestWritten(t *testing.T) {
	s := serve(t, answerJSON(429, limitedJSON), answerJSON(200, `{"data":`+recordJSON+`}`, "X-Attio-Execution-Id", "exec-1", "X-Accurate-At", "2026-01-02T03:04:05.000000000Z"))
	c := connect(t, s.URL)
	w, err := c.Create(t.Context(), "deals", []byte(`{}`), Creating{})
	if err != nil {
		t.Fatal(err)
	}
	if w.Elapsed <= 0 || w.Elapsed > time.Minute {
		t.Errorf("took %v", w.Elapsed)
	}
	w.Elapsed = 0
	want := Written{
		RecordID: recordID, WorkspaceID: "ws", WebURL: "https://app.attio.com/acme/deals/record/" + recordID,
		Status: 200, Attempts: 2, ExecutionID: "exec-1", At: "2026-01-02T03:04:05.000000000Z",
	}
	if diff := cmp.Diff(want, w); diff != "" {
		t.Error(diff)
	}
	// The memory that answers are read into is used again: what a result keeps must be its own.
	other := serve(t, answerJSON(200, `{"data":{"id":{"record_id":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx","workspace_id":"yy"},"web_url":"zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"}}`))
	c.base, _ = parseBase(other.URL)
	c.endpoints.Clear()
	for range 10 {
		if _, err := c.Create(t.Context(), "deals", []byte(`{}`), Creating{}); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(want, w); diff != "" {
		t.Errorf("changed by a later answer: %s", diff)
	}
}

func TestRecords(t *testing.T) {
	s := serve(t, answerJSON(200, `{"data":[`+recordJSON+`,{"id":{"record_id":"r2"},"values":{"a.b|c":[{"value":1}],"*":[]}}]}`, "Date", "Tue, 23 May 2023 14:42:00 GMT"))
	page, err := connect(t, s.URL).Query(t.Context(), "deals", Query{})
	if err != nil || len(page.Records) != 2 || page.At != "Tue, 23 May 2023 14:42:00 GMT" {
		t.Fatalf("%+v, %v", page, err)
	}
	want := Record{
		ID: recordID, WorkspaceID: "ws", ObjectID: "ob", CreatedAt: "2025-12-16T15:32:42.770000000Z", WebURL: "https://app.attio.com/acme/deals/record/" + recordID,
		Values: json.RawMessage(`{"name":[{"value":"Deal","attribute_type":"text"}],"company":[]}`),
	}
	if diff := cmp.Diff(want, page.Records[0]); diff != "" {
		t.Error(diff)
	}
	for _, tt := range []struct{ slug, want string }{{"name", `[{"value":"Deal","attribute_type":"text"}]`}, {"company", "[]"}, {"nam*", ""}, {"gone", ""}, {"", ""}} {
		if got := string(page.Records[0].Value(tt.slug)); got != tt.want {
			t.Errorf("Value(%q) = %s, want %s", tt.slug, got, tt.want)
		}
	}
	for slug, want := range map[string]string{"a.b|c": `[{"value":1}]`, "*": "[]", "a": ""} {
		if got := string(page.Records[1].Value(slug)); got != want {
			t.Errorf("Value(%q) = %s, want %s", slug, got, want)
		}
	}
}

func TestRequestsAreCountedApart(t *testing.T) {
	s := serve(t, good)
	c := connect(t, s.URL)
	for _, send := range writes {
		if err := send(t.Context(), c); err != nil {
			t.Error(err)
		}
	}
	for _, send := range reads {
		if err := send(t.Context(), c); err != nil {
			t.Error(err)
		}
	}
	if got, want := c.Requests(), (Counts{Read: 2, Write: 5}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}
