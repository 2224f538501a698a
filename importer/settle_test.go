package importer

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"attio-import/importer/outcome"
	"attio-import/mapping"
)

// A parked row holds neither a worker nor the rows behind it, comes back mapped
// and looked up anew when its time has come and not before, and takes its place in the Sink.
func TestParkedRowIsSettled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n, quiet = 100, 5 * time.Second
		im, s := sheet(t, numbered(n), "")
		im.Options = Options{Window: 10, Workers: 1}
		l := &ledger{}
		im.Journal = l
		var parkedAt time.Time
		var first *mapping.Record
		im.Resolver = resolver(func(recs []*mapping.Record) error {
			for _, rec := range recs {
				if rec.Sent != nil && time.Since(parkedAt) < quiet {
					t.Errorf("looked up %v after it was parked", time.Since(parkedAt))
				}
				rec.At = time.Now()
			}
			return nil
		})
		im.Writer = writing(func(_ context.Context, rec *mapping.Record) (outcome.Outcome, error) {
			switch {
			case rec.Row != 3:
				time.Sleep(10 * time.Millisecond)
			case rec.Sent == nil:
				first, parkedAt = rec, time.Now()
				return lost(rec, quiet)
			case rec == first, rec.Sent != first.Sent, !rec.Recorded, rec.At.Before(rec.Sent.Until), len(rec.Fields) != 2:
				t.Errorf("came back as %+v", rec)
			}
			return created(rec), nil
		})
		begun, told := time.Now(), 0
		im.Waiting = func(rows int, until time.Time) {
			told++
			if rows != 1 || until != parkedAt.Add(quiet+gathering) || time.Since(begun) < 20*time.Millisecond {
				t.Errorf("told of %d rows to wait for until %v, after %v", rows, until, time.Since(begun))
			}
		}
		if err := both(t.Context(), im); err != nil {
			t.Fatal(err)
		}
		if told == 0 {
			t.Error("nobody is told what the run waits for")
		}
		if took := time.Since(begun); took != 20*time.Millisecond+quiet+gathering {
			t.Errorf("the run took %v", took)
		}
		s.inOrder(t, n)
		if rows := l.rows(); rows[n-1] != 3 {
			t.Errorf("row 3 was not put on record last: %v", rows)
		}
		if l.intended[3] != 2 || len(l.back) > 0 {
			t.Errorf("%d intents of row 3, withdrawn %v", l.intended[3], l.back)
		}
		if want := (Tally{Rows: n, Decided: n}); im.Tally != want {
			t.Errorf("got %+v", im.Tally)
		}
	})
}

// Rows that are parked about the same time share a look-up and a commit.
func TestParkedRowsAreLookedUpTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 90
		im, s := sheet(t, numbered(n), "")
		im.Options = Options{Window: 40, Workers: 16}
		l := &ledger{}
		im.Journal = l
		var mu sync.Mutex
		var batches []int
		im.Resolver = resolver(func(recs []*mapping.Record) error {
			mu.Lock()
			defer mu.Unlock()
			if recs[0].Sent != nil {
				batches = append(batches, len(recs))
			}
			if !slices.IsSortedFunc(recs, func(a, b *mapping.Record) int { return a.Row - b.Row }) {
				t.Error("not in the order of the sheet")
			}
			return nil
		})
		var busy, most atomic.Int64
		im.Writer = writing(func(_ context.Context, rec *mapping.Record) (outcome.Outcome, error) {
			if rec.Sent == nil {
				return lost(rec, time.Second)
			}
			most.Store(max(most.Load(), busy.Add(1)))
			time.Sleep(time.Millisecond)
			busy.Add(-1)
			return created(rec), nil
		})
		if err := both(t.Context(), im); err != nil {
			t.Fatal(err)
		}
		s.inOrder(t, n)
		if !slices.Equal(batches, []int{40, 40, 10}) {
			t.Errorf("looked up in batches of %v", batches)
		}
		if most.Load() != settlers {
			t.Errorf("%d rows were written at once", most.Load())
		}
		if len(l.commits) != 3+3 {
			t.Errorf("%d commits", len(l.commits))
		}
	})
}

