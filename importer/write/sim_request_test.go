package write_test

import (
	"fmt"
	"time"

	"attio-import/importer/attio"
)

// request is one write of the import that left, in the workspace's log: the
// oracle of the simulation.
type request struct {
	no, row, process int
	method           string // POST, PATCH, PUT, or ASSERT
	object, id       string
	values           map[string][]string

	fate    fate
	sent    time.Time
	applied time.Time    // zero: never
	record  string       // that it was applied to
	made    bool         // it made that record
	answer  []byte       // what the workspace said of the record
	refused *attio.Error // what the workspace said instead
	told    time.Time    // when the import got that answer; zero: never
	cut     time.Time    // when it saw that it would not, or its process died
	due     time.Time    // when it is applied though the import was cut off; zero: it is not late
}

// isCreate reports whether the request is to make a record.
func (q *request) isCreate() bool { return q.method == "POST" || q.method == "ASSERT" }

// lost reports whether the import cannot know what became of the request.
func (q *request) lost() bool { return q.told.IsZero() }

func (q *request) String() string {
	s := fmt.Sprintf("#%d row %d %s %s %s %v %s", q.no, q.row, q.method, q.object, q.id, q.values, q.fate)
	switch {
	case !q.applied.IsZero():
		s += " -> " + q.record
	case q.refused != nil:
		s += " -> " + q.refused.Code
	}
	return s
}

// fate is what the network does to a request.
type fate int

const (
	arrives    fate = iota
	slow            // takes up to 20 s
	notSent         // no connection, for good
	lostBefore      // cut, and never arrives
	lostAfter       // arrives, the answer is cut
	late            // cut, and arrives within the quiet time
	tooLate         // cut, and arrives after the quiet time
	times           // cut by the time limit of the client, arrives or not
	mixedUp         // the answer is about another record; arrives or not
	revoked         // 401, and from now on always in this process
)

func (f fate) String() string {
	return [...]string{"arrives", "slow", "not sent", "lost before", "lost after", "late", "too late", "timed out", "mixed up", "revoked"}[f]
}

// weights are how often which fate meets a request.
type weights struct{ arrives, slow, notSent, lostBefore, lostAfter, late, tooLate, times, mixedUp, revoked float64 }

func (w *weights) roll(d *dice) fate {
	return fate(d.pick(w.arrives, w.slow, w.notSent, w.lostBefore, w.lostAfter, w.late, w.tooLate, w.times, w.mixedUp, w.revoked))
}

// What follows is the life of a request.

// quietOf is how long a request may be on its way by what the import promises.
func (t *trial) quietOf(q *request) time.Duration {
	switch row := t.rows[q.row-1]; {
	case t.quiet > 0:
		return t.quiet
	case q.object != "accounts", !q.isCreate(), row.unique():
		return 5 * time.Second
	case row.keyed() || t.kind.marked:
		return 120 * time.Second
	}
	return 5 * time.Second // nothing can look it up
}

// leaves takes note of a request that is on its way.
func (t *trial) leaves(q *request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	q.sent = time.Now()
	q.no = len(t.requests) + 1
	t.requests = append(t.requests, q)
	t.processes[q.process-1].mayLeave(q)
	t.note("process %d sends #%d, row %d: %s %s %s %v, which %v", q.process, q.no, q.row, q.method, q.object, q.id, q.values, q.fate)
}

// landed takes note of what the import was told.
func (t *trial) landed(q *request, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if isLost(err) {
		q.cut = t.processes[q.process-1].lastSign(q)
	} else {
		q.told = time.Now()
	}
	t.note("#%d: the import is told %v", q.no, told(q, err))
}

func isLost(err error) bool {
	_, lost := err.(*attio.LostError)
	return lost
}

func told(q *request, err error) string {
	if err != nil {
		return err.Error()
	}
	return "it is " + q.record
}

// lostOf counts the row's requests that got lost.
func (t *trial) lostOf(row int) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := 0
	for _, q := range t.requests {
		if q.row == row && q.lost() {
			n++
		}
	}
	return n
}

// apply is a request's arrival in the workspace.
func (t *trial) apply(q *request) {
	t.server.mu.Lock()
	defer t.server.mu.Unlock()
	var h *held
	switch q.method {
	case "POST":
		h, q.refused = t.server.add(q.object, ourToken, q.values, q)
	case "ASSERT":
		h, q.refused = t.server.assert(q)
	default:
		h, q.refused = t.server.patch(q.object, q.id, q.values, q.method == "PUT", q)
	}
	if h != nil {
		q.applied, q.record, q.made = time.Now(), h.id, h.made == q
		q.answer = fmt.Appendf(nil, `{"data":{"values":%s}}`, h.shown())
		t.note("#%d is applied to %s", q.no, h.id)
		return
	}
	t.note("#%d is refused: %s", q.no, q.refused.Code)
}
