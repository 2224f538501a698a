package write

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"attio-import/importer/attio"
	"attio-import/importer/outcome"
	"attio-import/mapping"
	"attio-import/mapping/schema"
)

// fakeJournal remembers what it was told.
type fakeJournal struct {
	mu      sync.Mutex
	intents []outcome.Intent
	open    int // intents since something was sent
	made    []string
	actors  []string
	err     error
}

func (f *fakeJournal) Intend(_ context.Context, intents ...outcome.Intent) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err != nil {
		return f.err
	}
	f.intents = append(f.intents, intents...)
	f.open += len(intents)
	return nil
}

func (f *fakeJournal) Made(reference, id string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.made = append(f.made, reference+" "+id)
	return f.err
}

func (f *fakeJournal) Asked(reference string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.ContainsFunc(f.intents, func(in outcome.Intent) bool { return reference != "" && in.Reference == reference })
}

func (f *fakeJournal) Actor(id string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.actors = append(f.actors, id)
	return f.err
}

// TestAnIntentIsOnRecordBeforeTheWriteLeaves goes through every kind of write,
// with and without an intent that was put on record ahead.
func TestAnIntentIsOnRecordBeforeTheWriteLeaves(t *testing.T) {
	update := func() *mapping.Record {
		rec := row(t, "ws1", fld(t, name, "New"))
		rec.Existing = existing("r1", "", fld(t, key, "ws1"), fld(t, name, "Old"))
		return rec
	}
	for what, tt := range map[string]struct {
		rec   func() *mapping.Record
		ahead bool
		want  string
	}{
		"keyed":               {func() *mapping.Record { return row(t, "ws1") }, true, "7 create ws1"},
		"by a unique value":   {func() *mapping.Record { return row(t, "", fld(t, email, "a@acme.com")) }, true, "7 create a@acme.com"},
		"findable":            {func() *mapping.Record { return byName(t, "Acme") }, false, "7 create Acme"},
		"marked":              {func() *mapping.Record { return withMark(t, row(t, "", fld(t, name, "A"))) }, false, "7 create run-7"},
		"keyless":             {func() *mapping.Record { return row(t, "", fld(t, name, "A")) }, false, "7 create "},
		"update":              {update, true, `7 update ws1 r1 {name [{"value":"Old"}]}`},
		"a reference to make": {func() *mapping.Record { return row(t, "ws1", wants(t, company, "a.com")) }, false, "7 create a.com companies/domains/a.com\n7 create ws1"},
		"needs a column":      {func() *mapping.Record { r := row(t, "ws1"); r.NewProblems = make([]outcome.Problem, 1); return r }, false, ""},
		"nothing to be done": {func() *mapping.Record {
			r := row(t, "ws1")
			r.Existing = existing("r1", "", fld(t, key, "ws1"))
			return r
		}, false, ""},
		"a row with an error": {func() *mapping.Record {
			r := row(t, "ws1")
			r.Problems = []outcome.Problem{{Severity: outcome.Error}}
			return r
		}, false, ""},
	} {
		t.Run(what, func(t *testing.T) {
			journal := &fakeJournal{}
			api := &fakeAPI{before: func() {
				if len(journal.intents) == 0 {
					t.Error("sent without an intent")
				}
			}}
			w := New(api, bound{mapping.Upsert}, newLookup(), Options{Journal: journal})
			rec := tt.rec()
			rec.At = clock
			in, ok := w.Intent(rec)
			if ok != tt.ahead {
				t.Fatalf("%v ahead: %+v", ok, in)
			}
			if tt.want == "" {
				return
			}
			rounds := []bool{false}
			if ok {
				rounds = append(rounds, true)
			}
			for _, recorded := range rounds {
				rec := tt.rec()
				rec.At, rec.Recorded = clock, recorded
				if recorded {
					journal.intents = []outcome.Intent{in}
				} else {
					journal.intents = nil
				}
				if o, err := w.Write(context.Background(), rec); err != nil || o.Action.Failed() || rec.Recorded {
					t.Fatalf("%v, %+v, recorded %v", err, o, rec.Recorded)
				}
				if got := list(journal.intents); got != tt.want {
					t.Errorf("recorded %v: %s\nwant %s", recorded, got, tt.want)
				}
				for _, in := range journal.intents {
					if in.At != clock {
						t.Errorf("at %v", in.At)
					}
				}
			}
		})
	}
}

