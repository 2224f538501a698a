package write

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"attio-import/importer/attio"
	"attio-import/importer/outcome"
	"attio-import/mapping"
	"attio-import/mapping/value"
)

func TestAMissingReferenceIsMadeFirst(t *testing.T) {
	api, lookup := &fakeAPI{}, newLookup()
	f := wants(t, tags, "new.com", "newer.com")
	f.Values = []value.Value{{}, value.Reference("companies", "old"), {}}
	o := write(t, api, lookup, mapping.Upsert, row(t, "ws1", f))
	if o.Action != outcome.Created || o.Attempts != 1 || o.RecordID != "new3" {
		t.Errorf("%+v", o)
	}
	want := strings.Join([]string{
		`POST companies  {"domains":[` + val(t, domains, "new.com").JSON() + `]}`,
		`POST companies  {"domains":[` + val(t, domains, "newer.com").JSON() + `]}`,
		`POST workspaces  {"workspace_id":["ws1"],"tags":[` + value.Reference("companies", "new1").JSON() + `,` +
			value.Reference("companies", "old").JSON() + `,` + value.Reference("companies", "new2").JSON() + `]}`,
	}, "\n")
	if got := api.said(); got != want {
		t.Errorf("sent\n%s\nwant\n%s", got, want)
	}
	if lookup.known["new.com"] != "new1" || lookup.known["newer.com"] != "new2" {
		t.Errorf("learnt %v", lookup.known)
	}
}

func TestAReferenceIsMadeOnceForAllWorkers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, lookup := &fakeAPI{before: func() { time.Sleep(100 * time.Millisecond) }}, newLookup()
		w := New(api, bound{mapping.Upsert}, lookup, Options{})
		var all sync.WaitGroup
		for n := range 64 {
			all.Go(func() {
				time.Sleep(time.Duration(n%8) * 20 * time.Millisecond)
				rec := row(t, "", wants(t, company, []string{"a.com", "b.com"}[n%2]))
				o, err := w.Write(context.Background(), rec)
				if err != nil || o.Action != outcome.Created {
					t.Errorf("%v, %+v", err, o)
				}
			})
		}
		all.Wait()
		n := map[string]int{}
		for _, c := range api.calls {
			n[c.object]++
		}
		if n["companies"] != 2 || n["workspaces"] != 64 {
			t.Errorf("writes: %v", n)
		}
		if len(w.makings.flights) != 0 {
			t.Errorf("%d makings are kept though the lookup knows them", len(w.makings.flights))
		}
	})
}

// A worker may ask before another one's making has ended, and claim after it
// was forgotten.
func TestAReferenceMadeBetweenQuestionAndClaim(t *testing.T) {
	api, lookup := &fakeAPI{}, newLookup()
	lookup.known["new.com"], lookup.late = "made", 1
	o := write(t, api, lookup, mapping.Upsert, row(t, "", wants(t, company, "new.com")))
	if o.Action != outcome.Created || len(api.calls) != 1 || !strings.Contains(api.calls[0].values, `"made"`) {
		t.Errorf("%+v after\n%s", o, api.said())
	}
}

func TestAReferenceThatCannotBeMade(t *testing.T) {
	refusal := &attio.Error{
		Status: 400, Code: "missing_value", ExecutionID: "exec-1",
		Message: `Required value for attribute with ID "` + coName.ID + `" was not provided.`, Attribute: coName.ID,
	}
	api, lookup := &fakeAPI{answer: func(c call) error {
		if c.object == "companies" {
			return refusal
		}
		return nil
	}}, newLookup()
	w := New(api, bound{mapping.Upsert}, lookup, Options{})
	for range 3 {
		o, err := w.Write(context.Background(), row(t, "ws1", wants(t, company, "new.com")))
		if err != nil || o.Action != outcome.Rejected || o.Attempts != 0 {
			t.Fatalf("%v, %+v", err, o)
		}
		p := o.FirstError()
		if p.Code != outcome.ReferenceNotMade || p.Column != "Company" || p.Attribute != "company" || p.Value != "new.com" || p.Row != 7 {
			t.Errorf("%+v", p)
		}
		for _, w := range []string{`domains "new.com"`, `attribute "Company name" (name)`, "missing_value"} {
			if !strings.Contains(p.Message, w) {
				t.Errorf("%q is missing in: %s", w, p.Message)
			}
		}
		if !strings.Contains(p.Hint, "requires name") || !strings.Contains(p.Hint, "exec-1") {
			t.Errorf("hint: %s", p.Hint)
		}
	}
	if len(api.calls) != 1 {
		t.Errorf("sent\n%s", api.said())
	}
}

func TestAReferenceThatSomebodyElseMade(t *testing.T) {
	api, lookup := &fakeAPI{answer: refuseOnce(errConflict)}, newLookup()
	lookup.holders = found(existing("theirs", "", fld(t, domains, "new.com")))
	o := write(t, api, lookup, mapping.Upsert, row(t, "", wants(t, company, "new.com")))
	if o.Action != outcome.Created || lookup.known["new.com"] != "theirs" {
		t.Errorf("%+v, known %v", o, lookup.known)
	}
	if got := api.calls[1].values; !strings.Contains(got, `"theirs"`) {
		t.Errorf("sent %s", got)
	}
}

