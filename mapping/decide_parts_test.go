package mapping_test

import (
	"strings"
	"testing"

	"attio-import/mapping"
	"attio-import/mapping/value"
)

// existingPerson is a record as the API answers it: values of attributes as
// JSON, each the only one of its attribute.
func existingPerson(t testing.TB, attrs map[string]string) *mapping.Existing {
	t.Helper()
	e := &mapping.Existing{ID: "r", Values: map[string][]value.Value{}}
	for slug, json := range attrs {
		vs, err := value.Stored(peopleObject().Attribute(slug), []byte("["+json+"]"))
		if err != nil {
			t.Fatal(err)
		}
		e.Values[slug] = vs
	}
	return e
}

// decided maps one row of a person and decides it against what is stored.
func decided(t testing.TB, values, rows string, existing *mapping.Existing) string {
	t.Helper()
	file := sections{texts: map[string]string{
		"mapping.yaml": "object: people\nmode: update\nmatch: record_id\nvalues:\n  record_id: ID\n" + values,
		"rows":         rows,
	}}
	p, cells := planOf(t, file)
	rec := p.Row(1, 2, cells[0])
	if rec.Failed() {
		t.Fatal(rec.Problems)
	}
	rec.Existing = existing
	c := p.Decide(rec)
	return changeText(c) + "\n" + string(mapping.AppendValues(nil, c.Fields))
}

const annDyke = `{"first_name":"Ann","last_name":"Dyke","full_name":"Ann Dyke"}`

const hauptstrasse = `{"line_1":"Hauptstr. 1","line_2":null,"line_3":null,"line_4":null,"locality":"Berlin","region":null,` +
	`"postcode":"10115","country_code":"DE","latitude":"52.5","longitude":"13.4"}`

func TestDecideKeepsPartsThatTheRowDoesNotGive(t *testing.T) {
	const id = "ID,A,B\n2b1a9c1e-0000-4000-8000-000000000001,"
	tests := []struct{ name, values, cells, want string }{
		{"a name's part that is not mapped", "  name: {first_name: A}", "Bo,",
			`update name=[Dyke, Bo] | name set "Dyke, Ann" -> "Dyke, Bo"` + "\n" + `{"name":[{"first_name":"Bo","last_name":"Dyke","full_name":"Bo Dyke"}]}`},
		{"a name's part whose cell is blank", "  name: {first_name: A, last_name: B}", "Bo,",
			`update name=[Dyke, Bo] | name set "Dyke, Ann" -> "Dyke, Bo"` + "\n" + `{"name":[{"first_name":"Bo","last_name":"Dyke","full_name":"Bo Dyke"}]}`},
		{"what stands there needs no write", "  name: {first_name: A, last_name: B}", ",Dyke", "unchanged\n{}"},
		{"a blank part is cleared where the mapping says so", "  name: {first_name: A, last_name: B, blank: clear}", "Ann,",
			`update name=[Ann] | name set "Dyke, Ann" -> "Ann"` + "\n" + `{"name":[{"first_name":"Ann","last_name":"","full_name":"Ann"}]}`},
		{"one that is not mapped is not, even so", "  name: {first_name: A, blank: clear}", "Ann,", "unchanged\n{}"},
		{"a part that its map makes blank is cleared", `  name: {first_name: A, last_name: {column: B, map: {"-": null}}, blank: clear}`, "Ann,-",
			`update name=[Ann] | name set "Dyke, Ann" -> "Ann"` + "\n" + `{"name":[{"first_name":"Ann","last_name":"","full_name":"Ann"}]}`},
		{"one that its map leaves out is not", `  name: {first_name: A, last_name: {column: B, map: {"*": skip, Lee: Lee}}, blank: clear}`, "Ann,-", "unchanged\n{}"},
		{"a whole name replaces", "  name: A", "Bo,",
			`update name=[Bo] | name set "Dyke, Ann" -> "Bo"` + "\n" + `{"name":[{"first_name":"Bo","last_name":"","full_name":"Bo"}]}`},
		{"a city that is the same", "  primary_location: {locality: A}", "Berlin,", "unchanged\n{}"},
		{"another city, and the coordinates go", "  primary_location: {locality: A, country_code: B}", "Wien,Austria",
			`update primary_location=[line_1: Hauptstr. 1; locality: Wien; postcode: 10115; country_code: AT] | primary_location set ` +
				`"line_1: Hauptstr. 1; locality: Berlin; postcode: 10115; country_code: DE; latitude: 52.5; longitude: 13.4" -> ` +
				`"line_1: Hauptstr. 1; locality: Wien; postcode: 10115; country_code: AT"` + "\n" +
				`{"primary_location":[{"line_1":"Hauptstr. 1","line_2":null,"line_3":null,"line_4":null,"locality":"Wien","region":null,` +
				`"postcode":"10115","country_code":"AT","latitude":null,"longitude":null}]}`},
		{"a default of a part yields", "  primary_location: {locality: A, country_code: {column: B, default: AT}}", "Berlin,", "unchanged\n{}"},
		{"a default of a part is not cleared", "  primary_location: {locality: A, country_code: {column: B, default: AT}, blank: clear}", "Berlin,", "unchanged\n{}"},
		{"a wrong part that is left out stays", "  primary_location: {locality: A, country_code: {column: B, invalid: skip}}", "Berlin,Narnia", "unchanged\n{}"},
		{"a text that says the stored parts", "  primary_location: A", `"Hauptstr. 1, 10115 Berlin, Germany",`, "unchanged\n{}"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			existing := existingPerson(t, map[string]string{"name": annDyke, "primary_location": hauptstrasse})
			if got := decided(t, tt.values, id+tt.cells, existing); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestDecideSendsATextThatSaysAnotherPlace(t *testing.T) {
	existing := existingPerson(t, map[string]string{"primary_location": hauptstrasse})
	got := decided(t, "  primary_location: A", "ID,A\n2b1a9c1e-0000-4000-8000-000000000001,\"Nebenstr. 2, 10115 Berlin, DE\"", existing)
	if !strings.HasSuffix(got, "\n"+`{"primary_location":["Nebenstr. 2, 10115 Berlin, DE"]}`) {
		t.Error(got)
	}
}

// The record that a plan compares with is shared: deciding must not change it,
// nor the row's own values.
func TestDecideLeavesItsArgumentsAlone(t *testing.T) {
	p, cells := planOf(t, sections{texts: map[string]string{
		"mapping.yaml": "object: people\nmode: update\nmatch: record_id\nvalues:\n  record_id: ID\n  name: {first_name: A}\n",
		"rows":         "ID,A\n2b1a9c1e-0000-4000-8000-000000000001,Bo",
	}})
	rec := p.Row(1, 2, cells[0])
	rec.Existing = existingPerson(t, map[string]string{"name": annDyke})
	before := rec.Fields[0].Values[0]
	for range 2 {
		if got := p.Decide(rec).Fields[0].Values[0].Canonical(); got != "Dyke, Bo" {
			t.Fatal(got)
		}
	}
	if rec.Fields[0].Values[0] != before || rec.Existing.Values["name"][0].Canonical() != "Dyke, Ann" {
		t.Error("deciding changed the record")
	}
}
