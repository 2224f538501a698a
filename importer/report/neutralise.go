package report

import (
	"strings"
	"unicode/utf8"
)

// Neutralise returns a cell that no spreadsheet takes for a formula, by
// putting an apostrophe in front of what could begin one: = + - @, their
// full-width forms, a tab or line break, and the apostrophe itself.
// Signed numbers and phone numbers of digits and punctuation (-12.5,
// +49 30 123456) stay as they are: they can call nothing.
//
// The same is done after an inner comma, semicolon, pipe, tab or line break: a
// spreadsheet that is set to another separator splits cells there, quotes
// notwithstanding.
//
// Nothing is lost: the cell can be had back, and different cells stay different.
func Neutralise(cell string) string {
	var b strings.Builder
	written := 0
	for start := 0; start <= len(cell); {
		end := pieceEnd(cell, start)
		if risky(cell, start, end) {
			b.WriteString(cell[written:start])
			b.WriteByte('\'')
			written = start
		}
		start = end + 1
	}
	if b.Len() == 0 {
		return cell
	}
	b.WriteString(cell[written:])
	return b.String()
}

// pieceEnd returns the index of the first separator at or after start, or the
// cell's length. The apostrophe is none, so pieces survive the neutralising.
func pieceEnd(cell string, start int) int {
	for i := start; i < len(cell); i++ {
		c := cell[i]
		if c > ';' && c != '|' {
			continue // nearly all: addresses and ids are most of what passes here
		}
		switch c {
		case ',', ';', '|', '\t', '\r', '\n':
			return i
		}
	}
	return len(cell)
}

// risky reports whether the piece from start to end could begin a formula.
func risky(cell string, start, end int) bool {
	piece := cell[start:end]
	if start > 0 {
		// Torn out of its cell, a quoted piece is unquoted by the spreadsheet first.
		piece = strings.TrimLeft(piece, `"`)
	}
	if piece == "" {
		return end < len(cell) && strings.IndexByte("\t\r\n", cell[end]) >= 0 && beginsCell(cell, start)
	}
	first, _ := utf8.DecodeRuneInString(piece)
	switch first {
	case '=', '@', '\'', '＝', '＋', '－', '＠':
		return true
	case '+', '-':
		return !plain(piece)
	}
	return false
}

// beginsCell reports whether a cell begins at i. Behind a tab or line break
// none does as far as a further one is concerned: blank lines are harmless.
func beginsCell(cell string, i int) bool {
	return i == 0 || strings.IndexByte(",;|", cell[i-1]) >= 0
}

// plain reports whether a piece that begins with a sign is a number or, after
// a plus, a phone number.
func plain(piece string) bool {
	if len(piece) < 2 || (piece[1] != '(' && !digit(piece[1])) {
		return false
	}
	digits := 0
	for i := 1; i < len(piece); i++ {
		switch c := piece[i]; {
		case digit(c):
			digits++
		case c == '.':
		case piece[0] == '+' && strings.IndexByte(" ()-/", c) >= 0:
		default:
			return false
		}
	}
	return digits > 0
}

func digit(c byte) bool { return '0' <= c && c <= '9' }
