package importer

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"attio-import/importer/outcome"
	"attio-import/importer/source"
	"attio-import/mapping"
	"attio-import/mapping/schema"
)

const testMapping = `version: 1
object: workspaces
mode: upsert
match: workspace_id
values:
  workspace_id: ID
  name: Name
`

// sheet is an Import of rows under the header "ID,Name", with fakes at its edges.
func sheet(t testing.TB, rows, more string) (*Import, *sink) {
	t.Helper()
	return sheetOf(t, testMapping+more, "ID,Name\n"+rows)
}

func sheetOf(t testing.TB, how, text string) (*Import, *sink) {
	t.Helper()
	file, err := mapping.Parse("test.yaml", []byte(how))
	if err != nil {
		t.Fatal(err)
	}
	src, err := source.OpenBytes("test.csv", []byte(text), source.Options{Delimiter: ','})
	if err != nil {
		t.Fatal(err)
	}
	plan, _, err := mapping.Bind(file, src.Header, schema.Standard())
	if err != nil {
		t.Fatal(err)
	}
	s := &sink{}
	return &Import{Source: src, Plan: plan, Sink: s}, s
}

// numbered is a sheet's text of n good rows, "w1,Name 1" and so on.
func numbered(n int) string {
	var b strings.Builder
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&b, "w%d,Name %d\n", i, i)
	}
	return b.String()
}

type sink struct {
	outs   []outcome.Outcome
	failAt int // the first row that it refuses; 0: none

	counted int // rows that it refused
}

var errDiskFull = errors.New("disk full")

func (s *sink) Put(row source.Row, o outcome.Outcome) error {
	if row.Number != o.Row {
		s.outs = append(s.outs, o) // nobody may hear of the error any more
		return fmt.Errorf("row %d came with the outcome of row %d", row.Number, o.Row)
	}
	if s.failAt > 0 && o.Row >= s.failAt {
		s.counted++
		return errDiskFull
	}
	s.outs = append(s.outs, o)
	return nil
}

// inOrder demands that the sink has exactly the rows 1 to n, in order.
func (s *sink) inOrder(t *testing.T, n int) {
	t.Helper()
	if len(s.outs) != n {
		t.Fatalf("%d outcomes, want %d", len(s.outs), n)
	}
	for i, o := range s.outs {
		if o.Row != i+1 {
			t.Fatalf("outcome %d is of row %d", i+1, o.Row)
		}
	}
}

func (s *sink) actions() string {
	var words []string
	for _, o := range s.outs {
		word := string(o.Action)
		if len(o.Problems) > 0 {
			word += ":" + string(o.Problems[len(o.Problems)-1].Code)
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

// writer is a Writer made of a function; it counts its calls.
type writer struct {
	calls atomic.Int64
	write func(ctx context.Context, rec *mapping.Record) (outcome.Outcome, error)
}

func (w *writer) Intent(*mapping.Record) (outcome.Intent, bool) { return outcome.Intent{}, false }

func (w *writer) Write(ctx context.Context, rec *mapping.Record) (outcome.Outcome, error) {
	w.calls.Add(1)
	o := outcome.Outcome{Row: rec.Row, Line: rec.Line, Action: outcome.Created, Stage: outcome.Write}
	if w.write == nil {
		return o, nil
	}
	return w.write(ctx, rec)
}

func created(rec *mapping.Record) outcome.Outcome {
	return outcome.Outcome{Row: rec.Row, Line: rec.Line, Action: outcome.Created, Stage: outcome.Write}
}

type resolver func(recs []*mapping.Record) error

func (f resolver) Resolve(_ context.Context, recs []*mapping.Record) error { return f(recs) }

// both runs the two passes.
func both(ctx context.Context, im *Import) error {
	check, err := im.Check(ctx, nil)
	if err != nil {
		return err
	}
	return im.Run(ctx, check)
}

func TestOutcomesAreInSourceOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 2_345
		im, s := sheet(t, numbered(n), "")
		im.Options.Window = 100
		im.Writer = &writer{write: func(_ context.Context, rec *mapping.Record) (outcome.Outcome, error) {
			time.Sleep(rand.N(2 * time.Second))
			return created(rec), nil
		}}
		if err := both(t.Context(), im); err != nil {
			t.Fatal(err)
		}
		s.inOrder(t, n)
	})
}

