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

var errLost = &attio.LostError{Op: "POST", Attempts: 1, Err: errors.New("connection reset")}

func TestALostCreateIsLookedUp(t *testing.T) {
	began := time.Date(2026, 5, 1, 10, 0, 0, 0, time.UTC)
	const after, before = "2026-05-01T10:00:01.000000000Z", "2026-05-01T09:59:59.000000000Z"
	ws1 := func(id, created, says string) *mapping.Existing {
		return existing(id, created, fld(t, key, "ws1"), fld(t, name, says))
	}
	keyed := func() *mapping.Record { return row(t, "ws1", fld(t, name, "Ours")) }
	keyless := func() *mapping.Record { return row(t, "", fld(t, email, "a@acme.com")) }
	for label, tt := range map[string]struct {
		mode    mapping.Mode
		rec     *mapping.Record
		holders []*mapping.Existing
		action  outcome.Action
		calls   int
	}{
		"arrived":                 {mapping.Upsert, keyed(), []*mapping.Existing{ws1("r1", after, "Ours")}, outcome.Created, 1},
		"arrived, create":         {mapping.Create, keyed(), []*mapping.Existing{ws1("r1", after, "Ours")}, outcome.Created, 1},
		"not there":               {mapping.Upsert, keyed(), nil, outcome.Unknown, 1},
		"somebody else's":         {mapping.Upsert, keyed(), []*mapping.Existing{ws1("r1", after, "Theirs")}, outcome.Updated, 2},
		"somebody else's, create": {mapping.Create, keyed(), []*mapping.Existing{ws1("r1", after, "Theirs")}, outcome.Unknown, 1},
		"older than the run":      {mapping.Upsert, keyed(), []*mapping.Existing{ws1("r1", before, "Ours")}, outcome.Unchanged, 1},
		"older, create":           {mapping.Create, keyed(), []*mapping.Existing{ws1("r1", before, "Ours")}, outcome.Unknown, 1},
		"no time told, create":    {mapping.Create, keyed(), []*mapping.Existing{ws1("r1", "", "Ours")}, outcome.Unknown, 1},
		"another's":               {mapping.Upsert, keyed(), []*mapping.Existing{existing("r1", after, fld(t, key, "WS1"))}, outcome.Unknown, 1},
		"two of them":             {mapping.Upsert, keyed(), []*mapping.Existing{ws1("r1", after, "Ours"), ws1("r2", after, "Ours")}, outcome.Unknown, 1},
		"another row's":           {mapping.Upsert, keyed(), []*mapping.Existing{ws1("taken", after, "Theirs")}, outcome.Rejected, 1},
		"by a unique value":       {mapping.Upsert, keyless(), []*mapping.Existing{existing("r1", after, fld(t, email, "a@acme.com"))}, outcome.Created, 1},
		"unique value, not ours":  {mapping.Upsert, keyless(), []*mapping.Existing{existing("r1", after)}, outcome.Unknown, 1},
	} {
		t.Run(label, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api, lookup := &fakeAPI{answer: refuseOnce(errLost)}, newLookup()
				lookup.began, lookup.holders = began, found(tt.holders...)
				lookup.taken = map[string]bool{"taken": true}
				begun := time.Now()
				o := write(t, api, lookup, tt.mode, tt.rec)
				if o.Action != tt.action || len(api.calls) != tt.calls {
					t.Errorf("%+v after %s", o, api.said())
				}
				if lookup.asked != 1 || time.Since(begun) != 5*time.Second {
					t.Errorf("%d look-ups after %v", lookup.asked, time.Since(begun))
				}
				checkSettled(t, o, tt.holders)
			})
		})
	}
}

// checkSettled holds an outcome to what its action promises.
func checkSettled(t *testing.T, o outcome.Outcome, holders []*mapping.Existing) {
	t.Helper()
	switch p := o.FirstError(); o.Action {
	case outcome.Unknown:
		if p == nil || p.Code != outcome.AnswerLost || len(o.Problems) != 1 {
			t.Fatalf("%+v", o)
		}
		for _, e := range holders {
			if e.Values["workspace_id"] != nil && e.Values["workspace_id"][0].Canonical() == "ws1" && !strings.Contains(p.Message, e.WebURL) {
				t.Errorf("%s is not named: %s", e.ID, p.Message)
			}
		}
	case outcome.Rejected:
		if p == nil || p.Code != outcome.DuplicateKey {
			t.Errorf("%+v", o)
		}
	default:
		if o.RecordID != "r1" || o.WebURL == "" || len(o.Problems) != 0 {
			t.Errorf("%+v", o)
		}
	}
	if (len(o.Changes) > 0) != (o.Action == outcome.Updated) {
		t.Errorf("%s with changes %+v", o.Action, o.Changes)
	}
}

func TestALostCreateWithoutAKeyIsNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, lookup := &fakeAPI{answer: func(call) error { return errLost }}, newLookup()
		begun := time.Now()
		o := write(t, api, lookup, mapping.Upsert, row(t, "", fld(t, name, "Acme")))
		if o.Action != outcome.Unknown || lookup.asked != 0 || time.Since(begun) != 0 {
			t.Errorf("%+v after %d look-ups in %v", o, lookup.asked, time.Since(begun))
		}
	})
}

func TestALostUpdateIsReadAgain(t *testing.T) {
	for label, tt := range map[string]struct {
		stands *mapping.Existing
		action outcome.Action
	}{
		"arrived":     {existing("r1", "", fld(t, name, "New"), fld(t, email, "a@acme.com")), outcome.Updated},
		"half of it":  {existing("r1", "", fld(t, name, "New"), fld(t, email, "b@acme.com")), outcome.Unknown},
		"not arrived": {existing("r1", "", fld(t, name, "Old")), outcome.Unknown},
		"another":     {existing("r2", "", fld(t, name, "New"), fld(t, email, "a@acme.com")), outcome.Unknown},
		"gone":        {nil, outcome.Unknown},
	} {
		t.Run(label, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api, lookup := &fakeAPI{answer: func(call) error { return errLost }}, newLookup()
				if tt.stands != nil {
					lookup.holders = found(tt.stands)
				}
				rec := row(t, "ws1", fld(t, name, "New"), fld(t, email, "a@acme.com"))
				rec.Existing = existing("r1", "", fld(t, key, "ws1"), fld(t, name, "Old"))
				o := write(t, api, lookup, mapping.Upsert, rec)
				if o.Action != tt.action || o.RecordID != "r1" || len(api.calls) != 1 {
					t.Errorf("%+v after %s", o, api.said())
				}
				if (len(o.Changes) > 0) != (o.Action == outcome.Updated) {
					t.Errorf("%s with changes %+v", o.Action, o.Changes)
				}
			})
		})
	}
}

func TestALostClearingIsReadAgain(t *testing.T) {
	for stands, action := range map[*mapping.Existing]outcome.Action{
		existing("r1", "", fld(t, name)):        outcome.Updated,
		existing("r1", "", fld(t, name, "Old")): outcome.Unknown,
	} {
		synctest.Test(t, func(t *testing.T) {
			api, lookup := &fakeAPI{answer: func(call) error { return errLost }}, newLookup()
			lookup.holders = found(stands)
			rec := row(t, "ws1", mapping.Field{Attribute: name, Clear: true})
			rec.Existing = existing("r1", "", fld(t, key, "ws1"), fld(t, name, "Old"))
			if o := write(t, api, lookup, mapping.Upsert, rec); o.Action != action {
				t.Errorf("%+v, want %s", o, action)
			}
		})
	}
}

func TestTheQuietTimeEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, exists := range []bool{false, true} {
			ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
			rec := row(t, "ws1", fld(t, name, "New"))
			if exists {
				rec.Existing = existing("r1", "", fld(t, key, "ws1"))
			}
			api, lookup := &fakeAPI{answer: func(call) error { return errLost }}, newLookup()
			o, err := New(api, bound{mapping.Upsert}, lookup, Options{QuietTime: time.Hour}).Write(ctx, rec)
			if !errors.Is(err, context.DeadlineExceeded) || o.Action != outcome.Unknown || lookup.asked != 0 {
				t.Errorf("%v, %+v, %d look-ups", err, o, lookup.asked)
			}
			cancel()
		}
	})
}

// A look-up that the API refuses is the row's trouble, as elsewhere; one that
// no further row would get through ends the run.
func TestALookupThatFailsAfterALostAnswer(t *testing.T) {
	refused := &attio.Error{Status: 400, Code: "filter_error", Message: "Error in filter."}
	down := &attio.UnavailableError{Err: errors.New("reset")}
	unreadable := outcome.Problem{Severity: outcome.Error, Code: "unreadable_record", Message: "cannot be read"}
	for _, exists := range []bool{false, true} {
		for err, codes := range map[error]string{
			refused:    "error answer_lost, error filter_error",
			unreadable: "error answer_lost, error unreadable_record",
			down:       "error answer_lost",
		} {
			synctest.Test(t, func(t *testing.T) {
				api, lookup := &fakeAPI{answer: func(call) error { return errLost }}, newLookup()
				lookup.holders = func(int, string) ([]*mapping.Existing, error) { return nil, err }
				rec := row(t, "ws1", fld(t, name, "New"))
				if exists {
					rec.Existing = existing("r1", "", fld(t, key, "ws1"))
				}
				o, ended := New(api, bound{mapping.Upsert}, lookup, Options{}).Write(context.Background(), rec)
				if o.Action != outcome.Unknown || codesOf(o) != codes {
					t.Errorf("exists %v, %v: %+v", exists, err, o)
				}
				if (ended != nil) != (err == down) {
					t.Errorf("exists %v, %v: the run ends with %v", exists, err, ended)
				}
				for _, p := range o.Problems {
					if p.Row != 7 || p.Line != 8 || p.Message == "" {
						t.Errorf("%+v", p)
					}
				}
			})
		}
	}
}
