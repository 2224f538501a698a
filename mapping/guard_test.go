package mapping

import (
	"strings"
	"testing"
)

func TestGuard(t *testing.T) {
	deep := func(n int) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.Repeat(" ", i) + "a:\n")
		}
		return b.String()
	}
	tests := []struct {
		name, text string
		code       string // "" if it passes
		at         position
	}{
		{"a mapping", "a: b\nc: {d: [e, f]}\n", "", position{}},
		{"other letters", "ü: 名前\n", "", position{}},
		{"a replacement character that is one", "a: \ufffd\n", "", position{}},
		{"deep but allowed", deep(maxNesting), "", position{}},
		{"blocks too deep", deep(maxNesting + 1), codeTooLarge, position{maxNesting + 1, 1}},
		{"brackets too deep", "a: " + strings.Repeat("[", maxNesting) + strings.Repeat("]", maxNesting), codeTooLarge, position{1, 1}},
		{"brackets over lines", "a:\n" + strings.Repeat("[\n", maxNesting), codeTooLarge, position{maxNesting + 1, 1}},
		{"dashes too deep", strings.Repeat("- ", maxNesting) + "a", codeTooLarge, position{1, 1}},
		{"brackets side by side", "a: [" + strings.Repeat("[b],\n", 200) + "]", "", position{}},
		{"comments do not nest", strings.Repeat("# [{[\n", 200), "", position{}},
		{"indents that go back", strings.Repeat("a:\n b:\n  c: d\n", 200), "", position{}},
		{"too large", strings.Repeat("a", maxFileSize+1), codeTooLarge, position{1, 1}},
		{"not UTF-8", "a: b\nc: d\xff\n", codeSyntax, position{2, 5}},
		{"UTF-16", "a\x00:\x00", codeSyntax, position{1, 2}},
		{"an escape", "a: b\n\u00e4: \x1b[2J", codeSyntax, position{2, 4}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := normalize([]byte(tt.text))
			f := guard(text, strings.Split(text, "\n"))
			switch {
			case f == nil && tt.code != "":
				t.Errorf("it passes, want %s", tt.code)
			case f != nil && (f.code != tt.code || f.at != tt.at):
				t.Errorf("got %s at %v, want %q at %v: %s", f.code, f.at, tt.code, tt.at, f.message)
			}
		})
	}
}

func TestNormalize(t *testing.T) {
	for in, want := range map[string]string{
		"\ufeffa: b\r\nc: d\r\n": "a: b\nc: d\n",
		"a\rb\r\r\nc":            "a\nb\n\nc",
		"":                       "",
	} {
		if got := normalize([]byte(in)); got != want {
			t.Errorf("normalize(%q) = %q, want %q", in, got, want)
		}
	}
}
