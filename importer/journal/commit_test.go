package journal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"attio-import/importer/outcome"
)

func created(row int) *outcome.Outcome {
	return &outcome.Outcome{Row: row, Line: row + 1, Action: outcome.Created, Stage: outcome.Write}
}

func create(row int) outcome.Intent { return outcome.Intent{Row: row, Verb: outcome.Create} }

// TestDelay has results wait for the delay, for an intent or for the end,
// whichever comes first.
func TestDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{}
		j := mustNew(t, d, Options{Delay: 2 * time.Second})
		begin := time.Now()
		must(t, j.Put(created(1), nil, ""))
		time.Sleep(time.Second)
		must(t, j.Put(created(2), nil, ""))
		time.Sleep(999 * time.Millisecond)
		synctest.Wait()
		if n := d.groups(); n != 1 {
			t.Errorf("%d groups before the delay", n)
		}
		time.Sleep(2 * time.Millisecond)
		synctest.Wait()
		if l := mustLoad(t, d.content()); d.groups() != 2 || !l.Done(1) || !l.Done(2) || l.Newest().Sub(begin) != 2*time.Second {
			t.Errorf("after the delay: %d groups, newest %s", d.groups(), l.Newest().Sub(begin))
		}
		must(t, j.Put(created(3), nil, ""))
		must(t, j.Intend(context.Background(), create(4)))
		if l := mustLoad(t, d.content()); d.groups() != 3 || !l.Done(3) {
			t.Error("an intent did not take a result along")
		}
		must(t, j.Put(created(4), nil, ""))
		must(t, j.Close())
		if l := mustLoad(t, d.content()); d.groups() != 4 || !l.Done(4) {
			t.Error("the end did not take a result along")
		}
	})
}

// TestEager writes every result at once, and does not wait for it.
func TestEager(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &slowDisk{sync: time.Second}
		j := newOn(t, d, Options{Eager: true})
		begin := time.Now()
		must(t, j.Put(created(1), nil, ""))
		if waited := time.Since(begin); waited != 0 {
			t.Error("put waited", waited)
		}
		synctest.Wait()
		time.Sleep(time.Second)
		synctest.Wait()
		if l := mustLoad(t, d.content()); !l.Done(1) || d.groups() != 2 {
			t.Error("not written at once")
		}
		must(t, j.Close())
	})
}

// slowDisk takes its time to sync.
type slowDisk struct {
	disk
	sync time.Duration
}

func (d *slowDisk) Sync() error {
	time.Sleep(d.sync)
	return d.disk.Sync()
}

func newOn(t testing.TB, f File, o Options) *Journal {
	t.Helper()
	j, err := New(f, header(), o)
	must(t, err)
	return j
}

// TestGroupCommit has sixteen workers that each wait for their own intents:
// those who come while a sync is under way share the next one.
func TestGroupCommit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &slowDisk{sync: 10 * time.Millisecond}
		j := newOn(t, d, Options{})
		var all sync.WaitGroup
		for worker := range 16 {
			all.Go(func() {
				for i := range 50 {
					row := i*16 + worker + 1
					must(t, j.Intend(context.Background(), create(row)))
					if l := d.groups(); l < 2 {
						t.Errorf("row %d: %d groups", row, l)
					}
					must(t, j.Put(created(row), nil, ""))
				}
			})
		}
		all.Wait()
		must(t, j.Close())
		if n := d.groups(); n < 50 || n > 110 {
			t.Errorf("%d syncs for 800 intents of 16 workers", n)
		}
		l := mustLoad(t, d.content())
		for row := 1; row <= 800; row++ {
			if !l.Done(row) {
				t.Fatal("row", row, "is not done")
			}
		}
	})
}

// TestIntendWaits returns from Intend after the sync, never before.
func TestIntendWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &slowDisk{sync: time.Second}
		j := newOn(t, d, Options{})
		for row := 1; row < 20; row++ {
			must(t, j.Intend(context.Background(), create(row)))
			synced := d.synced()
			if mustLoad(t, synced).Open(row) == nil {
				t.Fatal("row", row, "was not synced")
			}
		}
		must(t, j.Close())
	})
}

