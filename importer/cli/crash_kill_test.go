package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

const interrupt = syscall.SIGINT

// TestKills kills the importer again and again, at random moments, and in half of
// the trials the server too, while some of the requests are carried out long after their
// connection was cut. At the end no record may be there twice, none may be missing
// but those of rows that the report calls unknown, and every process must have been able
// to go on. A thousand kills, by hand:
//
//	ATTIO_IMPORT_KILLS=1000 ATTIO_IMPORT_SEED=1 go test -run TestKills -timeout 60m ./importer/cli
//
// A trial that fails names its seed; ATTIO_IMPORT_SEED repeats it first.
func TestKills(t *testing.T) { killTrials(t, number(t, "ATTIO_IMPORT_KILLS", 8)) }

// TestBigKills is TestKills with 80 kills.
func TestBigKills(t *testing.T) {
	sized(t, true)
	killTrials(t, 80)
}

func number(t *testing.T, name string, fallback int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return fallback
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s=%q is no number", name, text)
	}
	return n
}

// killTrials runs trials until so many kills have hit, of each kind of row in turn.
func killTrials(t *testing.T, kills int) {
	t.Parallel()
	var hits, unknown atomic.Int64
	seed := uint64(number(t, "ATTIO_IMPORT_SEED", 1))
	rows, most := 1_000, 60
	if kills < 20 {
		rows, most = 150, 2
	}
	for hits.Load() < int64(kills) {
		var names []string
		for i := range 2 * len(killKinds) {
			names = append(names, fmt.Sprintf("%s/seed=%d", killKinds[i%len(killKinds)].name, seed+uint64(i)))
		}
		together(t, 3, names, func(t *testing.T, i int) {
			trial := &killTrial{killKind: killKinds[i%len(killKinds)], dice: newDice(seed + uint64(i)), rows: rows, most: most, server: i >= len(killKinds)}
			trial.run(t)
			hits.Add(int64(trial.kills))
			unknown.Add(int64(trial.unknown))
		})
		if t.Failed() {
			return
		}
		seed += uint64(len(names))
	}
	t.Logf("%d kills, %d rows unknown", hits.Load(), unknown.Load())
}

// killKind is a kind of row: by what it can be found again.
type killKind struct {
	name, object, key string
	mapping           string
	quiet             time.Duration
	faults            []string // of the sandbox
	unknown           bool     // rows may be
}

var killKinds = []killKind{
	{
		name: "keyed", object: "workspaces", key: "workspace_id",
		mapping: "version: 1\nobject: workspaces\nmode: create\nmatch: workspace_id\nvalues: {workspace_id: ID, name: Name}\n",
		quiet:   100 * time.Millisecond,
		faults:  []string{"--fault", "late=0.05"},
	},
	{
		name: "keyless", object: "companies", key: "name",
		mapping: "version: 1\nobject: companies\nmode: create\nvalues: {name: ID, description: Name}\n",
		quiet:   100 * time.Millisecond,
		faults:  []string{"--fault", "late=0.05"},
		unknown: true,
	},
	{ // what is later than the quiet time is there twice, which no program can help
		name: "marker", object: "companies", key: "name",
		mapping: "version: 1\nobject: companies\nmode: create\nmarker: angellist\nvalues: {name: ID, description: Name}\n",
		quiet:   500 * time.Millisecond,
		faults:  []string{"--fault", "reset-after=0.05", "--fault", "http-500=0.03"},
	},
}

// killTrial is one import, killed until it is through.
type killTrial struct {
	killKind
	dice
	rows   int
	most   int  // kills, after which the import is left to come to its end
	server bool // is killed too

	kills, unknown int
}

func (k *killTrial) run(t *testing.T) {
	s := startServer(t, append([]string{"--latency", "5ms-15ms", "--fault-seed", fmt.Sprint(k.Int64N(1 << 40))}, k.faults...)...)
	p := newPlace(t, s.url, s.token)
	p.sheet(t, k.sheet(), k.mapping)
	code, processes := -1, 0
	for ; code != exitOK && code != exitRowsFailed; processes++ {
		code = k.process(t, s, p)
	}
	t.Logf("%d rows, %d processes, %d kills", k.rows, processes, k.kills)
	k.judge(t, p, s.last(t))
}

func (k *killTrial) sheet() string {
	var b strings.Builder
	b.WriteString("ID,Name\n")
	for i := range k.rows {
		fmt.Fprintf(&b, "row-%d,Name of %d\n", i, i)
	}
	return b.String()
}

// process is the life of one process; the exit code is -1 if it was killed.
func (k *killTrial) process(t *testing.T, s *server, p *place) int {
	before := p.journaled()
	proc := p.start(t, p.next("--workers", "8", "--quiet-time", k.quiet.String())...)
	if k.kills < k.most {
		k.killLater(proc, p, before)
		if k.server && k.chance(0.5) {
			time.Sleep(k.within(lifetime))
			s.restart(t)
		}
	}
	end := p.wait(t, proc)
	if end.code == -1 {
		k.kills++
	}
	return k.ending(t, end, proc.Args)
}

// lifetime is how long a process lives at most before it is killed, counted
// from its start, or from its first line in the journal.
const lifetime = 250 * time.Millisecond

// killLater kills a process at a random moment: one in three soon after its start,
// when it may still wait for what an earlier one has sent, the others while they write.
func (k *killTrial) killLater(proc *started, p *place, before int64) {
	delay, early := k.within(lifetime), k.chance(0.33)
	go func() {
		for !early && p.journaled() == before {
			time.Sleep(2 * time.Millisecond)
			if proc.Process.Signal(syscall.Signal(0)) != nil {
				return
			}
		}
		time.Sleep(delay)
		_ = proc.Process.Kill() // of a process that has ended it is none
	}()
}

// journaled is how many bytes the run's journal has.
func (p *place) journaled() (size int64) {
	found, _ := filepath.Glob(p.file("runs/2*/journal"))
	for _, path := range found {
		if info, err := os.Stat(path); err == nil {
			size += info.Size()
		}
	}
	return size
}

// ending checks that a process which came to its own end may end so.
func (k *killTrial) ending(t *testing.T, e exited, args []string) int {
	t.Helper()
	switch {
	case e.code == -1, e.code == exitOK, e.code == exitRowsFailed && k.killKind.unknown:
	default:
		t.Fatalf("%v after %d kills: exit code %d\n%s%s", args, k.kills, e.code, e.out, e.errs)
	}
	return e.code
}

// judge compares the report with what the server holds.
func (k *killTrial) judge(t *testing.T, p *place, w witness) {
	report := p.report(t)
	everyRow(t, report, k.rows)
	asLogged(t, report, w.log(t, 0), k.object, true)
	held := map[string]int{}
	for _, r := range w.records(t, k.object) {
		held[r.text(k.key)]++
	}
	for i, line := range report {
		n := held[fmt.Sprintf("row-%d", i)]
		switch {
		case line["action"] == "created" && n == 1:
		case line["action"] == "unknown" && n <= 1 && k.killKind.unknown:
			k.unknown++
		default:
			t.Errorf("row %d is %s (%s: %s), and its record is there %d times", i+1, line["action"], line["code"], line["message"], n)
		}
	}
}
