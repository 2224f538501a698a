package mapping

import (
	"slices"

	"attio-import/mapping/schema"
	"attio-import/mapping/value"
)

// values reads `values`, or the `create` of a reference.
func (r *reader) values(n *node) []valueSpec {
	if !r.is(n, mapping, quote(lastKey(n.path))) {
		return nil
	}
	var out []valueSpec
	for _, e := range n.entries {
		v := valueSpec{key: &node{at: e.at, path: e.value.path, text: e.key}, value: e.value}
		r.value(&v, e.value)
		out = append(out, v)
	}
	return out
}

// value reads what stands under an attribute: a source, a list of sources, or
// a map of parts.
func (r *reader) value(v *valueSpec, n *node) {
	switch {
	case n.kind == sequence:
		r.sourceList(v, n)
	case n.kind == mapping && r.isParts(n):
		r.parts(v, n)
	default:
		if s, ok := r.source(n, "a value"); ok {
			v.sources = []sourceSpec{s}
		}
	}
}

func (r *reader) sourceList(v *valueSpec, n *node) {
	for _, item := range n.items {
		if item.kind == mapping && r.isParts(item) {
			r.mistake(item, codeWrongKind, "parts make one value, so they stand directly under the attribute", "a list cannot have parts of a value in it")
			continue
		}
		if s, ok := r.source(item, "a value"); ok {
			v.sources = append(v.sources, s)
		}
	}
	if len(n.items) == 0 {
		r.mistake(n, codeMissingKey, "name a column, or remove the attribute", "%s has an empty list of sources", quote(lastKey(n.path)))
	}
}

// partNames are all parts of all types that have some. None of them is also a
// key of a source, which is how the two kinds of map are told apart.
func partNames() []string {
	return slices.Concat(value.PartNames(schema.PersonalName), value.PartNames(schema.Location))
}

// isParts reports whether a map gives the parts of a value: one of its keys is
// a part, or is what people call one, and nothing says where a single text
// comes from.
func (r *reader) isParts(n *node) bool {
	parts, origin := 0, false
	for _, e := range n.entries {
		if slices.Contains(partNames(), e.key) {
			parts++
		}
		origin = origin || e.key == "column" || e.key == "constant"
	}
	if parts > 0 {
		return !origin || parts > 1
	}
	return !origin && slices.ContainsFunc(n.entries, func(e entry) bool { return partMeant(e.key) != "" })
}

// partMeant is the part that a key which is none probably means.
func partMeant(key string) string {
	switch squash(key) {
	case "first", "given", "givenname", "forename":
		return "first_name"
	case "last", "family", "familyname", "surname":
		return "last_name"
	case "street", "address", "addressline1":
		return "line_1"
	case "city", "town":
		return "locality"
	case "state", "province":
		return "region"
	case "zip", "zipcode", "postalcode":
		return "postcode"
	case "country":
		return "country_code"
	case "lat":
		return "latitude"
	case "lng", "lon", "long":
		return "longitude"
	}
	return nearest(key, partNames())
}

// parts reads a map of parts. Only `blank` may stand beside them, since it is
// about the value as a whole.
func (r *reader) parts(v *valueSpec, n *node) {
	known := fields{"blank": r.choiceInto(&v.blank, string(blankSkip), string(blankClear))}
	for _, name := range partNames() {
		known[name] = func(under *node) {
			if s, ok := r.source(under, "a part"); ok {
				r.refuseInPart(s)
				v.parts = append(v.parts, partSpec{under, s})
			}
		}
	}
	r.fields(n.without(func(e entry) bool {
		_, ok := known[e.key]
		return !ok && r.notAPart(e)
	}), "a value with parts", known)
}

// notAPart tells of keys that are no parts where the reason is known.
func (r *reader) notAPart(e entry) bool {
	switch meant := partMeant(e.key); {
	case meant != "":
		r.mistake(e.value.name(), codeUnknownKey, "did you mean "+quote(meant)+"?", "a value with parts has no key %s", quote(e.key))
	case e.key == "column" || e.key == "constant":
		r.mistake(e.value.name(), codeConflict, "write a source for each part, or one source for the whole",
			"%s cannot stand beside parts of a value", quote(e.key))
	case slices.Contains(sourceKeys(), e.key):
		r.mistake(e.value.name(), codeConflict, "if it is meant for one part, write it there:  PART: {column: COLUMN, "+e.key+": ...}",
			"%s cannot stand beside parts of a value", quote(e.key))
	default:
		return false
	}
	return true
}

// refuseInPart refuses what only a whole value can have.
func (r *reader) refuseInPart(s sourceSpec) {
	for _, key := range []string{"split", "decimal", "currency", "layout", "timezone", "country", "reference", "blank"} {
		if n, ok := s.said[key]; ok {
			r.mistake(n.name(), codeConflict, "remove it", "%s has no meaning in a part of a value", quote(key))
		}
	}
}
