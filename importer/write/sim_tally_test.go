package write_test

import (
	"fmt"
	"slices"
	"strings"

	"attio-import/importer/outcome"
)

// tally is what happened in trials, to show that something did.
type tally struct {
	trials, rows, processes, killed, failed, stopped int
	requests, lost, again, late, refused             int
	deeds, changed, unknown, rejected                int
	doubled, listed                                  int // rows with two records, which only a request that came too late can do
}

func (s *tally) fields() []*int {
	return []*int{
		&s.trials, &s.rows, &s.processes, &s.killed, &s.failed, &s.stopped,
		&s.requests, &s.lost, &s.again, &s.late, &s.refused, &s.deeds, &s.changed, &s.unknown, &s.rejected,
		&s.doubled, &s.listed,
	}
}

func (s *tally) join(other *tally) {
	from := other.fields()
	for i, n := range s.fields() {
		*n += *from[i]
	}
}

// add counts what happened in a trial.
func (s *tally) add(t *trial) {
	count := func(n *int, is bool) {
		if is {
			*n++
		}
	}
	s.trials++
	s.rows += len(t.rows)
	s.deeds += t.deeds
	for _, p := range t.processes {
		s.processes++
		count(&s.killed, p.isDead())
		count(&s.failed, p.failed.Load() != nil)
		count(&s.stopped, !p.isDead() && !p.all)
	}
	for i, q := range t.requests {
		s.requests++
		count(&s.lost, q.lost())
		count(&s.refused, q.refused != nil)
		count(&s.late, !q.due.IsZero())
		count(&s.again, slices.ContainsFunc(t.requests[:i], func(r *request) bool { return r.row == q.row && r.object == q.object && r.lost() }))
	}
	for row, n := range t.doubles() {
		o := t.said[row]
		count(&s.doubled, n > 1)
		count(&s.listed, n > 1 && strings.Contains(codesOf(&o), string(outcome.MarkerTwice)))
	}
	for _, o := range t.said {
		count(&s.unknown, o.Action == outcome.Unknown)
		count(&s.rejected, o.Action == outcome.Rejected)
		count(&s.changed, strings.Contains(codesOf(&o), string(outcome.ChangedSince)))
	}
}

// doubles counts the living records that each row made.
func (t *trial) doubles() map[int]int {
	of := map[int]int{}
	for _, h := range t.server.records {
		if h.made != nil && h.object == "accounts" && h.gone.IsZero() {
			of[h.made.row]++
		}
	}
	return of
}

func (s *tally) String() string {
	return fmt.Sprintf("%d trials, %d rows, %d processes (%d killed, %d with a full disk, %d stopped), "+
		"%d requests (%d lost, %d late, %d after a lost one, %d refused), %d deeds of people; %d rows rejected, %d changed since, %d unknown, "+
		"%d doubled by what came too late (%d listed)",
		s.trials, s.rows, s.processes, s.killed, s.failed, s.stopped,
		s.requests, s.lost, s.late, s.again, s.refused, s.deeds, s.rejected, s.changed, s.unknown, s.doubled, s.listed)
}
