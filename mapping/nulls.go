package mapping

// nullSet are the texts that count as blank.
type nullSet struct {
	texts   []string
	lengths uint64 // a bit per length (63: or more), to pass most cells by quickly
}

func newNullSet(nodes []*node) nullSet {
	var s nullSet
	for _, n := range nodes {
		s.texts = append(s.texts, n.text)
		s.lengths |= 1 << min(len(n.text), 63)
	}
	return s
}

func (s *nullSet) has(text string) bool {
	if s.lengths&(1<<min(len(text), 63)) == 0 {
		return false
	}
	for _, t := range s.texts {
		if t == text {
			return true
		}
	}
	return false
}
