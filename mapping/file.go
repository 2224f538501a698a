package mapping

// File is a mapping file that was read, but not yet bound to a header and a
// schema. Object and Mode may be set by hand before Bind, where a command line
// says them.
type File struct {
	Name string // as Parse was told, for messages
	Text []byte // as it stands in the file

	Workspace string // the slug that the token must belong to; empty: any
	Object    string // slug or id; empty if the file does not say
	Mode      Mode   // as said, or Upsert where match is given; empty if neither

	lines    []string
	mistakes Mistakes // what Parse found
	root     *node

	match      []*node
	marker     *node
	duplicates Duplicates
	blank      blankRule
	blankKey   blankKey
	nulls      []*node
	timezone   string
	values     []valueSpec
	keys       map[string]*node // the top-level keys that the file has
}

// blankRule says what a blank cell means.
type blankRule string

const (
	blankSkip  blankRule = "skip"  // say nothing about the attribute
	blankClear blankRule = "clear" // empty the attribute
)

// blankKey says what a row without a key means; empty: the default, which is
// to refuse it where the mapping names a match.
type blankKey string

const (
	blankKeyReject blankKey = "reject"
	blankKeyCreate blankKey = "create"
)

// valueSpec is an entry of `values`: an attribute and where its values come from.
type valueSpec struct {
	key     *node        // the attribute's name, where it stands
	value   *node        // what stands under it
	sources []sourceSpec // one, or for a multi-valued attribute several
	parts   []partSpec   // instead of sources
	blank   *node        // beside parts
}

// partSpec is a part of a value: first_name, country_code.
type partSpec struct {
	key    *node
	source sourceSpec
}

// sourceSpec is one place that texts come from, and how to read them. Nodes
// that the mapping does not have are nil.
type sourceSpec struct {
	at *node

	columns   []*node // the first one that the header has counts
	constant  *node
	fallback  *node // default
	trim      bool
	nulls     []*node
	hasNulls  bool
	split     *node
	mapped    *mapSpec
	decimal   *node
	currency  *node
	layouts   []*node
	timezone  *node
	country   *countrySpec
	invalid   *node
	blank     *node
	reference *referenceSpec

	said map[string]*node // the keys that the source has, with what stands under them
}

// mapSpec is a `map`: texts and what they stand for.
type mapSpec struct {
	entries []mapEntry
	other   *node // "*"; nil: keep
}

type mapEntry struct {
	from string
	to   *node // null: counts as blank
}

// countrySpec is a `country`: a literal, or a column with a default.
type countrySpec struct {
	literal  *node
	columns  []*node
	fallback *node
}

// referenceSpec is a `reference`.
type referenceSpec struct {
	at         *node
	object, by *node
	missing    Missing
	missingAt  *node
	use        *node
	multiple   Multiple
	create     []valueSpec
	createAt   *node
}
