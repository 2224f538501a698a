package write

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"attio-import/importer/attio"
	"attio-import/importer/outcome"
	"attio-import/mapping"
	"attio-import/mapping/value"
)

// answers gives the calls their answers one by one; then all are carried out.
func answers(errs ...error) func(call) error {
	n := 0
	return func(call) error {
		if n++; n > len(errs) {
			return nil
		}
		return errs[n-1]
	}
}

// story is one row through all its rounds, as the engine takes it there: looked
// up again and written again after each answer that got lost.
type story struct {
	*testing.T
	api     *fakeAPI
	lookup  *fakeLookup
	journal *fakeJournal
	mode    mapping.Mode
	row     func() *mapping.Record
	found   []*mapping.Existing // by every look-up after the first
	sent    *outcome.Sent       // of the last round
	rounds  int
	err     error
	mutant  Mutant
}

// tell goes on until the row is decided, and checks what every round owes.
func (s *story) tell() outcome.Outcome {
	s.Helper()
	w := New(s.api, bound{s.mode}, s.lookup, Options{Journal: s.journal, Actor: "me"})
	if s.mutant != nil {
		w.Mutate(s.mutant)
	}
	for {
		rec := s.row()
		rec.At = clock
		if rec.Sent = s.sent; s.sent != nil {
			rec.Existing, rec.Found = nil, s.found
		}
		if in, ok := w.Intent(rec); ok {
			s.journal.Intend(context.Background(), in)
			rec.Recorded = true
		}
		o, err := w.Write(context.Background(), rec)
		s.rounds++
		s.sent, s.err = rec.Sent, err
		if (o.Action != "") != (len(s.lookup.ended) == 1) {
			s.Errorf("round %d: %q, and ended %v", s.rounds, o.Action, s.lookup.ended)
		}
		if o.Action != "" || err != nil {
			if o.Action != "" && err != nil {
				s.Errorf("decided, and yet %v", err)
			}
			return o
		}
		if rec.Sent == nil {
			s.Fatal("neither decided nor open")
		}
		if s.journal.open != 0 {
			s.Errorf("round %d: %d intents of which nothing was sent", s.rounds, s.journal.open)
		}
		time.Sleep(time.Until(rec.Sent.Until))
	}
}

func newStory(t *testing.T, row func() *mapping.Record, errs ...error) *story {
	api := &fakeAPI{answer: answers(errs...)}
	s := &story{T: t, api: api, lookup: newLookup(), mode: mapping.Upsert, row: row}
	s.journal = &fakeJournal{}
	api.sent = func() { s.journal.open = 0 }
	return s
}

