package report

import (
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", ""},
		{"Zoë 🎉 👩‍💻 نص", "Zoë 🎉 👩‍💻 نص"}, // joiners and right-to-left letters are no controls
		{"\x1b[31mred\x1b[0m", `\x1b[31mred\x1b[0m`},
		{"\x1b]8;;http://evil\x07click\x1b]8;;\x07", `\x1b]8;;http://evil\x07click\x1b]8;;\x07`},
		{"\u009b31m", `\x9b31m`},
		{"a\tb\r\nc", `a\tb\r\nc`},
		{"\x00\x7f", `\x00\x7f`},
		{"txt.\u202egpj", `txt.\u202egpj`},
		{"\u2066x\u2069\u061c\u200f", `\u2066x\u2069\u061c\u200f`},
		{"\u2028\u2029", `\u2028\u2029`},
		{"\ufeffName", `\ufeffName`},
		{"M\xfcller", `M\xfcller`},
		{"is \ufffd", "is \ufffd"},
		{`C:\x1b`, `C:\x1b`},
	}
	for _, test := range tests {
		if got := Clean(test.text); got != test.want {
			t.Errorf("Clean(%q) = %q, want %q", test.text, got, test.want)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add("\x1b\u009b\u202e\xff\ufffd")
	f.Fuzz(func(t *testing.T, text string) {
		got := Clean(text)
		if !utf8.ValidString(got) {
			t.Fatalf("Clean(%q) = %q is not UTF-8", text, got)
		}
		for _, r := range got {
			if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) {
				t.Fatalf("Clean(%q) = %q leaves %U", text, got, r)
			}
		}
		if Clean(got) != got {
			t.Fatalf("Clean(%q) = %q is not clean", text, got)
		}
	})
}

func TestClip(t *testing.T) {
	tests := []struct {
		text  string
		limit int
		want  string
	}{
		{"short", 5, "short"},
		{"longer", 5, "long…"},
		{"äöüäöü", 3, "äö…"},
		{"äöü", 3, "äöü"},
		{"", 1, ""},
		{"ab", 1, "…"},
	}
	for _, test := range tests {
		if got := clip(test.text, test.limit); got != test.want {
			t.Errorf("clip(%q, %d) = %q, want %q", test.text, test.limit, got, test.want)
		}
	}
}
