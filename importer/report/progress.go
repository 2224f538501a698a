package report

import (
	"fmt"
	"log/slog"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/schollz/progressbar/v3"

	"attio-import/importer/outcome"
)

// ProgressOptions say how a run is watched.
type ProgressOptions struct {
	Total int // rows that the run will bring to an outcome; 0: there is nothing to watch
	// Console gets a bar. Where it is nil, Logger gets a line now and then.
	Console *Console
	Logger  *slog.Logger
	// Every is the time between two frames, default 200 ms, or between two
	// log lines, default 10 s.
	Every time.Duration
}

// Progress shows how far a run is: rows done, rate, time left, failures so
// far. It is drawn by a goroutine of its own, also while nothing moves, as in the
// pauses that the API asks for; telling it of a row costs two atomic additions.
//
// A nil Progress shows nothing.
type Progress struct {
	done, failed atomic.Int64

	total int64
	pace  pace
	show  func(state)
	end   func()

	once    sync.Once
	stop    chan struct{}
	stopped chan struct{}
}

// state is what is shown at one moment.
type state struct {
	done, failed, total int64
	rate                float64
	left                time.Duration
	moving              bool // left holds
}

// StartProgress begins to show a run. Close ends it.
func StartProgress(opts ProgressOptions) *Progress {
	if opts.Total <= 0 || (opts.Console == nil && opts.Logger == nil) {
		return nil
	}
	p := &Progress{total: int64(opts.Total), stop: make(chan struct{}), stopped: make(chan struct{})}
	if opts.Console != nil {
		p.show, p.end = drawBar(opts.Console, p.total)
		opts.Every = defaultTo(opts.Every, 200*time.Millisecond)
	} else {
		p.show, p.end = func(s state) { logState(opts.Logger, s) }, func() {}
		opts.Every = defaultTo(opts.Every, 10*time.Second)
	}
	p.pace.add(time.Now(), 0)
	go p.run(opts.Every)
	return p
}

func defaultTo(d, fallback time.Duration) time.Duration {
	if d <= 0 {
		return fallback
	}
	return d
}

// Done tells of a row that came to its outcome. It is safe for concurrent use.
func (p *Progress) Done(o *outcome.Outcome) {
	if p == nil {
		return
	}
	p.done.Add(1)
	if o.Action.Failed() {
		p.failed.Add(1)
	}
}

// Close takes the bar away and returns when nothing is drawn any more. It may
// be called again.
func (p *Progress) Close() {
	if p == nil {
		return
	}
	p.once.Do(func() {
		close(p.stop)
		<-p.stopped
		p.end()
	})
}

func (p *Progress) run(every time.Duration) {
	defer close(p.stopped)
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case now := <-ticker.C:
			p.show(p.state(now))
		case <-p.stop:
			return
		}
	}
}

func (p *Progress) state(now time.Time) state {
	s := state{done: p.done.Load(), failed: p.failed.Load(), total: p.total}
	p.pace.add(now, s.done)
	s.rate = p.pace.rate()
	s.left, s.moving = p.pace.left(p.total)
	return s
}

func logState(log *slog.Logger, s state) {
	left := "unknown"
	if s.moving {
		left = s.left.Round(time.Second).String()
	}
	log.Info("progress", "done", s.done, "total", s.total, "failed", s.failed,
		"per_second", math.Round(s.rate*10)/10, "left", left)
}

const (
	barWidth = 16
	// barFrame is what stands around the words of a bar: the per cent, its
	// ends, and a column that stays free, so that no terminal wraps the line.
	barFrame = barWidth + 12
)

// drawBar returns what draws the bar and what takes it away.
//
// The numbers are ours, in the bar's description: the library's own time left
// is "0s" whenever nothing moves, and its rate looks back five seconds only.
func drawBar(c *Console, total int64) (show func(state), end func()) {
	bar := progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(frames{c}),
		progressbar.OptionUseANSICodes(true),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionSetPredictTime(false),
		progressbar.OptionSetWidth(barWidth),
		progressbar.OptionShowDescriptionAtLineEnd(),
	)
	var drawn int64
	show = func(s state) {
		// Describing draws always, adding only where the per cent changes: in
		// this order the last frame is right in both. A frame that cannot be
		// drawn is no reason to end a run.
		bar.Describe(clip(s.words(), max(1, c.width()-barFrame)))
		_ = bar.Add64(s.done - drawn)
		drawn = s.done
	}
	return show, func() { _ = bar.Finish() }
}

// words are the bar's numbers: 450/1,000, 24.5/s, 22s left, 3 failed.
func (s state) words() string {
	text := number(int(s.done)) + "/" + number(int(s.total))
	if s.moving {
		text += ", " + rate(s.rate) + "/s, " + brief(s.left) + " left"
	} else {
		text += ", waiting"
	}
	if s.failed > 0 {
		text += ", " + number(int(s.failed)) + " failed"
	}
	return text
}

// brief writes a time in few columns: 22s, 4m05s, 11h02m.
func brief(d time.Duration) string {
	switch s := int(d.Round(time.Second).Seconds()); {
	case s < 60:
		return fmt.Sprintf("%ds", s)
	case s < 3600:
		return fmt.Sprintf("%dm%02ds", s/60, s%60)
	default:
		return fmt.Sprintf("%dh%02dm", s/3600, s%3600/60)
	}
}
