package source

import (
	"bytes"
	"unicode/utf8"
)

// splitter divides lines that are a well-formed record by themselves. Nearly
// all lines are, and encoding/csv takes a third longer over them. Of any other
// line (a cell runs over the line's end, a quote is broken) it says false and
// leaves the judgement to encoding/csv. What it does divide it divides in the
// same way: the fuzz test compares the two.
type splitter struct {
	delimiter rune
	text      []byte   // the line, with the cells in quotes unescaped where they stand
	slab      []string // for the cells of the rows to come
	bounds    []int    // of each cell in text, beginning and end
}

// split takes a line without its end. The cells share one string.
func (s *splitter) split(line []byte) ([]string, bool) {
	if s.delimiter >= utf8.RuneSelf {
		return nil, false
	}
	s.text = append(s.text[:0], line...)
	var ok bool
	if s.bounds, ok = findCells(s.bounds[:0], s.text, byte(s.delimiter)); !ok {
		return nil, false
	}
	text := string(s.text)
	cells := s.cells(len(s.bounds) / 2)
	for i := range cells {
		cells[i] = text[s.bounds[2*i]:s.bounds[2*i+1]]
	}
	return cells, true
}

// slabCells are allocated at once, for as many rows as they suffice: at 20
// columns that is one allocation for 25 rows.
const slabCells = 512

func (s *splitter) cells(n int) []string {
	if n > len(s.slab) {
		s.slab = make([]string, max(n, slabCells))
	}
	cells := s.slab[:n:n]
	s.slab = s.slab[n:]
	return cells
}

// findCells appends the bounds of each cell and unescapes those in quotes. It
// says false at the first sign that text is not a well-formed record.
func findCells(bounds []int, text []byte, delimiter byte) ([]int, bool) {
	for next := 0; ; next++ {
		start, end := next, 0
		if start < len(text) && text[start] == '"' {
			start++
			end, next = unescape(text, start)
		} else {
			next = endOfCell(text, start, delimiter)
			end = next
		}
		bounds = append(bounds, start, end)
		if next == len(text) {
			return bounds, true
		}
		if next < 0 || text[next] != delimiter {
			return bounds, false
		}
	}
}

// shortCell is as far as going byte by byte is faster than bytes.IndexByte.
const shortCell = 24

// endOfCell returns what is behind an unquoted cell; -1 if a quote is in it.
func endOfCell(line []byte, start int, delimiter byte) int {
	short := min(start+shortCell, len(line))
	for i, b := range line[start:short] {
		if b == delimiter {
			return start + i
		}
		if b == '"' {
			return -1
		}
	}
	end := len(line)
	if i := bytes.IndexByte(line[short:], delimiter); i >= 0 {
		end = short + i
	}
	if bytes.IndexByte(line[short:end], '"') >= 0 {
		return -1
	}
	return end
}

// unescape makes one quote of two in the cell whose text begins at start. It
// returns the end of the unescaped text and what is behind the closing quote;
// next is -1 if there is none.
func unescape(text []byte, start int) (end, next int) {
	end, next = start, start
	for {
		length := bytes.IndexByte(text[next:], '"')
		if length < 0 {
			return end, -1
		}
		if end != next {
			copy(text[end:], text[next:next+length])
		}
		end += length
		next += length + 1
		if next == len(text) || text[next] != '"' {
			return end, next
		}
		text[end] = '"'
		end++
		next++
	}
}
