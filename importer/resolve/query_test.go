package resolve

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"attio-import/importer/attio"
	"attio-import/mapping"
	"attio-import/mapping/value"
)

func TestChunksAreFewAndEven(t *testing.T) {
	keys := make([]value.Value, 1200)
	for _, tt := range []struct {
		n, size int
		want    []int
	}{
		{0, 50, nil}, {1, 50, []int{1}}, {50, 50, []int{50}}, {51, 50, []int{26, 25}},
		{101, 50, []int{34, 34, 33}}, {499, 499, []int{499}}, {500, 499, []int{250, 250}}, {3, 1, []int{1, 1, 1}},
	} {
		var got []int
		for _, c := range chunks(keys[:tt.n], tt.size) {
			got = append(got, len(c))
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("chunks of %d keys by %d: %v, want %v", tt.n, tt.size, got, tt.want)
		}
	}
}

// window makes rows n.. that each refer to a company of their own, and have a key.
func window(t *testing.T, rule *mapping.ReferenceRule, from, to int) []*mapping.Record {
	var recs []*mapping.Record
	for n := from; n < to; n++ {
		recs = append(recs, refer(row(t, n, fmt.Sprintf("ws%d", n)), company, ref(t, rule, fmt.Sprintf("c%d.com", n))))
	}
	return recs
}

func TestReadsStayWithinTheBudget(t *testing.T) {
	f := newFake()
	for n := range 150 {
		f.add(companies, fmt.Sprintf("co%d", n), "domains", fmt.Sprintf("c%d.com", n))
	}
	r := New(f, upsert, Options{})
	rule := byDomain(mapping.MissingReject)
	// Four windows; each shares half of its domains with the one before.
	for w := range 4 {
		recs := window(t, rule, w*40, w*40+80)
		for _, rec := range recs { // keys are distinct in a sheet
			rec.Keys[0].Value = val(t, workspaceID, fmt.Sprintf("w%d-%d", w, rec.Row))
		}
		if err := r.Resolve(context.Background(), recs); err != nil {
			t.Fatal(err)
		}
		for _, rec := range recs {
			want := fmt.Sprintf("co%d", rec.Row)
			if rec.Row >= 150 {
				want = ""
			}
			if fld := field(rec, company); want != "" && (fld == nil || canonicals(fld.Values) != want) {
				t.Fatalf("window %d row %d: %v", w, rec.Row, fld)
			} else if want == "" && codes(rec) != "error reference_not_found" {
				t.Fatalf("window %d row %d: %q", w, rec.Row, codes(rec))
			}
		}
	}
	f.checkOnce(t)
	n := f.perPlace()
	if most := (200+49)/50 + 4; n["companies.domains"] > most {
		t.Errorf("%d queries for 200 domains in 4 windows, at most %d", n["companies.domains"], most)
	}
	if n["workspaces.workspace_id"] != 4 {
		t.Errorf("%d queries for the keys of 4 windows", n["workspaces.workspace_id"])
	}
}

func TestQueriesTakeTheFormThatTheTypeAllows(t *testing.T) {
	f := newFake()
	r := New(f, upsert, Options{})
	if err := r.Resolve(context.Background(), window(t, byDomain(mapping.MissingSkip), 0, 600)); err != nil {
		t.Fatal(err)
	}
	for _, q := range f.queries {
		switch q.place() {
		case "companies.domains":
			if q.list || len(q.keys) != 50 || q.limited == 0 {
				t.Errorf("domains: list %v, %d keys, gives up after %d", q.list, len(q.keys), q.limited)
			}
		case "workspaces.workspace_id":
			if !q.list || len(q.keys) != 300 {
				t.Errorf("ids: list %v, %d keys", q.list, len(q.keys))
			}
		default:
			t.Errorf("a query for %s", q.place())
		}
	}
	if n := f.perPlace(); n["companies.domains"] != 12 || n["workspaces.workspace_id"] != 2 {
		t.Errorf("queries: %v", n)
	}
}

func refusal400(code string) error {
	return &attio.Error{Status: 400, Code: code, Message: "Error in filter."}
}

func TestAQueryThatIsTooMuchIsHalved(t *testing.T) {
	for name, refusal := range map[string]error{
		"refused": refusal400("filter_error"),
		"limited": &attio.LimitedError{Attempts: 5},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake()
			f.add(companies, "co7", "domains", "c7.com")
			f.refuse = func(q asked) error {
				if q.attribute == "domains" && len(q.keys) > 20 {
					return refusal
				}
				return nil
			}
			r := New(f, upsert, Options{Queries: 1})
			recs := window(t, byDomain(mapping.MissingSkip), 0, 50)
			if err := r.Resolve(context.Background(), recs); err != nil {
				t.Fatal(err)
			}
			if got := canonicals(field(recs[7], company).Values); got != "co7" {
				t.Errorf("row 7 refers to %q", got)
			}
			f.queries = nil
			if err := r.Resolve(context.Background(), window(t, byDomain(mapping.MissingSkip), 100, 150)); err != nil {
				t.Fatal(err)
			}
			// 50 -> 25 -> 13 was learnt: no query is refused again.
			if n := f.perPlace()["companies.domains"]; n != 4 {
				t.Errorf("%d queries in the next window, want 4 of at most 13 keys", n)
			}
		})
	}
}

