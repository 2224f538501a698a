package resolve

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"attio-import/importer/attio"
	"attio-import/importer/outcome"
	"attio-import/mapping"
	"attio-import/mapping/schema"
	"attio-import/mapping/value"
)

// sent makes a record of a row that may have been written.
func sent(rec *mapping.Record, verb outcome.Verb) *mapping.Record {
	rec.Sent = &outcome.Sent{Intent: outcome.Intent{Row: rec.Row, Verb: verb}}
	return rec
}

// marked gives a record a marker, which plan plays here.
func marked(t testing.TB, rec *mapping.Record, text string) *mapping.Record {
	rec.Marker = &mapping.Key{Attribute: plan, Value: val(t, plan, text)}
	return rec
}

func ids(found []*mapping.Existing) string {
	var all []string
	for _, e := range found {
		all = append(all, e.ID)
	}
	return strings.Join(all, " ")
}

func TestWhatARowThatWasSentFinds(t *testing.T) {
	site := func(rec *mapping.Record, text string) *mapping.Record {
		rec.Fields = append(rec.Fields, mapping.Field{Attribute: wsDomains, Values: []value.Value{val(t, wsDomains, text)}, Column: "Site"})
		return rec
	}
	broken := row(t, 1, "ws1")
	broken.Problems = []outcome.Problem{problemOfKey(broken, &broken.Keys[0])}
	for name, tt := range map[string]struct {
		mode  mapping.Mode
		rec   *mapping.Record
		found string
		codes string
		doubt bool
	}{
		"nothing":                    {mapping.Upsert, sent(row(t, 1, "new"), outcome.Create), "", "", false},
		"its key":                    {mapping.Upsert, sent(row(t, 1, "ws1"), outcome.Create), "r1", "", false},
		"its key, create mode":       {mapping.Create, sent(row(t, 1, "ws1"), outcome.Create), "r1", "", false},
		"nothing, update mode":       {mapping.Update, sent(row(t, 1, "new"), outcome.Update), "", "", false},
		"two by one key":             {mapping.Upsert, sent(row(t, 1, "twin"), outcome.Create), "t1 t2", "", false},
		"another unique value":       {mapping.Upsert, sent(site(row(t, 1, "ws1"), "two.com"), outcome.Create), "r1 r2", "", false},
		"one record, two keys":       {mapping.Upsert, sent(site(row(t, 1, "ws2"), "two.com"), outcome.Create), "r2", "", false},
		"its marker":                 {mapping.Upsert, marked(t, sent(row(t, 1, "new"), outcome.Create), "Pro"), "r1", "", false},
		"its marker, without a key":  {mapping.Create, marked(t, sent(row(t, 1, ""), outcome.Create), "Pro"), "r1", "", false},
		"its marker twice":           {mapping.Create, marked(t, sent(row(t, 1, ""), outcome.Create), "Twice"), "t1 t2", "", false},
		"no marker of an update":     {mapping.Upsert, marked(t, sent(row(t, 1, "ws2"), outcome.Update), "Pro"), "r2", "", false},
		"no marker, unless sent":     {mapping.Upsert, marked(t, row(t, 1, "new"), "Pro"), "", "", false},
		"another spelling":           {mapping.Upsert, sent(row(t, 1, "WS1"), outcome.Create), "", "error key_ambiguous", true},
		"another spelling of marker": {mapping.Create, marked(t, sent(row(t, 1, ""), outcome.Create), "pro"), "", "error key_ambiguous", true},
		"a record nobody can read":   {mapping.Upsert, sent(row(t, 1, "odd"), outcome.Create), "", "error unreadable_record", true},
		"a value nobody can read":    {mapping.Upsert, sent(site(row(t, 1, "odder"), "odder.com"), outcome.Create), "", "error unreadable_record", true},
		"a row that has a problem":   {mapping.Upsert, sent(broken, outcome.Create), "r1", "error ", false},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake()
			f.foldCase = true
			f.add(workspaces, "r1", "workspace_id", "ws1", "plan", "Pro")
			f.add(workspaces, "r2", "workspace_id", "ws2", "domains", "two.com")
			f.add(workspaces, "t1", "workspace_id", "twin", "plan", "Twice")
			f.add(workspaces, "t2", "workspace_id", "twin", "plan", "Twice")
			f.add(workspaces, "odd", "workspace_id", "odd")
			f.garble(workspaces, "odd")
			f.add(workspaces, "odder", "workspace_id", "odder")
			f.records["workspaces"][5].Values = []byte(`{"workspace_id":[{"value":"odder"}],"domains":[{"what":1}]}`)
			r := New(f, bound{workspaces, tt.mode, []*schema.Attribute{workspaceID}}, Options{})
			if err := r.Resolve(context.Background(), []*mapping.Record{tt.rec}); err != nil {
				t.Fatal(err)
			}
			if got := ids(tt.rec.Found); got != tt.found || codes(tt.rec) != tt.codes || tt.rec.Doubt != tt.doubt {
				t.Errorf("found %q, problems %q, doubt %v; want %q, %q, %v", got, codes(tt.rec), tt.rec.Doubt, tt.found, tt.codes, tt.doubt)
			}
			if tt.rec.Existing != nil {
				t.Errorf("the row was given the record %s", tt.rec.Existing.ID)
			}
		})
	}
}

