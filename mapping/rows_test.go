package mapping_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"attio-import/mapping"
)

// TestRows takes the rows of each file of testdata/rows through its mapping
// and compares the records. A file has the sections mapping.yaml, rows (CSV
// with a header), schema (workspace or offline), run (its id, if it writes), records.
func TestRows(t *testing.T) {
	paths, err := filepath.Glob("testdata/rows/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatal("no test files", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			file := parseSections(string(readText(t, path)))
			got := records(t, file)
			if *update {
				file.set("records", got)
				if err := os.WriteFile(path, []byte(file.String()), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(file.texts["records"], got); diff != "" {
				t.Errorf("records (-want +got):\n%s", diff)
			}
		})
	}
}

// records dumps what becomes of the rows, and holds RowInto to giving the same
// as Row when its record had another row before.
func records(t *testing.T, file sections) string {
	p, rows := planOf(t, file)
	p = p.WithRun(strings.TrimSpace(file.texts["run"]))
	var b strings.Builder
	used := &mapping.Record{}
	for i, cells := range rows {
		one := dump(p.Row(i+1, i+2, cells))
		b.WriteString(one)
		if p.RowInto(used, i+1, i+2, cells); dump(used) != one {
			t.Errorf("RowInto gives\n%s, Row gives\n%s", dump(used), one)
		}
	}
	return b.String()
}

// planOf binds the mapping of a test file and reads its rows.
func planOf(t testing.TB, file sections) (*mapping.Plan, [][]string) {
	t.Helper()
	f, err := mapping.Parse("mapping.yaml", []byte(file.texts["mapping.yaml"]))
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(strings.NewReader(file.texts["rows"]))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := mapping.Bind(f, rows[0], schemaNamed(t, file.texts["schema"]))
	if err != nil {
		t.Fatal(err)
	}
	return p, rows[1:]
}
