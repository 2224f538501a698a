package source

import (
	"slices"
	"strings"
)

// columns lines the file's own columns up with those of the sheet: first the
// sheet's, in their order, then those that somebody has added. It says where each
// stands in the file. filled tells the columns that are not empty throughout.
func (c *corrected) columns(name string, sheet []string, filled []bool) (header []string, at []int, err error) {
	own := c.ownColumns(filled)
	var missing []string
	for _, column := range sheet {
		i := slices.IndexFunc(own, func(i int) bool { return c.header[i] == column })
		header = append(header, column)
		if i < 0 {
			at = append(at, noColumn)
			if !slices.Contains(Notes(), column) && column != DecisionColumn { // the sheet may have been rejects itself
				missing = append(missing, column)
			}
			continue
		}
		at = append(at, own[i])
		own = slices.Delete(own, i, i+1) // of several of a name each is found once
	}
	if len(missing) > 0 {
		return nil, nil, &Error{CodeMissingColumn, name + ": the header lacks " + count(len(missing), "column") + " of the run's sheet: " + strings.Join(missing, ", "),
			"put them back, empty ones too: without them their cells would count as blank", nil}
	}
	for _, i := range own {
		header, at = append(header, c.header[i]), append(at, i)
	}
	return header, at, nil
}

// ownColumns lists the columns that are no notes, without those at the end that
// a spreadsheet program has added: no name, and no cell filled.
func (c *corrected) ownColumns(filled []bool) []int {
	end := len(c.header)
	for end > 0 && !c.notes[end-1] && strings.TrimSpace(c.header[end-1]) == "" && !filled[end-1] {
		end--
	}
	var own []int
	for i := range end {
		if !c.notes[i] {
			own = append(own, i)
		}
	}
	return own
}
