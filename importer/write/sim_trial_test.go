package write_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"attio-import/importer"
	"attio-import/importer/journal"
	"attio-import/importer/outcome"
	"attio-import/importer/source"
)

// profile is how rough a trial is.
type profile struct {
	kinds    []string // names of sheetKinds; nil: any
	rows     [2]int
	network  weights
	overdue  [2]float64 // when what comes too late comes, in quiet times
	limited  float64    // of the requests, that meet a 429 (again)
	jam      float64    // of the requests, that wait long for their turn
	away     float64    // of the reads, for which the client loses patience
	slowRead float64

	people [2]int
	span   time.Duration // within which they act
	deeds  deeds

	troubled                     [2]int  // processes to which something may happen
	killed, power, told, starved float64 // how a troubled process ends, by chance; starved: its disk fills up
	limit                        float64 // it is to bring some rows only
	outage                       float64 // a loss of power after all is done
}

// trial is one import from its first process to its last, in a world of its own.
type trial struct {
	seed    uint64
	dice    dice
	profile *profile
	kind    *sheetKind
	mutant  string

	rows   []*simRow
	source *source.File
	check  *importer.Check // of every process: it is a function of the sheet
	server *workspace
	disk   *disk
	quiet  time.Duration // that the user gave; 0: the default
	older  []string      // records that our token made before the run

	mu        sync.Mutex
	calls     map[string]int // by row or query
	requests  []*request
	timers    []*time.Timer
	lastDue   time.Time
	words     int
	began     time.Time
	telling   sync.Mutex
	story     []happening
	wrong     []string
	deeds     int // of people
	sum       tally
	said      map[int]outcome.Outcome // by the journal, in the end
	decided   map[int]time.Time
	intents   map[int]outcome.Intent // the last of each row
	processes []*process
}

// happening is a line of a trial's story, put into words only if it is told.
type happening struct {
	at     time.Duration
	format string
	args   []any
}

func (t *trial) note(format string, args ...any) {
	t.telling.Lock()
	defer t.telling.Unlock()
	t.story = append(t.story, happening{time.Since(t.began), format, args})
}

// violation is a broken promise.
func (t *trial) violation(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.broken(format, args...)
}

// broken is violation for who holds mu.
func (t *trial) broken(format string, args ...any) {
	t.wrong = append(t.wrong, fmt.Sprintf(format, args...))
	t.note("VIOLATION "+format, args...)
}

// tell is the whole trial for a person.
func (t *trial) tell() string {
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d, mapping %q, server clock %v ahead\n%s\n", t.seed, t.kind.name, t.server.skew, sheetText(t.rows))
	for _, h := range t.story {
		fmt.Fprintf(&b, "%10.3fs  %s\n", h.at.Seconds(), fmt.Sprintf(h.format, h.args...))
	}
	return b.String()
}

// simulate runs the trial of a seed.
func simulate(tt *testing.T, seed uint64, p *profile, mutant string) *trial {
	d := dice(seed).of(0)
	t := &trial{seed: seed, dice: d, profile: p, mutant: mutant, calls: map[string]int{}, decided: map[int]time.Time{}, intents: map[int]outcome.Intent{}}
	defer func() {
		if r := recover(); r != nil { // a deadlock comes as a panic
			tt.Fatalf("%v\n%s", r, t.tell())
		}
	}()
	synctest.Test(tt, func(*testing.T) { t.run() })
	return t
}

func (t *trial) run() {
	t.began = time.Now()
	t.lastDue = t.began
	t.setUp()
	t.people()
	log := t.untilDone()
	time.Sleep(time.Until(t.lastDue) + time.Second)
	for _, timer := range t.timers {
		timer.Stop()
	}
	for _, p := range t.processes {
		t.await(p, nil)
	}
	synctest.Wait()
	if log != nil {
		t.judge(log)
	}
	t.sum.add(t)
}

// untilDone starts processes until one of them says that all is done, and gives
// what is on record then.
func (t *trial) untilDone() *journal.Log {
	restarts := t.dice.about("restarts")
	for {
		p := t.start()
		t.await(p, p.dead)
		synctest.Wait() // whoever is at work still sees that it is dead
		d := restarts.of(p.no)
		switch {
		case p.isDead():
			t.crash(d.chance(t.profile.power))
		case p.err == nil && p.all:
			t.crash(d.chance(t.profile.outage))
			return t.finalLog()
		case p.calm:
			t.violation("process %d, to which nothing happened, ended: %v (all rows: %v)", p.no, p.err, p.all)
			return nil
		}
		t.rest(&d)
	}
}

// await waits for the end of a process. One that hangs does not look like a
// deadlock, since its journal goes on to give signs.
func (t *trial) await(p *process, dead chan struct{}) {
	const far = 4 * time.Hour
	select {
	case <-p.ended:
	case <-dead:
	case <-time.After(far):
		panic(fmt.Sprintf("process %d hangs\n%s", p.no, t.tell()))
	}
}

// crash is a loss of power, or nothing.
func (t *trial) crash(power bool) {
	if power {
		t.note("the power fails, %d bytes of the disk's cache were at risk", t.disk.loseCache())
	}
}

// rest is the time until somebody resumes the run.
func (t *trial) rest(d *dice) {
	wait := d.span(0, 2*time.Second)
	if d.chance(0.3) {
		wait = d.span(0, 5*time.Minute)
	}
	time.Sleep(wait)
}

func (t *trial) finalLog() *journal.Log {
	p := &process{trial: t, no: len(t.processes) + 1, calm: true, dead: make(chan struct{}), ended: make(chan struct{})}
	t.disk.fill(0)
	size, _ := t.disk.size()
	j, log, err := journal.Resume(&file{t.disk, p}, size, journal.Options{})
	if err != nil {
		t.violation("the journal of the run that is done cannot be read: %v", err)
		return nil
	}
	j.Close()
	return log
}
