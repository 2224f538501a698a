package journal

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"attio-import/importer/outcome"
)

// run is a journal with its disk, to be told what happens and to be asked.
type run struct {
	t testing.TB
	d *disk
	j *Journal
}

func newRun(t testing.TB) *run {
	d := &disk{}
	return &run{t, d, mustNew(t, d, Options{})}
}

func (r *run) intend(row int, verb outcome.Verb, at time.Time) {
	r.t.Helper()
	must(r.t, r.j.Intend(context.Background(), outcome.Intent{Row: row, Verb: verb, At: at}))
}

func (r *run) put(row int) { r.t.Helper(); must(r.t, r.j.Put(created(row), nil, "")) }

func (r *run) back(rows ...int) { r.t.Helper(); must(r.t, r.j.Withdraw(rows...)) }

// die ends the process without a word, and begins the next.
func (r *run) die() *Log {
	r.t.Helper()
	must(r.t, r.j.Close())
	r.d = of(r.d.content())
	j, l, err := Resume(r.d, int64(len(r.d.bytes)), Options{})
	must(r.t, err)
	r.j = j
	return l
}

func (r *run) now() *Log {
	r.t.Helper()
	must(r.t, r.j.Intend(context.Background()))
	return mustLoad(r.t, r.d.content())
}

func (r *run) expect(row int, done bool, tries int, first time.Time) {
	r.t.Helper()
	l := r.now()
	s := l.Open(row)
	if l.Done(row) != done || (s == nil) != (tries == 0) {
		r.t.Errorf("row %d: done %t, open %+v", row, l.Done(row), s)
	} else if s != nil && (s.Tries != tries || !s.First.Equal(first)) {
		r.t.Errorf("row %d: %d tries, first %s", row, s.Tries, s.First)
	}
}

