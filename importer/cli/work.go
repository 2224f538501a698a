package cli

import (
	"context"

	"attio-import/importer"
	"attio-import/importer/journal"
	"attio-import/importer/outcome"
	"attio-import/importer/resolve"
	"attio-import/importer/source"
	"attio-import/mapping"
)

// This file goes on with a run: the sheets of its current generation are gone
// through but for the rows that have their outcome, and the reports of the whole
// run are written from the journal.

// work is what a generation is about.
type work struct {
	sheets  []*sheet          // whose first pass is done
	decided []outcome.Outcome // of rows for which nothing is to be sent

	// begin is called once the journal is open. It may begin the generation; it
	// says what is known of the rows then.
	begin func(context.Context, *journal.Log) (importer.Past, error)
}

// goOn does the work.
func (s *session) goOn(ctx context.Context, w work) error {
	rows, err := s.past.ledger()
	if err != nil {
		return err
	}
	log, err := s.takeUp(w.sheets)
	if err != nil {
		return err
	}
	past, err := w.begin(ctx, log)
	if err == nil {
		err = s.put(w.decided, rows)
	}
	if err == nil {
		err = s.goThrough(ctx, w.sheets, past, rows)
	}
	if err == nil && len(rows.missed) > 0 {
		err = &rowsFailed{len(rows.missed)}
	}
	_, err = s.leave(err)
	return err
}

// takeUp begins to write the journal of a run that is there.
func (s *session) takeUp(sheets []*sheet) (*journal.Log, error) {
	plans := make([]*mapping.Plan, len(sheets))
	for i, sh := range sheets {
		plans[i] = sh.plan
	}
	j, log, err := journal.Open(s.dir.root, journalOptions(plans...))
	if err != nil {
		return nil, unwritten(err)
	}
	s.record, s.actor = &record{Journal: j}, log.Actor()
	return log, nil
}

// put puts on record what was decided without sending anything.
func (s *session) put(decided []outcome.Outcome, rows *ledger) error {
	for i := range decided {
		if err := s.record.Put(&decided[i], nil, ""); err != nil {
			return err
		}
		rows.put(&decided[i])
	}
	return nil
}

// goThrough brings the rows of the sheets to their outcome, one sheet after the other.
func (s *session) goThrough(ctx context.Context, sheets []*sheet, past importer.Past, rows *ledger) error {
	var all importer.Tally
	for _, sh := range sheets {
		s.take(sh)
		engine, err := s.again(sh, past, rows)
		if err != nil {
			return err
		}
		left := sh.check.Left(engine.Past)
		s.note("%s to be done of %d", counted(left, "row"), sh.check.Rows)
		err = s.write(ctx, engine, left)
		all.Rows += s.tally.Rows
		all.Earlier += s.tally.Earlier
		all.Decided += s.tally.Decided
		all.Open += s.tally.Open
		s.tally = all
		if err != nil {
			return err
		}
	}
	return nil
}

// again makes an import of a sheet that begins where earlier processes left it.
func (s *session) again(sh *sheet, past importer.Past, rows *ledger) (*importer.Import, error) {
	if s.record.corrected = nil; sh.generation > 0 {
		s.record.corrected = s.past
	}
	engine := s.engine(ledgerSink{rows})
	engine.Others, engine.Past = sh.others, sh.past(past)
	if engine.Past != nil {
		engine.PastFailed = rows.failed(engine.Past.Done)
	}
	return engine, s.past.claim(engine.Resolver.(*resolve.Resolver), past)
}

// firstPass reads the sheets once more from their first row to their last.
func (s *session) firstPass(ctx context.Context, sheets []*sheet) (err error) {
	for _, sh := range sheets {
		s.take(sh)
		engine := s.engine(nil)
		engine.Others = sh.others
		if sh.check, err = engine.Check(ctx, s.watchCheck()); err != nil {
			return interrupted(ctx, err)
		}
	}
	return nil
}

// ledgerSink is the sink of a run whose reports are written at the end.
type ledgerSink struct{ *ledger }

func (l ledgerSink) Put(_ source.Row, o outcome.Outcome) error {
	l.put(&o)
	return nil
}

// past is what is known of the rows of a sheet, where only some of them are to
// be done: the others count as done.
func (sh *sheet) past(of importer.Past) importer.Past {
	if sh.only == nil {
		return of
	}
	return onlyRows{of, sh.only}
}

type onlyRows struct {
	of     importer.Past // nil: nothing is known
	wanted func(row int) bool
}

func (o onlyRows) Done(row int) bool { return !o.wanted(row) || o.of != nil && o.of.Done(row) }

func (o onlyRows) Open(row int) *outcome.Sent {
	if o.of == nil {
		return nil
	}
	return o.of.Open(row)
}
