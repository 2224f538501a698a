package cli

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"attio-import/importer/report"
	"attio-import/mapping"
	"attio-import/mapping/schema"
)

// reopen takes the directory of a run that is to be gone on with, and reads its journal.
func reopen(opts *options, run string, streams IO) (_ *session, err error) {
	s := &session{kind: kindRun, opts: opts, io: streams, run: run, started: time.Now(), screen: newScreen(opts, streams.Err)}
	path, err := findRun(opts.runsDir, run)
	if err != nil {
		return nil, err
	}
	if s.dir, err = holdRun(path, opts.holder(s.started)); err != nil {
		return nil, err
	}
	if s.past, err = readPast(s.dir); err != nil {
		return nil, errors.Join(err, s.close())
	}
	s.warnOfDoubt()
	if n := s.past.log.Cut(); n > 0 {
		s.warn("the last %s of the journal were not written to their end when the run was cut off; they are left out", counted(int(n), "byte"))
	}
	return s, nil
}

// bring makes sure that nothing differs from what the run began with, and brings
// some of its sheets to where they can be checked. Nothing is written to the workspace.
func (s *session) bring(ctx context.Context, generations ...int) ([]*sheet, error) {
	if s.past.header.API == sandboxOrigin && s.opts.apiURL == "" {
		s.opts.sandbox = true // no more than its own directory is needed for it
	}
	var found differences
	found.api(s.past.header.API, s.opts)
	for _, g := range generations {
		found.source(s.past.sourceOf(g))
	}
	found.mapping(s.past.mappingOf(s.past.current().Number), s.opts.mapping)
	if err := s.ask(ctx, &found, generations); err != nil && len(found) == 0 {
		return nil, err
	}
	if err := found.refuse(s.dir.id, s.mend(found)); err != nil {
		return nil, err
	}
	sheets := make([]*sheet, len(generations))
	for i, g := range generations {
		var err error
		if sheets[i], err = s.bound(g); err != nil {
			return nil, err
		}
	}
	return sheets, s.lockWorkspace(s.past.header.Object)
}

// ask compares the workspace with the one that the run began in. It is not
// asked where it is another API anyway.
func (s *session) ask(ctx context.Context, found *differences, generations []int) (err error) {
	if s.opts.origin() != s.past.header.API {
		return nil
	}
	if s.api, err = connect(s.opts, s.dir.file(sandboxFile), s.waiting()); err != nil {
		return err
	}
	if s.self, err = identify(ctx, s.api.Client); err != nil {
		return err
	}
	began := s.past.header.Workspace
	if found.workspace(began, s.self.WorkspaceID, s.self.WorkspaceName); s.self.WorkspaceID != began.ID {
		return nil
	}
	var files []*mapping.File
	for _, g := range append([]int{0}, generations...) {
		file, err := parseMapping(s.past.mappingOf(g))
		if err != nil {
			return err
		}
		files = append(files, file)
	}
	if err := s.describe(ctx, files...); err != nil {
		return err
	}
	used, err := s.past.schema()
	found.schema(used, s.described)
	return err
}

// schema is the part of the workspace's schema that the run began with.
func (p *past) schema() (used []*schema.Object, err error) {
	if err := json.Unmarshal(p.header.Schema, &used); err != nil {
		return nil, p.damaged(err)
	}
	return used, nil
}

// mend says what to do about the differences. A mapping that was edited is
// not lost for the run: its text is in the journal.
func (s *session) mend(found differences) string {
	hint := "put back what has changed, then resume"
	if !s.past.Twice {
		hint += "; or import the sheet anew with attio-import run"
	}
	if s.opts.mapping != "" || !strings.Contains(strings.Join(found, "\n"), "mapping: ") {
		return hint
	}
	name := "mapping-as-run.yaml"
	_ = s.dir.root.Remove(name)
	if err := s.dir.root.WriteFile(name, []byte(s.past.mappingOf(s.past.current().Number).Text), 0o600); err != nil {
		return hint
	}
	return hint + "; the mapping as the run has it: --mapping " + shellQuote(s.dir.file(name))
}

// bound opens a sheet of the run and binds its mapping.
func (s *session) bound(generation int) (*sheet, error) {
	sh, err := s.past.open(generation)
	if err != nil {
		return nil, err
	}
	s.take(sh)
	if err := s.bind(); err != nil {
		return nil, err
	}
	sh.plan = s.plan
	return sh, nil
}

// take makes a sheet the one that the session is about.
func (s *session) take(sh *sheet) {
	s.mapping, s.source, s.plan, s.check = sh.mapping, sh.source, sh.plan, sh.check
}

// nothingToDo tells of a run that is through, and ends as it ended. The
// reports are written anew, as a crash may have come before them.
func (s *session) nothingToDo(why string, args ...any) error {
	s.note(why, args...)
	return s.rendered(nil)
}

// rendered writes the reports of the whole run and tells its summary. taken
// are edited files whose edits the run has taken over.
func (s *session) rendered(ended error, taken ...string) error {
	summary, now, err := render(s.dir, taken...)
	if err != nil {
		return errors.Join(err, stopped(ended))
	}
	for _, name := range summary.Edited {
		s.warn("%s had been edited since it was written; it is kept as %s", editedFrom(name), s.dir.file(name))
	}
	if err := s.tell(summary, s.after(now, summary)); err != nil {
		return errors.Join(err, stopped(ended))
	}
	if ended == nil && summary.ExitCode == exitRowsFailed {
		ended = &rowsFailed{summary.Rows}
	}
	return ended
}

// editedFrom is the report's file that was kept under a name.
func editedFrom(kept string) string {
	if strings.HasPrefix(kept, "unknown") {
		return report.UnknownFile
	}
	return report.RejectsFile
}
