package cli

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"attio-import/importer/sandbox"
)

// TestFaults imports a sheet through each fault of the sandbox alone, and through
// all of them, and goes on until the import is through. Afterwards the workspace
// must say, record for record, what it says where nothing went wrong; every row must
// have the outcome that it has there; and the report must agree with the sandbox's own
// log of what it applied. Here a kind alone meets one of the two modes, or none
// under the race detector.
func TestFaults(t *testing.T) {
	if racing {
		faultMatrix(t, 40, 0.25, 0)
		return
	}
	faultMatrix(t, 40, 0.25, 1)
}

// TestBigFaults is TestFaults with 2,000 rows, and each kind in both modes.
func TestBigFaults(t *testing.T) {
	onlyBig(t)
	faultMatrix(t, 2_000, 0.05, 2)
}

func faultMatrix(t *testing.T, rows int, rate float64, modesOfEach int) {
	t.Parallel()
	calms := []*calm{undisturbed(t, "create", rows), undisturbed(t, "upsert", rows)}
	var names []string
	var trials []trial
	add := func(c *calm, kind string) {
		names = append(names, c.mode+"/"+kind)
		trials = append(trials, trial{c, kind, faultRates(kind, rate)})
	}
	for i, kind := range sandbox.FaultKinds() {
		for n := range modesOfEach {
			add(calms[(i+n)%2], kind)
		}
	}
	for _, c := range calms {
		add(c, everyFault)
	}
	together(t, 14, names, func(t *testing.T, i int) { trials[i].test(t) })
}

// everyFault stands for all kinds together.
const everyFault = "all"

// faultRates says how often what goes wrong. An answer of another record ends the
// process, and a 429 stops everybody for up to a second: these come less often.
func faultRates(kind string, rate float64) map[string]float64 {
	scale := map[string]float64{"wrong-reply": 0.4, "http-429": 0.2, "429-bare": 0.5}
	rates := map[string]float64{}
	for _, k := range sandbox.FaultKinds() {
		of := rate
		if kind == everyFault {
			of *= 1.5 / float64(len(sandbox.FaultKinds()))
		}
		if s := scale[k]; s > 0 {
			of *= s
		}
		if kind == k || kind == everyFault {
			rates[k] = of
		}
	}
	return rates
}

// calm is an import in which nothing went wrong.
type calm struct {
	mode           string
	sheet, mapping string
	rows           int
	data           []byte // the sandbox before the import
	log            int64  // lines of its log then
	states         map[string]map[string]string
	actions        []string
	changes        string // what changes.csv says, without record ids
}

// compared are the objects whose records the import touches.
var compared = []string{"workspaces", "companies", "users"}

func undisturbed(t *testing.T, mode string, rows int) *calm {
	t.Helper()
	emails, domains := seedKeys(t)
	c := &calm{mode: mode, rows: rows, mapping: strings.Replace(faultMapping, "MODE", mode, 1)}
	c.sheet = faultSheet(rows, emails, domains, false)
	path := dataFile(t)
	if mode == "upsert" {
		w, closeIt := openSandbox(t, sandbox.Options{DataFile: path})
		p := newPlace(t, w.url, w.token)
		p.sheet(t, faultSheet(rows, emails, domains, true), c.mapping)
		p.through(t, nil)
		c.log = int64(len(w.log(t, 0)))
		closeIt()
		var err error
		if c.data, err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
	}
	w, _ := openSandbox(t, sandbox.Options{DataFile: path})
	p := newPlace(t, w.url, w.token)
	p.sheet(t, c.sheet, c.mapping)
	if last, processes := p.through(t, nil); last.code != exitOK || processes != 1 {
		t.Fatalf("exit code %d after %d processes without faults\n%s", last.code, processes, last.out)
	}
	report := p.report(t)
	everyRow(t, report, rows)
	asLogged(t, report, w.log(t, c.log), "workspaces", false)
	c.states = w.states(t, compared...)
	c.actions, c.changes = actions(report), changes(t, p)
	return c
}

func actions(report []reportLine) (list []string) {
	for _, line := range report {
		list = append(list, line["action"])
	}
	return list
}

