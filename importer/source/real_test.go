package source

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// Files that people really import, which may lie beside the checkout: read by
// us and by encoding/csv alone they have the same cells.
func TestRealFiles(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "real", "*.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) == 0 {
		t.Skip("there are no real files beside the checkout")
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			f, err := Open(path, Options{})
			if err != nil {
				t.Fatal(err)
			}
			want := readStandard(t, path)
			rows := readAll(t, f)
			t.Logf("%d rows of %d cells, %+v", len(rows), len(f.Header), f.Dialect)
			if !slices.Equal(f.Header, want[0]) || len(rows) != len(want)-1 {
				t.Fatalf("header %q and %d rows, want %q and %d", f.Header, len(rows), want[0], len(want)-1)
			}
			for i, row := range rows {
				if row.Problem != nil || !slices.Equal(row.Cells, want[i+1]) {
					t.Errorf("row %d: %q, want %q; %v", row.Number, row.Cells, want[i+1], row.Problem)
				}
			}
		})
	}
}

func readStandard(t *testing.T, path string) [][]string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	records, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return records
}
