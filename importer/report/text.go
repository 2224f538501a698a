package report

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"attio-import/importer/outcome"
)

// Text is what the caller knows about the place where a summary is read.
type Text struct {
	Dir   string // the run directory, as the user may type it
	Next  string // the command to type next; empty: nothing is left to do
	Torn  string // why the files are incomplete, and what to do; empty: they are whole
	Color bool   // see [Colors]
}

// shownGroups is how many kinds of errors, and how many of warnings, the text
// shows; summary.json has them all.
const shownGroups = 10

// WriteText writes the summary for a person: what became of the rows, what is
// wrong and what to do about it, which files to open. Lines are not wrapped. The last
// line names the run directory and the next command.
func (s Summary) WriteText(w io.Writer, t Text) error {
	p := &page{Summary: &s, Text: t}
	p.headline()
	p.counts()
	p.groups(outcome.Error, "What is wrong")
	p.groups(outcome.Warning, "Worth knowing")
	p.notLooked()
	p.files()
	p.last()
	_, err := w.Write(p.out.Bytes())
	return err
}

// page is a summary's text in the making.
type page struct {
	*Summary
	Text
	out bytes.Buffer
}

func (p *page) printf(format string, args ...any) { fmt.Fprintf(&p.out, format, args...) }

// headline says in one line how it went.
func (p *page) headline() {
	what, into := "Imported ", " into "
	switch p.Command {
	case Plan:
		what = "Planned the import of "
	case Validate:
		what, into = "Checked ", " for "
	}
	what += Clean(p.Source.Name)
	if p.Mapping.Object != "" {
		what += into + Clean(p.Mapping.Object)
	}
	if p.Workspace != "" {
		what += " of " + Clean(p.Workspace)
	}
	p.printf("%s\n\n", p.paint(bold, what+": "+p.verdict()+"."))
}

func (p *page) verdict() string {
	v := p.stopped()
	if v == "" {
		v = p.fine()
	}
	if p.Command == Plan {
		v += "; nothing was written"
	}
	return v
}

// fine says how many of the rows are as they should be.
func (p *page) fine() string {
	failed := p.attention()
	fine := p.Rows - failed
	var v string
	switch {
	case p.Rows == 0:
		v = "it has no rows"
	case p.Rows == 1 && failed == 0:
		v = "its row is fine"
	case p.Rows == 1:
		v = "its row is not fine"
	case failed == 0:
		v = "all " + plural(p.Rows, "row") + " are fine"
	case fine == 0:
		v = "none of " + plural(p.Rows, "row") + " is fine"
	default:
		v = be(fine, " of "+plural(p.Rows, "row")) + " fine, " + be(failed, "") + " not"
	}
	if left := p.Source.Rows - p.Rows; left > 0 {
		v += "; " + be(left, " "+noun(left, "row")) + " left for later"
	}
	return v
}

// stopped says that, why and where a run ended before its last row; empty if
// it did not.
func (p *page) stopped() string {
	var v string
	switch p.ExitCode {
	case 0, 3:
		return ""
	case 5:
		v = "stopped by a limit"
	case 6:
		v = "interrupted"
	default:
		v = "stopped by an error"
	}
	if p.Reason != "" {
		v += " (" + Clean(p.Reason) + ")"
	}
	v += " after " + number(p.Rows)
	if p.Source.Rows > p.Rows {
		v += " of " + number(p.Source.Rows)
	}
	v += " " + noun(max(p.Rows, p.Source.Rows), "row")
	if failed := p.failed(); failed > 0 {
		v += ", " + number(failed) + " of which failed"
	}
	return v
}

// counts is the table of actions, with the total, the time and the requests.
func (p *page) counts() {
	for _, action := range outcome.Actions() {
		n := p.Counts[action]
		if n == 0 {
			continue
		}
		line := strings.TrimRight(fmt.Sprintf("%12s  %-12s %s", number(n), action, p.meaning(action)), " ")
		p.printf("%s\n", p.paint(style(action), line))
	}
	p.printf("%12s  %s\n", number(p.Rows), p.effort())
	if n := p.Unsettled; n > 0 {
		has, them := "have", "them"
		if n == 1 {
			has, them = "has", "it"
		}
		p.printf("\n%s\n", p.paint(yellow, fmt.Sprintf("%12s  %s may have been sent and %s no outcome yet; resume looks %s up", number(n), noun(n, "row"), has, them)))
	}
}

