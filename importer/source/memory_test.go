package source

import (
	"bytes"
	"context"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"

	"attio-import/importer/outcome"
)

// generated is a source that is made while it is read: a header, and then the
// same block again and again.
type generated struct {
	header, block string
	blocks        int
}

func (g generated) size() int64 { return int64(len(g.header) + g.blocks*len(g.block)) }

func (g generated) open() (io.ReadCloser, error) {
	parts := []io.Reader{strings.NewReader(g.header)}
	for range g.blocks {
		parts = append(parts, strings.NewReader(g.block))
	}
	return io.NopCloser(io.MultiReader(parts...)), nil
}

func openGenerated(t testing.TB, g generated) *File {
	t.Helper()
	f, err := open(&File{Name: "generated.csv", content: g}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// A quote that is never closed costs its line and bounded memory, wherever and
// however often it stands; 50 MB here.
func TestLoneQuotesInConstantMemory(t *testing.T) {
	row := "1," + strings.Repeat("x", 500) + "\n"
	for _, c := range []struct {
		name   string
		source generated
		broken int
	}{
		{"one at the top", generated{"a,b\n2,\"y\n", strings.Repeat(row, 1000), 100}, 1},
		{"one every 2,500 lines", generated{"a,b\n", "2,\"y\n" + strings.Repeat(row, 2500), 40}, 40},
	} {
		t.Run(c.name, func(t *testing.T) {
			broken, rows, heap := measure(t, openGenerated(t, c.source))
			if broken != c.broken || rows != 100_000+broken {
				t.Errorf("%d rows, %d broken; want %d, %d", rows, broken, 100_000+c.broken, c.broken)
			}
			if limit := uint64(24 << 20); heap > limit {
				t.Errorf("the heap grew by %d bytes, want at most %d", heap, limit)
			}
		})
	}
}

// measure reads a source and returns by how much the heap grew at most.
func measure(t *testing.T, f *File) (broken, rows int, heap uint64) {
	t.Helper()
	r, err := f.Rows(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	before := m.HeapAlloc
	for {
		row, err := r.Next()
		if err == io.EOF {
			return broken, rows, heap
		}
		if err != nil {
			t.Fatal(err)
		}
		if rows++; codeOf(row) == outcome.BrokenQuote {
			broken++
		}
		if rows%2000 == 0 {
			runtime.ReadMemStats(&m)
			heap = max(heap, m.HeapAlloc-min(before, m.HeapAlloc))
		}
	}
}

// A line of 50 MB is one row, of which a little is kept.
func TestEndlessLineInConstantMemory(t *testing.T) {
	f := openGenerated(t, generated{"a,b\n", strings.Repeat("x", 1<<20), 50})
	r, err := f.Rows(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	row, err := r.Next()
	if err != nil || codeOf(row) != outcome.RowTooLong || !strings.Contains(row.Problem.Message, "52428800 bytes") {
		t.Errorf("row with %+v, error %v", row.Problem, err)
	}
	if size := cap(r.records.(*csvReader).lines.buf); size > 4<<20 {
		t.Errorf("a buffer of %d bytes", size)
	}
	if _, err := r.Next(); err != io.EOF {
		t.Errorf("then %v", err)
	}
}

// failing is a source whose disk breaks after some bytes.
type failing struct {
	text string
	err  error
}

func (f failing) size() int64 { return int64(len(f.text)) + 100_000 }

func (f failing) open() (io.ReadCloser, error) {
	return io.NopCloser(io.MultiReader(strings.NewReader(f.text), failingReader{f.err})), nil
}

type failingReader struct{ err error }

func (f failingReader) Read([]byte) (int, error) { return 0, f.err }

// Where reading fails, inside a record or not, the rows before are there and
// the failure is told as what it is.
func TestDiskFails(t *testing.T) {
	broken := errors.New("input/output error")
	rows := strings.Repeat("1,2\n", headSize/4)
	for _, rest := range []string{"", "3,\"4", "3,\"4\n", "3,4", strings.Repeat("x", 3<<20)} {
		f := openGeneric(t, failing{"a,b\n" + rows + rest, broken})
		r, err := f.Rows(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for ; err == nil; n++ {
			_, err = r.Next()
		}
		checkError(t, err, CodeUnreadable, "disk.csv: the file cannot be read: input/output error")
		if !errors.Is(err, broken) || n-1 != headSize/4 || r.Fingerprint() != "" {
			t.Errorf("%.10q: %d rows, error %v", rest, n-1, err)
		}
		r.Close()
	}
	_, err := open(&File{Name: "disk.csv", content: failing{"a,b\n", broken}}, Options{})
	checkError(t, err, CodeUnreadable, "disk.csv: the file cannot be read: input/output error")
}

func openGeneric(t *testing.T, c content) *File {
	t.Helper()
	f, err := open(&File{Name: "disk.csv", content: c}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// However a pass ends, Close ends its goroutine: synctest fails if one is left.
func TestCloseLeavesNoGoroutine(t *testing.T) {
	text := append([]byte("a,b\n"), bytes.Repeat([]byte("1,2\n"), 200_000)...)
	for _, rows := range []int{0, 1, 150_000, 200_001} {
		synctest.Test(t, func(t *testing.T) {
			f, err := OpenBytes("x.csv", text, Options{})
			if err != nil {
				t.Fatal(err)
			}
			r, err := f.Rows(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for range rows {
				r.Next()
			}
			r.Close()
		})
	}
}
