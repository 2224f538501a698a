package journal

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"attio-import/importer/outcome"
)

func openRoot(t testing.TB) (*os.Root, string) {
	t.Helper()
	path := t.TempDir()
	dir, err := os.OpenRoot(path)
	must(t, err)
	t.Cleanup(func() { _ = dir.Close() })
	return dir, path
}

// TestDisk goes through the life of a journal on a disk: made, left by a
// process that dies in the middle of a write, resumed, read.
func TestDisk(t *testing.T) {
	dir, path := openRoot(t)
	j, err := Create(dir, header(), Options{})
	must(t, err)
	must(t, j.Intend(context.Background(), outcome.Intent{Row: 1, Verb: outcome.Create}, outcome.Intent{Row: 2, Verb: outcome.Create}))
	must(t, j.Put(&outcome.Outcome{Row: 1, Action: outcome.Created}, nil, ""))
	must(t, j.Close())
	whole, err := os.Stat(filepath.Join(path, FileName))
	must(t, err)
	f, err := os.OpenFile(filepath.Join(path, FileName), os.O_APPEND|os.O_WRONLY, 0)
	must(t, err)
	_, err = f.WriteString("@4 100 17")
	must(t, err)
	must(t, f.Close())

	if h, err := ReadHeader(dir); err != nil || h.Run != header().Run || len(h.Flags) != len(header().Flags) {
		t.Errorf("the header alone: %+v, %v", h, err)
	}
	l, err := Read(dir)
	must(t, err)
	if l.Cut() != 9 || !l.Done(1) || l.Open(2) == nil || l.Processes() != 1 {
		t.Error(l.Cut(), l.Done(1), l.Open(2), l.Processes())
	}
	must(t, l.Close())

	j, l, err = Open(dir, Options{})
	must(t, err)
	if l.Cut() != 9 || l.Processes() != 2 {
		t.Error(l.Cut(), l.Processes())
	}
	must(t, j.Put(&outcome.Outcome{Row: 2, Action: outcome.Created, Key: "späť"}, nil, ""))
	must(t, j.End(End{Complete: true}))
	must(t, j.Close())
	l, err = Read(dir)
	must(t, err)
	if e, ok, err := l.Entry(2); !ok || err != nil || e.Outcome.Key != "späť" || l.Cut() != 0 || !l.Complete() {
		t.Error(e, ok, err, l.Cut(), l.Complete())
	}
	must(t, l.Close())
	if now, err := os.Stat(filepath.Join(path, FileName)); err != nil || now.Size() <= whole.Size() {
		t.Error(err)
	}
	if list, _ := os.ReadDir(path); len(list) != 1 {
		t.Error("files are left:", list)
	}
	if _, err := Create(dir, header(), Options{}); !errors.Is(err, fs.ErrExist) {
		t.Error("a second journal in the directory:", err)
	}
}