func (p *page) effort() string {
	elapsed, least := time.Duration(p.ElapsedMS)*time.Millisecond, ""
	if p.CutOff > 0 {
		least = "at least "
	}
	text := noun(p.Rows, "row") + " in " + least + span(elapsed)
	if r := rate(float64(p.Rows) / elapsed.Seconds()); elapsed >= time.Second && r != "0" && p.CutOff == 0 {
		text += ", " + r + " a second"
	}
	if p.Requests.Write > 0 {
		text += "; " + least + plural(int(p.Requests.Write), "write")
	}
	if p.Requests.Read > 0 {
		text += "; " + least + plural(int(p.Requests.Read), "read")
	}
	if p.Requests.Limited > 0 {
		text += "; asked to slow down " + least + plural(int(p.Requests.Limited), "time")
	}
	return text + p.processes() + p.estimate()
}

// processes says how many worked on the run, where that is worth a word.
func (p *page) processes() string {
	switch {
	case p.Processes > 1 && p.CutOff > 0:
		was := "were"
		if p.CutOff == 1 {
			was = "was"
		}
		return fmt.Sprintf("; by %s processes, of which %s %s cut off", number(p.Processes), number(p.CutOff), was)
	case p.Processes > 1:
		return "; by " + number(p.Processes) + " processes"
	case p.CutOff > 0:
		return "; its process was cut off"
	}
	return ""
}

// estimate says how long a run takes that does what was planned.
func (p *page) estimate() string {
	writes := p.Counts[outcome.WouldCreate] + p.Counts[outcome.WouldUpdate]
	if p.Command != Plan || writes == 0 {
		return ""
	}
	text := "\n" + strings.Repeat(" ", 14) + "a run would send " + plural(writes, "write")
	if p.writeRate <= 0 {
		return text
	}
	seconds := float64(writes) / p.writeRate
	return text + ": about " + span(time.Duration(seconds*float64(time.Second))) + " at " + rate(p.writeRate) + " a second"
}

// meaning explains the actions that call for something.
func (p *page) meaning(a outcome.Action) string {
	switch a {
	case outcome.Unchanged:
		return "the records say all of it already"
	case outcome.Skipped:
		return p.skipped()
	case outcome.Invalid:
		return "refused by our own check; nothing was sent for them"
	case outcome.Rejected:
		return "refused by Attio, or by what is in the workspace"
	case outcome.Unknown:
		return "sent, but no answer came, and nothing can tell what became of them"
	}
	return ""
}

// skipped says why rows were skipped: what nobody wanted calls for a person.
func (p *page) skipped() string {
	const changed = "because somebody has changed the record meanwhile"
	switch p.Changed {
	case 0:
		return "on purpose"
	case p.Counts[outcome.Skipped]:
		return changed
	}
	return "on purpose; " + number(p.Changed) + " of them " + changed
}

// groups lists the most frequent problems of a severity, with what to do.
func (p *page) groups(severity outcome.Severity, title string) {
	shown, more := 0, 0
	for i := range p.Problems {
		g := &p.Problems[i]
		if g.Severity != severity {
			continue
		}
		if shown == shownGroups {
			more++
			continue
		}
		if shown == 0 {
			p.printf("\n%s\n", p.paint(bold, title))
		}
		shown++
		p.group(g)
	}
	if more > 0 {
		p.printf("%12s  %s, in %s\n", "", plural(more, "more kind")+" of them", ProblemsFile)
	}
	if severity == outcome.Warning && p.Unlisted > 0 {
		p.printf("%12s  and more kinds than can be told apart here: %s, in %s\n", "", plural(p.Unlisted, "problem"), ProblemsFile)
	}
}

func (p *page) group(g *ProblemGroup) {
	where := ""
	if g.Column != "" {
		where = " in " + quote(g.Column)
	} else if g.Attribute != "" {
		where = " for " + Clean(g.Attribute)
	}
	p.printf("%12s  %s\n", plural(g.Rows, "row"), p.paint(severityStyle(g.Severity), Clean(string(g.Code)))+where)
	p.printf("%12s  row %d: %s\n", "", g.Row, Clean(g.Example))
	p.values(g)
	if g.Hint != "" {
		p.printf("%12s  -> %s\n", "", Clean(g.Hint))
	}
}

// shownValues is how many of a group's values the text shows.
const shownValues = 6

