package source

import (
	"bytes"
	"unicode/utf8"
)

// Dialect is how a source writes its rows down.
type Dialect struct {
	Delimiter rune // between cells
	BOM       bool // a byte order mark stands in front
	CRLF      bool // lines end in CRLF, going by the header's
}

// validDelimiter has the rule of encoding/csv.
func validDelimiter(r rune) bool {
	return r != 0 && r != '"' && r != '\r' && r != '\n' && utf8.ValidRune(r) && r != utf8.RuneError
}

const (
	candidates    = ",;\t|" // in the order of preference
	detectRecords = 50
)

// detectDelimiter returns the delimiter by which most of the first records have
// as many cells as the header. Whole says that head is the whole source;
// otherwise its last record is cut off and not counted.
//
// A candidate must divide the header. One that the header mostly follows with a
// space is punctuation ("Price; net, EUR") and only wins where nothing else
// divides. Where two are equally consistent, the one with more columns is it.
func detectDelimiter(head []byte, whole bool) rune {
	head = bytes.TrimPrefix(head, bom)
	if d, ok := separatorLine(firstLine(head)); ok {
		return d
	}
	best := division{delimiter: ',', columns: 1}
	for _, candidate := range []byte(candidates) {
		if d := divide(head, candidate, whole); d.columns > 1 && d.betterThan(best) {
			best = d
		}
	}
	return rune(best.delimiter)
}

// separatorLine recognises Excel's "sep=;", which names the delimiter on a line
// of its own before the header.
func separatorLine(line []byte) (rune, bool) {
	name, found := bytes.CutPrefix(trimLineEnd(line), []byte("sep="))
	r, size := utf8.DecodeRune(name)
	return r, found && size == len(name) && validDelimiter(r)
}

func firstLine(text []byte) []byte {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	return line
}

// division is what a delimiter makes of the head of a source.
type division struct {
	delimiter byte
	columns   int // cells of the header
	spaced    int // delimiters in the header that a space follows
	records   int // with the header
	agreeing  int // records with as many cells as the header
}

func (d division) betterThan(o division) bool {
	switch mine, theirs := d.agreeing*o.records, o.agreeing*d.records; {
	case o.columns == 1:
		return true
	case d.punctuation() != o.punctuation():
		return o.punctuation()
	case mine != theirs:
		return mine > theirs
	}
	return d.columns > o.columns
}

func (d division) punctuation() bool { return 2*d.spaced > d.columns-1 }

// divide counts cells without reading them. Unlike encoding/csv it goes on
// after a broken quote: a guess may be made from what is not quite right.
func divide(text []byte, delimiter byte, whole bool) division {
	d := division{delimiter: delimiter}
	for d.records < detectRecords && len(text) > 0 {
		cells, spaced, n := divideRecord(text, delimiter)
		cut := n == len(text) && text[n-1] != '\n' && !whole
		blank := len(trimLineEnd(text[:n])) == 0
		text = text[n:]
		switch {
		case blank || cut && d.records > 0:
			continue
		case d.records == 0:
			d.columns, d.spaced = cells, spaced
		}
		d.records++
		if cells == d.columns {
			d.agreeing++
		}
	}
	return d
}

// divideRecord returns the number of cells of the first record of text, how
// many of its delimiters a space follows, and its length with the line end.
func divideRecord(text []byte, delimiter byte) (cells, spaced, length int) {
	cells = 1
	quoted, cellStart := false, true
	for i, b := range text {
		switch {
		case quoted:
			quoted = b != '"' // the second quote of a pair opens again: see cellStart
			cellStart = !quoted
		case b == '"' && cellStart:
			quoted = true
		case b == delimiter:
			cells++
			cellStart = true
			if i+1 < len(text) && text[i+1] == ' ' {
				spaced++
			}
		case b == '\n':
			return cells, spaced, i + 1
		default:
			cellStart = false
		}
	}
	return cells, spaced, len(text)
}
