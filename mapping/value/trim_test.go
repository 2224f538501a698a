package value

import "testing"

func TestTrim(t *testing.T) {
	for in, want := range map[string]string{
		"":                        "",
		"a":                       "a",
		" a b\t\r\n":              "a b",
		"\u00a0a\u00a0":           "a",
		"\u200b \ufeffa\u2060 ":   "a",
		" \u200b\u00a0\u200b ":    "",
		"\u200e\u200f":            "",
		"a\u200bb":                "a\u200bb",
		"\u3000名前\u3000":          "名前",
		"\ufeffWorkspace\u00a0ID": "Workspace\u00a0ID",
	} {
		if got := Trim(in); got != want {
			t.Errorf("Trim(%q) = %q, want %q", in, got, want)
		}
	}
}
