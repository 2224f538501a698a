package outcome

import (
	"fmt"
	"strings"
)

// Severity tells an error, which costs the row, from a warning, which does not.
type Severity string

// The severities of problems.csv.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Code names a kind of problem. Codes are stable: scripts may branch on them.
// What the API itself refuses keeps the API's own code (uniqueness_conflict,
// value_not_found, ...), which is an open set.
type Code string

// Problem is something wrong with a row, located as closely as it can be.
// Column, Attribute and Value are empty where the problem is the whole row's.
type Problem struct {
	Row       int
	Line      int
	Column    string // the source's header, as it stands there
	Attribute string // the attribute's slug
	Value     string // the cell, untransformed
	Part      string // the text in the cell that is wrong, where it is one among others or was trimmed; may be empty
	Severity  Severity
	Code      Code
	Message   string // what is wrong, in plain words
	Hint      string // what to do about it; may be empty
}

// Error puts the location in front of the message, so that a Problem can
// travel as an error. One that has no row yet is its message alone.
func (p Problem) Error() string {
	if p.Row == 0 {
		return fmt.Sprintf("%s (%s)", p.Message, p.Code)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "row %d, line %d", p.Row, p.Line)
	if p.Column != "" {
		fmt.Fprintf(&b, ", column %q", p.Column)
	}
	fmt.Fprintf(&b, ": %s (%s)", p.Message, p.Code)
	return b.String()
}
