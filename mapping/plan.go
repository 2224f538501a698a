package mapping

import (
	"slices"

	"attio-import/mapping/schema"
	"attio-import/mapping/value"
)

// Plan is a mapping bound to a header and a schema: what to do with each cell,
// with nothing left to look up by name. It does not change, and is safe for
// concurrent use.
type Plan struct {
	object         *schema.Object
	mode           Mode
	match          []*schema.Attribute
	duplicates     Duplicates
	refuseBlankKey bool
	marker         *schema.Attribute // nil: none
	run            string            // whose marks new records get; empty: none

	fields     []field
	references int     // fields that refer to records
	nulls      nullSet // of the file, for rows that say nothing
	columns    []int   // those that the mapping reads
	unmapped   []string
	unchecked  []string
}

// field is a bound entry of `values`.
type field struct {
	attr     *schema.Attribute
	sources  []source
	parts    []part
	partsOf  schema.Type // the type that the parts are put together to
	column   string      // the first column, for messages
	key      bool        // identifies the record
	keyOnly  bool        // identifies it, and cannot be written
	required bool        // a row without a value is refused
	clear    bool        // of a value with parts: blank means clear
}

// source is a bound source.
type source struct {
	column   column
	trim     bool
	nulls    nullSet
	split    string
	mapped   *valueMap
	country  country
	skip     bool // invalid: skip
	clear    bool // blank: clear
	convert  value.Converter
	constant *item
	fallback *item
	rule     *ReferenceRule // of a reference; convert makes its keys
	create   []field        // of a rule that creates: what the record gets besides the key
}

// part is a bound part of a value. Its source has no converter.
type part struct {
	name     string
	set      value.PartSet // of this part alone
	source   source
	constant string
	fallback string
}

// item is a value that was converted when the mapping was bound. For a
// reference it is the key.
type item struct {
	value value.Value
	text  string
}

// country says where the country of a phone number comes from.
type country struct {
	column  column
	literal string // also the default where the cell is blank
}

// Object is the object whose records the rows become.
func (p *Plan) Object() *schema.Object { return p.object }

// Mode says what rows may do.
func (p *Plan) Mode() Mode { return p.mode }

// Match lists the attributes that identify a record: those of `match` or,
// where the mapping has none, the mapped attributes that are unique.
func (p *Plan) Match() []*schema.Attribute { return slices.Clone(p.match) }

// Duplicates says what to do with rows that have the same key.
func (p *Plan) Duplicates() Duplicates { return p.duplicates }

// Unmapped lists the columns that nothing reads, in the order of the header.
func (p *Plan) Unmapped() []string { return slices.Clone(p.unmapped) }

// Unchecked lists the attributes that could not be checked, or not wholly,
// because the schema is the built-in one: "plan: ...why".
func (p *Plan) Unchecked() []string { return slices.Clone(p.unchecked) }
