package resolve

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"attio-import/mapping"
	"attio-import/mapping/schema"
	"attio-import/mapping/value"
)

var companySheet = bound{companies, mapping.Upsert, []*schema.Attribute{domains}}

// firm makes a row about a company, which may name a parent.
func firm(t *testing.T, n int, domain string, parents ...mapping.Reference) *mapping.Record {
	v := val(t, domains, domain)
	rec := &mapping.Record{
		Row: n, Line: n + 1,
		Fields: []mapping.Field{{Attribute: domains, Values: []value.Value{v}, Column: "Site"}},
		Keys:   []mapping.Key{{Attribute: domains, Value: v, Column: "Site"}},
	}
	if len(parents) > 0 {
		refer(rec, parent, parents...)
	}
	return rec
}

// finish does what a writer does with a row: made, or not.
func finish(r *Resolver, rec *mapping.Record, id string) {
	if id != "" {
		r.Learn(companies, id, rec.Fields)
	}
	r.Ended(rec)
}

func TestARowWaitsForTheEarlierRowThatItRefersTo(t *testing.T) {
	use := byDomain(mapping.MissingUse)
	use.Use = val(t, domains, "fallback.com")
	for name, tt := range map[string]struct {
		rule    *mapping.ReferenceRule
		made    string // what the earlier row made
		windows bool   // the rows are in two windows
		value   string
		create  bool
		codes   string
	}{
		"made":                  {byDomain(mapping.MissingReject), "m", false, "m", false, ""},
		"made, another window":  {byDomain(mapping.MissingReject), "m", true, "m", false, ""},
		"made, not made twice":  {byDomain(mapping.MissingCreate), "m", false, "m", false, ""},
		"failed":                {byDomain(mapping.MissingReject), "", false, "", false, "error reference_not_found"},
		"failed, other window":  {byDomain(mapping.MissingReject), "", true, "", false, "error reference_not_found"},
		"failed, left out":      {byDomain(mapping.MissingSkip), "", false, "", false, "warning reference_not_found"},
		"failed, another one":   {use, "", false, "fb", false, ""},
		"failed, to be created": {byDomain(mapping.MissingCreate), "", false, "", true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake()
				f.add(companies, "fb", "domains", "fallback.com")
				r := New(f, companySheet, Options{})
				mother, child := firm(t, 1, "mother.com"), firm(t, 2, "child.com", ref(t, tt.rule, "mother.com"))
				resolveWindows(t, r, tt.windows, mother, child)
				fld := field(child, parent)
				if child.Failed() || fld == nil || canonicals(fld.Values) != "?" || len(fld.References) != 1 {
					t.Fatalf("not left open: %+v, %s", fld, codes(child))
				}
				go func() {
					time.Sleep(time.Minute)
					finish(r, mother, tt.made)
				}()
				begun := time.Now()
				v, create, err := r.Await(context.Background(), child, fld, &fld.References[0])
				if err != nil || time.Since(begun) != time.Minute {
					t.Errorf("%v after %v", err, time.Since(begun))
				}
				if v.Canonical() != tt.value || create != tt.create || codes(child) != tt.codes {
					t.Errorf("%q, create %v, problems %q", v.Canonical(), create, codes(child))
				}
				for _, p := range child.Problems {
					if !strings.Contains(p.Message, "row 1 of the sheet") {
						t.Errorf("the row that failed is not named: %s", p.Message)
					}
				}
			})
		})
	}
}

func resolveWindows(t *testing.T, r *Resolver, each bool, records ...*mapping.Record) {
	t.Helper()
	windows := [][]*mapping.Record{records}
	if each {
		windows = nil
		for _, rec := range records {
			windows = append(windows, []*mapping.Record{rec})
		}
	}
	for _, w := range windows {
		if err := r.Resolve(context.Background(), w); err != nil {
			t.Fatal(err)
		}
	}
}

func TestRowsThatNobodyWaitsFor(t *testing.T) {
	reject := byDomain(mapping.MissingReject)
	withoutName := firm(t, 1, "mother.com")
	withoutName.NewProblems = append(withoutName.NewProblems, problemOfKey(withoutName, &withoutName.Keys[0]))
	for name, tt := range map[string][]*mapping.Record{
		"a later row":                    {firm(t, 1, "other.com"), firm(t, 2, "child.com", ref(t, reject, "mother.com")), firm(t, 3, "mother.com")},
		"the row itself":                 {firm(t, 1, "other.com"), firm(t, 2, "mother.com", ref(t, reject, "mother.com"))},
		"a row that is rejected":         {firm(t, 1, "mother.com", ref(t, reject, "nobody.com")), firm(t, 2, "child.com", ref(t, reject, "mother.com"))},
		"a row that cannot be a new one": {withoutName, firm(t, 2, "child.com", ref(t, reject, "mother.com"))},
	} {
		for _, each := range []bool{false, true} {
			for _, rec := range tt {
				rec.Problems = nil
			}
			fields := make([][]mapping.Field, len(tt))
			for i, rec := range tt {
				fields[i] = rec.Fields
			}
			resolveWindows(t, New(newFake(), companySheet, Options{}), each, tt...)
			if codes(tt[1]) != "error reference_not_found" {
				t.Errorf("%s, window by window %v: %q", name, each, codes(tt[1]))
			}
			for i, rec := range tt {
				rec.Fields = fields[i]
			}
		}
	}
}

