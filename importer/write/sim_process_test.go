package write_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"attio-import/importer"
	"attio-import/importer/journal"
	"attio-import/importer/outcome"
	"attio-import/importer/resolve"
	"attio-import/importer/write"
)

// process is one process of the import: the real engine, with all its edges
// going through step, which is where it may be killed.
type process struct {
	*trial
	no     int
	calm   bool // nothing happens to it
	ctx    context.Context
	cancel context.CancelFunc
	dead   chan struct{} // closed when it is killed
	ended  chan struct{} // closed when its last goroutine is through; a dead one has no effect until then
	err    error         // of the run, once ended

	steps   atomic.Int64
	killAt  int64 // the step at which it dies; 0: at none
	stopAt  int64 // the step at which it is told to stop; 0: at none
	gone    sync.Once
	revoked atomic.Bool
	failed  atomic.Pointer[time.Time] // when a write did not fit on the disk
	limit   int                       // rows that it is to bring; 0: all
	all     bool                      // no row is left

	// Under the trial's mu.
	log      *journal.Log           // what the processes before have left; nil: nothing
	recorded map[int]outcome.Intent // of rows, by this process
	made     map[string]bool        // intents of references
	put      map[int]bool           // rows that have got their outcome
}

// start begins the next process and its fate.
func (t *trial) start() *process {
	p := &process{trial: t, no: len(t.processes) + 1, dead: make(chan struct{}), ended: make(chan struct{}),
		recorded: map[int]outcome.Intent{}, made: map[string]bool{}, put: map[int]bool{}}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	t.mu.Lock()
	t.processes = append(t.processes, p)
	t.mu.Unlock()
	d := t.dice.about("process").of(p.no)
	t.disk.fill(0)
	all := t.dice.about("processes")
	if p.calm = p.no > all.from(t.profile.troubled[0], t.profile.troubled[1]); !p.calm {
		p.doom(&d)
	}
	t.note("process %d begins", p.no)
	go p.live()
	return p
}

// doom decides how a process ends, if not by itself: at one of its steps, or some time.
func (p *process) doom(d *dice) {
	w := p.profile
	kill, stop := d.chance(w.killed), d.chance(w.told)
	byStep := d.chance(0.6)
	switch {
	case kill && byStep:
		p.killAt = p.someStep(d)
	case kill:
		p.later(d, p.kill)
	case stop && byStep:
		p.stopAt = p.someStep(d)
	case stop:
		p.later(d, p.interrupt)
	}
	if d.chance(w.limit) {
		p.limit = d.from(1, len(p.rows))
	}
	if d.chance(w.starved) {
		size, _ := p.disk.size()
		p.disk.fill(max(1, int(size)+d.below(4000)+512<<10*d.below(2)))
	}
}

// someStep is more often an early one: a process that resumes has less to do.
func (p *process) someStep(d *dice) int64 {
	last := 10 + 8*len(p.rows)
	return int64(min(d.from(1, last), d.from(1, last)))
}

func (p *process) later(d *dice, do func()) {
	at := d.span(0, 3*time.Second)
	if d.chance(0.4) {
		at = d.span(0, 5*time.Minute)
	}
	p.timers = append(p.timers, time.AfterFunc(at, do))
}

// kill ends a process: nothing that it does from now on has any effect.
func (p *process) kill() {
	if p.isOver() {
		return
	}
	p.gone.Do(func() {
		p.note("process %d is killed", p.no)
		close(p.dead)
		p.abandon()
		p.cancel()
	})
}

// abandon lets the requests under way know that nobody waits for them any more.
func (p *process) abandon() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, q := range p.requests {
		if q.process == p.no && q.told.IsZero() && q.cut.IsZero() {
			q.cut = p.lastSign(q)
		}
	}
}

// lastSign is until when the journal tells that a request may have left: a
// process whose journal has failed gives no signs any more.
func (p *process) lastSign(q *request) time.Time {
	if at := p.failed.Load(); at != nil {
		return later(*at, q.sent)
	}
	return time.Now()
}

