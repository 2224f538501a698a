package cli

import (
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"attio-import/importer/sandbox"
)

// interruptedRun makes a run that was stopped in the middle, and returns its directory.
func interruptedRun(t *testing.T, p *place) string {
	t.Helper()
	csv, mapping := keyedSheet(40)
	p.sheet(t, csv, mapping)
	end := p.run(t, p.next("--limit", "10")...)
	if end.code != exitOK || !p.begun() {
		t.Fatalf("exit code %d\n%s%s", end.code, end.out, end.errs)
	}
	return p.runDirs(t)[0]
}

// A run directory that somebody else has made, in a repository that was cloned,
// names another server. No verb speaks to it: where the API is comes from the command line
// and the environment alone.
func TestForeignRunNamesAServer(t *testing.T) {
	t.Parallel()
	evil := newMiddle(t, 0, nil)
	made := newPlace(t, evil.url, evil.token)
	dir := interruptedRun(t, made)
	evil.setTrouble(func(_ http.ResponseWriter, r *http.Request, _ int) bool {
		t.Errorf("the other server was asked %s %s", r.Method, r.URL)
		return false
	})

	own, _ := openSandbox(t, sandbox.Options{Empty: true})
	p := newPlace(t, own.url, own.token)
	if err := os.CopyFS(p.file("runs"), os.DirFS(made.file("runs"))); err != nil {
		t.Fatal(err)
	}
	private(t, p.file("runs"))
	csv, mapping := keyedSheet(40)
	p.sheet(t, csv, mapping)
	for _, verb := range []string{"resume", "retry", "report", "runs"} {
		args := []string{verb, "--runs-dir", "runs"}
		if verb != "runs" {
			args = append(args, filepath.Base(dir))
		}
		end := p.run(t, args...)
		if verb == "resume" && (end.code != exitUsage || !strings.Contains(end.errs, "api: ")) {
			t.Errorf("resume: exit code %d\n%s%s", end.code, end.out, end.errs)
		}
	}
	if n := len(own.log(t, 0)); n > 0 {
		t.Errorf("%d writes went to the user's own workspace", n)
	}
}