// TestAlive has a group at least every delay from the first intent on, however
// little happens, until the process ends the run: so Newest tells when it can have sent last.
func TestAlive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{}
		j := mustNew(t, d, Options{})
		time.Sleep(time.Minute)
		synctest.Wait()
		if n := d.groups(); n != 1 {
			t.Errorf("%d groups before the first intent", n)
		}
		must(t, j.Intend(context.Background(), create(1)))
		for range 50 {
			time.Sleep(700 * time.Millisecond)
			synctest.Wait()
			if age := time.Since(mustLoad(t, d.content()).Newest()); age > time.Second {
				t.Errorf("the newest group is %s old", age)
			}
		}
		must(t, j.Put(created(1), nil, ""))
		must(t, j.End(End{}))
		n := d.groups()
		time.Sleep(time.Minute)
		synctest.Wait()
		if d.groups() != n {
			t.Error("groups after the end")
		}
		must(t, j.Close())
	})
}

// TestContext gives up waiting with the context; the journal goes on.
func TestContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &slowDisk{sync: time.Minute}
		j := newOn(t, d, Options{})
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if err := j.Intend(ctx, create(1)); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if err := j.Intend(ctx, create(2)); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		must(t, j.Withdraw(1))
		must(t, j.Close())
		if l := mustLoad(t, d.content()); len(l.OpenRows()) != 0 || strings.Contains(string(d.bytes), `{"i":2}`) {
			t.Errorf("%s", d.bytes)
		}
	})
}

// TestSyncFails ends the journal at the first sync that fails: no call after it
// succeeds, though the disk would work again, and nothing more is written.
func TestSyncFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{}
		j := mustNew(t, d, Options{})
		must(t, j.Intend(context.Background(), create(1)))
		d.fail(syscall.EIO)
		check := func(name string, err error) {
			t.Helper()
			var we *WriteError
			if !errors.Is(err, syscall.EIO) || !errors.As(err, &we) || we.Hint() == "" {
				t.Errorf("%s: %v", name, err)
			}
		}
		must(t, j.Put(created(1), nil, "")) // it does not wait
		synctest.Wait()
		time.Sleep(2 * time.Second)
		synctest.Wait()
		n := len(d.content())
		d.fail(nil)
		ctx := context.Background()
		check("put", j.Put(created(1), nil, ""))
		check("intend", j.Intend(ctx, create(2)))
		check("flush", j.Intend(ctx))
		check("made", j.Made("a", "b"))
		check("withdraw", j.Withdraw(1))
		check("actor", j.Actor("a"))
		check("begin", j.Begin(ctx, Generation{Number: 1}))
		check("end", j.End(End{}))
		check("close", j.Close())
		must(t, j.Close())
		if len(d.content()) != n || !d.closed {
			t.Error("it went on writing, or left the file open")
		}
	})
}

// TestSyncFailsForAll tells everybody who waits, for the group and for the one after it.
func TestSyncFailsForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &slowDisk{sync: time.Second}
		j := newOn(t, d, Options{})
		d.fail(syscall.EIO)
		var all sync.WaitGroup
		for row := 1; row <= 20; row++ {
			all.Go(func() {
				time.Sleep(time.Duration(row) * 100 * time.Millisecond)
				if err := j.Intend(context.Background(), create(row)); !errors.Is(err, syscall.EIO) {
					t.Error(row, err)
				}
			})
		}
		all.Wait()
		if err := j.Close(); !errors.Is(err, syscall.EIO) {
			t.Error(err)
		}
	})
}

// TestSlowDisk bounds what waits for a disk that does not keep up.
func TestSlowDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &slowDisk{sync: time.Minute}
		j := newOn(t, d, Options{})
		o := created(1)
		o.Key = strings.Repeat("k", 1<<16)
		begin := time.Now()
		for range 3 * tooManyWaiting >> 16 {
			must(t, j.Put(o, nil, ""))
			j.mu.Lock()
			if n := len(j.next.lines); n > tooManyWaiting+1<<17 {
				t.Errorf("%d bytes wait", n)
			}
			j.mu.Unlock()
		}
		if time.Since(begin) == 0 {
			t.Error("put never waited")
		}
		must(t, j.Close())
	})
}

