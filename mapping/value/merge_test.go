package value

import (
	"encoding/json"
	"testing"

	"attio-import/mapping/schema"
)

// partSet is the set of several parts.
func partSet(t schema.Type, names ...string) PartSet {
	var set PartSet
	for _, name := range names {
		set |= PartSetOf(t, name)
	}
	return set
}

// stored reads one value as the API answers it.
func stored(t *testing.T, typ schema.Type, json string) Value {
	t.Helper()
	values, err := Stored(attribute(typ), []byte("["+json+"]"))
	if err != nil || len(values) != 1 {
		t.Fatal(values, err)
	}
	return values[0]
}

func TestMergeName(t *testing.T) {
	old := `{"first_name":"Ann","last_name":"Dyke","full_name":"Dr. Ann Dyke"}`
	for _, tt := range []struct {
		name    string
		parts   []Part
		cleared []string
		want    string
	}{
		{"the last name stays", []Part{{"first_name", "Bo"}}, nil, fullName("Bo", "Dyke", "Bo Dyke")},
		{"the first name stays", []Part{{"last_name", "Lee"}}, nil, fullName("Ann", "Lee", "Ann Lee")},
		{"nothing changes", []Part{{"first_name", "Ann"}}, nil, fullName("Ann", "Dyke", "Dr. Ann Dyke")},
		{"a cleared part goes", []Part{{"first_name", "Ann"}}, []string{"last_name"}, fullName("Ann", "", "Ann")},
		{"a full name that is given stays", []Part{{"first_name", "Bo"}, {"full_name", "Sir Bo"}}, nil, fullName("Bo", "Dyke", "Sir Bo")},
		{"a full name alone is a whole", []Part{{"full_name", "Bo"}}, nil, fullName("Bo", "", "Bo")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			checkMerge(t, schema.PersonalName, old, tt.parts, Said{Cleared: partSet(schema.PersonalName, tt.cleared...)}, tt.want)
		})
	}
}

// checkMerge composes parts, all of them given, and merges them with what is
// stored.
func checkMerge(t *testing.T, typ schema.Type, old string, parts []Part, said Said, want string) {
	t.Helper()
	v, err := Compose(typ, parts)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		if set := PartSetOf(typ, p.Name); said.Default&set == 0 {
			said.Given |= set
		}
	}
	got := Merge(typ, v, stored(t, typ, old), said)
	if typ == schema.Location {
		if got.Canonical() != want {
			t.Errorf("got  %s\nwant %s", got.Canonical(), want)
		}
	} else if got.JSON() != want {
		t.Errorf("got  %s\nwant %s", got.JSON(), want)
	}
}

func TestMergeLocation(t *testing.T) {
	const (
		berlin = `{"line_1":"Hauptstr. 1","line_2":null,"line_3":null,"line_4":null,"locality":"Berlin","region":null,"postcode":"10115",` +
			`"country_code":"DE","latitude":"52.5","longitude":"13.4"}`
		germany = `{"line_1":null,"line_2":null,"line_3":null,"line_4":null,"locality":null,"region":null,"postcode":null,` +
			`"country_code":"DE","latitude":null,"longitude":null}`
	)
	set := func(names ...string) PartSet { return partSet(schema.Location, names...) }
	for _, tt := range []struct {
		name, old string
		parts     []Part
		said      Said
		want      string
	}{
		{"parts that are not given stay", germany, []Part{{"locality", "Berlin"}}, Said{}, "locality: Berlin; country_code: DE"},
		{"the same, and nothing changes", berlin, []Part{{"locality", "Berlin"}}, Said{},
			"line_1: Hauptstr. 1; locality: Berlin; postcode: 10115; country_code: DE; latitude: 52.5; longitude: 13.4"},
		{"coordinates of another place go", berlin, []Part{{"locality", "Wien"}, {"country_code", "AT"}}, Said{},
			"line_1: Hauptstr. 1; locality: Wien; postcode: 10115; country_code: AT"},
		{"coordinates that are given are taken", berlin, []Part{{"locality", "Wien"}, {"latitude", "48"}, {"longitude", "16"}}, Said{},
			"line_1: Hauptstr. 1; locality: Wien; postcode: 10115; country_code: DE; latitude: 48; longitude: 16"},
		{"a part that is added moves nothing", berlin, []Part{{"region", "Berlin"}}, Said{},
			"line_1: Hauptstr. 1; locality: Berlin; region: Berlin; postcode: 10115; country_code: DE; latitude: 52.5; longitude: 13.4"},
		{"nor does case", berlin, []Part{{"locality", "BERLIN"}}, Said{},
			"line_1: Hauptstr. 1; locality: BERLIN; postcode: 10115; country_code: DE; latitude: 52.5; longitude: 13.4"},
		{"a cleared part goes, the coordinates of it too", berlin, []Part{{"locality", "Berlin"}}, Said{Cleared: set("line_1")},
			"locality: Berlin; postcode: 10115; country_code: DE"},
		{"coordinates are cleared together", berlin, []Part{{"locality", "Berlin"}}, Said{Cleared: set("latitude")},
			"line_1: Hauptstr. 1; locality: Berlin; postcode: 10115; country_code: DE"},
		{"a default yields", berlin, []Part{{"locality", "Berlin"}, {"country_code", "AT"}, {"region", "BE"}}, Said{Default: set("country_code", "region")},
			"line_1: Hauptstr. 1; locality: Berlin; region: BE; postcode: 10115; country_code: DE; latitude: 52.5; longitude: 13.4"},
		{"coordinates by default fill a gap", germany, []Part{{"locality", "X"}, {"latitude", "1"}, {"longitude", "2"}}, Said{Default: set("latitude", "longitude")},
			"locality: X; country_code: DE; latitude: 1; longitude: 2"},
	} {
		t.Run(tt.name, func(t *testing.T) { checkMerge(t, schema.Location, tt.old, tt.parts, tt.said, tt.want) })
	}
}

