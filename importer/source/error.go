package source

import (
	"errors"
	"fmt"
	"io/fs"
)

// The codes of [Error]. Like the codes of rows they are stable.
const (
	CodeMissingFile      = "missing_file"
	CodeDirectory        = "is_directory"
	CodeNotRegular       = "not_a_regular_file" // a pipe, a socket, a device
	CodeUnreadable       = "unreadable"         // permissions, or an I/O error while reading
	CodeEmptyFile        = "empty_file"         // not one line with text
	CodeUTF16            = "utf16"              // UTF-16 or UTF-32
	CodeBinary           = "binary_file"        // a workbook, an archive, anything with NUL bytes
	CodeLineEnds         = "carriage_return_lines"
	CodeInvalidDelimiter = "invalid_delimiter"
	CodeSourceChanged    = "source_changed"

	// Of corrected rejects and of decisions.
	CodeNoRowColumn      = "no_row_column"
	CodeRowNumber        = "invalid_row_number"
	CodeRowTwice         = "row_twice"
	CodeMissingColumn    = "missing_column"
	CodeNoDecisionColumn = "no_decision_column"
	CodeInvalidDecision  = "invalid_decision"

	// Of the header; rows have the same codes in their problems.
	CodeBrokenQuote     = "broken_quote"
	CodeInvalidEncoding = "invalid_encoding"
	CodeRowTooLong      = "row_too_long"
	CodeRaggedRow       = "ragged_row" // of corrected rejects only
)

// Error is a fault of the source as a whole. Every error of [Open], [OpenBytes],
// [OpenRejects], [ReadDecisions] and [File.Rows] is one, or several joined, and every error of [Rows.Next] that is neither io.EOF
// nor the context's.
type Error struct {
	Code    string // one of the Code constants
	Message string // what is wrong, beginning with the source's name
	Hint    string // what to do about it
	Err     error  // the cause, where there is one
}

// Error returns the message; the hint is left to whoever shows it.
func (e *Error) Error() string { return e.Message }

// Unwrap returns the cause, so that errors.Is finds fs.ErrNotExist and the like.
func (e *Error) Unwrap() error { return e.Err }

// openError explains why path could not be opened.
func openError(path string, err error) *Error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &Error{CodeMissingFile, path + ": there is no such file",
			"check the spelling; the path is taken from the current directory", err}
	case errors.Is(err, fs.ErrPermission):
		return &Error{CodeUnreadable, path + ": you may not read this file",
			"check the file's permissions", err}
	}
	return readError(path, err)
}

func readError(name string, err error) *Error {
	return &Error{CodeUnreadable, fmt.Sprintf("%s: the file cannot be read: %v", name, cause(err)),
		"check the disk or the network drive that holds the file, and try again", err}
}

// cause drops the path that fs errors repeat.
func cause(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}

func changedError(name string) *Error {
	return &Error{CodeSourceChanged, name + ": the file has changed while it was being imported",
		"let the export that writes the file finish, or import a copy of it; then start again", nil}
}
