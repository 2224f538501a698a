package mapping

import (
	"unicode"
	"unicode/utf8"
)

// The words that may stand under "*" of a map, instead of a text that stands
// for everything that the map does not name.
const (
	mapKeep   = "keep"
	mapReject = "reject"
	mapSkip   = "skip"
)

func isMapWord(text string) bool {
	return text == mapKeep || text == mapReject || text == mapSkip
}

// mapTarget is what a map makes of a text.
type mapTarget struct {
	text  string
	blank bool // null: counts as blank
}

// valueMap is a bound `map`. A text is looked up as it stands and then without
// regard to case.
type valueMap struct {
	exact  map[string]mapTarget
	folded map[string]mapTarget
	other  string    // mapKeep, mapReject, mapSkip; "" with target
	target mapTarget // of everything else, if other is ""
	names  []string  // for messages
}

func newValueMap(spec *mapSpec) *valueMap {
	m := &valueMap{exact: map[string]mapTarget{}, folded: map[string]mapTarget{}, other: mapKeep}
	for _, e := range spec.entries {
		t := mapTarget{e.to.text, e.to.null}
		m.exact[e.from] = t
		m.names = append(m.names, e.from)
		folded := string(appendFolded(nil, e.from))
		if _, twice := m.folded[folded]; !twice {
			m.folded[folded] = t
		}
	}
	if other := spec.other; other != nil {
		if m.other = ""; isMapWord(other.text) && !other.null {
			m.other = other.text
		}
		m.target = mapTarget{other.text, other.null}
	}
	return m
}

// find gives what the map makes of a text; the word says what to do where it
// does not name it, and is empty where it does.
func (m *valueMap) find(text string) (t mapTarget, word string) {
	if t, ok := m.exact[text]; ok {
		return t, ""
	}
	var buf [64]byte
	if t, ok := m.folded[string(appendFolded(buf[:0], text))]; ok {
		return t, ""
	}
	if m.other != "" {
		return mapTarget{text: text}, m.other
	}
	return m.target, ""
}

// appendFolded appends a text in lower case.
func appendFolded(dst []byte, text string) []byte {
	for _, r := range text {
		dst = utf8.AppendRune(dst, unicode.ToLower(r))
	}
	return dst
}
