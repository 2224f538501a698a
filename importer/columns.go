package importer

// columns finds the cells of a row by their column's name.
type columns map[string]int

// ambiguous stands for a name that several columns have, or that is none: what
// the mapping says of such a column by its position is right already.
const ambiguous = -1

func newColumns(header []string) columns {
	c := make(columns, len(header))
	for i, name := range header {
		if _, twice := c[name]; twice || name == "" {
			i = ambiguous
		}
		c[name] = i
	}
	return c
}

// show puts the cell itself, as it stands in the source, into the problems of a
// row. The stages after the mapping know the converted value only, and a person
// looks for what the sheet says.
func (c columns) show(it *item) {
	for i := range it.out.Problems {
		p := &it.out.Problems[i]
		if column, ok := c[p.Column]; ok && column != ambiguous && column < len(it.row.Cells) {
			p.Value = it.row.Cells[column]
		}
	}
}
