package journal

import (
	"maps"
	"slices"
)

// rows keeps what a stream of records says about each row: eight bytes and a
// bit for a row. Rows stand in pages, since a hostile journal may name any.
type rows struct {
	pages map[int]*page
	last  *page // the one asked for last
	lastN int
}

const pageRows = 64

type page struct {
	result     [pageRows]int64 // where the latest result is; 0 for none
	done       uint64          // which have one of the generation
	generation int
}

func (r *rows) page(n int) *page {
	if r.last != nil && r.lastN == n {
		return r.last
	}
	return r.pages[n]
}

// setResult takes a result of the current generation.
func (r *rows) setResult(row int, offset int64, generation int) {
	n := row / pageRows
	p := r.page(n)
	if p == nil {
		if r.pages == nil {
			r.pages = map[int]*page{}
		}
		p = &page{generation: generation}
		r.pages[n] = p
	}
	r.last, r.lastN = p, n
	if p.generation != generation {
		p.done, p.generation = 0, generation
	}
	p.result[row%pageRows] = offset
	p.done |= 1 << (row % pageRows)
}

func (r *rows) result(row int) int64 {
	if p := r.pages[row/pageRows]; p != nil && row > 0 {
		return p.result[row%pageRows]
	}
	return 0
}

func (r *rows) isDone(row, generation int) bool {
	p := r.pages[row/pageRows]
	return p != nil && row > 0 && p.generation == generation && p.done&(1<<(row%pageRows)) != 0
}

// all lists where the results are, in the order of the rows.
func (r *rows) all(yield func(row int, offset int64) bool) {
	for _, n := range slices.Sorted(maps.Keys(r.pages)) {
		for i, offset := range r.pages[n].result {
			if offset != 0 && !yield(n*pageRows+i, offset) {
				return
			}
		}
	}
}

// sent are the intents of a row since its last result, oldest first.
type sent struct {
	last  place
	older []place // most rows have none
}

// place is an intent in the file, and the number of the process that had it.
type place struct {
	offset  int64
	process int
}

func (s *sent) push(p place) {
	if s.last.offset != 0 {
		s.older = append(s.older, s.last)
	}
	s.last = p
}

// withdraw drops the intents of a process; it reports whether others are left.
func (s *sent) withdraw(process int) bool {
	for s.last.process == process {
		if len(s.older) == 0 {
			return false
		}
		s.last = s.older[len(s.older)-1]
		s.older = s.older[:len(s.older)-1]
	}
	return true
}

func (s *sent) all() []place { return append(slices.Clone(s.older), s.last) }
