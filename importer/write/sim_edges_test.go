package write_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"attio-import/importer"
	"attio-import/importer/journal"
	"attio-import/importer/outcome"
	"attio-import/importer/source"
	"attio-import/importer/write"
	"attio-import/mapping"
)

// The edges of the engine inside a process, and what they hold it to while it runs.

// marking tells the network for which row the writer calls.
type marking struct {
	*write.Writer
	book *book
}

func (m *marking) Write(ctx context.Context, rec *mapping.Record) (outcome.Outcome, error) {
	defer m.book.tellOfPanic()
	before := rec.Sent
	o, err := m.Writer.Write(writing(ctx, rec.Row), rec)
	if m.book.mutant == limitClears && before != nil && rec.Sent == nil && err != nil {
		// The engine guards against a Writer that forgets. The fault is to show without it.
		return o, errors.Join(err, m.book.Withdraw(rec.Row))
	}
	return o, err
}

// tellOfPanic tells the trial in which the code panics.
func (p *process) tellOfPanic() {
	if r := recover(); r != nil {
		panic(fmt.Sprintf("%v\n%s\n%s", r, debug.Stack(), p.tell()))
	}
}

// simSink holds the engine to the order of the source, and to the journal's outcomes.
type simSink struct {
	p    *process
	last int
	got  map[int]bool
}

func (s *simSink) Put(row source.Row, o outcome.Outcome) error {
	if row.Number != o.Row || row.Number <= s.last {
		s.p.violation("the Sink got row %d with the outcome of row %d after row %d", row.Number, o.Row, s.last)
	}
	s.last, s.got[o.Row] = row.Number, true
	return nil
}

// complete demands that the Sink has got every row that the journal has, and no
// other, and that they were counted.
func (s *simSink) complete(b *book, tally importer.Tally) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.isDead() || b.failed.Load() != nil {
		return
	}
	if !maps.Equal(s.got, b.put) {
		b.broken("the Sink has got the rows %v, the journal %v", s.got, b.put)
	}
	if tally.Rows != len(b.rows) || tally.Decided != len(b.put) || tally.Left() < tally.Open {
		b.broken("%d rows were brought to their outcome, but the tally is %+v", len(b.put), tally)
	}
}

// book is the journal, with an eye on what goes into it.
type book struct {
	*journal.Journal
	*process
}

func (b *book) Intend(ctx context.Context, intents ...outcome.Intent) error {
	b.mu.Lock()
	for _, i := range intents {
		if i.Reference == "" {
			b.intents[i.Row] = i // it may last though nobody lives to hear that
		}
	}
	b.mu.Unlock()
	if err := b.Journal.Intend(ctx, intents...); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, i := range intents {
		if i.Reference != "" {
			b.made[i.Reference] = true
		} else {
			b.recorded[i.Row] = i
		}
		b.note("row %d: on record is %s %s %s", i.Row, i.Verb, i.RecordID, i.Reference)
	}
	return nil
}

func (b *book) Withdraw(rows ...int) error {
	b.note("withdrawn are the intents of the rows %v", rows)
	b.mu.Lock()
	for _, row := range rows {
		delete(b.recorded, row)
	}
	b.mu.Unlock()
	return b.Journal.Withdraw(rows...)
}

func (b *book) Put(o *outcome.Outcome, cells []string, raw string) error {
	b.note("row %d ends: %s %s %s", o.Row, o.Action, o.RecordID, codesOf(o))
	b.mu.Lock()
	if b.put[o.Row] || b.log != nil && b.log.Done(o.Row) {
		b.broken("row %d has got an outcome before", o.Row)
	}
	b.put[o.Row] = true
	b.decided[o.Row] = time.Now()
	b.mu.Unlock()
	if forgets := b.dice.about("forgets").of(o.Row); b.mutant == forgottenResult && forgets.chance(0.05) {
		return nil
	}
	return b.Journal.Put(o, cells, raw)
}

func codesOf(o *outcome.Outcome) string {
	codes := make([]string, len(o.Problems))
	for i, p := range o.Problems {
		codes[i] = string(p.Code)
	}
	return strings.Join(codes, " ")
}

// openForAReason demands that a row is open only if an answer of it was lost, or
// a process had no time to say that nothing was sent.
func (p *process) openForAReason(log *journal.Log) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, before := range p.processes[:p.no-1] {
		if before.isDead() || before.failed.Load() != nil {
			return
		}
	}
	for _, row := range log.OpenRows() {
		if !slices.ContainsFunc(p.requests, func(q *request) bool { return q.row == row && q.lost() }) {
			p.broken("row %d is open, though no answer of it was lost", row)
		}
	}
}

// mayLeave demands of a request that its row has no outcome, that it is on record,
// that no other one is under way for the row or the record, and that the quiet time was
// kept. The trial's mu is held.
func (p *process) mayLeave(q *request) {
	intent, recorded := p.recorded[q.row]
	if q.object != "accounts" {
		recorded = p.made["companies/domains/"+q.values["domains"][0]]
	} else {
		recorded = recorded && (intent.Verb == outcome.Create) == q.isCreate() && intent.RecordID == q.id
	}
	switch {
	case p.put[q.row]:
		p.broken("#%d was sent, but the row has its outcome", q.no)
	case p.log != nil && p.log.Done(q.row):
		p.broken("#%d was sent, but an earlier process has brought the row to its outcome", q.no)
	case !recorded:
		p.broken("#%d was sent, and no intent for it is on record", q.no)
	}
	p.server.mu.Lock()
	renamed := q.id != "" && !p.undisturbed(q.id) // it may have been another row's before
	p.server.mu.Unlock()
	for _, r := range p.requests {
		about := r.row == q.row || r.id != "" && r.id == q.id && !renamed
		switch {
		case r == q || r.object != q.object || !about || !r.told.IsZero():
		case r.process == p.no && r.cut.IsZero():
			p.broken("#%d was sent while #%d is under way", q.no, r.no)
		case p.mutant == "" && r.row == q.row && p.processes[r.process-1].failed.Load() == nil && time.Since(p.since(r)) < p.quietOf(r)-100*time.Millisecond:
			p.broken("#%d was sent %v after #%d got lost", q.no, time.Since(p.since(r)), r.no)
		}
	}
}

// since is when a request that got lost left for good: a live process waits from
// when it saw that, a later one from the last sign of the dead one.
func (p *process) since(q *request) time.Time {
	if q.process == p.no {
		return q.cut
	}
	return q.sent
}