func TestEveryRowHasItsOutcome(t *testing.T) {
	rows := "w1,One\n" + // created
		",Nobody\n" + // blank key
		"w3,Three\n" + // twice
		",\n" + // blank row
		"w5,\"Five\n" + // broken quote, to the end of the file only by its own line
		"w6,Six,extra\n" + // ragged
		"w3,Drei\n" + // twice
		"w8,Eight\n" // refused by the look-up
	im, s := sheet(t, rows, "")
	w := &writer{}
	im.Writer = w
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
	const want = "created invalid:blank_key invalid:duplicate_key skipped:blank_row " +
		"invalid:broken_quote invalid:ragged_row invalid:duplicate_key rejected:reference_not_found"
	if got := s.actions(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	s.inOrder(t, 8)
	if n := w.calls.Load(); n != 1 {
		t.Errorf("%d writes, want 1", n)
	}
}

func TestDuplicatesLast(t *testing.T) {
	im, s := sheet(t, "a,1\nb,2\na,3\na,4\n", "duplicates: last\n")
	im.Writer = &writer{}
	if err := both(t.Context(), im); err != nil {
		t.Fatal(err)
	}
	if got, want := s.actions(), "skipped:superseded created skipped:superseded created"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

const usersMapping = `version: 1
object: users
match: user_id
values:
  user_id: ID
  primary_email_address: Email
`

// A value that Attio allows on one record only stands in the way even where it
// is no key; rows that give way to a later one do not count.
func TestUniqueValuesClash(t *testing.T) {
	for _, tt := range []struct{ rows, more, want string }{
		{"1,a@x.com\n2,b@x.com\n3, A@X.com \n", "", "invalid:duplicate_key created invalid:duplicate_key"},
		{"1,a@x.com\n1,a@x.com\n", "duplicates: last\n", "skipped:superseded created"},
		{"1,a@x.com\n1,b@x.com\n2,b@x.com\n", "duplicates: last\n", "skipped:superseded invalid:duplicate_key invalid:duplicate_key"},
	} {
		im, s := sheetOf(t, usersMapping+tt.more, "ID,Email\n"+tt.rows)
		im.Writer = &writer{}
		check, err := im.Check(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := im.Run(t.Context(), check); err != nil {
			t.Fatal(err)
		}
		if got := s.actions(); got != tt.want {
			t.Errorf("%q: got %s, want %s", tt.rows, got, tt.want)
		}
		if want := strings.Count(tt.want, "invalid"); check.Invalid != want {
			t.Errorf("%q: the first pass counts %d invalid rows, want %d", tt.rows, check.Invalid, want)
		}
	}
}

// A row that says nothing to the mapping makes no empty record, although a
// column that the mapping does not use is filled.
func TestNothingToWriteIsBlank(t *testing.T) {
	im, s := sheetOf(t, "version: 1\nobject: companies\nmode: create\nvalues: {name: Name}\n", "Name,Note\nAcme,x\n,y\n , \n")
	im.Writer = &writer{}
	if err := both(t.Context(), im); err != nil {
		t.Fatal(err)
	}
	if got, want := s.actions(), "created skipped:blank_row skipped:blank_row"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// The message names the value that is shared, not the first key of the row.
func TestDuplicatesNameTheKey(t *testing.T) {
	im, s := sheetOf(t, strings.Replace(usersMapping, "match: user_id", "match: [user_id, primary_email_address]", 1), "ID,Email\n1,a@x.com\n2,a@x.com\n")
	if err := both(t.Context(), im); err != nil {
		t.Fatal(err)
	}
	p := s.outs[1].Problems[0]
	if p.Column != "Email" || p.Message != `primary_email_address "a@x.com" stands in row 1 as well` || len(s.outs[1].Problems) != 1 {
		t.Errorf("got %+v", s.outs[1].Problems)
	}
}

// Two columns of one name, and one without: their cells are not mixed up.
func TestProblemsShowTheCellOfTheirColumn(t *testing.T) {
	im, s := sheetOf(t, "version: 1\nobject: users\nmatch: user_id\nvalues: {user_id: ID, primary_email_address: \"#2\"}\n", "ID,Email,Email,\n1,bad one,good@x.com,secret\n2,a@x.com,b@x.com,secret\n")
	im.Writer = &writer{write: func(_ context.Context, rec *mapping.Record) (outcome.Outcome, error) {
		o := created(rec)
		o.Problems = []outcome.Problem{{Code: outcome.AnswerLost, Severity: outcome.Error}}
		return o, nil
	}}
	if err := both(t.Context(), im); err != nil {
		t.Fatal(err)
	}
	if got := s.outs[0].Problems[0].Value; got != "bad one" {
		t.Errorf("the cell is shown as %q", got)
	}
	if got := s.outs[1].Problems[0].Value; got != "" {
		t.Errorf("a problem of the whole row shows %q", got)
	}
}

// A person looks for what the sheet says, not for what it was turned into.
func TestProblemsShowTheCell(t *testing.T) {
	im, s := sheetOf(t, usersMapping, "ID,Email\n1, Ann@X.com \n2,ann@x.com\n")
	if err := both(t.Context(), im); err != nil {
		t.Fatal(err)
	}
	if got := s.outs[0].Problems[0].Value; got != " Ann@X.com " {
		t.Errorf("the problem shows %q", got)
	}
}

// What the first pass counts is what the second one then does.
func TestCheckCounts(t *testing.T) {
	for _, policy := range []string{"reject", "last"} {
		im, s := sheet(t, "a,1\n,2\na,3\n,\nb,\"x\nc,5\nb,6\n", "duplicates: "+policy+"\n")
		check, err := im.Check(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := im.Run(t.Context(), check); err != nil {
			t.Fatal(err)
		}
		invalid, skipped := 0, 0
		for _, o := range s.outs {
			switch o.Action {
			case outcome.Invalid:
				invalid++
			case outcome.Skipped:
				skipped++
			}
		}
		if check.Rows != len(s.outs) || check.Invalid != invalid || check.Skipped != skipped {
			t.Errorf("%s: check says %d rows, %d invalid, %d skipped; the run %d, %d, %d",
				policy, check.Rows, check.Invalid, check.Skipped, len(s.outs), invalid, skipped)
		}
	}
}

func TestLimitRows(t *testing.T) {
	for _, n := range []int{1, 10, 11, 25, 30} {
		im, s := sheet(t, numbered(25), "")
		im.Options = Options{Window: 10, Limit: n}
		im.Writer = &writer{}
		if err := both(t.Context(), im); err != nil {
			t.Fatal(err)
		}
		s.inOrder(t, min(n, 25))
	}
}

func TestMaxErrorsBeforeTheFirstWrite(t *testing.T) {
	im, s := sheet(t, ",x\n,y\n"+numbered(8), "")
	w := &writer{}
	im.Writer = w
	im.Options.MaxErrors, _ = ParseLimit("1")
	err := both(t.Context(), im)
	var tooMany *TooManyErrors
	if !errors.As(err, &tooMany) || tooMany.Written || tooMany.Failed != 2 {
		t.Fatalf("got %v", err)
	}
	if w.calls.Load() != 0 || len(s.outs) != 0 {
		t.Errorf("%d writes, %d outcomes", w.calls.Load(), len(s.outs))
	}
}

func TestMaxErrorsWhileWriting(t *testing.T) {
	im, s := sheet(t, numbered(5_000), "")
	im.Options = Options{Window: 50, Workers: 4}
	im.Options.MaxErrors, _ = ParseLimit("10")
	im.Writer = &writer{write: func(_ context.Context, rec *mapping.Record) (outcome.Outcome, error) {
		o := created(rec)
		o.Action = outcome.Rejected
		return o, nil
	}}
	err := both(t.Context(), im)
	var tooMany *TooManyErrors
	if !errors.As(err, &tooMany) || !tooMany.Written {
		t.Fatalf("got %v", err)
	}
	if n := len(s.outs); n < 11 || n > 100 {
		t.Errorf("stopped after %d rows", n)
	}
}

// A row that only the look-up shows to be invalid counts as well, and one that
// the first pass has counted does not count twice.
func TestMaxErrorsCountsWhatTheLookUpShows(t *testing.T) {
	for _, tt := range []struct {
		limit string
		stops bool
	}{{"2", true}, {"3", false}} {
		im, s := sheetOf(t, usersMapping, "ID,Email\n,x@x.com\n1,\n2,\n3,a@x.com\n")
		im.Resolver = resolver(func([]*mapping.Record) error { return nil }) // no record exists
		im.Writer = &writer{}
		im.Options.MaxErrors, _ = ParseLimit(tt.limit)
		var tooMany *TooManyErrors
		if err := both(t.Context(), im); errors.As(err, &tooMany) != tt.stops {
			t.Errorf("--max-errors %s: %v, %s", tt.limit, err, s.actions())
		}
	}
}

// A row taken up when the run is told to stop is finished, not cut off.
func TestInterruptFinishesCallsUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		im, s := sheet(t, numbered(1_000), "")
		im.Options = Options{Window: 100, Workers: 8}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var cut atomic.Int64
		w := &writer{write: func(ctx context.Context, rec *mapping.Record) (outcome.Outcome, error) {
			select {
			case <-ctx.Done():
				cut.Add(1)
			case <-time.After(time.Second):
			}
			return created(rec), nil
		}}
		im.Writer = w
		time.AfterFunc(5500*time.Millisecond, cancel)
		if err := both(ctx, im); !errors.Is(err, ErrInterrupted) {
			t.Fatalf("got %v", err)
		}
		if cut.Load() != 0 {
			t.Errorf("%d calls were cut off", cut.Load())
		}
		if int(w.calls.Load()) != len(s.outs) {
			t.Errorf("%d rows taken up, %d outcomes", w.calls.Load(), len(s.outs))
		}
		s.inOrder(t, 48)
	})
}

// A call that never ends cannot hold the program for ever.
func TestInterruptCutsOffAfterTheGrace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		im, _ := sheet(t, numbered(10), "")
		im.Options.Grace = 3 * time.Second
		ctx, cancel := context.WithCancel(t.Context())
		im.Writer = &writer{write: func(ctx context.Context, rec *mapping.Record) (outcome.Outcome, error) {
			<-ctx.Done()
			return created(rec), nil
		}}
		time.AfterFunc(time.Second, cancel)
		begun := time.Now()
		err := both(ctx, im)
		if took := time.Since(begun); took != 4*time.Second {
			t.Errorf("%v after %v", err, took)
		}
	})
}

