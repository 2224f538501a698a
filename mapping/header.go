package mapping

import (
	"fmt"
	"strconv"
	"strings"
)

// header finds columns by name or position.
type header struct {
	names   []string
	indexes map[string][]int
	used    []bool
}

func newHeader(names []string) *header {
	h := &header{names: names, indexes: make(map[string][]int, len(names)), used: make([]bool, len(names))}
	for i, name := range names {
		h.indexes[name] = append(h.indexes[name], i)
	}
	return h
}

// noColumn stands for a source that reads no cell.
const noColumn = -1

// column is a column that a source reads.
type column struct {
	index int    // into the cells; noColumn: none
	name  string // as the header has it, or "#7"
}

// at is the column at an index, marked as used.
func (h *header) at(index int) column {
	h.used[index] = true
	return column{index, h.label(index)}
}

// label is how a column is called in messages: a blank name says nothing.
func (h *header) label(index int) string {
	if strings.TrimSpace(h.names[index]) == "" {
		return "#" + strconv.Itoa(index+1)
	}
	return h.names[index]
}

// labels are the columns as messages call them, each once.
func (h *header) labels() []string {
	var out []string
	for i, name := range h.names {
		if h.indexes[name][0] == i {
			out = append(out, h.label(i))
		}
	}
	return out
}

// read lists the columns that the mapping reads.
func (h *header) read() (columns []int) {
	for i, used := range h.used {
		if used {
			columns = append(columns, i)
		}
	}
	return columns
}

// unused lists the columns that nothing reads.
func (h *header) unused() []string {
	var out []string
	for i, used := range h.used {
		if !used {
			out = append(out, h.label(i))
		}
	}
	return out
}

// find is the first column of several that the header has. Positions such as
// "#7" are always positions; names must be exactly the header's, since a guess
// that is right on most files is wrong on the one that matters.
func (h *header) find(wanted []*node) (column, *flaw) {
	for _, w := range wanted {
		if position, ok := columnPosition(w.text); ok {
			if position < 1 || position > len(h.names) {
				return column{}, &flaw{at: w.at, path: w.path, code: codeColumn,
					message: fmt.Sprintf("there is no column %s: the header has %d", w.text, len(h.names))}
			}
			return h.at(position - 1), nil
		}
		switch found := h.indexes[w.text]; len(found) {
		case 0:
		case 1:
			return h.at(found[0]), nil
		default:
			return column{}, h.ambiguous(w, found)
		}
	}
	return column{}, h.unknown(wanted)
}

func (h *header) ambiguous(w *node, found []int) *flaw {
	positions := make([]string, len(found))
	for i, index := range found {
		positions[i] = `"#` + strconv.Itoa(index+1) + `"`
		h.used[index] = true
	}
	return &flaw{at: w.at, path: w.path, code: codeAmbiguous,
		message: fmt.Sprintf("the header has the column %s %d times", quote(w.text), len(found)),
		hint:    "say which one by its position: " + strings.Join(positions, " or ")}
}

func (h *header) unknown(wanted []*node) *flaw {
	w := wanted[0]
	f := &flaw{at: w.at, path: w.path, code: codeColumn, message: "the header has no column " + quote(w.text)}
	if len(wanted) > 1 {
		f.message = "the header has none of the columns " + list(texts(wanted))
	}
	for _, w := range wanted {
		if f.hint = didYouMean(w.text, h.labels(), "the columns are"); strings.HasPrefix(f.hint, "did") {
			break
		}
	}
	if strings.HasPrefix(f.hint, "did") && strings.TrimSpace(nearest(w.text, h.names)) != nearest(w.text, h.names) {
		f.hint += " (spaces included)"
	}
	return f
}

// columnPosition reads "#7".
func columnPosition(text string) (int, bool) {
	digits, ok := strings.CutPrefix(text, "#")
	if !ok || digits == "" || len(digits) > 6 {
		return 0, false
	}
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, false
		}
	}
	n, err := strconv.Atoi(digits)
	return n, err == nil
}

// texts are the texts of nodes.
func texts(nodes []*node) []string {
	out := make([]string, len(nodes))
	for i, n := range nodes {
		out[i] = n.text
	}
	return out
}
