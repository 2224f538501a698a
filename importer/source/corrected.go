package source

import (
	"errors"
	"io"
	"slices"
)

// corrected is what is known of rejects that a person has corrected: which of
// the columns are notes, and where in the file each row stands. It holds
// no cells: 40 bytes a row.
type corrected struct {
	header []string // as it stands in the file
	own    []int    // where each column of File.Header stands; noColumn: nowhere, its cells are empty
	notes  []bool   // of each column in the file: it is none of the sheet's
	row    int      // the column with the row's number
	code   int      // the column with its code, or noColumn
	text   int      // the column with what was wrong with it, or noColumn
	rows   []placed // in the order of their numbers
	top    int64    // bytes up to the header's end

	fingerprint string // of the file
}

const noColumn = -1

// Note is what corrected rejects say of a row: what a run wrote there, or what a person
// has made of that. Each is empty where its column is not there.
type Note struct {
	Code    string // of the problem that the row had
	Message string
}

// placed is a row and where it stands.
type placed struct {
	number   int   // as _row says it
	line     int   // in the file as it is
	from, to int64 // its bytes
	unended  bool  // the file ends with it, without a line end
}

// OpenRejects opens rejects that a person has corrected. They are a source like
// any other, in whatever dialect a spreadsheet program has saved them, but for this:
//
//   - File.Header and Row.Cells are without the notes, wherever they stand,
//     and without columns at the end that have no name and no cell filled.
//   - Row.Number is what _row says, so that a row keeps its number in the sheet
//     that it came from, and passes give the rows in ascending order, with gaps, in
//     whatever order they stand. Row.Line is the line in this file.
//   - Rows without a filled cell are passed over; a row that lacks notes at its
//     end, where spreadsheet programs leave out empty cells, is whole.
//   - A row whose _code says that it could not be divided into cells keeps that
//     problem until somebody empties the cell.
//
// [Options.Columns] lines the columns up with those of the sheet. Size and
// fingerprint are those of the file as it is.
//
// The whole file is read once. Errors are those of [Open], and all lines that
// cannot be told apart or placed, joined, each an [*Error]: a row without a number or
// with one that is none, two with the same, one that cannot be divided into cells.
func OpenRejects(path string, opts Options) (*File, error) {
	f, err := Open(path, opts)
	if err != nil {
		return nil, err
	}
	if err := f.readCorrected(opts.Columns, func(*survey, placed, []string) {}); err != nil {
		return nil, err
	}
	return f, nil
}

// eachRow is told of every row while the file is looked over, in the file's order.
type eachRow func(s *survey, row placed, cells []string)

// readCorrected makes a file one of corrected rejects.
func (f *File) readCorrected(sheet []string, each eachRow) error {
	c, err := newCorrected(f.Name, f.Header)
	if err != nil {
		return err
	}
	s := &survey{file: f, corrected: c, each: each, filled: make([]bool, len(f.Header))}
	if err := s.read(); err != nil {
		return err
	}
	if f.Header, c.own, err = c.columns(f.Name, sheet, s.filled); err != nil {
		return err
	}
	f.corrected = c
	c.top = s.header
	f.content = c.arrange(f.content)
	return nil
}

// newCorrected finds the notes. Where a sheet has a column of that name of
// its own, the last one is the note.
func newCorrected(name string, header []string) (*corrected, error) {
	c := &corrected{header: header, notes: make([]bool, len(header)), row: last(header, rowNote), code: last(header, codeNote), text: last(header, messageNote)}
	if c.row == noColumn {
		return nil, &Error{CodeNoRowColumn, name + ": the header has no column _row, so nobody can tell which rows of the run these are",
			"give the run's rejects.csv with its last columns, or import a new sheet with attio-import run", nil}
	}
	for _, note := range append(Notes(), DecisionColumn) {
		if i := last(header, note); i != noColumn {
			c.notes[i] = true
		}
	}
	return c, nil
}

func last(header []string, name string) int {
	for i, column := range slices.Backward(header) {
		if column == name {
			return i
		}
	}
	return noColumn
}

// fit gives a row the header's length, if all that it lacks are notes.
func (c *corrected) fit(cells []string) ([]string, bool) {
	width := len(c.header)
	for i := len(cells); i < width; i++ {
		if !c.notes[i] || i == c.row {
			return cells, false
		}
		cells = append(cells, "")
	}
	return cells, len(cells) == width
}

// cells are a row's cells without the notes.
func (c *corrected) cells(full []string) []string {
	own := make([]string, len(c.own))
	for i, column := range c.own {
		if column != noColumn {
			own[i] = full[column]
		}
	}
	return own
}

func (c *corrected) note(full []string) *Note {
	var n Note
	if c.code != noColumn {
		n.Code = full[c.code]
	}
	if c.text != noColumn {
		n.Message = full[c.text]
	}
	return &n
}

// Excerpt reads the header and some of the rows of corrected rejects, byte by byte as
// they stand, in the order of their numbers. Errors, those of reading too, are those
// of [File.Rows].
func (f *File) Excerpt(keep func(row int) bool) (io.ReadCloser, error) {
	all, ok := f.content.(arranged)
	if !ok {
		return nil, errNoReaderAt
	}
	some := *f.corrected
	some.rows = slices.DeleteFunc(slices.Clone(some.rows), func(r placed) bool { return !keep(r.number) })
	in, err := some.arrange(all.content).open()
	if err != nil {
		return nil, f.explain(err)
	}
	return in, nil
}

// correctedRow makes a row of what was read of corrected rejects. They were
// looked over before: whatever is not as it was then has changed.
func (r *Rows) correctedRow(cells []string, err error) (Row, error) {
	c := r.file.corrected
	_, hurt := errors.AsType[*damage](err)
	switch {
	case err == io.EOF && r.number == len(c.rows):
		return Row{}, io.EOF
	case err == io.EOF, hurt:
		return Row{}, changedError(r.file.Name)
	case err != nil && err != errNotUTF8:
		return Row{}, err
	}
	cells, fits := c.fit(cells)
	if !fits || r.number == len(c.rows) {
		return Row{}, changedError(r.file.Name)
	}
	at := c.rows[r.number]
	if n, _ := rowNumber(cells[c.row]); n != at.number {
		return Row{}, changedError(r.file.Name)
	}
	r.number++
	row := Row{Number: at.number, Line: at.line, Cells: c.cells(cells), Note: c.note(cells)}
	row.Problem = r.located(row, r.problem(cells, err))
	return row, nil
}
