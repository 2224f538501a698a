package resolve

import (
	"context"
	"errors"
	"strings"
	"testing"

	"attio-import/importer/outcome"
	"attio-import/mapping"
	"attio-import/mapping/schema"
	"attio-import/mapping/value"
)

func also(rec *mapping.Record, v value.Value) *mapping.Record {
	rec.Keys = append(rec.Keys, mapping.Key{Attribute: wsDomains, Value: v, Column: "Site"})
	return rec
}

func TestWhatTheKeysFind(t *testing.T) {
	site := func(text string) value.Value { return val(t, wsDomains, text) }
	for name, tt := range map[string]struct {
		mode  mapping.Mode
		rec   *mapping.Record
		found string
		codes string
		words []string
	}{
		"found":            {mapping.Upsert, row(t, 1, "ws1"), "r1", "", nil},
		"absent":           {mapping.Upsert, row(t, 1, "new"), "", "", nil},
		"create, absent":   {mapping.Create, row(t, 1, "new"), "", "", nil},
		"create, found":    {mapping.Create, row(t, 1, "ws1"), "r1", "error uniqueness_conflict", []string{"attio.test/r1", `workspace_id "ws1"`}},
		"create, two":      {mapping.Create, also(row(t, 1, "ws1"), site("two.com")), "", "error uniqueness_conflict", []string{"attio.test/r1", "attio.test/r2"}},
		"update, found":    {mapping.Update, row(t, 1, "ws1"), "r1", "", nil},
		"update, absent":   {mapping.Update, row(t, 1, "new"), "", "error no_match", []string{`workspace_id "new"`}},
		"keys agree":       {mapping.Upsert, also(row(t, 1, "ws1"), site("one.com")), "r1", "", nil},
		"one key finds":    {mapping.Upsert, also(row(t, 1, "new"), site("two.com")), "r2", "", nil},
		"two values agree": {mapping.Upsert, also(also(row(t, 1, "ws2"), site("two.com")), site("two.io")), "r2", "", nil},
		"keys differ":      {mapping.Upsert, also(row(t, 1, "ws1"), site("two.com")), "", "error ambiguous_match", []string{"attio.test/r1", "attio.test/r2"}},
		"two have it":      {mapping.Upsert, row(t, 1, "twin"), "", "error ambiguous_match", []string{"attio.test/t1", "attio.test/t2"}},
		"by case only":     {mapping.Upsert, row(t, 1, "WS1"), "", "error key_ambiguous", []string{`"WS1"`, `"ws1"`, "attio.test/r1"}},
		"exact before":     {mapping.Upsert, row(t, 1, "both"), "b2", "", nil},
		"keyless":          {mapping.Create, row(t, 1, ""), "", "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake()
			f.foldCase = true
			f.add(workspaces, "r1", "workspace_id", "ws1", "domains", "one.com", "plan", "Pro")
			f.add(workspaces, "r2", "workspace_id", "ws2", "domains", "two.com", "domains", "two.io")
			f.add(workspaces, "b1", "workspace_id", "BOTH")
			f.add(workspaces, "b2", "workspace_id", "both")
			f.add(workspaces, "t1", "workspace_id", "twin")
			f.add(workspaces, "t2", "workspace_id", "twin")
			r := New(f, bound{workspaces, tt.mode, []*schema.Attribute{workspaceID, wsDomains}}, Options{})
			if err := r.Resolve(context.Background(), []*mapping.Record{tt.rec}); err != nil {
				t.Fatal(err)
			}
			got := ""
			if tt.rec.Existing != nil {
				got = tt.rec.Existing.ID
			}
			if got != tt.found || codes(tt.rec) != tt.codes {
				t.Errorf("found %q, problems %q; want %q, %q", got, codes(tt.rec), tt.found, tt.codes)
			}
			for _, p := range tt.rec.Problems {
				for _, w := range tt.words {
					if !strings.Contains(p.Message, w) {
						t.Errorf("%q is missing in: %s", w, p.Message)
					}
				}
				if p.Row != 1 || p.Line != 2 || p.Column == "" || p.Attribute == "" || p.Value == "" {
					t.Errorf("not located: %+v", p)
				}
			}
			f.checkOnce(t)
		})
	}
}

func TestExistingHasTheValuesOfTheRowsAttributes(t *testing.T) {
	f := newFake()
	f.add(workspaces, "r1", "workspace_id", "ws1", "domains", "one.com", "domains", "one.io", "plan", "Pro")
	rec := also(row(t, 1, "ws1"), val(t, wsDomains, "one.com"))
	rec.Fields = append(rec.Fields, mapping.Field{Attribute: users})
	resolveOne(t, f, rec)
	e := rec.Existing
	if e == nil || e.WebURL != "https://app.attio.test/r1" || e.CreatedAt == "" {
		t.Fatalf("existing: %+v", e)
	}
	if got := canonicals(e.Values["domains"]); got != "one.com one.io" {
		t.Errorf("domains: %q", got)
	}
	if got := canonicals(e.Values["workspace_id"]); got != "ws1" {
		t.Errorf("key: %q", got)
	}
	if vs, ok := e.Values["users"]; !ok || len(vs) != 0 {
		t.Errorf("users: %v %v", vs, ok)
	}
	if _, ok := e.Values["plan"]; ok {
		t.Error("an attribute that the row does not speak of was read")
	}
}