// Each row is settled at its own time, whichever was parked first.
func TestParkedForDifferentTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		im, s := sheet(t, numbered(4), "")
		im.Options.Workers = 1
		quiet := []time.Duration{0, 120 * time.Second, 5 * time.Second, 60 * time.Second, 5*time.Second + gathering/2}
		var begun time.Time
		im.Writer = writing(func(_ context.Context, rec *mapping.Record) (outcome.Outcome, error) {
			if rec.Sent == nil {
				return lost(rec, quiet[rec.Row])
			}
			if late := time.Since(begun) - quiet[rec.Row]; late < 0 || late > gathering {
				t.Errorf("row %d was settled %v after its time", rec.Row, late)
			}
			return created(rec), nil
		})
		begun = time.Now()
		if err := both(t.Context(), im); err != nil {
			t.Fatal(err)
		}
		s.inOrder(t, 4)
	})
}

// What was on record for the first write is not for the second.
func TestParkedRowsAreRecordedAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		im, _ := sheet(t, numbered(2), "")
		l := &ledger{}
		im.Journal = l
		w := writing(func(_ context.Context, rec *mapping.Record) (outcome.Outcome, error) {
			if rec.Sent == nil {
				return lost(rec, time.Second)
			}
			if rec.Recorded != (rec.Row == 2) {
				t.Errorf("row %d: recorded %v", rec.Row, rec.Recorded)
			}
			return created(rec), nil
		})
		w.silent = func(rec *mapping.Record) bool { return rec.Row == 1 && rec.Sent != nil }
		im.Writer = w
		if err := both(t.Context(), im); err != nil {
			t.Fatal(err)
		}
		if l.intended[1] != 1 || l.intended[2] != 2 {
			t.Errorf("intents by row: %v", l.intended)
		}
	})
}

func TestParkedAgainAndAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 50
		im, s := sheet(t, numbered(n), "")
		im.Options = Options{Window: 10, Workers: 3}
		im.Writer = writing(func(_ context.Context, rec *mapping.Record) (outcome.Outcome, error) {
			if rec.Sent == nil || rec.Sent.Tries < rec.Row%7 {
				return lost(rec, time.Second)
			}
			o := created(rec)
			o.Attempts = rec.Sent.Tries
			return o, nil
		})
		if err := both(t.Context(), im); err != nil {
			t.Fatal(err)
		}
		s.inOrder(t, n)
		for _, o := range s.outs {
			if o.Attempts != max(1, o.Row%7) {
				t.Errorf("row %d came back %d times", o.Row, o.Attempts)
			}
		}
	})
}

// All workers wait for a parked row, and so do all that write settled rows: the
// run goes on all the same.
func TestRowsThatWaitForParkedOnes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 60
		im, s := sheet(t, numbered(n), "")
		im.Options = Options{Window: 10, Workers: 4}
		ended := make([]chan struct{}, n+1)
		for i := range ended {
			ended[i] = make(chan struct{})
		}
		im.Writer = writing(func(_ context.Context, rec *mapping.Record) (outcome.Outcome, error) {
			switch {
			case rec.Row == 1 && (rec.Sent == nil || rec.Sent.Tries < 3):
				return lost(rec, 10*time.Second) // the others are due long before
			case rec.Row%2 == 0 && rec.Sent == nil:
				return lost(rec, time.Second)
			case rec.Row > 1:
				<-ended[rec.Row-1]
			}
			close(ended[rec.Row])
			return created(rec), nil
		})
		if err := both(t.Context(), im); err != nil {
			t.Fatal(err)
		}
		s.inOrder(t, n)
	})
}

// Behind a parked row the run goes on, up to a bound.
func TestParkedRowsHoldUpNoMoreThanTheSink(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n, window = 15_000, 100
		im, s := sheet(t, numbered(n), "")
		im.Options = Options{Window: window, Workers: 4}
		l := &ledger{}
		im.Journal = l
		w := writing(func(_ context.Context, rec *mapping.Record) (outcome.Outcome, error) {
			if rec.Row == 7 || rec.Row%3 == 0 && rec.Row > 9_000 {
				if rec.Sent == nil {
					return lost(rec, time.Hour)
				}
			}
			return created(rec), nil
		})
		im.Writer = w
		run := make(chan error)
		go func() { run <- both(t.Context(), im) }()
		time.Sleep(time.Minute)
		synctest.Wait()
		if held := int(w.calls.Load()) - 6; held < maxHeld || held > maxHeld+windowsUnderWay*window {
			t.Errorf("%d rows are held for row 7", held)
		}
		if len(s.outs) != 6 || len(l.rows()) < 9_000 {
			t.Errorf("%d rows are in the Sink, %d on record", len(s.outs), len(l.rows()))
		}
		if err := <-run; err != nil {
			t.Fatal(err)
		}
		s.inOrder(t, n)
		if err := same("on record", l.rows(), rowsTo(n)); err != nil {
			t.Error(err)
		}
	})
}

