package importer

import (
	"attio-import/importer/outcome"
	"attio-import/importer/source"
	"attio-import/mapping"
)

// item is a row on its way through the stages. A stage that decides its
// fate sets decided; later stages let it pass.
type item struct {
	row     source.Row
	rec     *mapping.Record
	out     outcome.Outcome
	decided bool
	last    bool // of its window
}

func (it *item) decide(action outcome.Action, stage outcome.Stage, problems ...outcome.Problem) {
	it.decided = true
	it.out = outcome.Outcome{
		Row: it.row.Number, Line: it.row.Line, Action: action, Stage: stage, Problems: problems,
	}
	if it.rec != nil && len(it.rec.Keys) > 0 {
		it.out.Key = it.rec.Keys[0].Value.Canonical()
	}
}

// asNew lets the problems count that only a new record has, and reports
// whether there are any.
func (it *item) asNew() bool {
	it.rec.Problems = append(it.rec.Problems, it.rec.NewProblems...)
	return len(it.rec.NewProblems) > 0
}
