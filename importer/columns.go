package importer

// columns finds the cells of a row by their column's name.
type columns map[string]int

func newColumns(header []string) columns {
	c := make(columns, len(header))
	for i, name := range header {
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
		if column, ok := c[p.Column]; ok && column < len(it.row.Cells) {
			p.Value = it.row.Cells[column]
		}
	}
}
