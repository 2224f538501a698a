package write

import (
	"context"
	"errors"
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
	for label, tt := range map[string]struct {
		rec     *mapping.Record
		holders []*mapping.Existing
		action  outcome.Action
		asked   int
		waited  time.Duration
	}{
		"arrived":             {row(t, "ws1"), []*mapping.Existing{existing("r1", after, fld(t, key, "ws1"))}, outcome.Created, 1, 5 * time.Second},
		"not there":           {row(t, "ws1"), nil, outcome.Unknown, 1, 5 * time.Second},
		"older than the run":  {row(t, "ws1"), []*mapping.Existing{existing("r1", before, fld(t, key, "ws1"))}, outcome.Unknown, 1, 5 * time.Second},
		"no time told":        {row(t, "ws1"), []*mapping.Existing{existing("r1", "", fld(t, key, "ws1"))}, outcome.Unknown, 1, 5 * time.Second},
		"another's":           {row(t, "ws1"), []*mapping.Existing{existing("r1", after, fld(t, key, "WS1"))}, outcome.Unknown, 1, 5 * time.Second},
		"two of them":         {row(t, "ws1"), []*mapping.Existing{existing("r1", after, fld(t, key, "ws1")), existing("r2", after, fld(t, key, "ws1"))}, outcome.Unknown, 1, 5 * time.Second},
		"by a unique value":   {row(t, "", fld(t, email, "a@acme.com")), []*mapping.Existing{existing("r1", after)}, outcome.Created, 1, 5 * time.Second},
		"nothing to look for": {row(t, "", fld(t, name, "Acme")), nil, outcome.Unknown, 0, 0},
	} {
		t.Run(label, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api, lookup := &fakeAPI{answer: func(call) error { return errLost }}, newLookup()
				lookup.began, lookup.holders = began, found(tt.holders...)
				begun := time.Now()
				o := write(t, api, lookup, mapping.Upsert, tt.rec)
				if o.Action != tt.action || len(api.calls) != 1 {
					t.Errorf("%+v after %s", o, api.said())
				}
				if lookup.asked != tt.asked || time.Since(begun) != tt.waited {
					t.Errorf("%d look-ups after %v", lookup.asked, time.Since(begun))
				}
				if o.Action == outcome.Created && (o.RecordID != "r1" || o.WebURL == "" || len(o.Problems) != 0) {
					t.Errorf("%+v", o)
				}
				if o.Action == outcome.Unknown && o.FirstError().Code != outcome.AnswerLost {
					t.Errorf("%+v", o)
				}
			})
		})
	}
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