func TestMergeWithWhatHasNoParts(t *testing.T) {
	v, _ := Compose(schema.PersonalName, []Part{{"first_name", "Ann"}})
	for _, old := range []Value{{}, textValue("x"), {canonical: "x", json: `"x"`}, {json: "null"}} {
		if got := Merge(schema.PersonalName, v, old, Said{}); got != v {
			t.Errorf("%q: %v", old.JSON(), got.JSON())
		}
	}
	if got := Merge(schema.Text, v, v, Said{}); got != v {
		t.Error(got)
	}
}

func TestPartSetOf(t *testing.T) {
	if PartSetOf(schema.Location, "street") != 0 || PartSetOf(schema.Text, "line_1") != 0 {
		t.Error("a part that is none is in a set")
	}
}

// Whatever a row and a record say: what is merged is JSON with all keys, keeps
// the parts that are not given, has both coordinates or none, and merging the
// same again changes nothing. A text never panics the comparison.
func FuzzMerge(f *testing.F) {
	f.Add("Berlin", "DE", "52.5", "Wien", "AT", uint16(0))
	f.Add("", "US", "", "Cupertino, CA", "", uint16(1<<4))
	f.Fuzz(func(t *testing.T, city, country, degrees, oldCity, oldCountry string, cleared uint16) {
		v, err := Compose(schema.Location, []Part{{"locality", city}, {"country_code", country}, {"latitude", degrees}, {"longitude", degrees}})
		if err != nil || v.IsZero() {
			return
		}
		old, err := Compose(schema.Location, []Part{{"line_1", "1 A St"}, {"locality", oldCity}, {"country_code", oldCountry}, {"latitude", "1"}, {"longitude", "2"}})
		if err != nil {
			return
		}
		given, _ := readParts(schema.Location, v)
		said := Said{Cleared: PartSet(cleared)}
		for name, part := range given {
			if part != "" {
				said.Given |= PartSetOf(schema.Location, name)
			}
		}
		got := Merge(schema.Location, v, old, said)
		parts, ok := readParts(schema.Location, got)
		switch {
		case !ok || !json.Valid([]byte(got.JSON())):
			t.Fatalf("not a location: %s", got.JSON())
		case (parts["latitude"] == "") != (parts["longitude"] == ""):
			t.Errorf("half a pair of coordinates: %s", got)
		case cleared == 0 && parts["line_1"] != "1 A St":
			t.Errorf("lost what was not given: %s", got)
		case !Merge(schema.Location, v, got, said).Equal(got):
			t.Errorf("%s changes when merged again", got)
		}
		if text, err := convertLocation(Text{Text: oldCity + ", " + country}); err == nil {
			SamePlace(text, old)
		}
	})
}
