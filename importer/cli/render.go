package cli

import (
	"errors"

	"attio-import/importer/report"
	"attio-import/importer/source"
)

// render writes all reports of a run anew, from its journal alone, in the
// place of those that are there. taken are edited files whose edits the run has
// taken over. The journal that it returns is closed: its rows cannot be read any more.
func render(dir runDir, taken ...string) (summary report.Summary, p *past, err error) {
	if p, err = readPast(dir); err != nil {
		return summary, nil, err
	}
	defer func() { err = unrendered(dir, errors.Join(err, p.close())) }()
	rows, err := p.ledger() // reads all, so that no damage is found halfway
	if err != nil {
		return summary, p, err
	}
	files, err := report.Replace(dir.path, p.Report, taken...)
	if err != nil {
		return summary, p, err
	}
	err = p.tellRows(files)
	summary, unclosed := files.Close(p.end(rows))
	return summary, p, errors.Join(err, unclosed)
}

// unrendered says of reports that there was no room for how they come to be written all
// the same; nil stays nil.
func unrendered(dir runDir, err error) error {
	var files *report.WriteError
	if !errors.As(err, &files) {
		return err
	}
	return failing(exitUnexpected, err, "make room on the disk, then attio-import report "+shellQuote(dir.path)+" writes the reports; what was sent is on record")
}

// tellRows puts every row that has an outcome into a report, in row order.
func (p *past) tellRows(files *report.Report) error {
	for e, err := range p.log.Entries() {
		if err != nil {
			return p.damaged(err)
		}
		row := source.Row{Number: e.Outcome.Row, Line: e.Outcome.Line, Cells: e.Cells, Raw: e.Raw}
		if err := files.Put(row, e.Outcome); err != nil {
			return err
		}
	}
	return nil
}