func TestALostCreateGoesOn(t *testing.T) {
	keyed := func() *mapping.Record { return row(t, "ws1", fld(t, name, "Ours")) }
	named := func() *mapping.Record { return byName(t, "Acme") }
	marked := func() *mapping.Record { return withMark(t, row(t, "", fld(t, name, "Ours"))) }
	keyless := func() *mapping.Record { return row(t, "", fld(t, name, "Ours")) }
	ours := made("r1", me, since, fld(t, key, "ws1"), fld(t, name, "Ours"))
	theirs := made("r1", "workspace-member:a", since, fld(t, key, "ws1"), fld(t, name, "Theirs"))
	refusal := &attio.Error{Status: 400, Code: "missing_value", Message: "No.", Attempts: 1}
	again := make([]error, 20)
	for i := range again {
		again[i] = errLost
	}
	type records = []*mapping.Existing
	for what, tt := range map[string]struct {
		row      func() *mapping.Record
		errs     []error
		found    records // by the look-ups of further rounds
		holders  records // by those of the Writer itself
		mode     mapping.Mode
		action   outcome.Action
		codes    string
		attempts int
		quiet    time.Duration
		calls    int
	}{
		"it arrived":                      {keyed, again[:1], records{ours}, nil, "", outcome.Created, "", 1, 5 * time.Second, 1},
		"it did not":                      {keyed, again[:1], nil, nil, "", outcome.Created, "", 2, 5 * time.Second, 2},
		"lost twice":                      {keyed, again[:2], nil, nil, "", outcome.Created, "", 3, 10 * time.Second, 3},
		"lost for ever":                   {keyed, again, nil, nil, "", outcome.Unknown, "error answer_lost", 10, 50 * time.Second, 10},
		"findable, it arrived":            {named, again[:1], records{made("r1", me, since, fld(t, name, "Acme"))}, nil, "", outcome.Created, "", 1, 2 * time.Minute, 1},
		"findable, it did not":            {named, again[:1], nil, nil, "", outcome.Created, "", 2, 4 * time.Minute, 2},
		"marked, it arrived":              {marked, again[:1], records{made("r1", "", "", fld(t, mark, "run-7"))}, nil, "", outcome.Created, "", 1, 2 * time.Minute, 1},
		"marked, twice":                   {marked, again[:1], records{made("r1", me, since, fld(t, mark, "run-7")), made("r2", me, since, fld(t, mark, "run-7"))}, nil, "", outcome.Created, "warning marker_twice", 1, 2 * time.Minute, 1},
		"keyless":                         {keyless, again[:1], nil, nil, "", outcome.Unknown, "error answer_lost", 1, 0, 1},
		"somebody was first":              {keyed, again[:1], records{theirs}, nil, "", outcome.Updated, "", 2, 5 * time.Second, 2},
		"somebody was first, create mode": {keyed, again[:1], records{theirs}, nil, mapping.Create, outcome.Rejected, "error uniqueness_conflict", 1, 5 * time.Second, 1},
		"the second comes too late":       {keyed, []error{errLost, errConflict}, nil, records{ours}, "", outcome.Created, "", 2, 5 * time.Second, 2},
		"a conflict with somebody else":   {keyed, []error{errLost, errConflict}, nil, records{theirs}, "", outcome.Updated, "", 3, 5 * time.Second, 3},
		"a conflict with nobody":          {keyed, []error{errLost, errConflict}, nil, nil, "", outcome.Unknown, "error conflict_not_visible", 2, 15 * time.Second, 2},
		"refused, but the first arrived":  {keyed, []error{errLost, refusal}, nil, records{ours}, "", outcome.Created, "", 2, 5 * time.Second, 2},
		"refused":                         {keyed, []error{errLost, refusal}, nil, nil, "", outcome.Rejected, "error missing_value", 2, 5 * time.Second, 2},
		"refused, and somebody was first": {keyed, []error{errLost, refusal}, nil, records{theirs}, "", outcome.Rejected, "error missing_value", 2, 5 * time.Second, 2},
	} {
		t.Run(what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStory(t, tt.row, tt.errs...)
				s.found, s.lookup.holders = tt.found, found(tt.holders...)
				if tt.mode != "" {
					s.mode = tt.mode
				}
				begun := time.Now()
				o := s.tell()
				if s.err != nil || o.Action != tt.action || codesOf(o) != tt.codes || o.Attempts != tt.attempts {
					t.Errorf("%v, %+v", s.err, o)
				}
				if time.Since(begun) != tt.quiet || len(s.api.calls) != tt.calls {
					t.Errorf("%v and calls:\n%s", time.Since(begun), s.api.said())
				}
				if wrote := o.Action == outcome.Created || o.Action == outcome.Updated; wrote && (o.RecordID == "" || o.WebURL == "" || len(s.lookup.learnt) == 0) {
					t.Errorf("learnt %v; %+v", s.lookup.learnt, o)
				}
				if got := len(s.journal.intents); got != tt.calls {
					t.Errorf("%d intents for %d calls", got, tt.calls)
				}
				if o.Action == outcome.Unknown && (o.RecordID != "" || len(o.Changes) > 0) {
					t.Errorf("unknown, and yet %+v", o)
				}
			})
		})
	}
}

// What is open keeps the time of the first look-up, however often it is sent;
// with a later one, a record of ours could pass for somebody else's.
func TestWhatIsKeptOfALostCreate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := New(&fakeAPI{answer: func(call) error { return errLost }}, bound{mapping.Upsert}, newLookup(), Options{})
		rec := row(t, "ws1")
		rec.At = clock
		for n := 1; n <= 3; n++ {
			if o, err := w.Write(context.Background(), rec); err != nil || o.Action != "" {
				t.Fatalf("%v, %+v", err, o)
			}
			s := rec.Sent
			if s.First != clock || s.Tries != n || !errors.Is(s.Err, errLost) || s.Until != time.Now().Add(5*time.Second) || s.Verb != outcome.Create || s.Key != "ws1" || s.Row != 7 {
				t.Errorf("round %d: %+v", n, s)
			}
			if o, err := w.Write(context.Background(), rec); err != nil || o.Action != "" || rec.Sent != s {
				t.Fatalf("too early: %v, %+v", err, o) // nothing was looked up or sent
			}
			time.Sleep(5 * time.Second)
			rec.At = rec.At.Add(time.Minute)
		}
	})
}

