package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"attio-import/importer/journal"
	"attio-import/importer/report"
	"attio-import/importer/source"
)

// corrections is what the lines of corrected rejects come to: people go on correcting
// the same file, and may take that of another run, whose rows have the same numbers.
type corrections struct {
	past    *past
	before  map[int][]attempt // what earlier retries were given of each row
	mapping string            // by which the rows are to be read; a fingerprint

	rows    int
	done    int          // lines of rows that made it by the same cells
	todo    map[int]bool // rows that are to be retried
	untried bool         // one of them was never tried with these cells and this mapping
	latest  int          // the latest retry that a line repeats
	wrong   []string     // lines that no retry is for
	foreign []string     // lines that do not look like this run's
	unread  error        // the journal's, if it is damaged
}

// attempt is a row as an earlier retry had it.
type attempt struct {
	source.Row
	generation int
	mapping    string
}

// corrections looks through the copy for a new retry.
func (p *past) corrections(ctx context.Context, g journal.Generation) (*corrections, error) {
	c := &corrections{past: p, before: map[int][]attempt{}, todo: map[int]bool{}, mapping: p.mappingOf(g.Number).Fingerprint}
	for _, number := range p.sheets()[1:] {
		if number == g.Number {
			continue
		}
		by := p.mappingOf(number).Fingerprint
		err := p.eachRow(ctx, number, func(row source.Row) {
			c.before[row.Number] = append(c.before[row.Number], attempt{row, number, by})
		})
		if err != nil {
			return nil, err
		}
	}
	if err := errors.Join(p.eachRow(ctx, g.Number, c.add), c.unread); err != nil {
		return nil, err
	}
	if c.rows == 0 {
		return nil, usage(fmt.Errorf("%s has no rows", g.Source.Name), "")
	}
	return c, c.mistakes(g)
}

// add looks at one line.
func (c *corrections) add(row source.Row) {
	c.rows++
	e, there, err := c.past.log.Entry(row.Number)
	was, same := c.repeats(row)
	switch {
	case err != nil:
		c.unread = c.past.damaged(err)
	case !there:
		c.wrong = append(c.wrong, fmt.Sprintf("line %d: the run has no row %d", row.Line, row.Number))
	case rejected(e.Outcome.Action):
		c.todo[row.Number] = true
		c.untried = c.untried || !same || was.mapping != c.mapping
		if why := c.strange(row, e); why != "" {
			c.foreign = append(c.foreign, fmt.Sprintf("line %d: %s: %s", row.Line, why, ofAnother))
		}
	case same:
		c.done++
	default:
		c.wrong = append(c.wrong, fmt.Sprintf("line %d: row %d is no reject: it is %s", row.Line, row.Number, e.Outcome.Action))
	}
}

// repeats finds the earlier retry that had the same cells; one by the same mapping
// before any other.
func (c *corrections) repeats(row source.Row) (found attempt, same bool) {
	for _, a := range c.before[row.Number] {
		if (a.Problem == nil) != (row.Problem == nil) || !slices.EqualFunc(a.Cells, row.Cells, sameCell) {
			continue
		}
		if c.latest = max(c.latest, a.generation); !same || a.mapping == c.mapping {
			found, same = a, true
		}
	}
	return found, same
}

// strange says why a line does not look like a reject of this run; empty if it may be one. Its
// notes and cells may also be those of an earlier retry, whose file somebody goes on with.
func (c *corrections) strange(row source.Row, e journal.Entry) string {
	now := source.Note{}
	if p := e.Outcome.FirstError(); p != nil {
		now = source.Note{Code: string(p.Code), Message: p.Message}
	}
	earlier := c.before[row.Number]
	if !fits(*row.Note, now) && !slices.ContainsFunc(earlier, func(a attempt) bool { return fits(*row.Note, *a.Note) }) {
		return fmt.Sprintf("row %d said %q here, and this run says %q", row.Number, brief(wording(*row.Note)), brief(wording(now)))
	}
	if !c.past.whole(e) || kept(row.Cells, e.Cells) || slices.ContainsFunc(earlier, func(a attempt) bool { return kept(row.Cells, a.Cells) }) {
		return ""
	}
	return fmt.Sprintf("row %d has nothing here of what stood in it in this run (%s)", row.Number, brief(cellList(e.Cells)))
}

// fits reports whether a note that a file has may be the one that was written. People may
// have emptied it, and programs may have saved it in another encoding.
func fits(has, written source.Note) bool {
	same := func(a, b string) bool {
		a, b = strings.TrimSpace(a), strings.TrimSpace(b)
		return a == "" || !utf8.ValidString(a) || sameCell(a, b)
	}
	return same(has.Message, written.Message) && same(has.Code, written.Code)
}

func wording(n source.Note) string {
	if strings.TrimSpace(n.Message) == "" {
		return n.Code
	}
	return n.Message
}

// whole reports whether a row stands in the rejects cell by cell.
func (p *past) whole(e journal.Entry) bool {
	own := len(p.rejectsOptions().Columns)
	return own > 1 && e.Raw == "" && (len(e.Cells) == own || len(e.Cells) == len(p.Report.Header))
}

// kept reports whether a corrected row has a cell left of what stood in it, maybe in
// another column. Where neither has more than one cell filled, that is the one to correct.
func kept(cells, before []string) bool {
	now, then := filledCells(cells), filledCells(before)
	if len(now) < 2 && len(then) < 2 {
		return true
	}
	return slices.ContainsFunc(now, func(cell string) bool { return slices.Contains(then, cell) })
}

func filledCells(cells []string) (filled []string) {
	for _, cell := range cells {
		if text := strings.TrimSpace(lineEnds.Replace(cell)); text != "" {
			filled = append(filled, text)
		}
	}
	return filled
}

func cellList(cells []string) string {
	var list []string
	for _, cell := range filledCells(cells) {
		list = append(list, fmt.Sprintf("%q", cell))
	}
	return strings.Join(list, ", ")
}

// mistakes refuses a file with a line that cannot be retried.
func (c *corrections) mistakes(g journal.Generation) error {
	const few = 5 // one is enough to see that it is the wrong file
	hint := "take the lines out; the run's rejects are in " + shellQuote(c.past.dir.file(report.RejectsFile))
	list := c.wrong
	if len(c.foreign) > 0 {
		hint = "nothing was done; correct the run's own rejects, " + shellQuote(c.past.dir.file(report.RejectsFile)) +
			"; a note that is not the run's may be emptied, and a row that is another one altogether belongs into a new sheet"
	}
	list = append(list, c.foreign[:min(few, len(c.foreign))]...)
	if more := len(c.foreign) - few; more > 0 {
		list = append(list, fmt.Sprintf("and %s like that", counted(more, "more line")))
	}
	return mistakes(fmt.Sprintf("%s is not a list of rejects of run %s", g.Source.Name, c.past.dir.id), list, hint)
}
