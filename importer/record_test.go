package importer

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"attio-import/importer/outcome"
	"attio-import/mapping"
)

// No write leaves before its intent lasts, a window is one commit, and the
// commits cost the workers nothing but the first one.
func TestIntentsLastBeforeTheWrites(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n, window, workers = 400, 40, 4
		im, s := sheet(t, numbered(n), "")
		im.Options = Options{Window: window, Workers: workers}
		l := &ledger{commit: 50 * time.Millisecond}
		im.Journal = l
		im.Writer = writing(func(_ context.Context, rec *mapping.Record) (outcome.Outcome, error) {
			if !rec.Recorded || !l.lasts(rec.Row) {
				t.Errorf("row %d was written before its intent lasted", rec.Row)
			}
			time.Sleep(100 * time.Millisecond)
			return created(rec), nil
		})
		begun := time.Now()
		if err := both(t.Context(), im); err != nil {
			t.Fatal(err)
		}
		if took, want := time.Since(begun), 50*time.Millisecond+n/workers*100*time.Millisecond; took != want {
			t.Errorf("the run took %v, want %v: workers waited for commits", took, want)
		}
		s.inOrder(t, n)
		if got := slices.Concat(l.commits...); len(l.commits) != n/window || !slices.Equal(got, rowsTo(n)) {
			t.Errorf("%d commits of %d rows", len(l.commits), len(got))
		}
		if len(l.back) > 0 || len(l.puts) != n {
			t.Errorf("%d outcomes, withdrawn %v", len(l.puts), l.back)
		}
	})
}

// What can not be told ahead is not put on record, and a row that is decided
// without a write neither.
func TestIntentsOfUndecidedRowsAlone(t *testing.T) {
	im, _ := sheet(t, "w1,One\n,Nobody\nw3,Three\nw4,Four\n", "")
	l := &ledger{}
	im.Journal = l
	w := writing(func(_ context.Context, rec *mapping.Record) (outcome.Outcome, error) {
		if rec.Recorded != (rec.Row == 1) {
			t.Errorf("row %d: recorded %v", rec.Row, rec.Recorded)
		}
		return created(rec), nil
	})
	w.silent = func(rec *mapping.Record) bool { return rec.Row == 3 }
	im.Writer = w
	im.Resolver = resolver(func(recs []*mapping.Record) error {
		for _, rec := range recs {
			if rec.Row == 4 {
				rec.Problems = append(rec.Problems, outcome.Problem{Severity: outcome.Error, Code: outcome.NoMatch})
			}
		}
		return nil
	})
	if err := both(t.Context(), im); err != nil {
		t.Fatal(err)
	}
	if got := slices.Concat(l.commits...); !slices.Equal(got, []int{1}) {
		t.Errorf("intents of rows %v, want 1 alone", got)
	}
	if err := same("outcomes", l.rows(), rowsTo(4)); err != nil {
		t.Error(err)
	}
}

// The journal has what the Sink has, in the order in which rows are finished, and
// the rows themselves where rejects are made of them.
func TestOutcomesGoOnRecordAsTheyCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		im, s := sheet(t, "w1,One\nw2,Two\n,Nobody\n,\nw5,\"Five\nw6,Six\n", "")
		l := &ledger{}
		im.Journal = l
		im.Writer = writing(func(_ context.Context, rec *mapping.Record) (outcome.Outcome, error) {
			o := created(rec)
			if rec.Row == 1 {
				time.Sleep(time.Second)
			}
			if rec.Row == 2 {
				o.Action, o.Problems = outcome.Rejected, []outcome.Problem{{Column: "Name", Severity: outcome.Error}}
			}
			return o, nil
		})
		if err := both(t.Context(), im); err != nil {
			t.Fatal(err)
		}
		if rows := l.rows(); rows[len(rows)-1] != 1 {
			t.Errorf("in the order %v, want row 1 last", rows)
		}
		if err := same("outcomes", l.rows(), rowsTo(6)); err != nil {
			t.Error(err)
		}
		if len(l.cells) != 2 || !slices.Equal(l.cells[2], []string{"w2", "Two"}) || !slices.Equal(l.cells[3], []string{"", "Nobody"}) {
			t.Errorf("cells %v", l.cells)
		}
		if len(l.raw) != 1 || l.raw[5] != `w5,"Five` {
			t.Errorf("raw %v", l.raw)
		}
		for _, o := range l.puts {
			if got := s.outs[o.Row-1]; got.Action != o.Action || len(got.Problems) != len(o.Problems) {
				t.Errorf("row %d: the Sink has %v, the journal %v", o.Row, got, o)
			}
			if o.Row == 2 && o.Problems[0].Value != "Two" {
				t.Errorf("the journal has the problem without its cell: %+v", o.Problems)
			}
		}
	})
}

func TestIntentsThatFailStopTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		im, s := sheet(t, numbered(1000), "")
		im.Options = Options{Window: 10, Workers: 2}
		l := &ledger{failAt: 4}
		im.Journal = l
		w := writing(func(_ context.Context, rec *mapping.Record) (outcome.Outcome, error) {
			time.Sleep(time.Second)
			return created(rec), nil
		})
		im.Writer = w
		if err := both(t.Context(), im); err != errBroken {
			t.Fatalf("got %v", err)
		}
		if n := int(w.calls.Load()); n > 30 || n != len(s.outs) {
			t.Errorf("%d rows were written and %d are in the Sink, with 30 intents on record", n, len(s.outs))
		}
		if l.late > 0 {
			t.Errorf("%d more intents came after the journal was full", l.late)
		}
		if len(l.puts) != len(s.outs) || im.Tally.Decided != len(s.outs) {
			t.Errorf("%+v: %d outcomes are on record, %d in the Sink", im.Tally, len(l.puts), len(s.outs))
		}
		if len(l.back) < 30-len(l.puts) {
			t.Errorf("%d intents were withdrawn, of 30 with %d outcomes", len(l.back), len(l.puts))
		}
	})
}

// The rows that are under way when an outcome cannot be put on record are
// finished, and the Sink has them all; the journal's error is the one that counts.
func TestOutcomesThatFailStopTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		im, s := sheet(t, numbered(1000), "")
		im.Options = Options{Window: 10, Workers: 4}
		l := &ledger{failPut: 25}
		im.Journal = l
		w := writing(func(_ context.Context, rec *mapping.Record) (outcome.Outcome, error) {
			time.Sleep(time.Second)
			return created(rec), nil
		})
		im.Writer = w
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(6500*time.Millisecond, cancel) // before row 25 comes back
		if err := both(ctx, im); err != errBroken {
			t.Fatalf("got %v", err)
		}
		if n := int(w.calls.Load()); n != 28 || len(s.outs) != n {
			t.Errorf("%d rows were written and %d are in the Sink", n, len(s.outs))
		}
		if got := len(l.puts); got < 24 || got > 27 || im.Tally.Decided != got || im.Tally.Left() != 1000-got || l.late > 0 {
			t.Errorf("%+v with %d on record, %d calls after the journal broke", im.Tally, got, l.late)
		}
	})
}

// An outcome that cannot be put on record stops a run that nothing else stops.
func TestFullDiskOfTheJournal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		im, s := sheet(t, numbered(1000), "")
		im.Options = Options{Window: 10, Workers: 2}
		im.Journal = &ledger{failPut: 20}
		w := writing(func(_ context.Context, rec *mapping.Record) (outcome.Outcome, error) {
			time.Sleep(time.Second)
			return created(rec), nil
		})
		w.silent = func(*mapping.Record) bool { return true } // no commit would tell
		im.Writer = w
		if err := both(t.Context(), im); err != errBroken {
			t.Fatalf("got %v", err)
		}
		if n := int(w.calls.Load()); n > 24 || len(s.outs) != n {
			t.Errorf("%d writes, the Sink was given %d", n, len(s.outs))
		}
	})
}

// Where the report fails the journal goes on: what is under way is put on record.
func TestFullDiskOfTheReport(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		im, s := sheet(t, numbered(1000), "")
		im.Options = Options{Window: 10, Workers: 8}
		l := &ledger{}
		im.Journal = l
		w := writing(func(_ context.Context, rec *mapping.Record) (outcome.Outcome, error) {
			time.Sleep(time.Second)
			return created(rec), nil
		})
		im.Writer = w
		s.failAt = 20
		if err := both(t.Context(), im); err != errDiskFull {
			t.Fatalf("got %v", err)
		}
		if n := int(w.calls.Load()); n > 40 || len(l.puts) != n || im.Tally.Decided != n {
			t.Errorf("%d writes, %d on record, %+v", n, len(l.puts), im.Tally)
		}
	})
}

func TestIntentsThatCannotBeWithdrawn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		im, _ := sheet(t, numbered(100), "")
		im.Journal = &ledger{failBack: true}
		im.Writer = writing(func(_ context.Context, rec *mapping.Record) (outcome.Outcome, error) {
			time.Sleep(time.Second)
			return created(rec), nil
		})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(500*time.Millisecond, cancel)
		if err := both(ctx, im); err != errBroken {
			t.Fatalf("got %v", err)
		}
	})
}

// A commit that is given up because the run stops is no fault of the journal,
// and whatever became of it is withdrawn.
func TestInterruptedCommit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		im, _ := sheet(t, numbered(100), "")
		im.Options.Window = 20
		l := &ledger{commit: time.Minute}
		im.Journal = l
		w := writing(nil)
		im.Writer = w
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		begun := time.Now()
		if err := both(ctx, im); !errors.Is(err, ErrInterrupted) || time.Since(begun) != time.Second {
			t.Fatalf("%v after %v", err, time.Since(begun))
		}
		if err := same("withdrawn", l.back, rowsTo(20)); err != nil || w.calls.Load() > 0 {
			t.Errorf("%v after %d writes", err, w.calls.Load())
		}
	})
}

// A Writer that returns nothing at all must not lose the row.
func TestWriteWithoutAnOutcome(t *testing.T) {
	im, s := sheet(t, numbered(3), "")
	l := &ledger{}
	im.Journal = l
	im.Writer = writing(func(_ context.Context, rec *mapping.Record) (outcome.Outcome, error) {
		return outcome.Outcome{}, nil
	})
	im.Options.Workers = 1
	if err := both(t.Context(), im); err == nil || errors.Is(err, ErrInterrupted) {
		t.Errorf("got %v", err)
	}
	if len(s.outs) > 0 || len(l.puts) > 0 || len(l.back) != 3 {
		t.Errorf("%v, %v, withdrawn %v", s.outs, l.puts, l.back)
	}
}