func TestALostUpdateGoesOn(t *testing.T) {
	stands := func(id string, fields ...mapping.Field) *mapping.Existing {
		return existing(id, "", append(fields, fld(t, key, "ws1"))...)
	}
	old, done := stands("r1", fld(t, name, "Old")), stands("r1", fld(t, name, "New"))
	refusal := &attio.Error{Status: 400, Code: "validation_type", Message: "No.", Attempts: 1}
	missing := &attio.Error{Status: 404, Code: "not_found", Message: "No.", Attempts: 1}
	type records = []*mapping.Existing
	for what, tt := range map[string]struct {
		errs    []error
		found   records
		reads   []*mapping.Existing // by id
		holders records
		action  outcome.Action
		codes   string
		calls   int
	}{
		"it arrived":                     {[]error{errLost}, records{done}, nil, nil, outcome.Updated, "", 1},
		"it arrived, another key by now": {[]error{errLost}, nil, records{done}, nil, outcome.Updated, "", 1},
		"it did not":                     {[]error{errLost}, records{old}, nil, nil, outcome.Updated, "", 2},
		"lost twice":                     {[]error{errLost, errLost}, records{old}, nil, nil, outcome.Updated, "", 3},
		"somebody came":                  {[]error{errLost}, records{stands("r1", fld(t, name, "Theirs"))}, nil, nil, outcome.Skipped, "warning told_before, warning changed_since", 1},
		"it is gone":                     {[]error{errLost}, records{stands("r2", fld(t, name, "New"))}, nil, nil, outcome.Rejected, "warning told_before, error deleted_since_lookup", 1},
		"refused, but the first arrived": {[]error{errLost, refusal}, records{old}, records{done}, nil, outcome.Updated, "", 2},
		"refused":                        {[]error{errLost, refusal}, records{old}, records{old}, nil, outcome.Rejected, "warning told_before, error validation_type", 2},
		"refused, and somebody came":     {[]error{errLost, refusal}, records{old}, records{stands("r1", fld(t, name, "Theirs"))}, nil, outcome.Skipped, "warning told_before, warning changed_since", 2},
		"not found, and gone":            {[]error{errLost, missing}, records{old}, nil, nil, outcome.Rejected, "warning told_before, error deleted_since_lookup", 2},
		"a conflict":                     {[]error{errLost, errConflict}, records{old}, records{old}, records{stands("r2", fld(t, email, "n@acme.com"))}, outcome.Rejected, "warning told_before, error uniqueness_conflict", 2},
	} {
		t.Run(what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStory(t, func() *mapping.Record {
					rec := row(t, "ws1", fld(t, name, "New"))
					rec.Existing = old
					rec.Problems = []outcome.Problem{{Severity: outcome.Warning, Code: "told_before"}}
					return rec
				}, tt.errs...)
				s.found, s.lookup.holders, s.lookup.records = tt.found, found(tt.holders...), map[string]*mapping.Existing{}
				for _, e := range tt.reads {
					s.lookup.records[e.ID] = e
				}
				o := s.tell()
				codes := tt.codes
				if codes == "" {
					codes = "warning told_before"
				}
				if s.err != nil || o.Action != tt.action || codesOf(o) != codes || o.RecordID != "r1" {
					t.Errorf("%v, %+v", s.err, o)
				}
				if len(s.api.calls) != tt.calls || o.Attempts != tt.calls || len(s.journal.intents) != tt.calls {
					t.Errorf("%d attempts, %d intents, calls:\n%s", o.Attempts, len(s.journal.intents), s.api.said())
				}
				if want := `{name Old New set}`; (o.Action == outcome.Updated) != (fmt.Sprint(o.Changes) == "["+want+"]") {
					t.Errorf("%s with changes %v", o.Action, o.Changes)
				}
			})
		})
	}
}

