package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
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
type record struct {
	*journal.Journal
	corrected *past // set while the rows of a retry are written: they are told as rows of the run's own sheet
}

func (r *record) Intend(ctx context.Context, intents ...outcome.Intent) error {
	return unwritten(r.Journal.Intend(ctx, intents...))
}

func (r *record) Put(o *outcome.Outcome, cells []string, raw string) error {
	if r.corrected == nil {
		return unwritten(r.Journal.Put(o, cells, raw))
	}
	own, err := r.corrected.asOwn(o)
	if err != nil {
		return err
	}
	width := len(r.corrected.rejectsOptions().Columns) // columns that somebody has added have no place in the next rejects
	return unwritten(r.Journal.Put(own, cells[:min(len(cells), width)], raw))
}

// asOwn tells the outcome of a corrected row by the line on which the row stands
// in the run's own sheet.
func (p *past) asOwn(o *outcome.Outcome) (*outcome.Outcome, error) {
	before, there, err := p.log.Entry(o.Row)
	if err != nil {
		return nil, p.damaged(err)
	}
	if !there {
		return o, nil
	}
	own := *o
	own.Line, own.Problems = before.Outcome.Line, slices.Clone(o.Problems)
	for i := range own.Problems {
		own.Problems[i].Line = own.Line
	}
	return &own, nil
}

func (r *record) Withdraw(rows ...int) error { return unwritten(r.Journal.Withdraw(rows...)) }

func (r *record) Made(reference, recordID string) error {
	return unwritten(r.Journal.Made(reference, recordID))
}

func (r *record) Actor(id string) error { return unwritten(r.Journal.Actor(id)) }

func (r *record) Begin(ctx context.Context, g journal.Generation) error {
	return unwritten(r.Journal.Begin(ctx, g))
}

// leave puts on record how this process leaves the run. complete says that
// every row has its outcome.
func (r *record) leave(e report.End, complete bool) error {
	return unwritten(errors.Join(r.End(journal.End{
		ExitCode: e.ExitCode, Reason: e.Reason, Elapsed: e.Elapsed.Milliseconds(),
		Read: e.Requests.Read, Write: e.Requests.Write, Limited: e.Requests.Limited,
		At: time.Now(), Complete: complete,
	}), r.Close()))
}

// unbegun is the error of a journal that could not be made: the run has not begun.
func unbegun(err error) error {
	return failing(exitUnexpected, fmt.Errorf("the journal cannot be written, so nothing is sent: %w", err),
		"make room on the disk, or name another place with --runs-dir, and import the sheet again: nothing was sent")
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
