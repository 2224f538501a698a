package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"

	"attio-import/importer/attio"
	"attio-import/importer/journal"
	"attio-import/importer/outcome"
	"attio-import/importer/report"
	"attio-import/importer/source"
)

// decide begins a generation of a person's decisions about rows whose fate
// nobody can tell. Nothing is done unless all of them can be carried out.
func (s *session) decide(ctx context.Context, path string) error {
	if !s.past.log.Complete() {
		return s.notThrough()
	}
	if err := s.notOfAnother(path); err != nil {
		return err
	}
	decisions, err := source.ReadDecisions(path, s.past.rejectsOptions())
	if err != nil {
		return err // told by the user's own name for it; what counts is the copy
	}
	if len(decisions) == 0 {
		return s.nothingToDo("%s decides about no row: its column %s is empty", path, source.DecisionColumn)
	}
	g, err := s.copyIn(kindDecide, path, nil)
	if err != nil {
		return err
	}
	w, err := s.newlyDecided(ctx, g, path)
	if err != nil {
		s.copyOut(g)
		return err
	}
	if w.begin == nil {
		s.copyOut(g)
		return s.nothingToDo("what %s says was done before: nothing is done", path)
	}
	var taken []string
	if sameFile(path, s.dir.file(report.UnknownFile)) {
		taken = append(taken, report.UnknownFile)
	}
	return s.rendered(s.goOn(ctx, w), taken...)
}

// decisions reads what a generation decides.
func (p *past) decisions(g journal.Generation) ([]source.Decision, error) {
	_, path := p.sourceOf(g.Number)
	return source.ReadDecisions(path, p.rejectsOptions())
}

// newlyDecided is the work of decisions that a person gives; none, if all were carried
// out before.
func (s *session) newlyDecided(ctx context.Context, g journal.Generation, path string) (w work, err error) {
	all, err := s.past.decisions(g)
	if err != nil {
		return w, err
	}
	todo, err := s.past.notCarriedOut(all, s.writtenAnew(path))
	if err == nil {
		err = s.past.checkDecisions(g, todo)
	}
	if err != nil || len(todo) == 0 {
		return w, err
	}
	if done := len(all) - len(todo); done > 0 {
		s.note("%s of %s: what they say was carried out before", counted(done, "line"), path)
		isNew := map[int]bool{}
		for _, d := range todo {
			isNew[d.Row] = true
		}
		if err := s.cut(&g, func(row int) bool { return isNew[row] }); err != nil {
			return w, err
		}
	}
	if w, err = s.decided(ctx, g, todo, true); err != nil {
		return w, err
	}
	w.begin = s.beginning(g)
	if err := s.quietToSend(ctx, w.sheets); err != nil {
		return w, failing(exitCode(err), err, "nothing was done; give the same command once more")
	}
	return w, nil
}

// stillDecided is the work of decisions that are on record, but for those that are
// carried out.
func (s *session) stillDecided(ctx context.Context, g journal.Generation) (work, error) {
	all, err := s.past.decisions(g)
	if err != nil {
		return work{}, err
	}
	all = slices.DeleteFunc(all, func(d source.Decision) bool { return s.past.log.Done(d.Row) })
	w, err := s.decided(ctx, g, all, false)
	w.begin = asBefore
	return w, err
}

// decided brings the sheets of the rows that are to be sent, and prepares the
// other decisions.
func (s *session) decided(ctx context.Context, g journal.Generation, all []source.Decision, isNew bool) (w work, err error) {
	if w.sheets, err = s.sheetsToSend(ctx, all); err != nil {
		return w, err
	}
	if w.decided, err = s.outcomes(ctx, g, all, isNew); err != nil {
		return w, err
	}
	return w, s.firstPass(ctx, w.sheets)
}

// sheetsToSend brings the sheets in which the rows stand that are to be sent.
func (s *session) sheetsToSend(ctx context.Context, all []source.Decision) ([]*sheet, error) {
	places, err := s.past.places(ctx)
	if err != nil {
		return nil, err
	}
	send := map[int]bool{}
	var generations []int
	for _, d := range all {
		if d.Word != source.WordSend {
			continue
		}
		send[d.Row] = true
		if number := places.sheet(d.Row); !slices.Contains(generations, number) {
			generations = append(generations, number)
		}
	}
	sheets, err := s.bring(ctx, generations...)
	for _, sh := range sheets {
		sh.only = func(row int) bool { return send[row] && places.sheet(row) == sh.generation }
	}
	return sheets, err
}

// undecidable says why nothing can be decided about a row; empty where it can.
func (p *past) undecidable(d source.Decision) (string, error) {
	e, there, err := p.log.Entry(d.Row)
	switch {
	case err != nil:
		return "", p.damaged(err)
	case !there:
		return fmt.Sprintf("the run has no row %d", d.Row), nil
	case e.Outcome.Action != outcome.Unknown:
		return fmt.Sprintf("row %d is not unknown: it is %s", d.Row, e.Outcome.Action), nil
	}
	return p.differing(d.Cells, e), nil
}

