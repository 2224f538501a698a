package resolve

import (
	"context"
	"strings"
	"testing"

	"attio-import/importer/attio"
	"attio-import/importer/outcome"
	"attio-import/mapping"
	"attio-import/mapping/schema"
	"attio-import/mapping/value"
)

// resolveOne resolves a single record that refers to something.
func resolveOne(t *testing.T, f *fake, rec *mapping.Record) *mapping.Record {
	t.Helper()
	if err := New(f, upsert, Options{}).Resolve(context.Background(), []*mapping.Record{rec}); err != nil {
		t.Fatal(err)
	}
	return rec
}

func TestReferencesKeepTheirOrderAndComeOnce(t *testing.T) {
	f := newFake()
	f.add(companies, "a", "domains", "a.com", "domains", "a.io")
	f.add(companies, "c", "domains", "c.com")
	rule := byDomain(mapping.MissingCreate)
	rec := refer(row(t, 1, ""), users,
		ref(t, rule, "c.com"), ref(t, rule, "new.com"), ref(t, rule, "a.com"),
		ref(t, rule, "a.io"), ref(t, rule, "new.com"), ref(t, rule, "newer.com"))
	resolveOne(t, f, rec)
	fld := field(rec, users)
	if got := canonicals(fld.Values); got != "c ? a ?" {
		t.Errorf("values are %q", got)
	}
	if len(fld.References) != 2 || fld.References[0].Text != "new.com" || fld.References[1].Text != "newer.com" {
		t.Errorf("still to be created: %+v", fld.References)
	}
	if rec.Problems != nil {
		t.Errorf("problems: %v", rec.Problems)
	}
}

func TestMissingReferences(t *testing.T) {
	use := byDomain(mapping.MissingUse)
	use.Use = val(t, domains, "fallback.com")
	useless := byDomain(mapping.MissingUse)
	useless.Use = val(t, domains, "nothere.com")
	for name, tt := range map[string]struct {
		rule   *mapping.ReferenceRule
		values string // "none": the field is gone
		codes  string
	}{
		"reject":  {byDomain(mapping.MissingReject), "none", "error reference_not_found"},
		"skip":    {byDomain(mapping.MissingSkip), "none", "warning reference_not_found"},
		"create":  {byDomain(mapping.MissingCreate), "?", ""},
		"use":     {use, "fb", ""},
		"useless": {useless, "none", "error reference_not_found"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake()
			f.add(companies, "fb", "domains", "fallback.com")
			rec := resolveOne(t, f, refer(row(t, 3, ""), company, ref(t, tt.rule, "Acme.com")))
			got := "none"
			if fld := field(rec, company); fld != nil {
				got = canonicals(fld.Values)
			}
			if got != tt.values || codes(rec) != tt.codes {
				t.Errorf("values %q, problems %q; want %q, %q", got, codes(rec), tt.values, tt.codes)
			}
			if len(f.queries) != 1 {
				t.Errorf("%d queries, want 1", len(f.queries))
			}
		})
	}
}

func TestAProblemTellsWhereItIs(t *testing.T) {
	rec := resolveOne(t, newFake(), refer(row(t, 3, ""), company, ref(t, byDomain(mapping.MissingReject), "https://Acme.com/x")))
	p := rec.Problems[0]
	p.Hint = ""
	want := outcome.Problem{
		Row: 3, Line: 4, Column: "Cell", Attribute: "company", Value: "https://Acme.com/x", Part: "https://Acme.com/x",
		Severity: outcome.Error, Code: outcome.ReferenceNotFound,
		Message: `no record of companies has domains "https://Acme.com/x"`,
	}
	if p != want {
		t.Errorf("\n got %#v\nwant %#v", p, want)
	}
}

func TestSeveralRecordsForAKey(t *testing.T) {
	for _, tt := range []struct {
		multiple mapping.Multiple
		want     string
		codes    string
	}{
		{mapping.MultipleReject, "none", "error reference_ambiguous"},
		{mapping.MultipleOldest, "first", ""},
		{mapping.MultipleNewest, "last", ""},
	} {
		f := newFake()
		f.add(companies, "first", "name", "Acme")
		f.add(companies, "mid", "name", "Acme")
		f.add(companies, "last", "name", "Acme")
		rec := resolveOne(t, f, refer(row(t, 1, ""), company, ref(t, byName(tt.multiple), "Acme")))
		got := "none"
		if fld := field(rec, company); fld != nil {
			got = canonicals(fld.Values)
		}
		if got != tt.want || codes(rec) != tt.codes {
			t.Errorf("%s: %q, problems %q", tt.multiple, got, codes(rec))
		}
		for _, p := range rec.Problems {
			if !strings.Contains(p.Message, "3 records") || !strings.Contains(p.Message, "attio.test/first") || !strings.Contains(p.Message, "attio.test/last") {
				t.Errorf("message: %s", p.Message)
			}
		}
	}
}

func TestAKeyThatDiffersByCaseIsNoGuess(t *testing.T) {
	for name, tt := range map[string]struct {
		names  []string
		values string
		codes  string
	}{
		"loose only":   {[]string{"ACME"}, "none", "error key_ambiguous"},
		"strict first": {[]string{"ACME", "Acme"}, "n1", ""},
		"composition":  {[]string{"Acme\u0301"}, "none", "error reference_not_found"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake()
			f.foldCase = true
			for i, n := range tt.names {
				f.add(companies, "n"+string(rune('0'+i)), "name", n)
			}
			rec := resolveOne(t, f, refer(row(t, 1, ""), company, ref(t, byName(mapping.MultipleOldest), "Acme")))
			got := "none"
			if fld := field(rec, company); fld != nil {
				got = canonicals(fld.Values)
			}
			if got != tt.values || codes(rec) != tt.codes {
				t.Errorf("%q, problems %q", got, codes(rec))
			}
		})
	}
}

