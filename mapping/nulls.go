package mapping

import "strings"

// nullSet are the texts that count as blank.
type nullSet struct {
	texts   []string
	lengths uint64 // a bit per length (63: or more), to pass most cells by quickly
}

func newNullSet(nodes []*node) nullSet {
	var s nullSet
	for _, n := range nodes {
		s.texts = append(s.texts, n.text)
		s.lengths |= 1 << min(len(n.text), 63)
	}
	return s
}

func (s *nullSet) has(text string) bool {
	if s.lengths&(1<<min(len(text), 63)) == 0 {
		return false
	}
	for _, t := range s.texts {
		if t == text {
			return true
		}
	}
	return false
}

// trim takes away spaces and the invisible characters that come along when
// cells are copied from web pages: no-break spaces, zero-width spaces, byte order marks.
func trim(text string) string {
	if text == "" || solid(text[0]) && solid(text[len(text)-1]) {
		return text
	}
	for {
		trimmed := strings.Trim(strings.TrimSpace(text), "\u200b\u2060\ufeff")
		if trimmed == text {
			return text
		}
		text = trimmed
	}
}

// solid reports whether a byte is surely no space, nor part of one.
func solid(c byte) bool { return c > ' ' && c < 0x7f }
