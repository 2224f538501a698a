package cli

import (
	"errors"
	"strings"
	"time"

	"attio-import/importer/outcome"
	"attio-import/importer/report"
)

// end is what the report is told of how the passes ended.
func (s *session) end(ended error) report.End {
	e := report.End{
		ExitCode: exitCode(ended), Elapsed: time.Since(s.started),
		Source: report.Source{Name: s.sheet, Path: s.source.Path, Bytes: s.source.Size},
	}
	if s.check != nil {
		e.Source.Fingerprint, e.Source.Rows = s.check.Fingerprint, s.check.Rows
	}
	if s.api != nil {
		n := s.api.Requests()
		e.Requests = report.Requests{Read: n.Read, Write: n.Write, Limited: n.Limited}
	}
	var rows *rowsFailed
	if ended != nil && !errors.As(ended, &rows) {
		e.Reason = ended.Error()
	}
	return e
}

// tell prints the summary: the result of the command. A quiet run that needs
// no attention prints nothing.
func (s *session) tell(summary report.Summary) error {
	if s.opts.json {
		doc, err := summary.JSON()
		if err != nil {
			return err
		}
		_, err = s.io.Out.Write(doc)
		return err
	}
	if s.opts.quiet && summary.ExitCode == exitOK {
		return nil
	}
	return summary.WriteText(s.io.Out, report.Text{
		Dir: s.dir.path, Next: s.next(summary), Color: hasColors(s.io.Out),
	})
}

// next is what to type after this; empty where nothing is left to do.
func (s *session) next(summary report.Summary) string {
	again := shellQuote(s.sheet) + s.flags()
	failed := summary.Counts[outcome.Invalid] + summary.Counts[outcome.Rejected]
	switch {
	case s.kind == kindValidate:
		return "attio-import plan " + again
	case s.kind == kindPlan:
		return "attio-import run " + again
	case summary.ExitCode == exitRowsFailed && failed > 0:
		rejects := shellQuote(s.dir.file(report.RejectsFile))
		return "correct " + rejects + ", then attio-import run " + rejects + " --mapping " + shellQuote(s.mapping.Name) + s.sandboxFlag()
	case summary.ExitCode == exitOK || summary.ExitCode == exitRowsFailed:
		return ""
	case len(s.plan.Match()) == 0:
		return "take the rows that were created (report.csv) out of the sheet: the mapping has no key by which they would be found"
	}
	return "attio-import run " + again
}

// flags are those that the next command needs as well.
func (s *session) flags() string { return s.mappingFlag() + s.sandboxFlag() }

func (s *session) mappingFlag() string {
	if s.opts.mapping == "" {
		return ""
	}
	return " --mapping " + shellQuote(s.opts.mapping)
}

func (s *session) sandboxFlag() string {
	if !s.opts.sandbox {
		return ""
	}
	return " --sandbox"
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
