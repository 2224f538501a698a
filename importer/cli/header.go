package cli

import (
	"encoding/json"
	"path/filepath"
	"slices"

	"attio-import/importer/journal"
	"attio-import/importer/report"
	"attio-import/importer/source"
	"attio-import/mapping"
	"attio-import/mapping/schema"
)

// background is what the journal keeps of a run besides what its header has
// names for.
type background struct {
	Report  report.Info `json:"report"`          // what the reports are made with
	Invalid int         `json:"invalid"`         // rows that the first pass refused
	Twice   bool        `json:"twice,omitempty"` // a second import of the sheet creates records a second time
}

// createJournal makes the journal of a new run. From here on the run can be gone on
// with, so nothing may be written to the workspace before.
func (s *session) createJournal() error {
	header, err := s.header()
	if err != nil {
		return err
	}
	j, err := journal.Create(s.dir.root, header, journalOptions(s.plan))
	if err != nil {
		return unbegun(err)
	}
	s.record = &record{Journal: j}
	return makeLast(s.dir.path)
}

// journalOptions says how long a result may wait to be put on record: not at
// all where a row that was sent could not be found again.
func journalOptions(plans ...*mapping.Plan) journal.Options {
	lost := func(p *mapping.Plan) bool { return !p.Findable() }
	return journal.Options{Eager: slices.ContainsFunc(plans, lost)}
}

// header is all that resume compares and that the reports need.
func (s *session) header() (journal.Header, error) {
	used, err := json.Marshal(usedSchema(s.described, s.mapping))
	if err != nil {
		return journal.Header{}, err
	}
	info, err := json.Marshal(background{Report: s.info(), Invalid: s.check.Invalid, Twice: twice(s.plan)})
	if err != nil {
		return journal.Header{}, err
	}
	return journal.Header{
		Run: s.dir.id, Program: version(), Began: s.started, API: s.api.origin,
		Workspace: journal.Workspace{ID: s.self.WorkspaceID, Slug: s.self.WorkspaceSlug, Name: s.self.WorkspaceName},
		Object:    s.plan.Object().Slug,
		Source: journal.Source{
			Name: s.sheetName(), Path: s.source.Path, Spooled: s.sheet == stdinName,
			Size: s.source.Size, Fingerprint: s.check.Fingerprint, Rows: s.check.Rows,
		},
		Mapping: journalMapping(s.mapping, s.opts.object),
		Schema:  used, Info: info, Flags: s.opts.said,
	}, nil
}

func journalMapping(file *mapping.File, object string) journal.Mapping {
	m := journal.Mapping{Name: file.Name, Fingerprint: fingerprint(file.Text), Text: string(file.Text), Object: object}
	if onDisk(file.Name) {
		m.Path, _ = filepath.Abs(file.Name) // fails where the working directory is gone; then the text will do
	}
	return m
}

// usedSchema is the part of a workspace's schema that mappings use.
func usedSchema(s *schema.Schema, files ...*mapping.File) []*schema.Object {
	var used []*schema.Object
	for _, o := range s.Objects {
		names := attributesIn(files...)(o)
		part := *o
		part.Attributes = slices.DeleteFunc(slices.Clone(o.Attributes), func(a *schema.Attribute) bool {
			return a.Archived || !slices.Contains(names, a.Slug) && !slices.Contains(names, a.ID)
		})
		if len(part.Attributes) > 0 {
			used = append(used, &part)
		}
	}
	return used
}

// source is how the sheet of a run was read, so that it is read so again.
func (b background) source() source.Options {
	return source.Options{Delimiter: b.Report.Dialect.Delimiter}
}
