package report

import (
	"bufio"
	"bytes"
	"strconv"
	"strings"

	"attio-import/importer/outcome"
	"attio-import/importer/source"
)

// rejects is a file of rows as they stood in the source, in the source's
// dialect, followed by what is wrong with each. Cells are not neutralised:
// the file is meant to be corrected and imported again.
type rejects struct {
	name    string
	csv     *source.Writer
	dialect source.Dialect
	header  int      // cells of the header
	width   int      // those of them that are the source's own
	toFill  []string // empty cells
	cells   []string // of the line being written
}

// newRejects writes the header: the source's columns, the notes, and last the
// columns that a person is to fill.
func newRejects(name string, f file, info Info, toFill ...string) (*rejects, error) {
	columns := source.OwnColumns(info.Header)
	r := &rejects{
		name:    name,
		csv:     source.NewWriter(bufio.NewWriterSize(f, bufferSize), info.Dialect),
		dialect: info.Dialect,
		header:  len(info.Header),
		width:   len(columns),
	}
	r.cells = append(append(append(r.cells, columns...), source.Notes()...), toFill...)
	r.toFill = make([]string, len(toFill))
	if err := r.csv.Write(r.cells); err != nil {
		return r, writeError(name, err)
	}
	return r, r.flush()
}

func (r *rejects) add(row source.Row, o *outcome.Outcome) error {
	own, err := r.own(row)
	if err != nil {
		return writeError(r.name, err)
	}
	r.cells = append(r.cells[:0], own...)
	for len(r.cells) < r.width {
		r.cells = append(r.cells, "")
	}
	var p outcome.Problem
	if d := decisive(o); d != nil {
		p = *d
	}
	r.cells = append(r.cells, strconv.Itoa(o.Row), string(p.Code), p.Column, p.Message, mending(p))
	r.cells = append(r.cells, r.toFill...)
	return writeError(r.name, r.csv.Write(r.cells))
}

// mending is the hint of a problem. For a row that could not be divided into
// cells it says how to pass it again: corrected or not, it may look right here.
func mending(p outcome.Problem) string {
	const again = "when the row is right, empty its _code cell"
	switch p.Code {
	case outcome.RaggedRow, outcome.BrokenQuote, outcome.RowTooLong:
		return strings.TrimPrefix(p.Hint+"; "+again, "; ")
	}
	return p.Hint
}

// own returns the row's own cells, at most as many as the header has, so that
// the annotations stand under theirs. A line that could not be split, or that
// has cells that no column is for, becomes one cell.
func (r *rejects) own(row source.Row) ([]string, error) {
	switch {
	case row.Raw != "":
		return []string{row.Raw}, nil
	case len(row.Cells) > r.header:
		line, err := r.whole(row.Cells)
		return []string{line}, err
	}
	return row.Cells[:min(len(row.Cells), r.width)], nil
}

// whole returns cells as the line that they stood in.
func (r *rejects) whole(cells []string) (string, error) {
	var line bytes.Buffer
	w := source.NewWriter(&line, source.Dialect{Delimiter: r.dialect.Delimiter})
	if err := w.Write(cells); err != nil {
		return "", err
	}
	w.Flush()
	return strings.TrimSuffix(line.String(), "\n"), w.Error()
}

func (r *rejects) flush() error {
	r.csv.Flush()
	return writeError(r.name, r.csv.Error())
}
