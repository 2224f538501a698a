package write_test

import (
	"fmt"
	"slices"
	"time"

	"attio-import/importer/journal"
	"attio-import/importer/outcome"
)

// The judge compares what the import says of each row, which is what
// its journal holds in the end, with what the workspace knows: which request of which row
// was applied to what and when, and what people did meanwhile.

// judge checks the whole trial.
func (t *trial) judge(log *journal.Log) {
	if open := log.OpenRows(); len(open) > 0 || !log.Complete() {
		t.violation("the run is over, but the rows %v are open (complete: %v)", open, log.Complete())
	}
	t.said = map[int]outcome.Outcome{}
	for e, err := range log.Entries() {
		if err != nil {
			t.violation("the journal cannot be read: %v", err)
			return
		}
		if _, twice := t.said[e.Outcome.Row]; twice {
			t.violation("row %d has two outcomes", e.Outcome.Row)
		}
		t.said[e.Outcome.Row] = e.Outcome
	}
	for _, row := range t.rows {
		o, ok := t.said[row.number]
		if !ok {
			t.violation("row %d has no outcome", row.number)
			continue
		}
		t.judgeRow(row, &o)
	}
	for _, h := range t.server.records {
		t.judgeEdits(h)
	}
}

// record finds a record, gone or not.
func (t *trial) record(id string) *held {
	for _, h := range t.server.records {
		if h.id == id {
			return h
		}
	}
	return nil
}

// became reports whether a record is another one, or was merged into it.
func (t *trial) became(id, other string) bool {
	for id != other && id != "" {
		id = t.record(id).merged
	}
	return id == other
}

// requestsOf lists the row's requests about its own record, those that make one or
// those that change one.
func (t *trial) requestsOf(row *simRow, create bool) []*request {
	var of []*request
	for _, q := range t.requests {
		if q.row == row.number && q.object == "accounts" && q.isCreate() == create {
			of = append(of, q)
		}
	}
	return of
}

// wasTooLate reports whether a request was applied later than the import, by its
// own account, looks out for it. Nothing protects from that.
func (t *trial) wasTooLate(q *request) bool {
	return q.applied.After(q.cut.Add(t.quietOf(q))) && q.lost()
}

// verdict is about one row.
type verdict struct {
	*trial
	row     *simRow
	o       *outcome.Outcome
	at      time.Time // of the decision
	creates []*request
	updates []*request // that were applied
}

func (v *verdict) wrong(format string, args ...any) {
	v.violation("row %d is said to be %s %s %s: %s", v.row.number, v.o.Action, v.o.RecordID, codesOf(v.o), fmt.Sprintf(format, args...))
}

func (t *trial) judgeRow(row *simRow, o *outcome.Outcome) {
	v := &verdict{trial: t, row: row, o: o, at: t.decided[row.number]}
	for _, q := range t.requests {
		switch {
		case q.row != row.number || q.object != "accounts" || q.applied.IsZero():
		case q.made:
			v.creates = append(v.creates, q)
		default:
			v.updates = append(v.updates, q)
		}
	}
	v.noDouble()
	v.contents()
	if row.settled != "" {
		v.settled()
		return
	}
	v.standsSo()
	switch o.Action {
	case outcome.Created:
		if !slices.ContainsFunc(v.creates, func(q *request) bool { return t.became(q.record, o.RecordID) }) {
			v.wrong("it did not create that record")
		}
	case outcome.Updated:
		v.noCreate()
		if !slices.ContainsFunc(v.updates, func(q *request) bool { return q.record == o.RecordID }) {
			v.wrong("none of its updates was applied to that record")
		}
	case outcome.Unchanged:
		v.noCreate()
		v.noUpdate(false)
		v.stoodSo()
	case outcome.Skipped:
		v.noCreate()
		v.skipped()
	case outcome.Rejected:
		v.noCreate()
		v.noUpdate(true)
		v.reason()
	case outcome.Unknown:
		v.unknown()
	default:
		v.wrong("that cannot be")
	}
}

// settled demands that a row which the sheet alone decides was left alone.
func (v *verdict) settled() {
	sent := slices.ContainsFunc(v.requests, func(q *request) bool { return q.row == v.row.number })
	if v.o.Action != v.row.settled || sent {
		v.wrong("it was to be %s, and nothing to be sent (sent: %v)", v.row.settled, sent)
	}
}

