package mapping_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"attio-import/mapping"
	"attio-import/mapping/schema"
)

var update = flag.Bool("update", false, "write what the tests see into their golden files")

// TestMistakes takes each mapping of testdata/mistakes through Parse and Bind
// and compares everything that a person is told with the rest of its file. A
// file has the sections mapping.yaml, header, schema (workspace or offline),
// told.
func TestMistakes(t *testing.T) {
	paths, err := filepath.Glob("testdata/mistakes/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatal("no test files", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			file := parseSections(string(readText(t, path)))
			got := told(t, file)
			if *update {
				file.set("told", got)
				if err := os.WriteFile(path, []byte(file.String()), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(file.texts["told"], got); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
		})
	}
}

// told is all that a person reads about a mapping.
func told(t *testing.T, file sections) string {
	f, parseErr := mapping.Parse("mapping.yaml", []byte(file.texts["mapping.yaml"]))
	checkPlaces(t, parseErr)
	if f == nil {
		return parseErr.Error() + "\n"
	}
	head := strings.Split(strings.TrimSuffix(file.texts["header"], "\n"), ",")
	p, warnings, err := mapping.Bind(f, head, schemaNamed(t, file.texts["schema"]))
	checkPlaces(t, err)
	var b strings.Builder
	if err != nil {
		b.WriteString(err.Error() + "\n")
	}
	for _, w := range warnings {
		b.WriteString("warning: " + w.String() + "\n")
	}
	if p != nil {
		for _, u := range p.Unchecked() {
			b.WriteString("unchecked: " + u + "\n")
		}
		for _, u := range p.Unmapped() {
			b.WriteString("unmapped: " + u + "\n")
		}
	}
	return b.String()
}

// checkPlaces holds every mistake to having a place, a code and a message.
func checkPlaces(t testing.TB, err error) {
	t.Helper()
	var mistakes mapping.Mistakes
	if err == nil {
		return
	}
	if !errors.As(err, &mistakes) || len(mistakes) == 0 {
		t.Fatalf("an error without mistakes: %v", err)
	}
	for _, m := range mistakes {
		if m.Line < 1 || m.Column < 1 || m.Code == "" || m.Message == "" || m.Excerpt == "" {
			t.Errorf("a mistake lacks something: %#v", m)
		}
	}
}

func schemaNamed(t testing.TB, name string) *schema.Schema {
	switch strings.TrimSpace(name) {
	case "workspace", "":
		return workspace()
	case "offline":
		return offline()
	case "standard":
		return schema.Standard()
	}
	t.Fatalf("no schema %q", name)
	return nil
}
