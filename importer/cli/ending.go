package cli

import (
	"strings"
	"time"

	"attio-import/importer"
	"attio-import/importer/outcome"
	"attio-import/importer/report"
	"attio-import/mapping"
)

// end is what the report is told of how the passes ended.
func (s *session) end(ended error) report.End {
	e := report.End{
		ExitCode: exitCode(ended), Elapsed: time.Since(s.started),
		Source: report.Source{Name: s.sheetName(), Path: s.source.Path, Bytes: s.source.Size},
	}
	if s.check != nil {
		e.Source.Fingerprint, e.Source.Rows = s.check.Fingerprint, s.check.Rows
	}
	if s.api != nil {
		n := s.api.Requests()
		e.Requests = report.Requests{Read: n.Read, Write: n.Write, Limited: n.Limited}
	}
	if _, finished := ended.(*rowsFailed); ended != nil && !finished && ended != importer.ErrInterrupted {
		e.Reason = ended.Error()
	}
	return e
}

func (s *session) sheetName() string {
	if s.sheet == stdinName {
		return "standard input"
	}
	return s.sheet
}

// tell prints the summary: the result of the command. A quiet run that needs
// no attention prints nothing.
func (s *session) tell(summary report.Summary) error {
	if s.opts.json {
		return s.tellJSON(summary)
	}
	if s.opts.quiet && summary.ExitCode == exitOK {
		return nil
	}
	return summary.WriteText(s.io.Out, report.Text{
		Dir: s.dir.path, Next: s.next(summary), Color: hasColors(s.io.Out),
	})
}

// tellJSON prints the one document, and on standard error what a person needs.
func (s *session) tellJSON(summary report.Summary) error {
	doc, err := summary.JSON()
	if err != nil {
		return err
	}
	s.note("everything is in %s", s.dir.path)
	if next := s.next(summary); next != "" {
		s.note("next: %s", next)
	}
	_, err = s.io.Out.Write(doc)
	return err
}

// next is what to type after this; empty where nothing is left to do.
func (s *session) next(summary report.Summary) string {
	failed := summary.Counts[outcome.Invalid] + summary.Counts[outcome.Rejected]
	rejects := s.dir.file(report.RejectsFile)
	switch {
	case summary.ExitCode == exitLimit:
		return "correct what " + shellQuote(rejects) + " lists, or allow more with --max-errors"
	case s.kind == kindValidate:
		return s.command("plan", s.sheet)
	case s.kind == kindPlan:
		return s.command("run", s.sheet)
	case s.finished(summary) && failed > 0:
		return "correct " + shellQuote(rejects) + ", then " + s.command("run", rejects)
	case s.finished(summary):
		return ""
	}
	return s.goOn()
}

// finished reports whether every row of the sheet was reached.
func (s *session) finished(summary report.Summary) bool {
	return !s.limited() && (summary.ExitCode == exitOK || summary.ExitCode == exitRowsFailed)
}

// goOn is how the rows that were not reached are imported: with the sheet once
// more, unless that would make records twice.
func (s *session) goOn() string {
	switch {
	case !s.plan.Keyed():
		return "take the rows that were created (report.csv) out of the sheet: those without a key would be created again"
	case s.plan.Mode() == mapping.Create:
		return "say mode: upsert in " + shellQuote(s.mapping.Name) + ", so that what was created is found, then " + s.command("run", s.sheet)
	}
	return s.command("run", s.sheet)
}

// limited reports whether --limit left rows for another time.
func (s *session) limited() bool {
	return s.opts.limit > 0 && s.check != nil && s.check.Rows > s.opts.limit
}

// command is a command line for a sheet, with the flags that this one had.
// Standard input cannot be read again, but its copy can.
func (s *session) command(verb, sheet string) string {
	named := s.opts.mapping != "" || sheet != s.sheet
	if sheet == stdinName {
		sheet, named = s.dir.file(spoolName), true
	}
	if strings.HasPrefix(sheet, "-") {
		sheet = "./" + sheet // or it would be taken for a flag
	}
	line := "attio-import " + verb + " " + shellQuote(sheet)
	if named {
		line += " --mapping " + shellQuote(s.mapping.Name)
	}
	return line + s.opts.again
}

// shellQuote writes a word so that a POSIX shell reads it as one.
func shellQuote(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./+:@%", r)
	}
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
