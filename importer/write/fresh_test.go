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

// A write that rests on an old look-up is decided anew: by what stands there now.
func TestOldLookups(t *testing.T) {
	old := existing("r1", since, fld(t, key, "ws1"), fld(t, name, "Old"))
	edited := existing("r1", since, fld(t, key, "ws1"), fld(t, name, "Edited"))
	done := existing("r1", since, fld(t, key, "ws1"), fld(t, name, "New"))
	updated := func() *mapping.Record {
		rec := row(t, "ws1", fld(t, name, "New"))
		rec.Existing, rec.Recorded = old, true
		return rec
	}
	named := func() *mapping.Record { return byName(t, "Acme") }
	unreadable := outcome.Problem{Severity: outcome.Error, Code: "unreadable_record", Message: "it cannot be read"}
	for what, tt := range map[string]struct {
		rec     *mapping.Record
		age     time.Duration
		now     *mapping.Existing // what a second look finds
		err     error
		mode    mapping.Mode
		action  outcome.Action
		change  string // from what
		looks   int
		calls   int
		intents int // further ones
	}{
		"young":                    {updated(), time.Minute, edited, nil, "", outcome.Updated, "Old", 0, 1, 0},
		"nobody knows how old":     {updated(), 0, edited, nil, "", outcome.Updated, "Old", 0, 1, 0},
		"as it was":                {updated(), time.Hour, old, nil, "", outcome.Updated, "Old", 1, 1, 0},
		"edited":                   {updated(), time.Hour, edited, nil, "", outcome.Updated, "Edited", 1, 1, 1},
		"done by somebody":         {updated(), time.Hour, done, nil, "", outcome.Unchanged, "", 1, 0, 0},
		"gone":                     {updated(), time.Hour, nil, nil, "", outcome.Updated, "Old", 1, 1, 0},
		"cannot be read":           {updated(), time.Hour, nil, unreadable, "", outcome.Rejected, "", 1, 0, 0},
		"the token is gone":        {updated(), time.Hour, nil, &attio.Error{Status: 401}, "", "", "", 1, 0, 0},
		"new":                      {row(t, "ws1", fld(t, name, "New")), time.Hour, old, nil, "", outcome.Created, "", 0, 1, 1},
		"findable, and nobody's":   {named(), time.Hour, nil, nil, "", outcome.Created, "", 1, 1, 1},
		"findable, and there now":  {named(), time.Hour, existing("r2", since, fld(t, name, "Acme")), nil, "", outcome.Unchanged, "", 1, 0, 0},
		"findable, in create mode": {named(), time.Hour, existing("r2", since, fld(t, name, "Acme")), nil, mapping.Create, outcome.Rejected, "", 1, 0, 0},
	} {
		t.Run(what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api, lookup, journal := &fakeAPI{}, newLookup(), &fakeJournal{}
				lookup.readErr = tt.err
				if tt.now != nil {
					lookup.records = map[string]*mapping.Existing{tt.now.ID: tt.now}
					lookup.holders = found(tt.now)
				}
				mode := mapping.Upsert
				if tt.mode != "" {
					mode = tt.mode
				}
				if tt.age > 0 {
					tt.rec.LookedUp = time.Now()
				}
				time.Sleep(tt.age)
				w := New(api, bound{mode}, lookup, Options{Journal: journal})
				o, err := w.Write(context.Background(), tt.rec)
				if o.Action != tt.action || (err != nil) != (tt.action == "") {
					t.Errorf("%+v, %v", o, err)
				}
				from := ""
				if len(o.Changes) > 0 {
					from = o.Changes[0].Old
				}
				if from != tt.change || lookup.read+lookup.asked != tt.looks || len(api.calls) != tt.calls || len(journal.intents) != tt.intents {
					t.Errorf("changed from %q, %d looks, %d intents, sent\n%s", from, lookup.read+lookup.asked, len(journal.intents), api.said())
				}
			})
		})
	}
}