// An error of one row's call that no other row can escape stops the run, but
// the calls beside it are finished and reported.
func TestFatalErrorCancelsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		im, s := sheet(t, numbered(100), "")
		im.Options.Workers = 4
		revoked := errors.New("token revoked")
		var mu sync.Mutex
		finished := 0
		w := &writer{write: func(ctx context.Context, rec *mapping.Record) (outcome.Outcome, error) {
			if rec.Row == 2 {
				o := created(rec)
				o.Action = outcome.Rejected
				return o, revoked
			}
			time.Sleep(time.Second)
			mu.Lock()
			defer mu.Unlock()
			if ctx.Err() == nil {
				finished++
			}
			return created(rec), nil
		}}
		im.Writer = w
		if err := both(t.Context(), im); !errors.Is(err, revoked) {
			t.Fatalf("got %v", err)
		}
		if len(s.outs) != finished+1 || int(w.calls.Load()) != len(s.outs) {
			t.Errorf("%d outcomes, %d finished, %d calls", len(s.outs), finished, w.calls.Load())
		}
	})
}

func TestFullDiskStopsTheRun(t *testing.T) {
	im, s := sheet(t, numbered(10_000), "")
	im.Options.Window = 10
	s.failAt = 20
	w := &writer{}
	im.Writer = w
	if err := both(t.Context(), im); !errors.Is(err, errDiskFull) {
		t.Fatalf("got %v", err)
	}
	if n := w.calls.Load(); n > 500 {
		t.Errorf("%d writes after the report broke at row 20", n)
	}
	s.inOrder(t, 19)
	if written := int(w.calls.Load()); written != 19+s.counted {
		t.Errorf("%d writes, but the report knows of %d", written, 19+s.counted)
	}
}

