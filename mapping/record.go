package mapping

import (
	"time"

	"attio-import/importer/outcome"
	"attio-import/mapping/schema"
	"attio-import/mapping/value"
)

// Record is a row on its way into Attio. Plan.Row fills Fields, Keys and
// Problems; the look-up adds Values for References, Existing, and its own Problems.
type Record struct {
	Row, Line int
	Fields    []Field
	Keys      []Key
	Existing  *Existing         // the record that the keys found; nil: none
	Problems  []outcome.Problem // warnings among them

	// NewProblems count only if the row would be a new record: in an upsert, a
	// required cell that is blank is no fault of a row whose record exists.
	NewProblems []outcome.Problem

	Blank bool // no cell that the mapping uses is filled: there is nothing to write

	// Marker is what the record gets written into it if it is created, so that it can
	// be found again; nil where the mapping names no marker. It is no key: it is
	// looked for only where the row may have been written before.
	Marker *Key

	// Sent says that the row may have been written already, by this process or
	// an earlier one; nil for nearly every row. The look-up then fills Found and
	// refuses nothing: what was found may be the row's own record. Doubt says that a
	// key or the marker could not be looked up, or a record not be read: then a Found without
	// the row's record does not mean that there is none. Why is among the Problems.
	Sent  *outcome.Sent
	Found []*Existing // those that have one of the keys, the unique values or the marker
	Doubt bool

	// At is the server's time of the look-up that filled Existing or Found; zero
	// where nothing was asked. LookedUp is this machine's time when that look-up
	// began. Recorded says that the write which the record needs is on record as an intent.
	At, LookedUp time.Time
	Recorded     bool

	// values and references back the slices of Fields, so that a row costs few
	// allocations and RowInto can use them again.
	values     []value.Value
	references []Reference
}

// Failed reports whether one of the row's problems is an error, so that the
// row must not be written.
func (r *Record) Failed() bool {
	for i := range r.Problems {
		if r.Problems[i].Severity == outcome.Error {
			return true
		}
	}
	return false
}

// Unique lists the record's values that Attio allows on one record only, apart
// from its Keys: they identify nothing for this mapping, but a record that has one of them
// stands in the way.
func (r *Record) Unique() []Key {
	var unique []Key
	for i := range r.Fields {
		f := &r.Fields[i]
		if !f.Attribute.Unique || !f.Attribute.Filterable() || r.hasKey(f.Attribute) {
			continue
		}
		unique = f.appendKeys(unique)
	}
	return unique
}

func (r *Record) hasKey(attr *schema.Attribute) bool {
	for i := range r.Keys {
		if r.Keys[i].Attribute == attr {
			return true
		}
	}
	return false
}

// Field is what a row says about one attribute.
type Field struct {
	Attribute  *schema.Attribute
	Values     []value.Value
	References []Reference // still to be looked up; in a resolved record empty
	Column     string      // for messages: the first column that the values come from
	Default    bool        // the mapping's default stands in for a blank cell: never overwrites what a record has
	Clear      bool        // a blank cell, and the mapping says blank: clear

	columns []string   // of Values, where they come from several; else nil
	said    value.Said // of a value that was put together: where its parts come from
}

// appendKeys makes keys of the field's values, each with its own column.
func (f *Field) appendKeys(to []Key) []Key {
	for i, v := range f.Values {
		column := f.Column
		if i < len(f.columns) {
			column = f.columns[i]
		}
		to = append(to, Key{f.Attribute, v, column})
	}
	return to
}

// Key is one value of an attribute that identifies the row's record.
type Key struct {
	Attribute *schema.Attribute
	Value     value.Value
	Column    string
}

// Existing is a record as it stands in the workspace.
type Existing struct {
	ID, WebURL string
	CreatedAt  string                   // RFC 3339, as the API gives it
	CreatedBy  Actor                    // known only of records that were looked for as a row's own
	Values     map[string][]value.Value // by attribute slug, the mapped attributes at least
}

// Actor is who made a record: Type "api-token", "workspace-member", "system" or
// "app" (seen in recordings), and the id, which the system has not.
type Actor struct{ Type, ID string }
