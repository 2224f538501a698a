package source

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Word is what a person may say of a row whose fate nobody can tell.
type Word string

// The words of the column for decisions.
const (
	WordCreated Word = "created" // the row became the record whose address follows
	WordSend    Word = "send"    // it was not written: send it
	WordDrop    Word = "drop"    // give it up
)

// Decision is what a person says of one row.
type Decision struct {
	Row  int // its number in the run
	Line int // in the file with the decisions
	Word Word

	// Cells are the row's own, in the order of [Options.Columns]; those of columns that
	// somebody has added follow.
	Cells []string

	// Of WordCreated: the record, and the text that named it. Whether there is such a
	// record, of the right object, only the workspace can tell.
	RecordID string
	Address  string
}

// ReadDecisions reads the unknown.csv of a run, with a person's word in the
// column _decision: created and the record's URL (the URL or the record's id
// alone mean the same), send, or drop. Rows without a word are left out: they
// stay what they are. The result is in the order of the row numbers.
//
// The file is read like one of [OpenRejects]. Errors are those of it, and every
// cell that is no decision, joined, each an [*Error].
func ReadDecisions(path string, opts Options) ([]Decision, error) {
	var all []Decision
	decide := func(s *survey, row placed, cells []string) {
		at := last(s.corrected.header, DecisionColumn)
		if at == noColumn {
			return
		}
		text := strings.TrimSpace(cells[at])
		if text == "" {
			return
		}
		d, wrong := decision(text)
		if wrong != "" {
			s.mistake(row.line, CodeInvalidDecision, "write created and the URL of the record, send, or drop; leave the cell empty to decide later",
				"row %d: %s", row.number, wrong)
		}
		d.Row, d.Line, d.Cells = row.number, row.line, cells
		all = append(all, d)
	}
	f, err := Open(path, opts)
	if err == nil {
		err = f.readCorrected(opts.Columns, decide)
	}
	if err != nil {
		return nil, err
	}
	if last(f.corrected.header, DecisionColumn) == noColumn {
		return nil, &Error{CodeNoDecisionColumn, f.Name + ": the header has no column _decision",
			"add it to the run's unknown.csv, and say there of each row: created and the record's URL, send, or drop", nil}
	}
	for i := range all {
		all[i].Cells = f.corrected.cells(all[i].Cells)
	}
	slices.SortFunc(all, func(a, b Decision) int { return cmp.Compare(a.Row, b.Row) })
	return all, nil
}

// decision reads a cell that is not empty; wrong says why it is no decision.
func decision(text string) (d Decision, wrong string) {
	first, rest, _ := strings.Cut(text, " ")
	rest = strings.TrimSpace(rest)
	switch word := Word(strings.ToLower(first)); {
	case (word == WordSend || word == WordDrop) && rest == "":
		return Decision{Word: word}, ""
	case word == WordSend || word == WordDrop:
		return d, string(word) + ` stands alone, and "` + excerpt(rest) + `" follows it`
	case word != WordCreated:
		rest = text
	case rest == "":
		return d, "created needs the URL of the record behind it"
	}
	id := recordID(rest)
	if id == "" {
		return d, `"` + excerpt(rest) + `" is neither a decision nor the URL of a record`
	}
	return Decision{Word: WordCreated, RecordID: id, Address: rest}, ""
}

var uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// recordID is the last id in the path of a record's URL, or the id that the
// text is; empty if there is none.
func recordID(text string) string {
	path := text
	if u, err := url.Parse(text); err == nil && u.Host != "" {
		path = u.Path
	} else if !uuid.MatchString(text) {
		return ""
	}
	for _, part := range slices.Backward(strings.Split(path, "/")) {
		if uuid.MatchString(part) {
			return strings.ToLower(part)
		}
	}
	return ""
}
