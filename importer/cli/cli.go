package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"attio-import/importer"
	"attio-import/importer/report"
)

// IO is where a command reads and writes.
type IO struct {
	In       io.Reader
	Out, Err io.Writer
}

// Main runs one command line, args without the program's name, and returns the
// exit code. It is interrupted by ctx: calls under way are finished, what is
// known is reported. That nobody reads what it prints any more changes nothing.
func Main(ctx context.Context, args []string, streams IO) int {
	streams.Out, streams.Err = heedless{streams.Out}, heedless{streams.Err}
	root := newRoot(streams)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		err = importer.ErrInterrupted // in the words of whatever call it cut off
	}
	if _, told := err.(*rowsFailed); !told {
		complain(streams.Err, err)
	}
	return exitCode(err)
}

// complain prints an error and, if it has one, its hint. Texts from cells, files and
// servers may be in it, so control characters are made visible.
func complain(w io.Writer, err error) {
	for i, line := range strings.Split(strings.TrimRight(err.Error(), "\n"), "\n") {
		if i == 0 {
			line = "attio-import: " + line
		}
		fmt.Fprintln(w, report.Clean(line))
	}
	if hint := hintOf(err); hint != "" {
		fmt.Fprintln(w, "hint: "+report.Clean(hint))
	}
}

func newRoot(streams IO) *cobra.Command {
	root := &cobra.Command{
		Use:   "attio-import",
		Short: "Bring a spreadsheet into the Attio CRM",
		Long: `Bring a spreadsheet into the Attio CRM: every row gets exactly one outcome.

Try it without an account:
  attio-import run --sandbox samples/workspaces.csv

` + exitHelp,
		SilenceUsage:      true,
		SilenceErrors:     true,
		Args:              cobra.ArbitraryArgs,
		RunE:              noCommand,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	root.Version = version()
	root.SetVersionTemplate("attio-import {{.Version}}\n")
	root.SuggestionsMinimumDistance = 2
	root.SetIn(streams.In)
	root.SetOut(streams.Out)
	root.SetErr(streams.Err)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usage(err, "see "+cmd.CommandPath()+" --help")
	})
	root.AddCommand(
		newRun(streams), newPlan(streams), newValidate(streams), newResume(streams), newRetry(streams),
		newRuns(streams), newReport(streams), newSchema(streams), newSandbox(streams),
	)
	return root
}

// noCommand answers a command line without a verb, or with one that does not exist.
func noCommand(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return root.Help()
	}
	hint := "attio-import --help lists the commands"
	if near := root.SuggestionsFor(args[0]); len(near) > 0 {
		hint = "did you mean " + strings.Join(near, " or ") + "?"
	}
	return usage(fmt.Errorf("there is no command %q", args[0]), hint)
}

// oneFile demands exactly one FILE argument.
func oneFile(cmd *cobra.Command, args []string) error {
	switch {
	case len(args) == 0:
		return usage(errors.New("no file given"), "attio-import "+cmd.Name()+" FILE, or - for standard input")
	case len(args) > 1:
		return usage(fmt.Errorf("one file at a time, got %d: %s", len(args), strings.Join(args, ", ")), "")
	}
	return nil
}

// version is the module's, as the Go toolchain has recorded it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(unknown version)"
	}
	return info.Main.Version
}

// environment returns the first of the variables that is set, or "".
func environment(names ...string) string {
	for _, name := range names {
		if v := os.Getenv(name); v != "" {
			return v
		}
	}
	return ""
}
