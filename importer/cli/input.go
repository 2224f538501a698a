package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"attio-import/importer"
	"attio-import/importer/report"
	"attio-import/importer/source"
	"attio-import/mapping"
	"attio-import/samples"
)

const (
	stdinName = "-"         // the FILE that stands for standard input
	spoolName = "stdin.csv" // its copy in the run directory
)

// readMapping reads and parses the mapping file of a sheet. A file with mistakes
// comes beside them, if it can be read at all.
func readMapping(opts *options, sheet string) (*mapping.File, error) {
	name := opts.mapping
	if name == "" {
		if sheet == stdinName {
			return nil, usage(errors.New("standard input has no name to find a mapping by"), "say --mapping FILE")
		}
		name = strings.TrimSuffix(sheet, filepath.Ext(sheet)) + ".yaml"
	}
	text, err := readInput(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usage(fmt.Errorf("no mapping file %s", name), mappingHint(opts.mapping, sheet))
	}
	if err != nil {
		return nil, usage(fmt.Errorf("mapping file: %w", err), "")
	}
	file, err := mapping.Parse(name, text)
	if file != nil && opts.object != "" {
		file.Object = opts.object
	}
	return file, err
}

func mappingHint(asked, sheet string) string {
	if asked != "" {
		return "check the name given with --mapping"
	}
	return fmt.Sprintf("say --mapping FILE, or put the mapping of %s beside it under that name; samples/workspaces.yaml is an example", sheet)
}

// onDisk reports whether a name is that of a file, and not of a sample.
func onDisk(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// readInput reads a small file; a name under samples/ that is not on disk is
// the embedded sample, so that the demo runs from any directory.
func readInput(name string) ([]byte, error) {
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		if sample, sampleErr := samples.Open(filepath.ToSlash(name)); sampleErr == nil {
			return sample, nil
		}
	}
	return text, err
}

// openSource opens the sheet.
func openSource(opts *options, sheet string) (*source.File, error) {
	if _, err := os.Stat(sheet); errors.Is(err, fs.ErrNotExist) {
		if sample, err := samples.Open(filepath.ToSlash(sheet)); err == nil {
			return source.OpenBytes(sheet, sample, opts.source())
		}
	}
	return source.Open(sheet, opts.source())
}

// spoolPatience is how long standard input is read before that is said: the program
// would else look as if it hung.
const spoolPatience = 2 * time.Second

// spool keeps standard input in the run directory, since it is read twice, and
// opens the copy.
func (s *session) spool(ctx context.Context) (*source.File, error) {
	path := s.dir.file(spoolName)
	told := time.AfterFunc(spoolPatience, func() { s.note("reading standard input to its end") })
	err := source.Spool(ctx, s.io.In, path)
	told.Stop()
	switch {
	case ctx.Err() != nil:
		return nil, importer.ErrInterrupted
	case err != nil:
		return nil, spoolError(path, err)
	}
	return source.Open(path, s.opts.source())
}

func (o *options) source() source.Options {
	delimiter, _ := parseDelimiter(o.delimiter) // checked with the flags
	return source.Options{Delimiter: delimiter}
}

// spoolError tells an input that cannot be read from a disk that has no room for it.
func spoolError(spool string, err error) error {
	var input *source.Error
	if errors.As(err, &input) {
		return err
	}
	return &report.WriteError{File: spool, Err: err}
}
