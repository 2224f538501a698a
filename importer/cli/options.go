package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"attio-import/importer"
)

// options are the flags that several commands share.
type options struct {
	mapping   string
	object    string
	delimiter string

	sandbox   bool
	apiURL    string
	keyFile   string
	writeRate float64
	readRate  float64
	workers   int
	timeout   time.Duration
	quietTime time.Duration // 0: what fits the mapping
	maxOutage time.Duration // 0: no bound

	runsDir   string
	limit     int
	maxErrors string

	line string            // the command line, without flags
	said map[string]string // the flags that were given, with their values

	json      bool
	quiet     bool
	logFormat string
	progress  string
}

func (o *options) addSource(f *pflag.FlagSet) {
	o.addMapping(f, "mapping file (default: FILE's name with .yaml)")
	f.StringVar(&o.object, "object", "", "object to import into, instead of the mapping's")
	f.StringVar(&o.delimiter, "delimiter", "", `what separates the cells: , ; | or tab (default: recognised)`)
	f.IntVar(&o.limit, "limit", 0, "stop after the first N rows")
}

func (o *options) addMapping(f *pflag.FlagSet, help string) {
	f.StringVarP(&o.mapping, "mapping", "m", "", help)
}

func (o *options) addAPI(f *pflag.FlagSet) {
	f.BoolVar(&o.sandbox, "sandbox", false, "use an embedded imitation of Attio with sample records; no token needed")
	f.StringVar(&o.apiURL, "api-url", "", "the API's address without /v2 (env ATTIO_BASE_URL; default https://api.attio.com)")
	f.StringVar(&o.keyFile, "api-key-file", "", "file that holds the API key (default: env ATTIO_API_KEY, ATTIO_ACCESS_TOKEN)")
	f.Float64Var(&o.readRate, "read-rate", 100, "reads a second; 0: no limit")
	f.DurationVar(&o.timeout, "timeout", 30*time.Second, "how long one request may take")
}

func (o *options) addWrites(f *pflag.FlagSet) {
	f.Float64Var(&o.writeRate, "write-rate", 25, "writes a second; 0: no limit")
	f.IntVar(&o.workers, "workers", 16, "writes under way at once")
	f.DurationVar(&o.maxOutage, "max-outage", 30*time.Minute, "how long Attio may stay away before the run stops, to be resumed; 0: any time")
}

// addAgain are the flags of the commands that go on with a run: all that does
// not change what the run is about.
func (o *options) addAgain(f *pflag.FlagSet) {
	o.addAPI(f)
	o.addWrites(f)
	o.addRunsDir(f)
	o.addOutput(f)
	o.addMaxErrors(f)
	o.addQuietTime(f)
}

func (o *options) addQuietTime(f *pflag.FlagSet) {
	f.DurationVar(&o.quietTime, "quiet-time", 0, "how long a write whose answer was lost is left alone before it is looked up, or a decision sends its row again (default 5s; 2m0s where nothing but that keeps a record from being made twice)")
}

func (o *options) addMaxErrors(f *pflag.FlagSet) {
	f.StringVar(&o.maxErrors, "max-errors", "", "stop when more rows than N, or P%, fail")
}

func (o *options) addRunsDir(f *pflag.FlagSet) {
	f.StringVar(&o.runsDir, "runs-dir", filepath.Join(".attio-import", "runs"), "where run directories are made")
}

func (o *options) addOutput(f *pflag.FlagSet) {
	f.BoolVar(&o.json, "json", false, "print the result as JSON")
	f.BoolVar(&o.quiet, "quiet", false, "print nothing but errors, and the summary of a run that needs attention")
	f.StringVar(&o.logFormat, "log-format", "text", "format of log lines: text or json")
	f.StringVar(&o.progress, "progress", "auto", "progress bar: auto, always or never")
}

// remember keeps the command line, for the commands that follow it. No secret
// can stand there: there is no flag for the API key.
func (o *options) remember(cmd *cobra.Command, args []string) {
	o.line = strings.Join(append([]string{cmd.CommandPath()}, args...), " ")
	o.said = map[string]string{}
	cmd.Flags().Visit(func(f *pflag.Flag) { o.said[f.Name] = f.Value.String() })
}

// Flags that a further command must say again: where the workspace is and how
// fast to go, for all; how the sheet is read, for those that read it anew.
var (
	sheetFlags = []string{"sandbox", "object", "delimiter", "max-errors"}
	runFlags   = []string{"api-url", "api-key-file", "runs-dir", "read-rate", "write-rate", "workers", "timeout", "quiet-time", "max-outage"}
)

// again writes those of the flags that were given as they are typed.
func (o *options) again(names ...string) string {
	var line strings.Builder
	for _, name := range slices.Sorted(slices.Values(names)) {
		value, given := o.said[name]
		switch {
		case given && name == "sandbox":
			line.WriteString(" --sandbox")
		case given:
			line.WriteString(" --" + name + " " + shellQuote(value))
		}
	}
	return line.String()
}

// check finds every mistake in the flags before a file or a connection is opened.
func (o *options) check() error {
	var mistakes []error
	add := func(wrong bool, format string, args ...any) {
		if wrong {
			mistakes = append(mistakes, fmt.Errorf(format, args...))
		}
	}
	_, limitErr := importer.ParseLimit(o.maxErrors)
	_, delimiterErr := parseDelimiter(o.delimiter)
	add(limitErr != nil, "--max-errors: %w", limitErr)
	add(delimiterErr != nil, "--delimiter: %w", delimiterErr)
	add(o.limit < 0, "--limit %d: a number of rows cannot be negative", o.limit)
	add(o.workers < 1 || o.workers > 1000, "--workers %d: between 1 and 1000", o.workers)
	add(!(o.writeRate >= 0), "--write-rate %v: 0 or more", o.writeRate)
	add(!(o.readRate >= 0), "--read-rate %v: 0 or more", o.readRate)
	add(o.timeout <= 0, "--timeout %v: more than nothing", o.timeout)
	add(o.maxOutage < 0, "--max-outage %v: a time cannot be negative", o.maxOutage)
	add(o.quietTime < 0, "--quiet-time %v: a time cannot be negative", o.quietTime)
	add(!oneOf(o.logFormat, "text", "json"), "--log-format %q: text or json", o.logFormat)
	add(!oneOf(o.progress, "auto", "always", "never"), "--progress %q: auto, always or never", o.progress)
	add(o.sandbox && o.apiURL != "", "--sandbox and --api-url exclude each other")
	add(o.sandbox && o.keyFile != "", "--sandbox needs no key: leave out --api-key-file")
	return usage(errors.Join(mistakes...), "")
}

func oneOf(s string, choices ...string) bool {
	for _, c := range choices {
		if s == c {
			return true
		}
	}
	return false
}

// parseDelimiter reads --delimiter; 0 means that it is to be recognised.
func parseDelimiter(text string) (rune, error) {
	switch strings.ToLower(text) {
	case "":
		return 0, nil
	case "tab", `\t`:
		return '\t', nil
	}
	r, size := utf8.DecodeRuneInString(text)
	if size != len(text) || !strings.ContainsRune(",;|\t", r) {
		return 0, fmt.Errorf("%q is none of , ; | tab", text)
	}
	return r, nil
}
