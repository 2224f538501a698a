package cli

import (
	"fmt"
	"path/filepath"

	"attio-import/importer"
	"attio-import/importer/journal"
	"attio-import/importer/source"
	"attio-import/mapping"
	"attio-import/samples"
)

// sheet is one of the sheets of a run: the one that it began with, or the
// corrected rejects of a retry.
type sheet struct {
	generation int
	mapping    *mapping.File
	source     *source.File
	plan       *mapping.Plan
	check      *importer.Check
	only       func(row int) bool // which rows are to be done; nil: all
	others     []importer.Other
}

// generation finds a generation by its number; the zero one stands for the
// sheet that the run began with.
func (p *past) generation(number int) journal.Generation {
	for _, g := range p.generations {
		if g.Number == number {
			return g
		}
	}
	return journal.Generation{}
}

// sourceOf is the sheet of a generation as the journal has it, with the path where
// it is now: what is part of the run is found in its directory, wherever that has
// been moved.
func (p *past) sourceOf(generation int) (s journal.Source, path string) {
	switch g := p.generation(generation); {
	case generation > 0:
		return g.Source, p.dir.file(filepath.Base(g.Source.Path))
	case p.header.Source.Spooled:
		return p.header.Source, p.dir.file(spoolName)
	}
	return p.header.Source, p.header.Source.Path
}

// open opens a sheet of the run and reads its mapping. The caller has
// compared them with what they were.
func (p *past) open(generation int) (*sheet, error) {
	s, path := p.sourceOf(generation)
	opened := &sheet{generation: generation}
	var err error
	switch {
	case generation > 0:
		opened.source, err = source.OpenRejects(path, p.rejectsOptions())
	case path == "":
		opened.source, err = openSample(s.Name, p.background.source())
	default:
		opened.source, err = source.Open(path, p.background.source())
	}
	if err != nil {
		return nil, err
	}
	opened.mapping, err = parseMapping(p.mappingOf(generation))
	return opened, err
}

func openSample(name string, o source.Options) (*source.File, error) {
	text, err := samples.Open(filepath.ToSlash(name))
	if err != nil {
		return nil, usage(err, "")
	}
	return source.OpenBytes(name, text, o)
}

// parseMapping reads a mapping from the text that the journal keeps.
func parseMapping(m journal.Mapping) (*mapping.File, error) {
	if fingerprint([]byte(m.Text)) != m.Fingerprint {
		return nil, failing(exitUnexpected, fmt.Errorf("the mapping %s in the journal is not the one that the run began with", m.Name), "")
	}
	file, err := mapping.Parse(m.Name, []byte(m.Text))
	if file != nil && m.Object != "" {
		file.Object = m.Object
	}
	return file, err
}
