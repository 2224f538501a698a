package write

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"attio-import/importer/attio"
	"attio-import/importer/outcome"
	"attio-import/mapping"
	"attio-import/mapping/schema"
)

var (
	listed = &schema.Attribute{Slug: "labels", Title: "Labels", Type: schema.Text, Multi: true, Writable: true}
	mark   = &schema.Attribute{Slug: "mark", Title: "Mark", Type: schema.Text, Writable: true}

	clock = time.Date(2026, 5, 1, 10, 0, 0, 0, time.UTC)
)

const (
	since  = "2026-05-01T10:00:00.000000000Z"
	before = "2026-05-01T09:59:59.999000000Z"
)

// made is a record with who made it, and when.
func made(id, by, at string, fields ...mapping.Field) *mapping.Existing {
	e := existing(id, at, fields...)
	if kind, who, ok := strings.Cut(by, ":"); ok {
		e.CreatedBy = mapping.Actor{Type: kind, ID: who}
	}
	return e
}

const me = "api-token:me"

// byName is a row whose key is not unique in Attio.
func byName(t testing.TB, text string) *mapping.Record {
	f := fld(t, name, text)
	return &mapping.Record{Row: 7, Line: 8, Fields: []mapping.Field{f}, Keys: []mapping.Key{{Attribute: name, Value: f.Values[0], Column: "NAME"}}}
}

func withMark(t testing.TB, rec *mapping.Record) *mapping.Record {
	rec.Marker = &mapping.Key{Attribute: mark, Value: val(t, mark, "run-7")}
	return rec
}

func TestClasses(t *testing.T) {
	updated := byName(t, "Acme")
	updated.Existing = existing("r1", "")
	open := row(t, "", fld(t, name, "Acme"))
	open.Sent = &outcome.Sent{Intent: outcome.Intent{Verb: outcome.Update, RecordID: "r1"}}
	unwritten := row(t, "", fld(t, name, "Acme"))
	unwritten.Keys = []mapping.Key{{Attribute: tags, Value: val(t, key, "an id")}}
	for _, tt := range []struct {
		what string
		rec  *mapping.Record
		want class
	}{
		{"a unique key", row(t, "ws1"), unique},
		{"a unique value that is no key", row(t, "", fld(t, email, "a@acme.com")), unique},
		{"a unique value and a marker", withMark(t, row(t, "ws1")), unique},
		{"a key that is not unique", byName(t, "Acme"), findable},
		{"a marker", withMark(t, row(t, "", fld(t, name, "Acme"))), findable},
		{"nothing", row(t, "", fld(t, name, "Acme")), keyless},
		{"a unique attribute without a value", row(t, "", fld(t, email), fld(t, name, "Acme")), keyless},
		{"a key that is not written", unwritten, keyless},
		{"an update", updated, unique},
		{"a lost update", open, unique},
	} {
		if got := classOf(tt.rec); got != tt.want {
			t.Errorf("%s: class %d, want %d", tt.what, got, tt.want)
		}
	}
}

func TestAnswers(t *testing.T) {
	refusal := func(status int, code string) error { return &attio.Error{Status: status, Code: code} }
	for want, errs := range map[answer][]error{
		carriedOut: {nil},
		lost:       {errLost, fmt.Errorf("row 3: %w", errLost), errors.New("something that nobody foresaw")},
		mixedUp:    {&attio.LostError{Err: &attio.MismatchError{Got: "x"}}},
		conflict:   {errConflict},
		vanished:   {refusal(404, "not_found"), refusal(400, "merge_in_progress"), refusal(404, "merge_in_progress")},
		refused:    {refusal(400, "missing_value"), refusal(400, "not_found"), refusal(404, "value_not_found"), refusal(409, "slug_conflict"), refusal(429, "rate_limit_exceeded")},
		turnedOff:  {refusal(401, "unauthorized"), refusal(403, "anything"), refusal(400, "quota_exceeded"), refusal(402, "billing_error")},
		unsent:     {&attio.NotSentError{Err: errors.New("refused")}, &attio.NotSentError{Err: errLost}},
	} {
		for _, err := range errs {
			if got := answerOf(err); got != want {
				t.Errorf("%v: answer %d, want %d", err, got, want)
			}
		}
	}
}

