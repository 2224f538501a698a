package cli

import (
	"strings"
	"time"

	"attio-import/importer"
	"attio-import/importer/report"
)

// end is what the report is told of how the passes ended.
func (s *session) end(ended error) report.End {
	e := report.End{
		ExitCode: exitCode(ended), Elapsed: time.Since(s.started), Unsettled: s.tally.Open,
	}
	if s.source != nil {
		e.Source = report.Source{Name: s.sheetName(), Path: s.source.Path, Bytes: s.source.Size}
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

// tell prints the summary, the result of the command, and what to type next. A
// quiet run that needs no attention prints nothing.
func (s *session) tell(summary report.Summary, next following) error {
	if s.opts.json {
		return s.tellJSON(summary, next)
	}
	if s.opts.quiet && summary.ExitCode == exitOK {
		return nil
	}
	return summary.WriteText(s.io.Out, report.Text{
		Dir: s.dir.path, Next: next.words, Torn: s.torn, Color: hasColors(s.io.Out),
	})
}

// printed is a summary as it is printed: with what only a reader who stands here can use.
type printed struct {
	report.Summary
	Directory string `json:"directory"` // of the run
	Next      string `json:"next"`      // command line; empty: nothing is left to do
}

// tellJSON prints the one document, and on standard error what a person needs.
func (s *session) tellJSON(summary report.Summary, next following) error {
	doc, err := report.JSON(printed{summary, s.dir.path, next.command})
	if err != nil {
		return err
	}
	s.note("everything is in %s", s.dir.path)
	if s.torn != "" {
		s.warn("the report is incomplete: %s", s.torn)
	}
	if next.words != "" {
		s.note("next: %s", next.words)
	}
	_, err = s.io.Out.Write(doc)
	return err
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
