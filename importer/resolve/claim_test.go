package resolve

import (
	"context"
	"strings"
	"testing"

	"attio-import/mapping"
	"attio-import/mapping/schema"
)

// site makes a row whose key is a domain, one of several that its record may have.
func site(t *testing.T, n int, domain string) *mapping.Record {
	return also(row(t, n, ""), val(t, wsDomains, domain))
}

func TestARecordBelongsToOneRow(t *testing.T) {
	byDomains := []*schema.Attribute{wsDomains}
	for name, tt := range map[string]struct {
		mode    mapping.Mode
		match   []*schema.Attribute
		windows [][]*mapping.Record
		codes   string // of each row
	}{
		"in one window":       {mapping.Upsert, byDomains, [][]*mapping.Record{{site(t, 1, "one.com"), site(t, 2, "uno.com")}}, "|error duplicate_key"},
		"in another window":   {mapping.Update, byDomains, [][]*mapping.Record{{site(t, 1, "uno.com")}, {site(t, 2, "two.com")}, {site(t, 3, "one.com")}}, "||error duplicate_key"},
		"three of them":       {mapping.Upsert, byDomains, [][]*mapping.Record{{site(t, 1, "one.com"), site(t, 2, "uno.com"), site(t, 3, "eins.com")}}, "|error duplicate_key|error duplicate_key"},
		"by a list":           {mapping.Upsert, []*schema.Attribute{workspaceID, wsDomains}, [][]*mapping.Record{{row(t, 1, "ws1"), site(t, 2, "one.com")}}, "|error duplicate_key"},
		"the first is failed": {mapping.Upsert, byDomains, [][]*mapping.Record{{refer(site(t, 1, "one.com"), company, ref(t, byDomain(mapping.MissingReject), "no.com")), site(t, 2, "uno.com")}}, "error reference_not_found|error duplicate_key"},
		"create mode":         {mapping.Create, byDomains, [][]*mapping.Record{{site(t, 1, "one.com"), site(t, 2, "uno.com")}}, "error uniqueness_conflict|error uniqueness_conflict"},
		"new records":         {mapping.Upsert, byDomains, [][]*mapping.Record{{site(t, 1, "new.com"), site(t, 2, "newer.com")}}, "|"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake()
			f.add(workspaces, "r1", "workspace_id", "ws1", "domains", "one.com", "domains", "uno.com", "domains", "eins.com")
			f.add(workspaces, "r2", "workspace_id", "ws2", "domains", "two.com")
			r := New(f, bound{workspaces, tt.mode, tt.match}, Options{})
			var got []string
			for _, w := range tt.windows {
				if err := r.Resolve(context.Background(), w); err != nil {
					t.Fatal(err)
				}
				for _, rec := range w {
					got = append(got, codes(rec))
				}
			}
			if got := strings.Join(got, "|"); got != tt.codes {
				t.Errorf("problems %q, want %q", got, tt.codes)
			}
		})
	}
}

func TestTheOtherRowIsNamed(t *testing.T) {
	f := newFake()
	f.add(workspaces, "r1", "workspace_id", "ws1", "domains", "one.com")
	first, second := row(t, 7, "ws1"), also(row(t, 9, "new"), val(t, wsDomains, "one.com"))
	r := New(f, bound{workspaces, mapping.Upsert, []*schema.Attribute{workspaceID, wsDomains}}, Options{})
	if err := r.Resolve(context.Background(), []*mapping.Record{first, second}); err != nil {
		t.Fatal(err)
	}
	if len(first.Problems) != 0 || len(second.Problems) != 1 {
		t.Fatalf("problems: %v, %v", first.Problems, second.Problems)
	}
	p := second.Problems[0]
	if p.Message != "row 7 is about the same record: https://app.attio.test/r1" || p.Hint == "" {
		t.Errorf("%s (%s)", p.Message, p.Hint)
	}
	if p.Row != 9 || p.Column != "Site" || p.Attribute != "domains" || p.Value != "one.com" {
		t.Errorf("it is located at the key that found the record: %+v", p)
	}
	if p := r.Claim(first, first.Existing); p != nil {
		t.Errorf("a row lost its own record: %v", p)
	}
}

func TestOneKeyARecordNeedsNoClaims(t *testing.T) {
	f := newFake()
	f.add(workspaces, "r1", "workspace_id", "ws1")
	r := New(f, upsert, Options{})
	if err := r.Resolve(context.Background(), []*mapping.Record{row(t, 1, "ws1")}); err != nil {
		t.Fatal(err)
	}
	if r.claims.rows != nil {
		t.Error("memory is spent on what cannot happen")
	}
}
