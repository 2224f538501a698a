package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"attio-import/importer"
	"attio-import/importer/journal"
	"attio-import/importer/outcome"
	"attio-import/importer/report"
	"attio-import/importer/source"
	"attio-import/mapping"
)

// The kinds of generations.
const (
	kindRetry  = "retry"
	kindDecide = "decide"
)

func newRetry(streams IO) *cobra.Command {
	var opts options
	cmd := &cobra.Command{
		Use:   "retry RUN [REJECTS]",
		Short: "Import what did not make it, from corrected rejects or with a corrected mapping",
		Long: `Import the rows of a run that were invalid or rejected once more: from a corrected
copy of its rejects.csv or, without REJECTS, from rejects.csv in the run's directory
as it stands there. With -m they are read by another mapping of the same object.

The rows keep the numbers that they had, their keys are checked against the whole
run's, and the run's reports are again about all its rows. A retry that was
interrupted is gone on with by resume. A file may be given again after more of it has
been corrected: rows that made it by the same cells count as done. One that looks like
another run's is refused.

` + exitHelp,
		Example: `  attio-import retry 20260412-081500123-0a1b2c corrected.csv
  attio-import retry 20260412-081500123-0a1b2c -m people.yaml`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 2 {
				return usage(fmt.Errorf("one run and one file of rejects, got %d arguments", len(args)), "")
			}
			return oneRun(cmd, args[:min(len(args), 1)])
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return goOnWith(cmd, &opts, args, streams, func(ctx context.Context, s *session) error {
				return s.retry(ctx, append(args, "")[1])
			})
		},
	}
	opts.addAgain(cmd.Flags())
	opts.addMapping(cmd.Flags(), "mapping file to read the rejects by (default: the run's)")
	return cmd
}

// retry begins a generation of corrected rejects; rejects is the file that the
// user names, or empty.
func (s *session) retry(ctx context.Context, rejects string) error {
	if !s.past.log.Complete() {
		return s.notThrough()
	}
	rows, err := s.past.ledger()
	if err != nil {
		return err
	}
	if rows.counts[outcome.Invalid]+rows.counts[outcome.Rejected] == 0 && rejects == "" {
		return s.nothingToDo("run %s has no rejects", s.dir.id)
	}
	m, err := s.newMapping()
	if err != nil {
		return err
	}
	if rejects == "" && (stale(s.dir.path) || !onDisk(s.dir.file(report.RejectsFile))) {
		if err := s.renderForRetry(); err != nil {
			return err
		}
	}
	file := cmp.Or(rejects, s.dir.file(report.RejectsFile))
	if err := s.notOfAnother(file); err != nil {
		return err
	}
	if _, err := source.OpenRejects(file, s.past.rejectsOptions()); err != nil {
		return err // told by the user's own name for it; what counts is the copy
	}
	g, err := s.copyIn(kindRetry, file, m)
	if err != nil {
		return err
	}
	w, before, err := s.newlyRetried(ctx, g, rejects == "")
	if err != nil {
		s.copyOut(g)
		return err
	}
	if before != "" {
		s.copyOut(g)
		return s.nothingToDo("%s was retried before %s", file, before)
	}
	return s.rendered(s.goOn(ctx, w), s.takenOver(rejects)...)
}

// renderForRetry brings reports up to date that are behind the run, so that its
// rejects are what they should be. What somebody has corrected in them is kept
// aside, and only the person can tell that it is what is meant.
func (s *session) renderForRetry() error {
	summary, _, err := render(s.dir)
	for _, kept := range summary.Edited {
		err = errors.Join(err, usage(fmt.Errorf("the reports of run %s were behind it and have been written anew; what was edited is kept in %s", s.dir.id, s.dir.file(kept)),
			"look what is still to be corrected, and name the file: attio-import retry "+s.dir.id+" FILE"))
	}
	return err
}