// noDouble demands that the row made no second record beside one that could
// still be known as the row's.
func (v *verdict) noDouble() {
	if !v.row.keyed() && !v.kind.marked {
		open := 0
		for _, q := range v.requestsOf(v.row, true) {
			if q.refused == nil || q.lost() {
				open++
			}
		}
		if open > 1 {
			v.wrong("it has no key and was sent %d times", open)
		}
	}
	for i, second := range v.creates {
		for _, first := range v.creates[:i] {
			if second.applied.Before(first.applied) {
				first, second = second, first
			}
			if !v.known(v.record(first.record), second.applied) || v.wasTooLate(first) || v.wasTooLate(second) {
				continue
			}
			v.wrong("two records were made of it: %s and %s", first.record, second.record)
		}
	}
}

// known reports whether a record of the row lived at a time and had one of its
// keys, or its marker, by which it could be told to be the row's.
func (v *verdict) known(h *held, at time.Time) bool {
	id := slices.DeleteFunc(v.row.identity(), func(k attributeTexts) bool { return !slices.Contains(v.kind.keys, k.slug) })
	if v.kind.marked {
		id = append(id, attributeTexts{"import_ref", []string{fmt.Sprintf("run-1-%d", v.row.number)}})
	}
	return v.has(h, id, at)
}

// has reports whether a record lived at a time, with one of the texts, if there are any.
func (v *verdict) has(h *held, id []attributeTexts, at time.Time) bool {
	if !h.gone.IsZero() && !h.gone.After(at) {
		return false
	}
	for _, k := range id {
		if slices.ContainsFunc(h.valuesAt(k.slug, at), func(text string) bool { return slices.Contains(k.texts, text) }) {
			return true
		}
	}
	return len(id) == 0
}

// valuesAt are the values of an attribute right after everything up to a time.
func (h *held) valuesAt(slug string, at time.Time) []string {
	var texts []string
	for _, c := range h.changes {
		if c.slug == slug && !c.at.After(at) {
			texts = c.after
		}
	}
	return texts
}

// noCreate demands that no record of the row's lives.
func (v *verdict) noCreate() {
	for _, q := range v.creates {
		if h := v.record(q.record); v.known(h, v.at) && !v.wasTooLate(q) {
			v.wrong("it created %s", q.record)
		}
	}
}

// noUpdate demands that the row changed nothing; if it may be gone, nothing that still lives.
func (v *verdict) noUpdate(mayBeGone bool) {
	for _, q := range v.updates {
		if h := v.record(q.record); v.wasTooLate(q) || mayBeGone && !h.gone.IsZero() {
			continue
		}
		v.wrong("it changed %s", q.record)
	}
}

// standsSo demands of a row that made it that its record, unless somebody has
// touched it, says in the end what the row says.
func (v *verdict) standsSo() {
	h := v.record(v.o.RecordID)
	if v.o.Action.Failed() || v.o.Action == outcome.Skipped || h == nil {
		return
	}
	touched := !h.gone.IsZero() || slices.ContainsFunc(h.changes, func(c change) bool { return c.by == nil && c.at.After(v.began) })
	if !touched && !v.says(h, time.Now()) {
		v.wrong("in the end the record does not say what the row says")
	}
}

// stoodSo demands that the record once said all that the row says.
func (v *verdict) stoodSo() {
	h := v.record(v.o.RecordID)
	if h == nil {
		v.wrong("there is no such record")
		return
	}
	for _, c := range h.changes {
		if v.says(h, c.at) {
			return
		}
	}
	v.wrong("it never said what the row says")
}

func (v *verdict) says(h *held, at time.Time) bool {
	for slug, texts := range v.row.fields() {
		stands := h.valuesAt(slug, at)
		for _, text := range texts {
			isDefault := slug == "tier" && text == "Starter" && len(stands) > 0
			if !isDefault && !slices.Contains(stands, text) {
				return false
			}
		}
	}
	return true
}

// skipped demands that somebody touched the record after the row's first request.
func (v *verdict) skipped() {
	if !slices.ContainsFunc(v.o.Problems, func(p outcome.Problem) bool { return p.Code == outcome.ChangedSince }) {
		v.wrong("nothing is to be skipped")
		return
	}
	h := v.record(v.o.RecordID)
	if h == nil || !v.referenceGone() && !slices.ContainsFunc(h.changes, func(c change) bool { return c.by == nil && c.at.After(v.began) }) {
		v.wrong("nobody changed it")
	}
}

