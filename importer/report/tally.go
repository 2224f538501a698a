package report

import (
	"cmp"
	"slices"
	"strings"

	"attio-import/importer/outcome"
)

const (
	// maxGroups bounds the memory that problems take however many kinds of
	// them a sheet has. Codes times columns seldom reach a tenth of it.
	maxGroups = 1000
	// maxExample is the length of an example, in characters: a cell may hold a megabyte.
	maxExample = 200
	// maxValues bounds the texts that are counted, of all groups together.
	maxValues = 10_000
	// listedValues is how many of them summary.json names a group.
	listedValues = 50
)

// ProblemGroup is one kind of problem: a code in a column.
type ProblemGroup struct {
	Severity outcome.Severity `json:"severity"`
	Code     outcome.Code     `json:"code"`
	// Column is the source's header. It is empty where the problem is the
	// whole row's, or an attribute's that comes from no column.
	Column    string `json:"column"`
	Attribute string `json:"attribute,omitempty"` // only where there is no column
	Rows      int    `json:"rows"`                // rows that have it, however often
	Row       int    `json:"first_row"`           // the first of them, from which Example and Hint are
	Example   string `json:"example"`             // what was wrong there, shortened to 200 characters
	Hint      string `json:"hint"`

	// Values are the texts that are wrong, the most frequent first. A few rows'
	// corrections often are one line of the mapping, or one record to create.
	Values []ValueCount `json:"values,omitempty"`
	// MoreValues is how many further texts there are, at least.
	MoreValues int `json:"more_values,omitempty"`
}

// ValueCount is a text that is wrong, and how often.
type ValueCount struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

// Where names the column, else the attribute; empty for a problem of the whole row.
func (g *ProblemGroup) Where() string { return cmp.Or(g.Column, g.Attribute) }

// groupKey is what makes two problems the same kind.
type groupKey struct {
	severity          outcome.Severity
	code              outcome.Code
	column, attribute string
}

// group is a ProblemGroup in the making.
type group struct {
	ProblemGroup
	last   int // the last row counted: a row that has a problem twice is one row
	values map[string]int
}

// tally counts what becomes of rows, in constant memory.
type tally struct {
	rows   int
	counts map[outcome.Action]int
	groups map[groupKey]*group
	// problems counts all; unlisted those of kinds beyond maxGroups.
	problems, unlisted int
	values             int // texts held by all groups
	changes            int
	changed            int // rows skipped for that reason
}

// newTally begins with every action that the command can end a row in, so
// that a script finds a number for each.
func newTally(c Command) tally {
	t := tally{counts: make(map[outcome.Action]int), groups: make(map[groupKey]*group)}
	for _, a := range actions(c) {
		t.counts[a] = 0
	}
	return t
}

func actions(c Command) []outcome.Action {
	switch c {
	case Validate:
		return []outcome.Action{outcome.Valid, outcome.Skipped, outcome.Invalid}
	case Plan:
		return []outcome.Action{
			outcome.WouldCreate, outcome.WouldUpdate, outcome.Unchanged,
			outcome.Skipped, outcome.Invalid, outcome.Rejected,
		}
	}
	return []outcome.Action{
		outcome.Created, outcome.Updated, outcome.Unchanged,
		outcome.Skipped, outcome.Invalid, outcome.Rejected, outcome.Unknown,
	}
}

func (t *tally) add(o *outcome.Outcome) {
	t.rows++
	t.counts[o.Action]++
	t.problems += len(o.Problems)
	t.changes += len(o.Changes)
	if o.NeedsAttention() && !o.Action.Failed() {
		t.changed++
	}
	for i := range o.Problems {
		t.addProblem(o.Row, &o.Problems[i])
	}
}

func (t *tally) addProblem(row int, p *outcome.Problem) {
	key := groupKey{severity: p.Severity, code: p.Code, column: p.Column}
	if p.Column == "" {
		key.attribute = p.Attribute
	}
	g := t.groups[key]
	if g == nil {
		if len(t.groups) == maxGroups {
			t.unlisted++
			return
		}
		g = newGroup(row, p)
		// The group's own copies: p's may be part of a row, or of a server's answer.
		t.groups[groupKey{g.Severity, g.Code, g.Column, g.Attribute}] = g
	}
	if g.last != row {
		g.last = row
		g.Rows++
	}
	if p.Part != "" {
		t.addValue(g, clip(p.Part, maxExample/2))
	}
}

func (t *tally) addValue(g *group, value string) {
	if _, known := g.values[value]; known {
		g.values[value]++
		return
	}
	if t.values == maxValues {
		g.MoreValues++ // perhaps the same one more than once
		return
	}
	if g.values == nil {
		g.values = map[string]int{}
	}
	t.values++
	g.values[strings.Clone(value)] = 1
}

// listed is the group with its most frequent values.
func (g *group) listed() ProblemGroup {
	out := g.ProblemGroup
	for value, count := range g.values {
		out.Values = append(out.Values, ValueCount{value, count})
	}
	slices.SortFunc(out.Values, func(a, b ValueCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
	})
	if more := len(out.Values) - listedValues; more > 0 {
		out.Values = out.Values[:listedValues]
		out.MoreValues += more
	}
	return out
}

func newGroup(row int, p *outcome.Problem) *group {
	g := &group{ProblemGroup: ProblemGroup{
		Severity: p.Severity,
		Code:     outcome.Code(strings.Clone(string(p.Code))),
		Column:   strings.Clone(p.Column),
		Row:      row,
		Example:  strings.Clone(clip(example(p), maxExample)),
		Hint:     strings.Clone(clip(p.Hint, 2*maxExample)),
	}}
	if p.Column == "" {
		g.Attribute = strings.Clone(p.Attribute)
	}
	return g
}

// example says what was wrong, and with which value where the message does
// not say so itself.
func example(p *outcome.Problem) string {
	value := clip(p.Value, maxExample/2)
	if value == "" || names(p.Message, value) {
		return legible(p.Message)
	}
	return legible(strings.TrimSuffix(`"`+value+`": `+p.Message, ": "))
}

// names reports whether a message says which value it is about: it begins with
// the cell, or the first that it quotes is the cell or a part of it.
func names(message, value string) bool {
	_, quoted, _ := strings.Cut(message, `"`)
	part, _, closed := strings.Cut(quoted, `"`)
	return strings.HasPrefix(message, value) || closed && strings.Contains(value, part)
}

// sorted returns the groups as a person wants them: errors first, then by the
// rows that they cost, then as they were found.
func (t *tally) sorted() []ProblemGroup {
	groups := make([]ProblemGroup, 0, len(t.groups))
	for _, g := range t.groups {
		groups = append(groups, g.listed())
	}
	slices.SortFunc(groups, func(a, b ProblemGroup) int {
		return cmp.Or(
			cmp.Compare(rank(a.Severity), rank(b.Severity)),
			cmp.Compare(b.Rows, a.Rows),
			cmp.Compare(a.Row, b.Row),
			cmp.Compare(a.Code, b.Code),
			cmp.Compare(a.Where(), b.Where()),
		)
	})
	return groups
}

func rank(s outcome.Severity) int {
	if s == outcome.Error {
		return 0
	}
	return 1
}
