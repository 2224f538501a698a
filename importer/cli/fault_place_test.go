package cli

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// place is where a test imports: a folder of its own for the sheet, the run
// directories and the program's state, and the server that the program talks to.
type place struct {
	dir        string
	url, token string
	env        []string // besides the usual
}

func newPlace(t *testing.T, url, token string) *place {
	t.Helper()
	return &place{dir: t.TempDir(), url: url, token: token}
}

func (p *place) file(name string) string { return filepath.Join(p.dir, name) }

// sheet writes the sheet and its mapping beside it; the sheet's name is sheet.csv.
func (p *place) sheet(t *testing.T, csv, mapping string) {
	t.Helper()
	writeFile(t, p.file("sheet.csv"), csv)
	writeFile(t, p.file("sheet.yaml"), mapping)
}

// patience is how long a process may take before it counts as hung. It is then
// told to show its goroutines.
const patience = 2 * time.Minute

// command is the program as a process that works in the folder and knows
// nothing of the one who runs the tests.
func (p *place) command(args ...string) *exec.Cmd {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	cmd := exec.CommandContext(ctx, "attio-import", args...)
	cmd.Cancel = func() error { defer cancel(); return cmd.Process.Signal(syscall.SIGQUIT) }
	cmd.WaitDelay = 5 * time.Second
	cmd.Dir, cmd.Env = p.dir, p.environment()
	return cmd
}

func (p *place) environment() []string {
	return append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + p.dir, "TMPDIR=" + os.TempDir(), "XDG_STATE_HOME=" + p.file("state"),
		"ATTIO_BASE_URL=" + p.url, "ATTIO_API_KEY=" + p.token,
		"GORACE=atexit_sleep_ms=0", // or every process of a race build sleeps for a second at its end
	}, p.env...)
}

// exited is how a process ended and what it said.
type exited struct {
	code      int // -1: by a signal
	out, errs string
}

func (p *place) run(t *testing.T, args ...string) exited {
	t.Helper()
	return p.wait(t, p.start(t, args...))
}

// started is a process under way.
type started struct {
	*exec.Cmd
	out, errs buffer
}

func (p *place) start(t *testing.T, args ...string) *started {
	t.Helper()
	s := &started{Cmd: p.command(args...)}
	s.Stdout, s.Stderr = &s.out, &s.errs
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	return s
}

// startPiped starts a process with a file as its standard input.
func (p *place) startPiped(t *testing.T, file string, args ...string) *started {
	t.Helper()
	in, err := os.Open(p.file(file))
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	s := &started{Cmd: p.command(args...)}
	s.Stdin, s.Stdout, s.Stderr = in, &s.out, &s.errs
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	return s
}

func (p *place) wait(t *testing.T, s *started) exited {
	t.Helper()
	var exit *exec.ExitError
	if err := s.Wait(); err != nil && !errors.As(err, &exit) {
		t.Fatalf("%v: %v\n%s", s.Args, err, s.errs.String())
	}
	e := exited{code: s.ProcessState.ExitCode(), out: s.out.String(), errs: s.errs.String()}
	if e.code == raceFound || e.code == 2 && strings.Contains(e.errs, "\ngoroutine ") {
		t.Fatalf("%v broke down:\n%s", s.Args, e.errs)
	}
	return e
}

// says waits until a process has told something on standard error.
func (s *started) says(t *testing.T, text string) {
	t.Helper()
	told := make(chan struct{})
	go func() {
		for !strings.Contains(s.errs.String(), text) {
			time.Sleep(10 * time.Millisecond)
		}
		close(told)
	}()
	await(t, s, told)
}

// await waits for what a process under way brings about.
func await(t *testing.T, s *started, happened <-chan struct{}) {
	t.Helper()
	select {
	case <-happened:
	case <-time.After(patience / 2):
		_ = s.Process.Signal(syscall.SIGQUIT)
		_ = s.Wait()
		t.Fatalf("%v does not come so far:\n%s%s", s.Args, s.out.String(), s.errs.String())
	}
}

// raceFound is the exit code of a process of a race build that had a data race.
const raceFound = 66

// fast are flags that every command of an import takes.
var fast = []string{"--write-rate", "0", "--read-rate", "0", "--progress", "never"}

