package cli

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"attio-import/importer/report"
)

// screen is where a command talks while it works: standard error. On a
// terminal notes are plain lines above a progress bar; elsewhere they are log lines.
type screen struct {
	console *report.Console // nil: no bar is drawn
	log     *slog.Logger
	plain   io.Writer // for notes; nil: they are logged
	quiet   bool
	warned  map[string]bool
}

func newScreen(opts *options, stderr io.Writer) *screen {
	s := &screen{quiet: opts.quiet, warned: map[string]bool{}}
	terminal := isTerminal(stderr)
	if bar := opts.progress == "always" || opts.progress == "auto" && terminal; bar && !opts.quiet {
		s.console = report.NewConsole(stderr)
		stderr = s.console
	}
	if opts.logFormat == "json" {
		s.log = slog.New(slog.NewJSONHandler(stderr, nil))
		return s
	}
	s.log = slog.New(slog.NewTextHandler(stderr, nil))
	if terminal {
		s.plain = stderr
	}
	return s
}

func isTerminal(w io.Writer) bool {
	f, ok := fileOf(w)
	return ok && report.Terminal(f, os.Getenv)
}

func hasColors(w io.Writer) bool {
	f, ok := fileOf(w)
	return ok && report.Colors(f, os.Getenv)
}

// note tells the person something on the way.
func (s *screen) note(format string, args ...any) { s.say(slog.LevelInfo, "", format, args...) }

// warn tells the person something that may turn out wrong.
func (s *screen) warn(format string, args ...any) {
	s.say(slog.LevelWarn, "warning: ", format, args...)
}

// warnOnce is warn for what several sheets of a run may give reason for.
func (s *screen) warnOnce(text string) {
	if !s.warned[text] {
		s.warned[text] = true
		s.warn("%s", text)
	}
}

func (s *screen) say(level slog.Level, prefix, format string, args ...any) {
	text := report.Clean(fmt.Sprintf(format, args...))
	switch {
	case s.quiet:
	case s.plain != nil:
		fmt.Fprintln(s.plain, prefix+text)
	default:
		s.log.Log(context.Background(), level, text)
	}
}

// waiting tells now and then that the API is being waited for, and why: the
// program would else look as if it hung.
func (s *screen) waiting() func(why error, wait time.Duration) {
	var told atomic.Int64 // when, in milliseconds since started
	started := time.Now()
	return func(why error, wait time.Duration) {
		now, last := time.Since(started).Milliseconds(), told.Load()
		long := wait >= time.Second || last > 0
		if long && (last == 0 || now-last >= 10_000) && told.CompareAndSwap(last, max(now, 1)) {
			s.warn("waiting for Attio: %v", why)
		}
	}
}

// progress says how a run of so many rows is to be shown.
func (s *screen) progress(opts *options, rows int) report.ProgressOptions {
	o := report.ProgressOptions{Total: rows, Console: s.console}
	if s.console == nil && !s.quiet {
		o.Logger = s.log
	}
	return o
}

// settling tells what a run waits for when only rows without an answer are left:
// they are left alone for a while, and nothing else happens until then.
func (s *screen) settling() func(rows int, until time.Time) {
	var told time.Time
	return func(rows int, until time.Time) {
		if time.Until(until) < time.Second || until.Sub(told) < time.Second {
			return
		}
		told = until
		s.note("%s without an answer: waiting until %s to look whether Attio has them", counted(rows, "row"), until.Format(time.TimeOnly))
	}
}
