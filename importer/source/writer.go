package source

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/gocarina/gocsv"
)

var _ gocsv.CSVWriter = (*Writer)(nil)

// Writer writes rows in the dialect of a source, so that a file of rejects
// opens in whatever the source came from. It implements gocsv.CSVWriter.
//
// What it writes this package reads back as the same cells. encoding/csv's own
// writer is not it: in a file with CRLF it would rewrite the line ends inside
// cells, drop lone carriage returns, and write a row of one empty cell as an
// empty line.
type Writer struct {
	out     *bufio.Writer
	dialect Dialect
	started bool
	line    []byte
}

// NewWriter returns a Writer in dialect d. A byte order mark is written with
// the first row, so that no row leaves no byte.
func NewWriter(w io.Writer, d Dialect) *Writer {
	return &Writer{out: bufio.NewWriter(w), dialect: d}
}

var errNoCells = errors.New("a row without cells cannot be written")

// Write adds a row. A cell is put in quotes only where it would otherwise be
// read differently; its bytes are kept, whatever their encoding. Rows are
// buffered: call Flush and then Error at the end.
func (w *Writer) Write(row []string) error {
	if len(row) == 0 {
		return errNoCells
	}
	w.line = w.line[:0]
	if !w.started && w.dialect.BOM {
		w.line = append(w.line, bom...)
	}
	for i, cell := range row {
		if i > 0 {
			w.line = utf8.AppendRune(w.line, w.dialect.Delimiter)
		}
		w.line = w.appendCell(w.line, cell, len(row) == 1)
	}
	if w.dialect.CRLF {
		w.line = append(w.line, '\r')
	}
	w.line = append(w.line, '\n')
	w.started = true
	_, err := w.out.Write(w.line)
	return err
}

func (w *Writer) appendCell(dst []byte, cell string, only bool) []byte {
	if !w.needsQuotes(cell, only) {
		return append(dst, cell...)
	}
	dst = append(dst, '"')
	for {
		before, after, found := strings.Cut(cell, `"`)
		dst = append(dst, before...)
		if !found {
			return append(dst, '"')
		}
		dst = append(dst, `""`...)
		cell = after
	}
}

// needsQuotes knows two cases besides the usual ones: a row's only cell that is
// empty would be an empty line, and what begins a file could be taken for a byte
// order mark or for the line that names the delimiter.
func (w *Writer) needsQuotes(cell string, only bool) bool {
	if only && cell == "" || strings.ContainsAny(cell, "\"\r\n") || strings.ContainsRune(cell, w.dialect.Delimiter) {
		return true
	}
	return !w.started && (strings.HasPrefix(cell, string(bom)) || strings.HasPrefix(cell, "sep="))
}

// Flush writes what is buffered.
func (w *Writer) Flush() { w.out.Flush() }

// Error returns the first error of any Write or Flush.
func (w *Writer) Error() error {
	_, err := w.out.Write(nil)
	return err
}
