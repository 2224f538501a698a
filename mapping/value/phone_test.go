package value

import (
	"math/rand/v2"
	"testing"

	"github.com/nyaruka/phonenumbers"

	"attio-import/mapping/schema"
)

func TestPhone(t *testing.T) {
	c := converter(t, attribute(schema.PhoneNumber), Options{})
	for _, tt := range []struct {
		country string
		conversion
	}{
		{"", conversion{"+1 415 555 2671", "+14155552671", `{"original_phone_number":"+14155552671"}`, ""}},
		{"", conversion{" +49 (0)30 901820 ", "+4930901820", `{"original_phone_number":"+4930901820"}`, ""}},
		{"", conversion{"+39 06 6982", "+39066982", `{"original_phone_number":"+39066982"}`, ""}},
		{"", conversion{"tel:+44-20-7946-0958", "+442079460958", `{"original_phone_number":"+442079460958"}`, ""}},
		{"", conversion{"0041 44 668 18 00", "+41446681800", `{"original_phone_number":"+41446681800"}`, ""}},
		{"", conversion{"001-415-555-2671", "+14155552671", `{"original_phone_number":"+14155552671"}`, ""}},
		{"US", conversion{"(415) 555-2671", "+14155552671", `{"original_phone_number":"+14155552671"}`, ""}},
		{"US", conversion{"415.555.2671", "+14155552671", `{"original_phone_number":"+14155552671"}`, ""}},
		{"US", conversion{"1-415-555-2671", "+14155552671", `{"original_phone_number":"+14155552671"}`, ""}},
		{"US", conversion{"1-800-FLOWERS", "+18003569377", `{"original_phone_number":"+18003569377"}`, ""}},
		{"Germany", conversion{"030 901820", "+4930901820", `{"original_phone_number":"+4930901820"}`, ""}},
		{"DEU", conversion{"030 901820", "+4930901820", `{"original_phone_number":"+4930901820"}`, ""}},
		{"UK", conversion{"020 7946 0958", "+442079460958", `{"original_phone_number":"+442079460958"}`, ""}},
		{"US", conversion{"+49 30 901820", "+4930901820", `{"original_phone_number":"+4930901820"}`, ""}}, // the + wins
		{"US", conversion{"0049 30 901820", "+4930901820", `{"original_phone_number":"+4930901820"}`, ""}},
		{"US", conversion{"415-555-2671x719", "+14155552671", `{"original_phone_number":"+14155552671"}`, ExtensionDropped}},
		{"", conversion{"+1 415 555 2671 ext. 7", "+14155552671", `{"original_phone_number":"+14155552671"}`, ExtensionDropped}},
		{"", conversion{"415 555 2671", "", InvalidPhone, ""}},
		{"Atlantis", conversion{"415 555 2671", "", InvalidCountry, ""}},
		{"US", conversion{"229.077.5154", "", InvalidPhone, ""}}, // no exchange begins with 0
		{"US", conversion{"030 901820", "", InvalidPhone, ""}},
		{"", conversion{"+11234567890", "", InvalidPhone, ""}},
		{"", conversion{"+999 123456789", "", InvalidPhone, ""}},
		{"", conversion{"+1", "", InvalidPhone, ""}},
		{"", conversion{"", "", InvalidPhone, ""}},
		{"US", conversion{"n/a", "", InvalidPhone, ""}},
		{"US", conversion{"call 415-555-2671", "", InvalidPhone, ""}},
		{"US", conversion{"415-555-2671 / 415-555-2672", "", InvalidPhone, ""}},
		{"", conversion{"+14155552671, +14155552672", "", InvalidPhone, ""}},
		{"", conversion{"+14155552671 or +14155552672", "", InvalidPhone, ""}},
		{"US", conversion{"415-555-2671 or 415-555-2672", "", InvalidPhone, ""}},
		{"US", conversion{"4.155552671E+09", "", InvalidPhone, ""}}, // what Excel makes of a long number
		{"", conversion{"ann@example.com 4155552671", "", InvalidPhone, ""}},
	} {
		v, err := c(Text{Text: tt.in, Country: tt.country})
		checkConversion(t, tt.conversion, v, err)
	}
}

func TestPhoneMessages(t *testing.T) {
	c := converter(t, attribute(schema.PhoneNumber), Options{})
	checkMessages(t, c, []message{
		{"229.077.5154", "229.077.5154 does not say its country", "country: US"},
		{"+11234567890", "its country has no such numbers", "check the digits"},
		{"+999 123456789", "no country has its calling code", "after the +"},
		{"+14155552671; +14155552672", "more than one phone number", "say split:"},
		{"none", `"none" is not a phone number`, "with a + and the country's calling code"},
	})
	in := func(country string) Converter {
		return func(t Text) (Value, error) { return c(Text{Text: t.Text, Country: country}) }
	}
	checkMessages(t, in("US"), []message{{"030 901820", `is not a phone number of United States`, "its + and calling code"}})
	checkMessages(t, in("Untied States"), []message{{"030 901820", `"Untied States" is no country`, "did you mean United States?"}})
	v, _ := c(Text{Text: "415-555-2671x719", Country: "US"})
	if n := v.Note(); n == nil || n.Message != `"415-555-2671x719" has the extension 719, which Attio cannot hold; taken as +14155552671` {
		t.Errorf("note of an extension: %v", n)
	}
}

// The short road takes a number only as the parser would have taken it. The
// numbers are examples of every region and kind, and their neighbours.
func TestPlainPhoneAgreesWithTheParser(t *testing.T) {
	random, taken := rand.New(rand.NewPCG(1, 2)), 0
	for region := range phonenumbers.GetSupportedRegions() {
		for kind := phonenumbers.FIXED_LINE; kind <= phonenumbers.UAN; kind++ {
			example := phonenumbers.GetExampleNumberForType(region, kind)
			if example == nil {
				continue
			}
			for range 2 {
				text := []byte(phonenumbers.Format(example, phonenumbers.E164))
				text[2+random.IntN(len(text)-2)] = byte('0' + random.IntN(10))
				quick := plainPhone(string(text))
				if quick == nil {
					continue
				}
				taken++
				slow, err := phonenumbers.Parse(string(text), "")
				if got := phonenumbers.Format(quick, phonenumbers.E164); err != nil || !phonenumbers.IsValidNumber(slow) || got != phonenumbers.Format(slow, phonenumbers.E164) {
					t.Errorf("%s: %s, but the parser says %v, %v", text, got, slow, err)
				}
			}
		}
	}
	if taken < 500 {
		t.Errorf("only %d numbers took the short road", taken)
	}
}
