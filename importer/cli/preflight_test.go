package cli

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"attio-import/importer/sandbox"
)

// fakeAPI answers GET /v2/self with a token of these scopes, and fails the
// test on any request that a preflight which has seen them must not send.
func fakeAPI(t *testing.T, scopes string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || r.URL.Path != "/v2/self" {
			t.Errorf("%s %s was sent", r.Method, r.URL.Path)
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"active":true,"scope":"`+scopes+`","workspace_id":"14beef7a-99f7-4534-a87e-70b564330a4c",`+
			`"workspace_name":"Acme","workspace_slug":"acme","token_type":"Bearer"}`)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// A token that may not do what the import needs ends it before the first
// look at the workspace, and names what is missing.
func TestMissingScopes(t *testing.T) {
	dir := t.TempDir()
	sheet := filepath.Join(dir, "deals.csv")
	writeFile(t, sheet, "Name,Owner\nBig,ops@acme.com\n")
	writeFile(t, filepath.Join(dir, "deals.yaml"), `version: 1
object: deals
mode: create
values: {name: Name, stage: {constant: Lead}, owner: {column: Owner, reference: {object: workspace_members, by: email}}}
`)
	t.Setenv("ATTIO_API_KEY", strings.Repeat("ab", 32))
	for _, tt := range []struct{ verb, scopes, missing string }{
		{"run", "record_permission:read object_configuration:read user_management:read", "record_permission:read-write"},
		{"run", "record_permission:read-write user_management:read", "object_configuration:read"},
		{"plan", "record_permission:read object_configuration:read-write", "user_management:read"},
		{"run", "", "object_configuration:read, record_permission:read-write, user_management:read"},
	} {
		var stdout, stderr bytes.Buffer
		code := Main(t.Context(), []string{tt.verb, sheet, "--api-url", fakeAPI(t, tt.scopes), "--runs-dir", filepath.Join(dir, "runs")},
			IO{In: strings.NewReader(""), Out: &stdout, Err: &stderr})
		if code != exitAuth || !strings.Contains(stderr.String(), "missing: "+tt.missing+"\n") || !strings.Contains(stderr.String(), "hint: ") {
			t.Errorf("%s with %q: exit code %d, %s", tt.verb, tt.scopes, code, stderr.String())
		}
		if runs, _ := filepath.Glob(filepath.Join(dir, "runs", "2*")); len(runs) != 0 {
			t.Errorf("%s with %q left %v", tt.verb, tt.scopes, runs)
		}
	}
}

// An attribute of the workspace's own that refers to members needs the scope
// too; only the workspace's schema shows it.
func TestMissingScopeOfACustomAttribute(t *testing.T) {
	server, err := sandbox.New(sandbox.Options{
		Seed: []byte(`{"workspace": {"name": "Acme", "slug": "acme"}, "objects": [{"api_slug": "companies", "attributes": [
			{"api_slug": "keeper", "title": "Keeper", "type": "actor-reference"}]}]}`),
		Scopes: []string{"record_permission:read-write", "object_configuration:read"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	dir := t.TempDir()
	sheet := filepath.Join(dir, "companies.csv")
	writeFile(t, sheet, "Name,Keeper\nAcme,ops@acme.com\n")
	writeFile(t, filepath.Join(dir, "companies.yaml"), "version: 1\nobject: companies\nmode: create\nvalues: {name: Name, keeper: Keeper}\n")
	t.Setenv("ATTIO_API_KEY", server.Token())
	var stdout, stderr bytes.Buffer
	code := Main(t.Context(), []string{"run", sheet, "--api-url", server.URL(), "--runs-dir", filepath.Join(dir, "runs")},
		IO{In: strings.NewReader(""), Out: &stdout, Err: &stderr})
	if code != exitAuth || !strings.Contains(stderr.String(), "missing: user_management:read\n") {
		t.Errorf("exit code %d, %s", code, stderr.String())
	}
}
