package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"attio-import/importer/sandbox"
	"attio-import/samples"
)

// sandboxFlags are the flags of the sandbox command as text; sandbox.Options
// is what they mean.
type sandboxFlags struct {
	sandbox.Options
	jitter, latency string
	faults          []string
}

func newSandbox(streams IO) *cobra.Command {
	var f sandboxFlags
	cmd := &cobra.Command{
		Use:   "sandbox",
		Short: "Serve an imitation of Attio's API on this machine",
		Long: `Serve an imitation of Attio's API on loopback, to rehearse a migration or to
try a client on. The first two lines printed are its address and its key:

  ATTIO_BASE_URL=http://127.0.0.1:PORT
  ATTIO_API_KEY=<64 hexadecimal characters>

It serves until it is told to stop (Ctrl-C). With --data FILE its records, key and
workspace outlive it, also when it is killed.

Fault kinds for --fault KIND=RATE: ` + strings.Join(sandbox.FaultKinds(), ", "),
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage(fmt.Errorf("sandbox takes no arguments, got %q", args[0]), "")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return serveSandbox(cmd.Context(), f, streams) },
	}
	fl := cmd.Flags()
	fl.StringVar(&f.Listen, "listen", "127.0.0.1:0", "address to listen on; loopback only")
	fl.Float64Var(&f.WriteRate, "write-rate", 25, "writes a second that are let through; 0: no limit")
	fl.Float64Var(&f.ReadRate, "read-rate", 100, "reads a second that are let through; 0: no limit")
	fl.StringVar(&f.RateWindow, "rate-window", "clock", "how a second is measured: clock or sliding")
	fl.Float64Var(&f.QueryScore, "query-score", 0, "sum of query scores let through in ten seconds; 0: no limit")
	fl.StringVar(&f.jitter, "jitter", "0", "time spent before a request is counted: 150ms, or 150ms-400ms")
	fl.StringVar(&f.latency, "latency", "0", "time spent after a request was counted: 150ms, or 150ms-400ms")
	fl.StringVar(&f.DataFile, "data", "", "file that keeps everything over a restart (default: memory)")
	fl.BoolVar(&f.Empty, "empty", false, "begin without the sample records")
	fl.StringArrayVar(&f.Disable, "disable", nil, "standard object that is not enabled; may be repeated")
	fl.BoolVar(&f.AutoCompany, "auto-company", true, "a person's email domain makes or finds the company")
	fl.DurationVar(&f.DateSkew, "date-skew", 0, "how far the server's clock is off")
	fl.StringArrayVar(&f.faults, "fault", nil, "KIND=RATE with a rate between 0 and 1; may be repeated")
	fl.Int64Var(&f.FaultSeed, "fault-seed", 0, "seed of the faults, for a run that can be repeated")
	return cmd
}

// options turns the flags into what they mean, all mistakes at once.
func (f *sandboxFlags) options() (sandbox.Options, error) {
	opts := f.Options
	opts.Seed = samples.Seed()
	opts.Faults = map[string]float64{}
	var mistakes []error
	var err error
	if opts.Jitter, err = sandbox.ParseRange(f.jitter); err != nil {
		mistakes = append(mistakes, fmt.Errorf("--jitter: %w", err))
	}
	if opts.Latency, err = sandbox.ParseRange(f.latency); err != nil {
		mistakes = append(mistakes, fmt.Errorf("--latency: %w", err))
	}
	for _, text := range f.faults {
		kind, rate, err := sandbox.ParseFault(text)
		if err != nil {
			mistakes = append(mistakes, fmt.Errorf("--fault: %w", err))
			continue
		}
		opts.Faults[kind] = rate
	}
	return opts, usage(errors.Join(mistakes...), "")
}

func serveSandbox(ctx context.Context, flags sandboxFlags, streams IO) error {
	opts, err := flags.options()
	if err != nil {
		return err
	}
	server, err := sandbox.New(opts)
	if err != nil {
		return usage(err, "")
	}
	if err := server.Start(); err != nil {
		return fmt.Errorf("the sandbox does not start: %w", err)
	}
	fmt.Fprintf(streams.Out, "ATTIO_BASE_URL=%s\nATTIO_API_KEY=%s\n", server.URL(), server.Token())
	begun := time.Now()
	<-ctx.Done()
	fmt.Fprintf(streams.Err, "sandbox stopped after %s\n", time.Since(begun).Round(time.Second))
	return server.Close()
}
