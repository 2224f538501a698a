package mapping

import (
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	columns := []string{"Workspace ID", "Account name", "MRR", "Name", "E-Mail", "Größe"}
	tests := []struct{ word, want string }{
		{"workspace id", "Workspace ID"},
		{"WorkspaceID", "Workspace ID"},
		{"Workspace-Id ", "Workspace ID"},
		{"Acount name", "Account name"},
		{"nmae", "Name"},
		{"Nam", "Name"},
		{"email", "E-Mail"},
		{"grösse", "Größe"},
		{"MR", "MRR"},
		{"Domain", ""},
		{"", ""},
		{"x", ""},
		{strings.Repeat("n", 1000), ""},
	}
	for _, tt := range tests {
		if got := nearest(tt.word, columns); got != tt.want {
			t.Errorf("nearest(%q) = %q, want %q", tt.word, got, tt.want)
		}
	}
}

func TestExcerpt(t *testing.T) {
	lines := []string{"values:", "\tname: \x1b[2JAnn\u202e", strings.Repeat("ä", 300)}
	tests := []struct {
		at   position
		want string
	}{
		{position{1, 1}, "    1 | values:\n      | ^"},
		{position{1, 99}, "    1 | values:\n      |        ^"},
		{position{2, 2}, "    2 |  name: ?[2JAnn?\n      |  ^"},
		{position{3, 1}, "    3 | " + strings.Repeat("ä", 100) + "...\n      | ^"},
		{position{3, 200}, "    3 | ..." + strings.Repeat("ä", 100) + "...\n      | " + strings.Repeat(" ", 69) + "^"},
		{position{0, 1}, ""},
		{position{4, 1}, ""},
	}
	for _, tt := range tests {
		if got := excerpt(lines, tt.at); got != tt.want {
			t.Errorf("excerpt at %v is\n%q, want\n%q", tt.at, got, tt.want)
		}
	}
}

func TestMistakesError(t *testing.T) {
	var ms Mistakes
	for i := range shownMistakes + 7 {
		ms = append(ms, Mistake{File: "m.yaml", Line: i + 1, Column: 1, Message: "no"})
	}
	text := ms.Error()
	if !strings.HasPrefix(text, "m.yaml:1:1: no\nm.yaml:2:1: no\n") || !strings.HasSuffix(text, "\nand 7 more") {
		t.Errorf("got %s", text)
	}
}
