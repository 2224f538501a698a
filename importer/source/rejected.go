package source

import (
	"slices"

	"attio-import/importer/outcome"
)

// Notes are the columns that the rejects of a run have behind the source's own:
// what was wrong with each row. Rejects that were corrected are a source again.
func Notes() []string { return []string{"_row", "_code", "_column", "_message", "_hint"} }

// Decision is the column that follows the notes where nobody can tell what
// became of the rows: there a person says it.
const Decision = "_decision"

// OwnColumns is a header without the notes at its end, nor a Decision behind them.
func OwnColumns(header []string) []string {
	noted := header
	if n := len(header); n > 0 && header[n-1] == Decision {
		noted = header[:n-1]
	}
	own := len(noted) - len(Notes())
	if own < 0 || !slices.Equal(noted[own:], Notes()) {
		return header
	}
	return header[:own]
}

// mended reports whether the code of a row of rejects lets it pass: a row that could not
// be divided into cells stands there as one cell, or with cells added, and may look
// right. Only a person can tell, by emptying its _code.
func mended(code string) bool {
	switch outcome.Code(code) {
	case outcome.RaggedRow, outcome.BrokenQuote, outcome.RowTooLong:
		return false
	}
	return true
}

// unmended is the problem of a row of rejects that nobody has put right; nil for
// any other row.
func (f *File) unmended(cells []string) *outcome.Problem {
	own := len(OwnColumns(f.Header))
	if own == len(f.Header) {
		return nil
	}
	code := cells[own+slices.Index(Notes(), "_code")]
	if mended(code) {
		return nil
	}
	return &outcome.Problem{
		Code:    outcome.Code(code),
		Column:  "_code",
		Value:   code,
		Message: "the row is still marked as one that could not be divided into cells",
		Hint:    "put its cells right, then empty its _code cell",
	}
}
