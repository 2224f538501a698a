package importer

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"attio-import/importer/outcome"
	"attio-import/mapping"
)

// maybe is a row that an earlier process left open.
func maybe(row int) *outcome.Sent {
	return &outcome.Sent{Intent: outcome.Intent{Row: row, Verb: outcome.Create}}
}

// A row that is done is not touched again; one that is open takes its place
// among the others with what is known of it.
func TestResumeTakesUpWhatIsLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 50
		p := before{done: map[int]bool{}, open: map[int]*outcome.Sent{}}
		var want []int
		for row := 1; row <= n; row++ {
			switch {
			case row%3 == 0:
				p.done[row] = true
				continue
			case row%7 == 0:
				p.open[row] = maybe(row)
			}
			want = append(want, row)
		}
		im, s := sheet(t, numbered(n), "")
		im.Options = Options{Window: 8, Workers: 3}
		l := &ledger{}
		im.Journal, im.Past = l, p
		im.Resolver = resolver(func(recs []*mapping.Record) error {
			for _, rec := range recs {
				if rec.Sent != p.open[rec.Row] {
					t.Errorf("row %d was looked up with %v", rec.Row, rec.Sent)
				}
			}
			return nil
		})
		w := writing(func(_ context.Context, rec *mapping.Record) (outcome.Outcome, error) {
			if rec.Sent != p.open[rec.Row] || !rec.Recorded {
				t.Errorf("row %d was written with %v", rec.Row, rec.Sent)
			}
			time.Sleep(time.Second)
			return created(rec), nil
		})
		im.Writer = w
		if err := both(t.Context(), im); err != nil {
			t.Fatal(err)
		}
		var got []int
		for _, o := range s.outs {
			got = append(got, o.Row)
		}
		if !slices.Equal(got, want) || int(w.calls.Load()) != len(want) {
			t.Errorf("%d writes; the Sink has %v, want %v", w.calls.Load(), got, want)
		}
		if err := same("on record", l.rows(), want); err != nil {
			t.Error(err)
		}
		for i, rows := range l.commits {
			if len(rows) > 8 || i == 0 && len(rows) != 8 {
				t.Errorf("commit %d is of %d rows: windows are to be of rows that are left", i, len(rows))
			}
		}
		if tally := (Tally{Rows: n, Earlier: 16, Decided: len(want)}); im.Tally != tally || im.Tally.Left() != 0 {
			t.Errorf("got %+v", im.Tally)
		}
	})
}

func TestResumeOfADoneRun(t *testing.T) {
	im, s := sheet(t, numbered(20), "")
	p := before{done: map[int]bool{}}
	for row := range 20 {
		p.done[row+1] = true
	}
	l := &ledger{}
	w := writing(nil)
	im.Journal, im.Past, im.Writer = l, p, w
	if err := both(t.Context(), im); err != nil {
		t.Fatal(err)
	}
	if w.calls.Load() > 0 || len(s.outs) > 0 || len(l.commits) > 0 || im.Tally.Earlier != 20 {
		t.Errorf("%d writes, %d outcomes, %d commits, %+v", w.calls.Load(), len(s.outs), len(l.commits), im.Tally)
	}
}

// The limit is of rows that this process takes up.
func TestLimitOfAResume(t *testing.T) {
	im, s := sheet(t, numbered(20), "")
	im.Past = before{done: map[int]bool{1: true, 2: true, 4: true}}
	im.Writer, im.Options.Limit = writing(nil), 3
	if err := both(t.Context(), im); err != nil {
		t.Fatal(err)
	}
	if len(s.outs) != 3 || s.outs[2].Row != 6 || im.Tally.Left() != 14 {
		t.Errorf("%v, %+v", s.outs, im.Tally)
	}
}

