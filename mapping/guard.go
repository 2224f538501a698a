package mapping

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Limits on a mapping file, checked before the parser sees it: real ones are a
// few kilobytes and five levels deep, and a parser should not be the first to
// meet something that was made to hurt it.
const (
	maxFileSize = 256 << 10 // bytes
	maxNesting  = 64        // levels of maps and lists
)

// normalize takes the byte order mark and the line ends of other systems away,
// so that a column counts characters and a line ends in \n.
func normalize(text []byte) string {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	s := strings.ReplaceAll(string(text), "\r\n", "\n")
	return strings.ReplaceAll(s, "\r", "\n")
}

// guard refuses a text that must not reach the parser; nil if it may.
func guard(text string, lines []string) *flaw {
	if len(text) > maxFileSize {
		return &flaw{at: position{1, 1}, code: codeTooLarge,
			message: fmt.Sprintf("the mapping has %d bytes, more than the %d that are read", len(text), maxFileSize),
			hint:    "is this the mapping, or the data? Cells do not belong into it"}
	}
	for i, line := range lines {
		if f := guardLine(line); f != nil {
			f.at.line = i + 1
			return f
		}
	}
	return guardNesting(lines)
}

// guardLine refuses bytes that no mapping needs.
func guardLine(line string) *flaw {
	column := 0
	for i, r := range line {
		column++
		if r == utf8.RuneError && !strings.HasPrefix(line[i:], string(utf8.RuneError)) {
			return &flaw{at: position{0, column}, code: codeSyntax,
				message: "the text is not UTF-8", hint: "save the mapping as UTF-8"}
		}
		if r < ' ' && r != '\t' || r == 0x7f {
			return &flaw{at: position{0, column}, code: codeSyntax,
				message: fmt.Sprintf("there is a control character (U+%04X)", r), hint: "delete it and write the line again"}
		}
	}
	return nil
}

// guardNesting estimates how deep maps and lists nest, without understanding
// quotes: a little too high where texts are full of brackets, never too low.
func guardNesting(lines []string) *flaw {
	var indents []int // of the blocks that are open
	flow := 0         // brackets that are open
	for i, line := range lines {
		bare := strings.TrimLeft(line, " \t")
		if bare == "" || bare[0] == '#' {
			continue
		}
		indents = openBlocks(indents, len(line)-len(bare))
		flow += strings.Count(line, "[") + strings.Count(line, "{")
		if len(indents)+flow+markers(bare) > maxNesting {
			return &flaw{at: position{i + 1, 1}, code: codeTooLarge,
				message: fmt.Sprintf("maps and lists are nested deeper than %d levels", maxNesting),
				hint:    "a mapping needs about five"}
		}
		flow = max(0, flow-strings.Count(line, "]")-strings.Count(line, "}"))
	}
	return nil
}

// openBlocks is the stack of indents after a line that is indented so far.
func openBlocks(indents []int, indent int) []int {
	for len(indents) > 0 && indents[len(indents)-1] > indent {
		indents = indents[:len(indents)-1]
	}
	if len(indents) == 0 || indents[len(indents)-1] < indent {
		indents = append(indents, indent)
	}
	return indents
}

// markers counts the blocks that one line opens by itself: "- - ? x".
func markers(line string) int {
	n := 0
	for {
		rest := strings.TrimLeft(line, " \t")
		if len(rest) < 2 || !strings.ContainsRune("-?:", rune(rest[0])) || rest[1] != ' ' && rest[1] != '\t' {
			return n
		}
		n, line = n+1, rest[1:]
	}
}
