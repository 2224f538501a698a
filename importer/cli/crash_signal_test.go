package cli

import (
	"net/http"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A signal stops the reading, lets calls under way finish, and prints how to
// resume; and what it prints works.
func TestSignals(t *testing.T) {
	t.Parallel()
	for _, f := range []struct {
		name   string
		signal os.Signal
	}{{"SIGINT", syscall.SIGINT}, {"SIGTERM", syscall.SIGTERM}, {"SIGHUP", syscall.SIGHUP}} {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			const rows = 100
			reached := make(chan struct{}, 1)
			m := newMiddle(t, 20, func(_ http.ResponseWriter, r *http.Request, _ int) bool {
				select {
				case reached <- struct{}{}:
				default:
				}
				time.Sleep(50 * time.Millisecond) // a call takes as long as one does
				return false
			})
			p := newPlace(t, m.url, m.token)
			csv, mapping := keyedSheet(rows)
			p.sheet(t, csv, mapping)
			proc := p.start(t, p.next("--workers", "4")...)
			await(t, proc, reached)
			if err := proc.Process.Signal(f.signal); err != nil {
				t.Fatal(err)
			}
			end := p.wait(t, proc)
			if end.code != exitInterrupted || !strings.Contains(end.out, "interrupted") {
				t.Fatalf("exit code %d, want %d\n%s%s", end.code, exitInterrupted, end.out, end.errs)
			}
			report := p.report(t)
			asLogged(t, report, m.log(t, 0), "workspaces", false)
			if len(report) >= rows {
				t.Errorf("the report has %d lines, though the run was interrupted", len(report))
			}
			m.peace()
			if end = p.obey(t, end); end.code != exitOK {
				t.Fatalf("what the last line said ends with %d\n%s%s", end.code, end.out, end.errs)
			}
			p.complete(t, m.witness, rows)
		})
	}
}

// A second signal ends a run at once that waits for answers which do not come. What
// it has sent arrives afterwards, and the run can be resumed all the same.
func TestSecondSignalEndsAtOnce(t *testing.T) {
	t.Parallel()
	const rows, workers = 60, 4
	held, free := make(chan struct{}, 100), make(chan struct{})
	m := newMiddle(t, 20, nil)
	m.setTrouble(func(w http.ResponseWriter, r *http.Request, _ int) bool {
		if !isWrite(r) {
			return false
		}
		r = r.WithContext(t.Context()) // it goes on when the client has gone
		r.Body = teeBody(r.Body, new(strings.Builder))
		held <- struct{}{}
		<-free
		m.answer(r).sendTo(w)
		return true
	})
	p := newPlace(t, m.url, m.token)
	csv, mapping := keyedSheet(rows)
	p.sheet(t, csv, mapping)
	proc := p.start(t, p.next("--workers", "4", "--timeout", "10m", "--quiet-time", "300ms")...)
	for range workers {
		await(t, proc, held)
	}
	for range 2 {
		if err := proc.Process.Signal(syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
		time.Sleep(200 * time.Millisecond) // or the two would count as one
	}
	end := p.wait(t, proc) // an hour, did it wait for the answers
	if end.code == exitOK {
		t.Fatalf("exit code %d\n%s%s", end.code, end.out, end.errs)
	}
	close(free)
	m.peace()
	if end = p.run(t, p.next("--quiet-time", "300ms")...); end.code != exitOK {
		t.Fatalf("the resume ends with %d\n%s%s", end.code, end.out, end.errs)
	}
	p.complete(t, m.witness, rows)
}

// A signal ends a run that waits for a server which has gone, without waiting for
// it to come back.
func TestSignalWhileTheServerIsAway(t *testing.T) {
	t.Parallel()
	const rows = 80
	var m *middle
	var once sync.Once
	gone := make(chan struct{})
	m = newMiddle(t, 20, func(http.ResponseWriter, *http.Request, int) bool {
		once.Do(func() { go func() { m.down(); close(gone) }() })
		return false
	})
	m.moves(t)
	p := newPlace(t, m.url, m.token)
	csv, mapping := keyedSheet(rows)
	p.sheet(t, csv, mapping)
	proc := p.start(t, p.next("--workers", "4", "--quiet-time", "50ms")...)
	await(t, proc, gone)
	time.Sleep(300 * time.Millisecond)
	told := time.Now()
	if err := proc.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	end := p.wait(t, proc) // the server does not come back before
	if end.code != exitInterrupted {
		t.Fatalf("exit code %d, want %d\n%s%s", end.code, exitInterrupted, end.out, end.errs)
	}
	if took := time.Since(told); took > 20*time.Second { // what calls under way may take is 30
		t.Errorf("it ended after %s, though nothing was under way", took)
	}
	m.up(t)
	if end = p.obey(t, end); end.code != exitOK {
		t.Fatalf("what the last line said ends with %d\n%s%s", end.code, end.out, end.errs)
	}
	p.complete(t, m.witness, rows)
}

// A process that sleeps, as on a laptop whose lid is closed, finds its connections
// dead when it wakes up, and goes on.
func TestSleep(t *testing.T) {
	t.Parallel()
	const rows = 300
	s := startServer(t, nil, "--empty", "--latency", "5ms")
	p := newPlace(t, s.url, s.token)
	csv, mapping := keyedSheet(rows)
	p.sheet(t, csv, mapping)
	proc := p.start(t, p.next("--workers", "4", "--quiet-time", "50ms")...)
	for range 2 {
		time.Sleep(150 * time.Millisecond)
		_ = proc.Process.Signal(syscall.SIGSTOP)
		s.restart(t)
		_ = proc.Process.Signal(syscall.SIGCONT)
	}
	if end := p.wait(t, proc); end.code != exitOK {
		t.Fatalf("exit code %d\n%s%s", end.code, end.out, end.errs)
	}
	w, _ := s.last(t)
	p.complete(t, w, rows)
}
