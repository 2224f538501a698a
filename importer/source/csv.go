package source

import (
	"encoding/csv"
	"errors"
	"io"
	"unicode/utf8"
)

// errReadAll keeps the calls of gocsv that hold a whole source in memory from
// working by accident.
var errReadAll = errors.New("a source is read row by row, never as a whole")

// csvReader is the records of a CSV source: encoding/csv with strict quotes,
// reading from lines. What encoding/csv refuses it reads again line by line.
type csvReader struct {
	lines *lines
	plain splitter
	csv   *csv.Reader
	hurt  stretch // the last damaged stretch; its lines are rows
}

var _ records = (*csvReader)(nil)

// newCSVReader starts at the header, behind the byte order mark and behind a
// line that names the delimiter.
func newCSVReader(src io.Reader, d Dialect) (*csvReader, error) {
	skipped := 0
	if d.BOM {
		n, err := io.ReadFull(src, make([]byte, len(bom)))
		if err != nil {
			return nil, err
		}
		skipped = n
	}
	l := newLines(src, skipped)
	r := &csvReader{lines: l, plain: splitter{delimiter: d.Delimiter}, csv: csv.NewReader(l)}
	r.csv.Comma = d.Delimiter
	r.csv.FieldsPerRecord = -1
	return r, r.skipSeparatorLine()
}

func (r *csvReader) skipSeparatorLine() error {
	err := r.lines.begin()
	if err == io.EOF || err == errLineTooLong {
		return nil
	}
	if _, named := separatorLine(r.lines.record()); !named || r.lines.first > 1 {
		r.lines.rewind()
	}
	return err
}

// Read returns the next record. Errors besides io.EOF: a *damage for a line that
// cannot be split, after which reading may go on; errNotUTF8 together with the
// record's cells; else what the source failed with.
func (r *csvReader) Read() ([]string, error) {
	switch err := r.lines.begin(); {
	case err == errLineTooLong:
		return nil, r.tooLong()
	case err != nil:
		return nil, err
	case r.lines.first <= r.hurt.last:
		return nil, r.hurt.line(r.lines.first, trimLineEnd(r.lines.record()))
	}
	cells, ok := r.plain.split(trimLineEnd(r.lines.record()))
	if !ok {
		var err error
		if cells, err = r.csv.Read(); err != nil {
			return r.readDamaged(cells, err)
		}
	}
	if !utf8.Valid(r.lines.record()) {
		return cells, errNotUTF8
	}
	return cells, nil
}

// readDamaged finds out how far the damage reaches, takes the record back and
// starts over with its first line, now as text.
func (r *csvReader) readDamaged(cells []string, err error) ([]string, error) {
	first, last := r.lines.span()
	parse, refused := errors.AsType[*csv.ParseError](err)
	switch {
	case err == errEndInQuotes, err == errQuotesTooLong:
		opened := first + r.recordLine(len(cells)-1)
		r.hurt = stretch{first: first, last: opened, at: opened, err: err}
	case refused:
		r.hurt = stretch{first: first, last: last, at: last, char: r.lines.character(parse.Column), err: parse.Err}
	default:
		return nil, err
	}
	r.lines.rewind()
	return r.Read()
}

// recordLine is the line on which a cell of the last record begins, counted
// from the record's first. The open cell is the last one of the record that
// encoding/csv returns when its source fails inside quotes.
func (r *csvReader) recordLine(cell int) int {
	start, _ := r.csv.FieldPos(0)
	line, _ := r.csv.FieldPos(cell)
	return line - start
}

// longLineKept is how much of a line that is too long is kept for the report.
const longLineKept = 4 << 10

func (r *csvReader) tooLong() error {
	beginning, length, err := r.lines.discard(longLineKept)
	if err != nil {
		return err
	}
	return tooLongDamage(r.lines.first, beginning, length)
}

// ReadAll refuses; it is there because gocsv.CSVReader has it.
func (r *csvReader) ReadAll() ([][]string, error) { return nil, errReadAll }

// Span implements records.
func (r *csvReader) Span() (first, last int) { return r.lines.span() }

// Offset implements records.
func (r *csvReader) Offset() int64 { return r.lines.offset() }

// bounds are where the last record stands in the source. unended says that
// it is the last and lacks its line end.
func (r *csvReader) bounds() (from, to int64, unended bool) {
	l := r.lines
	return l.base + int64(l.start), l.offset(), l.ended && l.next == len(l.buf)
}

// endsInCRLF looks at the end of the last record.
func (r *csvReader) endsInCRLF() bool {
	text := r.lines.record()
	return len(text) >= 2 && text[len(text)-2] == '\r'
}
