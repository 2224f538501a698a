package write_test

import (
	"context"
	"errors"
	"hash/fnv"
	"strconv"
	"time"
	"unsafe"

	"attio-import/importer/attio"
)

// line is the API as one process of the import sees it: the workspace behind a
// network that fails. It stands in for the client, and so repeats by itself
// what is known not to have been carried out, and tells losses apart as the client does.
type line struct {
	*trial
	p *process
}

var (
	errCut     = errors.New("simulation: connection cut")
	errNoRoute = errors.New("simulation: no route to host")
	errDead    = errors.New("simulation: the process is dead")
)

type rowOf struct{}

// writing marks all that is sent for a row as the row's.
func writing(ctx context.Context, row int) context.Context {
	return context.WithValue(ctx, rowOf{}, row)
}

// timeLimit is the client's, of one request.
const timeLimit = 30 * time.Second

func (l *line) Create(ctx context.Context, object string, values []byte, how attio.Creating) (attio.Written, error) {
	return l.write(ctx, &request{method: "POST", object: object, values: parseValues(object, values)}, how)
}

func (l *line) Update(ctx context.Context, object, id string, values []byte) (attio.Written, error) {
	return l.write(ctx, &request{method: "PATCH", object: object, id: id, values: parseValues(object, values)}, attio.Creating{})
}

func (l *line) Overwrite(ctx context.Context, object, id string, values []byte) (attio.Written, error) {
	return l.write(ctx, &request{method: "PUT", object: object, id: id, values: parseValues(object, values)}, attio.Creating{})
}

// Assert is what the import must not use: it serves a mutant.
func (l *line) Assert(ctx context.Context, object string, values []byte, how attio.Creating) (attio.Written, error) {
	return l.write(ctx, &request{method: "ASSERT", object: object, values: parseValues(object, values)}, how)
}

// write carries a request through what the dice have in store for it.
func (l *line) write(ctx context.Context, q *request, how attio.Creating) (attio.Written, error) {
	q.row, _ = ctx.Value(rowOf{}).(int)
	q.process = l.p.no
	d := l.forRequest(q)
	unsent := func(err error) (attio.Written, error) {
		return attio.Written{}, &attio.NotSentError{Op: q.method, Err: err}
	}
	if err := l.p.step(); err != nil {
		return unsent(err)
	}
	if err := l.gate(ctx, &d); err != nil {
		return unsent(err)
	}
	if how.Leaving != nil {
		if err := how.Leaving(ctx); err != nil {
			return unsent(err)
		}
	}
	if err := l.p.step(); err != nil {
		return unsent(err)
	}
	q.fate = l.fateOf(q, &d)
	if q.fate == notSent {
		return unsent(errNoRoute)
	}
	for d.chance(l.profile.limited) && !l.p.calm { // 429, and the client waits and repeats
		if err := l.pause(ctx, d.span(time.Second, 20*time.Second)); err != nil {
			return unsent(err)
		}
	}
	l.leaves(q)
	began := time.Now()
	written, err := l.travel(q, &d)
	if dead := l.p.step(); dead != nil {
		return attio.Written{}, &attio.LostError{Op: q.method, Err: dead}
	}
	l.landed(q, err)
	written.Elapsed = time.Since(began)
	if err == nil && how.Own != nil && !how.Own(echoOf(q.answer)) {
		l.violation("the import does not know the answer to its own request again: %v", q)
	}
	return written, err
}

// fateOf gives up faults where the process is to have none, where the row
// has had its share, or where the token was revoked already.
func (l *line) fateOf(q *request, d *dice) fate {
	f := l.profile.network.roll(d)
	switch {
	case l.p.revoked.Load():
		return revoked
	case l.p.calm, l.lostOf(q.row) >= 5:
		return arrives
	}
	return f
}

// gate is the wait for the rate limit.
func (l *line) gate(ctx context.Context, d *dice) error {
	wait := d.span(0, 40*time.Millisecond)
	if d.chance(l.profile.jam) && !l.p.calm {
		wait = d.span(time.Second, 90*time.Second)
	}
	return l.pause(ctx, wait)
}

// pause waits, until the context is over or the process dead.
func (l *line) pause(ctx context.Context, wait time.Duration) error {
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-t.C:
		return l.p.step()
	case <-l.p.dead:
		return errDead
	case <-ctx.Done():
		if err := l.p.step(); err != nil {
			return err
		}
		return ctx.Err()
	}
}

