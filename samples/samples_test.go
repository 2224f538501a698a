package samples_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"attio-import/samples"
)

// delimiters says how each sheet is written. Adding a sheet means adding it here.
var delimiters = map[string]rune{
	"companies":  '\t',
	"deals":      ',',
	"people":     ';',
	"users":      '|',
	"workspaces": ',',
}

func sheetNames() []string {
	return []string{"companies", "deals", "people", "users", "workspaces"}
}

// sheet reads a sample with its header as record 0, so that record n is row n.
func sheet(t *testing.T, name string) [][]string {
	t.Helper()
	text, err := samples.Open("samples/" + name + ".csv")
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\uFEFF"))))
	r.Comma = delimiters[name]
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return rows
}

func TestEverySheetHasItsMapping(t *testing.T) {
	for _, name := range sheetNames() {
		for _, path := range []string{"samples/" + name + ".csv", "samples/" + name + ".yaml"} {
			if text, err := samples.Open(path); err != nil || len(text) == 0 {
				t.Errorf("%s: %d bytes, %v", path, len(text), err)
			}
		}
	}
}

func TestSheetsHaveTheirSize(t *testing.T) {
	for name, want := range map[string]int{"companies": 42, "deals": 36, "people": 40, "users": 40, "workspaces": 200} {
		if got := len(sheet(t, name)) - 1; got != want {
			t.Errorf("%s has %d rows, want %d", name, got, want)
		}
	}
}

// The main demo's sheet is kept as plain as a CSV can be, so that any tool can
// count its rows: UTF-8, one row a line, no blank line, emails only where the
// mapping reads them.
func TestWorkspacesArePlain(t *testing.T) {
	text, err := samples.Open("samples/workspaces.csv")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	rows := sheet(t, "workspaces")
	if len(lines) != len(rows) {
		t.Errorf("%d lines, %d records: a cell has a line break", len(lines), len(rows))
	}
	for i, line := range lines {
		if strings.TrimSpace(line) == "" || strings.Contains(line, "\r") || strings.ToValidUTF8(line, "") != line {
			t.Errorf("line %d is blank or not plain: %q", i+1, line)
		}
	}
	emails := slices.Index(rows[0], "Owner Emails")
	for i, row := range rows {
		if len(row) != len(rows[0]) {
			t.Errorf("row %d has %d cells, want %d", i, len(row), len(rows[0]))
		}
		for j, cell := range row {
			if j != emails && strings.Contains(cell, "@") {
				t.Errorf("row %d: %q outside the column of emails", i, cell)
			}
		}
	}
}

// The other sheets each show what the program copes with.
func TestDialects(t *testing.T) {
	for name, marks := range map[string][]string{
		"companies": {"Website\tName\t"},
		"people":    {"\uFEFFFirst name;", "\r\n"},
		"users":     {"User ID|Email|"},
		"deals":     {".\n\nTry again", `""Call me in spring""`},
	} {
		text, err := samples.Open("samples/" + name + ".csv")
		if err != nil {
			t.Fatal(err)
		}
		for _, mark := range marks {
			if !bytes.Contains(text, []byte(mark)) {
				t.Errorf("%s.csv has no %q", name, mark)
			}
		}
	}
}

func TestSeedIsJSON(t *testing.T) {
	if !json.Valid(samples.Seed()) {
		t.Error("seed.json is not valid JSON")
	}
}

func TestOpen(t *testing.T) {
	want, err := os.ReadFile("workspaces.csv")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"samples/workspaces.csv", "./samples/workspaces.csv", filepath.Join("samples", "workspaces.csv")} {
		if got, err := samples.Open(path); err != nil || !bytes.Equal(got, want) {
			t.Errorf("Open(%q): %d bytes, %v", path, len(got), err)
		}
	}
	for _, path := range []string{"", "samples", "workspaces.csv", "samples/nothing.csv", "samples/../samples.go", "/samples/workspaces.csv", "other/samples/workspaces.csv", "samples/doc.go"} {
		if _, err := samples.Open(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Open(%q): error %v, want fs.ErrNotExist", path, err)
		}
	}
}

func TestOpenGivesCopies(t *testing.T) {
	a, _ := samples.Open("samples/users.csv")
	clear(a)
	if b, _ := samples.Open("samples/users.csv"); bytes.Equal(a, b) {
		t.Error("a change to what Open returned is seen by the next caller")
	}
}
