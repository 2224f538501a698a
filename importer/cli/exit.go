package cli

import (
	"context"
	"errors"

	"attio-import/importer"
	"attio-import/importer/attio"
	"attio-import/importer/report"
	"attio-import/importer/source"
	"attio-import/mapping"
)

// The exit codes. They are part of the contract with scripts.
const (
	exitOK          = 0 // all rows fine
	exitUnexpected  = 1 // a full disk, a bug, answers that belong to another record
	exitUsage       = 2 // usage, mapping, a file that is missing or empty, a run that cannot be gone on with so
	exitRowsFailed  = 3 // finished, but some rows are invalid, rejected, unknown, or skipped because their record had changed
	exitAuth        = 4 // authentication, permission, wrong workspace, billing
	exitLimit       = 5 // stopped by a limit that the user set
	exitInterrupted = 6 // interrupted
	exitLocked      = 7 // another run holds the lock
)

// exitCode maps what a command returned to an exit code; the one place where
// that is decided.
func exitCode(err error) int {
	var (
		f       *fault
		rows    *rowsFailed
		tooMany *importer.TooManyErrors
		refused *attio.Error
		wrong   mapping.Mistakes
		sheet   *source.Error
		files   *report.WriteError
		outage  *attio.OutageError
	)
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &files):
		return exitUnexpected
	case errors.As(err, &f):
		return f.code
	case errors.Is(err, importer.ErrInterrupted):
		return exitInterrupted
	case errors.As(err, &tooMany), errors.As(err, &outage):
		return exitLimit
	case errors.As(err, &wrong):
		return exitUsage
	case errors.As(err, &sheet):
		return sheetCode(sheet)
	case errors.Is(err, attio.ErrInactiveToken):
		return exitAuth
	case errors.As(err, &refused) && refused.EndsRun():
		return exitAuth
	case errors.As(err, &rows):
		return exitRowsFailed
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	}
	return exitUnexpected
}

// sheetCode tells a file that cannot be imported from one that was pulled
// away while it was read.
func sheetCode(err *source.Error) int {
	if err.Code == source.CodeSourceChanged {
		return exitUnexpected
	}
	return exitUsage
}

const exitHelp = `Exit codes:
  0  all rows fine (created, updated, unchanged, or skipped on purpose)
  1  unexpected: a full disk, the network away, a bug
  2  usage, mapping, a file that is missing or empty, a run that cannot be resumed so
  3  finished, but some rows are invalid, rejected, unknown, or left alone because
     their record had changed
  4  authentication, permission, wrong workspace, or the plan's record limit
  5  stopped by a limit that you set (--max-errors, --max-outage)
  6  interrupted
  7  another run holds the lock
After 5, and after 1, 4 and 6 of an import that had begun, resume goes on with it.`
