package value

import (
	"strings"
	"unicode"

	"attio-import/mapping/schema"
)

// longestAddress is the size in bytes up to which a text is compared with
// stored parts: no address is longer, and a hostile cell must not cost seconds.
const longestAddress = 4096

// SamePlace reports whether a stored location says what a location in one text
// says, although Attio took the text apart: every stored part (coordinates
// aside) stands in the text, word for word whatever the case, the country by
// its code or its English name, and together they leave no word of the text
// over. What cannot be told so, such as a street that Attio spelt out, is not
// the same.
func SamePlace(text, stored Value) bool {
	if !strings.HasPrefix(text.json, `"`) || !strings.HasPrefix(stored.json, `{"line_1":`) || len(text.json) > longestAddress {
		return false
	}
	parts, ok := readParts(schema.Location, stored)
	if !ok {
		return false
	}
	words := wordsOf(text.canonical)
	for _, name := range placeParts() {
		if parts[name] != "" && !markPart(words, text.canonical, name, parts[name]) {
			return false
		}
	}
	return allMarked(words)
}

// markPart marks the words of a text that say a part.
func markPart(words []placeWord, text, name, part string) (found bool) {
	if name == "country_code" {
		return markCountry(words, text, part)
	}
	return markWords(words, wordsOf(part))
}

// placeWord is a word of an address.
type placeWord struct {
	text       string // in lower case
	start, end int    // in the address, in bytes
	marked     bool   // a stored part says it
}

// wordsOf takes an address apart at everything that is no letter or digit.
func wordsOf(s string) []placeWord {
	var words []placeWord
	start := -1
	for i, r := range s {
		switch inWord := unicode.In(r, unicode.L, unicode.N, unicode.M); {
		case inWord && start < 0:
			start = i
		case !inWord && start >= 0:
			words, start = append(words, newPlaceWord(s, start, i)), -1
		}
	}
	if start >= 0 {
		words = append(words, newPlaceWord(s, start, len(s)))
	}
	return words
}

func newPlaceWord(s string, start, end int) placeWord {
	return placeWord{text: strings.ToLower(s[start:end]), start: start, end: end}
}

// markWords marks each place where the words of a part stand in a row.
func markWords(words, part []placeWord) (found bool) {
	for i := 0; len(part) > 0 && i+len(part) <= len(words); i++ {
		if sameWords(words[i:i+len(part)], part) {
			mark(words[i : i+len(part)])
			found = true
		}
	}
	return found
}

func sameWords(a, b []placeWord) bool {
	for i := range a {
		if a[i].text != b[i].text {
			return false
		}
	}
	return true
}

// longestCountry is how many words the name of a country has at most.
const longestCountry = 9

// markCountry marks each place where the text names the country of a code.
func markCountry(words []placeWord, text, code string) (found bool) {
	for i := range words {
		for end := i + 1; end <= min(i+longestCountry, len(words)); end++ {
			if countries().find(text[words[i].start:words[end-1].end]) == code {
				mark(words[i:end])
				found = true
			}
		}
	}
	return found
}

func mark(words []placeWord) {
	for i := range words {
		words[i].marked = true
	}
}

func allMarked(words []placeWord) bool {
	for i := range words {
		if !words[i].marked {
			return false
		}
	}
	return len(words) > 0
}
