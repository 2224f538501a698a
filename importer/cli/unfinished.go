package cli

import (
	"crypto/sha256"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"

	"attio-import/importer/outcome"
	"attio-import/importer/report"
	"attio-import/mapping"
)

// lookedThrough is how many runs, the latest, are looked through for those of the same sheet.
const lookedThrough = 100

// checkUnfinished looks for runs of the same sheet that have written and did not come to
// their end. It is decided before the first write.
func (s *session) checkUnfinished() error {
	if s.sheet == stdinName || s.source.Path == "" || s.api.server != nil {
		return nil // never the same sheet, or never the same workspace
	}
	if twice(s.plan) {
		if err := s.refuseTwice(); err != nil {
			return err
		}
	}
	s.warnOfUnfinished()
	return nil
}

// twice reports whether a sheet that is imported once more may create records
// once more: neither a key would find them nor a unique value keep them out.
func twice(p *mapping.Plan) bool { return !p.Keyed() && !p.Unique() }

// refuseTwice refuses to import the very same sheet anew where that would create
// records a second time which an unfinished run has created.
func (s *session) refuseTwice() error {
	sum := ""
	for before := range s.runsBefore() {
		if before.Source.Bytes != s.source.Size || !s.leftOpen(before) {
			continue
		}
		if sum == "" {
			var err error
			if sum, err = fingerprintOf(s.source.Path); err != nil {
				return err
			}
		}
		if before.Source.Fingerprint == sum {
			id := filepath.Base(before.path)
			return usage(fmt.Errorf("run %s of this sheet is not through; rows of it have no key and would be created twice", id),
				"attio-import resume "+id+s.opts.again(runFlags...)+"; to import it anew all the same, move "+shellQuote(before.path)+" away first")
		}
	}
	return nil
}

// warnOfUnfinished warns of the latest run of a sheet by that name. It is no reason to
// refuse a new one: rows with a key are found again, what has become another sheet
// may be meant so, and a job of cron must not stand still for it.
func (s *session) warnOfUnfinished() {
	for before := range s.runsBefore() {
		if !s.leftOpen(before) {
			return
		}
		id := filepath.Base(before.path)
		s.warn("run %s of this sheet did not come to its end: %d of %s have their outcome; attio-import resume %s%s goes on with it",
			id, before.Rows, counted(before.Source.Rows, "row"), id, s.opts.again("runs-dir"))
		if twice(s.plan) {
			s.warn("the sheet has changed since, and rows without a key are not found again: what that run has created of them is created a second time")
		}
		return
	}
}

// earlier is an earlier run of a sheet by the same name into the same object.
type earlier struct {
	report.Summary
	path     string
	finished bool
}

// runsBefore are the earlier runs, the latest first.
func (s *session) runsBefore() iter.Seq[earlier] {
	ids, _ := listRuns(s.opts.runsDir)
	return func(yield func(earlier) bool) {
		for _, id := range slices.Backward(ids[max(0, len(ids)-lookedThrough):]) {
			path := filepath.Join(s.opts.runsDir, id)
			if id == s.dir.id || checkRun(path) != nil {
				continue
			}
			before, finished, err := summaryOf(path)
			same := err == nil && before.Command == report.Run &&
				before.Source.Path == s.source.Path && before.Mapping.Object == s.plan.Object().Slug
			if same && !yield(earlier{before, path, finished}) {
				return
			}
		}
	}
}

// leftOpen reports whether an earlier run may have written to this workspace, and
// did not come to its end.
func (s *session) leftOpen(e earlier) bool {
	return !e.finished && mayHaveWritten(e.Summary) && s.sameWorkspace(e.path)
}

func mayHaveWritten(s report.Summary) bool {
	return s.Unsettled+s.Counts[outcome.Created]+s.Counts[outcome.Updated]+s.Counts[outcome.Unknown] > 0
}

// sameWorkspace reports whether a run wrote to the workspace of this session.
func (s *session) sameWorkspace(path string) bool {
	began, err := headerOf(path)
	return err == nil && began.API == s.api.origin && began.Workspace.ID == s.self.WorkspaceID
}

// fingerprintOf is the fingerprint of a whole file.
func fingerprintOf(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	_, err = io.Copy(sum, f)
	return fmt.Sprintf("sha256:%x", sum.Sum(nil)), err
}