func TestWhatIsFoundTellsWhoMadeItAndItsMarker(t *testing.T) {
	f := newFake()
	f.add(workspaces, "r1", "plan", "Pro", "workspace_id", "ws1")
	rec := marked(t, sent(row(t, 1, ""), outcome.Create), "Pro")
	resolveOne(t, f, rec)
	if len(rec.Found) != 1 {
		t.Fatalf("found %s", ids(rec.Found))
	}
	e := rec.Found[0]
	if want := (mapping.Actor{Type: "api-token", ID: "token-of-r1"}); e.CreatedBy != want || e.CreatedAt == "" {
		t.Errorf("made by %+v at %q", e.CreatedBy, e.CreatedAt)
	}
	if canonicals(e.Values["plan"]) != "Pro" {
		t.Errorf("values: %v", e.Values)
	}
}

func TestWhoMadeARecord(t *testing.T) {
	for name, tt := range map[string]struct {
		values string
		want   mapping.Actor
	}{
		"a token":         {`{"created_by":[{"created_by_actor":{"type":"x","id":"y"},"referenced_actor_type":"api-token","referenced_actor_id":"a"}]}`, mapping.Actor{Type: "api-token", ID: "a"}},
		"the system":      {`{"created_by":[{"created_by_actor":{"type":"system","id":null},"referenced_actor_type":"system","referenced_actor_id":null}]}`, mapping.Actor{Type: "system"}},
		"who signed it":   {`{"created_by":[{"created_by_actor":{"type":"api-token","id":"a"}}]}`, mapping.Actor{Type: "api-token", ID: "a"}},
		"nobody":          {`{"created_by":[]}`, mapping.Actor{}},
		"no such value":   {`{}`, mapping.Actor{}},
		"something else":  {`{"created_by":"me"}`, mapping.Actor{}},
		"something empty": {`{"created_by":[null]}`, mapping.Actor{}},
	} {
		if got := creator(&attio.Record{Values: []byte(tt.values)}); got != tt.want {
			t.Errorf("%s: %+v, want %+v", name, got, tt.want)
		}
	}
}

func TestRowsThatWereSentAskInTheWindowsQueries(t *testing.T) {
	f := newFake()
	r := New(f, upsert, Options{})
	var recs []*mapping.Record
	for n := range 40 {
		rec := marked(t, row(t, n+1, "ws"+string(rune('A'+n))), "run-"+string(rune('A'+n)))
		if n%2 == 0 {
			sent(rec, outcome.Create)
		}
		recs = append(recs, rec)
	}
	resolveWindows(t, r, false, recs...)
	if got := f.perPlace(); len(f.queries) != 2 || got["workspaces.workspace_id"] != 1 || got["workspaces.plan"] != 1 {
		t.Errorf("queries: %v", got)
	}
	for _, q := range f.queries {
		if want := map[string]int{"workspace_id": 40, "plan": 20}[q.attribute]; len(q.keys) != want || !q.list {
			t.Errorf("%s: %d keys, listed %v", q.attribute, len(q.keys), q.list)
		}
	}
}

