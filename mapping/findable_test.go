package mapping_test

import (
	"strings"
	"testing"

	"attio-import/mapping"
	"attio-import/mapping/schema"
	"attio-import/mapping/value"
)

// bind makes a plan of a mapping whose columns are named like the attributes.
func bind(t testing.TB, s *schema.Schema, text string) *mapping.Plan {
	t.Helper()
	f, err := mapping.Parse("m.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := mapping.Bind(f, []string{"A", "B", "C"}, s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestFindingNewRecordsAgain holds a plan to what it promises of every row that
// may become a record.
func TestFindingNewRecordsAgain(t *testing.T) {
	for name, tt := range map[string]struct {
		mapping                 string
		keyed, unique, findable bool
	}{
		"a unique match":            {`{object: companies, match: domains, values: {domains: A}}`, true, true, true},
		"blank keys are new":        {`{object: companies, match: domains, blank_key: create, values: {domains: A, name: B}}`, false, false, false},
		"a unique value, no match":  {`{object: companies, mode: create, values: {domains: A, name: B}}`, false, false, false},
		"refused where it is blank": {`{object: companies, mode: create, blank_key: reject, values: {domains: A, name: B}}`, true, true, true},
		"a unique value, required":  {`{object: workspaces, mode: create, values: {workspace_id: A}}`, true, true, true},
		"required besides a match":  {`{object: workspaces, match: name, values: {workspace_id: A, name: B}}`, true, true, true},
		"required, blank keys":      {`{object: workspaces, match: name, blank_key: create, values: {workspace_id: A, name: B}}`, false, true, true},
		"a match that is not":       {`{object: companies, match: name, values: {name: A}}`, true, false, true},
		"one of two that is not":    {`{object: companies, match: [domains, name], values: {domains: A, name: B}}`, true, false, true},
		"no key":                    {`{object: companies, mode: create, values: {name: A}}`, false, false, false},
		"no key, a marker":          {`{object: companies, mode: create, marker: description, values: {name: A}}`, false, false, true},
		"a marker that is unique":   {`{object: companies, mode: create, marker: ref, values: {name: A}}`, false, true, true},
		"nothing is made":           {`{object: companies, mode: update, match: name, values: {name: A}}`, true, true, true},
	} {
		s := workspace()
		o := s.Object("companies")
		o.Attributes = append(o.Attributes, &schema.Attribute{Slug: "ref", Type: schema.Text, Unique: true, Writable: true})
		p := bind(t, s, tt.mapping)
		if p.Keyed() != tt.keyed || p.Unique() != tt.unique || p.Findable() != tt.findable {
			t.Errorf("%s: keyed %v, unique %v, findable %v", name, p.Keyed(), p.Unique(), p.Findable())
		}
	}
}

// TestAMarkerIsOfItsRun holds the marks of two runs apart, and the plan of a
// run from the one that it was made of.
func TestAMarkerIsOfItsRun(t *testing.T) {
	p := bind(t, workspace(), `{object: companies, mode: create, marker: description, values: {name: A}}`)
	if got := p.Marker(); got == nil || got.Slug != "description" {
		t.Fatalf("the marker is %+v", got)
	}
	one, two := p.WithRun("one"), p.WithRun("two")
	cells := []string{"Acme"}
	if rec := p.Row(7, 8, cells); rec.Marker != nil {
		t.Errorf("marked without a run: %v", rec.Marker)
	}
	for run, plan := range map[string]*mapping.Plan{"one-7": one, "two-7": two} {
		rec := plan.Row(7, 8, cells)
		if rec.Marker == nil || rec.Marker.Attribute != p.Marker() || rec.Marker.Value.Canonical() != run {
			t.Errorf("the marker is %+v, want %s", rec.Marker, run)
		}
		if plan.RowInto(rec, 8, 9, []string{""}); rec.Marker != nil {
			t.Error("a blank row keeps the mark of the one before")
		}
	}
	if none := bind(t, workspace(), `{object: companies, mode: create, values: {name: A}}`); none.Marker() != nil || none.WithRun("one").Row(1, 2, cells).Marker != nil {
		t.Error("marked without a marker")
	}
}

// TestAMarkerIsNotCompared holds a row to changing nothing in a record that
// another run has marked.
func TestAMarkerIsNotCompared(t *testing.T) {
	p := bind(t, workspace(), `{object: companies, match: domains, marker: description, values: {domains: A, name: B}}`).WithRun("two")
	rec := p.Row(1, 2, []string{"acme.com", "Acme"})
	for _, f := range p.Decide(rec).Fields {
		if f.Attribute == p.Marker() {
			t.Error("the marker is a field")
		}
	}
	rec.Existing = &mapping.Existing{ID: "r", Values: map[string][]value.Value{
		"domains": rec.Fields[0].Values, "name": rec.Fields[1].Values, "description": {value.NewText("one-1")}}}
	if c := p.Decide(rec); c.Kind != mapping.KindUnchanged {
		t.Errorf("%+v", c)
	}
}

// TestTheMarkersAttributeIsRead holds File to naming what Bind needs, and Bind
// to knowing an attribute by either of its names.
func TestTheMarkersAttributeIsRead(t *testing.T) {
	f, err := mapping.Parse("m.yaml", []byte(`{object: companies, mode: create, marker: a1, values: {name: A, partner: {column: B, reference: {object: companies, by: domains}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(f.Attributes("companies"), " "); got != "name partner domains a1" {
		t.Errorf("Attributes(companies) = %s", got)
	}
	if got := f.Attributes("people"); got != nil {
		t.Errorf("Attributes(people) = %v", got)
	}
	s := workspace()
	s.Object("companies").Attribute("name").ID = "a1"
	for text, s := range map[string]*schema.Schema{
		`{object: companies, mode: create, marker: a1, values: {name: A}}`:   s,
		`{object: companies, mode: create, marker: name, values: {a1: A}}`:   s,
		`{object: companies, mode: create, marker: mine, values: {mine: A}}`: offline(),
	} {
		f, err := mapping.Parse("m.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := mapping.Bind(f, []string{"A"}, s); err == nil || !strings.Contains(err.Error(), "is mapped, and") {
			t.Errorf("%s: told: %v", text, err)
		}
	}
}