func TestResolverErrorStopsTheRun(t *testing.T) {
	im, _ := sheet(t, numbered(100), "")
	away := errors.New("away")
	w := &writer{}
	im.Writer, im.Resolver = w, resolver(func([]*mapping.Record) error { return away })
	if err := both(t.Context(), im); !errors.Is(err, away) || w.calls.Load() != 0 {
		t.Errorf("%v after %d writes", err, w.calls.Load())
	}
}

func TestEmptySheet(t *testing.T) {
	im, s := sheet(t, "", "")
	im.Writer = &writer{}
	if err := both(t.Context(), im); err != nil || len(s.outs) != 0 {
		t.Errorf("%v, %d outcomes", err, len(s.outs))
	}
}

// Rows in memory do not grow with the source, also while one row hangs.
func TestRowsUnderWayAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		im, s := sheet(t, numbered(5_000), "")
		im.Options = Options{Window: 50, Workers: 4}
		release := make(chan struct{})
		w := &writer{write: func(_ context.Context, rec *mapping.Record) (outcome.Outcome, error) {
			if rec.Row == 1 {
				<-release
			}
			return created(rec), nil
		}}
		im.Writer = w
		ended := make(chan error)
		go func() { ended <- both(t.Context(), im) }()
		synctest.Wait()
		if n := w.calls.Load(); n > windowsUnderWay*50 {
			t.Errorf("%d rows were written while the first one hung", n)
		}
		close(release)
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		s.inOrder(t, 5_000)
	})
}

// A sheet that is replaced between the passes was not checked.
func TestSourceChangedBetweenThePasses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ws.csv")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte("ID,Name\n"+text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("w1,One\n")
	im, _ := sheet(t, "", "")
	var err error
	if im.Source, err = source.Open(path, source.Options{}); err != nil {
		t.Fatal(err)
	}
	w := &writer{}
	im.Writer = w
	check, err := im.Check(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	write("w1,One\nw2,Two\n")
	var changed *source.Error
	if err := im.Run(t.Context(), check); !errors.As(err, &changed) || changed.Code != source.CodeSourceChanged {
		t.Errorf("got %v", err)
	}
	if n := w.calls.Load(); n != 0 {
		t.Errorf("%d writes", n)
	}
}
