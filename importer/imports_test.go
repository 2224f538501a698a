package importer

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "attio-import"

// allowed is the import table: what a package may import of ours. A package
// that is not listed may not exist.
var allowed = map[string][]string{
	".":                {"importer/cli"},
	"importer/outcome": {},
	"ratelimit":        {},
	"importer/sandbox": {},
	"samples":          {},
	"mapping/schema":   {},
	"mapping/value":    {"mapping/schema"},
	"importer/source":  {"importer/outcome"},
	"importer/attio":   {"importer/outcome", "mapping/schema"},
	"mapping":          {"mapping/schema", "mapping/value", "importer/outcome"},
	"importer/resolve": {"mapping", "mapping/schema", "mapping/value", "importer/attio", "importer/outcome"},
	"importer/write":   {"mapping", "mapping/schema", "mapping/value", "importer/attio", "importer/outcome"},
	"importer/journal": {"importer/outcome"},
	"importer/lock":    {},
	"importer/report":  {"importer/outcome", "importer/source"},
	"importer":         {"mapping", "mapping/schema", "mapping/value", "importer/source", "importer/outcome"},
	"importer/cli":     {"*"},
}

// TestImports holds the code to the import table. Test files are free.
func TestImports(t *testing.T) {
	root := ".."
	seen := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
			return fs.SkipDir
		}
		if !d.IsDir() && strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			pkg, _ := filepath.Rel(root, filepath.Dir(path))
			seen[filepath.ToSlash(pkg)] = true
			checkFile(t, path, filepath.ToSlash(pkg))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if !seen["importer"] || len(seen) < 5 {
		t.Fatalf("saw only %v: the walk is wrong", seen)
	}
}

func checkFile(t *testing.T, path, pkg string) {
	t.Helper()
	may, listed := allowed[pkg]
	if !listed {
		t.Errorf("%s: package %s is not in the import table", path, pkg)
		return
	}
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Error(err)
		return
	}
	for _, spec := range file.Imports {
		name, _ := strconv.Unquote(spec.Path.Value)
		ours, ok := strings.CutPrefix(name, module+"/")
		if ok && !slices.Contains(may, ours) && !slices.Contains(may, "*") {
			t.Errorf("%s: %s must not import %s", path, pkg, ours)
		}
	}
}