// reason demands that what is said against the row is true.
func (v *verdict) reason() {
	p := v.o.FirstError()
	if p == nil {
		v.wrong("no reason is given")
		return
	}
	others, gone := v.others()
	ok := false
	switch p.Code {
	case outcome.UniquenessConflict:
		ok = others > 0
	case "validation_type":
		ok = v.row.bad || v.row.moody
	case outcome.DeletedSince, outcome.ConflictNotVisible:
		ok = gone > 0
	case outcome.NoMatch:
		ok = v.everFree()
	case outcome.AmbiguousMatch:
		ok = others > 1
	case outcome.DuplicateKey:
		ok = others > 0
	case outcome.ReferenceNotFound:
		ok = v.kind.name == "strict references" && v.referenceGone()
	}
	if !ok {
		v.wrong("that is not so (%s; %d others had a value of it, %d of them have it no more)", p.Message, others, gone)
	}
}

// others counts the records that the row did not make and that ever had one of
// its identifying values, and those of them that had it no more in the end.
func (v *verdict) others() (ever, gone int) {
	for _, h := range v.server.records {
		if h.object != "accounts" || h.made != nil && h.made.row == v.row.number {
			continue
		}
		had := false
		for _, k := range v.row.identity() {
			for _, c := range h.changes {
				had = had || c.slug == k.slug && slices.ContainsFunc(c.after, func(text string) bool { return slices.Contains(k.texts, text) })
			}
		}
		if !had {
			continue
		}
		ever++
		if !v.has(h, v.row.identity(), time.Now()) {
			gone++
		}
	}
	return ever, gone
}

// everFree reports whether there was a moment before the decision at which no record
// had one of the row's identifying values.
func (v *verdict) everFree() bool {
	moments := []time.Time{v.began}
	for _, h := range v.server.records {
		moments = append(moments, h.gone)
		for _, c := range h.changes {
			moments = append(moments, c.at)
		}
	}
	return slices.ContainsFunc(moments, func(at time.Time) bool {
		return !at.Before(v.began) && !at.After(v.at) && !slices.ContainsFunc(v.server.records, func(h *held) bool {
			return h.object == "accounts" && v.known(h, at)
		})
	})
}

// unknown demands that nothing could have told.
func (v *verdict) unknown() {
	if (v.row.keyed() || v.kind.marked) && !v.keyTaken() && !v.untellable() {
		v.wrong("the row can be found again")
	}
	lost := slices.ContainsFunc(v.requests, func(q *request) bool { return q.row == v.row.number && q.lost() })
	ended := slices.ContainsFunc(v.processes, func(p *process) bool { return p.isDead() || p.failed.Load() != nil })
	if !lost && !ended {
		v.wrong("no answer got lost, and no process ended before it could say so")
	}
}

// keyTaken reports whether somebody took its key from a record that the row made: by another
// value alone it could as well be another row's.
func (v *verdict) keyTaken() bool {
	return slices.ContainsFunc(v.creates, func(q *request) bool {
		return !slices.ContainsFunc(v.kind.keys, func(slug string) bool {
			return slices.ContainsFunc(v.record(q.record).values[slug], func(text string) bool { return slices.Contains(q.values[slug], text) })
		})
	})
}

// untellable reports whether what the row's update was cannot be said any more: a record
// that it refers to is gone, and the mapping is strict about that, or nothing else was to be changed.
func (v *verdict) untellable() bool {
	only := v.intents[v.row.number].Before
	for slug := range only {
		if slug != "company" && slug != "parent" && v.kind.name != "strict references" {
			return false
		}
	}
	return len(only) > 0 && v.referenceGone()
}

// referenceGone reports whether somebody deleted a record that the row names.
func (v *verdict) referenceGone() bool {
	return slices.ContainsFunc(v.server.records, func(h *held) bool {
		named := h.object == "companies" && slices.Contains(h.values["domains"], v.row.company) ||
			h.object == "accounts" && slices.ContainsFunc(h.changes, func(c change) bool { return c.slug == "code" && slices.Contains(c.after, v.row.parent) })
		return named && !v.undisturbed(h.id)
	})
}

// contents demands that what was sent for a row is what the row says.
func (v *verdict) contents() {
	fields := v.row.fields()
	for _, q := range v.creates {
		for slug, texts := range fields {
			if !slices.Equal(q.values[slug], texts) {
				v.wrong("%v was created with %s %v, the row says %v", q, slug, q.values[slug], texts)
			}
		}
		v.references(q)
	}
	for _, q := range v.updates {
		if v.spentForNothing(q) {
			v.wrong("%v changed nothing", q)
		}
		for _, slug := range []string{"name", "tier", "code", "ref"} {
			if texts := q.values[slug]; len(texts) > 0 && !slices.Equal(texts, fields[slug]) {
				v.wrong("%v sent %s, the row says %v", q, slug, fields[slug])
			}
		}
	}
}