func (s *session) notThrough() error {
	resume := s.continuation(false, report.Summary{}).resume()
	return usage(fmt.Errorf("run %s is not through: rows of it are still to be done", s.dir.id), "resume first: "+resume)
}

// newMapping reads the mapping that the user names; nil if it is the run's.
func (s *session) newMapping() (*journal.Mapping, error) {
	if s.opts.mapping == "" {
		return nil, nil
	}
	text, err := readInput(s.opts.mapping)
	if err != nil {
		return nil, usage(fmt.Errorf("mapping file: %w", err), "check the name given with --mapping")
	}
	now := s.past.mappingOf(s.past.current().Number)
	if fingerprint(text) == now.Fingerprint {
		return nil, nil
	}
	file, err := mapping.Parse(s.opts.mapping, text)
	if err != nil {
		return nil, err
	}
	m := journalMapping(file, now.Object)
	return &m, nil
}

// takenOver names the run's own file of rejects if it was the one retried:
// what a person has corrected there is kept in the copy.
func (s *session) takenOver(rejects string) []string {
	own := s.dir.file(report.RejectsFile)
	if rejects == "" || sameFile(rejects, own) {
		return []string{report.RejectsFile}
	}
	return nil
}

// newlyRetried is the work of corrected rejects that a person gives. Where nothing of it
// is new, before says of which retry it was; asTheyAre tries rejects again all the same.
func (s *session) newlyRetried(ctx context.Context, g journal.Generation, asTheyAre bool) (w work, before string, err error) {
	c, err := s.past.corrections(ctx, g)
	if err != nil {
		return w, "", err
	}
	before = "(" + s.past.generation(c.latest).Source.Path + ")"
	switch {
	case len(c.todo) == 0:
		return w, before + ", and all of it made it: nothing is done", nil
	case !c.untried && !asTheyAre:
		return w, before + ": nothing is done; correct more of it, or leave the file out to try the run's rejects as they are", nil
	case c.done > 0:
		s.note("%s of %s: their rows were retried before, and made it", counted(c.done, "line"), g.Source.Name)
		if err := s.cut(&g, func(row int) bool { return c.todo[row] }); err != nil {
			return w, "", err
		}
	}
	w, err = s.retried(ctx, g)
	w.begin = s.beginning(g)
	return w, "", err
}

// retried is the work of a retry: its sheet, which must not have the keys of rows
// that made it.
func (s *session) retried(ctx context.Context, g journal.Generation) (w work, err error) {
	places, err := s.past.places(ctx)
	if err != nil {
		return w, err
	}
	w.begin = asBefore
	others := slices.DeleteFunc(s.past.sheets(), func(number int) bool { return number == g.Number })
	all, err := s.bring(ctx, append([]int{g.Number}, others...)...)
	if err != nil {
		return w, err
	}
	w.sheets = all[:1]
	if err := s.sameObject(all[0].plan); err != nil {
		return w, err
	}
	for _, other := range all[1:] {
		counts := func(row int) bool { return places.sheet(row) == other.generation && places.stands(row) }
		all[0].others = append(all[0].others, importer.Other{Source: other.source, Plan: other.plan, Counts: counts})
	}
	return w, s.firstPass(ctx, w.sheets)
}

// beginning begins a generation. Nothing is known of its rows then.
func (s *session) beginning(g journal.Generation) func(context.Context, *journal.Log) (importer.Past, error) {
	return func(ctx context.Context, _ *journal.Log) (importer.Past, error) { return nil, s.record.Begin(ctx, g) }
}

// sameObject makes sure that another mapping is for the object that the run imports.
func (s *session) sameObject(plan *mapping.Plan) error {
	began := s.past.header.Object
	if object := plan.Object().Slug; object != began {
		return usage(fmt.Errorf("the mapping is for %s, and the run imports %s", object, began),
			"a retry may read the rows otherwise, but for the same object")
	}
	return nil
}

// rejected reports whether an action is one that a retry is for.
func rejected(a outcome.Action) bool { return a == outcome.Invalid || a == outcome.Rejected }