// private gives files the rights that a run has given them.
func private(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.Chmod(path, 0o700)
		}
		return os.Chmod(path, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The same address, and another workspace behind it: nothing is written there.
func TestAnotherWorkspaceAtTheAddress(t *testing.T) {
	t.Parallel()
	address := ownAddress(t)
	first, closeIt := openSandbox(t, sandbox.Options{Empty: true, Listen: address})
	p := newPlace(t, first.url, first.token)
	interruptedRun(t, p)
	closeIt()
	second, _ := openSandbox(t, sandbox.Options{Empty: true, Listen: address})
	p.token = second.token
	end := p.run(t, p.next()...)
	if end.code != exitUsage || !strings.Contains(end.errs, "workspace: ") {
		t.Errorf("exit code %d\n%s%s", end.code, end.out, end.errs)
	}
	if n := len(second.log(t, 0)); n > 0 {
		t.Errorf("%d writes went to the other workspace", n)
	}
}

// RUN is an id or the path of a run directory, and nothing that leads elsewhere.
func TestRunArgumentsThatLeadElsewhere(t *testing.T) {
	t.Parallel()
	w, _ := openSandbox(t, sandbox.Options{Empty: true})
	p := newPlace(t, w.url, w.token)
	id := filepath.Base(interruptedRun(t, p))
	for _, run := range []string{"..", "../runs", "/", "/etc", "runs/..", id + "/../..", "ID", "a b", "a\x1b[31m", "-", "runs/" + strings.ToUpper(id) + "X", "none", "runs/none"} {
		for _, verb := range []string{"resume", "retry", "report"} {
			if verb != "resume" && run != "runs/.." && run != "none" {
				continue // they have one way to find a run
			}
			end := p.run(t, verb, "--runs-dir", "runs", "--", run)
			if end.code != exitUsage || !strings.Contains(end.errs, "attio-import: ") {
				t.Errorf("%s %q: exit code %d\n%s%s", verb, run, end.code, end.out, end.errs)
			}
		}
	}
}

// Symbolic links in the place of a run directory, and in it, are not followed.
func TestLinksInRunDirectories(t *testing.T) {
	t.Parallel()
	for _, linked := range []string{"", "journal", "report.csv", "lock", "sandbox.data"} {
		t.Run("link of "+linked, func(t *testing.T) {
			w, _ := openSandbox(t, sandbox.Options{Empty: true})
			p := newPlace(t, w.url, w.token)
			dir := interruptedRun(t, p)
			victim := p.file("victim")
			if linked == "" {
				move(t, dir, victim)
				link(t, victim, dir)
			} else {
				if text, err := os.ReadFile(filepath.Join(dir, linked)); err == nil {
					writeFile(t, victim, string(text))
				} else {
					writeFile(t, victim, "")
				}
				_ = os.Remove(filepath.Join(dir, linked))
				link(t, victim, filepath.Join(dir, linked))
			}
			before := contents(t, victim)
			for _, args := range [][]string{p.next("--limit", "20"), {"report", filepath.Base(dir), "--runs-dir", "runs"}, p.next()} {
				if args[0] == "resume" {
					args = append([]string{"resume", filepath.Base(dir), "--runs-dir", "runs"}, fast...)
				} else if args[0] == "run" {
					continue
				}
				end := p.run(t, args...)
				if linked == "" || linked == "journal" {
					if end.code == exitOK {
						t.Errorf("%v followed the link", args)
					}
				}
			}
			if after := contents(t, victim); after != before {
				t.Errorf("what the link leads to was changed")
			}
		})
	}
}

func move(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

func link(t *testing.T, to, at string) {
	t.Helper()
	if err := os.Symlink(to, at); err != nil {
		t.Fatal(err)
	}
}

// contents is a file, or all files of a directory, as one text.
func contents(t *testing.T, path string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(path, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		b.WriteString(path + "\n" + string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Nobody else reads what a run leaves, whatever the umask, and nobody else may
// be able to lay something there.
func TestRunDirectoriesArePrivate(t *testing.T) {
	t.Parallel()
	w, _ := openSandbox(t, sandbox.Options{Empty: true})
	p := newPlace(t, w.url, w.token)
	csv, mapping := keyedSheet(10)
	p.sheet(t, csv+",nobody\n", mapping)
	for _, line := range []string{
		"umask 0; exec attio-import run sheet.csv --runs-dir new/runs --write-rate 0",
		"umask 0; exec attio-import run sheet.csv --sandbox --runs-dir new/runs --write-rate 0 --read-rate 0",
		"umask 0; exec attio-import run - -m sheet.yaml --runs-dir new/runs --write-rate 0 <sheet.csv",
		"umask 0; exec attio-import retry $(ls new/runs | tail -1) --runs-dir new/runs --write-rate 0",
	} {
		end := p.shell(t, line)
		if end.code != exitRowsFailed {
			t.Errorf("%s: exit code %d\n%s%s", line, end.code, end.out, end.errs)
		}
	}
	if text, err := os.ReadFile(p.file("new/runs/.gitignore")); err != nil || string(text) != "*\n" {
		t.Errorf(".gitignore says %q (%v)", text, err)
	}
	for _, root := range []string{p.file("new"), p.file("state")} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := d.Info()
			if err == nil && info.Mode().Perm()&0o077 != 0 && path != p.file("new") {
				t.Errorf("%s is %v", path, info.Mode())
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// shell runs a line as a person types it.
func (p *place) shell(t *testing.T, line string) exited {
	t.Helper()
	s := &started{Cmd: p.command()}
	s.Path, s.Args, s.Err = "/bin/sh", []string{"sh", "-c", line}, nil
	s.Stdout, s.Stderr = &s.out, &s.errs
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	return p.wait(t, s)
}

// What others could have laid there is not gone on with.
func TestRunsOfOthers(t *testing.T) {
	t.Parallel()
	for _, f := range []struct {
		name string
		lay  func(dir string) error
	}{
		{"everybody may write to the runs", func(dir string) error { return os.Chmod(filepath.Dir(dir), 0o777) }},
		{"everybody may write to the run", func(dir string) error { return os.Chmod(dir, 0o777) }},
		{"the runs are another user's", func(dir string) error { return os.Chown(filepath.Dir(dir), 12345, 12345) }},
		{"the run is another user's", func(dir string) error { return os.Chown(dir, 12345, 12345) }},
	} {
		t.Run(f.name, func(t *testing.T) {
			w, _ := openSandbox(t, sandbox.Options{Empty: true})
			p := newPlace(t, w.url, w.token)
			dir := interruptedRun(t, p)
			if err := f.lay(dir); err != nil {
				t.Skip(err)
			}
			for _, verb := range []string{"resume", "retry", "report"} {
				if end := p.run(t, verb, filepath.Base(dir), "--runs-dir", "runs"); end.code != exitUsage || !strings.Contains(end.errs, "hint: ") {
					t.Errorf("%s: exit code %d\n%s%s", verb, end.code, end.out, end.errs)
				}
			}
			if n := len(w.log(t, 0)); n != 10 {
				t.Errorf("%d writes, want the 10 of the run itself", n)
			}
		})
	}
}
