package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"attio-import/importer"
	"attio-import/importer/journal"
	"attio-import/importer/report"
)

func newResume(streams IO) *cobra.Command {
	var opts options
	var decisions string
	cmd := &cobra.Command{
		Use:   "resume [RUN]",
		Short: "Go on with a run that did not come to its end",
		Long: `Go on with a run that was interrupted, killed, or stopped by an error or a limit.
It ends where an undisturbed run would have: rows that were written are not
written again, and what was under way is looked up first.

RUN is a run's id or its directory. Without it the latest run is gone on with that did
not come to its end and, with --decide, the run in whose directory the file lies. The
sheet, the mapping and the workspace must be the ones that the run began with.

With --decide it carries out what a person says about rows whose fate nobody can
tell: unknown.csv with its column _decision filled in, for each row
  created URL   it is that record: the address, or the record's id
  send          it is not in Attio: send it again
  drop          leave it
  (nothing)     it stays unknown

` + exitHelp,
		Example: `  attio-import resume
  attio-import resume 20260412-081500123-0a1b2c --max-outage 2h
  attio-import resume --decide .attio-import/runs/20260412-081500123-0a1b2c/unknown.csv`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage(fmt.Errorf("one run at a time, got %d", len(args)), "")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			decide, chosen := cmd.Flags().Changed("decide"), len(args) == 0
			if chosen {
				opts.remember(cmd, args)
				run, err := chooseRun(&opts, decide, decisions, streams)
				if err != nil {
					return err
				}
				args = []string{run}
			}
			return goOnWith(cmd, &opts, args, streams, func(ctx context.Context, s *session) error {
				if chosen {
					s.note("going on with run %s of %s", s.dir.id, s.past.header.Source.Name)
				}
				if decide {
					return s.decide(ctx, decisions)
				}
				return s.resume(ctx)
			})
		},
	}
	opts.addAgain(cmd.Flags())
	opts.addMapping(cmd.Flags(), "the mapping file that the run began with, if it is elsewhere by now")
	cmd.Flags().StringVar(&decisions, "decide", "", "file with decisions about rows whose fate is unknown")
	return cmd
}

// chooseRun is the run that is meant where nobody names it.
func chooseRun(opts *options, decide bool, decisions string, streams IO) (string, error) {
	if err := opts.check(); err != nil {
		return "", err
	}
	if decide {
		if dir := runOf(decisions); dir != "" {
			return runArgument(opts.runsDir, dir), nil
		}
	}
	return latestRun(opts.runsDir, !decide, newScreen(opts, streams.Err).warn)
}

// goOnWith is what the commands have in common that go on with a run; args
// begin with the run.
func goOnWith(cmd *cobra.Command, opts *options, args []string, streams IO, verb func(context.Context, *session) error) error {
	opts.remember(cmd, args)
	if err := opts.check(); err != nil {
		return err
	}
	s, err := reopen(opts, args[0], streams)
	if err != nil {
		return err
	}
	return s.closing(verb(cmd.Context(), s))
}

// resume goes on with the sheet, the retry or the decisions that the run is at.
func (s *session) resume(ctx context.Context) error {
	if s.past.log.Complete() {
		return s.nothingToDo("run %s is through: there is nothing to resume", s.dir.id)
	}
	w, err := s.current(ctx)
	if err != nil {
		return err
	}
	if err := s.quiet(ctx, w.sheets); err != nil {
		return failing(exitCode(err), err, "go on with "+s.continuation(false, report.Summary{}).resume())
	}
	return s.rendered(s.goOn(ctx, w))
}

// asBefore goes on as the journal stands.
func asBefore(_ context.Context, log *journal.Log) (importer.Past, error) { return log, nil }

// current is the work of the generation that the run is at.
func (s *session) current(ctx context.Context) (work, error) {
	switch g := s.past.current(); g.Kind {
	case kindRetry:
		return s.retried(ctx, g)
	case kindDecide:
		return s.stillDecided(ctx, g)
	}
	return s.began(ctx)
}

// began is the work that the run began with.
func (s *session) began(ctx context.Context) (work, error) {
	sheets, err := s.bring(ctx, 0)
	if err != nil {
		return work{}, err
	}
	if err := s.firstPass(ctx, sheets); err != nil {
		return work{}, err
	}
	return work{sheets: sheets, begin: asBefore}, s.sameVerdicts(sheets[0])
}

// sameVerdicts makes sure that the first pass refuses as many rows as it did
// when the run began: the options of a select may have changed since, or the program.
func (s *session) sameVerdicts(began *sheet) error {
	if began.check.Invalid == s.past.Invalid {
		return nil
	}
	used, err := s.past.schema()
	if err != nil {
		return err
	}
	var found differences
	found.add("rows", "%d are invalid by now, and %d were when the run began (attio-import %s; this is %s)",
		began.check.Invalid, s.past.Invalid, s.past.header.Program, version())
	for _, option := range goneOptions(used, s.described) {
		found.add("schema", "an option is not there any more: %s", option)
	}
	return found.refuse(s.dir.id, s.mend(found))
}