func TestAKeyThatTheAPIRefusesCostsItsRowsOnly(t *testing.T) {
	f := newFake()
	for n := range 50 {
		f.add(companies, fmt.Sprintf("co%d", n), "domains", fmt.Sprintf("c%d.com", n))
	}
	f.refuse = func(q asked) error {
		if slices.Contains(q.keys, "c31.com") {
			return refusal400("validation_type")
		}
		return nil
	}
	r := New(f, upsert, Options{})
	recs := window(t, byDomain(mapping.MissingReject), 0, 50)
	if err := r.Resolve(context.Background(), recs); err != nil {
		t.Fatal(err)
	}
	for n, rec := range recs {
		want := ""
		if n == 31 {
			want = "error validation_type"
		}
		if codes(rec) != want {
			t.Errorf("row %d: %q, want %q", n, codes(rec), want)
		}
	}
	if n := r.index(companies, domains).chunk(); n != maxOr {
		t.Errorf("chunks have shrunk to %d for one bad key", n)
	}
}

func TestWithoutInTheEqualitiesAreJoined(t *testing.T) {
	f := newFake()
	f.add(workspaces, "w70", "workspace_id", "ws70")
	f.refuse = func(q asked) error {
		if q.list {
			return refusal400("invalid_filter_operator")
		}
		return nil
	}
	r := New(f, upsert, Options{})
	recs := window(t, byDomain(mapping.MissingSkip), 0, 120)
	if err := r.Resolve(context.Background(), recs); err != nil {
		t.Fatal(err)
	}
	if recs[70].Existing == nil || recs[70].Existing.ID != "w70" {
		t.Errorf("row 70 found %+v", recs[70].Existing)
	}
	if n := f.perPlace()["workspaces.workspace_id"]; n != 1+3 {
		t.Errorf("%d queries, want one refused and three of 40 keys", n)
	}
}

func TestErrorsThatEndTheRun(t *testing.T) {
	for name, refusal := range map[string]error{
		"token":    &attio.Error{Status: 401, Code: "unauthorized"},
		"object":   &attio.Error{Status: 404, Code: "not_found"},
		"slug":     refusal400("unknown_filter_attribute_slug"),
		"operator": refusal400("invalid_filter_operator"),
		"network":  &attio.UnavailableError{Op: "POST", Err: errors.New("reset")},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake()
			f.refuse = func(asked) error { return refusal }
			err := New(f, upsert, Options{}).Resolve(context.Background(), window(t, byDomain(mapping.MissingSkip), 0, 60))
			if !errors.Is(err, refusal) {
				t.Errorf("the run goes on with %v", err)
			}
			if n := len(f.queries); n > 4 {
				t.Errorf("%d queries were sent for nothing", n)
			}
		})
	}
}

func TestPagesAreReadToAShortOne(t *testing.T) {
	f := newFake()
	for n := range 1100 {
		f.add(companies, fmt.Sprintf("co%04d", n), "name", "Acme")
	}
	r := New(f, upsert, Options{})
	rec := refer(row(t, 1, ""), company, ref(t, byName(mapping.MultipleNewest), "Acme"))
	if err := r.Resolve(context.Background(), []*mapping.Record{rec}); err != nil {
		t.Fatal(err)
	}
	if got := canonicals(field(rec, company).Values); got != "co1099" {
		t.Errorf("the newest is %q", got)
	}
	var offsets []int
	for _, q := range f.queries {
		offsets = append(offsets, q.offset)
		if !q.sorted {
			t.Error("pages without an order may overlap")
		}
	}
	if !slices.Equal(offsets, []int{0, 500, 1000}) {
		t.Errorf("pages at %v", offsets)
	}
}

func TestAServerThatIgnoresTheOffsetIsLeft(t *testing.T) {
	f := newFake()
	f.noOffset = true
	for n := range 600 {
		f.add(companies, fmt.Sprintf("co%d", n), "name", "Acme")
	}
	rec := refer(row(t, 1, ""), company, ref(t, byName(mapping.MultipleNewest), "Acme"))
	err := New(f, upsert, Options{}).Resolve(context.Background(), []*mapping.Record{rec})
	if !errors.Is(err, errSamePage) || len(f.queries) != 2 {
		t.Errorf("%v after %d queries", err, len(f.queries))
	}
}

// Only the row whose key the unreadable record has can be concerned, and which
// that is shows when the keys are asked for apart.
func TestAnUnreadableKeyCostsItsRowsOnly(t *testing.T) {
	f := newFake()
	for n := range 50 {
		f.add(companies, fmt.Sprintf("co%d", n), "domains", fmt.Sprintf("c%d.com", n))
		f.add(workspaces, fmt.Sprintf("ws%d", n), "workspace_id", fmt.Sprintf("ws%d", n))
	}
	f.garble(companies, "co31")
	f.garble(workspaces, "ws7")
	r := New(f, upsert, Options{})
	recs := window(t, byDomain(mapping.MissingCreate), 0, 50)
	if err := r.Resolve(context.Background(), recs); err != nil {
		t.Fatal(err)
	}
	for n, rec := range recs {
		want := ""
		if n == 31 || n == 7 {
			want = "error unreadable_record"
		}
		if codes(rec) != want {
			t.Errorf("row %d: %q, want %q", n, codes(rec), want)
		}
		if n != 31 && canonicals(field(rec, company).Values) != fmt.Sprintf("co%d", n) {
			t.Errorf("row %d refers to %v", n, field(rec, company))
		}
		for _, p := range rec.Problems {
			if p.Row != n || p.Column == "" || p.Value == "" || !strings.Contains(p.Message, "attio.test/") {
				t.Errorf("row %d: %+v", n, p)
			}
		}
	}
	if n := f.perPlace()["companies.domains"]; n > 14 {
		t.Errorf("%d queries to find one record among 50", n)
	}
	if n := r.index(companies, domains).chunk(); n != maxOr {
		t.Errorf("chunks have shrunk to %d for one bad record", n)
	}
}
