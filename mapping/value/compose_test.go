package value

import (
	"encoding/json"
	"testing"

	"attio-import/mapping/schema"
)

func TestCompose(t *testing.T) {
	const nothing = `"line_1":null,"line_2":null,"line_3":null,"line_4":null,`
	for _, tt := range []struct {
		typ               schema.Type
		parts             []Part
		canonical, result string // as in conversion
	}{
		{schema.PersonalName, []Part{{"first_name", " Ann "}, {"last_name", "van Dyke"}}, "van Dyke, Ann", fullName("Ann", "van Dyke", "Ann van Dyke")},
		{schema.PersonalName, []Part{{"first_name", "Ann Marie"}}, "Ann Marie", fullName("Ann Marie", "", "Ann Marie")},
		{schema.PersonalName, []Part{{"last_name", "Dyke"}}, "Dyke, ", fullName("", "Dyke", "Dyke")},
		{schema.PersonalName, []Part{{"full_name", "Ann van Dyke"}}, "van Dyke, Ann", fullName("Ann", "van Dyke", "Ann van Dyke")},
		{schema.PersonalName, []Part{{"first_name", "Ann"}, {"last_name", "Dyke"}, {"full_name", "Dr. Ann Dyke"}}, "Dyke, Ann", fullName("Ann", "Dyke", "Dr. Ann Dyke")},
		{schema.PersonalName, []Part{{"first_name", "A, B"}}, ", A, B", fullName("A, B", "", "A, B")},
		{schema.PersonalName, []Part{{"full_name", "A, B, C"}}, "", InvalidName},
		{schema.PersonalName, []Part{{"middle_name", "Ann"}}, "", InvalidSetting},
		{schema.PersonalName, []Part{{"first_name", "\xff"}}, "", InvalidText},
		{schema.Location, []Part{{"locality", "Berlin"}, {"country_code", "Germany"}}, "locality: Berlin; country_code: DE",
			`{` + nothing + `"locality":"Berlin","region":null,"postcode":null,"country_code":"DE","latitude":null,"longitude":null}`},
		{schema.Location, []Part{{"line_1", "1 \"A\" St"}}, `line_1: 1 "A" St`,
			`{"line_1":"1 \"A\" St","line_2":null,"line_3":null,"line_4":null,"locality":null,"region":null,"postcode":null,"country_code":null,"latitude":null,"longitude":null}`},
		{schema.Location, []Part{{"latitude", "+052.5200080001"}, {"longitude", "-13.40"}}, "latitude: 52.520008; longitude: -13.4",
			`{` + nothing + `"locality":null,"region":null,"postcode":null,"country_code":null,"latitude":"52.520008","longitude":"-13.4"}`},
		{schema.Location, []Part{{"latitude", "90.0"}, {"longitude", "-180"}}, "latitude: 90; longitude: -180",
			`{` + nothing + `"locality":null,"region":null,"postcode":null,"country_code":null,"latitude":"90","longitude":"-180"}`},
		{schema.Location, []Part{{"latitude", "-.0"}, {"longitude", "0"}}, "latitude: 0; longitude: 0",
			`{` + nothing + `"locality":null,"region":null,"postcode":null,"country_code":null,"latitude":"0","longitude":"0"}`},
		{schema.Location, []Part{{"country_code", "Atlantis"}}, "", InvalidCountry},
		{schema.Location, []Part{{"latitude", "90.1"}, {"longitude", "0"}}, "", InvalidLocation},
		{schema.Location, []Part{{"latitude", "1"}, {"longitude", "180.5"}}, "", InvalidLocation},
		{schema.Location, []Part{{"latitude", "1"}, {"longitude", "9999999999999999999999"}}, "", InvalidLocation},
		{schema.Location, []Part{{"latitude", "52,5"}, {"longitude", "13,4"}}, "", InvalidLocation},
		{schema.Location, []Part{{"latitude", "5e1"}, {"longitude", "1"}}, "", InvalidLocation},
		{schema.Location, []Part{{"latitude", "1"}}, "", InvalidLocation},
		{schema.Text, []Part{{"value", "x"}}, "", InvalidSetting},
	} {
		v, err := Compose(tt.typ, tt.parts)
		row := conversion{string(tt.typ), tt.canonical, tt.result, ""}
		t.Run("", func(t *testing.T) { checkConversion(t, row, v, err) })
	}
}

func TestComposeOfBlanks(t *testing.T) {
	for _, typ := range []schema.Type{schema.PersonalName, schema.Location} {
		v, err := Compose(typ, []Part{{PartNames(typ)[0], " \u00a0"}})
		if err != nil || !v.IsZero() {
			t.Errorf("%s of blanks: %q, %v, want no value", typ, v, err)
		}
	}
}

func TestComposeNamesThePart(t *testing.T) {
	_, err := Compose(schema.Location, []Part{{"country_code", "Atlantis"}})
	if e := typed(t, err); e == nil || e.Message != `country_code: "Atlantis" is no country` {
		t.Errorf("%v", err)
	}
}

func TestPartNames(t *testing.T) {
	PartNames(schema.Location)[0] = "changed"
	if PartNames(schema.Location)[0] != "line_1" {
		t.Error("a caller can change the list")
	}
	if PartNames(schema.Text) != nil {
		t.Error("text has no parts")
	}
}

// The API wants all keys of a location and of a name.
func TestComposeSendsAllKeys(t *testing.T) {
	for _, typ := range []schema.Type{schema.PersonalName, schema.Location} {
		v, _ := Compose(typ, []Part{{PartNames(typ)[0], "x"}})
		var keys map[string]any
		if err := json.Unmarshal([]byte(v.JSON()), &keys); err != nil || len(keys) != len(PartNames(typ)) {
			t.Errorf("%s: %s, %v", typ, v.JSON(), err)
		}
	}
}
