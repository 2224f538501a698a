package report

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"attio-import/importer/outcome"
)

// contents reads all files of a directory.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, name := range fileNames(t, dir) {
		all[name] = read(t, filepath.Join(dir, name))
	}
	return all
}

func equal(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for name := range a {
		if a[name] != b[name] {
			return false
		}
	}
	return true
}

// TestReplaceWithoutAReportBefore is a run that died before its report was whole.
func TestReplaceWithoutAReportBefore(t *testing.T) {
	whole, cut := t.TempDir(), t.TempDir()
	puts := []put{createdPut(1), invalidPut(2)}
	writeReport(t, whole, smallInfo(Run), puts, End{ExitCode: 3})
	for name, text := range map[string]string{ReportFile: "row,line\n1,", "." + ReportFile + ".tmp": "x", "." + SummaryFile + ".tmp": "{", RejectsFile: "a"} {
		if err := os.WriteFile(filepath.Join(cut, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s := replaceReport(t, cut, smallInfo(Run), puts, End{ExitCode: 3})
	if got, want := contents(t, cut), contents(t, whole); !equal(got, want) {
		t.Errorf("files %v, want %v", got, want)
	}
	if s.Edited != nil {
		t.Errorf("edited: %v", s.Edited)
	}
	if info, err := os.Stat(filepath.Join(cut, ReportFile)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

// TestTheOldReportStandsUntilTheNewOneIsWhole looks at the directory while
// the new report is made, and after it could not be.
func TestTheOldReportStandsUntilTheNewOneIsWhole(t *testing.T) {
	dir := t.TempDir()
	writeReport(t, dir, smallInfo(Run), []put{createdPut(1)}, End{})
	before := contents(t, dir)
	old := func() map[string]string {
		now := contents(t, dir)
		for name := range now {
			if strings.HasPrefix(name, ".") {
				delete(now, name)
			}
		}
		return now
	}
	r, err := Replace(dir, smallInfo(Run))
	if err != nil {
		t.Fatal(err)
	}
	p := invalidPut(1)
	if err := errors.Join(r.Put(p.row, p.out), r.Flush()); err != nil {
		t.Fatal(err)
	}
	if !equal(old(), before) {
		t.Error("a file has changed before the report was whole")
	}
	r.err = writeError(ProblemsFile, syscall.ENOSPC) // as a full disk sets it
	s, err := r.Close(End{ExitCode: 3})
	var failed *WriteError
	if !errors.As(err, &failed) || failed.File != ProblemsFile || s.ExitCode != 1 {
		t.Errorf("exit code %d, %v", s.ExitCode, err)
	}
	if got := contents(t, dir); !equal(got, before) {
		t.Errorf("the old report does not stand: %v", fileNames(t, dir))
	}
}

// TestAReportThatCannotTakeItsPlace has a file that cannot be renamed over.
func TestAReportThatCannotTakeItsPlace(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, ProblemsFile, "x"), 0o700); err != nil {
		t.Fatal(err)
	}
	r, err := Replace(dir, smallInfo(Run))
	if err != nil {
		t.Fatal(err)
	}
	s, err := r.Close(End{})
	var failed *WriteError
	if !errors.As(err, &failed) || failed.File != ProblemsFile || s.ExitCode != 1 {
		t.Errorf("exit code %d, %v", s.ExitCode, err)
	}
	for _, name := range fileNames(t, dir) {
		if strings.HasPrefix(name, ".") || name == SummaryFile {
			t.Errorf("%s is left", name)
		}
	}
}

// TestReplaceFollowsNoLink shows that what a link points to is left alone.
func TestReplaceFollowsNoLink(t *testing.T) {
	dir, outside := t.TempDir(), filepath.Join(t.TempDir(), "precious")
	if err := os.WriteFile(outside, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{ReportFile, "." + ReportFile + ".tmp", SummaryFile} {
		if err := os.Symlink(outside, filepath.Join(dir, name)); err != nil {
			t.Skip(err)
		}
	}
	replaceReport(t, dir, smallInfo(Run), []put{createdPut(1)}, End{})
	if read(t, outside) != "mine" {
		t.Error("the link was followed")
	}
	if info, err := os.Lstat(filepath.Join(dir, ReportFile)); err != nil || !info.Mode().IsRegular() {
		t.Errorf("%v, %v", info, err)
	}
}

// TestWhatSomebodyEditedIsKept has a person at work on the rejects when the
// report is made again.
func TestWhatSomebodyEditedIsKept(t *testing.T) {
	dir := t.TempDir()
	puts := []put{invalidPut(1)}
	writeReport(t, dir, smallInfo(Run), puts, End{ExitCode: 3})
	edit := func(name, text string) {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		later := time.Now().Add(time.Minute)
		if err := os.Chtimes(path, later, later); err != nil {
			t.Fatal(err)
		}
	}
	edit(RejectsFile, "corrected once")
	edit(ReportFile, "a report is nobody's to edit")
	s := replaceReport(t, dir, smallInfo(Run), puts, End{ExitCode: 3})
	if want := []string{"rejects.edited-1.csv"}; !slices.Equal(s.Edited, want) || read(t, filepath.Join(dir, want[0])) != "corrected once" {
		t.Errorf("edited: %v", s.Edited)
	}
	var text strings.Builder
	if err := s.WriteText(&text, Text{Dir: dir}); err != nil || !strings.Contains(text.String(), "rejects.edited-1.csv") {
		t.Errorf("%s, %v", &text, err)
	}
	if s := replaceReport(t, dir, smallInfo(Run), puts, End{ExitCode: 3}); s.Edited != nil {
		t.Errorf("kept what nobody has edited: %v", s.Edited)
	}
	edit(RejectsFile, "corrected twice")
	edit(UnknownFile, "decided")
	s = replaceReport(t, dir, smallInfo(Run), puts, End{ExitCode: 3}, UnknownFile)
	if want := []string{"rejects.edited-2.csv"}; !slices.Equal(s.Edited, want) || read(t, filepath.Join(dir, want[0])) != "corrected twice" {
		t.Errorf("edited: %v", s.Edited)
	}
	if got := read(t, filepath.Join(dir, UnknownFile)); !strings.HasPrefix(got, "a,b,_row") {
		t.Errorf("unknown.csv: %q", got)
	}
}

func TestReadSummary(t *testing.T) {
	dir := t.TempDir()
	if _, err := ReadSummary(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without a summary: %v", err)
	}
	if _, err := ReadSummary(filepath.Join(dir, "nowhere")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without a directory: %v", err)
	}
	want := writeReport(t, dir, smallInfo(Run), []put{createdPut(1), invalidPut(2)}, End{ExitCode: 3, Elapsed: time.Minute, Processes: 2, Unsettled: 1, Source: sheet(9)})
	got, err := ReadSummary(dir)
	if err != nil || got.ExitCode != 3 || got.Processes != 2 || got.Unsettled != 1 || got.Counts[outcome.Created] != 1 || got.Source != want.Source {
		t.Errorf("%+v, %v", got, err)
	}
	a, _ := want.JSON()
	b, err := got.JSON()
	if err != nil || string(a) != string(b) {
		t.Errorf("read and written again it is\n%s\nwant\n%s", b, a)
	}
	if err := os.WriteFile(filepath.Join(dir, SummaryFile), []byte(`{"run": `), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadSummary(dir); err == nil || !strings.Contains(err.Error(), SummaryFile) {
		t.Errorf("a broken summary: %v", err)
	}
}

func TestRowsThatNeedAPerson(t *testing.T) {
	skipped := func(code outcome.Code) put {
		p := createdPut(1)
		p.out.Action = outcome.Skipped
		p.out.Problems = []outcome.Problem{{Row: 1, Severity: outcome.Warning, Code: code}}
		return p
	}
	for code, want := range map[outcome.Code]int{outcome.ChangedSince: 1, outcome.Dropped: 0, outcome.BlankRow: 0} {
		s := writeReport(t, t.TempDir(), smallInfo(Run), []put{skipped(code), createdPut(2)}, End{})
		if s.Changed != want {
			t.Errorf("%s: %d rows", code, s.Changed)
		}
		var text strings.Builder
		if err := s.WriteText(&text, Text{}); err != nil {
			t.Fatal(err)
		}
		if fine := strings.Contains(text.String(), "all 2 rows are fine"); fine != (want == 0) {
			t.Errorf("%s: %s", code, &text)
		}
	}
}