// changes is what changes.csv says, without the ids of records.
func changes(t *testing.T, p *place) string {
	t.Helper()
	var b strings.Builder
	for _, line := range readTable(t, p.output(t, "changes.csv")) {
		delete(line, "record_id")
		for _, column := range slices.Sorted(maps.Keys(line)) {
			fmt.Fprintf(&b, "%s=%s ", column, line[column])
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// trial is an import in which something goes wrong.
type trial struct {
	*calm
	kind  string
	rates map[string]float64
}

func (c trial) test(t *testing.T) {
	path := dataFile(t)
	if c.data != nil {
		if err := os.WriteFile(path, c.data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w, closeIt := openSandbox(t, sandbox.Options{DataFile: path, Faults: c.rates, FaultSeed: faultSeed(c.kind)})
	p := newPlace(t, w.url, w.token)
	p.sheet(t, c.sheet, c.mapping)
	// Where there is a key any quiet time is safe: what lands late meets it.
	last, processes := p.through(t, []string{"--quiet-time", "100ms", "--timeout", c.timeout()}, c.mayEnd()...)
	injected := faultCounts(t, w)
	closeIt()
	t.Logf("%d processes, faults %v", processes, injected)
	if len(injected) == 0 {
		t.Error("no fault was injected")
	}
	if injected["redirect-followed"] > 0 {
		t.Errorf("%d redirects were followed", injected["redirect-followed"])
	}
	if last.code != exitOK {
		t.Errorf("exit code %d\n%s", last.code, last.out)
	}
	w = reopened(t, path)
	c.compare(t, p, w, c.rates["late"] > 0 || c.rates["hang"] > 0)
	if c.kind == everyFault || big() {
		p.finished(t, w, exitOK)
	}
}

// timeout is short where requests hang. Else it is so long that a busy machine makes
// no request late: an update that lands after it was sent again is one edit more.
func (c trial) timeout() string {
	if c.rates["hang"] > 0 {
		return "400ms"
	}
	return "20s"
}

// faultSeed is another one for each kind, and the same in each run.
func faultSeed(kind string) int64 {
	seed := int64(0)
	for _, r := range kind {
		seed = seed*31 + int64(r)
	}
	return seed
}

// mayEnd are the exit codes after which one goes on: an answer that belongs to
// another record stops the process.
func (c trial) mayEnd() []int {
	if c.rates["wrong-reply"] > 0 {
		return []int{exitUnexpected}
	}
	return nil
}

// compare holds what an import left against what it leaves where nothing goes
// wrong. late says that requests may have arrived long after they were sent.
func (c *calm) compare(t *testing.T, p *place, w witness, late bool) {
	t.Helper()
	report := p.report(t)
	everyRow(t, report, c.rows)
	wrong := 0
	for i, action := range actions(report) {
		if action == c.actions[i] {
			continue
		}
		if wrong++; wrong <= 5 {
			t.Errorf("row %d is %s (%s: %s), and %s where nothing goes wrong", i+1, action, report[i]["code"], report[i]["message"], c.actions[i])
		}
	}
	if got := changes(t, p); got != c.changes {
		t.Errorf("changes.csv is not what it is where nothing goes wrong:\n%s", firstDifference(got, c.changes))
	}
	asLogged(t, report, w.log(t, c.log), "workspaces", late)
	for object, state := range w.states(t, compared...) {
		sameState(t, object, state, c.states[object])
	}
}

// firstDifference shows the first line that differs.
func firstDifference(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("got:  %s\nwant: %s", a[i], b[i])
		}
	}
	return fmt.Sprintf("%d lines instead of %d", len(a), len(b))
}

func faultCounts(t *testing.T, w witness) map[string]int {
	t.Helper()
	var stats struct{ Faults map[string]int }
	w.ask(t, "GET", "/_sandbox/stats", "", &stats)
	return stats.Faults
}

const faultMapping = `version: 1
object: workspaces
mode: MODE
match: workspace_id
values:
  workspace_id: ID
  name: Name
  users: {column: Owners, split: ";", reference: {object: users, by: primary_email_address}}
  company: {column: Domain, reference: {object: companies, by: domains, missing: create, create: {name: Company}}}
  plan: Plan
  seats: Seats
  mrr: {column: MRR, currency: EUR}
  launched: Launched
`

// faultSheet is a sheet of so many rows with references of each kind: users that
// are there, companies that are there or have to be made, by up to seven rows each. The
// earlier sheet has half of the rows, and of these half as they will be, half otherwise.
func faultSheet(rows int, emails, domains []string, earlier bool) string {
	var b bytes.Buffer
	b.WriteString("ID,Name,Owners,Domain,Company,Plan,Seats,MRR,Launched\n")
	for i := range rows {
		if earlier && i%4 >= 2 {
			continue
		}
		name, seats := fmt.Sprintf("Workspace %d", i), i%500
		owners := emails[i*7%len(emails)]
		if earlier && i%4 == 1 {
			name, seats = "Old "+name, seats+1
		} else {
			owners += ";" + emails[(i*7+3)%len(emails)]
		}
		domain := domains[i*5%len(domains)]
		if i%3 == 0 {
			domain = fmt.Sprintf("fresh-%d.com", i/21)
		}
		fmt.Fprintf(&b, "ws-%d,%s,%s,%s,Company of %s,%s,%d,%d.%02d,2024-%02d-%02d\n",
			i, name, owners, domain, domain, sheetPlans[i%4], seats, i%2000, i%100, i%12+1, i%28+1)
	}
	return b.String()
}
