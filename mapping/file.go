package mapping

import (
	"slices"

	"attio-import/mapping/schema"
)

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

// Objects lists the objects whose attributes Bind needs, by slug or id as the
// mapping names them: its own and those that it refers to. Where an attribute
// of a standard object has no `reference`, the object that it stands for is
// among them. [schema.WorkspaceMembers] is listed if members are looked up.
func (f *File) Objects() []string {
	var out []string
	f.walk(f.Object, f.values, func(object, _ string) {
		if object != "" && !slices.Contains(out, object) {
			out = append(out, object)
		}
	})
	return out
}

// Attributes lists the attributes of an object that the mapping uses, by slug
// or id as the mapping names them: those whose options Bind needs to know.
func (f *File) Attributes(object string) []string {
	var out []string
	f.walk(f.Object, f.values, func(o, attribute string) {
		if o == object && attribute != "" && !slices.Contains(out, attribute) {
			out = append(out, attribute)
		}
	})
	return out
}

// walk visits each object with each of its attributes that values use.
func (f *File) walk(object string, values []valueSpec, visit func(object, attribute string)) {
	visit(object, "")
	for i := range values {
		v := &values[i]
		visit(object, v.key.text)
		explicit := false
		for j := range v.sources {
			if r := v.sources[j].reference; r != nil {
				f.walkReference(r, object, v.key.text, visit)
				explicit = true
			}
		}
		if !explicit {
			target := standardTarget(object, v.key.text)
			if target != "" {
				visit(target, naturalKey(target))
			}
		}
	}
}

func (f *File) walkReference(r *referenceSpec, object, attribute string, visit func(object, attribute string)) {
	target := standardTarget(object, attribute)
	if r.object != nil {
		target = r.object.text
	}
	by := naturalKey(target)
	if r.by != nil {
		by = r.by.text
	}
	visit(target, by)
	if len(r.create) > 0 {
		f.walk(target, r.create, visit)
	}
}

// standardTarget is what an attribute of a standard object refers to, so far
// as that is the same in every workspace; else "".
func standardTarget(object, attribute string) string {
	o := standardObject(object)
	if o == nil {
		return ""
	}
	a := o.Attribute(attribute)
	switch {
	case a == nil:
		return ""
	case a.Type == schema.ActorReference:
		return schema.WorkspaceMembers
	case a.Type == schema.RecordReference && len(a.Targets) == 1:
		return a.Targets[0]
	}
	return ""
}
