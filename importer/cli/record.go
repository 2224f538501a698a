package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"attio-import/importer"
	"attio-import/importer/journal"
	"attio-import/importer/outcome"
	"attio-import/importer/report"
	"attio-import/importer/write"
)

var (
	_ importer.Journal = (*record)(nil)
	_ write.Journal    = (*record)(nil)
)

// record is the journal of a run while this process writes it. It says of an
// error what a person can do about it.
type record struct{ *journal.Journal }

func (r *record) Intend(ctx context.Context, intents ...outcome.Intent) error {
	return unwritten(r.Journal.Intend(ctx, intents...))
}

func (r *record) Put(o *outcome.Outcome, cells []string, raw string) error {
	return unwritten(r.Journal.Put(o, cells, raw))
}

func (r *record) Withdraw(rows ...int) error { return unwritten(r.Journal.Withdraw(rows...)) }

func (r *record) Made(reference, recordID string) error {
	return unwritten(r.Journal.Made(reference, recordID))
}

func (r *record) Actor(id string) error { return unwritten(r.Journal.Actor(id)) }

// leave puts on record how this process leaves the run. complete says that
// every row has its outcome.
func (r *record) leave(e report.End, complete bool) error {
	return unwritten(errors.Join(r.End(journal.End{
		ExitCode: e.ExitCode, Reason: e.Reason, Elapsed: e.Elapsed.Milliseconds(),
		Read: e.Requests.Read, Write: e.Requests.Write, Limited: e.Requests.Limited,
		At: time.Now(), Complete: complete,
	}), r.Close()))
}

// unwritten is the error of a journal that could not be written: nothing more
// may leave, as nobody would know of it.
func unwritten(err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return failing(exitUnexpected, fmt.Errorf("the journal cannot be written, so nothing more is sent: %w", err),
		"make room on the disk, then go on with attio-import resume: what was sent until here is on record")
}