// Only what was sent before is sent again: a value that differs by now and did
// not then was changed by somebody.
func TestTheSameIsSentAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		labels := func(texts ...string) mapping.Field { return fld(t, listed, texts...) }
		s := newStory(t, func() *mapping.Record {
			rec := row(t, "ws1", fld(t, name, "New"), fld(t, email, "a@acme.com"), labels("c"))
			rec.Existing = existing("r1", "", fld(t, key, "ws1"), fld(t, name, "Old"), fld(t, email, "a@acme.com"), labels("b", "a"))
			return rec
		}, errLost)
		s.found = []*mapping.Existing{existing("r1", "", fld(t, key, "ws1"), fld(t, name, "Old"), fld(t, email, "theirs@acme.com"), labels("a", "b"))}
		o := s.tell()
		want := strings.Repeat("PATCH workspaces r1 {\"name\":[\"New\"],\"labels\":[\"c\"]}\n", 2)
		if o.Action != outcome.Updated || s.api.said()+"\n" != want {
			t.Errorf("%+v after\n%s", o, s.api.said())
		}
		for n, b := range []string{`["b","a"]`, `["a","b"]`} {
			in := s.journal.intents[n]
			if in.RecordID != "r1" || len(in.Before) != 2 || inShort(in.Before["name"]) != `["Old"]` || inShort(in.Before["labels"]) != b {
				t.Errorf("intent %d: %+v", n, in)
			}
		}
	})
}

func inShort(list json.RawMessage) string { return textValue.ReplaceAllString(string(list), "$1") }

// A list that is emptied is sent with all lists of the row in full, and so
// again.
func TestALostOverwriteGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		old := func(name string) *mapping.Existing {
			e := existing("r1", "", fld(t, key, "ws1"), fld(t, listed, name))
			e.Values["tags"] = []value.Value{value.Reference("companies", "a")}
			return e
		}
		for stands, calls := range map[*mapping.Existing]int{old("a"): 2, existing("r1", "", fld(t, key, "ws1"), fld(t, listed, "b")): 1} {
			s := newStory(t, func() *mapping.Record {
				rec := row(t, "ws1", fld(t, listed, "b"), mapping.Field{Attribute: tags, Clear: true})
				rec.Existing = old("a")
				return rec
			}, errLost)
			s.found = []*mapping.Existing{stands}
			o := s.tell()
			want := strings.TrimSpace(strings.Repeat("PUT workspaces r1 {\"labels\":[\"b\",\"a\"],\"tags\":[]}\n", calls))
			if o.Action != outcome.Updated || len(o.Changes) != 2 || s.api.said() != want {
				t.Errorf("%+v after\n%s", o, s.api.said())
			}
		}
	})
}

func TestWhatARowThatWasChangedIsTold(t *testing.T) {
	s := newStory(t, func() *mapping.Record { return row(t, "ws1", fld(t, name, "New")) })
	s.sent = &outcome.Sent{Intent: outcome.Intent{Row: 7, Verb: outcome.Update, RecordID: "r1", Before: map[string]json.RawMessage{"name": json.RawMessage(`[{"value":"Old"}]`)}}, Tries: 1}
	s.found = []*mapping.Existing{existing("r1", "", fld(t, name, "Theirs"))}
	o := s.tell()
	p := o.Problems[0]
	if p.Attribute != "name" || p.Column != "NAME" || p.Value != "New" || !strings.Contains(p.Message, `"Old" before`) || !strings.Contains(p.Message, `"Theirs" now`) || p.Hint == "" || p.Row != 7 || p.Line != 8 {
		t.Errorf("%+v", p)
	}
	if o.Action != outcome.Skipped || o.WebURL == "" || o.FirstError() != nil {
		t.Errorf("%+v", o)
	}
}

