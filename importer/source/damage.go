package source

import (
	"encoding/csv"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"attio-import/importer/outcome"
)

// errNotUTF8 comes with the cells of a record: it is well-formed, but some cell
// is not UTF-8.
var errNotUTF8 = errors.New("not UTF-8")

// damage is a line that cannot be split into cells. It travels as the error of
// a records' Read and becomes a row.
type damage struct {
	line    int
	raw     string // the line without its end
	code    outcome.Code
	message string
	hint    string
}

func (d *damage) Error() string { return fmt.Sprintf("line %d: %s", d.line, d.message) }

// problem is the damage as a row's problem. Its value is the line, shortened:
// the whole of it is in Row.Raw.
func (d *damage) problem() *outcome.Problem {
	return &outcome.Problem{Value: excerpt(d.raw), Code: d.code, Message: d.message, Hint: d.hint}
}

// stretch is a run of lines that encoding/csv took for one record and refused,
// with the place where it did.
type stretch struct {
	first, last int
	at, char    int   // line, and character in it from 1; char 0: the line as a whole
	err         error // csv.ErrBareQuote, csv.ErrQuote, errEndInQuotes or errQuotesTooLong
}

// What is told about quotes: what is wrong, and what to do.
const (
	bareQuote     = "a quote stands in a cell that does not begin with one"
	bareQuoteHint = `put the whole cell in quotes and double the quotes inside it: "5"" pipe"`
	textAfter     = "text follows a closing quote"
	textAfterHint = `double the quotes inside a quoted cell ("the ""best"" one"), or add the closing quote that an earlier cell lacks`
	neverClosed   = "a quote opened here is never closed"
	overLong      = "a quote opened here is not closed within 1,000 lines or 1 MiB"
	openQuoteHint = `close the quote, or double it if it belongs to the text and put the whole cell in quotes: "5"" pipe"`
)

// line makes one line of the stretch a damage of its own.
func (s stretch) line(number int, text []byte) *damage {
	what, hint := s.cause()
	message := what
	if s.char > 0 {
		message = fmt.Sprintf("%s, at character %d", what, s.char)
	}
	if s.first < s.last {
		message = fmt.Sprintf("lines %d to %d cannot be told apart: a cell in quotes runs on from line %d, and on line %d %s",
			s.first, s.last, s.first, s.at, message)
	}
	return &damage{number, string(text), outcome.BrokenQuote, message, hint}
}

func (s stretch) cause() (what, hint string) {
	switch s.err {
	case csv.ErrBareQuote:
		return bareQuote, bareQuoteHint
	case errEndInQuotes:
		return neverClosed, openQuoteHint
	case errQuotesTooLong:
		return overLong, openQuoteHint
	}
	return textAfter, textAfterHint
}

func tooLongDamage(line int, beginning string, length int64) *damage {
	return &damage{line, beginning, outcome.RowTooLong,
		fmt.Sprintf("the line has %d bytes, and no row may have more than 1 MiB; only its beginning is kept", length),
		"check that the file's lines end where its rows do"}
}

// excerptBytes is as much of a line as a problem shows.
const excerptBytes = 200

func excerpt(line string) string {
	line = strings.ToValidUTF8(line, "\ufffd")
	if len(line) <= excerptBytes {
		return line
	}
	cut := excerptBytes
	for !utf8.RuneStart(line[cut]) {
		cut--
	}
	return line[:cut] + "…"
}
