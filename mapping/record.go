package mapping

import (
	"attio-import/importer/outcome"
	"attio-import/mapping/schema"
	"attio-import/mapping/value"
)

// Mode says what a run may do with records.
type Mode string

// The modes of a mapping.
const (
	Create Mode = "create"
	Update Mode = "update"
	Upsert Mode = "upsert"
)

// Record is a row on its way into Attio. Plan.Row fills Fields, Keys and
// Problems; the look-up adds Values for References, Existing, and its own Problems.
type Record struct {
	Row, Line int
	Fields    []Field
	Keys      []Key
	Existing  *Existing         // the record that the keys found; nil: none
	Problems  []outcome.Problem // warnings among them
	Blank     bool              // no cell of the row is filled
}

// Field is what a row says about one attribute.
type Field struct {
	Attribute  *schema.Attribute
	Values     []value.Value
	References []Reference // still to be looked up; in a resolved record empty
	Column     string      // for messages: the first column that the values come from
	Default    bool        // the mapping's default stands in for a blank cell: never overwrites what a record has
	Clear      bool        // a blank cell, and the mapping says blank: clear
}

// Key is one value of an attribute that identifies the row's record.
type Key struct {
	Attribute *schema.Attribute
	Value     value.Value
	Column    string
}

// Missing says what to do about a reference that finds no record.
type Missing string

// What a mapping may say under `missing`; UseOther goes with ReferenceRule.Use.
const (
	MissingReject Missing = "reject"
	MissingSkip   Missing = "skip"
	MissingCreate Missing = "create"
	MissingUse    Missing = "use"
)

// Multiple says what to do about a reference that finds several records.
type Multiple string

// What a mapping may say under `multiple`.
const (
	MultipleReject Multiple = "reject"
	MultipleOldest Multiple = "oldest"
	MultipleNewest Multiple = "newest"
)

// ReferenceRule is a mapping's `reference`, bound to the schema.
type ReferenceRule struct {
	Object   *schema.Object    // nil for workspace members
	By       *schema.Attribute // nil for workspace members
	MemberBy string            // of workspace members: "email", "name" or "id"
	Missing  Missing
	Use      value.Value // the key that stands in, with MissingUse
	Multiple Multiple
}

// Reference is a wish of a row: the record that has a key.
type Reference struct {
	Rule   *ReferenceRule
	Key    value.Value // as the attribute By would store it
	Column string
	Text   string  // the cell's part that names it, for messages
	New    []Field // with MissingCreate: what a record made for it gets, the key included
}

// Existing is a record as it stands in the workspace.
type Existing struct {
	ID, WebURL string
	CreatedAt  string                   // RFC 3339, as the API gives it
	Values     map[string][]value.Value // by attribute slug, the mapped attributes at least
}