// TestOpen follows one row through what may happen to it.
func TestOpen(t *testing.T) {
	t1, t2, none := began, began.Add(time.Hour), time.Time{}
	for name, story := range map[string]func(*run){
		"an intent is open": func(r *run) {
			r.intend(5, outcome.Create, t1)
			r.expect(5, false, 1, t1)
			r.expect(4, false, 0, none)
		},
		"a result closes it": func(r *run) {
			r.intend(5, outcome.Create, t1)
			r.put(5)
			r.expect(5, true, 0, none)
		},
		"the time of the first create counts": func(r *run) {
			r.intend(5, outcome.Create, t1)
			r.die()
			r.intend(5, outcome.Create, t2)
			r.intend(5, outcome.Update, t2)
			r.expect(5, false, 3, t1)
		},
		"also where it is not known": func(r *run) {
			r.intend(5, outcome.Create, none)
			r.intend(5, outcome.Create, t2)
			r.expect(5, false, 2, none)
		},
		"an update before it has none": func(r *run) {
			r.intend(5, outcome.Update, t1)
			r.expect(5, false, 1, none)
			r.intend(5, outcome.Create, t2)
			r.expect(5, false, 2, t2)
		},
		"it begins anew after a result": func(r *run) {
			r.intend(5, outcome.Create, t1)
			r.put(5)
			r.intend(5, outcome.Create, t2)
			r.expect(5, false, 1, t2)
		},
		"withdrawn": func(r *run) {
			r.intend(5, outcome.Create, t1)
			r.intend(6, outcome.Create, t1)
			r.back(5, 7)
			r.expect(5, false, 0, none)
			r.expect(6, false, 1, t1)
		},
		"withdrawn, but a dead process may have sent it": func(r *run) {
			r.intend(5, outcome.Create, t1)
			r.die()
			r.intend(5, outcome.Create, t2)
			r.intend(5, outcome.Update, t2)
			r.back(5)
			r.expect(5, false, 1, t1)
			r.back(5)
			r.expect(5, false, 1, t1)
			r.die()
			r.back(5)
			r.expect(5, false, 1, t1)
		},
		"withdrawn, and it had a result": func(r *run) {
			r.put(5)
			r.intend(5, outcome.Update, t1)
			r.expect(5, false, 1, none)
			r.back(5)
			r.expect(5, true, 0, none)
		},
		"a reference is not the row": func(r *run) {
			must(r.t, r.j.Intend(context.Background(), outcome.Intent{Row: 5, Verb: outcome.Create, Reference: "a/b/c"}))
			r.expect(5, false, 0, none)
			r.put(5)
			must(r.t, r.j.Intend(context.Background(), outcome.Intent{Row: 5, Verb: outcome.Create, Reference: "a/b/d"}))
			r.expect(5, true, 0, none)
			if l, err := r.now().OpenReferences(); len(l) != 2 || err != nil {
				r.t.Error(l, err)
			}
		},
		"another generation": func(r *run) {
			r.put(5)
			r.put(6)
			must(r.t, r.j.Begin(context.Background(), Generation{Number: 1, Kind: "retry"}))
			r.expect(5, false, 0, none)
			r.intend(5, outcome.Create, t1)
			r.expect(5, false, 1, t1)
			r.put(5)
			r.die()
			r.expect(5, true, 0, none)
			r.expect(6, false, 0, none)
			l := r.now()
			if e, ok, err := l.Entry(6); !ok || err != nil || e.Generation != 0 {
				r.t.Error("the earlier outcome is gone:", e, ok, err)
			}
			if e, ok, err := l.Entry(5); !ok || err != nil || e.Generation != 1 {
				r.t.Error("the later outcome is gone:", e, ok, err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRun(t)
			r.t = t
			story(r)
			must(t, r.j.Close())
		})
	}
}

// TestComplete believes an end that nothing follows.
func TestComplete(t *testing.T) {
	r := newRun(t)
	check := func(want bool) {
		t.Helper()
		if got := r.now().Complete(); got != want {
			t.Errorf("complete: %t", got)
		}
	}
	check(false)
	r.put(1)
	must(t, r.j.End(End{Complete: false, ExitCode: 6}))
	check(false)
	must(t, r.j.End(End{Complete: true, ExitCode: 3, Reason: "r", Elapsed: 5, Read: 6, Write: 7, Limited: 8, At: began}))
	check(true)
	r.die() // a resume that found nothing to do, and died
	must(t, r.j.Actor("a"))
	check(true)
	r.put(1)
	check(false)
	must(t, r.j.End(End{Complete: true}))
	must(t, r.j.Begin(context.Background(), Generation{Number: 1, Kind: "retry", Source: header().Source, Mapping: &Mapping{Name: "n\xff"}}))
	check(false)
	l := r.now()
	if ends := l.Ends(); len(ends) != 3 || ends[1] != (End{Complete: true, ExitCode: 3, Reason: "r", Elapsed: 5, Read: 6, Write: 7, Limited: 8, At: began}) {
		t.Errorf("%+v", ends)
	}
	if g := l.Generations(); len(g) != 1 || g[0].Mapping.Name != "n\xff" || g[0].Source != header().Source {
		t.Errorf("%+v", g)
	}
	if l.Actor() != "a" || l.Processes() != 2 {
		t.Error(l.Actor(), l.Processes())
	}
	for _, n := range []int{0, 1, 3} {
		if err := r.j.Begin(context.Background(), Generation{Number: n}); err == nil {
			t.Error("generation", n, "was begun after 1")
		}
	}
	must(t, r.j.Close())
}

// file makes a journal of lines; the first group is the run's.
func file(lines ...string) []byte {
	b := []byte(magic)
	b = appendGroup(b, 1, 1, []byte(`{"run":"r","prog":"v9","began":"2026-03-01T12:00:00Z","api":"a","ws":{},"object":"o","src":{},"map":{},"schema":null,"info":null}`+"\n"))
	for i, l := range lines {
		b = appendGroup(b, int64(i+2), 1, []byte(l))
	}
	return b
}

// TestForeign refuses what another version wrote, and says which.
func TestForeign(t *testing.T) {
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"format":           {[]byte("attio-import journal 2\n@1 5 5 5\n"), `format "2"`},
		"format 10":        {bytes.Replace(file(), []byte(" 1\n"), []byte(" 10\n"), 1), `format "10"`},
		"kind":             {file("{\"quux\":1}\n"), `"quux" that this program does not know; attio-import v9 began`},
		"long kind":        {file("{\"" + strings.Repeat("q", 1000) + "\":1}\n"), `qqq" that this program`},
		"member of a run":  {bytes.Replace(file(), []byte(`"object"`), []byte(`"abject"`), 1), ""},
		"member of an end": {file("{\"end\":1,\"quux\":2}\n"), "v9 began"},
		"intent":           {file("{\"i\":1,\"quux\":2}\n"), "v9 began"},
		"reference":        {file("{\"x\":\"a\",\"quux\":2}\n"), "v9 began"},
	} {
		_, err := load(of(c.file), int64(len(c.file)))
		var v *VersionError
		var corrupt *CorruptError
		switch {
		case c.want == "" && !errors.As(err, &corrupt):
			t.Errorf("%s: %v", name, err)
		case c.want != "" && (!errors.As(err, &v) || !strings.Contains(err.Error(), c.want) || v.Hint() == "" || len(err.Error()) > 300):
			t.Errorf("%s: %v", name, err)
		}
	}
	b := file("{\"r\":1,\"quux\":2}\n")
	_, _, err := mustLoad(t, b).Entry(1)
	if v := new(VersionError); !errors.As(err, &v) || v.Program != "v9" {
		t.Error("result:", err)
	}
}

