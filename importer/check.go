package importer

import (
	"context"
	"errors"
	"fmt"
	"io"

	"attio-import/importer/outcome"
	"attio-import/importer/source"
	"attio-import/mapping"
)

// Check is what the first pass found out about a source. It belongs to the
// source and the plan that it was made from.
type Check struct {
	Rows        int    // all rows, invalid and blank ones too
	Invalid     int    // rows that will end as invalid
	Skipped     int    // rows that will be skipped: blank, superseded
	Bytes       int64  // size of the source
	Fingerprint string // of the source's bytes

	duplicates duplicates
}

// ErrSourceChanged says that the second pass read other rows than the first.
var ErrSourceChanged = errors.New("the source changed while it was read")

// Check reads the whole source once and maps every row, offline. watch, which
// may be nil, is told now and then how many bytes have been read.
func (im *Import) Check(ctx context.Context, watch func(bytes int64)) (*Check, error) {
	rows, err := im.Source.Rows(ctx)
	if err != nil {
		return nil, err
	}
	defer rows.Close()

	c, keys, bad := &Check{}, newKeyIndex(), &rowSet{}
	for {
		row, err := rows.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		im.checkRow(c, row, keys, bad)
		if watch != nil && c.Rows%4096 == 0 {
			watch(rows.Offset())
		}
	}
	c.Bytes, c.Fingerprint = rows.Offset(), rows.Fingerprint()
	c.duplicates = keys.duplicates()
	c.countDuplicates(im.Plan.Duplicates(), bad)
	return c, nil
}

func (im *Import) checkRow(c *Check, row source.Row, keys *keyIndex, bad *rowSet) {
	c.Rows++
	if row.Problem != nil {
		c.Invalid++
		bad.add(row.Number)
		return
	}
	rec := im.Plan.Row(row.Number, row.Line, row.Cells)
	switch {
	case rec.Blank:
		c.Skipped++
	case rec.Failed():
		c.Invalid++
		bad.add(row.Number)
	}
	for _, key := range rec.Keys {
		keys.add(row.Number, key)
	}
}

// countDuplicates settles how the rows count that share a key. A superseded
// row is skipped even where it is wrong besides: its successor decides.
func (c *Check) countDuplicates(policy mapping.Duplicates, bad *rowSet) {
	for row := range c.duplicates.groupsOf {
		wasBad := bad.has(int(row))
		if policy == mapping.DuplicatesLast {
			if _, ok := c.duplicates.superseded(int(row)); ok {
				c.Skipped++
				if wasBad {
					c.Invalid--
				}
			}
			continue
		}
		if !wasBad {
			c.Invalid++
		}
	}
}

// apply adds to a record what only the whole source shows: that another row
// has its key. It reports whether the row is superseded, that is skipped.
func (c *Check) apply(rec *mapping.Record, policy mapping.Duplicates) (superseded bool) {
	if len(c.duplicates.groupsOf[uint32(rec.Row)]) == 0 || len(rec.Keys) == 0 {
		return false
	}
	if policy == mapping.DuplicatesLast {
		by, ok := c.duplicates.superseded(rec.Row)
		if ok {
			rec.Problems = []outcome.Problem{supersededBy(rec, by)}
		}
		return ok
	}
	rec.Problems = append(rec.Problems, c.duplicateKey(rec))
	return false
}

func supersededBy(rec *mapping.Record, by int) outcome.Problem {
	key := rec.Keys[0]
	return outcome.Problem{
		Row: rec.Row, Line: rec.Line, Column: key.Column, Attribute: key.Attribute.Slug, Value: key.Value.Canonical(),
		Severity: outcome.Warning, Code: outcome.Superseded,
		Message: fmt.Sprintf("row %d has the same key and comes later; the mapping says that the last one counts", by),
	}
}

func (c *Check) duplicateKey(rec *mapping.Record) outcome.Problem {
	key := rec.Keys[0]
	others := listRows(c.duplicates.others(rec.Row))
	return outcome.Problem{
		Row: rec.Row, Line: rec.Line, Column: key.Column, Attribute: key.Attribute.Slug, Value: key.Value.Canonical(),
		Severity: outcome.Error, Code: outcome.DuplicateKey,
		Message: fmt.Sprintf("%s has the same key as %s", key.Attribute.Slug, others),
		Hint:    "keep one of them, or say duplicates: last in the mapping to let the last one count",
	}
}

// rowSet is a set of row numbers, a bit a row.
type rowSet struct{ bits []uint64 }

func (s *rowSet) add(row int) {
	for len(s.bits) <= row/64 {
		s.bits = append(s.bits, 0)
	}
	s.bits[row/64] |= 1 << (row % 64)
}

func (s *rowSet) has(row int) bool {
	return row/64 < len(s.bits) && s.bits[row/64]&(1<<(row%64)) != 0
}
