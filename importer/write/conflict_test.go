package write

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"attio-import/importer/attio"
	"attio-import/importer/outcome"
	"attio-import/mapping"
)

var errConflict = &attio.Error{
	Status: 400, Code: attio.CodeUniquenessConflict, Attempts: 1, Attribute: "contact",
	Message: `A value provided for attribute with slug "contact" conflicts with one already in the system.`,
}

// refuseOnce refuses the first call.
func refuseOnce(err error) func(call) error {
	done := false
	return func(call) error {
		if done {
			return nil
		}
		done = true
		return err
	}
}

func TestAConflictInAnUpsertIsAnUpdate(t *testing.T) {
	api, lookup := &fakeAPI{answer: refuseOnce(errConflict)}, newLookup()
	lookup.holders = found(existing("theirs", "", fld(t, key, "ws1"), fld(t, name, "Their name")))
	o := write(t, api, lookup, mapping.Upsert, row(t, "ws1", fld(t, name, "Our name")))
	if o.Action != outcome.Updated || o.RecordID != "theirs" || o.Attempts != 2 || len(o.Problems) != 0 {
		t.Errorf("%+v", o)
	}
	if len(api.calls) != 2 || api.calls[1].String() != `PATCH workspaces theirs {"name":["Our name"]}` {
		t.Errorf("sent %s", api.said())
	}

	api = &fakeAPI{answer: refuseOnce(errConflict)}
	o = write(t, api, lookup, mapping.Upsert, row(t, "ws1", fld(t, name, "Their name")))
	if o.Action != outcome.Unchanged || o.RecordID != "theirs" || len(api.calls) != 1 {
		t.Errorf("%+v after %s", o, api.said())
	}
}

func TestAConflictWithAnotherRecordNamesIt(t *testing.T) {
	mine := existing("mine", "", fld(t, key, "ws1"))
	other := existing("other", "", fld(t, key, "ws2"), fld(t, email, "ann@acme.com"))
	for label, tt := range map[string]struct {
		mode    mapping.Mode
		holders []*mapping.Existing
		value   string
		hint    string
	}{
		"create mode, by key":          {mapping.Create, []*mapping.Existing{mine}, "ws1", "mode: upsert"},
		"upsert, by another attribute": {mapping.Upsert, []*mapping.Existing{other}, "ann@acme.com", "merge"},
	} {
		t.Run(label, func(t *testing.T) {
			api, lookup := &fakeAPI{answer: refuseOnce(errConflict)}, newLookup()
			lookup.holders = found(tt.holders...)
			o := write(t, api, lookup, tt.mode, row(t, "ws1", fld(t, email, "ann@acme.com")))
			p := o.FirstError()
			if o.Action != outcome.Rejected || p == nil || p.Code != outcome.UniquenessConflict {
				t.Fatalf("%+v", o)
			}
			if p.Value != tt.value || p.Column == "" || !strings.Contains(p.Message, tt.holders[0].WebURL) || !strings.Contains(p.Hint, tt.hint) {
				t.Errorf("%+v", p)
			}
			if len(api.calls) != 1 || lookup.asked != 1 {
				t.Errorf("%d writes, %d look-ups", len(api.calls), lookup.asked)
			}
		})
	}
}

func TestAHolderThatIsNotVisibleYetIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, lookup := &fakeAPI{answer: refuseOnce(errConflict)}, newLookup()
		lookup.holders = func(n int, _ string) ([]*mapping.Existing, error) {
			if n < 4 {
				return nil, nil
			}
			return []*mapping.Existing{existing("theirs", "", fld(t, key, "ws1"))}, nil
		}
		begun := time.Now()
		o := write(t, api, lookup, mapping.Upsert, row(t, "ws1"))
		if o.Action != outcome.Unchanged || lookup.asked != 4 || time.Since(begun) != 5*time.Second {
			t.Errorf("%+v after %d look-ups and %v", o, lookup.asked, time.Since(begun))
		}
	})
}

func TestAHolderThatIsNeverSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, lookup := &fakeAPI{answer: refuseOnce(errConflict)}, newLookup()
		begun := time.Now()
		o := write(t, api, lookup, mapping.Upsert, row(t, "ws1", fld(t, email, "ann@acme.com")))
		p := o.FirstError()
		if o.Action != outcome.Rejected || p.Code != outcome.ConflictNotVisible || p.Attribute != "contact" || !strings.HasPrefix(p.Message, errConflict.Explain(object)) {
			t.Errorf("%+v", o)
		}
		if lookup.asked != 5 || time.Since(begun) != 10*time.Second || len(api.calls) != 1 {
			t.Errorf("%d look-ups in %v, %d writes", lookup.asked, time.Since(begun), len(api.calls))
		}
	})
}

func TestAnUpdateThatTakesAnothersValue(t *testing.T) {
	api, lookup := &fakeAPI{answer: refuseOnce(errConflict)}, newLookup()
	lookup.holders = found(existing("mine", ""), existing("other", "", fld(t, email, "ann@acme.com")))
	rec := row(t, "ws1", fld(t, email, "ann@acme.com"))
	rec.Existing = existing("mine", "", fld(t, key, "ws1"))
	o := write(t, api, lookup, mapping.Upsert, rec)
	p := o.FirstError()
	if o.Action != outcome.Rejected || !strings.Contains(p.Message, "attio.test/other") || strings.Contains(p.Message, "attio.test/mine") || p.Column != "CONTACT" {
		t.Errorf("%+v", o)
	}
}

func TestALookupThatFailsAfterAConflictEndsTheRun(t *testing.T) {
	down := &attio.UnavailableError{Err: errors.New("reset")}
	api, lookup := &fakeAPI{answer: refuseOnce(errConflict)}, newLookup()
	lookup.holders = func(int, string) ([]*mapping.Existing, error) { return nil, down }
	rec := row(t, "ws1")
	o, err := New(api, bound{mapping.Upsert}, lookup, Options{}).Write(context.Background(), rec)
	if !errors.Is(err, down) || o.Action != "" || rec.Sent != nil || !rec.Recorded {
		t.Errorf("%v, %+v, sent %+v, recorded %v", err, o, rec.Sent, rec.Recorded)
	}
}

func TestALookupThatIsRefusedAfterAConflictCostsTheRow(t *testing.T) {
	refused := &attio.Error{Status: 400, Code: "filter_error", Message: "Error in filter."}
	for _, exists := range []bool{false, true} {
		api, lookup := &fakeAPI{answer: refuseOnce(errConflict)}, newLookup()
		lookup.holders = func(int, string) ([]*mapping.Existing, error) { return nil, refused }
		rec := row(t, "ws1", fld(t, email, "ann@acme.com"))
		if exists {
			rec.Existing = existing("mine", "", fld(t, key, "ws1"))
		}
		o := write(t, api, lookup, mapping.Upsert, rec) // fails the test where the run ends
		if o.Action != outcome.Rejected || codesOf(o) != "error uniqueness_conflict, error filter_error" || len(o.Changes) != 0 {
			t.Errorf("exists %v: %+v", exists, o)
		}
	}
}

func TestAConflictWithARecordOfAnotherRow(t *testing.T) {
	api, lookup := &fakeAPI{answer: refuseOnce(errConflict)}, newLookup()
	lookup.holders = found(existing("theirs", "", fld(t, key, "ws1"), fld(t, name, "Their name")))
	lookup.taken = map[string]bool{"theirs": true}
	o := write(t, api, lookup, mapping.Upsert, row(t, "ws1", fld(t, name, "Our name")))
	if o.Action != outcome.Rejected || codesOf(o) != "error duplicate_key" || len(api.calls) != 1 {
		t.Errorf("%+v after %s", o, api.said())
	}
}
