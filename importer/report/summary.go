package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"attio-import/importer/outcome"
)

// Summary is what summary.json says of a run.
type Summary struct {
	Run       string    `json:"run"`
	Command   Command   `json:"command"`
	Workspace string    `json:"workspace,omitempty"`
	Started   time.Time `json:"started_at,omitzero"`
	ExitCode  int       `json:"exit_code"`
	Reason    string    `json:"reason,omitempty"` // why the run stopped before its last row

	Rows   int                    `json:"rows"`   // rows with an outcome; of an interrupted run those reached
	Counts map[outcome.Action]int `json:"counts"` // of every action that the command knows; they add up to Rows

	Unsettled int `json:"unsettled,omitempty"`     // rows that may have been sent and have no outcome yet; not among Rows
	Changed   int `json:"changed_since,omitempty"` // rows skipped because somebody had changed their record meanwhile

	Problems []ProblemGroup `json:"problems"` // errors first, then by rows
	// Unlisted is the number of problems of further kinds, where there were
	// more than a thousand kinds; problems.csv has them.
	Unlisted int `json:"problems_unlisted,omitempty"`

	Requests  Requests `json:"requests"`
	ElapsedMS int64    `json:"elapsed_ms"`
	Processes int      `json:"processes,omitempty"`         // that worked on the run, if more than one; Requests and ElapsedMS are sums then
	CutOff    int      `json:"processes_cut_off,omitempty"` // those of them that were killed or lost their disk; if any, Requests and ElapsedMS are the least that they can be
	Source    Source   `json:"source"`
	Mapping   Mapping  `json:"mapping"`

	// Edited names the files of the report before that somebody had edited, as
	// [Replace] has kept them. It is not in summary.json.
	Edited []string `json:"-"`

	lines     lines
	writeRate float64
}

// Requests counts the requests sent, repeats included, and those of them that
// were answered with "too many requests".
type Requests struct {
	Read    int64 `json:"read"`
	Write   int64 `json:"write"`
	Limited int64 `json:"limited"`
}

// Source names the sheet that was imported.
type Source struct {
	Name        string `json:"name"`           // as the user gave it
	Path        string `json:"path,omitempty"` // absolute
	Bytes       int64  `json:"bytes"`
	Fingerprint string `json:"fingerprint"`    // "sha256:..." of all bytes; empty where they were not all read
	Rows        int    `json:"rows,omitempty"` // rows that it holds; 0 where they were not all read
}

// Mapping names the mapping, and what it leaves out.
type Mapping struct {
	Name        string   `json:"name"`
	Path        string   `json:"path,omitempty"` // absolute
	Fingerprint string   `json:"fingerprint,omitempty"`
	Workspace   string   `json:"workspace,omitempty"`
	Object      string   `json:"object"`
	Mode        string   `json:"mode"`
	Match       []string `json:"match,omitempty"`
	Unmapped    []string `json:"unmapped_columns,omitempty"` // columns of the source that nothing uses
	Unchecked   []string `json:"unchecked,omitempty"`        // attributes that could not be checked offline
}

// lines counts the lines of the files, for the text: a person is not sent to
// an empty file.
type lines struct{ problems, changes int }

func (r *Report) summary(end End) Summary {
	t := &r.tally
	s := Summary{
		Run: r.info.Run, Command: r.info.Command, Workspace: r.info.Workspace, Started: r.info.Started,
		ExitCode: end.ExitCode, Reason: end.Reason,
		Rows: t.rows, Counts: t.counts, Unsettled: end.Unsettled, Changed: t.changed, Problems: t.sorted(), Unlisted: t.unlisted,
		Requests: end.Requests, ElapsedMS: end.Elapsed.Milliseconds(), CutOff: end.CutOff,
		Source: end.Source, Mapping: r.info.Mapping,
		lines:     lines{problems: t.problems, changes: t.changes},
		writeRate: r.info.WriteRate,
	}
	if end.Processes > 1 {
		s.Processes = end.Processes
	}
	if r.swap != nil {
		s.Edited = r.swap.edited
	}
	return s
}

// maxSummary is as much of a summary.json as is read: one of a thousand kinds
// of problems, with their values, is smaller.
const maxSummary = 32 << 20

// ReadSummary reads the summary.json of a run directory. It has what the file
// has, which is enough to list runs but not to write the text again.
// [fs.ErrNotExist] says that the run has none, or not yet.
func ReadSummary(dir string) (s Summary, err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return s, fmt.Errorf("the run directory cannot be read: %w", err)
	}
	defer root.Close()
	f, err := root.Open(SummaryFile)
	if err != nil {
		return s, fmt.Errorf("%s cannot be read: %w", SummaryFile, err)
	}
	defer f.Close()
	doc, err := io.ReadAll(io.LimitReader(f, maxSummary))
	if err == nil {
		err = json.Unmarshal(doc, &s)
	}
	if err != nil {
		return Summary{}, fmt.Errorf("%s cannot be read: %w", SummaryFile, err)
	}
	return s, nil
}

// JSON returns the document of summary.json, as [JSON] writes it.
func (s Summary) JSON() ([]byte, error) { return JSON(s) }

// JSON returns a document that can be printed: indented, a line break at its
// end, characters that could steer a terminal written as \u escapes.
func JSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return escapeJSON(b.Bytes()), nil
}

// escapeJSON escapes what JSON lets stand and a terminal would obey. Outside
// of strings a document has no such character but line breaks.
func escapeJSON(doc []byte) []byte {
	var b bytes.Buffer
	for _, r := range string(doc) {
		if r != '\n' && unprintable(r) {
			fmt.Fprintf(&b, `\u%04x`, r)
			continue
		}
		b.WriteRune(r)
	}
	return b.Bytes()
}

// attention is the number of rows that call for a person.
func (s *Summary) attention() int { return s.failed() + s.Changed }

// failed is the number of rows that did not make it.
func (s *Summary) failed() int {
	n := 0
	for action, count := range s.Counts {
		if action.Failed() {
			n += count
		}
	}
	return n
}