// A row whose answer got lost is looked up again while rows below it wait.
func TestARowThatWasSentKeepsItsPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reject := byDomain(mapping.MissingReject)
		f := newFake()
		r := New(f, companySheet, Options{})
		first := firm(t, 1, "mother.com")
		child := firm(t, 2, "child.com", ref(t, reject, "mother.com"))
		resolveWindows(t, r, false, first, child)
		again := sent(firm(t, 1, "mother.com", ref(t, reject, "nobody.com")), outcome.Create)
		resolveWindows(t, r, false, sent(firm(t, 1, "mother.com"), outcome.Create))
		resolveWindows(t, r, false, again) // its own reference is missing, and yet it is not at its end
		if codes(again) != "error reference_not_found" || len(r.sheet.rows) != 2 || len(r.sheet.rows[1].keys) != 1 {
			t.Fatalf("%s; rows under way: %d", codes(again), len(r.sheet.rows))
		}
		go func() {
			time.Sleep(time.Minute)
			finish(r, again, "m")
		}()
		begun := time.Now()
		fld := field(child, parent)
		v, create, err := r.Await(context.Background(), child, fld, &fld.References[0])
		if err != nil || create || v.Canonical() != "m" || time.Since(begun) != time.Minute {
			t.Errorf("%q, create %v, %v after %v", v.Canonical(), create, err, time.Since(begun))
		}
	})
}

// On resume the row that was open comes in its window, and rows of this and of
// later windows refer to it.
func TestRowsWaitForAnOpenRowAbove(t *testing.T) {
	for _, each := range []bool{false, true} {
		r := New(newFake(), companySheet, Options{})
		open := sent(firm(t, 1, "mother.com"), outcome.Create)
		open.NewProblems = []outcome.Problem{problemOfKey(open, &open.Keys[0])}
		child := firm(t, 2, "child.com", ref(t, byDomain(mapping.MissingReject), "mother.com"))
		resolveWindows(t, r, each, open, child)
		if fld := field(child, parent); child.Failed() || fld == nil || len(fld.References) != 1 {
			t.Errorf("window by window %v: not left open, %s", each, codes(child))
		}
	}
}

func TestARowThatWasSentClaimsNothing(t *testing.T) {
	f := newFake()
	f.add(workspaces, "r1", "domains", "one.com", "domains", "uno.com")
	r := New(f, bound{workspaces, mapping.Upsert, []*schema.Attribute{wsDomains}}, Options{})
	open, other := sent(site(t, 1, "one.com"), outcome.Create), site(t, 2, "uno.com")
	resolveWindows(t, r, false, open, other)
	if ids(open.Found) != "r1" || codes(other) != "" {
		t.Errorf("found %q; the other row: %q", ids(open.Found), codes(other))
	}
	if p := r.Claim(open, open.Found[0]); p == nil || p.Code != outcome.DuplicateKey {
		t.Errorf("the record was given to two rows: %v", p)
	}
}

// What an earlier process of the run wrote still belongs to its row.
func TestARecordBelongsToTheRowThatWroteItBefore(t *testing.T) {
	f := newFake()
	f.add(workspaces, "r1", "domains", "one.com", "domains", "uno.com")
	r := New(f, bound{workspaces, mapping.Upsert, []*schema.Attribute{wsDomains}}, Options{})
	r.Claimed(1, "r1")
	r.Claimed(2, "")
	again, other := site(t, 1, "one.com"), site(t, 3, "uno.com")
	resolveWindows(t, r, false, again, other)
	if codes(again) != "" || codes(other) != "error duplicate_key" || !strings.Contains(other.Problems[0].Message, "row 1 ") {
		t.Errorf("%q, %v", codes(again), other.Problems)
	}
}

