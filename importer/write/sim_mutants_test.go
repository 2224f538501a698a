package write_test

import (
	"testing"
	"time"

	"attio-import/importer/write"
)

// Faults that are not the writer's own; those are write.Mutants.
const (
	noSync          = "no sync"          // the disk keeps nothing of what it was told to
	forgottenResult = "forgotten result" // some outcomes do not get into the journal
	limitClears     = "429 clears maybe" // the writer's own, but the engine must let it pass
)

// mutants are faults that the simulation must find, each with a profile in which it shows
// soon. The import as it is must pass under the same profiles.
var mutants = []struct {
	name    string
	profile profile
}{
	// What lands within the quiet time must not be doubled.
	{"no quiet time", profile{kinds: []string{"findable", "findable create", "marker"}, network: weights{arrives: 3, late: 2}}},
	// A request lands between the look-up that found nothing and the second request.
	{"conflict rejects", profile{kinds: []string{"upsert", "create"}, network: weights{arrives: 3, tooLate: 2}, overdue: [2]float64{1, 1.05}}},
	// Somebody edits a record while an answer is lost.
	{"blind resend", profile{kinds: []string{"update"}, network: weights{arrives: 3, lostBefore: 2}, people: [2]int{4, 10}, deeds: deeds{edits: 1}}},
	// Somebody makes a record with the row's key.
	{"assert for new", profile{kinds: []string{"upsert", "create"}, people: [2]int{4, 10}, deeds: deeds{makes: 1}}},
	// So they do, or give an older record the key, while an answer is lost.
	{"adopt anything", profile{kinds: []string{"upsert", "create"}, network: weights{arrives: 3, lostBefore: 2}, people: [2]int{4, 10}, deeds: deeds{makes: 2, rekeys: 1}}},
	// The second request does not leave, and then the first one lands. Other rows would end the run before.
	{limitClears, profile{rows: [2]int{1, 2}, kinds: []string{"upsert", "create", "update"}, network: weights{arrives: 3, tooLate: 4, notSent: 1.5}, overdue: [2]float64{1, 1.5}, troubled: [2]int{3, 3}}},
	// An answer is lost, and the server's clock is not this machine's.
	{"local clock", profile{kinds: []string{"upsert", "create"}, network: weights{arrives: 3, lostAfter: 2}, people: [2]int{2, 6}, deeds: deeds{rekeys: 1}}},
	// The power fails after a request has left.
	{noSync, profile{kinds: []string{"keyless", "findable create"}, troubled: [2]int{1, 3}, killed: 1, power: 1}},
	{forgottenResult, profile{}},
}

// alone is a profile for small trials in which little else happens.
func (p profile) alone() *profile {
	p.span = 20 * time.Second
	if p.rows == [2]int{} {
		p.rows = [2]int{1, 6}
	}
	if p.troubled == [2]int{} {
		p.troubled = [2]int{1, 1}
	}
	return p.complete()
}

// within is a profile for the campaign: what it says happens often, and all else
// that happens to processes happens too.
func (p profile) within(all *profile) *profile {
	q := *all
	q.kinds, q.network, q.overdue = p.kinds, p.network, p.overdue
	if p.people[1] > 0 {
		q.people, q.deeds = p.people, p.deeds
	}
	if p.rows != [2]int{} {
		q.rows = p.rows
	}
	return q.complete()
}

func (p profile) complete() *profile {
	if p.network == (weights{}) {
		p.network.arrives = 1
	}
	return &p
}

func TestMutants(t *testing.T) {
	const sound, most = 60 / slowness, 400
	for _, m := range mutants {
		t.Run(m.name, func(t *testing.T) {
			p := m.profile.alone()
			for seed := range uint64(sound) {
				if tr := simulate(t, seed, p, ""); len(tr.wrong) > 0 {
					t.Fatalf("without the fault:\n%s", tr.tell())
				}
			}
			for seed := range uint64(most) {
				if tr := simulate(t, seed, p, m.name); len(tr.wrong) > 0 {
					t.Logf("found by trial %d: %s", seed+1, tr.wrong[0])
					return
				}
			}
			t.Errorf("not found in %d trials", most)
		})
	}
}

// Every fault that the writer knows is looked for.
func TestMutantsAreAll(t *testing.T) {
	listed := map[string]bool{}
	for _, m := range mutants {
		listed[m.name] = true
	}
	for name := range write.Mutants() {
		if !listed[name] {
			t.Errorf("%s has no profile", name)
		}
	}
}