func TestWhatARowOfWhichNobodyCanTellIsTold(t *testing.T) {
	open := func(rec *mapping.Record, found ...*mapping.Existing) *outcome.Problem {
		s := newStory(t, func() *mapping.Record { return rec })
		s.mode, s.found = mapping.Create, found
		s.sent = &outcome.Sent{Intent: outcome.Intent{Row: 7, Verb: outcome.Create}, First: clock, Tries: maxTries}
		o := s.tell()
		if o.Action != outcome.Unknown || o.FirstError().Code != outcome.AnswerLost {
			t.Fatalf("%+v", o)
		}
		return o.FirstError()
	}
	p := open(row(t, "ws1", fld(t, email, "a@acme.com"), fld(t, name, "Acme")))
	if !strings.Contains(p.Message, "the program ended before") || !strings.Contains(p.Hint, `a record of workspaces with workspace_id "ws1", contact "a@acme.com",`) {
		t.Errorf("%+v", p)
	}
	p = open(row(t, "", fld(t, name, "Acme"), fld(t, stage, "Won"), fld(t, listed, "x"), fld(t, mark, "y")))
	if !strings.Contains(p.Hint, `with name "Acme", stage "Won", labels "x",`) {
		t.Errorf("%+v", p)
	}
	p = open(row(t, "ws1", fld(t, email, "a@acme.com")), made("r9", me, since, fld(t, email, "a@acme.com")))
	if !strings.Contains(p.Message, "compare it with https://app.attio.test/r9") {
		t.Errorf("%+v", p)
	}
}

// What the look-up found wrong counts only for a row that was not written.
func TestProblemsOfARowThatMayHaveBeenWritten(t *testing.T) {
	rec := func() *mapping.Record {
		r := row(t, "ws1")
		r.Problems = []outcome.Problem{{Severity: outcome.Warning, Code: "w"}, {Severity: outcome.Error, Code: "e"}}
		r.NewProblems = []outcome.Problem{{Severity: outcome.Error, Code: "n"}}
		return r
	}
	for codes, found := range map[string][]*mapping.Existing{
		"warning w":                   {made("r1", me, since, fld(t, key, "ws1"))},
		"warning w, error e, error n": nil,
		"warning w, error e":          {made("r1", "system:", since, fld(t, key, "ws1"))},
	} {
		s := newStory(t, rec)
		s.sent, s.found = &outcome.Sent{Intent: outcome.Intent{Verb: outcome.Create}, First: clock, Tries: 1}, found
		o := s.tell()
		if codesOf(o) != codes || (o.Action == outcome.Created) != (codes == "warning w") || len(s.api.calls) != 0 {
			t.Errorf("%+v", o)
		}
	}
}

// A row that is open stays open, whatever ends the run.
func TestAnOpenRowStaysOpen(t *testing.T) {
	for _, end := range []error{
		&attio.NotSentError{Err: errors.New("429 for ever")}, &attio.Error{Status: 401, Code: "unauthorized"},
		&attio.LostError{Err: &attio.MismatchError{Got: "x"}},
	} {
		for verb, stands := range map[outcome.Verb]*mapping.Existing{outcome.Create: nil, outcome.Update: existing("r1", "", fld(t, name, "Old"))} {
			s := newStory(t, func() *mapping.Record { return row(t, "ws1", fld(t, name, "New")) }, end)
			s.sent = &outcome.Sent{Intent: outcome.Intent{Verb: verb, RecordID: "r1", Before: map[string]json.RawMessage{"name": json.RawMessage(`[{"value":"Old"}]`)}}, First: clock.Add(-time.Hour), Tries: 2}
			if stands != nil {
				s.found = []*mapping.Existing{stands}
			}
			o := s.tell()
			if o.Action != "" || !errors.Is(s.err, end) || !strings.Contains(s.err.Error(), "row 7") || s.sent == nil || s.sent.Tries < 2 {
				t.Errorf("%v, %+v, sent %+v", s.err, o, s.sent)
			}
			if verb == outcome.Create && s.sent.First != clock.Add(-time.Hour) {
				t.Errorf("the first time was forgotten: %+v", s.sent)
			}
		}
	}
}

