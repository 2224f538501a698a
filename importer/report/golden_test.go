package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"attio-import/importer/outcome"
	"attio-import/importer/source"
)

var update = flag.Bool("update", false, "write the golden files")

// put is a row with its outcome.
type put struct {
	row source.Row
	out outcome.Outcome
}

// TestGolden holds a small run of each kind to the files in testdata, byte for
// byte: run with -update to write them, and read the difference.
func TestGolden(t *testing.T) {
	tests := []struct {
		name string
		info Info
		puts []put
		end  End
		text Text
	}{
		{"run", runInfo(Run), runPuts(), End{ExitCode: 3, Elapsed: 8210 * time.Millisecond, Requests: Requests{Read: 12, Write: 6, Limited: 1}, Source: sheet(12)},
			Text{Dir: ".attio-import/runs/20261121-101500-abc123", Next: "attio-import retry 20261121-101500-abc123"}},
		{"resumed", runInfo(Run), resumedPuts(), End{ExitCode: 6, Elapsed: 10 * time.Minute, Requests: Requests{Read: 31, Write: 9, Limited: 2}, Source: sheet(40), Unsettled: 2, Processes: 3, CutOff: 1},
			Text{Dir: ".attio-import/runs/20261121-101500-abc123", Next: "attio-import resume 20261121-101500-abc123"}},
		{"plan", runInfo(Plan), planPuts(), End{ExitCode: 3, Elapsed: 640 * time.Millisecond, Requests: Requests{Read: 9}, Source: sheet(11)},
			Text{Dir: ".attio-import/runs/20261121-101500-abc123", Next: "attio-import run workspaces.csv"}},
		{"validate", runInfo(Validate), validatePuts(), End{ExitCode: 3, Elapsed: 12 * time.Millisecond, Source: sheet(6)},
			Text{Dir: ".attio-import/runs/20261121-101500-abc123", Next: "attio-import plan workspaces.csv"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "run")
			s := writeReport(t, dir, test.info, test.puts, test.end)
			writeText(t, dir, s, test.text)
			compareDirs(t, dir, filepath.Join("testdata", test.name))

			again := replaceReport(t, dir, test.info, fromRecord(test.puts), test.end)
			writeText(t, dir, again, test.text)
			compareDirs(t, dir, filepath.Join("testdata", test.name))
		})
	}
}

// fromRecord is what is left of rows when a report is rendered again: only of
// those that failed how they stood in the source.
func fromRecord(puts []put) []put {
	kept := slices.Clone(puts)
	for i := range kept {
		p := &kept[i]
		p.row.Problem = nil
		if !p.out.Action.Failed() {
			p.row.Cells, p.row.Raw = nil, ""
		}
	}
	return kept
}

func writeText(t *testing.T, dir string, s Summary, text Text) {
	t.Helper()
	var b bytes.Buffer
	if err := s.WriteText(&b, text); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "summary.txt"), b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

func writeReport(t *testing.T, dir string, info Info, puts []put, end End) Summary {
	t.Helper()
	r, err := Create(dir, info)
	if err != nil {
		t.Fatal(err)
	}
	return putAll(t, r, puts, end)
}

func replaceReport(t *testing.T, dir string, info Info, puts []put, end End, taken ...string) Summary {
	t.Helper()
	r, err := Replace(dir, info, taken...)
	if err != nil {
		t.Fatal(err)
	}
	return putAll(t, r, puts, end)
}