// TestSteps is the whole table of what an answer means: by itself, and for a
// row that may have been written before. "Maybe" is sticky: then no refusal is believed.
func TestSteps(t *testing.T) {
	for a, tt := range map[answer]struct{ fresh, maybe, keyless step }{
		carriedOut: {finish, finish, finish},
		lost:       {park, park, despair},
		mixedUp:    {stop, stop, stop},
		conflict:   {look, look, look},
		vanished:   {look, look, look},
		refused:    {refuse, look, refuse},
		turnedOff:  {stop, stop, stop},
		unsent:     {stop, stop, stop},
	} {
		for _, c := range []class{findable, unique} {
			if got := next(a, false, c); got != tt.fresh {
				t.Errorf("answer %d: %d, want %d", a, got, tt.fresh)
			}
			maybe := tt.maybe
			if a == carriedOut && c == findable {
				maybe = watch
			}
			if got := next(a, true, c); got != maybe {
				t.Errorf("answer %d, maybe: %d, want %d", a, got, maybe)
			}
		}
		if got := next(a, false, keyless); got != tt.keyless {
			t.Errorf("answer %d, keyless: %d, want %d", a, got, tt.keyless)
		}
	}
	sent := &outcome.Sent{Tries: 1}
	for _, err := range []error{errConflict, &attio.Error{Status: 404}, &attio.NotSentError{Err: errors.New("429")}} {
		if sticky(sent, err) != sent {
			t.Errorf("%v clears the maybe", err)
		}
	}
}

func TestOurs(t *testing.T) {
	sent := &outcome.Sent{First: clock, Tries: 1}
	left := &outcome.Sent{First: clock, Tries: 2, Earlier: 2}
	both := &outcome.Sent{First: clock, Tries: 2, Earlier: 1}
	you, other := made("r", "api-token:you", since), made("r", "api-token:other", since)
	for _, tt := range []struct {
		what  string
		sent  *outcome.Sent
		actor string // of this process
		e     *mapping.Existing
		want  bool
	}{
		{"by us, just then", sent, "me", made("r", me, since), true},
		{"by us, later", sent, "me", made("r", me, "2026-05-03T10:00:00.000000000Z"), true},
		{"ids compare without case", sent, "ME", made("r", me, since), true},
		{"by us, before", sent, "me", made("r", me, before), false},
		{"by another token", sent, "me", other, false},
		{"by a member", sent, "me", made("r", "workspace-member:me", since), false},
		{"by the system", sent, "me", made("r", "system:", since), false},
		{"by nobody knows whom", sent, "me", made("r", "", since), false},
		{"we do not know ourselves: any token", sent, "", made("r", "api-token:you", since), true},
		{"we do not know ourselves: a member", sent, "", made("r", "workspace-member:you", since), false},
		{"left by a process with another token", left, "me", you, true},
		{"left by it, and by this token", left, "me", made("r", me, since), false},
		{"sent by both, by the other", both, "me", you, true},
		{"sent by both, by this one", both, "me", made("r", me, since), true},
		{"sent by both, by a third", both, "me", other, false},
		{"left by it, and we do not know ourselves", left, "", other, false},
		{"sent by this process, by the other", sent, "me", you, false},
		{"nobody knows when it was sent", &outcome.Sent{Tries: 1}, "me", made("r", me, before), true},
		{"nobody knows when it was made", sent, "me", made("r", me, ""), false},
		{"never sent", nil, "me", made("r", me, since), false},
	} {
		if got := ours(&matter{rec: row(t, "ws1"), sent: tt.sent, by: tokens{own: tt.actor, earlier: "you"}}, tt.e); got != tt.want {
			t.Errorf("%s: %v", tt.what, got)
		}
	}
}