// runDirs lists the run directories, the oldest first.
func (p *place) runDirs(t *testing.T) []string {
	t.Helper()
	found, err := filepath.Glob(p.file("runs/2*"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// begun reports whether a run has come so far that it can be resumed.
func (p *place) begun() bool {
	found, _ := filepath.Glob(p.file("runs/2*/journal"))
	return len(found) > 0
}

// next is the command to type next: the run, or what goes on with it.
func (p *place) next(flags ...string) []string {
	verb := []string{"run", "sheet.csv"}
	if p.begun() {
		verb = []string{"resume"}
	}
	return append(append(append(verb, "--runs-dir", "runs"), fast...), flags...)
}

// through imports until nothing is left to do. A process may end otherwise with
// the codes given; any other is a failure.
func (p *place) through(t *testing.T, flags []string, may ...int) (last exited, processes int) {
	t.Helper()
	const most = 500
	for processes = 1; processes <= most; processes++ {
		args := p.next(flags...)
		switch last = p.run(t, args...); {
		case last.code == exitOK || last.code == exitRowsFailed:
			return last, processes
		case !slices.Contains(may, last.code):
			t.Fatalf("process %d, %v: exit code %d\n%s%s", processes, args, last.code, last.out, last.errs)
		}
	}
	t.Fatalf("not through after %d processes; the last one said\n%s%s", most, last.out, last.errs)
	return last, processes
}

// finished checks that nothing is left to do for a run that is through: a resume
// says so, ends with the run's exit code and sends nothing, and the reports rendered
// from the journal once more are the same to the byte.
func (p *place) finished(t *testing.T, w witness, code int) {
	t.Helper()
	dir := filepath.Dir(p.output(t, "journal"))
	log, before := len(w.log(t, 0)), reports(t, dir)
	args := append([]string{"resume", filepath.Base(dir), "--runs-dir", "runs"}, fast...)
	if end := p.run(t, args...); end.code != code || len(w.log(t, 0)) != log {
		t.Errorf("resume of a run that is through: exit code %d, want %d\n%s%s", end.code, code, end.out, end.errs)
	}
	if end := p.run(t, "report", filepath.Base(dir), "--runs-dir", "runs"); end.code != code && end.code != exitOK {
		t.Errorf("report of a run that is through: exit code %d\n%s%s", end.code, end.out, end.errs)
	}
	after := reports(t, dir)
	for name, text := range before {
		if after[name] != text {
			t.Errorf("%s is another one when it is rendered again:\n%s", name, firstDifference(after[name], text))
		}
	}
}

// reports are the files of a run directory that are made from its journal.
func reports(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, pattern := range []string{"*.csv", "summary.json"} {
		found, _ := filepath.Glob(filepath.Join(dir, pattern))
		for _, path := range found {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			files[filepath.Base(path)] = string(text)
		}
	}
	return files
}

// report is the report of the only run that has begun.
func (p *place) report(t *testing.T) []reportLine {
	t.Helper()
	return readTable(t, p.output(t, "report.csv"))
}

// output is a file of the only run that has begun.
func (p *place) output(t *testing.T, name string) string {
	t.Helper()
	return p.outputOf(t, "runs", name)
}

func (p *place) outputOf(t *testing.T, runs, name string) string {
	t.Helper()
	begun, err := filepath.Glob(p.file(runs + "/2*/journal"))
	if err != nil || len(begun) != 1 {
		t.Fatalf("want one run, found %v (%v)", begun, err)
	}
	return filepath.Join(filepath.Dir(begun[0]), name)
}

// big reports whether the test may take minutes.
func big() bool { return os.Getenv("ATTIO_IMPORT_BIG") != "" }

// onlyBig skips a test that takes a minute or two, unless it was asked for.
func onlyBig(t *testing.T) {
	t.Helper()
	if !big() {
		t.Skip("takes a minute or two; set ATTIO_IMPORT_BIG=1")
	}
}

// together runs a subtest for each of the names, so many at a time: they wait
// more than they work, which t.Parallel, made for work, does not know.
func together(t *testing.T, most int, names []string, test func(t *testing.T, i int)) {
	t.Helper()
	var all sync.WaitGroup
	slots := make(chan struct{}, most)
	for i, name := range names {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			t.Run(name, func(t *testing.T) { test(t, i) })
		})
	}
	all.Wait()
}
