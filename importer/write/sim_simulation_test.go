package write_test

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// The simulation: the real engine with its real look-ups, writer and journal,
// and with the API, the disk and the clock replaced, each trial in a bubble of
// testing/synctest. A trial is an import of a few rows, from its first process to the
// one that says that all is done. On the way processes are killed, told to stop, run out of disk
// or lose the power; requests get lost, come late or too late; and people make,
// edit, merge and delete records. Then the workspace's own log says whether the
// import kept its promises (sim_oracle_test.go):
//
//   - every row has one outcome, and it is what the log says;
//   - no row was written twice, none that was accepted got lost;
//   - nothing that somebody wrote was overwritten, but by a request that was
//     under way already, or in the moment between a look and the write;
//   - nothing was sent that is not on record, or before the quiet time was over.
//
// A failure tells the seed and the story of the trial. The seed nearly always tells the
// same story again: only goroutines that are awake at the very same instant may change places. These
// variables choose other trials, for both tests:
//
//	ATTIO_IMPORT_SEED=N     the first seed; every further trial has the next one
//	ATTIO_IMPORT_TRIALS=N   how many
//	ATTIO_IMPORT_KINDS=A,B  only these of the sheetKinds
//
// Not simulated: the client and its repetitions, which have tests of their own;
// several sheets of one run (retry); two imports of one workspace at a time; a
// disk that lies.
func TestSimulation(t *testing.T) {
	campaign(t, numberFrom(t, "ATTIO_IMPORT_TRIALS", 2000/slowness))
}

// The campaign: a minute or two, so only with ATTIO_IMPORT_BIG=1.
func TestBigSimulation(t *testing.T) {
	if os.Getenv("ATTIO_IMPORT_BIG") == "" {
		t.Skip("takes a minute: ATTIO_IMPORT_BIG=1")
	}
	campaign(t, numberFrom(t, "ATTIO_IMPORT_TRIALS", 100_000))
}

// rough is the profile of half of the campaign: a bit of everything. The other half has
// the profiles of the mutants, in which rare things meet often.
var rough = &profile{
	rows: [2]int{1, 12}, people: [2]int{0, 8}, span: 5 * time.Minute,
	network: weights{arrives: 70, slow: 3, notSent: 0.7, lostBefore: 4, lostAfter: 5, late: 6, tooLate: 4, times: 2, mixedUp: 0.5, revoked: 0.3},
	overdue: [2]float64{1.05, 3}, limited: 0.03, jam: 0.01, away: 0.01, slowRead: 0.02,
	deeds:    deeds{edits: 6, makes: 3, removes: 1.5, rekeys: 1, renames: 0.5, merges: 0.7, companies: 1, closures: 0.5},
	troubled: [2]int{0, 6}, killed: 0.75, limit: 0.05, power: 0.5, told: 0.5, starved: 0.15, outage: 0.2,
}

func profiles() []*profile {
	var all []*profile
	for _, m := range mutants {
		all = append(all, m.profile.within(rough), rough)
	}
	if only := os.Getenv("ATTIO_IMPORT_KINDS"); only != "" {
		for i, p := range all {
			q := *p
			q.kinds = strings.Split(only, ",")
			all[i] = &q
		}
	}
	return all
}

func numberFrom(t testing.TB, name string, otherwise int) int {
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// campaign runs trials on all processors. It tells the first that went wrong, and
// lists some more.
func campaign(t *testing.T, n int) {
	seed := numberFrom(t, "ATTIO_IMPORT_SEED", 1)
	profiles := profiles()
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // trials are small and leave much behind
	var next, wrong atomic.Int64
	var mu sync.Mutex
	var failed []*trial
	var sum tally
	begun := time.Now()
	t.Run("trials", func(t *testing.T) {
		for w := range runtime.GOMAXPROCS(0) {
			t.Run(strconv.Itoa(w), func(t *testing.T) {
				t.Parallel()
				for i := int(next.Add(1)); i <= n && wrong.Load() < manyFailed; i = int(next.Add(1)) {
					seed := seed + i - 1
					tr := simulate(t, uint64(seed), profiles[seed%len(profiles)], "")
					mu.Lock()
					sum.join(&tr.sum)
					if len(tr.wrong) > 0 {
						failed = append(failed, tr)
						wrong.Add(1)
					}
					mu.Unlock()
				}
			})
		}
	})
	t.Logf("%.0f trials a second; %v", float64(sum.trials)/time.Since(begun).Seconds(), &sum)
	report(t, failed)
}

const manyFailed = 20

func report(t *testing.T, failed []*trial) {
	if len(failed) == 0 {
		return
	}
	var b strings.Builder
	for _, tr := range failed {
		fmt.Fprintf(&b, "seed %d, %s: %s\n", tr.seed, tr.kind.name, tr.wrong[0])
	}
	t.Errorf("%d trials went wrong:\n%s\nthe first:\n%s", len(failed), b.String(), failed[0].tell())
}