func TestTheTimeOfALookUp(t *testing.T) {
	const early, late = "2026-05-01T10:00:00.250000000Z", "2026-05-01T10:00:09.000000000Z"
	f := newFake()
	keys := 0
	f.refuse = func(q asked) error {
		f.at = late
		if q.place() == "companies.domains" {
			f.at = "2026-04-01T10:00:00.250000000Z" // the time of a reference says nothing of the keys
		} else if keys++; keys == 2 {
			f.at = early
		}
		return nil
	}
	r := New(f, bound{workspaces, mapping.Upsert, []*schema.Attribute{workspaceID, wsDomains}}, Options{Queries: 1})
	both := refer(also(row(t, 1, "ws1"), val(t, wsDomains, "one.com")), company, ref(t, byDomain(mapping.MissingSkip), "c.com"))
	open, keyless := sent(row(t, 2, "ws2"), outcome.Create), row(t, 3, "")
	resolveWindows(t, r, false, both, open, keyless)
	for _, rec := range []*mapping.Record{both, open, keyless} {
		if got := rec.At.Format("01-02 15:04:05.000"); got != "05-01 10:00:00.250" {
			t.Errorf("row %d was looked up at %s", rec.Row, got)
		}
	}
	nothing := row(t, 4, "")
	resolveWindows(t, r, false, nothing)
	if !nothing.At.IsZero() {
		t.Errorf("nothing was asked, at %v", nothing.At)
	}
}

func TestRecord(t *testing.T) {
	f := newFake()
	f.add(workspaces, "r1", "workspace_id", "ws1", "plan", "Pro", "domains", "one.com")
	f.add(workspaces, "odd", "workspace_id", "odd")
	f.garble(workspaces, "odd")
	r := New(f, upsert, Options{})
	rec := row(t, 1, "ws1")
	rec.Fields = append(rec.Fields, mapping.Field{Attribute: plan})
	read := func(id string) (*mapping.Existing, error) {
		return r.Record(context.Background(), workspaces, id, rec.Fields[1:], rec.Keys)
	}
	e, err := read("r1")
	if err != nil || e == nil || e.ID != "r1" || e.CreatedBy.ID != "token-of-r1" {
		t.Fatalf("%+v, %v", e, err)
	}
	if canonicals(e.Values["plan"]) != "Pro" || canonicals(e.Values["workspace_id"]) != "ws1" || len(e.Values) != 2 {
		t.Errorf("values: %v", e.Values)
	}
	if e, err := read("gone"); e != nil || err != nil {
		t.Errorf("a record that is gone: %+v, %v", e, err)
	}
	var p outcome.Problem
	if _, err := read("odd"); !errors.As(err, &p) || p.Code != Unreadable {
		t.Errorf("a record that cannot be read: %v", err)
	}
	if f.gets != 3 || len(f.queries) != 0 {
		t.Errorf("%d reads, %d queries", f.gets, len(f.queries))
	}
	for _, refusal := range []error{&attio.Error{Status: 401}, &attio.UnavailableError{}} {
		f.getErr = refusal
		if e, err := read("r1"); e != nil || !errors.Is(err, refusal) {
			t.Errorf("%v: %+v, %v", refusal, e, err)
		}
	}
	f.getErr = &attio.Error{Status: 404, Code: attio.CodeMergeInProgress}
	if e, err := read("r1"); e != nil || err != nil {
		t.Errorf("a record that is being merged: %+v, %v", e, err)
	}
}

func TestHoldersTellWhoMadeThem(t *testing.T) {
	f := newFake()
	f.add(workspaces, "r1", "plan", "run-1")
	got, err := New(f, upsert, Options{}).Holders(context.Background(), workspaces, nil, []mapping.Key{{Attribute: plan, Value: val(t, plan, "run-1")}})
	if err != nil || len(got) != 1 || got[0].CreatedBy.Type != "api-token" || !slices.ContainsFunc(got[0].Values["plan"], val(t, plan, "run-1").Equal) {
		t.Errorf("%v, %v", got, err)
	}
}
