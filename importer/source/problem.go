package source

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"attio-import/importer/outcome"
)

// raggedProblem is told of a row that has another number of cells than the
// header. In a row over several lines the likely reason is a quote.
func raggedProblem(cells, header, first, last int, delimiter rune) *outcome.Problem {
	p := &outcome.Problem{
		Code:    outcome.RaggedRow,
		Message: fmt.Sprintf("the row has %s, the header has %d", count(cells, "cell"), header),
		Hint:    fmt.Sprintf("add the missing cells, empty ones too: %s between any two", delimiterName(delimiter)),
	}
	if cells > header {
		p.Hint = fmt.Sprintf("put a cell that contains %s in quotes, or delete the surplus cells", delimiterName(delimiter))
	}
	if first < last {
		p.Hint = fmt.Sprintf("the row runs over lines %d to %d: look there for a quote that does not belong", first, last)
	}
	return p
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func delimiterName(r rune) string {
	switch r {
	case ',':
		return "a comma"
	case ';':
		return "a semicolon"
	case '\t':
		return "a tab"
	case '|':
		return "a pipe (|)"
	}
	return fmt.Sprintf("the delimiter (%c)", r)
}

// encodingProblem is located at the first cell that is not UTF-8. The report is
// UTF-8, so the value has U+FFFD for what cannot be shown; the cell itself
// keeps its bytes.
func encodingProblem(header, cells []string) *outcome.Problem {
	i := firstNotUTF8(cells)
	return &outcome.Problem{
		Column:  header[i],
		Value:   strings.ToValidUTF8(cells[i], "\ufffd"),
		Code:    outcome.InvalidEncoding,
		Message: "the cell is not UTF-8: " + notUTF8(cells[i]),
		Hint:    hintUTF8,
	}
}

func firstNotUTF8(cells []string) int {
	return slices.IndexFunc(cells, func(c string) bool { return !utf8.ValidString(c) })
}

// notUTF8 names the first byte that does not fit.
func notUTF8(cell string) string {
	for i, r := range cell {
		if r == utf8.RuneError && !strings.HasPrefix(cell[i:], "\ufffd") {
			return fmt.Sprintf("byte 0x%02X, at character %d", cell[i], utf8.RuneCountInString(cell[:i])+1)
		}
	}
	return ""
}
