package cli

import (
	"context"
	"time"

	"attio-import/importer"
	"attio-import/importer/write"
	"attio-import/mapping"
)

// tail is how long after its last sign a process may have sent something: see
// journal.Log.Newest.
const tail = time.Second

// quiet waits until requests of a dead process have had the time to arrive: what
// is looked up before is not there yet, and would be sent again.
func (s *session) quiet(ctx context.Context, sheets []*sheet) error {
	open := len(s.past.log.OpenRows())
	references, err := s.past.log.OpenReferences()
	if err != nil {
		return s.past.damaged(err)
	}
	if open+len(references) == 0 {
		return nil
	}
	var quiet time.Duration
	for _, sh := range sheets {
		quiet = max(quiet, tail+s.quietTime(sh.plan, len(references) > 0))
	}
	// A clock that was set back must not make the wait longer than it is meant to be.
	wait := min(time.Until(s.past.log.Newest().Add(quiet)), quiet)
	if wait <= 0 {
		return nil
	}
	s.note("waiting %s before looking up %s that may have been sent when the run was cut off",
		wait.Round(100*time.Millisecond), counted(open+len(references), "write"))
	select {
	case <-ctx.Done():
		return importer.ErrInterrupted
	case <-time.After(wait):
		return nil
	}
}

// quietTime is how long the rows of a mapping are left alone. Where nothing can be
// looked up there is nothing to wait for.
func (s *session) quietTime(plan *mapping.Plan, references bool) time.Duration {
	if len(plan.Match()) == 0 && plan.Marker() == nil && !plan.Unique() && !references {
		return -tail
	}
	return write.Quiet(plan, s.writing())
}
