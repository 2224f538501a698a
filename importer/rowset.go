package importer

import (
	"iter"
	"math/bits"
)

// rowSet is a set of row numbers, a bit a row.
type rowSet struct{ bits []uint64 }

func (s *rowSet) add(row int) {
	for len(s.bits) <= row/64 {
		s.bits = append(s.bits, 0)
	}
	s.bits[row/64] |= 1 << (row % 64)
}

func (s *rowSet) addAll(rows []uint32) {
	for _, row := range rows {
		s.add(int(row))
	}
}

func (s *rowSet) has(row int) bool {
	return row/64 < len(s.bits) && s.bits[row/64]&(1<<(row%64)) != 0
}

// all gives the rows in order.
func (s *rowSet) all() iter.Seq[int] {
	return func(yield func(int) bool) {
		for i, word := range s.bits {
			for ; word != 0; word &= word - 1 {
				if !yield(i*64 + bits.TrailingZeros64(word)) {
					return
				}
			}
		}
	}
}
