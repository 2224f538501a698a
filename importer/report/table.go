package report

import (
	"bufio"
	"encoding/csv"

	"github.com/gocarina/gocsv"
)

// batchLines is how many lines a table holds back at most. gocsv flushes
// at the end of each call, so a batch is also what a system call writes.
const batchLines = 256

// bufferSize holds a batch of ordinary lines: more than one system call is
// seldom needed for it.
const bufferSize = 64 << 10

// table is a CSV file of tagged structs. It holds a batch of lines, so
// that its memory does not grow with the file.
type table[T any] struct {
	name  string
	csv   *csv.Writer
	batch []T
}

// newTable writes the header, so that even a file without lines can be read.
func newTable[T any](name string, f file) (*table[T], error) {
	t := &table[T]{
		name: name,
		// gocsv needs a writer that it can flush; a buffer below it turns a batch into one write.
		csv:   csv.NewWriter(bufio.NewWriterSize(f, bufferSize)),
		batch: make([]T, 0, batchLines),
	}
	return t, t.wrap(gocsv.MarshalCSV(t.batch, t.csv))
}

func (t *table[T]) add(line T) error {
	t.batch = append(t.batch, line)
	if len(t.batch) < batchLines {
		return nil
	}
	return t.flush()
}

// flush writes what is held back.
func (t *table[T]) flush() error {
	if len(t.batch) == 0 {
		return nil
	}
	err := gocsv.MarshalCSVWithoutHeaders(&t.batch, t.csv)
	clear(t.batch) // a cell kept would keep its whole row
	t.batch = t.batch[:0]
	return t.wrap(err)
}

func (t *table[T]) wrap(err error) error { return writeError(t.name, err) }
