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
}

func (s *tally) fields() []*int {
	return []*int{
		&s.trials, &s.rows, &s.processes, &s.killed, &s.failed, &s.stopped,
		&s.requests, &s.lost, &s.again, &s.late, &s.refused, &s.deeds, &s.changed, &s.unknown, &s.rejected,
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
	for _, o := range t.said {
		count(&s.unknown, o.Action == outcome.Unknown)
		count(&s.rejected, o.Action == outcome.Rejected)
		count(&s.changed, strings.Contains(codesOf(&o), string(outcome.ChangedSince)))
	}
}

func (s *tally) String() string {
	return fmt.Sprintf("%d trials, %d rows, %d processes (%d killed, %d with a full disk, %d stopped), "+
		"%d requests (%d lost, %d late, %d after a lost one, %d refused), %d deeds of people; %d rows rejected, %d changed since, %d unknown",
		s.trials, s.rows, s.processes, s.killed, s.failed, s.stopped,
		s.requests, s.lost, s.late, s.again, s.refused, s.deeds, s.rejected, s.changed, s.unknown)
}
