package write

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"attio-import/importer/attio"
	"attio-import/importer/outcome"
	"attio-import/mapping"
)

// This file is the rule for lost answers: what may be concluded from what, and
// nothing else. It asks nobody and sends nothing; settle.go carries it out. A
// row of this run and one that a dead process left open go the same way.

// maxTries is how many answers of one row may get lost in one process before the
// row is given up.
const maxTries = 10

// worn reports whether a row is not to be sent again. What dead processes tried does not
// count: it may never have left, and somebody wants each new process to try.
func worn(s *outcome.Sent) bool { return s.Tries-s.Earlier >= maxTries }

// policy is the rule, in the parts of which each can go wrong by itself: tests
// put faults into them, one by one, to see that a simulation finds each.
type policy struct {
	// quiet is how long a write is left alone after its answer got lost.
	quiet func(class) time.Duration
	// since is the time, by the server's clock, before which a row's record
	// cannot have been made.
	since func(*mapping.Record) time.Time
	// post makes a record: by a POST, never by an assert, which would overwrite
	// what somebody else made since the look-up, and call it created.
	post func(context.Context, API, string, []byte, attio.Creating) (attio.Written, error)
	// ours tells whether a record is what the row's lost create made.
	ours func(*matter, *mapping.Existing) bool
	// after is what is still open of a row once an error has come. Only a look-up
	// settles a row; no error does.
	after func(*outcome.Sent, error) *outcome.Sent
	// next says what an answer means for the row.
	next func(answer, bool, class) step
	// update settles a lost update by what the record says now.
	update func(*matter, *mapping.Existing) verdict
}

func newPolicy(o Options) policy {
	return policy{
		quiet: o.quiet, since: lookedUp, post: post, ours: ours,
		after: sticky, next: next, update: settledUpdate,
	}
}

func lookedUp(rec *mapping.Record) time.Time { return rec.At }

func post(ctx context.Context, api API, object string, values []byte, how attio.Creating) (attio.Written, error) {
	return api.Create(ctx, object, values, how)
}

func sticky(sent *outcome.Sent, _ error) *outcome.Sent { return sent }

// class is how a write can be found again whose answer got lost.
type class int

const (
	keyless  class = iota // not at all
	findable              // by a value that several records may have: a key that is not unique in Attio, or the marker
	unique                // by a value that one record only can have, or by its id
)

// classOf is the class of the write that a row needs, or that was sent for it.
func classOf(rec *mapping.Record) class {
	switch {
	case rec.Existing != nil || rec.Sent != nil && rec.Sent.Verb == outcome.Update:
		return unique
	case slices.ContainsFunc(rec.Fields, keepsApart):
		return unique
	case rec.Marker != nil || slices.ContainsFunc(rec.Keys, func(k mapping.Key) bool { return writes(rec, k) }):
		return findable
	}
	return keyless
}

// keepsApart reports whether Attio would refuse a second record with the field's values.
func keepsApart(f mapping.Field) bool {
	return f.Attribute.Unique && f.Attribute.Filterable() && len(f.Values) > 0
}

// writes reports whether a new record gets the key.
func writes(rec *mapping.Record, k mapping.Key) bool {
	return slices.ContainsFunc(rec.Fields, func(f mapping.Field) bool { return f.Attribute == k.Attribute && len(f.Values) > 0 })
}

// answer is how a call went, as far as it matters here.
type answer int

const (
	carriedOut answer = iota
	lost              // nobody can tell
	mixedUp           // it belongs to another record: calls and answers are out of step
	conflict          // another record has a value that must be unique
	vanished          // there is no such record, or it is being merged into another
	refused           // the API does not take the row
	turnedOff         // the API takes no row: the token, the plan
	unsent            // nothing left, or all that left was refused with 429
)