// A look-up that the API refuses is the row's trouble; one that no further row
// would get through ends the run, and the row stays open.
func TestALookupThatFailsAfterALostAnswer(t *testing.T) {
	refused := &attio.Error{Status: 400, Code: "filter_error", Message: "Error in filter."}
	down := &attio.UnavailableError{Err: errors.New("reset")}
	unreadable := outcome.Problem{Severity: outcome.Error, Code: "unreadable_record", Message: "cannot be read"}
	for err, code := range map[error]string{refused: "filter_error", unreadable: "unreadable_record", down: ""} {
		for _, verb := range []outcome.Verb{outcome.Create, outcome.Update} {
			synctest.Test(t, func(t *testing.T) {
				s := newStory(t, func() *mapping.Record { return row(t, "ws1", fld(t, name, "New")) }, errConflict)
				s.lookup.holders = func(int, string) ([]*mapping.Existing, error) { return nil, err }
				s.lookup.readErr = err
				s.sent = &outcome.Sent{Intent: outcome.Intent{Verb: verb, RecordID: "r1"}, Tries: 1}
				o := s.tell()
				if err == down {
					if o.Action != "" || !errors.Is(s.err, down) || s.sent == nil {
						t.Errorf("%s: %v, %+v", verb, s.err, o)
					}
					return
				}
				if s.err != nil || o.Action != outcome.Unknown || codesOf(o) != "error answer_lost, error "+code {
					t.Errorf("%s: %v, %+v", verb, s.err, o)
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

// An update of a record that is gone becomes one of the record that has the
// row's key by now; nothing is made anew.
func TestAnUpdateOfARecordThatIsGone(t *testing.T) {
	at := func(id string) *mapping.Existing { return existing(id, "", fld(t, key, "ws1"), fld(t, name, "Old")) }
	for what, tt := range map[string]struct {
		code    string
		holders []*mapping.Existing
		action  outcome.Action
		problem string
		calls   int
	}{
		"merged":              {"not_found", []*mapping.Existing{at("r2")}, outcome.Updated, "", 2},
		"deleted":             {"not_found", nil, outcome.Rejected, "error deleted_since_lookup", 1},
		"two have its key":    {"merge_in_progress", []*mapping.Existing{at("r2"), at("r3")}, outcome.Rejected, "error deleted_since_lookup", 1},
		"being merged":        {"merge_in_progress", []*mapping.Existing{at("r1")}, outcome.Rejected, "error merge_in_progress", 1},
		"one that has no key": {"not_found", []*mapping.Existing{existing("r2", "")}, outcome.Rejected, "error deleted_since_lookup", 1},
	} {
		t.Run(what, func(t *testing.T) {
			s := newStory(t, func() *mapping.Record {
				rec := row(t, "ws1", fld(t, name, "New"))
				rec.Existing = at("r1")
				return rec
			}, &attio.Error{Status: 404, Code: tt.code, Message: "No.", Attempts: 1})
			s.lookup.holders = found(tt.holders...)
			o := s.tell()
			if s.err != nil || o.Action != tt.action || codesOf(o) != tt.problem || len(s.api.calls) != tt.calls || s.lookup.asked != 1 {
				t.Errorf("%v, %+v after %d look-ups and\n%s", s.err, o, s.lookup.asked, s.api.said())
			}
			if tt.action == outcome.Updated && (o.RecordID != "r2" || len(s.journal.intents) != 2 || s.journal.intents[1].RecordID != "r2") {
				t.Errorf("%+v, intents %+v", o, s.journal.intents)
			}
		})
	}
}

// Records that vanish again and again do not keep a row busy for ever.
func TestAnUpdateDoesNotFollowForEver(t *testing.T) {
	s := newStory(t, func() *mapping.Record {
		rec := row(t, "ws1", fld(t, name, "New"))
		rec.Existing = existing("r0", "", fld(t, key, "ws1"))
		return rec
	})
	s.api.answer = func(call) error { return &attio.Error{Status: 404, Code: "not_found", Attempts: 1} }
	s.lookup.holders = func(n int, _ string) ([]*mapping.Existing, error) {
		return []*mapping.Existing{existing(fmt.Sprint("r", n), "", fld(t, key, "ws1"))}, nil
	}
	if o := s.tell(); o.Action != outcome.Rejected || codesOf(o) != "error deleted_since_lookup" || len(s.api.calls) != maxTries {
		t.Errorf("%+v after\n%s", o, s.api.said())
	}
}

// A row that came second to somebody was not written: what is said of the
// update that it becomes is said of a fresh row.
func TestARowThatFollowsIsFresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		refusal := &attio.Error{Status: 400, Code: "validation_type", Message: "No.", Attempts: 1}
		s := newStory(t, func() *mapping.Record { return row(t, "ws1", fld(t, name, "New")) }, errLost, refusal)
		s.found = []*mapping.Existing{made("r1", "workspace-member:a", since, fld(t, key, "ws1"))}
		if o := s.tell(); o.Action != outcome.Rejected || codesOf(o) != "error validation_type" || s.sent != nil || s.lookup.read != 0 {
			t.Errorf("%+v, sent %+v, %d reads", o, s.sent, s.lookup.read)
		}
	})
}

// A process that died before an answer came has tried all the same.
func TestARowThatADeadProcessWroteWasTriedOnce(t *testing.T) {
	for verb, stands := range map[outcome.Verb]*mapping.Existing{outcome.Create: made("r1", me, since, fld(t, key, "ws1")), outcome.Update: existing("r1", "", fld(t, name, "New"))} {
		s := newStory(t, func() *mapping.Record { return row(t, "ws1", fld(t, name, "New")) })
		s.sent = &outcome.Sent{Intent: outcome.Intent{Verb: verb, RecordID: "r1", Before: map[string]json.RawMessage{"name": json.RawMessage(`[]`)}}, First: clock, Tries: 1, Earlier: 1}
		s.found = []*mapping.Existing{stands}
		if o := s.tell(); o.Action == outcome.Rejected || o.Attempts != 1 || len(s.api.calls) != 0 {
			t.Errorf("%+v", o)
		}
	}
}

// What is open is not even read before its time.
func TestALostUpdateIsLeftAlone(t *testing.T) {
	lookup := newLookup()
	rec := row(t, "ws1", fld(t, name, "New"), wants(t, company, "a.com"))
	rec.Sent = &outcome.Sent{Intent: outcome.Intent{Verb: outcome.Update, RecordID: "r1"}, Until: time.Now().Add(time.Hour)}
	api := &fakeAPI{}
	if o := write(t, api, lookup, mapping.Upsert, rec); o.Action != "" || lookup.read+lookup.asked+len(api.calls) != 0 {
		t.Errorf("%+v", o)
	}
}

// An update is not sent again to a record that another row of the run is about.
func TestALostUpdateOfAnothersRecord(t *testing.T) {
	s := newStory(t, func() *mapping.Record { return row(t, "ws1", fld(t, name, "New")) })
	s.sent = &outcome.Sent{Intent: outcome.Intent{Verb: outcome.Update, RecordID: "r1", Before: map[string]json.RawMessage{"name": json.RawMessage(`[]`)}}, Tries: 1}
	s.found, s.lookup.taken = []*mapping.Existing{existing("r1", "")}, map[string]bool{"r1": true}
	if o := s.tell(); o.Action != outcome.Rejected || codesOf(o) != "error duplicate_key" || len(s.api.calls) != 0 {
		t.Errorf("%+v after\n%s", o, s.api.said())
	}
}

// A token was revoked, and the run is gone on with by another one: what that makes is
// the run's own too, and so is what the other made before.
func TestARunMayHaveTwoTokens(t *testing.T) {
	create := func() *mapping.Record { return row(t, "ws1", fld(t, name, "Ours")) }
	left := &outcome.Sent{Intent: outcome.Intent{Row: 7, Verb: outcome.Create}, First: clock, Tries: 1, Earlier: 1}
	for what, tt := range map[string]struct {
		sent *outcome.Sent
		errs []error
		by   string
		want outcome.Action
	}{
		"sent by the new one":               {nil, []error{errLost}, "api-token:new", outcome.Created},
		"left by the old one":               {left, nil, me, outcome.Created},
		"left by the old one, sent again":   {left, []error{errLost}, "api-token:new", outcome.Created},
		"left by the old one, by the other": {left, nil, "api-token:new", outcome.Rejected},
	} {
		t.Run(what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStory(t, create, tt.errs...)
				s.mode, s.sent = mapping.Create, tt.sent
				s.api.sent = func() { s.journal.open, s.found = 0, []*mapping.Existing{made("r1", tt.by, since, fld(t, key, "ws1"))} }
				if tt.errs == nil {
					s.api.sent()
				}
				if o := s.tell(); o.Action != tt.want {
					t.Errorf("%+v", o)
				}
			})
		})
	}
}

