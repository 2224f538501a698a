package write

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"attio-import/importer/attio"
	"attio-import/importer/outcome"
	"attio-import/mapping"
)

// asserting is an API that can overwrite.
type asserting struct {
	*fakeAPI
	asserted int
}

func (a *asserting) Assert(ctx context.Context, object string, values []byte, how attio.Creating) (attio.Written, error) {
	a.asserted++
	return a.Create(ctx, object, values, how)
}

// TestMutants shows that each fault is one: the rule ends a row otherwise.
func TestMutants(t *testing.T) {
	create := func() *mapping.Record { return row(t, "ws1", fld(t, name, "New")) }
	update := func() *mapping.Record {
		rec := create()
		rec.Existing = existing("r1", "", fld(t, key, "ws1"), fld(t, name, "Old"))
		return rec
	}
	mine := []*mapping.Existing{made("r1", me, since, fld(t, key, "ws1"))}
	theirs := []*mapping.Existing{made("r1", "workspace-member:a", since, fld(t, key, "ws1"), fld(t, name, "Theirs"))}
	limited := &attio.Error{Status: 429, Code: "rate_limit_exceeded", Attempts: 1}
	type end struct {
		action outcome.Action
		calls  int
		quiet  time.Duration
	}
	for label, tt := range map[string]struct {
		row         func() *mapping.Record
		errs        []error
		found, hold []*mapping.Existing
		rule, fault end
	}{
		"no quiet time":    {create, []error{errLost}, mine, nil, end{outcome.Created, 1, 5 * time.Second}, end{outcome.Created, 1, 0}},
		"conflict rejects": {create, []error{errLost, errConflict}, nil, mine, end{outcome.Created, 2, 5 * time.Second}, end{outcome.Rejected, 2, 5 * time.Second}},
		"blind resend":     {update, []error{errLost}, theirs, nil, end{outcome.Skipped, 1, 5 * time.Second}, end{outcome.Updated, 2, 5 * time.Second}},
		"adopt anything":   {create, []error{errLost}, theirs, nil, end{outcome.Updated, 2, 5 * time.Second}, end{outcome.Created, 1, 5 * time.Second}},
		"429 clears maybe": {create, []error{errLost, limited}, nil, mine, end{outcome.Created, 2, 5 * time.Second}, end{outcome.Rejected, 2, 5 * time.Second}},
	} {
		for want, mutant := range map[end]Mutant{tt.rule: func(*policy) {}, tt.fault: Mutants()[label]} {
			synctest.Test(t, func(t *testing.T) {
				s := newStory(t, tt.row, tt.errs...)
				s.found, s.lookup.holders, s.mutant = tt.found, found(tt.hold...), mutant
				begun := time.Now()
				if o := s.tell(); o.Action != want.action || len(s.api.calls) != want.calls || time.Since(begun) != want.quiet {
					t.Errorf("%s: %+v after %v and\n%s\nwant %+v", label, o, time.Since(begun), s.api.said(), want)
				}
			})
		}
	}
}

func TestMutantsOfSending(t *testing.T) {
	api := &asserting{fakeAPI: &fakeAPI{}}
	w := New(api, bound{mapping.Upsert}, newLookup(), Options{}).Mutate(AssertForNew)
	if o, err := w.Write(context.Background(), row(t, "ws1")); err != nil || o.Action != outcome.Created || api.asserted != 1 {
		t.Errorf("%v, %+v, asserted %d", err, o, api.asserted)
	}
	rec := row(t, "ws1")
	rec.At = clock
	if in, _ := w.Mutate(LocalClock).Intent(rec); !in.At.After(clock) || in.At.After(time.Now()) {
		t.Errorf("the look-up was at %v", in.At)
	}
	if len(Mutants()) != 7 {
		t.Errorf("%d mutants", len(Mutants()))
	}
}