func TestMembers(t *testing.T) {
	all := []attio.Member{
		{ID: "m1", FirstName: "Ann", LastName: "Ng", Email: "ann@acme.com"},
		{ID: "m2", FirstName: "Bo", LastName: "Li", Email: "Bo@acme.com"},
		{ID: "m3", FirstName: "Bo", LastName: "Li", Email: "bo.li@acme.com"},
	}
	use := val(t, &schema.Attribute{Slug: "email", Type: schema.Text}, "ann@acme.com")
	for _, tt := range []struct {
		by, text string
		missing  mapping.Missing
		multiple mapping.Multiple
		want     string
		codes    string
	}{
		{"email", "ann@acme.com", mapping.MissingReject, "", "m1", ""},
		{"email", "bo@ACME.com", mapping.MissingReject, "", "m2", ""},
		{"name", "ann  ng", mapping.MissingReject, "", "m1", ""},
		{"id", "m3", mapping.MissingReject, "", "m3", ""},
		{"email", "nobody@acme.com", mapping.MissingReject, "", "none", "error reference_not_found"},
		{"email", "nobody@acme.com", mapping.MissingSkip, "", "none", "warning reference_not_found"},
		{"email", "nobody@acme.com", mapping.MissingUse, "", "m1", ""},
		{"name", "Bo Li", mapping.MissingReject, mapping.MultipleReject, "none", "error reference_ambiguous"},
		{"name", "Bo Li", mapping.MissingReject, mapping.MultipleOldest, "none", "error reference_ambiguous"},
	} {
		f := newFake()
		f.members = all
		rule := &mapping.ReferenceRule{MemberBy: tt.by, Missing: tt.missing, Multiple: tt.multiple, Use: use}
		rec := refer(row(t, 1, ""), owner, ref(t, rule, tt.text))
		other := refer(row(t, 2, ""), owner, ref(t, rule, tt.text))
		if err := New(f, upsert, Options{}).Resolve(context.Background(), []*mapping.Record{rec, other}); err != nil {
			t.Fatal(err)
		}
		got := "none"
		if fld := field(rec, owner); fld != nil {
			got = canonicals(fld.Values)
		}
		if got != tt.want || codes(rec) != tt.codes {
			t.Errorf("%s %q: %q, problems %q; want %q, %q", tt.by, tt.text, got, codes(rec), tt.want, tt.codes)
		}
		if f.listed != 1 || len(f.queries) != 0 {
			t.Errorf("members were listed %d times, %d queries", f.listed, len(f.queries))
		}
		for _, p := range rec.Problems {
			if p.Code == outcome.ReferenceNotFound && p.Severity == outcome.Error && !strings.Contains(p.Hint, "bo.li@acme.com") {
				t.Errorf("the hint does not name the members: %s", p.Hint)
			}
		}
	}
}

func TestWhatWouldBeCreatedIsLookedUpOnlyWhereItIsMissing(t *testing.T) {
	f := newFake()
	f.add(companies, "old", "domains", "old.com")
	f.add(companies, "mother", "domains", "mother.com")
	rule := byDomain(mapping.MissingCreate)
	withParent := func(text, parentDomain string) mapping.Reference {
		r := ref(t, rule, text)
		r.New = append(r.New, mapping.Field{Attribute: parent, References: []mapping.Reference{ref(t, rule, parentDomain)}})
		r.NewProblems = []outcome.Problem{{Severity: outcome.Warning, Code: "told"}}
		return r
	}
	found := refer(row(t, 1, ""), company, withParent("old.com", "unasked.com"))
	missing := refer(row(t, 2, ""), company, withParent("new.com", "mother.com"))
	deep := refer(row(t, 3, ""), company, withParent("newer.com", "newest.com"))
	if err := New(f, upsert, Options{}).Resolve(context.Background(), []*mapping.Record{found, missing, deep}); err != nil {
		t.Fatal(err)
	}
	f.checkOnce(t)
	for _, q := range f.queries {
		for _, k := range q.keys {
			if k == "unasked.com" {
				t.Error("the parent of a company that exists was looked up")
			}
		}
	}
	if len(f.queries) != 2 {
		t.Errorf("%d queries, want one for the companies and one for the parents of the missing ones", len(f.queries))
	}
	if got := codes(found); got != "" {
		t.Errorf("problems of a creation that is not needed: %s", got)
	}
	if got := codes(missing); got != "warning told" {
		t.Errorf("problems of a creation that is needed: %q", got)
	}
	inner := field(missing, company).References[0].New[1]
	if canonicals(inner.Values) != "mother" || len(inner.References) != 0 {
		t.Errorf("the new company's parent: %+v", inner)
	}
	inner = field(deep, company).References[0].New[1]
	if canonicals(inner.Values) != "?" || len(inner.References) != 1 {
		t.Errorf("the new company's new parent: %+v", inner)
	}
}

func TestSharedSlicesAreNotWrittenTo(t *testing.T) {
	f := newFake()
	f.add(companies, "a", "domains", "a.com")
	shared := make([]value.Value, 1, 8)
	shared[0] = value.Reference("companies", "constant")
	rec := row(t, 1, "")
	rec.Fields = append(rec.Fields, mapping.Field{
		Attribute: users, Values: shared, References: []mapping.Reference{ref(t, byDomain(mapping.MissingReject), "a.com")},
	})
	resolveOne(t, f, rec)
	if got := canonicals(field(rec, users).Values); got != "constant a" {
		t.Errorf("values: %q", got)
	}
	if !shared[:2][1].IsZero() {
		t.Error("a constant's slice was appended to in place")
	}
}
