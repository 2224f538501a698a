package cli

import (
	"errors"
	"io/fs"
	"slices"

	"attio-import/importer/outcome"
	"attio-import/importer/report"
	"attio-import/importer/source"
)

// This file tells which decisions of a file were carried out before: people go on
// filling in the same file, and give it once more.

// carried is what an earlier generation has carried out.
type carried struct {
	source.Decision
	generation int
}

// notCarriedOut lists those decisions that no earlier generation has carried out.
// writtenAnew says that each word of the file is younger than these.
func (p *past) notCarriedOut(all []source.Decision, writtenAnew bool) (todo []source.Decision, err error) {
	before, err := p.carriedOut()
	if err != nil {
		return nil, err
	}
	writtenAnew = writtenAnew && !slices.ContainsFunc(all, p.isDecided)
	for _, d := range all {
		done, err := p.isDone(d, before, writtenAnew)
		if err != nil {
			return nil, err
		}
		if !done {
			todo = append(todo, d)
		}
	}
	return todo, nil
}

// carriedOut is the latest decision about each row. A copy that somebody has removed
// says nothing: its rows are what the journal says.
func (p *past) carriedOut() (map[int]carried, error) {
	before := map[int]carried{}
	for _, g := range p.log.Generations() {
		if g.Kind != kindDecide {
			continue
		}
		all, err := p.decisions(g)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		for _, d := range all {
			before[d.Row] = carried{d, g.Number}
		}
	}
	return before, nil
}

func (c carried) says(d source.Decision) bool {
	if c.Word != d.Word || c.RecordID != d.RecordID {
		return false
	}
	for i := range max(len(c.Cells), len(d.Cells)) {
		if !sameCell(cellAt(c.Cells, i), cellAt(d.Cells, i)) {
			return false
		}
	}
	return true
}

// isDone reports whether a decision says what was carried out before. A row that was
// sent may be unknown again: to send it once more takes a word that is younger than
// that, or a record would be doubled by a line that was only left in the file.
func (p *past) isDone(d source.Decision, before map[int]carried, writtenAnew bool) (bool, error) {
	c, was := before[d.Row]
	if !was || !c.says(d) {
		return false, nil
	}
	e, _, err := p.log.Entry(d.Row)
	switch {
	case err != nil:
		return false, p.damaged(err)
	case e.Outcome.Action != outcome.Unknown:
		return true, nil
	}
	return d.Word == source.WordSend && e.Generation == c.generation && !writtenAnew, nil
}

// isDecided reports whether a row is not unknown any more.
func (p *past) isDecided(d source.Decision) bool {
	action, there := p.action(d.Row)
	return there && action != outcome.Unknown
}

// writtenAnew reports whether a file is the run's own, written after all that was
// decided so far: with empty cells for decisions.
func (s *session) writtenAnew(file string) bool {
	return sameFile(file, s.dir.file(report.UnknownFile)) && !stale(s.dir.path)
}
