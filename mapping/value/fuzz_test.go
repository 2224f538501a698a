package value

import (
	"encoding/json"
	"strings"
	"testing"

	"attio-import/mapping/schema"
)

// fuzzConverter holds a converter to what every converter promises: it never
// panics; it refuses with an error that a person can act on; what it takes is
// valid JSON; the canonical form converts to the same value; and the value
// compares with what the API would give back.
func fuzzConverter(f *testing.F, attr *schema.Attribute, opts Options, seeds ...string) {
	for _, s := range append(seeds, "", " ", "x", "\x00", "\xff", "é\u00a0", `"\`, "-", "1,5", "2026-02-14") {
		f.Add(s)
	}
	c := converter(f, attr, opts)
	again := converter(f, attr, Options{})
	f.Fuzz(func(t *testing.T, s string) {
		v, err := c(Text{Text: s})
		if err != nil {
			typed(t, err)
			return
		}
		checkTaken(t, attr, s, v)
		w, err := again(Text{Text: v.Canonical()})
		if err != nil || w.Canonical() != v.Canonical() || w.JSON() != v.JSON() {
			t.Errorf("%q gives %q %s, which gives %q %s, %v", s, v, v.JSON(), w, w.JSON(), err)
		}
	})
}

func checkTaken(t *testing.T, attr *schema.Attribute, s string, v Value) {
	if v.IsZero() || !json.Valid([]byte(v.JSON())) {
		t.Errorf("%q: not JSON: %s", s, v.JSON())
	}
	if n := v.Note(); n != nil {
		typed(t, n)
	}
	echo, ok := echoed(attr, v)
	if !ok {
		return
	}
	stored, err := Stored(attr, []byte("["+echo+"]"))
	if err != nil || len(stored) != 1 || !stored[0].Equal(v) || stored[0].JSON() != v.JSON() {
		t.Errorf("%q gives %q %s, but read back from %s: %v, %v", s, v, v.JSON(), echo, stored, err)
	}
}

// echoed is a value as the API would give it back; not ok for values that it
// gives back changed.
func echoed(attr *schema.Attribute, v Value) (string, bool) {
	title, _ := json.Marshal(v.Canonical())
	switch attr.Type {
	case schema.PhoneNumber:
		return `{"original_phone_number":"x","country_code":"US","phone_number":"` + v.Canonical() + `"}`, true
	case schema.Select:
		return `{"option":{"title":` + string(title) + `}}`, true
	case schema.Status:
		return `{"status":{"title":` + string(title) + `}}`, true
	case schema.ActorReference:
		return "", false
	case schema.Location:
		return v.JSON(), strings.HasPrefix(v.JSON(), "{")
	}
	return v.JSON(), true
}

func FuzzText(f *testing.F) {
	fuzzConverter(f, attribute(schema.Text), Options{}, "a\nb", "\u2028", "\x7f")
}

func FuzzNumber(f *testing.F) {
	fuzzConverter(f, attribute(schema.Number), Options{}, "1,234.5", "12,34,567", "1e5", "1.5e-3", "9007199254740993", "-0.00001", "1'000", "\u22125", "1\u202f000", "00.10", "9e307", "1e400")
}

func FuzzNumberDecimalComma(f *testing.F) {
	fuzzConverter(f, attribute(schema.Number), Options{Decimal: ','}, "1.234,5", "1,5", "1.5", "1 234")
}

func FuzzCurrency(f *testing.F) {
	fuzzConverter(f, money(""), Options{}, "$1,200.50", "(5)", "5 EUR", "-$5", "$-5", "Fr. 5", "kr.5", "R$ .5", "5 k")
}

func FuzzCurrencyOfUSD(f *testing.F) {
	fuzzConverter(f, money("USD"), Options{}, "$1,200.50", "(5)", "5 EUR", "-$5")
}

func FuzzCheckbox(f *testing.F) { fuzzConverter(f, attribute(schema.Checkbox), Options{}, "#t", "✓") }
func FuzzRating(f *testing.F)   { fuzzConverter(f, attribute(schema.Rating), Options{}, "3.0", "5", "6") }

func FuzzDate(f *testing.F) {
	fuzzConverter(f, attribute(schema.Date), Options{Layouts: []string{"iso", "DD/MM/YYYY", "MMM D, YYYY h:mm A Z", "unix", "YYYYMMDD", "excel"}, Timezone: "Europe/Berlin"},
		"31/12/2026", "Feb 3rd, 2026 1:05 pm +02:00", "1700000000.5", "20260214", "45000.25", "2026-01-02T23:00:00-10:00", "-99999999999")
}

func FuzzTimestamp(f *testing.F) {
	fuzzConverter(f, attribute(schema.Timestamp), Options{Layouts: []string{"iso", "DD/MM/YYYY hh:mm:ss.s", "unix_ms", "unix", "excel"}, Timezone: "America/New_York"},
		"2026-03-08 02:30", "2026-11-01 01:30", "31/12/2026 10:00:01.123456789", "1700000000123", "0001-01-01", "9999-12-31T23:59:59.999999999Z")
}

func FuzzSelect(f *testing.F) {
	fuzzConverter(f, plans(schema.Select, "Starter", "pro", "Pro", `2" tube`, " edge "), Options{}, "STARTER", "pRO", "Edge", `2" TUBE`)
}

func FuzzStatus(f *testing.F) {
	fuzzConverter(f, attribute(schema.Status), Options{}, "Won 🎉", " Lead ")
}

func FuzzEmail(f *testing.F) {
	fuzzConverter(f, attribute(schema.EmailAddress), Options{}, "Ann@Example.com", "mailto:a@b.co", "ann@münchen.de", "a@xn--mnchen-3ya.de", "Ann <a@b.com>", "a@b.com; c@d.com", "a@ß.de", "a@K.com", "a@b。com", "0@\x9f.0A")
}

func FuzzDomain(f *testing.F) {
	fuzzConverter(f, attribute(schema.Domain), Options{}, "https://www.acme.com/x?y#z", "www.www.com", "u:p@a.com", "müller.de", "www.co.uk", "a.b:80", "acme.com.", "xn--a.com", "www.公司.cn", "https://twitter.com/x", "[::1]", "\x97.0A")
}

func FuzzPhone(f *testing.F) {
	fuzzConverter(f, attribute(schema.PhoneNumber), Options{}, "+1 415 555 2671", "0041 44 668 18 00", "+39 06 6982", "+1 415 555 2671 ext. 7", "+7 800 555-35-35", "+52 1 55 1234 5678", "+54 9 11 2345-6789")
}

func FuzzName(f *testing.F) {
	fuzzConverter(f, attribute(schema.PersonalName), Options{}, "Ann van Dyke", "Dyke, Ann", "John Smith, Jr.", "a, b, c", "Ann de", "jr, x", "x, jr, y", ", ,")
}

func FuzzLocation(f *testing.F) {
	fuzzConverter(f, attribute(schema.Location), Options{}, "1 Infinite Loop, Cupertino, CA, 95014, US")
}

func FuzzActor(f *testing.F) {
	fuzzConverter(f, attribute(schema.ActorReference), Options{}, "Ann@Example.com")
}

func FuzzUnknown(f *testing.F) {
	fuzzConverter(f, attribute(schema.Unknown), Options{Currency: "USD"}, "$5", "€5")
}

func FuzzComposeLocation(f *testing.F) {
	f.Add("Berlin", "Germany", "52.5", "13.4")
	f.Add("", "", "-90.000", "+180.")
	f.Fuzz(func(t *testing.T, locality, country, latitude, longitude string) {
		v, err := Compose(schema.Location, []Part{{"locality", locality}, {"country_code", country}, {"latitude", latitude}, {"longitude", longitude}})
		if err != nil {
			typed(t, err)
			return
		}
		if !v.IsZero() {
			checkTaken(t, attribute(schema.Location), locality, v)
		}
	})
}

func FuzzComposeName(f *testing.F) {
	f.Add("Ann", "van Dyke", "")
	f.Add("", "", "Dyke, Ann")
	f.Fuzz(func(t *testing.T, first, last, full string) {
		v, err := Compose(schema.PersonalName, []Part{{"first_name", first}, {"last_name", last}, {"full_name", full}})
		if err != nil {
			typed(t, err)
			return
		}
		if !v.IsZero() {
			checkTaken(t, attribute(schema.PersonalName), full, v)
		}
	})
}

func FuzzLayout(f *testing.F) {
	for _, layout := range []string{"DD/MM/YYYY", "[at] YYYY h:mm A", "MMM D, YYYY", "YYYY-MM-DDThh:mm:ss.sssZ", "[]", "%d"} {
		f.Add(layout, "31/12/2026")
	}
	f.Fuzz(func(t *testing.T, layout, s string) {
		c, err := NewConverter(attribute(schema.Date), Options{Layouts: []string{layout}})
		if err != nil {
			typed(t, err)
			return
		}
		if v, err := c(Text{Text: s}); err != nil {
			typed(t, err)
		} else {
			checkTaken(t, attribute(schema.Date), s, v)
		}
	})
}

func FuzzStored(f *testing.F) {
	for _, raw := range []string{`[{"value":"x"}]`, `[{"value":1e400}]`, `[{"status":{"title":"x"}}]`, `[{"option":"x"}]`, "[null]", "[[[]]]", `[{"value":"2026-02-14"}]`} {
		f.Add(raw)
	}
	types := []schema.Type{schema.Text, schema.Number, schema.Checkbox, schema.Currency, schema.Date, schema.Timestamp, schema.Rating, schema.Status,
		schema.Select, schema.EmailAddress, schema.Domain, schema.PhoneNumber, schema.PersonalName, schema.Location, schema.RecordReference,
		schema.ActorReference, schema.Interaction, schema.Unknown}
	f.Fuzz(func(t *testing.T, raw string) {
		for _, typ := range types {
			values, err := Stored(attribute(typ), []byte(raw))
			for _, v := range values {
				if err == nil && !json.Valid([]byte(v.JSON())) {
					t.Errorf("%s %q: not JSON: %s", typ, raw, v.JSON())
				}
			}
		}
	})
}
