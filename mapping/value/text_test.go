package value

import (
	"strings"
	"testing"

	"attio-import/mapping/schema"
)

func TestText(t *testing.T) {
	checkConversions(t, converter(t, attribute(schema.Text), Options{}), []conversion{
		{"plain", "plain", `{"value":"plain"}`, ""},
		{" kept ", " kept ", `{"value":" kept "}`, ""},
		{"two\r\nlines\t", "two\r\nlines\t", `{"value":"two\r\nlines\t"}`, ""},
		{`a "quote" \ `, `a "quote" \ `, `{"value":"a \"quote\" \\ "}`, ""},
		{"bell\x07", "bell\x07", `{"value":"bell\u0007"}`, ""},
		{"Łódź 🎉 \u2028", "Łódź 🎉 \u2028", "{\"value\":\"Łódź 🎉 \u2028\"}", ""},
		{"\xff\xfe", "", InvalidText, ""},
		{"a\x00b", "", InvalidText, ""},
		{strings.Repeat("x", maxText+1), "", TooLong, ""},
	})
	if v, err := convertText(Text{Text: strings.Repeat("é", maxText/2)}); err != nil || len(v.Canonical()) != maxText {
		t.Errorf("a text of just %d bytes: %v", maxText, err)
	}
}

func TestTrimCell(t *testing.T) {
	for in, want := range map[string]string{
		"": "", " ": "", "a": "a", " a ": "a", "\u00a0a\u200b": "a", "\ufeffa": "a", "é ": "é", "\ta\n": "a", "a b": "a b", "\u202fa": "a",
	} {
		if got := Trim(in); got != want {
			t.Errorf("Trim(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestQuote(t *testing.T) {
	for in, want := range map[string]string{
		"acme": `"acme"`, "31/02/2026": "31/02/2026", "-1,5": "-1,5", "": `""`, "a\nb": `"a\nb"`, "5 %": `"5 %"`,
		strings.Repeat("é", 61): `"` + strings.Repeat("é", 60) + `"…`,
	} {
		if got := quote(in); got != want {
			t.Errorf("quote(%q) = %s, want %s", in, got, want)
		}
	}
}
