package cli

import (
	"context"
	"slices"
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
	return s.waitOut(ctx, quiet, "looking up %s that may have been sent when the run was cut off", counted(open+len(references), "write"))
}

// unlooked is how long a row that nothing can look up is left alone before a person's
// word sends it again; as long as where only the look-up keeps a record from being doubled.
const unlooked = 120 * time.Second

// quietToSend waits until the requests of rows that are to be sent again have had the
// time to arrive: whoever has looked for their records right away has not seen what came
// later. Where Attio refuses a second record there is nothing to wait for.
func (s *session) quietToSend(ctx context.Context, sheets []*sheet) error {
	if !slices.ContainsFunc(sheets, func(sh *sheet) bool { return !sh.plan.Unique() }) {
		return nil
	}
	quiet := unlooked
	if _, said := s.opts.said["quiet-time"]; said {
		quiet = s.opts.quietTime
	}
	if !s.past.log.Ended() {
		quiet += tail
	}
	return s.waitOut(ctx, quiet, "sending rows again whose first request may still be on its way")
}

// waitOut waits until the last sign of the processes before this one is so old; what
// says before what.
func (s *session) waitOut(ctx context.Context, quiet time.Duration, what string, args ...any) error {
	// A clock that was set back must not make the wait longer than it is meant to be.
	wait := min(time.Until(s.past.log.Newest().Add(quiet)), quiet)
	if wait <= 0 {
		return nil
	}
	s.note("waiting %s before "+what, append([]any{wait.Round(100 * time.Millisecond)}, args...)...)
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
