package samples

import (
	"embed"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
)

var (
	//go:embed *.csv *.yaml
	files embed.FS

	//go:embed seed.json
	seed string
)

// Open returns the text of a sample sheet or mapping by the path under which
// it stands in the source tree, such as "samples/workspaces.csv"; "./" in front
// and the separators of the system are understood. For any other path the
// error wraps [fs.ErrNotExist].
//
// The bytes are a copy; the caller may change them.
func Open(path string) ([]byte, error) {
	dir, name := splitPath(path)
	if dir != "samples" {
		return nil, notFound(path)
	}
	text, err := files.ReadFile(name)
	if err != nil {
		return nil, notFound(path)
	}
	return text, nil
}

// Seed returns what the sandbox of the demo holds before the import, as JSON
// in the sandbox's seed format.
func Seed() []byte { return []byte(seed) }

func splitPath(path string) (dir, name string) {
	dir, name = filepath.Split(filepath.Clean(path))
	return strings.TrimSuffix(filepath.ToSlash(dir), "/"), name
}

func notFound(path string) error {
	return fmt.Errorf("%s is not among the samples: %w", path, fs.ErrNotExist)
}
