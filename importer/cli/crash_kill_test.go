package cli

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
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
	onlyBig(t)
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
	rows, most, trials := 600, 40, 2*len(killKinds)
	if kills < 20 {
		rows, most, trials = 80, 2, len(killKinds)
	}
	calm := undisturbed(t, "upsert", rows)
	for hits.Load() < int64(kills) {
		seeds := make([]string, trials)
		for i := range seeds {
			seeds[i] = fmt.Sprintf("seed=%d", seed+uint64(i))
		}
		together(t, 4, seeds, func(t *testing.T, i int) {
			trial := newKillTrial(seed+uint64(i), rows, most, calm)
			trial.run(t)
			hits.Add(int64(trial.kills))
			unknown.Add(int64(trial.unknown))
		})
		if t.Failed() {
			return
		}
		seed += uint64(len(seeds))
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
	{ // rows of each sort, and records that they refer to and make; see undisturbed
		name: "mixed", object: "workspaces",
		quiet:  100 * time.Millisecond,
		faults: []string{"--fault", "late=0.05"},
	},
}

// killTrial is one import, killed until it is through.
type killTrial struct {
	killKind
	dice
	rows   int
	most   int   // kills, after which the import is left to come to its end
	server bool  // is killed too
	piped  bool  // the sheet comes through standard input
	calm   *calm // of a mixed one

	kills, unknown int
}

// newKillTrial makes a trial of which the seed says all.
func newKillTrial(seed uint64, rows, most int, calm *calm) *killTrial {
	kinds := uint64(len(killKinds))
	k := &killTrial{killKind: killKinds[seed%kinds], dice: newDice(seed), rows: rows, most: most}
	k.server = (seed+seed/kinds)%2 == 1
	k.piped = k.chance(0.3)
	if k.mapping == "" {
		k.calm = calm
	}
	return k
}

func (k *killTrial) run(t *testing.T) {
	flags := append([]string{"--latency", "5ms-15ms", "--fault-seed", fmt.Sprint(k.Int64N(1 << 40))}, k.faults...)
	var data []byte
	if k.calm == nil {
		flags = append(flags, "--empty")
	} else {
		data = k.calm.data
	}
	s := startServer(t, data, flags...)
	p := newPlace(t, s.url, s.token)
	if k.calm == nil {
		p.sheet(t, k.sheet(), k.mapping)
	} else {
		p.sheet(t, k.calm.sheet, k.calm.mapping)
	}
	code, processes := -1, 0
	for ; code != exitOK && code != exitRowsFailed; processes++ {
		code = k.process(t, s, p)
	}
	t.Logf("%s, %d rows, %d processes, %d kills", k.name, k.rows, processes, k.kills)
	w, _ := s.last(t)
	k.judge(t, p, w)
	if k.unknown > 0 {
		k.decide(t, p, w)
	}
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
	proc := k.start(t, p, append(fast, "--runs-dir", "runs", "--workers", "8", "--quiet-time", k.quiet.String()))
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

// start starts what comes next: the run, or what goes on with it.
func (k *killTrial) start(t *testing.T, p *place, flags []string) *started {
	t.Helper()
	switch {
	case p.begun():
		return p.start(t, append([]string{"resume"}, flags...)...)
	case k.piped:
		return p.startPiped(t, "sheet.csv", append([]string{"run", "-", "-m", "sheet.yaml"}, flags...)...)
	}
	return p.start(t, append([]string{"run", "sheet.csv"}, flags...)...)
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
	if k.calm != nil {
		k.calm.compare(t, p, w, true)
		p.finished(t, w, exitOK)
		return
	}
	report := p.report(t)
	everyRow(t, report, k.rows)
	asLogged(t, report, w.log(t, 0), k.object, true)
	held := k.held(t, w)
	for i, line := range report {
		n := len(held[fmt.Sprintf("row-%d", i)])
		switch {
		case line["action"] == "created" && n == 1:
		case line["action"] == "unknown" && n <= 1 && k.killKind.unknown:
			k.unknown++
		default:
			t.Errorf("row %d is %s (%s: %s), and its record is there %d times", i+1, line["action"], line["code"], line["message"], n)
		}
	}
	if most := 8*(k.kills+1) + k.rows/8; k.unknown > most {
		t.Errorf("%d rows are unknown; under way were never more than 8, and of 20 answers one was lost", k.unknown)
	}
	code := exitOK
	if k.unknown > 0 {
		code = exitRowsFailed
	}
	p.finished(t, w, code)
}

// held are the ids of the records that the server holds, by the rows' keys.
func (k *killTrial) held(t *testing.T, w witness) map[string][]string {
	t.Helper()
	held := map[string][]string{}
	for _, r := range w.records(t, k.object) {
		held[r.text(k.key)] = append(held[r.text(k.key)], r.ID.Record)
	}
	return held
}

// decide says of each unknown row what a person would who looks it up, and
// has that carried out. Then every row is there, once.
func (k *killTrial) decide(t *testing.T, p *place, w witness) {
	held, path := k.held(t, w), p.output(t, "unknown.csv")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	column := slices.Index(lines[0], "_decision")
	for i, line := range lines {
		if ids := held[line[0]]; i > 0 && len(ids) > 0 {
			line[column] = "created " + ids[0]
		} else if i > 0 {
			line[column] = "send"
		}
		_ = out.Write(line)
	}
	out.Flush()
	writeFile(t, p.file("decided.csv"), b.String())
	end := p.run(t, append([]string{"resume", "--decide", "decided.csv", "--runs-dir", "runs", "--quiet-time", "100ms"}, fast...)...)
	if end.code != exitOK {
		t.Errorf("the decisions end with %d\n%s%s", end.code, end.out, end.errs)
	}
	held = k.held(t, w)
	for i, line := range p.report(t) {
		if ids := held[fmt.Sprintf("row-%d", i)]; line["action"] != "created" || len(ids) != 1 || ids[0] != line["record_id"] {
			t.Errorf("decided: row %d is %s (%s: %s) with record %s, and the server holds %v", i+1, line["action"], line["code"], line["message"], line["record_id"], ids)
		}
	}
	p.finished(t, w, exitOK)
}