// Intents of processes that died or were stopped may never have left: however many
// there are, a row that can be sent again is.
func TestDeadProcessesWearNoRowOut(t *testing.T) {
	tries := func(in outcome.Intent) *outcome.Sent {
		return &outcome.Sent{Intent: in, First: clock, Tries: 2 * maxTries, Earlier: 2 * maxTries}
	}
	create := func() *mapping.Record { return row(t, "ws1", fld(t, name, "Ours")) }
	update := outcome.Intent{Row: 7, Verb: outcome.Update, RecordID: "r1", Before: map[string]json.RawMessage{"name": json.RawMessage(`[{"value":"Old"}]`)}}
	synctest.Test(t, func(t *testing.T) {
		s := newStory(t, create, errLost, errLost)
		s.sent = tries(outcome.Intent{Row: 7, Verb: outcome.Create})
		if o := s.tell(); o.Action != outcome.Created || len(s.api.calls) != 3 {
			t.Errorf("%+v after\n%s", o, s.api.said())
		}
		s = newStory(t, create, errLost)
		s.sent, s.found = tries(update), []*mapping.Existing{existing("r1", "", fld(t, key, "ws1"), fld(t, name, "Old"))}
		if o := s.tell(); o.Action != outcome.Updated || len(s.api.calls) != 2 {
			t.Errorf("%+v after\n%s", o, s.api.said())
		}
	})
}

