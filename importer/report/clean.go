package report

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Clean returns text that is safe to print on a terminal, whatever stood in a
// cell, a header, a file name or a server's answer: control characters (C0,
// DEL, C1), the characters that turn the direction of writing, line and paragraph separators,
// and bytes that are not UTF-8 are written as escapes such as \x1b or \u202e.
// Tabs and line breaks are among them, so what Clean returns is one line.
//
// It is for reading, not for reading back: a backslash stays as it is.
func Clean(text string) string {
	for i, r := range text {
		if unprintable(r) || (r == utf8.RuneError && invalidAt(text, i)) {
			return clean(text, i)
		}
	}
	return text
}

// clean escapes from the first bad character on.
func clean(text string, from int) string {
	var b strings.Builder
	b.WriteString(text[:from])
	for i, r := range text[from:] {
		switch at := from + i; {
		case r == utf8.RuneError && invalidAt(text, at):
			fmt.Fprintf(&b, `\x%02x`, text[at])
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case unprintable(r) && r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		case unprintable(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// unprintable reports whether a character could steer a terminal, or make
// text look like other text than it is.
func unprintable(r rune) bool {
	switch {
	case r < 0x20, 0x7f <= r && r <= 0x9f:
		return true
	case r == 0x061c, r == 0x200e, r == 0x200f: // marks of direction
		return true
	case 0x2028 <= r && r <= 0x202e, 0x2066 <= r && r <= 0x2069: // separators, embeddings, overrides, isolates
		return true
	}
	return r == 0xfeff
}

// invalidAt tells a byte that is not UTF-8 from a replacement character that
// stands in the text.
func invalidAt(text string, i int) bool {
	_, size := utf8.DecodeRuneInString(text[i:])
	return size == 1
}

// legible replaces the bytes of a cell that are not UTF-8 by escapes (\xfc): one
// such byte would make whole files unreadable for programs that take a CSV
// for UTF-8.
func legible(cell string) string {
	if utf8.ValidString(cell) {
		return cell
	}
	var b strings.Builder
	for i, r := range cell {
		if r == utf8.RuneError && invalidAt(cell, i) {
			fmt.Fprintf(&b, `\x%02x`, cell[i])
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// clip shortens text to a number of characters, the mark of the cut included.
func clip(text string, limit int) string {
	if len(text) <= limit || utf8.RuneCountInString(text) <= limit {
		return text
	}
	n := 0
	for i := range text {
		if n++; n == limit {
			return text[:i] + "…"
		}
	}
	return text
}