func TestWhatTheRowNamesIsThereAlready(t *testing.T) {
	f := newFake()
	f.add(companies, "m", "domains", "mother.com")
	r := New(f, companySheet, Options{})
	child := firm(t, 2, "child.com", ref(t, byDomain(mapping.MissingReject), "mother.com"))
	resolveWindows(t, r, false, firm(t, 1, "mother.com"), child)
	if got := canonicals(field(child, parent).Values); got != "m" || len(field(child, parent).References) != 0 {
		t.Errorf("the parent is %q", got)
	}
}

// The record may be made between the moment when the server looked for it
// and the moment when its answer is read.
func TestWhatIsMadeWhileItIsLookedFor(t *testing.T) {
	f := newFake()
	r := New(f, companySheet, Options{})
	mother := firm(t, 1, "mother.com")
	resolveWindows(t, r, false, mother)
	f.refuse = func(q asked) error { // called when the query is answered
		if slices.Contains(q.keys, "mother.com") {
			finish(r, mother, "m")
		}
		return nil
	}
	child := firm(t, 2, "child.com", ref(t, byDomain(mapping.MissingReject), "mother.com"))
	resolveWindows(t, r, false, child)
	if fld := field(child, parent); fld == nil || canonicals(fld.Values) != "m" {
		t.Errorf("%+v, %s", fld, codes(child))
	}
}

func TestTheWaitForARowEndsWithTheContext(t *testing.T) {
	r := New(newFake(), companySheet, Options{})
	child := firm(t, 2, "child.com", ref(t, byDomain(mapping.MissingReject), "mother.com"))
	resolveWindows(t, r, false, firm(t, 1, "mother.com"), child)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	fld := field(child, parent)
	if _, _, err := r.Await(ctx, child, fld, &fld.References[0]); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// The first row that wants a record made makes it, of its own cells, however
// the workers run: later ones wait until that row has ended.
func TestTheFirstRowThatAsksMakesTheRecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rule := byDomain(mapping.MissingCreate)
		r := New(newFake(), companySheet, Options{})
		first, second := firm(t, 1, "a.com", ref(t, rule, "holding.com")), firm(t, 2, "b.com", ref(t, rule, "holding.com"))
		resolveWindows(t, r, false, first, second)
		await := func(rec *mapping.Record) (value.Value, bool) {
			fld := field(rec, parent)
			v, create, err := r.Await(context.Background(), rec, fld, &fld.References[0])
			if err != nil {
				t.Error(err)
			}
			return v, create
		}
		go func() {
			time.Sleep(time.Minute)
			if _, create := await(first); !create {
				t.Error("the first row need not make the record")
			}
			r.Learn(companies, "h", []mapping.Field{{Attribute: domains, Values: []value.Value{val(t, domains, "holding.com")}}})
			finish(r, first, "a")
		}()
		begun := time.Now()
		v, create := await(second)
		if create || v.IsZero() || time.Since(begun) != time.Minute {
			t.Errorf("the second row got %q, create %v, after %v", v, create, time.Since(begun))
		}
	})
}

func TestRowsAreForgottenWhenTheyEnd(t *testing.T) {
	r := New(newFake(), companySheet, Options{})
	recs := []*mapping.Record{firm(t, 1, "a.com"), firm(t, 2, "b.com"), firm(t, 3, "a.com")}
	resolveWindows(t, r, false, recs...)
	if len(r.sheet.rows) != 2 || len(r.sheet.keys) != 2 { // the third has nothing that is not the first one's
		t.Errorf("%d rows, %d keys", len(r.sheet.rows), len(r.sheet.keys))
	}
	for _, rec := range recs {
		r.Ended(rec)
		r.Ended(rec)
	}
	if len(r.sheet.rows) != 0 || len(r.sheet.keys) != 0 {
		t.Errorf("%d rows, %d keys are kept", len(r.sheet.rows), len(r.sheet.keys))
	}
}

func TestObjectsThatCannotReferToThemselves(t *testing.T) {
	o := &schema.Object{Slug: "users", Attributes: []*schema.Attribute{
		workspaceID, {Slug: "company", Type: schema.RecordReference, Targets: []string{"companies"}},
	}}
	r := New(newFake(), bound{o, mapping.Upsert, []*schema.Attribute{workspaceID}}, Options{})
	resolveWindows(t, r, false, row(t, 1, "ws1"))
	if len(r.sheet.rows) != 0 {
		t.Error("rows are remembered that nobody can wait for")
	}
}
