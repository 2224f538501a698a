package cli

import (
	"strings"
	"testing"

	"attio-import/importer/outcome"
)

// What comes next names all that is left to do, and nothing where nothing is.
func TestNextNamesAllThatIsLeft(t *testing.T) {
	const retry, decide = "attio-import retry r --workers 2", "attio-import resume r --decide runs/r/unknown.csv --workers 2"
	for _, tt := range []struct {
		counts map[outcome.Action]int
		want   []string
	}{
		{map[outcome.Action]int{outcome.Created: 1}, nil},
		{map[outcome.Action]int{outcome.Rejected: 1}, []string{retry}},
		{map[outcome.Action]int{outcome.Unknown: 1}, []string{decide}},
		{map[outcome.Action]int{outcome.Invalid: 1, outcome.Unknown: 1}, []string{retry, decide}},
	} {
		c := continuation{
			run: "r", dir: runDir{path: "runs/r"}, finished: true, counts: tt.counts,
			opts: &options{said: map[string]string{"workers": "2"}}, elsewhere: " (elsewhere)",
		}
		next := c.following()
		if want := strings.Join(tt.want, "; "); next.command != want {
			t.Errorf("%v: the command is %q, want %q", tt.counts, next.command, want)
		}
		if told := strings.HasSuffix(next.words, " (elsewhere)"); told != (len(tt.want) > 0) {
			t.Errorf("%v: the words are %q", tt.counts, next.words)
		}
	}
}
