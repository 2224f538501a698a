package journal

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"attio-import/importer/outcome"
)

// model says in the plainest way what a journal has to say after what was put
// into it. The tests hold the real one to it.
type model struct {
	generation, processes, ends int
	complete                    bool
	actor                       string
	entries                     map[int]Entry
	open                        map[int][]modelIntent
	done                        map[int]int // the generation
	references                  map[string]outcome.Intent
}

type modelIntent struct {
	outcome.Intent
	process int
}

func newModel() *model {
	return &model{processes: 1, entries: map[int]Entry{}, open: map[int][]modelIntent{}, done: map[int]int{}, references: map[string]outcome.Intent{}}
}

func (m *model) String() string {
	var b strings.Builder
	fmt.Fprintln(&b, m.generation, m.processes, m.ends, m.complete, m.actor)
	for _, row := range slices.Sorted(maps.Keys(m.entries)) {
		done := m.done[row] == m.generation && len(m.open[row]) == 0
		fmt.Fprintf(&b, "row %d %t %s\n", row, done, toJSON(m.entries[row]))
	}
	for _, row := range slices.Sorted(maps.Keys(m.open)) {
		list := m.open[row]
		if len(list) == 0 {
			continue
		}
		s := outcome.Sent{Intent: list[len(list)-1].Intent, Tries: len(list), Earlier: len(list)}
		for _, in := range list {
			if in.Verb == outcome.Create {
				s.First = in.At
				break
			}
		}
		fmt.Fprintf(&b, "open %d %s\n", row, toJSON(s))
	}
	for _, r := range slices.Sorted(maps.Keys(m.references)) {
		fmt.Fprintf(&b, "reference %s\n", toJSON(m.references[r]))
	}
	return b.String()
}

// describe says the same of what was read.
func describe(t testing.TB, l *Log) string {
	t.Helper()
	var b strings.Builder
	fmt.Fprintln(&b, len(l.Generations()), l.Processes(), len(l.Ends()), l.Complete(), l.Actor())
	for e, err := range l.Entries() {
		must(t, err)
		fmt.Fprintf(&b, "row %d %t %s\n", e.Outcome.Row, l.Done(e.Outcome.Row), toJSON(e))
	}
	for _, row := range l.OpenRows() {
		fmt.Fprintf(&b, "open %d %s\n", row, toJSON(l.Open(row)))
		if l.Done(row) {
			t.Error("a row is open and done:", row)
		}
	}
	list, err := l.OpenReferences()
	must(t, err)
	for _, in := range list {
		fmt.Fprintf(&b, "reference %s\n", toJSON(in))
	}
	return b.String()
}

func toJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// story is a journal that was written at random, each step committed, and what
// it had to say after each.
type story struct {
	d     *disk
	at    []int    // where the file ended
	state []string // and what it said
}

// tell writes a journal of so many steps with several processes, generations,
// withdrawals and failures.
func tell(t testing.TB, seed uint64, steps int) *story {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	d, m := &disk{}, newModel()
	j := mustNew(t, d, Options{})
	s := &story{d: d}
	note := func() {
		must(t, j.Intend(context.Background()))
		s.at, s.state = append(s.at, len(d.content())), append(s.state, m.String())
	}
	note()
	list, cells, raws := outcomes()
	sent := map[int]bool{} // rows of which this process may have sent something
	for range steps {
		row := 1 + r.IntN(12)
		switch n := r.IntN(20); {
		case n < 7:
			in := outcome.Intent{Row: row, Verb: outcome.Create, Key: fmt.Sprint("key-", row)}
			if r.IntN(3) == 0 {
				in.Verb, in.RecordID, in.Before = outcome.Update, "rid", map[string]json.RawMessage{"name": json.RawMessage(`["ü"]`)}
			}
			if r.IntN(3) > 0 {
				in.At = began.Add(time.Duration(r.IntN(3)) * time.Hour)
			}
			must(t, j.Intend(context.Background(), in))
			m.open[row] = append(m.open[row], modelIntent{in, m.processes})
			sent[row] = r.IntN(2) == 0
			m.complete = false
		case n < 13:
			i := r.IntN(len(list))
			o := list[i]
			o.Row, o.Problems = row, slices.Clone(o.Problems)
			must(t, j.Put(&o, cells[i], raws[i]))
			m.entries[row] = Entry{Outcome: o, Generation: m.generation, Cells: cells[i], Raw: raws[i]}
			m.done[row], m.complete = m.generation, false
			delete(m.open, row)
			delete(sent, row)
		case n < 15:
			if sent[row] {
				continue
			}
			must(t, j.Withdraw(row, 4000))
			m.complete = false
			m.open[row] = slices.DeleteFunc(m.open[row], func(in modelIntent) bool { return in.process == m.processes })
			if len(m.open[row]) == 0 {
				delete(m.open, row)
			}
		case n < 16:
			must(t, j.Close())
			var err error
			var l *Log
			file := d.content()
			d = of(file)
			s.d = d
			j, l, err = Resume(d, int64(len(file)), Options{})
			must(t, err)
			m.processes++
			clear(sent)
			if got := describe(t, l); got != m.String() {
				t.Fatalf("seed %d: resumed with\n%s\nwant\n%s", seed, got, m)
			}
		case n < 17:
			in := outcome.Intent{Row: row, Verb: outcome.Create, Reference: fmt.Sprint("companies/domains/", r.IntN(3)), At: began}
			must(t, j.Intend(context.Background(), in))
			m.references[in.Reference], m.complete = in, false
		case n < 18:
			ref := fmt.Sprint("companies/domains/", r.IntN(3))
			must(t, j.Made(ref, "rid"))
			delete(m.references, ref)
			m.complete = false
		case n < 19:
			m.complete = r.IntN(2) == 0
			must(t, j.End(End{ExitCode: 3, Reason: "some\xff reason", Complete: m.complete}))
			m.ends++
			m.actor = fmt.Sprint("actor-", r.IntN(3))
			must(t, j.Actor(m.actor))
		default:
			must(t, j.Begin(context.Background(), Generation{Number: m.generation + 1, Kind: "retry", Source: header().Source}))
			m.generation++
			m.complete = false
		}
		note()
	}
	must(t, j.Close())
	return s
}

// TestStories reads journals after every one of their steps.
func TestStories(t *testing.T) {
	for seed := range uint64(40/sparse + 2) {
		s := tell(t, seed, 60)
		for i, n := range s.at {
			l := mustLoad(t, s.d.bytes[:n])
			if got := describe(t, l); got != s.state[i] || l.Cut() != 0 {
				t.Fatalf("seed %d, step %d:\n%s\nwant\n%s\n%s", seed, i, got, s.state[i], s.d.bytes[:n])
			}
		}
	}
}
