package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"attio-import/importer/journal"
	"attio-import/mapping/schema"
)

// All that differs is named at once.
func TestDifferences(t *testing.T) {
	dir := t.TempDir()
	sheet, file := filepath.Join(dir, "a.csv"), filepath.Join(dir, "a.yaml")
	writeFile(t, sheet, "ID\n1\n")
	writeFile(t, file, "version: 1\n")
	began := []*schema.Object{{ID: "o1", Slug: "trips", Attributes: []*schema.Attribute{
		{ID: "a1", Slug: "name", Type: schema.Text, Writable: true},
		{ID: "a2", Slug: "gone", Type: schema.Text, Writable: true},
		{ID: "a3", Slug: "cost", Type: schema.Currency, CurrencyCode: "EUR", Writable: true},
	}}, {ID: "o2", Slug: "boats", Attributes: []*schema.Attribute{{ID: "b1", Slug: "name"}}}}
	now := &schema.Schema{Objects: []*schema.Object{{ID: "o1", Slug: "trips", Attributes: []*schema.Attribute{
		{ID: "a1", Slug: "title", Type: schema.Number, Multi: true, Unique: true, Required: true},
		{ID: "a3", Slug: "cost", Type: schema.Currency, CurrencyCode: "USD", Writable: true},
		{ID: "a4", Slug: "gone", Type: schema.Text, Writable: true},
	}}}}

	var d differences
	d.api("https://api.attio.com", &options{apiURL: "https://API.example.com/"})
	d.source(journal.Source{Name: "a.csv", Size: 5, Fingerprint: "sha256:00"}, sheet)
	d.mapping(journal.Mapping{Name: "a.yaml", Path: file, Fingerprint: "sha256:00"}, "")
	d.workspace(journal.Workspace{ID: "w1", Name: "Acme"}, "w2", "Beta")
	d.schema(began, now)
	want := []string{
		"api: the run wrote to https://api.attio.com, not to https://api.example.com",
		"source: " + sheet + " has changed: its fingerprint is sha256:8be3ff0d, and was sha256:00",
		"mapping: " + file + " has changed since",
		`workspace: the token belongs to "Beta" (w2), the run wrote to "Acme" (w1)`,
		"schema: the attribute trips.name has changed: its slug was name, and is title",
		"schema: the attribute trips.name has changed: its type was text, and is number",
		"schema: the attribute trips.name has changed: several values was false, and is true",
		"schema: the attribute trips.name has changed: unique was false, and is true",
		"schema: the attribute trips.name has changed: required was false, and is true",
		"schema: the attribute trips.name has changed: writable was true, and is false",
		"schema: the attribute trips.gone is not there any more",
		"schema: the attribute trips.cost has changed: its currency was EUR, and is USD",
		"schema: the object boats is not there any more",
	}
	for i, line := range d {
		if at := strings.Index(line, ", and was sha256:00"); at > 0 {
			start := strings.Index(line, "sha256:") + len("sha256:")
			d[i] = line[:start+8] + line[at:]
		}
	}
	want[1] = strings.Replace(want[1], "8be3ff0d", sumOf(t, sheet)[:8], 1)
	if diff := cmp.Diff(want, []string(d)); diff != "" {
		t.Error(diff)
	}
}

func sumOf(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(fingerprint(text), "sha256:")
}

// What is the same, however it is written, is no difference.
func TestNoDifference(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a.yaml")
	writeFile(t, file, "version: 1\n")
	m := journal.Mapping{Name: "a.yaml", Path: filepath.Join(dir, "away.yaml"), Fingerprint: fingerprint([]byte("version: 1\n"))}
	var d differences
	d.api("https://api.attio.com", &options{apiURL: "https://API.attio.com/"})
	d.api(sandboxOrigin, &options{sandbox: true})
	d.mapping(m, "") // the file is gone: the journal has the text
	d.mapping(m, file)
	text := "Website\n"
	d.source(journal.Source{Name: "x.csv", Size: int64(len(text)), Fingerprint: fingerprint([]byte(text))}, written(t, dir, text))
	if len(d) > 0 || d.refuse("r", "") != nil {
		t.Errorf("%v", d)
	}
}

func written(t *testing.T, dir, text string) string {
	t.Helper()
	path := filepath.Join(dir, "x.csv")
	writeFile(t, path, text)
	return path
}
