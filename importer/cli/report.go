package cli

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"attio-import/importer/journal"
	"attio-import/importer/report"
)

func newReport(streams IO) *cobra.Command {
	var opts options
	cmd := &cobra.Command{
		Use:   "report RUN",
		Short: "Write the reports of a run again, and show its summary",
		Long: `Write the reports of a run again, from its directory alone: no network, no token
and no sheet are needed. Of a plan or a validation the summary is shown.

RUN is a run's id or its directory; attio-import runs lists the runs.`,
		Args: oneRun,
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.remember(cmd, args)
			if err := opts.check(); err != nil {
				return err
			}
			return showReport(&opts, args[0], streams)
		},
	}
	opts.workers, opts.timeout = 1, time.Second // nothing is sent
	opts.addRunsDir(cmd.Flags())
	opts.addOutput(cmd.Flags())
	return cmd
}

// oneRun demands exactly one RUN argument.
func oneRun(cmd *cobra.Command, args []string) error {
	switch {
	case len(args) == 0:
		return usage(errors.New("no run given"), "attio-import "+cmd.Name()+" RUN; attio-import runs lists the runs")
	case len(args) > 1:
		return usage(fmt.Errorf("one run at a time, got %d", len(args)), "")
	}
	return nil
}

func showReport(opts *options, run string, streams IO) error {
	s := &session{opts: opts, io: streams, run: run, started: time.Now(), screen: newScreen(opts, streams.Err)}
	path, err := findRun(opts.runsDir, run)
	if err != nil {
		return err
	}
	if s.dir, err = holdRun(path, opts.holder(s.started)); err != nil {
		return err
	}
	return s.closing(s.report())
}

// report renders a run again. What has no journal has written nothing, and
// tells of itself by its summary. To have told it is a success, whatever it says.
func (s *session) report() error {
	if _, err := s.dir.root.Lstat(journal.FileName); err == nil {
		ended := s.rendered(nil)
		if _, told := ended.(*rowsFailed); told {
			return nil
		}
		return ended
	}
	summary, err := report.ReadSummary(s.dir.path)
	if err != nil {
		return err
	}
	next := anew(summary) + s.opts.again("runs-dir")
	return s.tell(summary, following{next, next})
}