// A row that an earlier row of the sheet refers to may find a record that was made for
// that one, by this token and since the row was looked up, and with its key. It is
// not the row's own: of what the row says, the key alone stands there.
func TestWhatAReferenceMadeIsNotTheRowsOwn(t *testing.T) {
	other := &mapping.Record{Row: 3}
	ref := &mapping.Reference{Rule: &mapping.ReferenceRule{Object: object, By: key}, Key: val(t, key, "ws1")}
	for what, tt := range map[string]struct {
		mode  mapping.Mode
		asked bool
		found *mapping.Existing
		want  outcome.Action
		calls int
	}{
		"made by the reference":              {mapping.Upsert, true, made("r1", me, since, fld(t, key, "ws1")), outcome.Updated, 1},
		"made by the reference, create mode": {mapping.Create, true, made("r1", me, since, fld(t, key, "ws1")), outcome.Rejected, 0},
		"made by the row":                    {mapping.Upsert, true, made("r1", me, since, fld(t, key, "ws1"), fld(t, name, "Ours")), outcome.Created, 0},
		"nobody refers to it":                {mapping.Upsert, false, made("r1", me, since, fld(t, key, "ws1")), outcome.Created, 0},
	} {
		t.Run(what, func(t *testing.T) {
			s := newStory(t, func() *mapping.Record { return row(t, "ws1", fld(t, name, "Ours")) })
			s.mode, s.found = tt.mode, []*mapping.Existing{tt.found}
			s.sent = &outcome.Sent{Intent: outcome.Intent{Row: 7, Verb: outcome.Create}, First: clock, Tries: 1, Earlier: 1}
			if tt.asked {
				w := New(s.api, bound{tt.mode}, s.lookup, Options{Journal: s.journal})
				s.journal.intents = []outcome.Intent{w.referenceIntent(other, ref)}
			}
			if o := s.tell(); o.Action != tt.want || o.RecordID != "r1" && tt.want != outcome.Rejected || len(s.api.calls) != tt.calls {
				t.Errorf("%+v after\n%s", o, s.api.said())
			}
		})
	}
}

// A row that was sent twice because it could not be seen is looked at once
// more: nothing but that shows a first request which comes very late.
func TestALateDoubleIsSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		var s *story
		s = newStory(t, func() *mapping.Record {
			if time.Since(begun) > 3*time.Minute {
				s.found = []*mapping.Existing{
					made("new2", me, since, fld(t, mark, "run-7")),
					made("late", me, "2026-05-01T10:01:00.000000000Z", fld(t, mark, "run-7")),
				}
			}
			return withMark(t, row(t, "", fld(t, name, "Ours")))
		}, errLost)
		o := s.tell()
		if o.Action != outcome.Created || o.RecordID != "new2" || codesOf(o) != "warning marker_twice" || len(s.api.calls) != 2 {
			t.Errorf("%+v after\n%s", o, s.api.said())
		}
	})
}