// TestALostCreateIsSettled is the rule for new records: whose what was found is, and what
// follows.
func TestALostCreateIsSettled(t *testing.T) {
	ws := func(id, by, at string, more ...mapping.Field) *mapping.Existing {
		return made(id, by, at, append(more, fld(t, key, "ws1"))...)
	}
	mailed := func(id, by, at string, more ...mapping.Field) *mapping.Existing {
		return made(id, by, at, append(more, fld(t, email, "a@acme.com"))...)
	}
	keyed := func() *mapping.Record { return row(t, "ws1", fld(t, email, "a@acme.com"), fld(t, name, "Acme")) }
	mail := func() *mapping.Record { return row(t, "", fld(t, email, "a@acme.com"), fld(t, name, "Acme")) }
	doubt := func(rec *mapping.Record) *mapping.Record { rec.Doubt = true; return rec }
	bad := func(rec *mapping.Record) *mapping.Record {
		rec.Problems = []outcome.Problem{{Severity: outcome.Error, Code: outcome.ReferenceNotFound}}
		return rec
	}
	incomplete := func(rec *mapping.Record) *mapping.Record {
		rec.NewProblems = []outcome.Problem{{Severity: outcome.Error, Code: outcome.MissingValue}}
		return rec
	}
	type found = []*mapping.Existing
	for _, tt := range []struct {
		what  string
		mode  mapping.Mode
		rec   *mapping.Record
		found found
		want  verdict
		about string
	}{
		{"it arrived", mapping.Upsert, keyed(), found{ws("r", me, since)}, adopt, "r"},
		{"it arrived, create mode", mapping.Create, keyed(), found{ws("r", me, since)}, adopt, "r"},
		{"it arrived, and somebody edited it", mapping.Upsert, keyed(), found{ws("r", me, since, fld(t, name, "Apex"))}, adopt, "r"},
		{"it arrived, though its reference is missing now", mapping.Upsert, bad(keyed()), found{ws("r", me, since)}, adopt, "r"},
		{"it arrived, though a key cannot be looked up", mapping.Upsert, doubt(keyed()), found{ws("r", me, since)}, adopt, "r"},
		{"it arrived, and another's record has the email", mapping.Upsert, keyed(), found{mailed("x", "workspace-member:a", before), ws("r", me, since)}, adopt, "r"},
		{"nothing there", mapping.Upsert, keyed(), nil, again, ""},
		{"nothing there, findable", mapping.Upsert, byName(t, "Acme"), nil, again, ""},
		{"nothing there, marked", mapping.Create, withMark(t, row(t, "", fld(t, name, "A"))), nil, again, ""},
		{"nothing there, keyless", mapping.Create, row(t, "", fld(t, name, "A")), nil, unclear, ""},
		{"nothing there, and it cannot be sent", mapping.Upsert, bad(keyed()), nil, give, ""},
		{"nothing there, and it is incomplete", mapping.Upsert, incomplete(keyed()), nil, give, ""},
		{"nothing seen, but there may be something", mapping.Upsert, doubt(keyed()), nil, unclear, ""},
		{"somebody was first", mapping.Upsert, keyed(), found{ws("r", "workspace-member:a", since)}, follow, "r"},
		{"somebody was first with the same values", mapping.Upsert, keyed(), found{ws("r", "api-token:you", since, fld(t, name, "Acme"), fld(t, email, "a@acme.com"))}, follow, "r"},
		{"somebody was first, create mode", mapping.Create, keyed(), found{ws("r", "workspace-member:a", since)}, taken, "r"},
		{"our token, before the row was looked up", mapping.Upsert, keyed(), found{ws("r", me, before)}, follow, "r"},
		{"somebody was first, but there may be ours", mapping.Upsert, doubt(keyed()), found{ws("r", "workspace-member:a", since)}, unclear, "r"},
		{"two of somebody else's", mapping.Upsert, byName(t, "Acme"), found{made("r", "", since, fld(t, name, "Acme")), made("s", "", since, fld(t, name, "Acme"))}, taken, "r s"},
		{"the email is another's", mapping.Upsert, keyed(), found{mailed("r", "workspace-member:a", before)}, taken, "r"},
		{"the email is another row's, or ours that lost its key", mapping.Upsert, keyed(), found{mailed("r", me, since)}, unclear, "r"},
		{"without a key, it says all", mapping.Create, mail(), found{mailed("r", me, since, fld(t, name, "Acme"))}, adopt, "r"},
		{"without a key, another row's", mapping.Create, mail(), found{mailed("r", me, since, fld(t, name, "Apex"))}, unclear, "r"},
		{"without a key, somebody else's", mapping.Create, mail(), found{mailed("r", "system:", since, fld(t, name, "Acme"))}, taken, "r"},
		{"two by us: the oldest", mapping.Upsert, byName(t, "Acme"), found{made("s", me, "2026-05-01T10:00:02.000000000Z", fld(t, name, "Acme")), made("r", me, since, fld(t, name, "Acme"))}, adopt, "r s"},
		{"its marker, whoever made it", mapping.Create, withMark(t, row(t, "", fld(t, name, "A"))), found{made("r", "", before, fld(t, mark, "run-7"))}, adopt, "r"},
		{"its marker, twice", mapping.Create, withMark(t, row(t, "", fld(t, name, "A"))), found{made("s", me, since, fld(t, mark, "run-7")), made("r", me, since, fld(t, mark, "run-7"))}, adopt, "r s"},
		{"another's marker", mapping.Create, withMark(t, byName(t, "Acme")), found{made("r", "", since, fld(t, mark, "run-8"), fld(t, name, "Acme"))}, taken, "r"},
	} {
		t.Run(tt.what, func(t *testing.T) {
			p := newPolicy(Options{})
			tt.rec.Sent = &outcome.Sent{Intent: outcome.Intent{Verb: outcome.Create}, First: clock, Until: clock.Add(time.Minute), Tries: 3}
			m := &matter{rec: tt.rec, found: tt.found, sent: tt.rec.Sent, mode: tt.mode, by: tokens{own: "me"}, now: clock.Add(time.Minute)}
			got, records := p.settledCreate(m)
			var about []string
			for _, e := range records {
				about = append(about, e.ID)
			}
			if got != tt.want || strings.Join(about, " ") != tt.about {
				t.Errorf("verdict %d about %v, want %d about %s", got, about, tt.want, tt.about)
			}
			m.now = m.now.Add(-time.Nanosecond)
			if got, _ := p.settledCreate(m); got != wait {
				t.Errorf("too early: verdict %d", got)
			}
			m.now, m.sent.Tries = m.now.Add(time.Hour), maxTries
			if got, _ := p.settledCreate(m); tt.want == again && got != unclear || tt.want != again && got != tt.want {
				t.Errorf("after %d tries: verdict %d", maxTries, got)
			}
		})
	}
}

