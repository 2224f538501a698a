package mapping

import "strings"

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
