package report

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"attio-import/importer/outcome"
)

func report(p *Progress, a outcome.Action, times int) {
	for range times {
		p.Done(&outcome.Outcome{Action: a})
	}
}

// TestBar watches a run of 100 rows, 10 a second, with a pause in the middle.
func TestBar(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		screen := &terminal{}
		p := StartProgress(ProgressOptions{Total: 100, Console: NewConsole(screen)})
		see := func(want string) {
			t.Helper()
			synctest.Wait()
			lines, _ := screen.shown(t)
			if len(lines) != 1 || lines[0] != want {
				t.Errorf("the screen shows %q, want %q", lines, want)
			}
		}
		tenth := func(a outcome.Action) {
			for range 10 { // each a moment after a tick
				report(p, a, 1)
				time.Sleep(100 * time.Millisecond)
			}
		}
		time.Sleep(201 * time.Millisecond)
		see("   0% |                |  0/100, waiting")
		time.Sleep(800 * time.Millisecond)
		for range 4 {
			tenth(outcome.Created)
		}
		see("  40% |██████          |  40/100, 8/s, 8s left")
		tenth(outcome.Rejected)
		see("  50% |████████        |  50/100, 8.3/s, 6s left, 10 failed")

		// A pause: the estimate grows, and then promises nothing.
		time.Sleep(4 * time.Second)
		see("  50% |████████        |  50/100, 5/s, 10s left, 10 failed")
		_, before := screen.shown(t)
		time.Sleep(time.Minute)
		see("  50% |████████        |  50/100, waiting, 10 failed")
		if _, after := screen.shown(t); after-before < 250 {
			t.Errorf("%d frames in a minute's pause, want 300", after-before)
		}

		for range 5 {
			tenth(outcome.Updated)
		}
		p.Close()
		see("")
		p.Close()
		report(p, outcome.Created, 1)
		_, closed := screen.shown(t)
		time.Sleep(time.Minute)
		if _, later := screen.shown(t); later != closed {
			t.Error("something is drawn after Close")
		}
	})
}

// TestBarOfInterruptedRun shows that nothing of the bar is left, nor claimed.
func TestBarOfInterruptedRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		screen := &terminal{}
		p := StartProgress(ProgressOptions{Total: 1_000_000, Console: NewConsole(screen)})
		report(p, outcome.Created, 12_345)
		time.Sleep(time.Second)
		p.Close()
		if lines, _ := screen.shown(t); len(lines) != 1 || lines[0] != "" {
			t.Errorf("the screen shows %q", lines)
		}
	})
}

// slowLog keeps a line waiting until it is let through.
type slowLog struct{ writing, letThrough chan struct{} }

func (s slowLog) Write(p []byte) (int, error) {
	s.writing <- struct{}{}
	<-s.letThrough
	return len(p), nil
}

// TestCloseWaits shows that nothing late comes into what is printed after Close.
func TestCloseWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := slowLog{make(chan struct{}), make(chan struct{})}
		p := StartProgress(ProgressOptions{Total: 10, Logger: slog.New(slog.NewTextHandler(slow, nil))})
		<-slow.writing
		closed := make(chan struct{})
		go func() {
			p.Close()
			close(closed)
		}()
		synctest.Wait()
		select {
		case <-closed:
			t.Error("Close returned while a line was being written")
		default:
		}
		close(slow.letThrough)
		<-closed
	})
}

// TestLogLinesAndBar has log lines written from many goroutines while the bar
// is drawn as fast as it goes: every line is whole, and the bar is below them.
func TestLogLinesAndBar(t *testing.T) {
	screen := &terminal{}
	console := NewConsole(screen)
	log := slog.New(slog.NewTextHandler(console, nil))
	const writers, lines = 8, 25
	p := StartProgress(ProgressOptions{Total: writers * lines, Console: console, Every: 50 * time.Microsecond})
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for i := range lines {
				log.Warn("slow answer", "writer", w, "line", i)
				report(p, outcome.Created, 1)
				time.Sleep(100 * time.Microsecond)
			}
		})
	}
	all.Wait()
	p.Close()
	shown, _ := screen.shown(t)
	if len(shown) != writers*lines+1 || shown[len(shown)-1] != "" {
		t.Fatalf("%d lines on the screen, the last %q; want %d and an empty one", len(shown), shown[len(shown)-1], writers*lines)
	}
	whole := regexp.MustCompile(`^time=\S+ level=WARN msg="slow answer" writer=\d line=\d+$`)
	seen := map[string]bool{}
	for _, line := range shown[:len(shown)-1] {
		_, what, _ := strings.Cut(line, "writer=")
		if !whole.MatchString(line) || seen[what] {
			t.Errorf("line %q", line)
		}
		seen[what] = true
	}
}

// TestLineInParts shows that the bar does not come between the parts of a line.
func TestLineInParts(t *testing.T) {
	screen := &terminal{}
	c := NewConsole(screen)
	expect := func(want ...string) {
		t.Helper()
		if lines, _ := screen.shown(t); strings.Join(lines, "|") != strings.Join(want, "|") {
			t.Errorf("the screen shows %q, want %q", lines, want)
		}
	}
	_ = c.draw([]byte("\r[bar]\x1b[0K"))
	for _, part := range []string{"one ", "line\ntwo", " li"} {
		if n, err := io.WriteString(c, part); n != len(part) || err != nil {
			t.Fatal(n, err)
		}
		_ = c.draw([]byte("\r[bar]\x1b[0K"))
	}
	expect("one line", "[bar]")
	fmt.Fprintln(c, "nes")
	expect("one line", "two lines", "[bar]")
	fmt.Fprint(c, "rest")
	_ = c.erase()
	expect("one line", "two lines", "rest")
	fmt.Fprintln(c, " of it")
	expect("one line", "two lines", "rest of it", "")
}

