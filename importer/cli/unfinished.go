package cli

import (
	"path/filepath"
	"slices"

	"attio-import/importer/outcome"
	"attio-import/importer/report"
)

// lookedThrough is how many runs are looked through for the latest one of the same sheet.
const lookedThrough = 100

// warnOfUnfinished warns of a run of the same sheet that has written and did not come to
// its end. It is no reason to refuse a new one: rows with a key are found again, and a
// job of cron must not stand still for it.
func (s *session) warnOfUnfinished() {
	if s.sheet == stdinName || s.source.Path == "" || s.api.server != nil {
		return // never the same sheet, or never the same workspace
	}
	path, before, finished := s.runBefore()
	if path == "" || finished || !mayHaveWritten(before) || !s.sameWorkspace(path) {
		return
	}
	id := filepath.Base(path)
	s.warn("run %s of this sheet did not come to its end: %d of %s have their outcome; attio-import resume %s%s goes on with it",
		id, before.Rows, counted(before.Source.Rows, "row"), id, s.opts.again("runs-dir"))
	if !s.plan.Keyed() {
		s.warn("rows without a key are not found again: what that run has created of them is created a second time")
	}
}

// runBefore finds the latest run of the same sheet into the same object, and whether
// it came to its end; the path is empty if there is none.
func (s *session) runBefore() (string, report.Summary, bool) {
	ids, _ := listRuns(s.opts.runsDir)
	for _, id := range slices.Backward(ids[max(0, len(ids)-lookedThrough):]) {
		path := filepath.Join(s.opts.runsDir, id)
		if id == s.dir.id || checkRun(path) != nil {
			continue
		}
		before, finished, err := summaryOf(path)
		if err == nil && before.Command == report.Run &&
			before.Source.Path == s.source.Path && before.Mapping.Object == s.plan.Object().Slug {
			return path, before, finished
		}
	}
	return "", report.Summary{}, false
}

func mayHaveWritten(s report.Summary) bool {
	return s.Unsettled+s.Counts[outcome.Created]+s.Counts[outcome.Updated]+s.Counts[outcome.Unknown] > 0
}

// sameWorkspace reports whether a run wrote to the workspace of this session.
func (s *session) sameWorkspace(path string) bool {
	p, err := readRun(path)
	if err != nil {
		return false
	}
	_ = p.close()
	return p.header.API == s.api.origin && p.header.Workspace.ID == s.self.WorkspaceID
}