// values lists what is wrong most often, if anything is wrong more than once:
// then a line of the mapping may mend many rows.
func (p *page) values(g *ProblemGroup) {
	if len(g.Values) < 2 || g.Values[0].Count < 2 {
		return
	}
	shown := g.Values[:min(len(g.Values), shownValues)]
	said := make([]string, len(shown))
	for i, v := range shown {
		said[i] = fmt.Sprintf("%s %d", quote(v.Value), v.Count)
	}
	text := strings.Join(said, ", ")
	if more := len(g.Values) - len(shown) + g.MoreValues; more > 0 {
		text += " and " + plural(more, "more text")
	}
	p.printf("%12s  how often: %s\n", "", text)
}

// notLooked tells what was left out of the check and of the import.
func (p *page) notLooked() {
	if len(p.Mapping.Unchecked) > 0 {
		p.printf("\n%s\n", p.paint(bold, "Not checked, as only the workspace can tell"))
		for _, what := range p.Mapping.Unchecked {
			p.printf("%14s%s\n", "", Clean(what))
		}
	}
	if len(p.Mapping.Unmapped) > 0 {
		p.printf("\n%s\n%14s%s\n", p.paint(bold, "Columns that the mapping does not use"), "", quotes(p.Mapping.Unmapped))
	}
}

// files names the files that hold something.
func (p *page) files() {
	p.printf("\n%s\n", p.paint(bold, "Files"))
	tell := func(n int, name, what string) {
		if n > 0 {
			p.printf("%12s  %-13s %s\n", "", name, what)
		}
	}
	rejected := p.Counts[outcome.Invalid] + p.Counts[outcome.Rejected]
	unknown := p.Counts[outcome.Unknown]
	switch {
	case p.Torn != "":
		p.printf("%12s  %s\n", "", p.paint(yellow, "incomplete: "+Clean(p.Torn)))
		tell(1, ReportFile, "what became of those rows that it has, a line each")
	case p.Command == Validate:
		tell(p.lines.problems, ReportFile, "the rows with a problem, a line each")
	default:
		tell(1, ReportFile, "what became of each row, a line each")
	}
	tell(p.lines.problems, ProblemsFile, plural(p.lines.problems, "problem")+", warnings too")
	tell(p.lines.changes, ChangesFile, plural(p.lines.changes, "attribute")+", from what to what")
	tell(rejected, RejectsFile, plural(rejected, "row")+" to correct, as in the source")
	tell(unknown, UnknownFile, plural(unknown, "row")+" to look up in Attio; say in _decision: created URL, send or drop")
	for _, name := range p.Edited {
		tell(1, name, "as somebody had edited it, before it was written anew")
	}
	tell(1, SummaryFile, "this, for programs")
}

func (p *page) last() {
	p.printf("\nEverything is in %s", Clean(p.Dir))
	if p.Next != "" {
		p.printf("; next: %s", p.paint(bold, Clean(p.Next)))
	}
	p.printf("\n")
}

// quote puts a name in quotation marks, fit for a terminal.
func quote(name string) string { return `"` + Clean(name) + `"` }

func quotes(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = quote(name)
	}
	return strings.Join(quoted, ", ")
}

// plural writes a number with its noun: 1 row, 1,200 rows.
func plural(n int, what string) string { return number(n) + " " + noun(n, what) }

// be writes a number with what it is a part of, and the verb: 1 of 3 rows is.
func be(n int, of string) string {
	if n == 1 {
		return "1" + of + " is"
	}
	return number(n) + of + " are"
}

func noun(n int, what string) string {
	if n == 1 {
		return what
	}
	return what + "s"
}

// number writes thousands apart: 1,234,567.
func number(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// rate writes a number a second, as finely as it is worth reading.
func rate(perSecond float64) string {
	if perSecond >= 100 {
		return number(int(perSecond + 0.5))
	}
	return strings.TrimSuffix(strconv.FormatFloat(perSecond, 'f', 1, 64), ".0")
}

// span writes a time as a person says it: 12 ms, 0.4 s, 8.2 s, 12 min 5 s, 3 h 12 min.
func span(d time.Duration) string {
	switch s := int(d.Round(time.Second).Seconds()); {
	case d < 100*time.Millisecond:
		return strconv.FormatInt(d.Milliseconds(), 10) + " ms"
	case d < 59950*time.Millisecond:
		return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + " s"
	case s < 3600:
		return fmt.Sprintf("%d min %d s", s/60, s%60)
	default:
		return fmt.Sprintf("%s h %d min", number(s/3600), s%3600/60)
	}
}
