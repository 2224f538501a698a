package value

// Value is one value of one attribute: how the API takes it, and how it
// compares. The zero Value is no value. Values are comparable with ==, but two
// spellings of the same thing are only Equal.
type Value struct {
	canonical string // the same for two values that Attio would store alike
	json      string // the element of `values` in a request
	note      *Error // what the text said beyond the value; nil mostly
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

// Note tells what the text said and the value does not: decimals that Attio
// cuts, an extension that a phone number cannot hold, a local time that the
// clocks skipped. It is a warning, never a reason to refuse the value; nil
// where nothing was lost.
func (v Value) Note() *Error { return v.note }

func (v Value) String() string { return v.canonical }

// seal makes a value of b, the JSON of a value whose canonical form stands in
// it unescaped, behind prefix bytes and before suffix bytes. One string serves
// as both, so that a conversion costs a single allocation.
func seal(b []byte, prefix, suffix int) Value {
	s := string(b)
	return Value{canonical: s[prefix : len(s)-suffix], json: s}
}
