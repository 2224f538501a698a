package importer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"attio-import/importer/outcome"
	"attio-import/mapping"
)

var errBroken = errors.New("no space left on device")

// ledger is a Journal in memory.
type ledger struct {
	commit   time.Duration // how long an Intend takes
	failAt   int           // the Intend from which on all fail, from 1; 0: none
	failPut  int           // the row whose Put fails
	failBack bool          // Withdraw fails

	mu       sync.Mutex
	commits  [][]int // rows of each Intend, in order
	begun    []time.Time
	intended map[int]int // intents that last, by row
	puts     []outcome.Outcome
	cells    map[int][]string
	raw      map[int]string
	back     []int
	full     bool // it takes no intents
	broken   bool // it takes nothing
	late     int  // calls that it had said it would not take
}

func (l *ledger) Intend(ctx context.Context, intents ...outcome.Intent) error {
	rows := make([]int, 0, len(intents))
	for _, i := range intents {
		rows = append(rows, i.Row)
	}
	l.mu.Lock()
	l.commits = append(l.commits, rows)
	l.begun = append(l.begun, time.Now())
	n := len(l.commits)
	l.mu.Unlock()
	select {
	case <-time.After(l.commit):
	case <-ctx.Done():
		return ctx.Err()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.full {
		l.late++
	}
	if err := l.fails(false); err != nil || n == l.failAt {
		l.full = true
		return errBroken
	}
	if l.intended == nil {
		l.intended = map[int]int{}
	}
	for _, row := range rows {
		l.intended[row]++
	}
	return nil
}

func (l *ledger) fails(now bool) error {
	if l.broken {
		l.late++
	}
	l.broken = l.broken || now
	if l.broken {
		return errBroken
	}
	return nil
}

func (l *ledger) Put(o *outcome.Outcome, cells []string, raw string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.fails(o.Row == l.failPut); err != nil {
		return err
	}
	l.puts = append(l.puts, *o)
	if l.cells == nil {
		l.cells, l.raw = map[int][]string{}, map[int]string{}
	}
	if cells != nil {
		l.cells[o.Row] = cells
	}
	if raw != "" {
		l.raw[o.Row] = raw
	}
	return nil
}

func (l *ledger) Withdraw(rows ...int) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.fails(l.failBack); err != nil {
		return err
	}
	l.back = append(l.back, rows...)
	return nil
}

// lasts reports whether a row's intent lasts.
func (l *ledger) lasts(row int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.intended[row] > 0
}

func (l *ledger) rows() []int {
	l.mu.Lock()
	defer l.mu.Unlock()
	rows := make([]int, 0, len(l.puts))
	for _, o := range l.puts {
		rows = append(rows, o.Row)
	}
	return rows
}

// journaled is a writer that knows of every row ahead what it needs, but for
// those that silent names.
type journaled struct {
	writer
	silent func(rec *mapping.Record) bool
	stop   func()
}

func (w *journaled) Intent(rec *mapping.Record) (outcome.Intent, bool) {
	return outcome.Intent{Row: rec.Row, Verb: outcome.Create}, w.silent == nil || !w.silent(rec)
}

func (w *journaled) Stop() {
	if w.stop != nil {
		w.stop()
	}
}

func writing(write func(ctx context.Context, rec *mapping.Record) (outcome.Outcome, error)) *journaled {
	return &journaled{writer: writer{write: write}}
}

// lost says of a record that it may have been written.
func lost(rec *mapping.Record, quiet time.Duration) (outcome.Outcome, error) {
	sent := &outcome.Sent{Tries: 1}
	if rec.Sent != nil {
		sent.Tries += rec.Sent.Tries
	}
	sent.Row, sent.Until = rec.Row, time.Now().Add(quiet)
	rec.Sent = sent
	return outcome.Outcome{}, nil
}

// before is a Past.
type before struct {
	done map[int]bool
	open map[int]*outcome.Sent
}

func (b before) Done(row int) bool          { return b.done[row] }
func (b before) Open(row int) *outcome.Sent { return b.open[row] }

func rowsTo(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i + 1
	}
	return rows
}

func sorted(rows []int) []int { return slices.Sorted(slices.Values(rows)) }

// same demands that two lists of rows are equal but for their order.
func same(what string, got, want []int) error {
	if !slices.Equal(sorted(got), sorted(want)) {
		return fmt.Errorf("%s: %v, want %v", what, sorted(got), sorted(want))
	}
	return nil
}
