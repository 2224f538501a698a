package schema

import "testing"

func TestFindBySlugOrID(t *testing.T) {
	s := &Schema{Objects: []*Object{
		{Slug: "people", Attributes: []*Attribute{{Slug: "old", ID: "a1", Archived: true}, {Slug: "name", ID: "a2"}, {Slug: "blank"}}},
		{Slug: "trips", ID: "o1"},
	}}
	if o := s.Object("o1"); o == nil || o.Slug != "trips" {
		t.Errorf("by id: %v", o)
	}
	if o := s.Object(""); o != nil {
		t.Errorf("an empty name found %v: objects without an id must not answer to it", o)
	}
	people := s.Object("people")
	for name, want := range map[string]string{"name": "name", "a2": "name", "blank": "blank"} {
		if a := people.Attribute(name); a == nil || a.Slug != want {
			t.Errorf("Attribute(%q) = %v, want %s", name, a, want)
		}
	}
	for _, name := range []string{"old", "a1", "", "Name"} {
		if a := people.Attribute(name); a != nil {
			t.Errorf("Attribute(%q) = %v, want none", name, a)
		}
	}
}

// The matrix of operators of the filtering-and-sorting guide.
func TestFilters(t *testing.T) {
	for _, tt := range []struct {
		typ            Type
		equality, list bool
	}{
		{Text, true, true}, {RecordReference, true, true},
		{Number, true, false}, {Checkbox, true, false}, {Currency, true, false}, {Date, true, false}, {Timestamp, true, false},
		{Rating, true, false}, {Status, true, false}, {Select, true, false}, {EmailAddress, true, false}, {Domain, true, false},
		{PhoneNumber, true, false}, {PersonalName, true, false}, {ActorReference, true, false},
		{Location, false, false}, {Interaction, false, false}, {Unknown, false, false},
	} {
		a := &Attribute{Type: tt.typ}
		if a.Filterable() != tt.equality || a.FiltersByList() != tt.list {
			t.Errorf("%s: Filterable %t, FiltersByList %t", tt.typ, a.Filterable(), a.FiltersByList())
		}
	}
}
