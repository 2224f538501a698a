package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
)

func newRun(streams IO) *cobra.Command {
	var opts options
	var dryRun bool
	cmd := &cobra.Command{
		Use:   "run FILE",
		Short: "Import a sheet",
		Long: `Import a sheet: check every row, look up what it refers to, create or update its
record, and write a report with one line per row.

FILE is a CSV or TSV file, or - for standard input. The mapping says which
column goes where; see samples/workspaces.yaml.

` + exitHelp,
		Example: `  attio-import run --sandbox samples/workspaces.csv
  attio-import run contacts.csv --mapping people.yaml --max-errors 2%`,
		Args: oneFile,
		RunE: func(cmd *cobra.Command, args []string) error {
			if dryRun {
				if cmd.Flags().Changed("quiet-time") {
					return usage(errors.New("--quiet-time has no meaning in a dry run, which loses no answers"), "")
				}
				return runSheet(cmd, kindPlan, true, &opts, args[0], streams)
			}
			return runSheet(cmd, kindRun, true, &opts, args[0], streams)
		},
	}
	opts.addAll(cmd)
	opts.addQuietTime(cmd.Flags())
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "do everything but the writes; the same as plan")
	return cmd
}

func newPlan(streams IO) *cobra.Command {
	var opts options
	cmd := &cobra.Command{
		Use:   "plan FILE",
		Short: "Do everything of an import but the writes",
		Long: `Do everything of an import but the writes: what would be created, what updated
and from what to what, what is there already, what is wrong.

` + exitHelp,
		Args: oneFile,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runSheet(cmd, kindPlan, true, &opts, args[0], streams)
		},
	}
	opts.addAll(cmd)
	return cmd
}

func newValidate(streams IO) *cobra.Command {
	var opts options
	var online bool
	cmd := &cobra.Command{
		Use:   "validate FILE",
		Short: "Check a sheet without a network",
		Long: `Check every cell of a sheet: types, required values, keys that stand twice. No
network and no token are needed. What only the workspace knows (its own
attributes, the options of a select) is named as not checked; --online asks it.

` + exitHelp,
		Args: oneFile,
		RunE: func(cmd *cobra.Command, args []string) error {
			if !online {
				for _, name := range []string{"sandbox", "api-url", "api-key-file", "read-rate", "timeout"} {
					if cmd.Flags().Changed(name) {
						return usage(fmt.Errorf("--%s has no meaning offline", name), "say --online as well, to check against the workspace")
					}
				}
			}
			return runSheet(cmd, kindValidate, online, &opts, args[0], streams)
		},
	}
	opts.workers = 1 // nothing is written
	fl := cmd.Flags()
	opts.addSource(fl)
	opts.addRunsDir(fl)
	opts.addOutput(fl)
	opts.addAPI(fl)
	fl.BoolVar(&online, "online", false, "ask the workspace for its attributes and options (reads only)")
	return cmd
}

func (o *options) addAll(cmd *cobra.Command) {
	fl := cmd.Flags()
	o.addSource(fl)
	o.addAPI(fl)
	o.addWrites(fl)
	o.addRunsDir(fl)
	o.addOutput(fl)
	o.addMaxErrors(fl)
}

// runSheet is what run, plan and validate have in common.
func runSheet(cmd *cobra.Command, k kind, online bool, opts *options, sheet string, streams IO) error {
	ctx := cmd.Context()
	opts.remember(cmd, []string{sheet})
	if err := opts.check(); err != nil {
		return err
	}
	s, err := open(ctx, k, online, opts, sheet, streams)
	if err != nil {
		return err
	}
	return s.closing(s.pass(ctx))
}
