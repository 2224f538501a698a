package source

import (
	"bytes"
	"unicode/utf8"
)

// splitter divides lines that are a well-formed record by themselves. Nearly
// all lines are, and encoding/csv spends twice the time on them. Of any other
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
	if s.delimiter >= utf8.RuneSelf || !s.findCells(line) {
		return nil, false
	}
	text := string(s.text)
	cells := s.cells(len(s.bounds) / 2)
	for i := range cells {
		cells[i] = text[s.bounds[2*i]:s.bounds[2*i+1]]
	}
	return cells, true
}

// slabCells are allocated at once, for as many rows as they suffice.
const slabCells = 512

func (s *splitter) cells(n int) []string {
	if n > len(s.slab) {
		s.slab = make([]string, max(n, slabCells))
	}
	cells := s.slab[:n:n]
	s.slab = s.slab[n:]
	return cells
}

func (s *splitter) findCells(line []byte) bool {
	s.text = append(s.text[:0], line...)
	bounds, delimiter := s.bounds[:0], byte(s.delimiter)
	for next := 0; ; next++ {
		start, end := next, 0
		if start < len(line) && line[start] == '"' {
			start++
			end, next = unescape(s.text, start)
		} else {
			next = endOfCell(line, start, delimiter)
			end = next
		}
		bounds = append(bounds, start, end)
		if next == len(line) {
			s.bounds = bounds
			return true
		}
		if next < 0 || line[next] != delimiter {
			return false
		}
	}
}

// endOfCell goes byte by byte: cells are short, and a search by bytes.IndexByte
// for the delimiter and one for a quote cost more.
func endOfCell(line []byte, start int, delimiter byte) int {
	for i, b := range line[start:] {
		if b == delimiter {
			return start + i
		}
		if b == '"' {
			return -1
		}
	}
	return len(line)
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