// TestImpossible refuses records that say what cannot be, whose checksums are right.
func TestImpossible(t *testing.T) {
	for _, lines := range []string{
		"{\"i\":0}\n", "{\"i\":-1}\n", "{\"i\":2147483649}\n", "{\"i\":99999999999999999999}\n", "{\"i\":1,\"g\":1}\n", "{\"i\":1.5}\n", "{\"i\":\"1\"}\n",
		"{\"r\":1,\"g\":1}\n", "{\"r\":1 }\n", "{\"u\":}\n", "{\"i\":1,\"at\":\"yesterday\"}\n", "{\"i\":1,\"k\":\"\\u0000%\"}\n",
		"{\"back\":[1.5]}\n", "{\"back\":{}}\n", "{\"gen\":2}\n", "{\"gen\":-1}\n", "{\"end\":\"x\"}\n", "{\"run\":\"again\"}\n", "{\"open\":5}\n",
		"\n", "{}\n", "[]\n", "{\"\"}\n", "{\"i\":1}", "{\"i\":1}{\"i\":2}\n", "{\"act\":\"x\"}}\n", "{\"act\":\"\\u0000*\"}\n", "null\n",
	} {
		b := file(lines)
		_, err := load(of(b), int64(len(b)))
		var corrupt *CorruptError
		if !errors.As(err, &corrupt) || corrupt.Offset == 0 {
			t.Errorf("%q: %v", lines, err)
		}
	}
	// Of results only the row is read at first.
	for _, lines := range []string{
		"{\"r\":1,\"l\":\"x\"}\n", "{\"r\":1,\"p\":[{\"c\":\"x\",\"vi\":0}]}\n", "{\"r\":1,\"c\":[\"a\"],\"p\":[{\"vi\":-1}]}\n",
		"{\"r\":1,\"r\":2}\n", "{\"r\":1,\"k\":\"\\u0000%\"}\n", "{\"r\":1,}\n", "{\"u\":1,\"u\":3}\n", "{\"r\":1,\"u\":2}\n",
	} {
		_, _, err := mustLoad(t, file(lines)).Entry(1)
		var corrupt *CorruptError
		if !errors.As(err, &corrupt) || corrupt.Offset == 0 {
			t.Errorf("%q: %v", lines, err)
		}
		for _, err := range mustLoad(t, file(lines)).Entries() {
			if err == nil {
				t.Errorf("%q: no error among the entries", lines)
			}
		}
	}
	if _, err := load(of([]byte(magic+"@1 0 1 ")), int64(len(magic)+7)); err == nil {
		t.Error("half a first group")
	}
	empty := appendGroup([]byte(magic), 1, 1, nil)
	if _, err := load(of(empty), int64(len(empty))); err == nil {
		t.Error("a first group without a run")
	}
	first := appendGroup([]byte(magic), 1, 1, []byte("{\"open\":\"h\",\"at\":\"2026-03-01T12:00:00Z\"}\n"))
	if _, err := load(of(first), int64(len(first))); err == nil {
		t.Error("a first group that begins with something else")
	}
}
