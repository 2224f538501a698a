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

// TestLineEnds holds Parse to taking a file of another system for the same,
// its places included.
func TestLineEnds(t *testing.T) {
	unix := string(readText(t, "testdata/contract.yaml")) + "  nmae: X\nvalue: y\n"
	_, want := mapping.Parse("m.yaml", []byte(unix))
	for _, end := range []string{"\r\n", "\r"} {
		_, got := mapping.Parse("m.yaml", []byte("\ufeff"+strings.ReplaceAll(unix, "\n", end)))
		if got == nil || got.Error() != want.Error() {
			t.Errorf("with %q it tells\n%v\nwant\n%v", end, got, want)
		}
	}
}

// TestObjectsOfPlainReferences holds Objects to the objects that standard
// attributes refer to, where the mapping does not say it.
func TestObjectsOfPlainReferences(t *testing.T) {
	f, err := mapping.Parse("m.yaml", []byte(`{object: deals, mode: create, values: {name: N, owner: O, associated_company: C, associated_people: {column: P, reference: {missing: create, create: {company: C}}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(f.Objects(), " "), "deals workspace_members companies people"; got != want {
		t.Errorf("Objects() = %s, want %s", got, want)
	}
	if got, want := strings.Join(f.Attributes("people"), " "), "email_addresses company"; got != want {
		t.Errorf("Attributes(people) = %s, want %s", got, want)
	}
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