func putAll(t *testing.T, r *Report, puts []put, end End) Summary {
	t.Helper()
	for _, p := range puts {
		if err := r.Put(p.row, p.out); err != nil {
			t.Fatal(err)
		}
	}
	s, err := r.Close(end)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func compareDirs(t *testing.T, got, want string) {
	t.Helper()
	if *update {
		if err := os.RemoveAll(want); err != nil {
			t.Fatal(err)
		}
		if err := os.CopyFS(want, os.DirFS(got)); err != nil {
			t.Fatal(err)
		}
	}
	if g, w := fileNames(t, got), fileNames(t, want); !slices.Equal(g, w) {
		t.Fatalf("files %v, want %v", g, w)
	}
	for _, name := range fileNames(t, got) {
		g, w := read(t, filepath.Join(got, name)), read(t, filepath.Join(want, name))
		if g != w {
			t.Errorf("%s:\n%s\nwant:\n%s", name, g, w)
		}
	}
}

func fileNames(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func runInfo(c Command) Info {
	info := Info{
		Run: "20261121-101500-abc123", Command: c,
		Started:   time.Date(2026, 11, 21, 10, 15, 0, 0, time.UTC),
		Header:    []string{"Workspace ID", "Account; name", "Owner Emails", "Created At"},
		Dialect:   source.Dialect{Delimiter: ';', BOM: true, CRLF: true},
		Workspace: "Acme", WriteRate: 25,
		Mapping: Mapping{
			Name: "workspaces.yaml", Fingerprint: "sha256:22", Object: "workspaces", Mode: "upsert",
			Match: []string{"workspace_id"}, Unmapped: []string{"Internal \x1b[31mnote"},
		},
	}
	if c == Validate {
		info.Workspace = ""
		info.Mapping.Unchecked = []string{"users: references are looked up online", "plan: its options are known online"}
	}
	return info
}

func sheet(rows int) Source {
	return Source{Name: "workspaces.csv", Path: "/home/user/workspaces.csv", Bytes: 2048, Fingerprint: "sha256:11", Rows: rows}
}

func recordURL(id string) string {
	return "https://app.attio.com/acme/workspaces/record/" + id + "/overview"
}

// invalidPuts are the rows that any command finds by itself.
func invalidPuts() []put {
	return []put{
		{source.Row{Number: 5, Line: 6, Cells: []string{"W-5", "Umlaut M\xfcller", "", "31/02/2026"}},
			outcome.Outcome{Action: outcome.Invalid, Stage: outcome.Map, Key: "W-5", Problems: []outcome.Problem{
				{Column: "Account; name", Attribute: "name", Value: "Umlaut M\xfcller", Severity: outcome.Warning, Code: "odd_bytes", Message: "one byte was dropped"},
				{Column: "Created At", Attribute: "launched", Value: "31/02/2026", Severity: outcome.Error, Code: "invalid_date",
					Message: `"31/02/2026" is not a date: February has 28 days in 2026`, Hint: "correct the day"},
				{Column: "Owner Emails", Attribute: "users", Value: "", Severity: outcome.Error, Code: outcome.MissingValue, Message: "the attribute is required"},
			}}},
		{source.Row{Number: 6, Line: 7, Raw: `W-6;"broken`},
			outcome.Outcome{Action: outcome.Invalid, Stage: outcome.Parse, Problems: []outcome.Problem{
				{Value: `W-6;"broken`, Severity: outcome.Error, Code: outcome.BrokenQuote, Message: "a quote is opened and never closed", Hint: `double quotes inside cells, as in "a ""b"""`},
			}}},
		{source.Row{Number: 7, Line: 8, Cells: []string{"W-7", "too", "many", "cells", "are", "here"}},
			outcome.Outcome{Action: outcome.Invalid, Stage: outcome.Parse, Problems: []outcome.Problem{
				{Severity: outcome.Error, Code: outcome.RaggedRow, Message: "6 cells, the header has 4"},
			}}},
		{source.Row{Number: 8, Line: 9, Cells: []string{"W-8", "too few"}},
			outcome.Outcome{Action: outcome.Invalid, Stage: outcome.Parse, Problems: []outcome.Problem{
				{Severity: outcome.Error, Code: outcome.RaggedRow, Message: "2 cells, the header has 4"},
			}}},
		{source.Row{Number: 9, Line: 10, Cells: []string{"", "", "", ""}},
			outcome.Outcome{Action: outcome.Skipped, Stage: outcome.Map, Problems: []outcome.Problem{
				{Severity: outcome.Warning, Code: outcome.BlankRow, Message: "no cell of the row is filled"},
			}}},
	}
}

func runPuts() []put {
	created := func(n int, id string) put {
		return put{source.Row{Number: n, Line: n + 1, Cells: []string{id, "Acme", "a@acme.com", "2026-01-01"}},
			outcome.Outcome{Action: outcome.Created, Stage: outcome.Write, Key: id, RecordID: "r-" + id, WebURL: recordURL("r-" + id), Attempts: 1, HTTPStatus: 200, Duration: 143 * time.Millisecond}}
	}
	warned := created(2, "=W-2")
	warned.out.Problems = []outcome.Problem{{Column: "Owner Emails", Attribute: "users", Value: "+cmd|'/c calc'!A1;x@acme.com", Severity: outcome.Warning, Code: "invalid_email",
		Message: `"+cmd|'/c calc'!A1" is not an email address; the value was left out`, Hint: "correct the address"}}
	updated := created(3, "W-3")
	updated.out.Action, updated.out.HTTPStatus, updated.out.Attempts = outcome.Updated, 200, 3
	updated.out.Changes = []outcome.Change{
		{Attribute: "name", Old: "Old; =name", New: "Acme", Decision: outcome.Set},
		{Attribute: "users", Old: "", New: "a@acme.com", Decision: outcome.Added},
		{Attribute: "mrr", Old: "-12.5", New: "-12.5", Decision: outcome.Kept},
	}
	unchanged := created(4, "W-4")
	unchanged.out.Action, unchanged.out.Stage, unchanged.out.Attempts, unchanged.out.HTTPStatus, unchanged.out.Duration = outcome.Unchanged, outcome.Resolve, 0, 0, 0
	rejected := put{source.Row{Number: 10, Line: 11, Cells: []string{"W-10", `He said "no"`, "who@acme.com", "=2026"}},
		outcome.Outcome{Action: outcome.Rejected, Stage: outcome.Resolve, Key: "W-10", Problems: []outcome.Problem{
			{Column: "Owner Emails", Attribute: "users", Value: "who@acme.com", Severity: outcome.Error, Code: outcome.ReferenceNotFound,
				Message: "no user has this email address", Hint: "create the user first, or say missing: skip"},
		}}}
	conflict := put{source.Row{Number: 11, Line: 12, Cells: []string{"W-11", "Two\nlines", "", ""}},
		outcome.Outcome{Action: outcome.Rejected, Stage: outcome.Write, Key: "W-11", Attempts: 1, HTTPStatus: 400, Duration: 20 * time.Millisecond, Problems: []outcome.Problem{
			{Column: "Workspace ID", Attribute: "workspace_id", Value: "W-11", Severity: outcome.Error, Code: outcome.UniquenessConflict,
				Message: "another record has this ID: " + recordURL("r-W-1")},
		}}}
	unknown := put{source.Row{Number: 12, Line: 14, Cells: []string{"W-12", "Lost", "", ""}},
		outcome.Outcome{Action: outcome.Unknown, Stage: outcome.Write, Key: "W-12", Attempts: 1, Duration: 5 * time.Second, Problems: []outcome.Problem{
			{Severity: outcome.Error, Code: outcome.AnswerLost, Message: "the connection was reset after the row was sent", Hint: "look in Attio whether it is there"},
		}}}
	puts := []put{created(1, "W-1"), warned, updated, unchanged}
	return numbered(append(append(puts, invalidPuts()...), rejected, conflict, unknown))
}

// resumedPuts are rows of a run that was interrupted more than once.
func resumedPuts() []put {
	changed := func(n int) put {
		return put{source.Row{Number: n, Line: n + 1, Cells: []string{"W", "Acme", "", ""}},
			outcome.Outcome{Action: outcome.Skipped, Stage: outcome.Write, Key: "W", RecordID: "r-W", WebURL: recordURL("r-W"), Attempts: 1, Problems: []outcome.Problem{
				{Severity: outcome.Error, Code: outcome.ChangedSince, Message: "the record was changed after the row was sent and before it could be looked up", Hint: "look at " + recordURL("r-W")},
			}}}
	}
	dropped := changed(33)
	dropped.out.Problems = []outcome.Problem{{Severity: outcome.Warning, Code: outcome.Dropped, Message: "given up by decision"}}
	return numbered(append(runPuts(), changed(31), changed(32), dropped))
}

func planPuts() []put {
	var puts []put
	for _, p := range runPuts() {
		switch p.out.Action {
		case outcome.Created:
			p.out.Action, p.out.RecordID, p.out.WebURL = outcome.WouldCreate, "", ""
		case outcome.Updated:
			p.out.Action = outcome.WouldUpdate
		case outcome.Unknown:
			continue
		}
		p.out.Attempts, p.out.HTTPStatus, p.out.Duration = 0, 0, 0
		puts = append(puts, p)
	}
	return puts
}

func validatePuts() []put {
	valid := put{source.Row{Number: 4, Line: 5, Cells: []string{"W-4", "", "", ""}}, outcome.Outcome{Action: outcome.Valid, Stage: outcome.Map, Key: "W-4"}}
	return numbered(append([]put{valid}, invalidPuts()...))
}

// numbered gives outcomes and problems the place of their row.
func numbered(puts []put) []put {
	for i := range puts {
		row, o := puts[i].row, &puts[i].out
		o.Row, o.Line = row.Number, row.Line
		for j := range o.Problems {
			o.Problems[j].Row, o.Problems[j].Line = row.Number, row.Line
		}
	}
	return puts
}

// TestTextIsPlain holds the text to what may reach a terminal: printable
// characters, line breaks, and with colours only their control sequences.
func TestTextIsPlain(t *testing.T) {
	evil := "\x1b]52;c;YQ==\x07\u009b31m\r\u202e\u2028\x7f\xff\ufeff\t"
	s := Summary{
		Command: Run, Workspace: evil, ExitCode: 5, Reason: evil, Rows: 1,
		Counts:   map[outcome.Action]int{outcome.Invalid: 1},
		Problems: []ProblemGroup{{Severity: outcome.Error, Code: outcome.Code(evil), Column: evil, Example: evil, Hint: evil, Rows: 1}, {Severity: outcome.Warning, Code: "c", Attribute: evil}},
		Source:   Source{Name: evil}, Mapping: Mapping{Object: evil, Unmapped: []string{evil}, Unchecked: []string{evil}},
	}
	for _, color := range []bool{false, true} {
		var b bytes.Buffer
		if err := s.WriteText(&b, Text{Dir: evil, Next: evil, Color: color}); err != nil {
			t.Fatal(err)
		}
		text := b.String()
		if color != strings.Contains(text, "\x1b[1m") {
			t.Errorf("colour %t, text %q", color, text)
		}
		for _, code := range []string{"0", "1", "31", "32", "33"} {
			text = strings.ReplaceAll(text, "\x1b["+code+"m", "")
		}
		if got := Clean(strings.ReplaceAll(text, "\n", "")); got != strings.ReplaceAll(text, "\n", "") {
			t.Errorf("control characters reach the terminal: %q", text)
		}
	}
	doc, err := s.JSON()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.ReplaceAll(string(doc), "\n", ""); got != Clean(got) {
		t.Errorf("control characters reach the terminal: %q", doc)
	}
}