// list shows intents, one a line.
func list(intents []outcome.Intent) string {
	var lines []string
	for _, in := range intents {
		line := fmt.Sprint(in.Row, " ", in.Verb, " ", in.Key)
		if in.RecordID != "" {
			line += " " + in.RecordID
		}
		for slug, b := range in.Before {
			line += fmt.Sprintf(" {%s %s}", slug, b)
		}
		if in.Reference != "" {
			line += " " + in.Reference
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func TestIntentChangesNothing(t *testing.T) {
	w := New(&fakeAPI{}, bound{mapping.Upsert}, newLookup(), Options{})
	rec := row(t, "ws1", fld(t, name, "New"), fld(t, listed, "a"))
	rec.Existing = existing("r1", "", fld(t, key, "ws1"), fld(t, name, "Old"))
	first, _ := w.Intent(rec)
	rec.Sent = &outcome.Sent{Intent: first}
	rec.Found, rec.Existing = []*mapping.Existing{rec.Existing}, nil
	before := fmt.Sprintf("%+v", *rec)
	in, ok := w.Intent(rec)
	if !ok || in.RecordID != "r1" || len(in.Before) != 2 {
		t.Errorf("%v, %+v", ok, in)
	}
	if after := fmt.Sprintf("%+v", *rec); after != before {
		t.Errorf("was %s\nis %s", before, after)
	}
}

// A journal that takes nothing any more keeps every write from leaving.
func TestAJournalThatFails(t *testing.T) {
	full := errors.New("no space left on the disk")
	update := row(t, "ws1", fld(t, name, "New"))
	update.Existing = existing("r1", "", fld(t, key, "ws1"))
	for what, rec := range map[string]*mapping.Record{
		"keyed": row(t, "ws1"), "keyless": row(t, "", fld(t, name, "A")), "update": update,
		"a reference": row(t, "ws1", wants(t, company, "a.com")),
	} {
		api, lookup := &fakeAPI{}, newLookup()
		o, err := New(api, bound{mapping.Upsert}, lookup, Options{Journal: &fakeJournal{err: full}}).Write(context.Background(), rec)
		if !errors.Is(err, full) || o.Action != "" || rec.Sent != nil || rec.Recorded || len(api.calls) != 0 || len(lookup.ended) != 0 {
			t.Errorf("%s: %v, %+v, sent %+v, recorded %v, calls\n%s", what, err, o, rec.Sent, rec.Recorded, api.said())
		}
	}
}

func TestReferencesAreOnRecordOnTheirOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		journal, lookup := &fakeJournal{}, newLookup()
		lookup.holders = func(n int, _ string) ([]*mapping.Existing, error) {
			if n < 3 {
				return nil, nil
			}
			return []*mapping.Existing{existing("theirs", "", fld(t, domains, "new.com"))}, nil
		}
		api := &fakeAPI{answer: answers(errLost, errLost, errLost)}
		begun := time.Now()
		o, err := New(api, bound{mapping.Upsert}, lookup, Options{Journal: journal}).Write(context.Background(), row(t, "ws1", wants(t, company, "new.com")))
		if err != nil || o.Action != outcome.Created || time.Since(begun) != 15*time.Second {
			t.Errorf("%v, %+v after %v", err, o, time.Since(begun))
		}
		if got := fmt.Sprint(journal.made); got != "[companies/domains/new.com theirs]" {
			t.Errorf("made %s", got)
		}
		want := strings.Repeat("7 create new.com companies/domains/new.com\n", 3) + "7 create ws1"
		if got := list(journal.intents); got != want {
			t.Errorf("intents\n%s", got)
		}
	})
}

// A reference that is refused after it may have been made is looked for once more.
func TestAReferenceThatIsRefusedAfterAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		refusal := &attio.Error{Status: 400, Code: "missing_value", Message: "No."}
		for found, action := range map[bool]outcome.Action{true: outcome.Created, false: outcome.Rejected} {
			lookup := newLookup()
			lookup.holders = func(n int, _ string) ([]*mapping.Existing, error) {
				if n == 1 || !found {
					return nil, nil
				}
				return []*mapping.Existing{existing("r1", "", fld(t, domains, "new.com"))}, nil
			}
			o := write(t, &fakeAPI{answer: answers(errLost, refusal)}, lookup, mapping.Upsert, row(t, "ws1", wants(t, company, "new.com")))
			if o.Action != action || lookup.asked != 2 {
				t.Errorf("found %v: %+v after %d look-ups", found, o, lookup.asked)
			}
		}
	})
}

func TestAReferenceThatIsLostForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := &fakeAPI{answer: func(call) error { return errLost }}
		o := write(t, api, newLookup(), mapping.Upsert, row(t, "ws1", wants(t, company, "new.com")))
		if o.Action != outcome.Rejected || codesOf(o) != "error reference_not_created" || len(api.calls) != maxTries {
			t.Errorf("%+v after %d calls", o, len(api.calls))
		}
	})
}

func TestTheMarkerIsWrittenOnce(t *testing.T) {
	api := &fakeAPI{}
	rec := withMark(t, row(t, "ws1", fld(t, name, "A")))
	write(t, api, newLookup(), mapping.Upsert, rec)
	rec = withMark(t, row(t, "ws1", fld(t, name, "B")))
	rec.Existing = existing("r1", "", fld(t, key, "ws1"))
	write(t, api, newLookup(), mapping.Upsert, rec)
	want := `POST workspaces  {"workspace_id":["ws1"],"name":["A"],"mark":["run-7"]}` + "\n" + `PATCH workspaces r1 {"name":["B"]}`
	if api.said() != want {
		t.Errorf("sent\n%s", api.said())
	}
}

func TestSignature(t *testing.T) {
	fields := []mapping.Field{fld(t, email, "a@acme.com"), fld(t, name, "A")}
	for what, tt := range map[string]struct {
		values map[string]string
		want   string
	}{
		"created_by":               {map[string]string{"created_by": `[{"created_by_actor":{"type":"system","id":null},"referenced_actor_type":"api-token","referenced_actor_id":"t"}]`}, "t"},
		"created_by somebody":      {map[string]string{"created_by": `[{"referenced_actor_type":"app","referenced_actor_id":"a"}]`, "name": `[{"created_by_actor":{"type":"api-token","id":"t"}}]`}, ""},
		"a value":                  {map[string]string{"contact": `[]`, "name": `[{"created_by_actor":{"type":"api-token","id":"t"}}]`}, "t"},
		"a value of somebody":      {map[string]string{"name": `[{"created_by_actor":{"type":"workspace-member","id":"m"}}]`}, ""},
		"one that was not sent":    {map[string]string{"created_at": `[{"created_by_actor":{"type":"api-token","id":"t"}}]`}, ""},
		"nothing":                  {nil, ""},
		"nothing that makes sense": {map[string]string{"created_by": `{"x":[1]}`, "name": `7`}, ""},
	} {
		if got := signature(func(slug string) []byte { return []byte(tt.values[slug]) }, fields); got != tt.want {
			t.Errorf("%s: %q", what, got)
		}
	}
}

type sheet struct {
	unique bool
	marker *schema.Attribute
	match  []*schema.Attribute
}

func (s sheet) Unique() bool               { return s.unique }
func (s sheet) Marker() *schema.Attribute  { return s.marker }
func (s sheet) Match() []*schema.Attribute { return s.match }

func TestQuiet(t *testing.T) {
	keys, names := []*schema.Attribute{key}, []*schema.Attribute{key, name}
	for _, tt := range []struct {
		plan  sheet
		given time.Duration
		want  time.Duration
	}{
		{sheet{true, mark, names}, 0, 5 * time.Second},
		{sheet{false, nil, keys}, 0, 5 * time.Second},
		{sheet{false, nil, nil}, 0, 5 * time.Second},
		{sheet{false, mark, keys}, 0, 2 * time.Minute},
		{sheet{false, nil, names}, 0, 2 * time.Minute},
		{sheet{false, nil, names}, time.Second, time.Second},
		{sheet{true, nil, keys}, time.Hour, time.Hour},
		{sheet{false, mark, names}, -1, 0},
	} {
		if got := Quiet(tt.plan, Options{QuietTime: tt.given}); got != tt.want {
			t.Errorf("%+v: %v", tt, got)
		}
	}
	w := New(&fakeAPI{}, bound{mapping.Upsert}, newLookup(), Options{})
	if a, b := w.Quiet(row(t, "ws1")), w.Quiet(byName(t, "A")); a != 5*time.Second || b != 2*time.Minute {
		t.Errorf("%v, %v", a, b)
	}
}