func TestRowsThatCannotGoOnCostNoRead(t *testing.T) {
	f := newFake()
	bad := refer(row(t, 1, "ws1"), company, ref(t, byDomain(mapping.MissingReject), "a.com"))
	bad.Problems = append(bad.Problems, problemOfKey(bad, &bad.Keys[0]))
	blank := row(t, 2, "ws2")
	blank.Blank = true
	if err := New(f, upsert, Options{}).Resolve(context.Background(), []*mapping.Record{bad, blank}); err != nil {
		t.Fatal(err)
	}
	if len(f.queries) != 0 {
		t.Errorf("queries: %+v", f.queries)
	}
	if bad.Existing != nil || len(field(bad, company).References) != 1 {
		t.Error("a failed row was changed")
	}
}

func TestAnUnreadableRecordIsNotWrittenOver(t *testing.T) {
	f := newFake()
	f.add(workspaces, "r1", "workspace_id", "ws1")
	f.records["workspaces"][0].Values = []byte(`{"workspace_id":[{"value":"ws1"}],"company":[{"what":1}]}`)
	rec := row(t, 1, "ws1")
	rec.Fields = append(rec.Fields, mapping.Field{Attribute: company})
	resolveOne(t, f, rec)
	if codes(rec) != "error unreadable_record" || !strings.Contains(rec.Problems[0].Message, "attio.test/r1") {
		t.Errorf("problems: %v", rec.Problems)
	}
}

func TestHolders(t *testing.T) {
	f := newFake()
	f.at = "2026-05-01T10:00:00.123000000Z"
	f.add(workspaces, "r1", "workspace_id", "ws1", "plan", "Pro")
	f.add(workspaces, "r2", "workspace_id", "ws2", "domains", "two.com", "plan", "Pro")
	f.add(workspaces, "r3", "workspace_id", "ws3", "plan", "Pro")
	r := New(f, upsert, Options{})
	if !r.Began().IsZero() {
		t.Error("the run has begun before its first look-up")
	}
	rec := row(t, 1, "ws1")
	rec.Fields = append(rec.Fields,
		mapping.Field{Attribute: wsDomains, Values: []value.Value{val(t, wsDomains, "new.com"), val(t, wsDomains, "two.com")}},
		mapping.Field{Attribute: plan, Values: []value.Value{val(t, plan, "Pro")}})
	got, err := r.Holders(context.Background(), workspaces, rec.Fields, rec.Keys)
	if err != nil || len(got) != 2 || got[0].ID != "r1" || got[1].ID != "r2" {
		t.Fatalf("holders: %v, %v", got, err)
	}
	if canonicals(got[1].Values["plan"]) != "Pro" || canonicals(got[1].Values["domains"]) != "two.com" {
		t.Errorf("values: %v", got[1].Values)
	}
	if len(f.queries) != 1 {
		t.Errorf("%d queries", len(f.queries))
	}
	got, err = r.Holders(context.Background(), workspaces, rec.Fields[2:], nil)
	if err != nil || got != nil || len(f.queries) != 1 {
		t.Errorf("without a unique value: %v, %v, %d queries", got, err, len(f.queries))
	}
	if want := "2026-05-01T10:00:00.123Z"; r.Began().Format("2006-01-02T15:04:05.000Z07:00") != want {
		t.Errorf("began %v, want %s", r.Began(), want)
	}
}

func TestTheServersTimeMayBeAnHTTPDate(t *testing.T) {
	var e earliest
	e.note("")
	if got := e.time(); !got.IsZero() {
		t.Errorf("no time is %v", got)
	}
	e.note("2026-05-01T10:00:00.123000000Z")
	e.note("Tue, 23 May 2023 14:42:01 GMT")
	e.note("2026-05-01T10:00:00.123000000Z")
	if got := e.time(); got.Unix() != 1684852921 {
		t.Errorf("the earliest is %v", got)
	}
}

func TestARefusedKeyOfTheRow(t *testing.T) {
	f := newFake()
	f.refuse = func(asked) error { return refusal400("validation_type") }
	rec := resolveOne(t, f, row(t, 1, "ws1"))
	if codes(rec) != "error validation_type" {
		t.Errorf("problems: %v", rec.Problems)
	}
}

func TestAHolderThatCannotBeRead(t *testing.T) {
	f := newFake()
	f.add(workspaces, "r1", "workspace_id", "ws1")
	f.garble(workspaces, "r1")
	rec := row(t, 1, "ws1")
	_, err := New(f, upsert, Options{}).Holders(context.Background(), workspaces, rec.Fields, rec.Keys)
	var p outcome.Problem
	if !errors.As(err, &p) || p.Code != Unreadable || !strings.Contains(p.Message, "attio.test/r1") {
		t.Errorf("%v", err)
	}
}
