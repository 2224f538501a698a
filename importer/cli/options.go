package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

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
	quietTime time.Duration

	runsDir   string
	limit     int
	maxErrors string

	// again are the flags of this command line that the next one needs too,
	// as they are typed.
	again string

	json      bool
	quiet     bool
	logFormat string
	progress  string
}

func (o *options) addSource(f *pflag.FlagSet) {
	f.StringVarP(&o.mapping, "mapping", "m", "", "mapping file (default: FILE's name with .yaml)")
	f.StringVar(&o.object, "object", "", "object to import into, instead of the mapping's")
	f.StringVar(&o.delimiter, "delimiter", "", `what separates the cells: , ; | or tab (default: recognised)`)
	f.IntVar(&o.limit, "limit", 0, "stop after the first N rows")
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

// remember keeps what the next command must say again: where the workspace is,
// how the sheet is read, how fast. The mapping is named by whoever prints the command.
func (o *options) remember(f *pflag.FlagSet) {
	f.Visit(func(flag *pflag.Flag) {
		switch flag.Name {
		case "sandbox":
			o.again += " --sandbox"
		case "object", "delimiter", "api-url", "api-key-file", "runs-dir", "read-rate", "write-rate", "workers", "timeout", "max-errors":
			o.again += " --" + flag.Name + " " + shellQuote(flag.Value.String())
		}
	})
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
