package value

import (
	"strings"
	"testing"

	"attio-import/mapping/schema"
)

func TestSamePlace(t *testing.T) {
	apple := []Part{{"line_1", "1 Infinite Loop"}, {"locality", "Cupertino"}, {"region", "CA"}, {"postcode", "95014"}, {"country_code", "US"},
		{"latitude", "37.3"}, {"longitude", "-122"}}
	for _, tt := range []struct {
		text  string
		parts []Part
		want  bool
	}{
		{"1 Infinite Loop, Cupertino, CA, 95014, US", apple, true},
		{"1 infinite loop, CUPERTINO, ca 95014, United States", apple, true},
		{"95014 Cupertino, CA; 1 Infinite Loop (U.S.)", apple, true},
		{"1 Infinite Loop, Cupertino, CA, US", apple, false},                 // the stored postcode is not said
		{"1 Infinite Loop, Cupertino, CA, 95014", apple, false},              // nor the country
		{"1 Infinite Loop, Suite 4, Cupertino, CA, 95014, US", apple, false}, // a suite that is not stored
		{"11 Infinite Loop, Cupertino, CA, 95014, US", apple, false},         // words count whole
		{"Infinite 1 Loop, Cupertino, CA, 95014, US", apple, false},          // and in their order
		{"1 Infinite Loop, Cupertino, CA, 95014, Canada", apple, false},      // another country
		{"1 Infinite Loop, Cupertino, California, 95014, US", apple, false},  // Attio's spelling is not guessed at
		{"12 Main St, Suite 4, Graz", []Part{{"line_1", "12 Main St, Suite 4"}, {"locality", "Graz"}}, true},
		{"Berlin, Berlin, DE", []Part{{"locality", "Berlin"}, {"country_code", "DE"}}, true},
		{"Berlin", []Part{{"latitude", "1"}, {"longitude", "1"}}, false},
		{"São Tomé", []Part{{"locality", "são tomé"}}, true},
		{"--", []Part{{"locality", "--"}}, false},
	} {
		text, err := convertLocation(Text{Text: tt.text})
		if err != nil {
			t.Fatal(err)
		}
		old, err := Compose(schema.Location, tt.parts)
		if err != nil {
			t.Fatal(err)
		}
		if got := SamePlace(text, old); got != tt.want {
			t.Errorf("%s and %s: %v", tt.text, old, got)
		}
	}
}

func TestSamePlaceIsForTextsAndPlaces(t *testing.T) {
	text, _ := convertLocation(Text{Text: "Berlin"})
	berlin, _ := Compose(schema.Location, []Part{{"locality", "Berlin"}})
	long, _ := convertLocation(Text{Text: strings.Repeat("Berlin ", longestAddress)})
	for _, pair := range [][2]Value{{long, berlin}, {berlin, berlin}, {text, text}, {textValue("Berlin"), berlin}, {text, {}}} {
		if SamePlace(pair[0], pair[1]) {
			t.Errorf("%s and %s are taken for a text and a place", pair[0].JSON(), pair[1].JSON())
		}
	}
}
