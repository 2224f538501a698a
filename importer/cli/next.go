package cli

import (
	"cmp"
	"slices"
	"strings"

	"attio-import/importer/outcome"
	"attio-import/importer/report"
)

// next is what to type after run, plan and validate.
func (s *session) next(summary report.Summary) string {
	switch {
	case s.record != nil:
		return s.continuation(s.finished, summary).next()
	case summary.ExitCode == exitLimit:
		return "correct what " + shellQuote(s.dir.file(report.RejectsFile)) + " lists, or allow more with --max-errors"
	case s.kind == kindValidate:
		return s.command("plan")
	}
	return s.command("run") // nothing was written
}

// command is a command line for the sheet, with the flags that this one had.
// Standard input cannot be read again, but its copy can.
func (s *session) command(verb string) string {
	sheet, named := s.sheet, s.opts.mapping != ""
	if sheet == stdinName {
		sheet, named = s.dir.file(spoolName), true
	}
	line := "attio-import " + verb + " " + asFile(sheet)
	if named {
		line += " --mapping " + shellQuote(s.mapping.Name)
	}
	return line + s.opts.again(slices.Concat(sheetFlags, runFlags)...)
}

// anew is the command that follows a plan, a validation, or a run that wrote
// nothing, by its summary alone.
func anew(summary report.Summary) string {
	verb := "run"
	if summary.Command == report.Validate {
		verb = "plan"
	}
	return "attio-import " + verb + " " + asFile(cmp.Or(summary.Source.Path, summary.Source.Name)) + " --mapping " + shellQuote(cmp.Or(summary.Mapping.Path, summary.Mapping.Name))
}

// asFile writes the name of a file so that it is not taken for a flag.
func asFile(name string) string {
	if strings.HasPrefix(name, "-") {
		name = "./" + name
	}
	return shellQuote(name)
}

// continuation is how a run that has begun to write is gone on with.
type continuation struct {
	run      string // as a RUN argument names it
	dir      runDir
	finished bool // every row has its outcome
	counts   map[outcome.Action]int
	flags    string // that each further command needs
}

func (s *session) continuation(finished bool, summary report.Summary) continuation {
	return continuation{
		run: cmp.Or(s.run, s.dir.id), dir: s.dir, finished: finished, counts: summary.Counts,
		flags: s.opts.again(runFlags...),
	}
}

// next says what to do; empty where nothing is left to do.
func (c continuation) next() string {
	if !c.finished {
		return c.resume()
	}
	var steps []string
	if c.rejected() {
		rejects := c.dir.file(report.RejectsFile)
		steps = append(steps, "correct "+shellQuote(rejects)+", then attio-import retry "+shellQuote(c.run)+" "+shellQuote(rejects)+c.flags)
	}
	if c.counts[outcome.Unknown] > 0 {
		steps = append(steps, "write into the column _decision of "+shellQuote(c.dir.file(report.UnknownFile))+
			" what each row is (created URL, send, drop), then "+c.decide())
	}
	return strings.Join(steps, "; ")
}

// command is the one command that comes next.
func (c continuation) command() string {
	switch {
	case !c.finished:
		return c.resume()
	case c.rejected():
		return "attio-import retry " + shellQuote(c.run) + c.flags
	case c.counts[outcome.Unknown] > 0:
		return c.decide()
	}
	return ""
}

func (c continuation) rejected() bool {
	return c.counts[outcome.Invalid]+c.counts[outcome.Rejected] > 0
}

func (c continuation) resume() string { return "attio-import resume " + shellQuote(c.run) + c.flags }

func (c continuation) decide() string {
	return "attio-import resume " + shellQuote(c.run) + " --decide " + shellQuote(c.dir.file(report.UnknownFile)) + c.flags
}
