package importer

import (
	"slices"
	"strings"
	"testing"

	"attio-import/importer/outcome"
	"attio-import/importer/source"
	"attio-import/mapping"
)

// other is a sheet of the same run under the header of sheet.
func other(t *testing.T, text string, counts func(int) bool) Other {
	t.Helper()
	src, err := source.OpenBytes("other.csv", []byte(text), source.Options{Delimiter: ','})
	if err != nil {
		t.Fatal(err)
	}
	return Other{Source: src, Counts: counts}
}

func after(row int) func(int) bool { return func(r int) bool { return r > row } }

// A retried row must not take the key of a row of the run that is not retried.
func TestOthersCountForKeys(t *testing.T) {
	im, s := sheet(t, "w4,One\nw2,Two\nw3,Three\n", "")
	im.Others = []Other{other(t, "ID,Name\nw2,\nw3,\nold,\nw4,Four\nw5,\"Five\nw6,Six\n", after(3))}
	l, w := &ledger{}, writing(nil)
	im.Journal, im.Writer = l, w
	check, err := im.Check(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if check.Rows != 3 || check.Invalid != 1 || check.Skipped != 0 || check.Bytes != im.Source.Size {
		t.Errorf("the first pass counts %+v", check)
	}
	if err := im.Run(t.Context(), check); err != nil {
		t.Fatal(err)
	}
	if got, want := s.actions(), "invalid:duplicate_key created created"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if p := s.outs[0].Problems[0]; p.Message != `workspace_id "w4" stands in row 4 as well` {
		t.Errorf("the problem says %q", p.Message)
	}
	if want := (Tally{Rows: 3, Decided: 3}); im.Tally != want || len(l.puts) != 3 || w.calls.Load() != 2 {
		t.Errorf("%+v, %d outcomes on record, %d writes", im.Tally, len(l.puts), w.calls.Load())
	}
}

func TestOthersCountForUniqueValues(t *testing.T) {
	im, s := sheetOf(t, usersMapping, "ID,Email\n1,a@x.com\n2,b@x.com\n")
	im.Others = []Other{other(t, "ID,Email\n1,old\n2,old\n3,A@x.com\n", after(2))}
	if err := both(t.Context(), im); err != nil {
		t.Fatal(err)
	}
	if got, want := s.actions(), "invalid:duplicate_key valid"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Another sheet may have another mapping: its columns stand elsewhere.
func TestOthersWithTheirOwnPlan(t *testing.T) {
	im, s := sheet(t, "w4,One\nw2,Two\n", "")
	o, _ := sheetOf(t, testMapping, "Name,ID\nx,\ny,\nz,w3\nFour,w4\n")
	im.Others = []Other{{Source: o.Source, Plan: o.Plan}}
	if err := both(t.Context(), im); err != nil {
		t.Fatal(err)
	}
	if got, want := s.actions(), "invalid:duplicate_key valid"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestOthersThatCannotBeRead(t *testing.T) {
	im, _ := sheet(t, "w1,One\n", "")
	o := other(t, "ID,Name\nw2,Two\n", nil)
	o.Source.Header = []string{"ID", "Something else"}
	im.Others = []Other{o}
	if _, err := im.Check(t.Context(), nil); err == nil {
		t.Error("no error")
	}
}

// numberedRow is a row of a sheet whose numbers have gaps.
type numberedRow struct {
	row int
	id  string
}

// checkOf runs the first pass over rows of a retry and others of its run.
func checkOf(t *testing.T, more string, own, others []numberedRow) (*Check, *mapping.Plan) {
	t.Helper()
	im, _ := sheet(t, "", more)
	c := newChecker(im.Plan, true)
	for _, r := range own {
		c.row(source.Row{Number: r.row, Line: r.row + 1, Cells: []string{r.id, "x"}})
	}
	for _, r := range others {
		im.Plan.RowInto(&c.rec, r.row, r.row+1, []string{r.id, "x"})
		c.index(&c.rec)
	}
	c.settle()
	return c.Check, im.Plan
}

// Numbers with gaps: what is counted are the source's own rows, and which row
// comes later is what the numbers say, whichever sheet a row is in.
func TestRowsWithGaps(t *testing.T) {
	for _, tt := range []struct {
		name, more       string
		own, others      []numberedRow
		invalid, skipped []int
	}{
		{
			"rejected", "",
			[]numberedRow{{5, "a"}, {900, "b"}, {7_000, ""}, {7_001, "c"}, {70_000, "c"}}, []numberedRow{{3, "a"}, {4, "d"}, {6, "d"}},
			[]int{5, 7_000, 7_001, 70_000}, nil,
		},
		{
			"a later one of the others supersedes", "duplicates: last\n",
			[]numberedRow{{5, "a"}, {900, "b"}, {7_000, "c"}}, []numberedRow{{3, "b"}, {800, "a"}, {7_001, "c"}},
			nil, []int{5, 7_000},
		},
		{
			"a later one of its own supersedes", "duplicates: last\n",
			[]numberedRow{{5, "a"}, {900, "a"}}, []numberedRow{{7, "a"}},
			nil, []int{5},
		},
	} {
		check, _ := checkOf(t, tt.more, tt.own, tt.others)
		if check.Rows != len(tt.own) || check.Invalid != len(tt.invalid) || check.Skipped != len(tt.skipped) {
			t.Errorf("%s: %d rows, %d invalid, %d skipped", tt.name, check.Rows, check.Invalid, check.Skipped)
		}
		if got := slices.Collect(check.invalid.all()); !slices.Equal(got, tt.invalid) {
			t.Errorf("%s: invalid are %v", tt.name, got)
		}
		for _, r := range tt.own {
			if check.superseded.has(r.row) != slices.Contains(tt.skipped, r.row) {
				t.Errorf("%s: row %d superseded: %v", tt.name, r.row, check.superseded.has(r.row))
			}
		}
	}
}

// A row gives way by name, also to a row of another sheet.
func TestSupersededByAnother(t *testing.T) {
	check, plan := checkOf(t, "duplicates: last\n", []numberedRow{{5, "a"}}, []numberedRow{{800, "a"}})
	rec := plan.Row(5, 6, []string{"a", "x"})
	check.apply(rec)
	if len(rec.Problems) != 1 || rec.Problems[0].Code != outcome.Superseded || !strings.Contains(rec.Problems[0].Message, "row 800 ") {
		t.Errorf("got %+v", rec.Problems)
	}
}

func TestRowSet(t *testing.T) {
	var s rowSet
	rows := []uint32{0, 1, 63, 64, 65, 127, 128, 70_000}
	s.addAll(rows)
	var got []uint32
	for row := range s.all() {
		if got = append(got, uint32(row)); row == 128 {
			break
		}
	}
	if !slices.Equal(got, rows[:7]) || s.has(2) || s.has(1_000_000) || !s.has(70_000) {
		t.Errorf("got %v", got)
	}
}