// checkDecisions makes sure that new decisions are about rows whose fate is
// unknown, as they stood in the sheet, and give no two rows the same record.
func (p *past) checkDecisions(g journal.Generation, all []source.Decision) error {
	var wrong []string
	records := map[string]int{}
	for _, d := range all {
		why, err := p.undecidable(d)
		if err != nil {
			return err
		}
		if why != "" {
			wrong = append(wrong, fmt.Sprintf("line %d: %s", d.Line, why))
		}
		if d.Word != source.WordCreated {
			continue
		}
		if row, twice := records[d.RecordID]; twice {
			wrong = append(wrong, fmt.Sprintf("line %d: record %s is given to row %d already", d.Line, d.RecordID, row))
		}
		records[d.RecordID] = d.Row
	}
	for e, err := range p.log.Entries() {
		if err != nil {
			return p.damaged(err)
		}
		if row, wanted := records[e.Outcome.RecordID]; wanted && row != e.Outcome.Row && stands(&e.Outcome) {
			wrong = append(wrong, fmt.Sprintf("row %d: record %s is what row %d became", row, e.Outcome.RecordID, e.Outcome.Row))
		}
	}
	return mistakes(p.cannotDecide(g), wrong,
		"correct them, or decide in "+shellQuote(p.dir.file(report.UnknownFile))+" and change nothing there but its column "+source.DecisionColumn+"; nothing was done")
}

func (p *past) cannotDecide(g journal.Generation) string {
	return fmt.Sprintf("%s cannot be carried out", g.Source.Name)
}

// outcomes is what becomes of the rows that are not to be sent. A record that a
// row is said to have become must be there. Where it is gone by the time that
// decisions which are on record already are gone on with, the row stays unknown: to
// refuse them all would leave a run that nothing could end.
func (s *session) outcomes(ctx context.Context, g journal.Generation, all []source.Decision, isNew bool) (list []outcome.Outcome, err error) {
	var wrong []string
	for _, d := range all {
		var o outcome.Outcome
		switch d.Word {
		case source.WordDrop:
			o, err = s.past.dropped(d, g)
		case source.WordCreated:
			var no string
			if o, no, err = s.created(ctx, d); no != "" && isNew {
				wrong = append(wrong, fmt.Sprintf("line %d: row %d: %s", d.Line, d.Row, no))
			}
		default:
			continue
		}
		if err != nil {
			return nil, err
		}
		list = append(list, o)
	}
	return list, mistakes(s.past.cannotDecide(g), wrong, "look the records up in Attio; nothing was done")
}

// created is the outcome of a row that has become a record, once that is found
// to be there; no says why it cannot be it.
func (s *session) created(ctx context.Context, d source.Decision) (o outcome.Outcome, no string, err error) {
	e, _, err := s.past.log.Entry(d.Row)
	if err != nil {
		return o, "", s.past.damaged(err)
	}
	object := s.past.header.Object
	rec, err := s.api.Get(ctx, object, d.RecordID)
	var refused *attio.Error
	switch {
	case errors.As(err, &refused) && refused.Status == http.StatusNotFound:
		no = fmt.Sprintf("%s has no record %s", object, d.RecordID)
		return undecided(e.Outcome, no), no, nil
	case err != nil:
		return o, "", err
	}
	o = e.Outcome
	o.Action, o.RecordID, o.WebURL, o.Changes = outcome.Created, rec.ID, rec.WebURL, nil
	o.Problems = warnings(o.Problems)
	return o, "", nil
}

// undecided is the outcome of a row whose decision cannot be carried out.
func undecided(o outcome.Outcome, why string) outcome.Outcome {
	o.Problems = append(slices.Clone(o.Problems), outcome.Problem{
		Row: o.Row, Line: o.Line, Severity: outcome.Warning, Code: outcome.AnswerLost,
		Message: "the decision about the row could not be carried out: " + why, Hint: "look for the record in Attio, and decide again",
	})
	return o
}

// dropped is the outcome of a row that its owner gives up.
func (p *past) dropped(d source.Decision, g journal.Generation) (outcome.Outcome, error) {
	e, _, err := p.log.Entry(d.Row)
	if err != nil {
		return outcome.Outcome{}, p.damaged(err)
	}
	o := e.Outcome
	o.Action = outcome.Skipped
	o.Problems = append(warnings(o.Problems), outcome.Problem{
		Row: o.Row, Line: o.Line, Severity: outcome.Warning, Code: outcome.Dropped,
		Message: "given up by a decision in " + filepath.Base(g.Source.Name) + "; it may or may not have been written",
	})
	return o, nil
}

// warnings keeps those of a row's problems that do not cost it.
func warnings(all []outcome.Problem) []outcome.Problem {
	return slices.DeleteFunc(slices.Clone(all), func(p outcome.Problem) bool { return p.Severity == outcome.Error })
}
