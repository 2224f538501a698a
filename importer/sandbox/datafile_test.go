package sandbox

import (
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const testSeed = `{
  "workspace": {"name": "Acme", "slug": "acme"},
  "members": [{"first_name": "Ada", "last_name": "Byron", "email_address": "ada@acme.com"}],
  "objects": [
    {"api_slug": "workspaces", "attributes": [
      {"api_slug": "plan", "title": "Plan", "type": "select", "options": ["Free", "Pro"]},
      {"api_slug": "mrr", "title": "MRR", "type": "currency", "config": {"currency": {"default_currency_code": "EUR", "display_type": "symbol"}}},
      {"api_slug": "seats", "type": "number"}]},
    {"api_slug": "projects", "singular_noun": "Project", "plural_noun": "Projects", "attributes": [
      {"api_slug": "code", "type": "text", "is_unique": true, "is_required": true},
      {"api_slug": "phase", "type": "status", "statuses": ["Open", "Done"]},
      {"api_slug": "client", "type": "record-reference", "relationship": {"object": "companies", "title": "Projects", "api_slug": "projects", "is_multiselect": true}}]}],
  "records": {
    "companies": [{"domains": ["acme.com"], "name": "Acme"}],
    "people": [{"name": "Byron, Ada", "email_addresses": ["ada@acme.com"], "company": "acme.com"}],
    "users": [{"user_id": "u-1", "primary_email_address": "ada@acme.com", "person": "ada@acme.com"}],
    "workspaces": [{"workspace_id": "w-0", "plan": "Pro", "mrr": 12.5, "users": ["ada@acme.com"], "company": "acme.com"}],
    "projects": [{"code": "P1", "phase": "Open", "client": "acme.com"}]
  }
}`

// dump is everything that a client can see: records, schema, the log.
func dump(c *client) string {
	c.t.Helper()
	var b strings.Builder
	for _, o := range c.ok("GET", "/v2/objects", "").get("data.#.api_slug").Array() {
		b.WriteString(c.ok("GET", "/v2/objects/"+o.Str+"/attributes?show_archived=true", "").body + "\n")
		b.WriteString(c.ok("POST", "/v2/objects/"+o.Str+"/records/query", `{"limit":10000}`).body + "\n")
	}
	for _, path := range []string{"lists", "lists/sales/attributes", "notes?limit=50", "objects/projects/attributes?show_archived=true",
		"objects/workspaces/attributes/plan/options?show_archived=true", "workspace_members"} {
		b.WriteString(c.ok("GET", "/v2/"+path, "").body + "\n")
	}
	b.WriteString(c.ok("POST", "/v2/lists/sales/entries/query", `{}`).body + "\n")
	for _, id := range c.ids("workspaces", `{}`) {
		b.WriteString(c.ok("GET", "/v2/objects/workspaces/records/"+id+"/attributes/name/values?show_historic=true", "").body + "\n")
	}
	b.WriteString(c.ok("GET", "/v2/self", "").body + "\n")
	b.WriteString(c.ok("GET", "/_sandbox/log", "").body)
	return b.String()
}

// exercise writes in all the ways that change the data file.
func exercise(c *client) {
	c.t.Helper()
	for i := range 30 {
		c.create("workspaces", fmt.Sprintf(`{"workspace_id":"w-%d","name":"N%d","plan":"Free","company":"acme.com"}`, i+1, i))
	}
	ws := c.ids("workspaces", `{"filter":{"workspace_id":"w-3"}}`)[0]
	c.ok("PATCH", "/v2/objects/workspaces/records/"+ws, data(`{"name":"New","company":null,"users":["u-1"]}`))
	c.ok("PUT", "/v2/objects/workspaces/records?matching_attribute=workspace_id", data(`{"workspace_id":"w-4","seats":7}`))
	c.ok("DELETE", "/v2/objects/workspaces/records/"+c.ids("workspaces", `{"filter":{"workspace_id":"w-5"}}`)[0], "")
	c.ok("POST", "/v2/objects/workspaces/attributes/plan/options", `{"data":{"title":"Enterprise"}}`)
	c.ok("POST", "/v2/objects/projects/attributes", `{"data":{"title":"Due","description":null,"api_slug":"due","type":"date","is_required":false,"is_unique":false,"is_multiselect":false,"config":{}}}`)
	c.create("projects", `{"code":"P2","due":"2026-02","client":"acme.com"}`)
	c.ok("PATCH", "/v2/objects/projects/attributes/due", `{"data":{"is_archived":true}}`)
	c.ok("PATCH", "/v2/objects/workspaces/attributes/plan/options/Pro", `{"data":{"title":"Professional","is_archived":true}}`)
	c.create("people", `{"email_addresses":["new@new.com"],"company":`+third("companies", `{"match":{"domains":"new.com"},"if_no_match":"create"}`)+`}`)
	c.ok("POST", "/v2/objects", `{"data":{"api_slug":"boats","singular_noun":"Boat","plural_noun":"Boats"}}`)
	c.ok("POST", "/v2/lists", newList)
	c.ok("PATCH", "/v2/lists/sales", `{"data":{"name":"Sold"}}`)
	company := c.ids("companies", `{}`)[0]
	for range 2 {
		c.ok("POST", "/v2/lists/sales/entries", `{"data":{"parent_record_id":"`+company+`","parent_object":"companies","entry_values":{}}}`)
	}
	c.ok("DELETE", "/v2/lists/sales/entries/"+c.ok("POST", "/v2/lists/sales/entries/query", `{}`).get("data.0.id.entry_id").Str, "")
	note := `{"data":{"parent_object":"companies","parent_record_id":"` + company + `","title":"T","format":"plaintext","content":"C"}}`
	gone := c.ok("POST", "/v2/notes", note).get("data.id.note_id").Str
	c.ok("POST", "/v2/notes", note)
	c.ok("DELETE", "/v2/notes/"+gone, "")
	c.ok("POST", "/v2/objects/companies/records/merge", `{"data":{"primary_record_id":"`+company+`","secondary_record_id":"`+c.create("companies", `{"name":"Other"}`)+`"}}`)
}

func TestDataFileKeepsEverything(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data")
	opts := Options{DataFile: path, Seed: []byte(testSeed)}
	c := serve(t, opts)
	exercise(c)
	before, token := dump(c), c.token
	if err := c.server.Close(); err != nil {
		t.Fatal(err)
	}
	again := serve(t, opts)
	if again.token != token {
		t.Error("another token after the restart")
	}
	if after := dump(again); after != before {
		t.Errorf("after the restart:\n%s\nbefore:\n%s", after, before)
	}
	exercised := again.create("workspaces", `{"workspace_id":"later"}`)
	if again.record("workspaces", exercised).status != 200 {
		t.Error("cannot go on after a restart")
	}
}

// A kill leaves a prefix of the file. Whatever the cut, the file opens, and what stands before the cut is there.
func TestDataFileCutAnywhere(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "data")
	c := serve(t, Options{DataFile: path, Seed: []byte(testSeed)})
	var sizes []int64 // of the file after each create
	for i := range 4 {
		c.create("companies", fmt.Sprintf(`{"name":"C%d"}`, i))
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, info.Size())
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for n := sizes[2] - 1; n <= int64(len(whole)); n++ {
		cut := filepath.Join(dir, "cut")
		if err := os.WriteFile(cut, whole[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := New(Options{DataFile: cut})
		if err != nil {
			t.Fatalf("cut at byte %d of %d: %v", n, len(whole), err)
		}
		want := int64(1)
		for _, size := range sizes {
			if n >= size {
				want++
			}
		}
		if got := s.Stats().Records["companies"]; got != want {
			t.Errorf("cut at byte %d: %d companies, want %d", n, got, want)
		}
		s.Close()
	}
}

// A kill while the workspace is made leaves a part of the seed: the next start makes the workspace anew.
func TestDataFileCutWithinTheSeed(t *testing.T) {
	dir := t.TempDir()
	c := serve(t, Options{DataFile: filepath.Join(dir, "data"), Seed: []byte(testSeed)})
	whole, err := os.ReadFile(filepath.Join(dir, "data"))
	if err != nil {
		t.Fatal(err)
	}
	for n := len(whole) - 1; n >= 0; n -= len(whole) / 50 {
		cut := filepath.Join(dir, "cut")
		if err := os.WriteFile(cut, whole[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := New(Options{DataFile: cut, Seed: []byte(testSeed)})
		if err != nil {
			t.Fatalf("cut at byte %d of %d: %v", n, len(whole), err)
		}
		if have, want := fmt.Sprint(s.Stats()), fmt.Sprint(c.server.Stats()); have != want {
			t.Errorf("cut at byte %d of %d: %s, want %s", n, len(whole), have, want)
		}
		s.Close()
	}
}

func TestDataFileDamaged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data")
	c := serve(t, Options{DataFile: path, Seed: []byte(testSeed)})
	c.create("companies", `{"name":"One"}`)
	c.create("companies", `{"name":"Two"}`)
	c.server.Close()
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	whole[len(dataMagic)+40] ^= 1
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := New(Options{DataFile: path}); err == nil || !strings.Contains(err.Error(), "damaged at byte") {
		t.Errorf("a damaged file was opened: %v", err)
	}
	if err := os.WriteFile(path, []byte("name,domain\nAcme,acme.com\nand more of that\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := New(Options{DataFile: path}); err == nil || !strings.Contains(err.Error(), "not a data file") {
		t.Errorf("a spreadsheet was opened as a data file: %v", err)
	}
}

func TestDataFileInUse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data")
	serve(t, Options{DataFile: path})
	if _, err := New(Options{DataFile: path}); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("two servers share a file: %v", err)
	}
}

func TestSeedMistakes(t *testing.T) {
	for seed, want := range map[string]string{
		`{"recods":{}}`:              "recods",
		`{"records":{"nothing":[]}}`: `object "nothing"`,
		`{"records":{"people":[{},{"company":"acme.com"}]}}`:                                  "people, record 2",
		`{"objects":[{"api_slug":"people","attributes":[{"api_slug":"x","type":"colour"}]}]}`: "attribute x",
	} {
		if _, err := New(Options{Seed: []byte(seed)}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want it to name %s", seed, err, want)
		}
	}
}

func TestEmptyKeepsTheSchema(t *testing.T) {
	c := serve(t, Options{Seed: []byte(testSeed), Empty: true})
	for object, n := range c.server.Stats().Records {
		if n != 0 {
			t.Errorf("%d %s", n, object)
		}
	}
	c.ok("GET", "/v2/objects/projects/attributes/phase/statuses", "")
	if n := c.ok("GET", "/v2/workspace_members", "").get("data.#").Int(); n != 1 {
		t.Errorf("%d members, want 1", n)
	}
}

// A write that cannot be kept is not answered with success, and is not there.
func TestDataFileFails(t *testing.T) {
	s, err := New(Options{DataFile: filepath.Join(t.TempDir(), "data")})
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(s.Handler())
	defer h.Close()
	c := &client{t: t, server: s, url: h.URL, token: s.Token()}
	c.create("companies", `{"domains":["one.com"]}`)
	if err := s.store.file.f.Close(); err != nil { // from here on no write succeeds
		t.Fatal(err)
	}
	c.refused("POST", "/v2/objects/companies/records", data(`{"domains":["two.com"]}`), 500, "internal_error")
	c.refused("POST", "/v2/objects", `{"data":{"api_slug":"boats","singular_noun":"Boat","plural_noun":"Boats"}}`, 500, "internal_error")
	if got := c.ids("companies", `{"filter":{"domains":"two.com"}}`); len(got) != 0 || s.Stats().Records["companies"] != 1 {
		t.Errorf("what could not be written is there: %v", got)
	}
	c.refused("GET", "/v2/objects/boats", "", 404, "not_found")
	if err := s.Close(); err == nil {
		t.Error("Close did not tell that the file failed")
	}
}
