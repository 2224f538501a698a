package cli

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var testName = regexp.MustCompile("`((?:Test|Benchmark)[A-Za-z0-9]+)`")

// TestReadmeNamesItsTests holds the README to its word: each test that it names
// as a proof is there.
func TestReadmeNamesItsTests(t *testing.T) {
	root := filepath.Join("..", "..")
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	tests := declaredTests(t, root)
	named := testName.FindAllStringSubmatch(string(readme), -1)
	if len(named) < 20 {
		t.Fatalf("the README names %d tests: the pattern is wrong", len(named))
	}
	for _, name := range named {
		if !strings.Contains(tests, "func "+name[1]+"(") {
			t.Errorf("the README names %s, and there is no such test", name[1])
		}
	}
}

// declaredTests is the text of all test files.
func declaredTests(t *testing.T, root string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		all.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}
