package report

import (
	"strings"
	"testing"
)

func TestNeutralise(t *testing.T) {
	tests := []struct{ cell, want string }{
		{"", ""},
		{"Acme", "Acme"},
		{"=1+1", "'=1+1"},
		{"@SUM(A1)", "'@SUM(A1)"},
		{"+cmd|'/c calc'!A1", "'+cmd|''/c calc'!A1"},
		{"-cmd", "'-cmd"},
		{"-", "'-"},
		{"--5", "'--5"},
		{"-A1", "'-A1"},
		{"'quoted", "''quoted"},
		{"it's", "it's"},
		{"\tx", "'\tx"},
		{"\rx", "'\rx"},
		{"\n=x", "'\n'=x"},
		{"＝1+1", "'＝1+1"},
		{" =1", " =1"}, // text to every spreadsheet

		// Numbers and phones.
		{"-12.5", "-12.5"},
		{"-12,5", "-12,5"},
		{"+49 30 123456", "+49 30 123456"},
		{"+1 (555) 010-0199", "+1 (555) 010-0199"},
		{"+(49) 30/12", "+(49) 30/12"},
		{"+49+1", "'+49+1"},
		{"-1-2", "'-1-2"},
		{"+1*2", "'+1*2"},
		{"+-1", "'+-1"},
		{"+1 x5", "'+1 x5"},

		// Behind another separator.
		{"a;=cmd", "a;'=cmd"},
		{"a,=cmd,@b", "a,'=cmd,'@b"},
		{"a\t-2\t=3", "a\t-2\t'=3"},
		{"a|'b", "a|''b"},
		{"line\n=2", "line\n'=2"},
		{`a;"=cmd"`, `a;'"=cmd"`},
		{"a; =1", "a; =1"},
		{"a=b", "a=b"},
		{"a-b;c+d", "a-b;c+d"},
		{"a\r\nb", "a\r\nb"},
		{"a\r\n\r\nb", "a\r\n\r\nb"},
		{"a;\tb;", "a;'\tb;"},
	}
	for _, test := range tests {
		if got := Neutralise(test.cell); got != test.want {
			t.Errorf("Neutralise(%q) = %q, want %q", test.cell, got, test.want)
		}
		if back := restore(test.want); back != test.cell {
			t.Errorf("restore(%q) = %q, want %q", test.want, back, test.cell)
		}
	}
}

// FuzzNeutralise holds the rule itself: nothing is lost, and whatever the
// separator that a spreadsheet splits by, no piece begins a formula.
func FuzzNeutralise(f *testing.F) {
	for _, seed := range []string{"", "=1", "'", "''", "a;=b", "\t\t=", "+1,-2,=3", "a;\"\"=b", "\r\n'", "＝", "+", "-1.5;+x", "\xff=;=\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		safe := Neutralise(cell)
		if back := restore(safe); back != cell {
			t.Fatalf("restore(Neutralise(%q)) = restore(%q) = %q", cell, safe, back)
		}
		if strings.Count(safe, "'") == strings.Count(cell, "'") && safe != cell {
			t.Fatalf("Neutralise(%q) = %q changes more than apostrophes", cell, safe)
		}
		for _, separators := range []string{"", ";", ",", "|", "\t", "\r\n", ",;|\t\r\n"} {
			split := func(r rune) bool { return strings.ContainsRune(separators, r) }
			for i, piece := range strings.FieldsFunc(safe, split) {
				if formula(piece) || !(i == 0 && strings.HasPrefix(safe, piece)) && formula(strings.TrimLeft(piece, `"`)) {
					t.Fatalf("Neutralise(%q) = %q: split at %q, %q begins a formula", cell, safe, separators, piece)
				}
			}
		}
		if first := safe + "."; strings.ContainsAny(first[:1], "\t\r\n") {
			t.Fatalf("Neutralise(%q) = %q begins with a blank", cell, safe)
		}
	})
}

// formula reports whether a spreadsheet would evaluate a piece, said otherwise
// than in the code: behind a sign only digits and the punctuation of numbers may stand, as
// far as the next separator.
func formula(piece string) bool {
	if piece == "" {
		return false
	}
	if i := strings.IndexAny(piece, ",;|\t\r\n"); i > 0 {
		piece = piece[:i]
	}
	switch piece[0] {
	case '=', '@':
		return true
	case '+', '-':
		return strings.Trim(piece[1:], "0123456789. ()-/") != "" || !strings.ContainsAny(piece, "0123456789")
	}
	return false
}

func BenchmarkNeutralise(b *testing.B) {
	const url = "https://app.attio.com/acme/workspaces/record/6c3901b6-2afe-0f76-aaaa-bbbbccccdddd/overview"
	b.ReportAllocs()
	for b.Loop() {
		Neutralise(url)
	}
}

// restore undoes Neutralise, which shows that no cell is lost by it.
func restore(cell string) string {
	var b strings.Builder
	written := 0
	for start := 0; start <= len(cell); {
		if strings.HasPrefix(cell[start:], "'") {
			b.WriteString(cell[written:start])
			written = start + 1
		}
		start = pieceEnd(cell, start) + 1
	}
	if written == 0 {
		return cell
	}
	b.WriteString(cell[written:])
	return b.String()
}
