package source

import (
	"strings"
	"testing"
)

func TestDetectDelimiter(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       rune
	}{
		{"comma", "a,b\n1,2\n", ','},
		{"semicolon", "a;b\n1;2\n", ';'},
		{"tab", "a\tb\n1\t2\n", '\t'},
		{"pipe", "a|b\n1|2\n", '|'},
		{"one column", "a\n1\n2\n", ','},
		{"one column, commas below", "a\n1,5\n2,5\n", ','},
		{"header only", "a;b;c", ';'},
		{"header only, two candidates", "a;b,c;d", ';'},
		{"decimal commas", "a;b\n1,5;2,5\n3,5;4,5\n", ';'},
		{"decimal commas, and one in the header", "a;b, EUR;c\n1;2,5;3\n4;5,5;6\n", ';'},
		{"punctuation in the header, two columns", "Date;Price, EUR\n1;2,5\n3;4,5\n", ';'},
		{"a space after every delimiter", "a, b, c\n1, 2, 3\n", ','},
		{"lists in cells", "a,b\n1;2,3\n4;5,6;7\n", ','},
		{"lists in cells, also in the header", "a,b;c,d\n1,2;3,4\n1,2;3;4,5\n1,2,3\n", ','},
		{"delimiters in quotes", "a;b\n\"1,2,3\";4\n\"5,6,7\";8\n", ';'},
		{"the header in quotes", "\"a,x\";\"b,y\"\n1;2\n", ';'},
		{"doubled quotes", "a;b\n\"1 \"\",\"\" 2\";3\n", ';'},
		{"line breaks in quotes", "a;b\n\"1\n2,3\n4,5\";6\n7;8\n", ';'},
		{"ragged rows", "a;b;c\n1;2\n3;4;5\n6;7;8\n", ';'},
		{"a broken quote", "a;b\n1;5\" x\n2;3\n4;5\n", ';'},
		{"empty lines", "\n\na;b\n\n1;2\n", ';'},
		{"named", "sep=|\na,b|c,d\n", '|'},
		{"named after a BOM", "\ufeffsep=\t\r\na,b\n", '\t'},
		{"not a name", "sep=x,y\n1,2\n", ','},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := detectDelimiter([]byte(c.text), true); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// The last record of a head that is cut off says nothing.
func TestDetectDelimiterInCutHead(t *testing.T) {
	text := "a;b,c;d\n1,2;3;4\n5,6"
	if got := detectDelimiter([]byte(text), false); got != ';' {
		t.Errorf("got %q, want ;", got)
	}
	wide := strings.Repeat("column;", 20_000)
	if got := detectDelimiter([]byte(wide[:headSize]), false); got != ';' {
		t.Errorf("a header longer than the head: got %q, want ;", got)
	}
}

func TestDetectLineEnds(t *testing.T) {
	for text, want := range map[string]bool{
		"a,b\r\n1,2\r\n":          true,
		"a,b\n1,2\r\n":            false,
		"a,b":                     false,
		"\"a\r\nb\",c\n1,2\n":     false,
		"\n\"a\nb\",c\r\n1,2\r\n": true,
	} {
		if got := openString(t, text).Dialect.CRLF; got != want {
			t.Errorf("%q: CRLF %v", text, got)
		}
	}
}
