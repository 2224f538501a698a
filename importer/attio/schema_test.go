package attio

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"attio-import/mapping/schema"
)

const objectsJSON = `{"data":[
	{"id":{"workspace_id":"w","object_id":"o-people"},"api_slug":"people","singular_noun":"Person","plural_noun":"People","created_at":"x"},
	{"id":{"workspace_id":"w","object_id":"o-companies"},"api_slug":"companies","singular_noun":"Company","plural_noun":"Companies","created_at":"x"},
	{"id":{"workspace_id":"w","object_id":"o-deals"},"api_slug":"deals","singular_noun":"Deal","plural_noun":"Deals","created_at":"x"}]}`

// attributeJSON is an attribute as the API gives it; changes are put over it.
func attributeJSON(id, slug, kind string, changes ...string) string {
	j := `{"id":{"workspace_id":"w","object_id":"o","attribute_id":"` + id + `"},"title":"` + strings.ToUpper(slug) + `","description":null,"api_slug":"` + slug + `","type":"` + kind + `",` +
		`"is_system_attribute":true,"is_writable":true,"is_required":false,"is_unique":false,"is_multiselect":false,"is_default_value_enabled":false,"is_archived":false,"default_value":null,` +
		`"relationship":null,"created_at":"x","config":{"currency":{"default_currency_code":null,"display_type":null},"record_reference":{"allowed_object_ids":null}}}`
	for i := 0; i < len(changes); i += 2 {
		if !strings.Contains(j, changes[i]) {
			panic(changes[i])
		}
		j = strings.Replace(j, changes[i], changes[i+1], 1)
	}
	return j
}

// serveSchema serves a schema by path, and keeps what was asked for.
func serveSchema(t *testing.T, answers map[string]string) (*Client, func() []string) {
	t.Helper()
	var mu sync.Mutex
	var asked []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked = append(asked, strings.TrimPrefix(r.RequestURI, "/v2/"))
		mu.Unlock()
		body, ok := answers[strings.TrimPrefix(r.URL.Path, "/v2/")]
		if !ok {
			answerJSON(404, `{"status_code":404,"type":"invalid_request_error","code":"not_found","message":"nothing here"}`)(w, r)
			return
		}
		answerJSON(200, body)(w, r)
	}))
	t.Cleanup(s.Close)
	return connect(t, s.URL), func() []string {
		mu.Lock()
		defer mu.Unlock()
		slices.Sort(asked)
		return asked
	}
}

