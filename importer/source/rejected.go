package source

import (
	"slices"

	"attio-import/importer/outcome"
)

// Notes are the columns that the rejects of a run have behind the source's own:
// what was wrong with each row. Rejects that were corrected are a source again.
func Notes() []string { return []string{rowNote, codeNote, "_column", messageNote, "_hint"} }

const (
	rowNote     = "_row"
	codeNote    = "_code"
	messageNote = "_message"

	// DecisionColumn follows the notes where nobody can tell what became of the
	// rows: there a person says it; see [ReadDecisions].
	DecisionColumn = "_decision"
)

// OwnColumns is a header without the notes at its end, and without the column
// for decisions behind them.
func OwnColumns(header []string) []string {
	noted := header
	if n := len(header); n > 0 && header[n-1] == DecisionColumn {
		noted = header[:n-1]
	}
	own := len(noted) - len(Notes())
	if own < 0 || !slices.Equal(noted[own:], Notes()) {
		return header
	}
	return header[:own]
}

// codeColumn is where rows of rejects have their code; noColumn in any other source.
func (f *File) codeColumn() int {
	if f.corrected != nil {
		return f.corrected.code
	}
	own := len(OwnColumns(f.Header))
	if own == len(f.Header) {
		return noColumn
	}
	return own + slices.Index(Notes(), codeNote)
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

// unmended is the problem of a row of rejects that nobody has put right.
func unmended(code string) *outcome.Problem {
	return &outcome.Problem{
		Code:    outcome.Code(code),
		Column:  codeNote,
		Value:   code,
		Message: "the row is still marked as one that could not be divided into cells",
		Hint:    "put its cells right, then empty its _code cell",
	}
}
