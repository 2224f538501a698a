package mapping

import (
	"attio-import/importer/outcome"
	"attio-import/mapping/schema"
	"attio-import/mapping/value"
)

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

// ReferenceRule is a mapping's `reference`, bound to the schema. Two
// references follow the same rule exactly if their Rule pointers are equal.
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

	// NewProblems are why a record cannot be made from New (a required
	// attribute whose cell is blank). They count only if no record is found.
	NewProblems []outcome.Problem
}