// TestLongLines splits what does not fit into one group, and keeps lines that
// do not fit into any.
func TestLongLines(t *testing.T) {
	d := &disk{}
	j := mustNew(t, d, Options{})
	var intents []outcome.Intent
	for row := 1; row <= 2500; row++ {
		in := create(row)
		in.Key = strings.Repeat("é", 500)
		intents = append(intents, in)
	}
	must(t, j.Intend(context.Background(), intents...))
	groups := d.groups() - 1
	if groups != 3 {
		t.Errorf("%d groups for %d MiB", groups, len(d.bytes)>>20)
	}
	cell := strings.Repeat("\x01", 1<<20)
	o := outcome.Outcome{Row: 5, Action: outcome.Rejected}
	for range 5 {
		o.Problems = append(o.Problems, outcome.Problem{Value: cell, Severity: outcome.Error, Code: "c"})
	}
	must(t, j.Put(created(4), nil, ""))
	must(t, j.Put(&o, []string{"x", cell}, ""))
	must(t, j.Put(created(6), nil, ""))
	must(t, j.Intend(context.Background()))
	if n := d.groups() - 1 - groups; n != 3 {
		t.Errorf("%d groups around a long line", n)
	}
	o.Row, o.Key = 7, strings.Repeat("\x01", maxLine/6+1)
	if err := j.Put(&o, nil, ""); err == nil || !strings.Contains(err.Error(), "64 MiB") {
		t.Error("a line that is too long:", err)
	}
	must(t, j.Put(created(8), nil, ""))
	must(t, j.Close())
	l := mustLoad(t, d.content())
	if e, ok, err := l.Entry(5); !ok || err != nil || e.Cells[1] != cell || len(e.Outcome.Problems) != 5 || e.Outcome.Problems[4].Value != cell {
		t.Error("the long line:", ok, err)
	}
	if l.Open(4) != nil || !l.Done(6) || l.Done(7) || !l.Done(8) || l.Open(2500).Key != intents[0].Key {
		t.Error("the lines around it")
	}
	// A tear in a long line is a torn tail like another.
	cut := d.content()[:d.ends[len(d.ends)-3]-100]
	if l := mustLoad(t, cut); l.Open(5) == nil || l.Open(4) != nil {
		t.Error("after a tear in the long line")
	}
}

// TestFullDisk fills the disk at fifty sizes. On one that keeps room, intents
// are refused while all results still fit; on one that does not, the journal ends with a
// torn group. In neither is anything lost that Intend promised.
func TestFullDisk(t *testing.T) {
	for i := 0; i < 50; i += sparse {
		room := 2000 + i*7919
		t.Run(fmt.Sprint("no room kept, ", room), func(t *testing.T) { fillDisk(t, &disk{room: room}) })
		t.Run(fmt.Sprint("room kept, ", 2*ahead+room), func(t *testing.T) { fillDisk(t, &keepingDisk{disk{room: 2*ahead + room}}) })
	}
}

// keepingDisk keeps room, or says that there is none.
type keepingDisk struct{ disk }

func (d *keepingDisk) Reserve(size int64) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if int(size) > d.room {
		return syscall.ENOSPC
	}
	d.reserved = int(size)
	return nil
}

type fillable interface {
	File
	content() []byte
}

