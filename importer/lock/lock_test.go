package lock

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestMain lets the test binary be the other process: it takes the lock that
// the environment names, says so, and waits to be killed.
func TestMain(m *testing.M) {
	if path := os.Getenv("LOCK_TEST_HOLD"); path != "" {
		if _, err := Acquire(path, Holder{Run: "run-1", PID: os.Getpid(), Host: "here", Command: "attio-import run a.csv", Since: time.Now()}); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println("held")
		select {}
	}
	os.Exit(m.Run())
}

// hold starts a process that holds the lock.
func hold(t *testing.T, path string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "LOCK_TEST_HOLD="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	if line, _ := bufio.NewReader(out).ReadString('\n'); line != "held\n" {
		t.Fatalf("the other process says %q", line)
	}
	return cmd
}

func TestSecondProcessIsToldWhoIsFirst(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	first := hold(t, path)
	_, err := Acquire(path, Holder{Run: "run-2"})
	var held *HeldError
	if !errors.As(err, &held) {
		t.Fatalf("the lock is held, and the second gets %v", err)
	}
	if h := held.Holder; h.PID != first.Process.Pid || h.Run != "run-1" || h.Command != "attio-import run a.csv" || h.Since.IsZero() {
		t.Errorf("the holder is told as %+v", h)
	}
	for _, part := range []string{"run-1", "here", fmt.Sprint(first.Process.Pid), "attio-import run a.csv"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q does not say %q", err, part)
		}
	}
	if h, is, err := Held(path); err != nil || !is || h.Run != "run-1" {
		t.Errorf("Held: %+v, %t, %v", h, is, err)
	}
}

// A lock of a process that was killed blocks nobody, and its file is not removed.
func TestKilledHolderBlocksNobody(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	first := hold(t, path)
	if err := first.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = first.Wait()
	if _, is, err := Held(path); err != nil || is {
		t.Fatalf("the dead process still holds it: %t, %v", is, err)
	}
	l, err := Acquire(path, Holder{Run: "run-2", PID: 2})
	if err != nil {
		t.Fatal(err)
	}
	if text, _ := os.ReadFile(path); !strings.Contains(string(text), "run-2") || strings.Contains(string(text), "run-1") {
		t.Errorf("the file says %s", text)
	}
	if err := l.Release(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Errorf("the file is gone: %v", err)
	}
	if err := l.Release(); err != nil {
		t.Errorf("a second Release: %v", err)
	}
}

// Of many who want it at once exactly one gets it, also within a process.
func TestOneOfMany(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	var got, refused sync.Map
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			l, err := Acquire(path, Holder{Run: fmt.Sprint(i), PID: 1})
			var held *HeldError
			switch {
			case err == nil:
				got.Store(i, l)
			case errors.As(err, &held):
				refused.Store(i, held)
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	count := func(m *sync.Map) (n int) {
		m.Range(func(any, any) bool { n++; return true })
		return n
	}
	if n := count(&got); n != 1 || count(&refused) != 15 {
		t.Errorf("%d got the lock, %d were refused", n, count(&refused))
	}
}

// Somebody removes the file of a held lock, against the rule: the next one
// locks another file, and whoever waits for the first one's must not believe to have it.
func TestReplacedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if stale, err := take(f, path, Holder{}); err != nil || !stale {
		t.Errorf("a file that is gone was locked: %t, %v", stale, err)
	}
}

// Whoever lists the runs asks for their locks; that must not get in the way of a
// process that wants one.
func TestAskingIsNotInTheWay(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	var asking sync.WaitGroup
	asking.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				_, _, _ = Held(path)
				time.Sleep(100 * time.Microsecond)
			}
		}
	})
	for range 50 {
		l, err := Acquire(path, Holder{Run: "r", PID: 1})
		if err != nil {
			t.Fatal(err)
		}
		_ = l.Release()
	}
	close(stop)
	asking.Wait()
}

func TestFileIsPrivateAndNoLink(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "lock")
	if err := os.WriteFile(path, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	l, err := Acquire(path, Holder{Run: "r"})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Release()
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
		t.Errorf("the lock file has mode %v", info.Mode())
	}
	target := filepath.Join(dir, "diary")
	if err := os.WriteFile(target, []byte("dear diary"), 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink(target, link); err != nil {
		t.Skip(err)
	}
	if _, err := Acquire(link, Holder{Run: "r"}); err == nil {
		t.Error("a symbolic link was followed")
	}
	if text, _ := os.ReadFile(target); string(text) != "dear diary" {
		t.Errorf("the file behind the link says %q", text)
	}
}

func TestNoDirectory(t *testing.T) {
	if _, err := Acquire(filepath.Join(t.TempDir(), "no", "lock"), Holder{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v", err)
	}
	if _, is, err := Held(filepath.Join(t.TempDir(), "lock")); is || err != nil {
		t.Errorf("a lock that was never taken: %t, %v", is, err)
	}
}

func TestDoubt(t *testing.T) {
	if kind := Doubt(t.TempDir()); kind != "" {
		t.Skipf("the tests run on %s", kind)
	}
	if kind := Doubt(filepath.Join(t.TempDir(), "nowhere")); kind != "" {
		t.Errorf("a path that is not there is on %s", kind)
	}
}
