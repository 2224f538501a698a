package mapping

import (
	"slices"
	"strings"
)

// list writes words for a person: "a, b, c".
func list(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = quote(w)
	}
	return strings.Join(quoted, ", ")
}

// quote puts a name in quotes as far as a message has room for it.
func quote(s string) string {
	runes := []rune(s)
	if len(runes) > 60 {
		return `"` + printable(runes[:60]) + `..."`
	}
	return `"` + printable(runes) + `"`
}

// sortedKeys are the keys of a set of named things, in order.
func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