// A run that is told to stop leaves parked rows open at once, and the rows that
// wait for them come back too.
func TestStopLeavesParkedRowsOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		im, s := sheet(t, numbered(100), "")
		im.Options = Options{Window: 10, Workers: 4}
		l := &ledger{}
		im.Journal = l
		stopped := make(chan struct{})
		waits := errors.New("waited for row 2")
		w := writing(func(ctx context.Context, rec *mapping.Record) (outcome.Outcome, error) {
			switch {
			case rec.Row == 2:
				return lost(rec, time.Hour)
			case rec.Row < 5:
				return created(rec), nil
			}
			select {
			case <-stopped:
				return outcome.Outcome{}, waits
			case <-ctx.Done():
				return outcome.Outcome{}, ctx.Err()
			}
		})
		w.stop = func() { close(stopped) }
		im.Writer = w
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(10*time.Second, cancel)
		begun := time.Now()
		if err := both(ctx, im); !errors.Is(err, ErrInterrupted) {
			t.Fatalf("got %v", err)
		}
		if took := time.Since(begun); took != 10*time.Second {
			t.Errorf("it took %v to stop", took-10*time.Second)
		}
		if len(s.outs) != 3 || len(l.puts) != 3 {
			t.Errorf("%d rows in the Sink, %d on record", len(s.outs), len(l.puts))
		}
		if want := (Tally{Rows: 100, Decided: 3, Open: 1}); im.Tally != want || im.Tally.Left() != 97 {
			t.Errorf("got %+v", im.Tally)
		}
		for _, row := range []int{5, 6, 7, 8, 9, 20} {
			if !slices.Contains(l.back, row) {
				t.Errorf("row %d was not withdrawn", row)
			}
		}
		if slices.Contains(l.back, 2) {
			t.Error("the parked row was withdrawn")
		}
	})
}

// What is under way in the settling stage when the run stops is given its grace.
func TestStopWhileSettling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		im, s := sheet(t, numbered(10), "")
		im.Writer = writing(func(ctx context.Context, rec *mapping.Record) (outcome.Outcome, error) {
			if rec.Sent == nil {
				return lost(rec, time.Second)
			}
			select {
			case <-time.After(time.Second):
				return created(rec), nil
			case <-ctx.Done():
				return outcome.Outcome{}, ctx.Err()
			}
		})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(1500*time.Millisecond, cancel)
		begun := time.Now()
		if err := both(ctx, im); !errors.Is(err, ErrInterrupted) {
			t.Fatalf("got %v", err)
		}
		if took := time.Since(begun); took != 2*time.Second+gathering {
			t.Errorf("it took %v", took)
		}
		if want := (Tally{Rows: 10, Decided: settlers, Open: 10 - settlers}); im.Tally != want || len(s.outs) != settlers {
			t.Errorf("got %+v and %d outcomes", im.Tally, len(s.outs))
		}
	})
}

// The settling stage's look-ups, commits and writes can end the run as any other's.
func TestSettlingThatFailsStopsTheRun(t *testing.T) {
	away := errors.New("away")
	for _, at := range []string{"look-up", "commit", "write"} {
		t.Run(at, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				im, s := sheet(t, numbered(10), "")
				l := &ledger{}
				im.Journal = l
				want := away
				if at == "commit" {
					l.failAt, want = 2, errBroken
				}
				im.Resolver = resolver(func(recs []*mapping.Record) error {
					if recs[0].Sent != nil && at == "look-up" {
						return away
					}
					return nil
				})
				im.Writer = writing(func(_ context.Context, rec *mapping.Record) (outcome.Outcome, error) {
					switch {
					case rec.Row%2 == 0:
						return created(rec), nil
					case rec.Sent == nil:
						return lost(rec, time.Second)
					case at != "write":
						t.Error("row was written")
					}
					rec.Sent = nil // it forgets what it must not
					return outcome.Outcome{}, away
				})
				if err := both(t.Context(), im); !errors.Is(err, want) {
					t.Fatalf("got %v", err)
				}
				if want := (Tally{Rows: 10, Decided: 5, Open: 5}); im.Tally != want || len(s.outs) != 5 || len(l.back) > 0 {
					t.Errorf("got %+v, %d outcomes, withdrawn %v", im.Tally, len(s.outs), l.back)
				}
			})
		})
	}
}
