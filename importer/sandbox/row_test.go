package sandbox

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestRowEdits makes random edits and compares the row with a plain map.
func TestRowEdits(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	row := ""
	model := map[int][]string{}
	for step := range 3000 {
		var edits []edit
		for attr := range 12 {
			if random.IntN(4) > 0 {
				continue
			}
			e := edit{attr: attr, prepend: random.IntN(3) == 0}
			var list []string
			for range random.IntN(3) {
				v := value{from: int64(step), s: [3]string{string(rune('a' + random.IntN(26)))}}
				e.packed = appendPacked(e.packed, kindText, &v)
				list = append(list, v.s[0])
			}
			edits = append(edits, e)
			if e.prepend {
				list = append(list, model[attr]...)
				if len(list) > 20 { // keep it small
					list = nil
					edits[len(edits)-1] = edit{attr: attr}
				}
			}
			model[attr] = list
		}
		row = string(edited(nil, row, edits))
		for attr := range 12 {
			var have []string
			for _, v := range unpack(nil, kindText, section(row, attr)) {
				have = append(have, v.s[0])
			}
			if !slices.Equal(have, model[attr]) {
				t.Fatalf("step %d, attribute %d: %v, want %v", step, attr, have, model[attr])
			}
		}
	}
}

// TestPackedValues packs one value of every kind and reads it again.
func TestPackedValues(t *testing.T) {
	id := newID()
	for k := range kinds {
		v := value{from: 1790000000000, actor: 300}
		switch k {
		case kindText, kindDate, kindTimestamp, kindLocation:
			v.s[0] = "x\x00ü"
		case kindNumber, kindCurrency, kindRating:
			v.num = -1.5
		case kindCheckbox, kindSelect, kindStatus, kindActor:
			v.num = 200
		case kindReference:
			v.table, v.s[0] = 130, string(id[:])
		case kindDomain:
			v.s = [3]string{"a.b.c", "b.c"}
		case kindEmail, kindPhone, kindName:
			v.s = [3]string{"one", "", "three"}
		}
		packed := appendPacked(appendPacked(nil, k, &v), k, &v)
		if got := unpack(nil, k, string(packed)); len(got) != 2 || got[0] != v || got[1] != v {
			t.Errorf("%s: %+v, want %+v twice", k, got, v)
		}
		if k == kindInteraction {
			continue // never has values
		}
		for n := range len(packed) { // damage yields something, never a panic
			unpack(nil, k, string(packed[:n]))
		}
	}
}

func TestParseISO(t *testing.T) {
	for s, want := range map[string]string{
		"2023":                               "2023-01-01T00:00:00.000000000Z",
		"2023-02":                            "2023-02-01T00:00:00.000000000Z",
		"2024-02-29":                         "2024-02-29T00:00:00.000000000Z",
		"2023-01-02T13:00":                   "2023-01-02T13:00:00.000000000Z",
		"2023-01-02 13:00:01":                "2023-01-02T13:00:01.000000000Z",
		"2023-01-02T13:00:00.123456789Z":     "2023-01-02T13:00:00.123456789Z",
		"2023-01-02T00:30:00+02:00":          "2023-01-01T22:30:00.000000000Z",
		"2023-01-02T13:00-0330":              "2023-01-02T16:30:00.000000000Z",
		"9999-12-31T23:59:59.999999999Z":     "9999-12-31T23:59:59.999999999Z",
		"9999-12-31T23:59:59-01:00":          "",
		"2023-02-29":                         "",
		"2023-1-2":                           "",
		"2023-01T10:00":                      "",
		"2023-01-02T":                        "",
		"2023-01-02T25:00":                   "",
		"2023-01-02T13:00+99:00":             "",
		"":                                   "",
		"02/01/2023":                         "",
		"20230102":                           "",
		"2023-01-02T13:00:00.000000000Zjunk": "",
	} {
		got, ok := parseTimestamp(s)
		if ok != (want != "") || ok && got != want {
			t.Errorf("%q: %q %v, want %q", s, got, ok, want)
		}
	}
}
