package resolve

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"attio-import/mapping"
	"attio-import/mapping/schema"
	"attio-import/mapping/value"
)

// slowly makes every query take a while, so that windows overlap.
func slowly(d time.Duration) func(context.Context, asked) error {
	return func(ctx context.Context, _ asked) error {
		select {
		case <-time.After(d):
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func TestWindowsShareTheirFlights(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.before = slowly(50 * time.Millisecond)
		f.members = nil
		for n := range 100 {
			f.add(companies, fmt.Sprintf("co%d", n), "domains", fmt.Sprintf("c%d.com", n))
		}
		r := New(f, upsert, Options{})
		rule := byDomain(mapping.MissingReject)
		member := &mapping.ReferenceRule{MemberBy: "email", Missing: mapping.MissingSkip}
		begun := time.Now()
		var all sync.WaitGroup
		for w := range 8 {
			all.Go(func() {
				var recs []*mapping.Record
				for n := range 60 {
					rec := refer(row(t, n, ""), company, ref(t, rule, fmt.Sprintf("c%d.com", (w*7+n)%100)))
					recs = append(recs, refer(rec, owner, ref(t, member, "x")))
				}
				if err := r.Resolve(context.Background(), recs); err != nil {
					t.Error(err)
				}
				for n, rec := range recs {
					if got, want := canonicals(field(rec, company).Values), fmt.Sprintf("co%d", (w*7+n)%100); got != want {
						t.Errorf("window %d row %d: %q, want %q", w, n, got, want)
					}
				}
			})
		}
		all.Wait()
		f.checkOnce(t)
		if f.listed != 1 {
			t.Errorf("the members were listed %d times", f.listed)
		}
		if d := time.Since(begun); d > 200*time.Millisecond {
			t.Errorf("the windows took %v: they do not run at the same time", d)
		}
	})
}

func TestAWindowThatFailsLeavesItsKeysToOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.before = slowly(time.Second)
		f.add(companies, "a", "domains", "a.com")
		r := New(f, upsert, Options{})
		rule := byDomain(mapping.MissingReject)
		ctx, cancel := context.WithCancel(context.Background())
		var all sync.WaitGroup
		all.Go(func() {
			err := r.Resolve(ctx, []*mapping.Record{refer(row(t, 1, ""), company, ref(t, rule, "a.com"))})
			if !errors.Is(err, context.Canceled) {
				t.Errorf("the cancelled window: %v", err)
			}
		})
		rec := refer(row(t, 2, ""), company, ref(t, rule, "a.com"))
		all.Go(func() {
			time.Sleep(time.Millisecond)
			if err := r.Resolve(context.Background(), []*mapping.Record{rec}); err != nil {
				t.Error(err)
			}
		})
		time.Sleep(500 * time.Millisecond)
		cancel()
		all.Wait()
		if canonicals(field(rec, company).Values) != "a" || len(f.queries) != 1 {
			t.Errorf("%+v after %d queries", field(rec, company), len(f.queries))
		}
	})
}

func TestAWindowThatWaitsForAnotherCanBeCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.before = slowly(time.Hour)
		r := New(f, upsert, Options{})
		rule := byDomain(mapping.MissingReject)
		first, stop := context.WithCancel(context.Background())
		var all sync.WaitGroup
		all.Go(func() {
			_ = r.Resolve(first, []*mapping.Record{refer(row(t, 1, ""), company, ref(t, rule, "a.com"))})
		})
		time.Sleep(time.Second)
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		err := r.Resolve(ctx, []*mapping.Record{refer(row(t, 2, ""), company, ref(t, rule, "a.com"))})
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the waiting window: %v", err)
		}
		stop()
		all.Wait()
	})
}

func TestQueriesOfAWindowAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		var mu sync.Mutex
		now, most := 0, 0
		f.before = func(context.Context, asked) error {
			mu.Lock()
			now++
			most = max(most, now)
			mu.Unlock()
			time.Sleep(time.Second)
			mu.Lock()
			now--
			mu.Unlock()
			return nil
		}
		r := New(f, upsert, Options{Queries: 3})
		if err := r.Resolve(context.Background(), window(t, byDomain(mapping.MissingSkip), 0, 400)); err != nil {
			t.Fatal(err)
		}
		if most != 3 {
			t.Errorf("%d queries at once, want 3", most)
		}
	})
}

func TestWhatTheRunMakesIsKnown(t *testing.T) {
	f := newFake()
	f.add(companies, "a", "domains", "a.com")
	r := New(f, upsert, Options{})
	rule := byDomain(mapping.MissingCreate)
	made := ref(t, rule, "new.com")
	if err := r.Resolve(context.Background(), []*mapping.Record{refer(row(t, 1, ""), company, made, ref(t, rule, "a.com"))}); err != nil {
		t.Fatal(err)
	}
	if _, ok := r.Known(&made); ok {
		t.Error("a missing company is known")
	}
	r.Learn(companies, "made", []mapping.Field{
		{Attribute: coName, Values: []value.Value{val(t, coName, "New")}},
		{Attribute: domains, Values: []value.Value{val(t, domains, "new.com"), val(t, domains, "a.com"), val(t, domains, "unasked.com")}},
	})
	r.Learn(&schema.Object{Slug: "deals"}, "x", []mapping.Field{{Attribute: domains, Values: []value.Value{made.Key}}})
	if v, ok := r.Known(&made); !ok || v.Canonical() != "made" {
		t.Errorf("after it was made: %v, %v", v, ok)
	}
	next := refer(row(t, 2, ""), users, ref(t, rule, "new.com"), ref(t, rule, "a.com"), ref(t, rule, "unasked.com"))
	if err := r.Resolve(context.Background(), []*mapping.Record{next}); err != nil {
		t.Fatal(err)
	}
	if got := canonicals(field(next, users).Values); got != "made a ?" {
		t.Errorf("the next window: %q", got)
	}
	f.checkOnce(t)
}