func answerOf(err error) answer {
	var mismatch *attio.MismatchError
	var notSent *attio.NotSentError
	refusal := refusalIn(err)
	switch {
	case err == nil:
		return carriedOut
	case errors.As(err, &mismatch):
		return mixedUp
	case errors.As(err, &notSent):
		return unsent
	case isLost(err) || refusal == nil:
		return lost
	case refusal.EndsRun():
		return turnedOff
	case refusal.Code == attio.CodeUniquenessConflict:
		return conflict
	case refusal.Code == attio.CodeMergeInProgress || refusal.Code == attio.CodeNotFound && refusal.Status == 404:
		return vanished
	}
	return refused
}

// step is what to do about an answer.
type step int

const (
	finish  step = iota // the row is written
	park                // wait, then look
	watch               // the row is written: wait, then look whether it was written twice
	despair             // unknown: nothing can be looked for
	look                // ask the workspace before anything is concluded
	refuse              // the row is rejected
	stop                // the row stays undecided, and the run ends
)

// next reads an answer. maybe says that the row may have been written before
// this call left: then no refusal is believed without a look, since what was refused
// may be the repetition of what was done.
func next(a answer, maybe bool, c class) step {
	switch {
	case a == carriedOut && maybe && c == findable:
		return watch // nothing refuses the first request, should it arrive after all
	case a == carriedOut:
		return finish
	case a == mixedUp || a == turnedOff || a == unsent:
		return stop
	case a == lost && c == keyless:
		return despair
	case a == lost:
		return park
	case a == conflict || a == vanished || maybe:
		return look
	}
	return refuse
}

// matter is all that may be known of a row that may have been written.
type matter struct {
	rec   *mapping.Record
	found []*mapping.Existing // by a look-up after the quiet time
	sent  *outcome.Sent       // nil: the row was never sent before
	mode  mapping.Mode
	by    tokens
	asked bool // another row may have made the record that has a key of the row, by a reference to it
	now   time.Time
}

// verdict is what became of a row that may have been written, and what is to be done.
type verdict int

const (
	wait    verdict = iota // it is too early to tell
	adopt                  // it was written
	follow                 // it was not; somebody else made a record with its key, and the row is an update of that
	taken                  // it was not; somebody else's record is in the way
	again                  // it was not: send it again
	give                   // it was not, and cannot be: its problems say why
	gone                   // the record to be updated does not exist any more
	changed                // somebody changed the record: what is sent now would overwrite it
	unclear                // nobody can tell
)

// settledCreate settles a lost create by the records that a look-up found. The
// second result are those that the verdict is about.
func (p *policy) settledCreate(m *matter) (verdict, []*mapping.Existing) {
	if m.now.Before(m.sent.Until) {
		return wait, nil
	}
	whose, records := p.whose(m)
	c := classOf(m.rec)
	switch {
	case whose == own:
		return adopt, records
	case m.sent.Made != "":
		return adopt, nil // an answer has said so; by now it is deleted, or its key is another
	case whose == doubtful || m.rec.Doubt || c == keyless:
		return unclear, records
	case whose == namesake && m.mode == mapping.Upsert && len(records) == 1:
		return follow, records
	case whose != nobodys:
		return taken, records
	case m.rec.Failed() || len(m.rec.NewProblems) > 0:
		return give, nil
	case worn(m.sent):
		return unclear, nil
	}
	return again, nil
}

// whose says whom the records belong to that a look-up found.
type whose int

const (
	nobodys  whose = iota // nothing was found
	own                   // the row made it
	namesake              // it has the row's key, and somebody else made it
	rival                 // it has a unique value of the row, and somebody else made it
	doubtful              // it may be another row's of this run
)

// whose sorts what was found. Equal values prove nothing, since a person may
// have typed them in; and that this token made a record since the row was looked up
// is not enough, since it makes those of other rows too. A record that is both, and
// has a key of the row, is the row's own, for rows have no key in common. If it has
// only another unique value of the row, it may be another row's with that
// value. Of a row without keys all that was sent must stand there; and of one whose
// record another row may have made, by referring to it, since that gives it a key and little else.
func (p *policy) whose(m *matter) (whose, []*mapping.Existing) {
	if marked := withMarker(m); len(marked) > 0 {
		return own, marked
	}
	mine := slices.DeleteFunc(slices.Clone(m.found), func(e *mapping.Existing) bool { return !p.ours(m, e) })
	named, sure := withKey(m.found, m.rec.Keys), withKey(mine, m.rec.Keys)
	if len(m.rec.Keys) == 0 {
		sure = slices.Clone(mine)
	}
	if len(m.rec.Keys) == 0 || m.asked {
		sure = slices.DeleteFunc(sure, func(e *mapping.Existing) bool { return !m.saysAll(e) })
	}
	switch {
	case len(sure) > 0:
		return own, oldestFirst(sure)
	case len(named) > 0:
		return namesake, named
	case len(mine) > 0:
		return doubtful, mine
	case len(m.found) > 0:
		return rival, m.found
	}
	return nobodys, nil
}

