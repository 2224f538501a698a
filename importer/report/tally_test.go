package report

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"attio-import/importer/outcome"
)

func tallied(rows ...[]outcome.Problem) tally {
	t := newTally(Run)
	for i, problems := range rows {
		t.add(&outcome.Outcome{Row: i + 1, Action: outcome.Invalid, Problems: problems})
	}
	return t
}

func problem(s outcome.Severity, code outcome.Code, column, value string) outcome.Problem {
	return outcome.Problem{Severity: s, Code: code, Column: column, Value: value, Message: "is wrong", Hint: "mend it"}
}

func TestGroups(t *testing.T) {
	twice := problem(outcome.Error, "invalid_email", "Emails", "x")
	warn := problem(outcome.Warning, "invalid_email", "Emails", "w")
	date := problem(outcome.Error, "invalid_date", "Created", "31/02/2026")
	constant := outcome.Problem{Severity: outcome.Error, Code: "invalid_date", Attribute: "launched", Message: "m"}
	got := tallied(
		[]outcome.Problem{twice, twice, warn},
		[]outcome.Problem{date},
		[]outcome.Problem{warn, date},
		[]outcome.Problem{warn},
		[]outcome.Problem{constant},
	)
	want := []ProblemGroup{
		{Severity: outcome.Error, Code: "invalid_date", Column: "Created", Rows: 2, Row: 2, Example: `"31/02/2026": is wrong`, Hint: "mend it"},
		{Severity: outcome.Error, Code: "invalid_email", Column: "Emails", Rows: 1, Row: 1, Example: `"x": is wrong`, Hint: "mend it"},
		{Severity: outcome.Error, Code: "invalid_date", Attribute: "launched", Rows: 1, Row: 5, Example: "m"},
		{Severity: outcome.Warning, Code: "invalid_email", Column: "Emails", Rows: 3, Row: 1, Example: `"w": is wrong`, Hint: "mend it"},
	}
	if diff := cmp.Diff(want, got.sorted()); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
	if got.problems != 8 || got.rows != 5 || got.counts[outcome.Invalid] != 5 {
		t.Errorf("counted %d problems, %d rows, %v", got.problems, got.rows, got.counts)
	}
}

// Three hundred wrong rows are often nine distinct texts: the groups count them.
func TestGroupsCountValues(t *testing.T) {
	part := func(text string) outcome.Problem {
		p := problem(outcome.Error, "unknown_option", "Tags", "a, b, c")
		p.Part = text
		return p
	}
	tl := tallied([]outcome.Problem{part("b"), part("a")}, []outcome.Problem{part("b"), part("c")})
	g := tl.sorted()[0]
	want := []ValueCount{{"b", 2}, {"a", 1}, {"c", 1}}
	if diff := cmp.Diff(want, g.Values); diff != "" || g.MoreValues != 0 {
		t.Errorf("values (-want +got):\n%s, and %d more", diff, g.MoreValues)
	}
	for i := range maxValues + 7 {
		tl.add(&outcome.Outcome{Row: i + 3, Problems: []outcome.Problem{part(fmt.Sprint("text ", i)), part("b")}})
	}
	g = tl.sorted()[0]
	if len(g.Values) != listedValues || g.Values[0] != (ValueCount{"b", maxValues + 9}) || g.MoreValues != maxValues+10-listedValues {
		t.Errorf("%d values, the first %v, and %d more", len(g.Values), g.Values[0], g.MoreValues)
	}
}

// TestGroupsAreBounded gives every row a code of its own, as a server could.
func TestGroupsAreBounded(t *testing.T) {
	tl := newTally(Run)
	for i := range maxGroups + 500 {
		p := problem(outcome.Error, outcome.Code(fmt.Sprint("code_", i)), "", strings.Repeat("é", 10_000))
		tl.add(&outcome.Outcome{Row: i + 1, Action: outcome.Rejected, Problems: []outcome.Problem{p}})
	}
	again := problem(outcome.Error, "code_7", "", "")
	tl.add(&outcome.Outcome{Row: maxGroups + 501, Action: outcome.Rejected, Problems: []outcome.Problem{again}})
	groups := tl.sorted()
	if len(groups) != maxGroups || tl.unlisted != 500 {
		t.Fatalf("%d groups, %d problems beyond; want %d, 500", len(groups), tl.unlisted, maxGroups)
	}
	if groups[0].Code != "code_7" || groups[0].Rows != 2 {
		t.Errorf("a known kind is no longer counted: %+v", groups[0])
	}
	if n := len([]rune(groups[1].Example)); n > maxExample {
		t.Errorf("an example of %d characters", n)
	}
	var b strings.Builder
	s := Summary{Rows: tl.rows, Counts: tl.counts, Problems: groups, Unlisted: tl.unlisted}
	if err := s.WriteText(&b, Text{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"990 more kinds of them", "500 problems"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the text does not say %q:\n%s", want, &b)
		}
	}
}

func TestExample(t *testing.T) {
	tests := []struct{ value, message, want string }{
		{"", "the attribute is required", "the attribute is required"},
		{"acme", `"acme" is not a domain`, `"acme" is not a domain`},
		{"a@b.c; acme", `"acme" is not an email address`, `"acme" is not an email address`},
		{"who@acme.com", "no user has this address", `"who@acme.com": no user has this address`},
		{"Gold", `no option is called so; did you mean "Silver"?`, `"Gold": no option is called so; did you mean "Silver"?`},
		{"M\xfcller", "not UTF-8", `"M\xfcller": not UTF-8`},
		{"x", "", `"x"`},
	}
	for _, test := range tests {
		if got := example(&outcome.Problem{Value: test.value, Message: test.message}); got != test.want {
			t.Errorf("example(%q, %q) = %q, want %q", test.value, test.message, got, test.want)
		}
	}
}

// TestVerdicts covers the headline of every way in which a run ends.
func TestVerdicts(t *testing.T) {
	tests := []struct {
		exit, created, invalid, sheet int
		reason, want                  string
	}{
		{0, 0, 0, 0, "", "it has no rows"},
		{0, 1, 0, 1, "", "its row is fine"},
		{3, 0, 1, 1, "", "its row is not fine"},
		{0, 2000, 0, 2000, "", "all 2,000 rows are fine"},
		{3, 0, 2, 2, "", "none of 2 rows is fine"},
		{3, 1, 1, 2, "", "1 of 2 rows is fine, 1 is not"},
		{3, 5, 2, 7, "", "5 of 7 rows are fine, 2 are not"},
		{0, 10, 0, 200, "", "all 10 rows are fine; 190 rows are left for later"},
		{6, 40, 3, 200, "", "interrupted after 43 of 200 rows, 3 of which failed"},
		{6, 40, 0, 0, "", "interrupted after 40 rows"},
		{5, 0, 0, 200, "more than 10 rows failed", "stopped by a limit (more than 10 rows failed) after 0 of 200 rows"},
		{4, 1, 0, 2, "the token was revoked", "stopped by an error (the token was revoked) after 1 of 2 rows"},
		{1, 1, 0, 1, "", "stopped by an error after 1 row"},
	}
	for _, test := range tests {
		p := page{Summary: &Summary{
			Command: Run, ExitCode: test.exit, Reason: test.reason, Rows: test.created + test.invalid,
			Counts: map[outcome.Action]int{outcome.Created: test.created, outcome.Invalid: test.invalid},
			Source: Source{Rows: test.sheet},
		}}
		if got := p.verdict(); got != test.want {
			t.Errorf("exit code %d: %q, want %q", test.exit, got, test.want)
		}
	}
}