// travel takes a request that left to the workspace, and its answer back. What
// the process lives to see of it is no business of the request's.
func (l *line) travel(q *request, d *dice) (attio.Written, error) {
	there, back := d.span(2*time.Millisecond, 150*time.Millisecond), d.span(2*time.Millisecond, 150*time.Millisecond)
	quiet := l.quietOf(q)
	lost := func(err error) (attio.Written, error) {
		return attio.Written{}, &attio.LostError{Op: q.method, Attempts: 1, Err: err}
	}
	switch q.fate {
	case slow:
		there = d.span(time.Second, 20*time.Second)
	case lostBefore:
		time.Sleep(there)
		return lost(errCut)
	case late:
		l.applyAfter(q, d.span(there, quiet*95/100))
		time.Sleep(there)
		return lost(errCut)
	case tooLate:
		l.applyAfter(q, time.Duration(float64(quiet)*(l.profile.overdue[0]+d.float()*(l.profile.overdue[1]-l.profile.overdue[0]))))
		time.Sleep(there)
		return lost(errCut)
	case times:
		if d.chance(0.6) {
			l.applyAfter(q, d.span(there, timeLimit+quiet*95/100))
		}
		time.Sleep(timeLimit)
		return lost(context.DeadlineExceeded)
	case revoked:
		l.p.revoked.Store(true)
		time.Sleep(there + back)
		q.refused = &attio.Error{Status: 401, Type: "auth_error", Code: "unauthorized", Message: "The API Key provided could not be found.", Attempts: 1}
		return attio.Written{}, q.refused
	case mixedUp:
		if d.chance(0.5) {
			time.Sleep(there)
			l.apply(q)
		}
		time.Sleep(back)
		return lost(&attio.MismatchError{Want: q.id, Got: "another"})
	}
	time.Sleep(there)
	if l.p.isDead() && d.chance(0.3) {
		return lost(errDead) // it never left the dead machine
	}
	l.apply(q)
	time.Sleep(back)
	switch {
	case q.fate == lostAfter:
		return lost(errCut)
	case q.refused != nil:
		refused := *q.refused
		refused.Op, refused.Attempts = q.method, 1
		return attio.Written{}, &refused
	}
	return attio.Written{RecordID: q.record, WebURL: "https://app.attio.test/" + q.record, Status: 200, Attempts: 1, At: l.server.told()}, nil
}

// applyAfter is the late arrival of a request whose connection was cut.
func (l *line) applyAfter(q *request, d time.Duration) {
	q.due = time.Now().Add(d)
	l.mu.Lock()
	l.lastDue = later(l.lastDue, q.due)
	l.mu.Unlock()
	time.AfterFunc(d, func() { l.apply(q) })
}

// echoOf makes the Echo of an answer, which only the client can.
func echoOf(body []byte) attio.Echo {
	e := struct{ body []byte }{body}
	return *(*attio.Echo)(unsafe.Pointer(&e))
}

func (l *line) Query(ctx context.Context, object string, q attio.Query) (attio.Page, error) {
	var page attio.Page
	err := l.read(ctx, l.forQuery(object, q.Filter), func() (refused *attio.Error) {
		page, refused = l.server.query(l.p.no, object, q)
		return refused
	})
	return page, err
}

func (l *line) Get(ctx context.Context, object, id string) (attio.Record, error) {
	var rec attio.Record
	err := l.read(ctx, l.forQuery(object, []byte(id)), func() *attio.Error {
		h := l.server.find(object, id)
		if h == nil {
			return &attio.Error{Status: 404, Type: "invalid_request_error", Code: "not_found", Message: "Record not found."}
		}
		h.shownTo = append(h.shownTo, look{time.Now(), l.p.no})
		rec = h.record()
		return nil
	})
	return rec, err
}

func (l *line) Members(context.Context) ([]attio.Member, error) { return nil, nil }

// read asks the workspace. What is cut is asked again by the client, so it is
// seen as slow only, or as the end of the client's patience.
func (l *line) read(ctx context.Context, d dice, ask func() *attio.Error) error {
	unavailable := func(err error) error { return &attio.UnavailableError{Op: "query", Attempts: 1, Err: err} }
	if err := l.p.step(); err != nil {
		return unavailable(err)
	}
	there := d.span(2*time.Millisecond, 60*time.Millisecond)
	if !l.p.calm && d.chance(l.profile.slowRead) {
		there = d.span(time.Second, 15*time.Second)
	}
	if err := l.pause(ctx, there); err != nil {
		return unavailable(err)
	}
	if !l.p.calm && d.chance(l.profile.away) {
		return unavailable(errNoRoute)
	}
	if l.p.revoked.Load() {
		return &attio.Error{Status: 401, Type: "auth_error", Code: "unauthorized", Message: "The API Key provided could not be found."}
	}
	l.server.mu.Lock()
	refused := ask()
	l.server.mu.Unlock()
	if err := l.pause(ctx, d.span(2*time.Millisecond, 60*time.Millisecond)); err != nil {
		return unavailable(err)
	}
	if refused != nil {
		return refused
	}
	return nil
}

// forRequest are the dice of a row's n-th write, forQuery those of a query's
// n-th time.
func (l *line) forRequest(q *request) dice {
	l.mu.Lock()
	defer l.mu.Unlock()
	place := strconv.Itoa(q.row) + q.object
	l.calls[place]++
	return l.dice.about(place).of(1, l.calls[place])
}

func (l *line) forQuery(object string, what []byte) dice {
	h := fnv.New64a()
	h.Write([]byte(object))
	h.Write(what)
	place := strconv.FormatUint(h.Sum64(), 16)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls[place]++
	return l.dice.about(place).of(2, l.calls[place])
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
