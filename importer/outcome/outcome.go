package outcome

import (
	"slices"
	"time"
)

// Action is what was done with a row, in the words of report.csv.
type Action string

// The actions. A run ends each row in one of the first seven; a plan says
// WouldCreate and WouldUpdate instead of Created and Updated; a validation
// says Valid for a row without problems.
const (
	Created   Action = "created"
	Updated   Action = "updated"
	Unchanged Action = "unchanged" // the record already says all that the row says: no write was spent
	Skipped   Action = "skipped"   // on purpose: a blank row, a superseded duplicate
	Invalid   Action = "invalid"   // refused by our own check, before any write
	Rejected  Action = "rejected"  // refused by the API or by a look-up
	Unknown   Action = "unknown"   // the call left, no answer came, and nothing can tell

	WouldCreate Action = "would_create"
	WouldUpdate Action = "would_update"
	Valid       Action = "valid"
)

// Actions lists every action in the order in which a person reads a summary.
func Actions() []Action {
	return []Action{Created, Updated, WouldCreate, WouldUpdate, Valid, Unchanged, Skipped, Invalid, Rejected, Unknown}
}

// Failed reports whether the row did not make it: it belongs in the rejects or
// among the unknown.
func (a Action) Failed() bool { return a == Invalid || a == Rejected || a == Unknown }

// Stage is where a row's fate was decided.
type Stage string

// The stages, in the order in which a row passes them.
const (
	Parse   Stage = "parse"
	Map     Stage = "map"
	Resolve Stage = "resolve"
	Write   Stage = "write"
)

// Outcome is what became of one row.
type Outcome struct {
	Row  int // 1 is the first row under the header
	Line int // first physical line of the row, from 1

	// Key is the row's match key as a person would write it; empty where the
	// mapping has no key or the row left it blank.
	Key    string
	Action Action
	Stage  Stage

	RecordID string // the record created, updated or found; empty if none
	WebURL   string // that record in Attio's app

	// Problems are all that was found in the row, in the order found. A row
	// may be created with warnings among them.
	Problems []Problem

	// Changes are those that were made, or kept from being made, in the record;
	// of a plan, those that would be. A row that was rejected has none, and one
	// that is unknown neither: nobody can tell.
	Changes []Change

	Attempts   int           // calls sent for the row's write, repeats included
	HTTPStatus int           // status of the last answer; 0 where none came
	Duration   time.Duration // from the first call of the write to its last answer
}

// FirstError returns the first problem that is not a warning, or nil. It is
// the one that report.csv shows; problems.csv has them all.
func (o *Outcome) FirstError() *Problem {
	for i := range o.Problems {
		if o.Problems[i].Severity == Error {
			return &o.Problems[i]
		}
	}
	return nil
}

// NeedsAttention reports whether the row calls for a person: it failed, or it
// was skipped because somebody had changed its record meanwhile.
func (o *Outcome) NeedsAttention() bool {
	return o.Action.Failed() || o.Action == Skipped && slices.ContainsFunc(o.Problems, func(p Problem) bool { return p.Code == ChangedSince })
}

// Decision is what was done with one attribute of a record.
type Decision string

// The decisions, in the words of changes.csv.
const (
	Set     Decision = "set"
	Added   Decision = "added"
	Removed Decision = "removed"
	Cleared Decision = "cleared"
	Kept    Decision = "kept"
)

// Change is one attribute of a record that was changed, or kept against what
// the row says. Old and New are as a person would write them.
type Change struct {
	Attribute string
	Old, New  string
	Decision  Decision
}
