package report

import (
	"strconv"

	"attio-import/importer/outcome"
)

// The lines of the CSV files. Fields are text on purpose: gocsv formats
// numbers with fmt, at five times the cost.

// reportLine is a line of report.csv.
type reportLine struct {
	Row        string   `csv:"row"`
	Line       string   `csv:"line"`
	Key        string   `csv:"key"`
	Action     string   `csv:"action"`
	RecordID   string   `csv:"record_id"`
	WebURL     string   `csv:"web_url"`
	Stage      string   `csv:"stage"`
	Verdict    *verdict `csv:"."` // nil where nothing is wrong, which costs gocsv nothing
	Attempts   string   `csv:"attempts"`
	HTTPStatus string   `csv:"http_status"`
	DurationMS string   `csv:"duration_ms"`
}

// verdict is the problem that decided a row.
type verdict struct {
	Code    string `csv:"code"`
	Column  string `csv:"column"`
	Value   string `csv:"value"`
	Message string `csv:"message"`
	Hint    string `csv:"hint"`
}

// problemLine is a line of problems.csv.
type problemLine struct {
	Row       string `csv:"row"`
	Line      string `csv:"line"`
	Column    string `csv:"column"`
	Attribute string `csv:"attribute"`
	Value     string `csv:"value"`
	Severity  string `csv:"severity"`
	Code      string `csv:"code"`
	Message   string `csv:"message"`
	Hint      string `csv:"hint"`
}

// changeLine is a line of changes.csv.
type changeLine struct {
	Row       string `csv:"row"`
	RecordID  string `csv:"record_id"`
	Attribute string `csv:"attribute"`
	Old       string `csv:"old"`
	New       string `csv:"new"`
	Decision  string `csv:"decision"`
}

func newReportLine(o *outcome.Outcome) reportLine {
	line := reportLine{
		Row:        strconv.Itoa(o.Row),
		Line:       strconv.Itoa(o.Line),
		Key:        cell(o.Key),
		Action:     string(o.Action),
		RecordID:   cell(o.RecordID),
		WebURL:     cell(o.WebURL),
		Stage:      string(o.Stage),
		Attempts:   strconv.Itoa(o.Attempts),
		DurationMS: strconv.FormatInt(o.Duration.Milliseconds(), 10),
	}
	if o.HTTPStatus != 0 {
		line.HTTPStatus = strconv.Itoa(o.HTTPStatus)
	}
	if p := decisive(o); p != nil {
		line.Verdict = &verdict{
			Code: cell(string(p.Code)), Column: cell(p.Column), Value: cell(p.Value),
			Message: cell(p.Message), Hint: cell(p.Hint),
		}
	}
	return line
}

func newProblemLine(row, line string, p *outcome.Problem) problemLine {
	return problemLine{
		Row: row, Line: line,
		Column: cell(p.Column), Attribute: cell(p.Attribute), Value: cell(p.Value),
		Severity: string(p.Severity), Code: cell(string(p.Code)),
		Message: cell(p.Message), Hint: cell(p.Hint),
	}
}

func newChangeLine(row string, o *outcome.Outcome, c *outcome.Change) changeLine {
	return changeLine{
		Row: row, RecordID: cell(o.RecordID), Attribute: cell(c.Attribute),
		Old: cell(c.Old), New: cell(c.New), Decision: string(c.Decision),
	}
}

// decisive returns the problem that decided the row's fate: the first error,
// or nil. A row that was skipped has only warnings, and the last of them is the reason:
// it was found when the row was given up.
func decisive(o *outcome.Outcome) *outcome.Problem {
	if p := o.FirstError(); p != nil {
		return p
	}
	if o.Action == outcome.Skipped && len(o.Problems) > 0 {
		return &o.Problems[len(o.Problems)-1]
	}
	return nil
}

// cell makes text fit for a file that will be opened in a spreadsheet.
func cell(text string) string {
	if text == "" {
		return ""
	}
	return Neutralise(legible(text))
}
