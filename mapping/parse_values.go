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
		v.isList = true
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

// isParts reports whether a map gives the parts of a value. Where parts and
// keys of a source are mixed, the majority says what was meant.
func (r *reader) isParts(n *node) bool {
	names := partNames()
	parts, others := 0, 0
	for _, e := range n.entries {
		switch {
		case slices.Contains(names, e.key):
			parts++
		case slices.Contains(sourceKeys(), e.key) && e.key != "blank":
			others++
		case nearest(e.key, sourceKeys()) == "" && nearest(e.key, names) != "":
			parts++ // a slip
		}
	}
	return parts > 0 && parts >= others
}

// parts reads a map of parts. Only `blank` may stand beside them, since it is
// about the value as a whole.
func (r *reader) parts(v *valueSpec, n *node) {
	known := fields{"blank": r.choiceInto(&v.blank, string(blankSkip), string(blankClear))}
	for _, name := range partNames() {
		known[name] = func(under *node) {
			if s, ok := r.source(under, "a part"); ok {
				r.refuseInPart(s)
				v.parts = append(v.parts, partSpec{&node{at: under.at, path: under.path, text: name}, s})
			}
		}
	}
	for _, e := range n.entries {
		if e.key != "blank" && slices.Contains(sourceKeys(), e.key) {
			r.mistake(&node{at: e.at, path: e.value.path}, codeConflict, "put it into a part: {"+e.key+": ...}, beside that part's column",
				"%s belongs to a source and cannot stand beside parts of a value", quote(e.key))
			known[e.key] = func(*node) {}
		}
	}
	r.fields(n, "a value with parts", known)
}

// refuseInPart refuses what only a whole value can have.
func (r *reader) refuseInPart(s sourceSpec) {
	for _, key := range []string{"split", "decimal", "currency", "layout", "timezone", "country", "reference", "blank"} {
		if n, ok := s.said[key]; ok {
			r.mistake(n, codeConflict, "", "%s has no meaning in a part of a value", quote(key))
		}
	}
}
