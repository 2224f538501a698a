package importer

import (
	"context"
	"fmt"
	"io"

	"attio-import/importer/outcome"
	"attio-import/importer/source"
	"attio-import/mapping"
)

// Check is what the first pass found out about a source. It belongs to the
// source and the plan that it was made from. What it counts are the source's own
// rows, not those of the Import's Others.
type Check struct {
	Rows        int    // all rows, invalid and blank ones too
	Invalid     int    // rows that will end as invalid
	Skipped     int    // rows that will be skipped: blank, superseded
	Bytes       int64  // size of the source
	Fingerprint string // of the source's bytes

	policy     mapping.Duplicates
	duplicates duplicates // rows that share a key
	clashes    duplicates // rows that share another value that must be unique
	superseded rowSet     // rows that give way to a later one with their key
	own        rowSet     // all rows of the source
	invalid    rowSet     // those that will end as invalid, by themselves or by what they share
}

// Refuses reports whether a row will end as invalid.
func (c *Check) Refuses(row int) bool { return c.invalid.has(row) }

// Left is how many rows are without an outcome; past may be nil.
func (c *Check) Left(past Past) (n int) {
	for row := range c.own.all() {
		if past == nil || !past.Done(row) {
			n++
		}
	}
	return n
}

// Check reads the whole source once and maps every row, offline. watch, which
// may be nil, is told now and then how many bytes have been read.
func (im *Import) Check(ctx context.Context, watch func(bytes int64)) (*Check, error) {
	rows, err := im.Source.Rows(ctx)
	if err != nil {
		return nil, err
	}
	defer rows.Close()

	c := newChecker(im.Plan, im.Resolver == nil)
	for {
		row, err := rows.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		c.row(row)
		if watch != nil && c.Rows%4096 == 0 {
			watch(rows.Offset())
		}
	}
	c.Bytes, c.Fingerprint = rows.Offset(), rows.Fingerprint()
	for _, other := range im.Others {
		if err := c.other(ctx, other); err != nil {
			return nil, err
		}
	}
	c.settle()
	return c.Check, nil
}

// checker is a first pass under way.
type checker struct {
	*Check
	plan    *mapping.Plan
	offline bool           // nobody will tell whether a row's record exists
	rec     mapping.Record // used again for every row
	keys    *keyIndex
	unique  *keyIndex
	blank   rowSet
	wrong   rowSet // by themselves, or by what they share
}

func newChecker(plan *mapping.Plan, offline bool) *checker {
	return &checker{
		Check: &Check{policy: plan.Duplicates()},
		plan:  plan, offline: offline, keys: newKeyIndex(), unique: newKeyIndex(),
	}
}

func (c *checker) row(row source.Row) {
	c.Rows++
	c.own.add(row.Number)
	if row.Problem != nil {
		c.wrong.add(row.Number)
		return
	}
	rec := &c.rec
	c.plan.RowInto(rec, row.Number, row.Line, row.Cells)
	switch {
	case rec.Blank:
		c.blank.add(row.Number)
	case rec.Failed(), len(rec.NewProblems) > 0 && c.offline:
		c.wrong.add(row.Number)
	}
	c.index(rec)
}

// index remembers what no other row may have.
func (c *checker) index(rec *mapping.Record) {
	for _, key := range rec.Keys {
		c.keys.add(rec.Row, key)
	}
	for _, key := range rec.Unique() {
		c.unique.add(rec.Row, key)
	}
}

// other reads a sheet of which only the keys count.
func (c *checker) other(ctx context.Context, o Other) error {
	rows, err := o.Source.Rows(ctx)
	if err != nil {
		return err
	}
	defer rows.Close()
	plan := o.Plan
	if plan == nil {
		plan = c.plan
	}
	for {
		row, err := rows.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if row.Problem == nil && (o.Counts == nil || o.Counts(row.Number)) {
			plan.RowInto(&c.rec, row.Number, row.Line, row.Cells)
			c.index(&c.rec)
		}
	}
}

// settle finds the rows that share what must be unique, and counts. A
// superseded row is skipped even where it is wrong besides: its successor decides.
func (c *checker) settle() {
	c.duplicates = c.keys.duplicates(func(int) bool { return false })
	if c.policy == mapping.DuplicatesLast {
		c.superseded.addAll(c.duplicates.superseded())
	} else {
		for _, rows := range c.duplicates.groups {
			c.wrong.addAll(rows)
		}
	}
	c.clashes = c.unique.duplicates(c.superseded.has)
	for _, rows := range c.clashes.groups {
		c.wrong.addAll(rows)
	}
	for row := range c.own.all() {
		switch {
		case c.blank.has(row), c.superseded.has(row):
			c.Skipped++
		case c.wrong.has(row):
			c.Invalid++
			c.invalid.add(row)
		}
	}
}

// apply adds to a record what only the whole source shows: that another row
// has its key, or another value that must be unique.
func (c *Check) apply(rec *mapping.Record) {
	if c.superseded.has(rec.Row) {
		rec.Problems = []outcome.Problem{c.supersededBy(rec)}
		return
	}
	if c.policy == mapping.DuplicatesReject {
		appendDuplicates(rec, rec.Keys, &c.duplicates,
			"keep one of them, or say duplicates: last in the mapping to let the last one count")
	}
	if len(c.clashes.groups) > 0 {
		appendDuplicates(rec, rec.Unique(), &c.clashes, "Attio allows the value on one record only: correct one of the rows")
	}
}

func appendDuplicates(rec *mapping.Record, keys []mapping.Key, d *duplicates, hint string) {
	for _, key := range keys {
		rows := d.rows(key)
		if len(rows) == 0 {
			continue
		}
		p := problemOf(rec, key, outcome.Error, outcome.DuplicateKey)
		p.Message = fmt.Sprintf("%s %q stands in %s as well", key.Attribute.Slug, key.Value.Canonical(), listOthers(rows, rec.Row))
		p.Hint = hint
		rec.Problems = append(rec.Problems, p)
	}
}

// supersededBy says which row a superseded one gives way to.
func (c *Check) supersededBy(rec *mapping.Record) outcome.Problem {
	for _, key := range rec.Keys {
		rows := c.duplicates.rows(key)
		for i := len(rows) - 1; i >= 0 && int(rows[i]) > rec.Row; i-- {
			if by := int(rows[i]); !c.superseded.has(by) {
				p := problemOf(rec, key, outcome.Warning, outcome.Superseded)
				p.Message = fmt.Sprintf("row %d has %s %q too and comes later; the mapping says that the last one counts",
					by, key.Attribute.Slug, key.Value.Canonical())
				return p
			}
		}
	}
	return problemOf(rec, rec.Keys[0], outcome.Warning, outcome.Superseded)
}

func problemOf(rec *mapping.Record, key mapping.Key, severity outcome.Severity, code outcome.Code) outcome.Problem {
	return outcome.Problem{
		Row: rec.Row, Line: rec.Line, Column: key.Column, Attribute: key.Attribute.Slug, Value: key.Value.Canonical(),
		Severity: severity, Code: code,
	}
}
