package cli

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"attio-import/importer/sandbox"
	"attio-import/samples"
)

// A mapping may name its object by id. The options of its selects are read all
// the same: without them "team" would be sent as it stands, and refused.
func TestObjectByID(t *testing.T) {
	server, err := sandbox.New(sandbox.Options{Seed: samples.Seed()})
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	t.Setenv("ATTIO_BASE_URL", server.URL())
	t.Setenv("ATTIO_API_KEY", server.Token())

	dir := t.TempDir()
	sheet := filepath.Join(dir, "ws.csv")
	writeFile(t, sheet, "ID,Plan\nby-id-1,team\n")
	writeFile(t, filepath.Join(dir, "ws.yaml"), `version: 1
object: `+objectID(t, "workspaces")+`
match: workspace_id
values: {workspace_id: ID, plan: Plan}
`)
	var stdout, stderr bytes.Buffer
	code := Main(t.Context(), []string{"plan", sheet, "--runs-dir", filepath.Join(dir, "runs")}, IO{In: strings.NewReader(""), Out: &stdout, Err: &stderr})
	if code != exitOK || !strings.Contains(stdout.String(), "would_create") {
		t.Fatalf("exit code %d\n%s%s", code, stdout.String(), stderr.String())
	}
	if code := Main(t.Context(), []string{"run", sheet, "--runs-dir", filepath.Join(dir, "runs")}, IO{In: strings.NewReader(""), Out: &stdout, Err: &stderr}); code != exitOK {
		t.Errorf("exit code %d\n%s%s", code, stdout.String(), stderr.String())
	}
}

// objectID asks the workspace that the environment names.
func objectID(t *testing.T, slug string) string {
	t.Helper()
	api, err := connect(&options{workers: 1}, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer api.close()
	objects, err := api.Objects(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range objects {
		if o.Slug == slug {
			return o.ID
		}
	}
	t.Fatalf("the workspace has no %s", slug)
	return ""
}