func TestTwoKeysOfOneRecordAreOneReference(t *testing.T) {
	api, lookup := &fakeAPI{}, newLookup()
	lookup.known["a.com"], lookup.known["a.io"] = "a", "a"
	write(t, api, lookup, mapping.Upsert, row(t, "", wants(t, tags, "a.com", "a.io")))
	if got := strings.Count(api.calls[0].values, `"a"`); got != 1 || len(api.calls) != 1 {
		t.Errorf("sent %s", api.said())
	}
}

func TestAReferenceWhoseOtherValuesAreTaken(t *testing.T) {
	api, lookup := &fakeAPI{answer: refuseOnce(errConflict)}, newLookup()
	lookup.holders = found(existing("other", "", fld(t, domains, "old.com")))
	o := write(t, api, lookup, mapping.Upsert, row(t, "", wants(t, company, "new.com")))
	p := o.FirstError()
	if o.Action != outcome.Rejected || p.Code != outcome.ReferenceNotMade || !strings.Contains(p.Message, "attio.test/other") {
		t.Errorf("%+v", o)
	}
}

func TestALostReferenceIsLookedUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, lookup := &fakeAPI{answer: refuseOnce(errLost)}, newLookup()
		lookup.holders = found(existing("made", "2026-05-01T10:00:00Z", fld(t, domains, "new.com")))
		o := write(t, api, lookup, mapping.Upsert, row(t, "", wants(t, company, "new.com")))
		if o.Action != outcome.Created || lookup.known["new.com"] != "made" || len(api.calls) != 2 {
			t.Errorf("%+v after\n%s", o, api.said())
		}

		api, lookup = &fakeAPI{answer: refuseOnce(errLost)}, newLookup()
		o = write(t, api, lookup, mapping.Upsert, row(t, "", wants(t, company, "new.com")))
		if o.Action != outcome.Created || lookup.known["new.com"] != "new2" || len(api.calls) != 3 {
			t.Errorf("one that did not arrive is not sent again: %+v after\n%s", o, api.said())
		}
	})
}

// A stop must not wait for what waits: neither for a reference that another row
// makes, nor for the quiet time of one that was lost. The call under way goes on.
func TestAStopEndsTheWaitForReferences(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, lookup := &fakeAPI{answer: refuseOnce(errLost)}, newLookup()
		w := New(api, bound{mapping.Upsert}, lookup, Options{QuietTime: time.Hour})
		var all sync.WaitGroup
		for range 2 {
			all.Go(func() {
				rec := row(t, "", wants(t, company, "new.com"))
				if o, err := w.Write(context.Background(), rec); err == nil || o.Action != "" || rec.Sent != nil {
					t.Errorf("%+v, %v", o, err)
				}
			})
		}
		time.Sleep(time.Second)
		w.Stop()
		begun := time.Now()
		all.Wait()
		if waited := time.Since(begun); waited > 0 {
			t.Errorf("the rows came back %v after the stop", waited)
		}
	})
}

func TestAReferenceWhoseLookupFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, first := range []error{errConflict, errLost} {
			for _, second := range []error{
				outcome.Problem{Severity: outcome.Error, Code: "unreadable_record", Message: "it cannot be read"},
				&attio.Error{Status: 400, Code: "filter_error", Message: "Error in filter."},
			} {
				api, lookup := &fakeAPI{answer: refuseOnce(first)}, newLookup()
				lookup.holders = func(int, string) ([]*mapping.Existing, error) { return nil, second }
				o := write(t, api, lookup, mapping.Upsert, row(t, "ws1", wants(t, company, "new.com")))
				p := o.FirstError()
				if o.Action != outcome.Rejected || p.Code != outcome.ReferenceNotMade || strings.Contains(p.Message, "row 0") || len(api.calls) != 1 {
					t.Errorf("%v, then %v: %+v after %s", first, second, o, api.said())
				}
				if !strings.Contains(p.Message, "it cannot be read") && !strings.Contains(p.Message, "Error in filter.") {
					t.Errorf("%v, then %v is not told: %s", first, second, p.Message)
				}
			}
		}
	})
}

func TestWhatEndsTheRunEndsItHereToo(t *testing.T) {
	revoked := &attio.Error{Status: 401, Code: "unauthorized"}
	api := &fakeAPI{answer: func(call) error { return revoked }}
	o, err := New(api, bound{mapping.Upsert}, newLookup(), Options{}).Write(context.Background(), row(t, "ws1", wants(t, company, "new.com")))
	if !errors.Is(err, revoked) || o.Action != "" || len(api.calls) != 1 {
		t.Errorf("%v, %+v", err, o)
	}
}

// The reference's column is where the problem is; the column that the refused
// value came from is another one, and told too.
func TestTheColumnOfARefusedValueIsTold(t *testing.T) {
	api := &fakeAPI{answer: refuseOnce(&attio.Error{Status: 400, Code: "validation_type", Message: `An invalid value was passed to attribute with ID "` + coName.ID + `".`, Attribute: coName.ID})}
	f := wants(t, company, "new.com")
	f.References[0].New = append(f.References[0].New, mapping.Field{Attribute: coName, Values: []value.Value{val(t, coName, "New")}, Column: "Company Name"})
	o := write(t, api, newLookup(), mapping.Upsert, row(t, "", f))
	p := o.FirstError()
	if p == nil || p.Column != "Company" {
		t.Fatalf("%+v", p)
	}
	for _, want := range []string{`"Company name" (name)`, `column "Company Name"`, "validation_type"} {
		if !strings.Contains(p.Message, want) {
			t.Errorf("%s is missing in: %s", want, p.Message)
		}
	}
}