// fillDisk works on a run until the disk is full, and ends it as a run does.
func fillDisk(t *testing.T, d fillable) {
	_, keeps := d.(Reserver)
	j := newOn(t, d, Options{})
	intended, put := 0, 0
	var err error
	for err == nil {
		var window []outcome.Intent
		for i := range 100 {
			window = append(window, create(intended+i+1))
		}
		if err = j.Intend(context.Background(), window...); err == nil {
			intended += len(window)
		}
		for err == nil && put < intended-100 { // the last window is under way
			put++
			err = j.Put(created(put), nil, "")
		}
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
	if again := j.Intend(context.Background(), create(9999)); !errors.Is(again, syscall.ENOSPC) {
		t.Error("intents were taken again:", again)
	}
	results := 0
	for row := put + 1; row <= intended; row++ {
		if j.Put(created(row), nil, "") == nil {
			results = row
		}
	}
	endErr := errors.Join(j.End(End{ExitCode: 1}), j.Close())
	l := mustLoad(t, d.content())
	for row := 1; row <= intended; row++ {
		if !l.Done(row) && l.Open(row) == nil {
			t.Fatalf("row %d of %d was promised and is gone", row, intended)
		}
	}
	switch {
	case keeps && (endErr != nil || results != intended || l.Cut() != 0 || len(l.OpenRows()) != 0 || len(l.Ends()) != 1):
		t.Errorf("results were lost: %v, %d of %d, %d bytes torn, open %v", endErr, results, intended, l.Cut(), l.OpenRows())
	case keeps && l.Done(intended+1):
		t.Error("an intent that was refused left something")
	case !keeps && !errors.Is(endErr, syscall.ENOSPC):
		t.Error("the end was taken:", endErr)
	}
}

// TestNoRoomAtAll does not begin a run that cannot be kept.
func TestNoRoomAtAll(t *testing.T) {
	var we *WriteError
	if _, err := New(&keepingDisk{disk{room: ahead}}, header(), Options{}); !errors.As(err, &we) || we.Hint() == "" {
		t.Error(err)
	}
	if _, err := New(&disk{room: 100}, header(), Options{}); !errors.As(err, &we) {
		t.Error(err)
	}
}

// TestClosed refuses what comes after the end.
func TestClosed(t *testing.T) {
	d := &disk{}
	j := mustNew(t, d, Options{})
	must(t, j.Close())
	must(t, j.Close())
	if err := j.Intend(context.Background(), create(1)); !errors.Is(err, os.ErrClosed) {
		t.Error(err)
	}
	if err := j.End(End{}); !errors.Is(err, os.ErrClosed) {
		t.Error(err)
	}
}

// TestWithoutIntents drops the intents of a batch and nothing else.
func TestWithoutIntents(t *testing.T) {
	why := errors.New("full")
	for lines, want := range map[string]string{"": "", "r": "r", "i": "", "ri": "r", "ir": "r", "riirirr": "rrrr", "rriii": "rr"} {
		b := newBatch()
		b.lines = []byte(lines)
		for at := range lines {
			if lines[at] == 'i' {
				b.intents = append(b.intents, span{at, at + 1})
			}
		}
		b.withoutIntents(why)
		close(b.done)
		if string(b.lines) != want || b.wait(context.Background(), true) != why || b.wait(context.Background(), false) != nil {
			t.Errorf("%q became %q", lines, b.lines)
		}
	}
}

// TestManyResults writes what is much without waiting for more.
func TestManyResults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{}
		j := mustNew(t, d, Options{Delay: time.Hour})
		for row := 1; row <= manyWaiting/8; row++ {
			must(t, j.Put(created(row), nil, ""))
		}
		synctest.Wait()
		if d.groups() == 1 {
			t.Error("nothing was written")
		}
		must(t, j.Close())
	})
}

// TestCells keeps the row as it stood where it failed, and only there.
func TestCells(t *testing.T) {
	for _, a := range outcome.Actions() {
		d := &disk{}
		j := mustNew(t, d, Options{})
		must(t, j.Put(&outcome.Outcome{Row: 1, Action: a}, []string{"cell"}, "raw"))
		must(t, j.Close())
		e, ok, err := mustLoad(t, d.bytes).Entry(1)
		if !ok || err != nil || e.Outcome.Action != a || (len(e.Cells) == 1 && e.Raw == "raw") != a.Failed() {
			t.Errorf("%s: %+v, %v", a, e, err)
		}
	}
}

// TestConcurrent does everything at once, on a journal that is also read.
func TestConcurrent(t *testing.T) {
	d := &disk{}
	j := mustNew(t, d, Options{})
	for row := 1; row <= 100; row++ {
		must(t, j.Put(created(row), nil, ""))
	}
	must(t, j.Close())
	d = of(d.content())
	j, l, err := Resume(d, int64(len(d.bytes)), Options{Delay: time.Millisecond})
	must(t, err)
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			for i := range 50 {
				row := 1000 + worker*50 + i
				reference := fmt.Sprint("a/b/", row)
				must(t, errors.Join(
					j.Intend(context.Background(), create(row), outcome.Intent{Row: row, Verb: outcome.Create, Reference: reference}),
					j.Actor(fmt.Sprint(i)),
					j.Made(reference, "id"),
				))
				if i%2 == 0 {
					must(t, j.Withdraw(row))
				} else {
					must(t, j.Put(created(row), nil, ""))
				}
				if e, ok, err := l.Entry(1 + i); !ok || err != nil || e.Outcome.Row != 1+i || !l.Done(1+i) || l.Done(row) {
					t.Error(e, ok, err)
				}
			}
		})
	}
	all.Wait()
	must(t, j.Close())
	l = mustLoad(t, d.content())
	if refs, err := l.OpenReferences(); len(l.OpenRows())+len(refs) != 0 || err != nil {
		t.Error(l.OpenRows(), refs, err)
	}
	for row := 1000; row < 1400; row++ {
		if l.Done(row) != (row%2 == 1) {
			t.Error("row", row)
		}
	}
}
