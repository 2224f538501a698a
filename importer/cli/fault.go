package cli

import (
	"errors"
	"fmt"

	"attio-import/importer/source"
)

// fault is an error that knows its exit code and what to do about it.
type fault struct {
	code int
	err  error
	hint string
}

func (f *fault) Error() string { return f.err.Error() }
func (f *fault) Unwrap() error { return f.err }

// usage marks a mistake on the command line; nil stays nil.
func usage(err error, hint string) error { return failing(exitUsage, err, hint) }

func failing(code int, err error, hint string) error {
	if err == nil {
		return nil
	}
	return &fault{code: code, err: err, hint: hint}
}

// hintOf finds what to do about an error: the outermost hint counts.
func hintOf(err error) string {
	var f *fault
	if errors.As(err, &f) && f.hint != "" {
		return f.hint
	}
	var sheet *source.Error
	if errors.As(err, &sheet) {
		return sheet.Hint
	}
	var h interface{ Hint() string }
	if errors.As(err, &h) {
		return h.Hint()
	}
	return ""
}

// rowsFailed says that a run went through but some rows did not make it. The summary
// has told it already, so it is not printed.
type rowsFailed struct{ rows int }

func (e *rowsFailed) Error() string { return fmt.Sprintf("%d rows failed", e.rows) }
