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
		return s.continuation(s.finished, summary).orAnew(summary, s.command("run")).next()
	case refusedAtOnce(summary):
		return correctSheet(s.dir, s.command(string(s.kind)))
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

// anew is the command that imports the sheet of a run anew, with the flags that it
// began with.
func (p *past) anew(summary report.Summary) string {
	began := options{said: p.header.Flags}
	return anew(summary) + began.again(slices.Concat(sheetFlags, runFlags)...)
}

// asFile writes the name of a file so that it is not taken for a flag.
func asFile(name string) string {
	if strings.HasPrefix(name, "-") {
		name = "./" + name
	}
	return shellQuote(name)
}

// refusedAtOnce reports whether a run was stopped because of its invalid rows,
// before it looked anything up.
func refusedAtOnce(s report.Summary) bool {
	return s.ExitCode == exitLimit && s.Rows == s.Counts[outcome.Invalid] && s.Unsettled == 0
}

func correctSheet(dir runDir, then string) string {
	return "correct in the sheet what " + shellQuote(dir.file(report.RejectsFile)) + " lists, then " + then
}

// continuation is how a run that has a journal is gone on with.
type continuation struct {
	run      string // as a RUN argument names it
	dir      runDir
	finished bool // every row has its outcome
	counts   map[outcome.Action]int
	flags    string // that each further command needs
	anew     string // imports the sheet anew, where that is as good; else empty
}

func (s *session) continuation(finished bool, summary report.Summary) continuation {
	return continuation{
		run: cmp.Or(s.run, s.dir.id), dir: s.dir, finished: finished, counts: summary.Counts,
		flags: s.opts.again(runFlags...),
	}
}

// orAnew adds how the sheet is imported anew, where that is as good: nothing was sent.
func (c continuation) orAnew(summary report.Summary, run string) continuation {
	if refusedAtOnce(summary) {
		c.anew = run
	}
	return c
}

// next says what to do; empty where nothing is left to do.
func (c continuation) next() string {
	if c.anew != "" {
		return correctSheet(c.dir, c.anew) + "; or import the other rows, with a higher --max-errors or none: " + c.resume()
	}
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
