package cli

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"attio-import/importer/outcome"
	"attio-import/importer/report"
)

// following is what to type next; empty where nothing is left to do.
type following struct {
	words   string // for a person, what has to be done before it included
	command string // the command line alone
}

// next is what to type after run, plan and validate.
func (s *session) next(summary report.Summary) following {
	verb := "run" // nothing was written
	switch {
	case s.record != nil:
		return s.continuation(s.finished, summary).orAnew(summary, s.command(verb)).following()
	case refusedAtOnce(summary):
		again := s.command(string(s.kind))
		return following{correctSheet(s.dir, again), again}
	case s.kind == kindValidate:
		verb = "plan"
	}
	return following{s.command(verb), s.command(verb)}
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
func (p *past) anew(summary report.Summary, now *options) string {
	return anew(summary) + now.following(p.header.Flags).again(slices.Concat(sheetFlags, runFlags)...)
}

// following are the options of the commands that follow on a run: those that it began
// with, but for what is said now. An API's address is not taken from a run: the
// token goes there, and a run directory may come from anybody.
func (o *options) following(began map[string]string) *options {
	said := map[string]string{}
	maps.Copy(said, began)
	delete(said, "api-url")
	delete(said, "runs-dir") // it may have been moved
	maps.Copy(said, o.said)
	return &options{said: said}
}

// elsewhere says in words that a run was made with an address that the next command does not have.
func (o *options) elsewhere(began map[string]string) string {
	if began["api-url"] == "" || o.said["api-url"] != "" || environment("ATTIO_BASE_URL") != "" {
		return ""
	}
	return " (with the --api-url of the run)"
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
	anew     string // imports the sheet anew, where that is as good; else empty

	opts      *options // whose flags each further command needs
	limited   bool     // a limit has stopped it: the same again would stop it again
	elsewhere string   // what the flags do not say
}

func (s *session) continuation(finished bool, summary report.Summary) continuation {
	var began map[string]string // in a new run the command line itself says it
	if s.past != nil {
		began = s.past.header.Flags
	}
	return continuation{run: cmp.Or(s.run, s.dir.id), dir: s.dir, finished: finished}.of(summary, began, s.opts)
}

// of is how a run is gone on with that began with some flags and has come so far.
func (c continuation) of(summary report.Summary, began map[string]string, now *options) continuation {
	c.counts, c.limited = summary.Counts, summary.ExitCode == exitLimit
	c.opts, c.elsewhere = now.following(began), now.elsewhere(began)
	return c
}

// after is what follows on a run whose reports were written by its journal.
func (s *session) after(p *past, summary report.Summary) following {
	c := continuation{run: cmp.Or(s.run, s.dir.id), dir: s.dir, finished: p.log.Complete()}
	return c.of(summary, p.header.Flags, s.opts).orAnew(summary, p.anew(summary, s.opts)).following()
}

// orAnew adds how the sheet is imported anew, where that is as good: nothing was sent.
func (c continuation) orAnew(summary report.Summary, run string) continuation {
	if refusedAtOnce(summary) {
		c.anew = run
	}
	return c
}

func (c continuation) following() following {
	words := c.words()
	if words != "" {
		words += c.elsewhere
	}
	return following{words, c.command()}
}

// words says what to do; empty where nothing is left to do.
func (c continuation) words() string {
	if c.anew != "" {
		return correctSheet(c.dir, c.anew) + "; or import the other rows, with a higher --max-errors or none: " + c.resume()
	}
	if !c.finished {
		return c.resume()
	}
	var steps []string
	if c.rejected() {
		rejects := c.dir.file(report.RejectsFile)
		steps = append(steps, "correct "+shellQuote(rejects)+", then attio-import retry "+shellQuote(c.run)+" "+shellQuote(rejects)+c.flags())
	}
	if c.counts[outcome.Unknown] > 0 {
		steps = append(steps, "write into the column _decision of "+shellQuote(c.dir.file(report.UnknownFile))+
			" what each row is (created URL, send, drop), then "+c.decide())
	}
	return strings.Join(steps, "; ")
}

// command is the command line that comes next; two where rows of both kinds are left.
func (c continuation) command() string {
	if !c.finished {
		return c.resume()
	}
	var lines []string
	if c.rejected() {
		lines = append(lines, "attio-import retry "+shellQuote(c.run)+c.flags())
	}
	if c.counts[outcome.Unknown] > 0 {
		lines = append(lines, c.decide())
	}
	return strings.Join(lines, "; ")
}

func (c continuation) rejected() bool {
	return c.counts[outcome.Invalid]+c.counts[outcome.Rejected] > 0
}

func (c continuation) flags() string { return c.opts.again(runFlags...) }

func (c continuation) resume() string {
	flags := c.flags()
	if !c.limited {
		flags = c.opts.again(append([]string{"max-errors"}, runFlags...)...)
	}
	return "attio-import resume " + shellQuote(c.run) + flags
}

func (c continuation) decide() string {
	return "attio-import resume " + shellQuote(c.run) + " --decide " + shellQuote(c.dir.file(report.UnknownFile)) + c.flags()
}