// spentForNothing reports whether an update changed nothing though nobody else was about.
func (v *verdict) spentForNothing(q *request) bool {
	if len(v.requestsOf(v.row, false)) > 1 {
		return false
	}
	for _, c := range v.record(q.record).changes {
		if c.by == nil && c.at.After(v.began) || c.by == q && !slices.Equal(c.before, c.after) {
			return false
		}
	}
	return true
}

// references demands that a new record refers to the records that the row names.
func (v *verdict) references(q *request) {
	if to := q.values["company"]; v.row.company != "" {
		if len(to) != 1 || !v.everHad(to[0], "domains", v.row.company) {
			v.wrong("%v does not refer to the company %s", q, v.row.company)
		}
	}
	to := q.values["parent"]
	if len(to) > 0 && !v.everHad(to[0], "code", v.row.parent) {
		v.wrong("%v refers to another parent than %s", q, v.row.parent)
	}
	for _, above := range v.rows[:v.row.number-1] {
		o := v.said[above.number]
		if v.server.lag == 0 && len(to) == 0 && above.code == v.row.parent && above.code != "" && o.RecordID != "" && !o.Action.Failed() && v.undisturbed(o.RecordID) {
			v.wrong("%v does not refer to %s, the record of row %d", q, o.RecordID, above.number)
		}
	}
}

func (v *verdict) everHad(id, slug, text string) bool {
	h := v.record(id)
	return h != nil && slices.ContainsFunc(h.changes, func(c change) bool { return c.slug == slug && slices.Contains(c.after, text) })
}

// undisturbed reports whether nobody took a record, or its code or ref, away.
func (t *trial) undisturbed(id string) bool {
	h := t.record(id)
	return h != nil && h.gone.IsZero() && !slices.ContainsFunc(h.changes, func(c change) bool {
		return (c.slug == "code" || c.slug == "ref") && c.by == nil && c.at.After(t.began)
	})
}

// judgeEdits demands that no request that was sent again wrote over what somebody
// had written between the import's look at the record and its look before it sent
// again. What is written between that look and the request, nobody can save.
func (t *trial) judgeEdits(h *held) {
	for i, c := range h.changes {
		if c.by == nil || c.by.made || slices.Equal(c.before, c.after) {
			continue
		}
		first, last := t.maybes(c.by)
		e := h.lastChange(i, c.slug)
		if first == nil || e == nil || e.by != nil || !e.at.Before(c.by.sent) {
			continue // it was sent for the first time, or was under way already
		}
		before, again := h.lookBefore(first.sent), h.lookAfter(last, c.by)
		blind := again.IsZero() && e.at.After(first.sent)
		seen := !again.IsZero() && e.at.After(before) && !e.at.After(again)
		if blind || seen {
			t.violation("#%d was sent again and wrote %v over %v in %s of %s, which somebody had written", c.by.no, c.after, e.after, c.slug, h.id)
		}
	}
}

// lastChange is the change of an attribute that came last before the i-th of all.
func (h *held) lastChange(i int, slug string) *change {
	for i--; i >= 0; i-- {
		if h.changes[i].slug == slug {
			return &h.changes[i]
		}
	}
	return nil
}

// maybes are the first and the last request before one that may have done the
// same: those of the row to the record that the import could not know to be refused.
func (t *trial) maybes(u *request) (first, last *request) {
	for _, q := range t.requests[:u.no-1] {
		if q.row == u.row && q.object == u.object && q.id == u.id && (q.lost() || q.refused == nil) {
			if first == nil {
				first = q
			}
			last = q
		}
	}
	return first, last
}

// lookBefore is when the import was shown the record last before a time.
func (h *held) lookBefore(at time.Time) (last time.Time) {
	for _, l := range h.shownTo {
		if !l.at.After(at) {
			last = later(last, l.at)
		}
	}
	return last
}

// lookAfter is when the process that sends again was shown the record first after
// the request before got lost; zero: never. One look-up may be several queries, and
// the import takes the answer of any.
func (h *held) lookAfter(lost, again *request) time.Time {
	for _, l := range h.shownTo {
		if l.process == again.process && l.at.Before(again.sent) && (lost.process != again.process || l.at.After(lost.cut)) {
			return l.at
		}
	}
	return time.Time{}
}
