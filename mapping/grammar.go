package mapping

import (
	"maps"
	"slices"
	"strings"
)

// fields are the keys that a map of the grammar may have, each with what reads
// the node under it.
type fields map[string]func(*node)

// fields reads a map of the grammar; what names it for messages. It returns
// the keys that stand there and are known.
func (r *reader) fields(n *node, what string, known fields) map[string]*node {
	said := map[string]*node{}
	if !r.is(n, mapping, what) {
		return said
	}
	for _, e := range n.entries {
		read, ok := known[e.key]
		if !ok {
			r.unknownKey(e, what, slices.Sorted(maps.Keys(known)))
			continue
		}
		said[e.key] = e.value
		read(e.value)
	}
	return said
}

func (r *reader) unknownKey(e entry, what string, known []string) {
	r.mistake(&node{at: e.at, path: e.value.path}, codeUnknownKey, didYouMean(e.key, known, "the keys are"),
		"%s has no key %s", what, quote(e.key))
}

// is checks what a node is; nothing at all is told in the same words wherever
// something is meant.
func (r *reader) is(n *node, want kind, what string) bool {
	switch {
	case n.broken:
		return false
	case n.kind == want && !(want == scalar && n.nothing):
		return true
	case n.nothing:
		r.nothing(n)
	default:
		hint := ""
		if want == scalar && n.kind == mapping {
			hint = "put it in quotes, if it is a text: inside brackets YAML takes a colon for a map"
		}
		r.mistake(n, codeWrongKind, hint, "%s is %s here, it must be %s", what, n.kind, want)
	}
	return false
}

// nothing tells that a key has nothing under it. The usual cause is a position
// without quotes, which YAML takes for a comment.
func (r *reader) nothing(n *node) {
	hint := "write something after the colon, or remove the line"
	if line := r.file.lines[n.at.line-1]; strings.Contains(line, " #") {
		hint = `what follows a # is a comment: a column's position needs quotes, "#7"`
	}
	r.mistake(n, codeMissingKey, hint, "%s says nothing", quote(lastKey(n.path)))
}

// text reads a text; nil if the node is none.
func (r *reader) text(n *node) *node {
	if !r.is(n, scalar, quote(lastKey(n.path))) {
		return nil
	}
	if n.text == "" {
		r.mistake(n, codeMissingKey, "write something, or remove the key", "%s is empty", quote(lastKey(n.path)))
		return nil
	}
	return n
}

// texts reads a text or a list of them.
func (r *reader) texts(n *node) []*node {
	if n.kind == mapping {
		r.mistake(n, codeWrongKind, "", "%s is a map here, it must be a text or a list of texts", quote(lastKey(n.path)))
		return nil
	}
	if n.kind == scalar {
		if t := r.text(n); t != nil {
			return []*node{t}
		}
		return nil
	}
	var out []*node
	for _, item := range n.items {
		if t := r.text(item); t != nil {
			out = append(out, t)
		}
	}
	if len(n.items) == 0 {
		r.mistake(n, codeMissingKey, "", "the list %s is empty", quote(lastKey(n.path)))
	}
	return out
}

// textInto reads a text into a variable.
func (r *reader) textInto(to *string) func(*node) {
	return func(n *node) { *to = textOf(r.text(n)) }
}

// nodeInto reads a text into a variable, with its place.
func (r *reader) nodeInto(to **node) func(*node) {
	return func(n *node) { *to = r.text(n) }
}

// textsInto reads a text or a list of them into a variable.
func (r *reader) textsInto(to *[]*node) func(*node) {
	return func(n *node) { *to = r.texts(n) }
}

// choiceInto reads one of a few words into a variable, with its place.
func (r *reader) choiceInto(to **node, choices ...string) func(*node) {
	return func(n *node) {
		var word string
		if wordInto(r, n, &word, choices...) {
			*to = n
		}
	}
}

// wordInto reads one of a few words.
func wordInto[T ~string](r *reader, n *node, to *T, choices ...T) bool {
	t := r.text(n)
	if t == nil {
		return false
	}
	names := make([]string, len(choices))
	for i, c := range choices {
		if names[i] = string(c); t.text == names[i] {
			*to = c
			return true
		}
	}
	r.mistake(n, codeWrongWord, didYouMean(t.text, names, "it may be"), "%s cannot be %s", quote(lastKey(n.path)), quote(t.text))
	return false
}

// boolInto reads true or false. Unlike in older YAML, yes and no are texts.
func (r *reader) boolInto(to *bool) func(*node) {
	return func(n *node) {
		var word string
		if wordInto(r, n, &word, "true", "false") {
			*to = word == "true"
		}
	}
}