// withMarker picks the records with the row's marker, which nobody but this row
// of this run writes.
func withMarker(m *matter) []*mapping.Existing {
	if m.rec.Marker == nil {
		return nil
	}
	return oldestFirst(withKey(m.found, []mapping.Key{*m.rec.Marker}))
}

// oldestFirst sorts records by when they were made. The API prints times in one
// format of fixed width, so they order as texts; equal times are told apart by
// id, so that every process chooses alike.
func oldestFirst(es []*mapping.Existing) []*mapping.Existing {
	slices.SortFunc(es, func(a, b *mapping.Existing) int {
		if c := strings.Compare(a.CreatedAt, b.CreatedAt); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return es
}

// ours tells whether a record was made by a token of the run, and not before the
// row's first create was decided: by the server's clock in both cases, since this
// machine's may be minutes off. Where a token's id is not known yet, any
// token's record counts.
func ours(m *matter, e *mapping.Existing) bool {
	switch {
	case m.sent == nil || e.CreatedBy.Type != tokenType:
		return false
	case !m.by.sent(m.sent, e.CreatedBy.ID):
		return false
	case m.sent.First.IsZero():
		return true
	}
	made, err := time.Parse(time.RFC3339, e.CreatedAt)
	return err == nil && !made.Before(m.sent.First)
}

// tokenType is the type of the actor that the API names where a token wrote.
const tokenType = "api-token"

func (m *matter) saysAll(e *mapping.Existing) bool {
	return !slices.ContainsFunc(m.rec.Fields, func(f mapping.Field) bool {
		return len(f.Values) > 0 && len(f.References) == 0 && !f.SaidBy(e.Values[f.Attribute.Slug])
	})
}

// settledUpdate settles a lost update by what the record says now; stands is nil
// where there is none. Only the attributes that the update was to change count, and only
// if they stand as they stood before is it sent again: everything else is
// somebody's, who came later than the row was decided. An attribute that the row says
// nothing of any more, because what it referred to is gone, tells nothing: the
// others do, for an update is carried out whole or not at all.
func settledUpdate(m *matter, stands *mapping.Existing) verdict {
	switch {
	case m.now.Before(m.sent.Until):
		return wait
	case stands == nil:
		return gone
	case len(m.sent.Before) == 0:
		return unclear
	}
	fields := among(m.rec.Fields, m.sent.Before)
	before, err := putBack(stands, fields, m.sent.Before)
	if err != nil || len(fields) == 0 {
		return unclear
	}
	same := sameIn(stands, before, m.sent.Before)
	failed := m.rec.Failed() // a field may be missing, and then what was sent is not known
	switch {
	case !failed && !same && says(stands, fields):
		return adopt
	case !same:
		if failed {
			return unclear
		}
		return changed
	case failed:
		return give
	case worn(m.sent):
		return unclear
	}
	return again
}

// says reports whether a record says all that the fields say.
func says(e *mapping.Existing, fields []mapping.Field) bool {
	return !slices.ContainsFunc(fields, func(f mapping.Field) bool { return !f.SaidBy(e.Values[f.Attribute.Slug]) })
}

// sameIn reports whether two records have the same values of some attributes.
func sameIn[V any](a, b *mapping.Existing, slugs map[string]V) bool {
	for slug := range slugs {
		if !mapping.SameValues(a.Values[slug], b.Values[slug]) {
			return false
		}
	}
	return true
}
