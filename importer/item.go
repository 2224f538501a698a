package importer

import (
	"attio-import/importer/outcome"
	"attio-import/importer/source"
	"attio-import/mapping"
)

// item is a row on its way through the stages. A stage that decides its
// fate sets decided; later stages let it pass.
type item struct {
	seq     int // its place among the rows of this run, from 0: row numbers may have gaps
	row     source.Row
	rec     *mapping.Record
	out     outcome.Outcome
	decided bool
	last    bool // of its window

	intended bool // an intent was handed to the Journal
	taken    bool // a worker has taken it up

	// The collector's own.
	open bool // the row may have been written and has no outcome
	done bool // finished, and not only parked
}

// mayBeWritten reports whether the row may have been written already, so that only
// the Writer can decide it.
func (it *item) mayBeWritten() bool { return it.rec != nil && it.rec.Sent != nil }

func (it *item) decide(action outcome.Action, stage outcome.Stage, problems ...outcome.Problem) {
	it.decided = true
	it.out = outcome.Outcome{
		Row: it.row.Number, Line: it.row.Line, Action: action, Stage: stage, Problems: problems,
	}
	if it.rec != nil && len(it.rec.Keys) > 0 {
		it.out.Key = it.rec.Keys[0].Value.Canonical()
	}
	it.nameRecord()
}

// nameRecord says which record the row was found to be about, also where that came to
// nothing: the row keeps it from the rows below, and from them on resume too.
func (it *item) nameRecord() {
	if it.out.RecordID == "" && it.rec != nil && it.rec.Existing != nil {
		it.out.RecordID, it.out.WebURL = it.rec.Existing.ID, it.rec.Existing.WebURL
	}
}

// asNew lets the problems count that only a new record has, and reports
// whether there are any.
func (it *item) asNew() bool {
	it.rec.Problems = append(it.rec.Problems, it.rec.NewProblems...)
	return len(it.rec.NewProblems) > 0
}
