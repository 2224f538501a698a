package source

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// survey is the one reading of corrected rejects that finds out where which
// row stands.
type survey struct {
	*corrected
	file     *File
	each     eachRow
	header   int64  // bytes up to the header's end
	filled   []bool // columns that have a cell filled in some row
	mistakes mistakes
}

func (s *survey) read() error {
	text, err := s.file.begin()
	if err != nil {
		return err
	}
	p := newPass(text)
	defer p.Close()
	r, err := newCSVReader(p, s.file.Dialect)
	if err != nil {
		return s.file.explain(err)
	}
	if _, err := r.Read(); err != nil {
		return s.file.explain(err)
	}
	for s.header = r.Offset(); err == nil; {
		err = s.next(r)
	}
	if err != io.EOF {
		return s.file.explain(err)
	}
	s.corrected.fingerprint = p.sum()
	s.sort()
	return s.mistakes.asError()
}

// next places one record.
func (s *survey) next(r *csvReader) error {
	cells, err := r.Read()
	line, _ := r.Span()
	if d, hurt := errors.AsType[*damage](err); hurt {
		s.mistake(line, string(d.code), d.hint, "%s", d.message)
		return nil
	}
	if err != nil && err != errNotUTF8 {
		return err
	}
	if blank(cells) {
		return nil
	}
	fitting, ok := s.fit(cells)
	if !ok {
		p := raggedProblem(len(cells), len(s.corrected.header), line, line, s.file.Dialect.Delimiter)
		s.mistake(line, string(p.Code), p.Hint, "%s, so nobody can tell which row it is", p.Message)
		return nil
	}
	number, ok := s.number(line, fitting)
	if !ok {
		return nil
	}
	row := placed{number: number, line: line}
	row.from, row.to, row.unended = r.bounds()
	s.rows = append(s.rows, row)
	for i, cell := range fitting {
		s.filled[i] = s.filled[i] || strings.TrimSpace(cell) != ""
	}
	s.each(s, row, fitting)
	return nil
}

// number reads which row it is. No code is a number, so one under _code shows
// that a delimiter was added, and that _row may have another cell's.
func (s *survey) number(line int, cells []string) (int, bool) {
	n, ok := rowNumber(cells[s.row])
	moved := false
	if s.code != noColumn {
		_, moved = rowNumber(cells[s.code])
	}
	switch text := strings.TrimSpace(cells[s.row]); {
	case moved:
		s.mistake(line, CodeRaggedRow, "put a cell that contains the delimiter in quotes", "a number stands under _code: the cells have moved, so nobody can tell which row it is")
	case ok:
		return n, true
	case text == "":
		s.mistake(line, CodeRowNumber, "import new rows from a sheet of their own; for a row of the run, put its number back",
			"the row has no number in _row, so nobody can tell which one it is")
	default:
		s.mistake(line, CodeRowNumber, "put back the number that stood there", "_row is %q, which is no row's number", excerpt(text))
	}
	return 0, false
}

func rowNumber(cell string) (int, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(cell))
	return n, err == nil && n > 0
}

// sort puts the rows in the order of their numbers, and finds those that have
// the same.
func (s *survey) sort() {
	slices.SortStableFunc(s.rows, func(a, b placed) int { return cmp.Compare(a.number, b.number) })
	for i := 1; i < len(s.rows); i++ {
		if a, b := s.rows[i-1], s.rows[i]; a.number == b.number {
			s.mistake(b.line, CodeRowTwice, "leave one of the two", "row %d stands on line %d already", b.number, a.line)
		}
	}
}

func (s *survey) mistake(line int, code, hint, format string, args ...any) {
	s.mistakes.add(lineError(s.file.Name, line, code, hint, format, args...))
}

func lineError(name string, line int, code, hint, format string, args ...any) *Error {
	return &Error{code, fmt.Sprintf("%s: line %d: %s", name, line, fmt.Sprintf(format, args...)), hint, nil}
}

// mistakes are the first faults of a file; nobody reads more at once.
type mistakes struct {
	first []error
	more  int
}

func (m *mistakes) add(e *Error) {
	if len(m.first) == 20 {
		m.more++
		return
	}
	m.first = append(m.first, e)
}

func (m *mistakes) asError() error {
	if m.more > 0 {
		m.first = append(m.first, fmt.Errorf("and %d more", m.more))
	}
	return errors.Join(m.first...)
}
