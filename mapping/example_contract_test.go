package mapping_test

import (
	"os"
	"strings"
	"testing"

	"attio-import/mapping"
)

// contractHeader is a header that the mapping of the documentation fits.
var contractHeader = []string{"Workspace ID", "Account name", "Avatar URL", "Owner Emails", "Company Domain",
	"Company Name", "Plan", "MRR", "Created At", "Notes"}

func readText(t testing.TB, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestContractExample binds the mapping that the documentation shows, and
// takes a row through it.
func TestContractExample(t *testing.T) {
	f, err := mapping.Parse("contract.yaml", readText(t, "testdata/contract.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(f.Objects(), " "), "workspaces users companies"; got != want {
		t.Errorf("Objects() = %s, want %s", got, want)
	}
	if got, want := strings.Join(f.Attributes("companies"), " "), "domains name"; got != want {
		t.Errorf("Attributes(companies) = %s, want %s", got, want)
	}
	p, warnings, err := mapping.Bind(f, contractHeader, workspace())
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range warnings {
		t.Errorf("warning: %s", w)
	}
	if got, want := strings.Join(p.Unmapped(), " "), "Notes"; got != want {
		t.Errorf("Unmapped() = %q, want %q", got, want)
	}
	rec := p.Row(1, 2, []string{"ws_1", "  Tallyfern ", "", "Ann@Tallyfern-app.com; bo@tallyfern-app.com;ann@tallyfern-app.com",
		"https://www.tallyfern-app.com/about", "Tallyfern", "Ent", "1.234,50 €", "31/01/2026", ""})
	if got, want := dump(rec), string(readText(t, "testdata/contract.record")); got != want {
		t.Errorf("the record is\n%s\nwant\n%s", got, want)
	}
}
