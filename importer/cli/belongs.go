package cli

import (
	"cmp"
	"fmt"
	"path/filepath"
	"strings"

	"attio-import/importer/journal"
)

// This file tells whether what a person gives is about the run that it is given for. Rows
// of all runs are numbered from 1, so a file of another run fits by its numbers, and
// would be carried out on rows that nobody has looked at.

// ofAnother is the question that goes with what does not fit.
const ofAnother = "is this file of another run?"

// runOf is the directory of the run in which a file lies; empty if it lies in none.
func runOf(file string) string {
	if real, err := filepath.EvalSymlinks(file); err == nil {
		file = real
	}
	file, err := filepath.Abs(file)
	dir := filepath.Dir(file)
	if err != nil || !runID.MatchString(filepath.Base(dir)) || !onDisk(filepath.Join(dir, journal.FileName)) {
		return ""
	}
	return dir
}

// runArgument is a run's directory as a RUN argument names it: by its id, where that is enough.
func runArgument(runs, dir string) string {
	if id := filepath.Base(dir); sameFile(dir, filepath.Join(runs, id)) {
		return id
	}
	return dir
}

// notOfAnother refuses a file that lies in the directory of another run.
func (s *session) notOfAnother(file string) error {
	dir := runOf(file)
	if dir == "" || sameFile(dir, s.dir.path) {
		return nil
	}
	return usage(fmt.Errorf("%s lies in the directory of run %s, and the run is %s", file, filepath.Base(dir), s.dir.id),
		"name the run that the file is of, or a file of this run")
}

// differing says which of the cells that a person was not to change is not what stood
// in the row; empty if there is none.
func (p *past) differing(cells []string, e journal.Entry) string {
	if e.Cells == nil {
		return "" // nothing is on record
	}
	for i, column := range p.rejectsOptions().Columns {
		if now, before := cellAt(cells, i), cellAt(e.Cells, i); !sameCell(now, before) {
			return fmt.Sprintf("row %d has %q in the column %s here, and %q in this run: %s", e.Outcome.Row, brief(now), cmp.Or(column, "without a name"), brief(before), ofAnother)
		}
	}
	return ""
}

func cellAt(cells []string, i int) string {
	if i < len(cells) {
		return cells[i]
	}
	return ""
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// sameCell compares cells but for what a spreadsheet program does to line ends.
func sameCell(a, b string) bool { return a == b || lineEnds.Replace(a) == lineEnds.Replace(b) }

// brief cuts a text that is long for a message.
func brief(text string) string {
	const most = 60
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "..."
	}
	return text
}
