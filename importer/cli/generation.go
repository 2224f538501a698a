package cli

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"attio-import/importer/journal"
	"attio-import/importer/outcome"
	"attio-import/importer/report"
	"attio-import/importer/source"
)

// copyIn keeps a copy of what the user gave in the run's directory, and prepares
// the generation that it is for. It is on disk before the generation begins.
func (s *session) copyIn(kind, path string, m *journal.Mapping) (journal.Generation, error) {
	g := journal.Generation{Number: s.past.current().Number + 1, Kind: kind, Mapping: m}
	name := fmt.Sprintf("%s-%d.csv", kind, g.Number)
	in, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return g, usage(fmt.Errorf("%s: there is no such file", path), "check the spelling; the path is taken from the current directory")
	}
	if err != nil {
		return g, usage(err, "")
	}
	defer in.Close()
	if info, err := in.Stat(); err != nil || !info.Mode().IsRegular() {
		return g, usage(fmt.Errorf("%s is not a regular file", path), "")
	}
	_ = s.dir.root.Remove(name) // of a process that was killed before the generation began
	sum, size, err := s.copy(in, name)
	if err != nil {
		_ = s.dir.root.Remove(name)
		return g, &report.WriteError{File: name, Err: err}
	}
	g.Source = journal.Source{Name: path, Path: name, Size: size, Fingerprint: sum}
	s.past.generations = append(s.past.generations, g)
	return g, nil
}

func (s *session) copy(in io.Reader, name string) (sum string, size int64, err error) {
	out, err := s.dir.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", 0, err
	}
	h := sha256.New()
	size, err = io.Copy(io.MultiWriter(out, h), in)
	if err == nil {
		err = errors.Join(out.Chmod(0o600), out.Sync())
	}
	return fmt.Sprintf("sha256:%x", h.Sum(nil)), size, errors.Join(err, out.Close(), syncDir(s.dir.path))
}

// cut leaves in the copy for a generation that is to begin only the rows that are
// new: the others are in the copies of the generations that they were done by.
func (s *session) cut(g *journal.Generation, isNew func(row int) bool) error {
	name := g.Source.Path
	file, err := source.OpenRejects(s.dir.file(name), s.past.rejectsOptions())
	if err != nil {
		return err
	}
	in, err := file.Excerpt(isNew)
	if err != nil {
		return err
	}
	part := name + ".part"
	_ = s.dir.root.Remove(part) // of a process that was killed
	g.Source.Fingerprint, g.Source.Size, err = s.copy(in, part)
	if err = errors.Join(err, in.Close()); err == nil { // Windows replaces no file that is open
		err = s.dir.root.Rename(part, name)
	}
	if err = errors.Join(err, syncDir(s.dir.path)); err != nil {
		_ = s.dir.root.Remove(part)
		return &report.WriteError{File: name, Err: err}
	}
	s.past.generations[len(s.past.generations)-1] = *g
	return nil
}

// copyOut takes back what copyIn did, for a generation that is not to begin.
func (s *session) copyOut(g journal.Generation) {
	_ = s.dir.root.Remove(g.Source.Path)
	s.past.generations = s.past.generations[:len(s.past.generations)-1]
}

// sheets lists the generations that brought a sheet, the run's own first.
func (p *past) sheets() []int {
	numbers := []int{0}
	for _, g := range p.generations {
		if g.Kind == kindRetry {
			numbers = append(numbers, g.Number)
		}
	}
	return numbers
}

// places says of each row in which sheet it stands, and whether it has become,
// or may have become, a record.
type places struct {
	retried  map[int]int // by row: the latest retry that has it; others stand in the run's own sheet
	standing []uint64    // a bit for a row
}

func (p *past) places(ctx context.Context) (*places, error) {
	all := &places{retried: map[int]int{}, standing: make([]uint64, p.header.Source.Rows/64+1)}
	for _, number := range p.sheets()[1:] {
		if err := p.eachRow(ctx, number, func(row source.Row) { all.retried[row.Number] = number }); err != nil {
			return nil, err
		}
	}
	for e, err := range p.log.Entries() {
		if err != nil {
			return nil, p.damaged(err)
		}
		if i := e.Outcome.Row / 64; stands(&e.Outcome) && i < len(all.standing) {
			all.standing[i] |= 1 << (e.Outcome.Row % 64)
		}
	}
	return all, nil
}

// stands reports whether a row has become, or may have become, a record.
func stands(o *outcome.Outcome) bool {
	switch o.Action {
	case outcome.Created, outcome.Updated, outcome.Unchanged, outcome.Unknown:
		return true
	}
	return o.Action == outcome.Skipped && o.NeedsAttention() // somebody has changed the record; else blank, superseded, given up
}

func (p *places) sheet(row int) int { return p.retried[row] }

func (p *places) stands(row int) bool {
	return row/64 < len(p.standing) && p.standing[row/64]&(1<<(row%64)) != 0
}

// eachRow reads the rows of a retry's sheet.
func (p *past) eachRow(ctx context.Context, generation int, do func(source.Row)) error {
	_, path := p.sourceOf(generation)
	file, err := source.OpenRejects(path, p.rejectsOptions())
	if err != nil {
		return err
	}
	rows, err := file.Rows(ctx)
	if err != nil {
		return err
	}
	defer rows.Close()
	for {
		row, err := rows.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		do(row)
	}
}

// rejectsOptions line the columns of corrected rejects up with those of the run's sheet.
func (p *past) rejectsOptions() source.Options {
	return source.Options{Columns: source.OwnColumns(p.Report.Header)}
}

// action says what became of a row.
func (p *past) action(row int) (outcome.Action, bool) {
	e, there, err := p.log.Entry(row)
	return e.Outcome.Action, there && err == nil
}

// mistakes is the error of a file that has some; nil if there are none.
func mistakes(what string, list []string, hint string) error {
	const most = 50
	if len(list) == 0 {
		return nil
	}
	if more := len(list) - most; more > 0 {
		list = append(list[:most:most], fmt.Sprintf("and %d more", more))
	}
	return usage(fmt.Errorf("%s:\n  %s", what, strings.Join(list, "\n  ")), hint)
}

func sameFile(a, b string) bool {
	x, err := os.Stat(a)
	y, other := os.Stat(b)
	return err == nil && other == nil && os.SameFile(x, y)
}
