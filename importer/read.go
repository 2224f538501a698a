package importer

import (
	"io"

	"attio-import/importer/outcome"
	"attio-import/importer/source"
	"attio-import/mapping"
)

// read maps the source's rows and sends them on in windows.
func (r *run) read() error {
	defer close(r.windows)
	rows, err := r.Source.Rows(r.reading)
	if err != nil {
		return err
	}
	defer rows.Close()
	for n := 0; ; {
		window, err := r.readWindow(rows, n)
		if err != nil && err != io.EOF {
			return err
		}
		n += len(window)
		if len(window) > 0 && !r.sendWindow(window) {
			return nil
		}
		r.sent = n
		if err == io.EOF {
			r.atEnd = true
			return nil
		}
	}
}

// readWindow returns the next rows, with io.EOF beside the last ones.
func (r *run) readWindow(rows *source.Rows, before int) ([]*item, error) {
	size := r.opts.Window
	if r.opts.Limit > 0 {
		size = min(size, r.opts.Limit-before)
	}
	window := make([]*item, 0, size)
	for len(window) < size {
		row, err := rows.Next()
		if err != nil {
			return markLast(window), err
		}
		if r.past.isDone(row.Number) {
			continue
		}
		it := r.mapped(row)
		it.seq = before + len(window)
		window = append(window, it)
	}
	if before+size == r.opts.Limit {
		return markLast(window), io.EOF
	}
	return markLast(window), nil
}

func markLast(window []*item) []*item {
	if len(window) > 0 {
		window[len(window)-1].last = true
	}
	return window
}

func (r *run) sendWindow(window []*item) bool {
	select {
	case r.slots <- struct{}{}:
	case <-r.reading.Done():
		return false
	}
	select {
	case r.windows <- window:
		return true
	case <-r.reading.Done():
		return false
	}
}

// mapped turns a row into an item, decided already where the row is invalid
// or skipped, unless it may have been written.
func (r *run) mapped(row source.Row) *item {
	it := &item{row: row}
	if sent := r.past.openSince(row.Number); sent != nil {
		it.open = true
		r.mapOpen(it, sent)
		return it
	}
	if row.Problem != nil {
		it.decide(outcome.Invalid, outcome.Parse, *row.Problem)
		return it
	}
	it.rec = r.mapRow(row)
	if r.Resolver == nil {
		it.asNew() // nobody will tell whether the record exists
	}
	switch {
	case it.rec.Blank:
		it.decide(outcome.Skipped, outcome.Map, append(it.rec.Problems, blankRow(row))...)
	case r.check.superseded.has(row.Number):
		it.decide(outcome.Skipped, outcome.Map, it.rec.Problems...)
	case it.rec.Failed():
		it.decide(outcome.Invalid, outcome.Map, it.rec.Problems...)
	case r.Writer == nil && r.Resolver == nil:
		it.decide(outcome.Valid, outcome.Map, it.rec.Problems...)
	}
	return it
}

// mapRow maps a row, and adds what only the whole source shows.
func (r *run) mapRow(row source.Row) *mapping.Record {
	rec := r.Plan.Row(row.Number, row.Line, row.Cells)
	r.check.apply(rec)
	return rec
}

// mapOpen maps a row that may have been written. Whatever is wrong with it goes
// to the Writer, which alone can tell what became of it.
func (r *run) mapOpen(it *item, sent *outcome.Sent) {
	it.rec = r.mapRow(it.row)
	it.rec.Sent = sent
	if it.row.Problem != nil {
		it.rec.Problems = append(it.rec.Problems, *it.row.Problem)
	}
}

func blankRow(row source.Row) outcome.Problem {
	return outcome.Problem{
		Row: row.Number, Line: row.Line, Severity: outcome.Warning, Code: outcome.BlankRow,
		Message: "no cell that the mapping uses is filled",
	}
}
