package source

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

func TestSpool(t *testing.T) {
	path := filepath.Join(t.TempDir(), "input")
	text := "\ufeffa,b\r\n" + strings.Repeat("1,2\r\n", 100_000)
	if err := Spool(t.Context(), strings.NewReader(text), path); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if err != nil || string(got) != text {
		t.Errorf("%d bytes of %d, error %v", len(got), len(text), err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, error %v", info.Mode(), err)
	}
	f, err := Open(path, Options{})
	if err != nil || len(readAll(t, f)) != 100_000 {
		t.Errorf("the copy cannot be read: %v", err)
	}
}

// An existing file is somebody's input; it stays as it is.
func TestSpoolKeepsExisting(t *testing.T) {
	path := writeFile(t, "input", "old")
	if err := Spool(t.Context(), strings.NewReader("new"), path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("error %v", err)
	}
	if got, err := os.ReadFile(path); string(got) != "old" {
		t.Errorf("now %q, error %v", got, err)
	}
}

func TestSpoolFailsToRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "input")
	broken := errors.New("broken pipe")
	err := Spool(t.Context(), io.MultiReader(strings.NewReader("a,b\n"), iotest.ErrReader(broken)), path)
	checkError(t, err, CodeUnreadable, "the input cannot be read: broken pipe")
	if !errors.Is(err, broken) {
		t.Errorf("%v does not wrap the cause", err)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an incomplete copy is left: %v", err)
	}
}

func TestSpoolFailsToWrite(t *testing.T) {
	if err := Spool(t.Context(), strings.NewReader("a"), filepath.Join(t.TempDir(), "missing", "input")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}

// A pipe into which nothing is written keeps nobody waiting who wants to end.
func TestSpoolEndsWithItsContext(t *testing.T) {
	path := filepath.Join(t.TempDir(), "input")
	in, out := io.Pipe()
	defer in.Close()
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("enough")
	go func() {
		_, _ = io.WriteString(out, "a,b\n")
		cancel(why)
	}()
	if err := Spool(ctx, in, path); !errors.Is(err, why) {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an incomplete copy is left: %v", err)
	}
}