// TestALostUpdateIsSettled is the rule for updates.
func TestALostUpdateIsSettled(t *testing.T) {
	was := func(text string) map[string]json.RawMessage {
		var m map[string]json.RawMessage
		if err := json.Unmarshal([]byte(text), &m); err != nil {
			t.Fatal(err)
		}
		return m
	}
	value := func(text string) string { return `[{"value":"` + text + `"}]` }
	clear := mapping.Field{Attribute: listed, Clear: true}
	fallback := fld(t, name, "New")
	fallback.Default = true
	labels := func(texts ...string) mapping.Field { return fld(t, listed, texts...) }
	ab := `[{"value":"a"},{"value":"b"}]`
	for _, tt := range []struct {
		what   string
		fields []mapping.Field
		before string
		stands []mapping.Field // nil: the record is gone
		want   verdict
		failed verdict // of a row that has an error by now
	}{
		{"it arrived", []mapping.Field{fld(t, name, "New")}, `{"name":` + value("Old") + `}`, []mapping.Field{fld(t, name, "New")}, adopt, unclear},
		{"it did not", []mapping.Field{fld(t, name, "New")}, `{"name":` + value("Old") + `}`, []mapping.Field{fld(t, name, "Old")}, again, give},
		{"it did not, escaped", []mapping.Field{fld(t, name, "New")}, `{"name": [ {"value":"\u004fld"} ] }`, []mapping.Field{fld(t, name, "Old")}, again, give},
		{"somebody came", []mapping.Field{fld(t, name, "New")}, `{"name":` + value("Old") + `}`, []mapping.Field{fld(t, name, "Theirs")}, changed, unclear},
		{"somebody cleared it", []mapping.Field{fld(t, name, "New")}, `{"name":` + value("Old") + `}`, []mapping.Field{fld(t, name)}, changed, unclear},
		{"it was blank, and is", []mapping.Field{fld(t, name, "New")}, `{"name":[]}`, []mapping.Field{fld(t, name)}, again, give},
		{"it is gone", []mapping.Field{fld(t, name, "New")}, `{"name":[]}`, nil, gone, gone},
		{"half of it", []mapping.Field{fld(t, name, "New"), fld(t, email, "n@acme.com")}, `{"name":` + value("Old") + `,"contact":[]}`,
			[]mapping.Field{fld(t, name, "New"), fld(t, email)}, changed, unclear},
		{"somebody changed what was not to be changed", []mapping.Field{fld(t, name, "New"), fld(t, email, "o@acme.com")}, `{"name":` + value("Old") + `}`,
			[]mapping.Field{fld(t, name, "Old"), fld(t, email, "theirs@acme.com")}, again, give},
		{"a default that arrived", []mapping.Field{fallback}, `{"name":[]}`, []mapping.Field{fld(t, name, "New")}, adopt, unclear},
		{"a default that somebody forestalled", []mapping.Field{fallback}, `{"name":[]}`, []mapping.Field{fld(t, name, "Theirs")}, changed, unclear},
		{"additions that arrived", []mapping.Field{labels("c")}, `{"labels":` + ab + `}`, []mapping.Field{labels("c", "a", "b")}, adopt, unclear},
		{"additions that arrived, and somebody took one away", []mapping.Field{labels("c")}, `{"labels":` + ab + `}`, []mapping.Field{labels("c", "b")}, adopt, unclear},
		{"additions that did not, in another order", []mapping.Field{labels("c")}, `{"labels":` + ab + `}`, []mapping.Field{labels("b", "a")}, again, give},
		{"additions to what somebody changed", []mapping.Field{labels("c")}, `{"labels":` + ab + `}`, []mapping.Field{labels("a")}, changed, unclear},
		{"half of the additions", []mapping.Field{labels("c", "d")}, `{"labels":` + ab + `}`, []mapping.Field{labels("c", "a", "b")}, changed, unclear},
		{"a clearing that arrived", []mapping.Field{clear}, `{"labels":` + ab + `}`, []mapping.Field{labels()}, adopt, unclear},
		{"a clearing that did not", []mapping.Field{clear}, `{"labels":` + ab + `}`, []mapping.Field{labels("a", "b")}, again, give},
		{"a clearing of what somebody added to", []mapping.Field{clear}, `{"labels":` + ab + `}`, []mapping.Field{labels("a", "b", "c")}, changed, unclear},
		{"nobody knows what was there", []mapping.Field{fld(t, name, "New")}, `{}`, []mapping.Field{fld(t, name, "New")}, unclear, unclear},
		{"it arrived, and the row says only a part of it now", []mapping.Field{fld(t, name, "New")}, `{"name":` + value("Old") + `,"stage":[]}`,
			[]mapping.Field{fld(t, name, "New")}, adopt, unclear},
		{"it did not, and the row says only a part of it now", []mapping.Field{fld(t, name, "New")}, `{"name":` + value("Old") + `,"stage":[]}`,
			[]mapping.Field{fld(t, name, "Old")}, again, give},
		{"somebody came, and the row says only a part of it now", []mapping.Field{fld(t, name, "New")}, `{"name":` + value("Old") + `,"stage":[]}`,
			[]mapping.Field{fld(t, name, "Theirs")}, changed, unclear},
		{"the row does not say it any more", []mapping.Field{fld(t, name, "New")}, `{"stage":[]}`, []mapping.Field{fld(t, name, "New")}, unclear, unclear},
		{"nobody can read what was there", []mapping.Field{fld(t, name, "New")}, `{"name":[{"what":1}]}`, []mapping.Field{fld(t, name, "New")}, unclear, unclear},
	} {
		t.Run(tt.what, func(t *testing.T) {
			var stands *mapping.Existing
			if tt.stands != nil {
				stands = existing("r1", "", tt.stands...)
			}
			rec := row(t, "ws1", tt.fields...)
			rec.Sent = &outcome.Sent{Intent: outcome.Intent{Verb: outcome.Update, RecordID: "r1", Before: was(tt.before)}, Until: clock, Tries: 3}
			m := &matter{rec: rec, sent: rec.Sent, mode: mapping.Upsert, now: clock}
			if got := settledUpdate(m, stands); got != tt.want {
				t.Errorf("verdict %d, want %d", got, tt.want)
			}
			rec.Sent.Tries = maxTries
			if got := settledUpdate(m, stands); tt.want == again && got != unclear || tt.want != again && got != tt.want {
				t.Errorf("after %d tries: verdict %d", maxTries, got)
			}
			rec.Sent.Tries = 1
			rec.Problems = []outcome.Problem{{Severity: outcome.Error}}
			if got := settledUpdate(m, stands); got != tt.failed {
				t.Errorf("of a row with an error: verdict %d, want %d", got, tt.failed)
			}
			m.now = clock.Add(-time.Nanosecond)
			if got := settledUpdate(m, stands); got != wait {
				t.Errorf("too early: verdict %d", got)
			}
		})
	}
}