// TestProgressLog is what cron gets: a line now and then, in a pause too.
func TestProgressLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b bytes.Buffer
		log := slog.New(slog.NewTextHandler(&b, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		}}))
		p := StartProgress(ProgressOptions{Total: 1000, Logger: log})
		time.Sleep(9 * time.Second)
		report(p, outcome.Created, 240)
		report(p, outcome.Unknown, 10)
		time.Sleep(41*time.Second + time.Millisecond)
		p.Close()
		want := "level=INFO msg=progress done=250 total=1000 failed=10 per_second=25 left=30s\n" +
			"level=INFO msg=progress done=250 total=1000 failed=10 per_second=12.5 left=1m0s\n" +
			"level=INFO msg=progress done=250 total=1000 failed=10 per_second=8.3 left=1m30s\n" +
			"level=INFO msg=progress done=250 total=1000 failed=10 per_second=0 left=unknown\n" +
			"level=INFO msg=progress done=250 total=1000 failed=10 per_second=0 left=unknown\n"
		if b.String() != want {
			t.Errorf("the log says\n%swant\n%s", &b, want)
		}
	})
}

// TestNothingToWatch covers a sheet without rows, at which the bar's library
// gives an error, and --quiet.
func TestNothingToWatch(t *testing.T) {
	screen := &terminal{}
	for _, opts := range []ProgressOptions{{Console: NewConsole(screen)}, {Total: 10}} {
		p := StartProgress(opts)
		report(p, outcome.Created, 1)
		p.Close()
	}
	if lines, writes := screen.shown(t); writes != 0 {
		t.Errorf("the screen shows %q", lines)
	}
}

// TestFrameFits draws the widest numbers on 80 columns.
func TestFrameFits(t *testing.T) {
	screen := &terminal{}
	c := NewConsole(screen)
	show, end := drawBar(c, 10_000_000)
	show(state{done: 9_999_999, failed: 9_999_999, total: 10_000_000, rate: 99.9, left: 99 * time.Hour, moving: true})
	lines, _ := screen.shown(t)
	if n := len([]rune(lines[0])); n >= c.width() || !strings.HasSuffix(lines[0], "…") {
		t.Errorf("%d columns: %q", n, lines[0])
	}
	end()
}

func TestPace(t *testing.T) {
	start := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	type step struct {
		at   time.Duration
		done int64
	}
	tests := []struct {
		name  string
		steps []step
		rate  float64
		left  time.Duration
		ok    bool
	}{
		{"nothing known", nil, 0, 0, false},
		{"just begun", []step{{0, 0}}, 0, 0, false},
		{"same moment", []step{{0, 0}, {0, 5}}, 0, 0, false},
		{"steady", []step{{0, 0}, {time.Second, 25}, {2 * time.Second, 50}}, 25, 38 * time.Second, true},
		{"what was fast long ago does not count", []step{{0, 0}, {time.Second, 500}, {31 * time.Second, 800}}, 10, 20 * time.Second, true},
		{"a pause slows the estimate", []step{{0, 0}, {10 * time.Second, 250}, {25 * time.Second, 250}}, 10, 75 * time.Second, true},
		{"a long pause promises nothing", []step{{0, 0}, {10 * time.Second, 250}, {41 * time.Second, 250}}, 0, 0, false},
		{"more than there are", []step{{0, 0}, {10 * time.Second, 1200}}, 120, 0, true},
	}
	for _, test := range tests {
		var p pace
		for _, s := range test.steps {
			p.add(start.Add(s.at), s.done)
		}
		left, ok := p.left(1000)
		if p.rate() != test.rate || left != test.left || ok != test.ok {
			t.Errorf("%s: %v a second, %v left, %t; want %v, %v, %t", test.name, p.rate(), left, ok, test.rate, test.left, test.ok)
		}
	}
	var p pace
	for i := range 10_000 {
		p.add(start.Add(time.Duration(i)*200*time.Millisecond), int64(i))
	}
	if len(p.marks) > 200 {
		t.Errorf("%d marks are kept", len(p.marks))
	}
}

func TestWords(t *testing.T) {
	for d, want := range map[time.Duration]string{0: "0s", 59400 * time.Millisecond: "59s", 59600 * time.Millisecond: "1m00s", time.Hour - time.Second: "59m59s", 26*time.Hour + 4*time.Minute: "26h04m"} {
		if got := brief(d); got != want {
			t.Errorf("brief(%v) = %q, want %q", d, got, want)
		}
	}
	for d, want := range map[time.Duration]string{0: "0 ms", 99 * time.Millisecond: "99 ms", 640 * time.Millisecond: "0.6 s", 59960 * time.Millisecond: "1 min 0 s", 51*time.Minute + 4*time.Second: "51 min 4 s", 3*time.Hour + 12*time.Minute: "3 h 12 min"} {
		if got := span(d); got != want {
			t.Errorf("span(%v) = %q, want %q", d, got, want)
		}
	}
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1000: "-1,000"} {
		if got := number(n); got != want {
			t.Errorf("number(%d) = %q, want %q", n, got, want)
		}
	}
}

func BenchmarkProgressDone(b *testing.B) {
	p := StartProgress(ProgressOptions{Total: 1, Logger: slog.New(slog.DiscardHandler)})
	defer p.Close()
	o := &outcome.Outcome{Action: outcome.Rejected}
	b.ReportAllocs()
	for b.Loop() {
		p.Done(o)
	}
}
