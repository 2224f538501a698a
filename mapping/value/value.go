package value

import (
	"fmt"

	"attio-import/mapping/schema"
)

// Value is one value of one attribute: how the API takes it, and how it
// compares. The zero Value is no value. Values are comparable with ==, but two
// spellings of the same thing are only Equal.
type Value struct {
	canonical string // the same for two values that Attio would store alike
	json      string // the element of `values` in a request
}

// Canonical is the form under which values compare and keys are looked up:
// what Attio would store (lower-cased emails, bare domains, four decimals,
// E.164 phones, UTC times). It is also what a person is shown.
func (v Value) Canonical() string { return v.canonical }

// JSON is the value in the write format of the API, one element of the
// attribute's list.
func (v Value) JSON() string { return v.json }

// IsZero reports whether there is no value.
func (v Value) IsZero() bool { return v.json == "" }

// Equal reports whether Attio would store both alike.
func (v Value) Equal(w Value) bool { return v.canonical == w.canonical }

func (v Value) String() string { return v.canonical }

// Error says why a text is no value of an attribute. Its Code is stable.
type Error struct {
	Code    string
	Message string
	Hint    string
}

func (e *Error) Error() string { return fmt.Sprintf("%s (%s)", e.Message, e.Code) }

// Options say how the texts of one attribute are written.
type Options struct {
	// Decimal is the decimal separator of numbers and amounts, '.' or ','; the
	// other one and spaces may group thousands. 0 means '.'.
	Decimal rune
	// Currency is the code of the currency that the amounts are in; it must be
	// the attribute's own, since the API does not let one choose. Empty: the attribute's.
	Currency string
	// Layouts are tried in order on dates and timestamps: "iso", "unix",
	// "unix_ms", or a pattern such as "DD/MM/YYYY" or "YYYY-MM-DD hh:mm".
	// Empty means iso.
	Layouts []string
	// Timezone is the IANA zone of times that name none. Empty: UTC.
	Timezone string
}

// Text is a cell on its way to a value.
type Text struct {
	Text    string
	Country string // ISO 3166 alpha-2 or name, for phone numbers without a + prefix; may be empty
}

// Converter turns texts into values of the attribute that it was made for. It
// is safe for concurrent use. Errors are of type *Error.
type Converter func(Text) (Value, error)

// NewConverter binds a converter to an attribute, checking the options
// (a layout that cannot be read, an unknown zone). Blank text never reaches a converter.
func NewConverter(attr *schema.Attribute, opts Options) (Converter, error) {
	return nil, fmt.Errorf("not built")
}

// Part is one named part of a value that has several (a name, a location).
type Part struct{ Name, Text string }

// PartNames lists the parts that values of a type can be put together from;
// nil for a type that has none.
func PartNames(t schema.Type) []string { return nil }

// Compose puts a value together from its parts; parts not given are left
// empty. Errors are of type *Error, with the name of the part in front of the Message.
func Compose(t schema.Type, parts []Part) (Value, error) { return Value{}, fmt.Errorf("not built") }

// Reference is a reference to a record by its id.
func Reference(object, recordID string) Value { return Value{} }

// Actor is a reference to a workspace member by its id.
func Actor(memberID string) Value { return Value{} }

// Stored reads what the API answered for an attribute: raw is the JSON array
// that stands under the attribute's slug in a record's `values`. The values
// compare with those that NewConverter and Compose make.
func Stored(attr *schema.Attribute, raw []byte) ([]Value, error) { return nil, fmt.Errorf("not built") }

// Filter is the JSON condition that finds the records that have v, as it
// stands under the attribute's slug in a query's filter, such as
// {"email_address":{"$eq":"ann@example.com"}}.
func Filter(attr *schema.Attribute, v Value) string { return "" }

// FilterAny is like Filter for any of several values; only for attributes
// that FiltersByList.
func FilterAny(attr *schema.Attribute, vs []Value) string { return "" }