func (p *process) interrupt() {
	if !p.isDead() && !p.isOver() {
		p.note("process %d is told to stop", p.no)
		p.cancel()
	}
}

func (p *process) isDead() bool { return isClosed(p.dead) }
func (p *process) isOver() bool { return isClosed(p.ended) }

func isClosed(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// step is passed before and after everything that a process does to the world.
func (p *process) step() error {
	switch p.steps.Add(1) {
	case p.killAt:
		p.kill()
	case p.stopAt:
		p.interrupt()
	}
	if p.isDead() {
		return errDead
	}
	return nil
}

// live is what the command line does.
func (p *process) live() {
	defer close(p.ended)
	p.err = p.bring()
	if !p.isDead() {
		p.note("process %d ends: %v", p.no, p.err)
	}
}

func (p *process) bring() error {
	j, log, err := p.journal()
	if j != nil {
		defer j.Close()
	}
	if err != nil {
		return err
	}
	b := &book{Journal: j, process: p}
	l := &line{p.trial, p}
	resolver := resolve.New(l, p.kind.plan, resolve.Options{})
	o := write.Options{QuietTime: p.quiet, Journal: b}
	if log != nil {
		o.Actor = log.Actor()
	}
	writer := p.mutate(write.New(l, p.kind.plan, resolver, o))
	sink := &simSink{p: p, got: map[int]bool{}}
	d := p.dice.about("engine")
	im := &importer.Import{
		Source: p.source, Plan: p.kind.plan, Resolver: resolver, Writer: &marking{writer, b}, Sink: sink, Journal: b,
		Options: importer.Options{Workers: d.from(1, 4), Window: d.from(1, 6), Limit: p.limit},
	}
	if log != nil {
		im.Past, p.log = log, log
	}
	ran := im.Run(p.ctx, p.check)
	sink.complete(b, im.Tally)
	p.all = ran == nil && im.Tally.Left() == 0
	return errors.Join(ran, j.End(journal.End{Complete: p.all}))
}

// journal begins the run's journal, or goes on with it after the quiet time.
func (p *process) journal() (*journal.Journal, *journal.Log, error) {
	var f journal.File = &file{p.disk, p}
	if all := p.dice.about("disk"); all.chance(0.5) {
		f = reserving{&file{p.disk, p}}
	}
	o := journal.Options{Eager: !p.kind.plan.Findable()}
	size, born := p.disk.size()
	if !born {
		j, err := journal.New(f, journal.Header{Run: "run-1"}, o)
		if err == nil {
			p.disk.name()
		}
		return j, nil, err
	}
	j, log, err := journal.Resume(f, size, o)
	if err != nil {
		return j, nil, err
	}
	p.note("process %d resumes with the open rows %v", p.no, log.OpenRows())
	p.openForAReason(log)
	return j, log, p.keepQuiet(log)
}

// keepQuiet waits until nothing that an earlier process sent should be under way any more.
func (p *process) keepQuiet(log *journal.Log) error {
	references, err := log.OpenReferences()
	if err != nil || len(log.OpenRows())+len(references) == 0 {
		return err
	}
	plan, quiet := p.kind.plan, time.Duration(0)
	if len(plan.Match()) > 0 || plan.Marker() != nil || plan.Unique() || len(references) > 0 {
		quiet = time.Second + write.Quiet(plan, write.Options{QuietTime: p.quiet})
	}
	select {
	case <-time.After(min(time.Until(log.Newest().Add(quiet)), quiet)):
		return nil
	case <-p.ctx.Done():
		return p.ctx.Err()
	}
}

// mutate puts the trial's fault into the writer, if it is to have one.
func (p *process) mutate(w *write.Writer) *write.Writer {
	if m := write.Mutants()[p.mutant]; m != nil {
		return w.Mutate(m)
	}
	return w
}