func TestSchema(t *testing.T) {
	client, asked := serveSchema(t, map[string]string{
		"objects": objectsJSON,
		"objects/companies/attributes": `{"data":[` + strings.Join([]string{
			attributeJSON("a1", "domains", "domain", `"is_multiselect":false`, `"is_multiselect":true`, `"is_unique":false`, `"is_unique":true`),
			attributeJSON("a2", "categories", "select", `"is_multiselect":false`, `"is_multiselect":true`),
			attributeJSON("a3", "size", "select"),
			attributeJSON("a4", "old", "text", `"is_archived":false`, `"is_archived":true`),
		}, ",") + `]}`,
		"objects/deals/attributes": `{"data":[` + strings.Join([]string{
			attributeJSON("b1", "stage", "status", `"is_required":false`, `"is_required":true`, `"is_default_value_enabled":false`, `"is_default_value_enabled":true`),
			attributeJSON("b2", "value", "currency", `"default_currency_code":null`, `"default_currency_code":"EUR"`),
			attributeJSON("b3", "associated_company", "record-reference", `"allowed_object_ids":null`, `"allowed_object_ids":["o-companies","o-gone"]`),
			attributeJSON("b4", "created_at", "timestamp", `"is_writable":true`, `"is_writable":false`),
		}, ",") + `]}`,
		"objects/companies/attributes/categories/options": `{"data":[{"id":{"option_id":"c1"},"title":"Software","is_archived":false},{"id":{"option_id":"c2"},"title":"Gone","is_archived":true}]}`,
		"objects/deals/attributes/stage/statuses":         `{"data":[{"id":{"status_id":"s1"},"title":"Lead","is_archived":false},{"id":{"status_id":"s2"},"title":"Won 🎉","is_archived":false},{"id":{"status_id":"s3"},"title":"Gone","is_archived":true}]}`,
	})
	got, err := client.Schema(t.Context(), []string{"companies", "o-deals", "deals", "nowhere", schema.WorkspaceMembers}, func(o *schema.Object) []string {
		return map[string][]string{"o-companies": {"categories", "domains", "nothing", "a2"}, "o-deals": {"b1", "value"}}[o.ID]
	})
	if err != nil {
		t.Fatal(err)
	}
	want := &schema.Schema{Complete: true, Objects: []*schema.Object{
		{ID: "o-people", Slug: "people", Singular: "Person", Plural: "People"},
		{ID: "o-companies", Slug: "companies", Singular: "Company", Plural: "Companies", Attributes: []*schema.Attribute{
			{ID: "a1", Slug: "domains", Title: "DOMAINS", Type: schema.Domain, Unique: true, Multi: true, Writable: true},
			{ID: "a2", Slug: "categories", Title: "CATEGORIES", Type: schema.Select, Multi: true, Writable: true, Options: []schema.Option{{ID: "c1", Title: "Software"}}, OptionsKnown: true},
			{ID: "a3", Slug: "size", Title: "SIZE", Type: schema.Select, Writable: true},
		}},
		{ID: "o-deals", Slug: "deals", Singular: "Deal", Plural: "Deals", Attributes: []*schema.Attribute{
			{ID: "b1", Slug: "stage", Title: "STAGE", Type: schema.Status, Required: true, HasDefault: true, Writable: true, Options: []schema.Option{{ID: "s1", Title: "Lead"}, {ID: "s2", Title: "Won 🎉"}}, OptionsKnown: true},
			{ID: "b2", Slug: "value", Title: "VALUE", Type: schema.Currency, CurrencyCode: "EUR", Writable: true},
			{ID: "b3", Slug: "associated_company", Title: "ASSOCIATED_COMPANY", Type: schema.RecordReference, Targets: []string{"companies", "o-gone"}, Writable: true},
			{ID: "b4", Slug: "created_at", Title: "CREATED_AT", Type: schema.Timestamp},
		}},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	wantAsked := []string{
		"objects",
		"objects/companies/attributes/categories/options",
		"objects/companies/attributes?limit=500&offset=0",
		"objects/deals/attributes/stage/statuses",
		"objects/deals/attributes?limit=500&offset=0",
	}
	if diff := cmp.Diff(wantAsked, asked()); diff != "" {
		t.Error(diff)
	}
}

func TestSchemaFails(t *testing.T) {
	client, _ := serveSchema(t, map[string]string{"objects": objectsJSON})
	s, err := client.Schema(t.Context(), []string{"people"}, nil)
	if kindOf(err) != "refused" || s != nil {
		t.Errorf("%v, %v", s, err)
	}
	client, _ = serveSchema(t, map[string]string{
		"objects":                   objectsJSON,
		"objects/people/attributes": `{"data":[` + attributeJSON("a", "plan", "select") + `]}`,
	})
	s, err = client.Schema(t.Context(), []string{"people"}, func(*schema.Object) []string { return []string{"plan"} })
	if kindOf(err) != "refused" || s != nil {
		t.Errorf("a schema without the options that were asked for: %v, %v", s, err)
	}
}

// Attributes come in pages; a server that knows no offset sends the same one
// for ever.
func TestAttributesArePaged(t *testing.T) {
	page := func(from, to int) string {
		var all []string
		for i := from; i < to; i++ {
			all = append(all, attributeJSON(fmt.Sprint("a", i), fmt.Sprint("s", i), "text"))
		}
		return `{"data":[` + strings.Join(all, ",") + `]}`
	}
	for _, tt := range []struct {
		name           string
		pages          []step
		want, requests int
	}{
		{"three pages", []step{answerJSON(200, page(0, 500)), answerJSON(200, page(500, 1000)), answerJSON(200, page(1000, 1001))}, 1001, 3},
		{"an empty last page", []step{answerJSON(200, page(0, 500)), answerJSON(200, page(0, 0))}, 500, 2},
		{"no offset", []step{answerJSON(200, page(0, 500))}, 500, 2},
		{"more than asked for, and no offset", []step{answerJSON(200, page(0, 700))}, 700, 2},
	} {
		s := serve(t, tt.pages...)
		got, err := connect(t, s.URL).Attributes(t.Context(), "deals")
		if err != nil || len(got) != tt.want || int(s.requests.Load()) != tt.requests {
			t.Errorf("%s: %d attributes after %d requests, %v", tt.name, len(got), s.requests.Load(), err)
		}
	}
}

func TestMembers(t *testing.T) {
	client, _ := serveSchema(t, map[string]string{
		"workspace_members": `{"data":[{"id":{"workspace_id":"w","workspace_member_id":"m1"},"first_name":"Ann","last_name":"Lee","avatar_url":null,"email_address":"ann@example.com","access_level":"admin","created_at":"x"}]}`,
	})
	got, err := client.Members(t.Context())
	want := []Member{{ID: "m1", FirstName: "Ann", LastName: "Lee", Email: "ann@example.com"}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}
