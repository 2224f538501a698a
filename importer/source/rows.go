package source

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/gocarina/gocsv"

	"attio-import/importer/outcome"
)

// Row is one row of a source, well-formed or not.
type Row struct {
	Number int // 1 is the first row under the header; no gaps, but in corrected rejects
	Line   int // the physical line on which it begins, from 1

	// Cells are as they stand in the source, as many as the header has unless
	// Problem says otherwise. They belong to whoever got the row, but a cell
	// keeps the memory of its whole row and of some rows beside it: clone what is
	// to be kept for long.
	Cells []string

	// Raw is the line's text without its end, in place of Cells, where the line
	// could not be split: code broken_quote, or row_too_long and then its
	// first 4 KiB.
	Raw string

	// Note is what corrected rejects say of the row beside its cells; nil in any other source.
	Note *Note

	// Problem says why the row cannot be used: ragged_row, broken_quote,
	// invalid_encoding or row_too_long. Nil: the row is fine.
	Problem *outcome.Problem
}

// records is the seam between formats: a gocsv.CSVReader that knows where it
// is. The slice that Read returns is the caller's. Its errors besides io.EOF: a *damage for a line
// that is a row without cells, errNotUTF8 together with cells; both let
// reading go on, anything else does not. The header is the first record.
type records interface {
	gocsv.CSVReader
	Span() (first, last int) // physical lines of the record last read, from 1
	Offset() int64           // bytes of the source up to that record's end
}

// Rows is one pass over the rows of a source. It is used by one goroutine;
// Offset may be called from any.
type Rows struct {
	ctx     context.Context
	file    *File
	pass    *pass
	records records
	decoder gocsv.SimpleDecoder

	header []string // as it stands in the source
	code   int      // the column of a row's code in rejects, or noColumn
	number int      // of the rows read
	offset atomic.Int64
	err    error // what the pass ended with
}

// Rows starts a pass at row 1. A cancelled context ends the pass at the next
// row. Close the pass in any case.
func (f *File) Rows(ctx context.Context) (*Rows, error) {
	text, err := f.begin()
	if err != nil {
		return nil, err
	}
	p := newPass(text)
	r, err := f.rows(ctx, p)
	if err != nil {
		p.Close()
		return nil, err
	}
	return r, nil
}

func (f *File) rows(ctx context.Context, p *pass) (*Rows, error) {
	in, err := newCSVReader(p, f.Dialect)
	if err != nil {
		return nil, f.explain(err)
	}
	r := &Rows{ctx: ctx, file: f, pass: p, records: in, decoder: gocsv.NewSimpleDecoderFromCSVReader(in),
		header: f.Header, code: f.codeColumn()}
	if f.corrected != nil {
		r.header = f.corrected.header
	}
	if err := r.skipHeader(); err != nil {
		return nil, f.explain(err)
	}
	return r, nil
}

// skipHeader makes sure that the header is still the one that the caller knows.
func (r *Rows) skipHeader() error {
	header, err := r.decoder.GetCSVRow()
	r.offset.Store(r.records.Offset())
	switch _, hurt := errors.AsType[*damage](err); {
	case err == nil && slices.Equal(header, r.header):
		return nil
	case err == nil, hurt, err == errNotUTF8, err == io.EOF:
		return changedError(r.file.Name)
	}
	return err
}

// Next returns the next row. At the end of the source it returns io.EOF; the
// fingerprint is known then. Any other error is the context's or an [*Error]
// with the code unreadable or source_changed. Errors are final.
func (r *Rows) Next() (Row, error) {
	if r.err != nil {
		return Row{}, r.err
	}
	row, err := r.read()
	if err != nil {
		r.err = r.end(err)
		return Row{}, r.err
	}
	r.offset.Store(r.records.Offset())
	return row, nil
}

func (r *Rows) read() (Row, error) {
	if err := r.ctx.Err(); err != nil {
		return Row{}, err
	}
	cells, err := r.decoder.GetCSVRow()
	if r.file.corrected != nil {
		return r.correctedRow(cells, err)
	}
	if err != nil && err != errNotUTF8 {
		return r.damaged(err)
	}
	row := r.row()
	row.Cells = cells
	if len(cells) != len(r.header) && blank(cells) {
		row.Cells = make([]string, len(r.header))
		return row, nil
	}
	row.Problem = r.located(row, r.problem(cells, err))
	return row, nil
}

// problem is what is wrong with the cells of a row; nil mostly.
func (r *Rows) problem(cells []string, err error) *outcome.Problem {
	switch {
	case len(cells) != len(r.header):
		return r.ragged(len(cells))
	case err == errNotUTF8:
		return encodingProblem(r.header, cells)
	case r.code != noColumn && !mended(cells[r.code]):
		return unmended(cells[r.code])
	}
	return nil
}

func (r *Rows) damaged(err error) (Row, error) {
	d, ok := errors.AsType[*damage](err)
	if !ok {
		return Row{}, err
	}
	row := r.row()
	row.Raw = d.raw
	row.Problem = r.located(row, d.problem())
	return row, nil
}

// row counts the row that was just read.
func (r *Rows) row() Row {
	r.number++
	line, _ := r.records.Span()
	return Row{Number: r.number, Line: line}
}

func (r *Rows) located(row Row, p *outcome.Problem) *outcome.Problem {
	if p == nil {
		return nil
	}
	p.Row, p.Line, p.Severity = row.Number, row.Line, outcome.Error
	return p
}

func (r *Rows) ragged(cells int) *outcome.Problem {
	first, last := r.records.Span()
	return raggedProblem(cells, len(r.header), first, last, r.file.Dialect.Delimiter)
}

// blank reports whether no cell is filled.
func blank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" })
}

// end turns what reading ended with into what Next returns. Two passes that
// came to the end must have read the same bytes, also where size and time of the
// file do not show a change.
func (r *Rows) end(err error) error {
	if err != io.EOF {
		return r.file.explain(err)
	}
	r.offset.Store(r.file.Size)
	sum := r.pass.sum()
	if !r.file.fingerprint.CompareAndSwap(nil, &sum) && *r.file.fingerprint.Load() != sum {
		return changedError(r.file.Name)
	}
	return io.EOF
}

// Offset is how many bytes of the source the rows so far take up, the header
// and a byte order mark included; File.Size at the end.
func (r *Rows) Offset() int64 { return r.offset.Load() }

// Fingerprint is "sha256:" and the hexadecimal SHA-256 of all bytes of the
// source, with a byte order mark. It is empty until Next has returned io.EOF.
func (r *Rows) Fingerprint() string {
	if r.err != io.EOF {
		return ""
	}
	if c := r.file.corrected; c != nil {
		return c.fingerprint
	}
	return *r.file.fingerprint.Load()
}

// Close ends the pass. It may be called more than once and at any point.
func (r *Rows) Close() error {
	if r.err == nil {
		r.err = errClosed
	}
	return r.pass.Close()
}

var errClosed = errors.New("the pass over the source is closed")
