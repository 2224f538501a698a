package mapping

import (
	"fmt"
	"strings"
	"unicode"
)

// excerptWidth is how many characters of a line an excerpt shows.
const excerptWidth = 100

// excerpt shows a line of a text with a caret under a column, both from 1. A
// line that is too long is cut around the caret. What a terminal would act on
// is replaced, so that a hostile file cannot write to the screen.
func excerpt(lines []string, at position) string {
	if at.line < 1 || at.line > len(lines) {
		return ""
	}
	text := []rune(lines[at.line-1])
	caret := min(max(at.column, 1)-1, len(text))
	prefix, suffix := "", ""
	if start := caret - excerptWidth*2/3; start > 0 && len(text) > excerptWidth {
		text, caret, prefix = text[start:], caret-start, "..."
	}
	if len(text) > excerptWidth {
		text, suffix = text[:excerptWidth], "..."
	}
	gutter := fmt.Sprintf("%5d | ", at.line)
	blank := strings.Repeat(" ", len(gutter)-2) + "| "
	return gutter + prefix + printable(text) + suffix + "\n" +
		blank + strings.Repeat(" ", len(prefix)+caret) + "^"
}

// printable replaces control and other invisible characters, one for one so
// that the caret stays where it belongs.
func printable(text []rune) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case !unicode.IsPrint(r):
			return '?'
		}
		return r
	}, string(text))
}