// Whatever is wrong with a row that may have been written: only the Writer, who
// can look what became of it, decides it.
func TestOpenRowsAreDecidedByTheWriterAlone(t *testing.T) {
	rows := "w1,One\n" + // nothing wrong
		",Nobody\n" + // blank key
		"w3,Three\n" + // twice
		",\n" + // blank row
		"w5,\"Five\n" + // broken quote
		"w6,Six,extra\n" + // ragged
		"w3,Drei\n" + // twice
		"w8,Eight\n" // refused by the look-up
	for _, more := range []string{"", "duplicates: last\n"} {
		p := before{open: map[int]*outcome.Sent{}}
		for row := range 8 {
			p.open[row+1] = maybe(row + 1)
		}
		im, s := sheet(t, rows, more)
		im.Past = p
		var mu sync.Mutex
		codes := map[int]outcome.Code{}
		im.Writer = writing(func(_ context.Context, rec *mapping.Record) (outcome.Outcome, error) {
			mu.Lock()
			defer mu.Unlock()
			if len(rec.Problems) > 0 {
				codes[rec.Row] = rec.Problems[len(rec.Problems)-1].Code
			}
			return created(rec), nil
		})
		im.Resolver = resolver(func(recs []*mapping.Record) error {
			for _, rec := range recs {
				if rec.Row == 8 {
					rec.Problems = append(rec.Problems, outcome.Problem{Severity: outcome.Error, Code: outcome.ReferenceNotFound})
				}
			}
			return nil
		})
		if err := both(t.Context(), im); err != nil {
			t.Fatal(err)
		}
		if got := s.actions(); got != strings.TrimSpace(strings.Repeat("created ", 8)) {
			t.Errorf("%q: got %s", more, got)
		}
		twice := outcome.DuplicateKey
		if more != "" {
			twice = outcome.Superseded
		}
		if codes[2] != outcome.BlankKey || codes[3] != twice || codes[5] != outcome.BrokenQuote ||
			codes[6] != outcome.RaggedRow || codes[8] != outcome.ReferenceNotFound {
			t.Errorf("%q: the Writer learnt of %v", more, codes)
		}
	}
}

// A required cell is blank: the row is invalid if it is new, which nobody but
// the Writer can tell of a row that may have been written.
func TestOpenRowsThatLackWhatANewRecordNeeds(t *testing.T) {
	im, s := sheetOf(t, usersMapping, "ID,Email\n1,\n2,\n")
	im.Past = before{open: map[int]*outcome.Sent{1: maybe(1)}}
	im.Resolver = resolver(func([]*mapping.Record) error { return nil })
	im.Writer = writing(nil)
	if err := both(t.Context(), im); err != nil {
		t.Fatal(err)
	}
	if got, want := s.actions(), "created invalid:missing_value"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Rows that failed earlier count once, also where the first pass counts them again.
func TestMaxErrorsCountsEarlierRows(t *testing.T) {
	for _, tt := range []struct {
		limit         string
		stops, writes bool
	}{{"3", true, false}, {"4", true, true}, {"5", false, true}} {
		im, _ := sheet(t, ",x\n,y\n"+numbered(8), "") // rows 1 and 2 are invalid
		im.Past = before{done: map[int]bool{1: true, 3: true, 4: true, 5: true}}
		im.PastFailed = 3 // rows 1, 3 and 4
		w := writing(func(_ context.Context, rec *mapping.Record) (outcome.Outcome, error) {
			o := created(rec)
			if rec.Row == 6 {
				o.Action = outcome.Rejected
			}
			return o, nil
		})
		im.Writer = w
		im.Options.MaxErrors, _ = ParseLimit(tt.limit)
		var tooMany *TooManyErrors
		err := both(t.Context(), im)
		if errors.As(err, &tooMany) != tt.stops || w.calls.Load() > 0 != tt.writes {
			t.Errorf("--max-errors %s: %v after %d writes", tt.limit, err, w.calls.Load())
		}
		if tt.stops && !tooMany.Written {
			t.Errorf("--max-errors %s: %v, though rows were written earlier", tt.limit, err)
		}
	}
}

// Open rows that the run does not come to are still open.
func TestTallyOfAnInterruptedResume(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		im, s := sheet(t, numbered(100), "")
		im.Options = Options{Window: 10, Workers: 1}
		im.Past = before{done: map[int]bool{1: true}, open: map[int]*outcome.Sent{2: maybe(2), 3: maybe(3), 4: maybe(4), 90: maybe(90)}}
		l := &ledger{}
		im.Journal = l
		im.Writer = writing(func(_ context.Context, rec *mapping.Record) (outcome.Outcome, error) {
			time.Sleep(time.Second)
			if rec.Row == 3 {
				return lost(rec, time.Hour)
			}
			return created(rec), nil
		})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(2500*time.Millisecond, cancel) // row 4 is under way
		if err := both(ctx, im); !errors.Is(err, ErrInterrupted) {
			t.Fatalf("got %v", err)
		}
		if want := (Tally{Rows: 100, Earlier: 1, Decided: 2, Open: 2}); im.Tally != want || im.Tally.Left() != 97 || len(s.outs) != 2 {
			t.Errorf("got %+v", im.Tally)
		}
		if len(l.back) == 0 || slices.Min(l.back) != 5 {
			t.Errorf("withdrawn: %v", l.back)
		}
	})
}
