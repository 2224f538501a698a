package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"attio-import/importer/journal"
	"attio-import/importer/lock"
	"attio-import/importer/report"
)

func newRuns(streams IO) *cobra.Command {
	var opts options
	cmd := &cobra.Command{
		Use:   "runs",
		Short: "List the runs, how they ended and how to go on",
		Long: `List the runs, plans and validations of a directory of runs, the latest last: what was
imported when, how it ended, and the command to go on with. No network is needed.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage(fmt.Errorf("runs takes no arguments, got %q", args[0]), "--runs-dir says where the runs are")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.remember(cmd, args)
			return showRuns(&opts, streams)
		},
	}
	opts.addRunsDir(cmd.Flags())
	cmd.Flags().BoolVar(&opts.json, "json", false, "print JSON")
	return cmd
}

// listed is a run in the list.
type listed struct {
	Run      string         `json:"run"`
	Began    time.Time      `json:"started_at,omitzero"`
	Command  report.Command `json:"command,omitempty"`
	File     string         `json:"file,omitempty"`
	Object   string         `json:"object,omitempty"`
	Rows     int            `json:"rows"`         // with an outcome
	Of       int            `json:"of,omitempty"` // rows of the sheet; 0: not known
	State    string         `json:"state"`        // running, finished, unfinished, refused
	ExitCode *int           `json:"exit_code,omitempty"`
	Ended    string         `json:"ended"` // in words
	Next     string         `json:"next,omitempty"`
	Holder   *lock.Holder   `json:"held_by,omitempty"` // who works on it

	elsewhere string // what Next does not say
}

// The states of a run in the list.
const (
	stateRunning    = "running"
	stateFinished   = "finished"   // every row has its outcome
	stateUnfinished = "unfinished" // rows are left
	stateRefused    = "refused"    // its directory cannot be trusted or read
)

func showRuns(opts *options, streams IO) error {
	if err := checkRuns(opts.runsDir); err != nil && onDisk(opts.runsDir) {
		return err
	}
	ids, err := listRuns(opts.runsDir)
	if err != nil {
		return err
	}
	list := make([]listed, 0, len(ids))
	for _, id := range ids {
		if path := filepath.Join(opts.runsDir, id); began(path) || sweepable(path) {
			list = append(list, describeRun(path, opts))
		}
	}
	if opts.json {
		return printJSON(streams.Out, list)
	}
	if len(list) == 0 {
		_, err := fmt.Fprintf(streams.Out, "no runs in %s\n", report.Clean(opts.runsDir))
		return err
	}
	return printRuns(streams.Out, list)
}

func printRuns(out io.Writer, list []listed) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "RUN\tSTARTED\tWHAT\tFILE\tOBJECT\tROWS\tENDED\tNEXT")
	for _, l := range list {
		rows := fmt.Sprint(l.Rows)
		if l.Of > l.Rows {
			rows += fmt.Sprintf(" of %d", l.Of)
		}
		began := ""
		if !l.Began.IsZero() {
			began = l.Began.Local().Format("2006-01-02 15:04:05")
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", report.Clean(l.Run), began, report.Clean(string(l.Command)),
			report.Clean(l.File), report.Clean(l.Object), rows, report.Clean(l.Ended), report.Clean(l.Next+l.elsewhere))
	}
	return w.Flush()
}

// describeRun tells of a run by its directory.
func describeRun(path string, opts *options) listed {
	l := listed{Run: filepath.Base(path)}
	if err := checkRun(path); err != nil {
		l.State, l.Ended = stateRefused, err.Error()
		return l
	}
	summary, finished, err := summaryOf(path)
	if err == nil {
		l.tell(summary, finished)
	}
	switch holder, held, unlocked := lock.Held(filepath.Join(path, lockName)); {
	case unlocked == nil && held:
		l.State, l.Ended, l.Holder, l.ExitCode = stateRunning, "running"+by(holder), &holder, nil
	case errors.Is(err, fs.ErrNotExist):
		l.State, l.Ended = stateUnfinished, "killed before it began; the next run removes it"
	case err != nil:
		l.State, l.Ended = stateRefused, err.Error()
	default:
		l.Next, l.elsewhere = nextOf(path, opts, summary, finished)
	}
	return l
}

func by(h lock.Holder) string {
	if h.PID == 0 {
		return ""
	}
	return fmt.Sprintf(", process %d on %s", h.PID, h.Host)
}

func (l *listed) tell(s report.Summary, finished bool) {
	l.Began, l.Command, l.File, l.Object = s.Started, s.Command, s.Source.Name, s.Mapping.Object
	l.Rows, l.Of, l.ExitCode = s.Rows, s.Source.Rows, &s.ExitCode
	if l.State = stateUnfinished; finished {
		l.State = stateFinished
	}
	l.Ended = ended(s)
}

// ended says in a few words how a run ended.
func ended(s report.Summary) string {
	left := s.Command == report.Run && s.Rows < s.Source.Rows
	switch s.ExitCode {
	case exitOK:
		if left {
			return "rows are left"
		}
		return "fine"
	case exitRowsFailed:
		if left {
			return "rows are left, some did not make it"
		}
		return "some rows did not make it"
	case exitAuth:
		return "stopped: token, permission or plan"
	case exitLimit:
		return "stopped by a limit"
	case exitInterrupted:
		return "interrupted"
	}
	return "stopped by an error"
}

// nextOf is the command that follows a run, and what it does not say.
func nextOf(path string, opts *options, s report.Summary, finished bool) (next, elsewhere string) {
	if _, err := os.Lstat(filepath.Join(path, journal.FileName)); err != nil {
		return anew(s) + opts.again("runs-dir"), ""
	}
	header, _ := headerOf(path) // of one that is damaged the flags are not known
	c := continuation{run: filepath.Base(path), dir: runDir{path: path}, finished: finished}.of(s, header.Flags, opts)
	if next = c.command(); next == "" {
		return "", ""
	}
	return next, c.elsewhere
}

// headerOf is what a run began with.
func headerOf(path string) (journal.Header, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return journal.Header{}, err
	}
	defer root.Close()
	return journal.ReadHeader(root)
}

// summaryOf is what a run has come to: by its summary.json or, where a process
// was killed before it could write one, by the journal. A journal that is
// younger than the summary says so.
func summaryOf(path string) (s report.Summary, finished bool, err error) {
	if stale(path) {
		return countRows(path)
	}
	s, err = report.ReadSummary(path)
	fine := s.ExitCode == exitOK || s.ExitCode == exitRowsFailed
	return s, fine && s.Rows >= s.Source.Rows && s.Unsettled == 0, err
}

// stale reports whether the reports of a run say less than its journal.
func stale(path string) bool {
	written, unwritten := os.Lstat(filepath.Join(path, report.SummaryFile))
	record, err := os.Lstat(filepath.Join(path, journal.FileName))
	return err == nil && (unwritten != nil || record.ModTime().After(written.ModTime()))
}

// countRows counts what the journal of a run says of its rows.
func countRows(path string) (s report.Summary, finished bool, err error) {
	p, err := readRun(path)
	if err != nil {
		return s, false, err
	}
	defer p.close()
	rows, err := p.ledger()
	if err != nil {
		return s, false, err
	}
	for _, n := range rows.counts {
		s.Rows += n
	}
	end := p.end(rows)
	s.Run, s.Command, s.Started, s.Workspace = p.dir.id, report.Run, p.header.Began, p.header.Workspace.Name
	s.Counts, s.ExitCode, s.Source, s.Mapping, s.Unsettled = rows.counts, end.ExitCode, end.Source, p.Report.Mapping, end.Unsettled
	return s, p.log.Complete(), nil
}
