package cli

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// keyedSheet is a sheet of so many workspaces and its mapping.
func keyedSheet(rows int) (csv, mapping string) {
	var b strings.Builder
	b.WriteString("ID,Name\n")
	for i := range rows {
		fmt.Fprintf(&b, "ws-%d,Workspace %d\n", i, i)
	}
	return b.String(), "version: 1\nobject: workspaces\nmode: upsert\nmatch: workspace_id\nvalues: {workspace_id: ID, name: Name}\n"
}

// misfortune is what befalls a run from its 20th write on.
type misfortune struct {
	name    string
	trouble func(w http.ResponseWriter, r *http.Request, n int) bool
	flags   []string

	passes string // once the run has said this; empty: not by itself

	code  int      // of the run
	tells []string // regular expressions that find what the user is told
}

func always(answer func(w http.ResponseWriter)) func(http.ResponseWriter, *http.Request, int) bool {
	return func(w http.ResponseWriter, _ *http.Request, _ int) bool { answer(w); return true }
}

const badGateway = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"

func misfortunes() []misfortune {
	return []misfortune{
		{
			name: "token revoked",
			trouble: always(func(w http.ResponseWriter) {
				envelope(w, 401, "auth_error", "unauthorized", "The API Key provided could not be found. This is most commonly caused by the token having been revoked.")
			}),
			code: exitAuth, tells: []string{`having been revoked`, `(?m)^hint: .*API key`},
		},
		{
			name: "billing plan",
			trouble: func(w http.ResponseWriter, r *http.Request, _ int) bool {
				if isWrite(r) {
					envelope(w, 403, "auth_error", "billing_error", "You have met your plan's record limit.")
				}
				return isWrite(r)
			},
			code: exitAuth, tells: []string{`plan's record limit`, `(?m)^hint: .*Billing`},
		},
		{
			name: "quota",
			trouble: func(w http.ResponseWriter, r *http.Request, _ int) bool {
				if isWrite(r) {
					envelope(w, 400, "invalid_request_error", "quota_exceeded", "You have met your plan's record limit.")
				}
				return isWrite(r)
			},
			code: exitAuth, tells: []string{`plan's record limit`, `(?m)^hint: .*Billing`},
		},
		{
			name: "scope taken away",
			trouble: always(func(w http.ResponseWriter) {
				envelope(w, 403, "auth_error", "unauthorized", "The token lacks a scope.")
			}),
			code: exitAuth, tells: []string{`lacks a scope`, `(?m)^hint: .*scope`},
		},
		{
			name:    "gateway fails for a while",
			trouble: always(func(w http.ResponseWriter) { page(w, 502, badGateway) }),
			passes:  "waiting for Attio",
			code:    exitOK, tells: []string{`waiting for Attio.*502`},
		},
		{
			name:    "gateway fails for ever",
			trouble: always(func(w http.ResponseWriter) { page(w, 502, badGateway) }),
			flags:   []string{"--max-outage", "1s"},
			code:    exitLimit, tells: []string{`502`, `--max-outage`},
		},
		{
			name:    "portal for ever",
			trouble: always(func(w http.ResponseWriter) { page(w, 200, "<html><h1>Please sign in to use this network</h1></html>") }),
			flags:   []string{"--max-outage", "1s"},
			code:    exitLimit, tells: []string{`(?i)sign[- ]in`, `--max-outage`},
		},
		{
			name:    "connections cut for ever",
			trouble: always(func(http.ResponseWriter) { panic(http.ErrAbortHandler) }),
			flags:   []string{"--max-outage", "1s"},
			code:    exitLimit, tells: []string{`--max-outage`},
		},
		{
			name: "429 storm",
			trouble: func(w http.ResponseWriter, r *http.Request, n int) bool {
				if n > 12 {
					return false
				}
				w.Header().Set("Retry-After", time.Now().Add(time.Second).UTC().Format(http.TimeFormat))
				envelope(w, 429, "rate_limit_error", "rate_limit_exceeded", "Rate limit exceeded, please try again later")
				return true
			},
			code: exitOK, tells: []string{`(?i)slow down|refused with 429|429`},
		},
	}
}

// TestMisfortunes lets something befall a run in the middle, once for each kind:
// the exit code and what the user is told are those of the contract, no row is called
// rejected for it, and what the last line says to type brings the import to its end.
func TestMisfortunes(t *testing.T) {
	t.Parallel()
	all := misfortunes()
	names := make([]string, len(all))
	for i, m := range all {
		names[i] = m.name
	}
	together(t, len(all), names, func(t *testing.T, i int) { all[i].test(t) })
}

const misfortuneRows = 80

func (f misfortune) test(t *testing.T) {
	m := newMiddle(t, 20, f.trouble)
	p := newPlace(t, m.url, m.token)
	csv, mapping := keyedSheet(misfortuneRows)
	p.sheet(t, csv, mapping)
	proc := p.start(t, p.next(append(f.flags, "--quiet-time", "100ms", "--workers", "4")...)...)
	if f.passes != "" {
		proc.says(t, f.passes)
		m.peace()
	}
	end := p.wait(t, proc)
	if end.code != f.code {
		t.Fatalf("exit code %d, want %d\n%s%s", end.code, f.code, end.out, end.errs)
	}
	for _, tells := range f.tells {
		if !matches(tells, end.out+end.errs) {
			t.Errorf("nothing that matches %q is said:\n%s%s", tells, end.out, end.errs)
		}
	}
	for _, line := range p.report(t) {
		if line["action"] != "created" {
			t.Errorf("row %s is %s (%s: %s)", line["row"], line["action"], line["code"], line["message"])
		}
	}
	m.peace()
	if f.code != exitOK {
		end = p.obey(t, end)
		if end.code != exitOK {
			t.Errorf("what the last line said ends with %d\n%s%s", end.code, end.out, end.errs)
		}
	}
	p.complete(t, m.witness, misfortuneRows)
}

var nextLine = regexp.MustCompile(`(?m)next: (attio-import (?:resume|report) .*)$`)

// obey types what the summary of an unfinished run says, as a person would.
func (p *place) obey(t *testing.T, e exited) exited {
	t.Helper()
	found := nextLine.FindStringSubmatch(e.out)
	if found == nil {
		t.Fatalf("the summary does not say how to resume:\n%s%s", e.out, e.errs)
	}
	cmd := p.command()
	s := &started{Cmd: cmd}
	cmd.Path, cmd.Args = "/bin/sh", []string{"sh", "-c", found[1]}
	cmd.Err = nil
	cmd.Stdout, cmd.Stderr = &s.out, &s.errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return p.wait(t, s)
}

// complete checks that every row was created, once, and that the report says so.
func (p *place) complete(t *testing.T, w witness, rows int) {
	t.Helper()
	report := p.report(t)
	everyRow(t, report, rows)
	asLogged(t, report, w.log(t, 0), "workspaces", false)
	for _, line := range report {
		if line["action"] != "created" {
			t.Errorf("row %s is %s (%s: %s)", line["row"], line["action"], line["code"], line["message"])
		}
	}
	if held := len(w.states(t, "workspaces")["workspaces"]); held != rows {
		t.Errorf("%d records for %d rows", held, rows)
	}
}

// The server goes away in the middle and nobody listens at its address: the run
// waits, says so, and goes on when it is back; or stops where the user has set a limit.
func TestServerGoesAway(t *testing.T) {
	t.Parallel()
	for _, f := range []struct {
		name  string
		back  string // when the run has said this; empty: when it has ended
		flags []string
		code  int
		tells string
	}{
		{"comes back", "waiting for Attio", nil, exitOK, ""},
		{"stays away", "", []string{"--max-outage", "1s"}, exitLimit, `--max-outage`},
	} {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			var m *middle
			var once sync.Once
			m = newMiddle(t, 20, func(http.ResponseWriter, *http.Request, int) bool {
				once.Do(func() { go m.down() })
				return false
			})
			m.moves(t)
			p := newPlace(t, m.url, m.token)
			csv, mapping := keyedSheet(misfortuneRows)
			p.sheet(t, csv, mapping)
			proc := p.start(t, p.next(append(f.flags, "--quiet-time", "100ms", "--workers", "4")...)...)
			if f.back != "" {
				proc.says(t, f.back)
				m.up(t)
			}
			end := p.wait(t, proc)
			if end.code != f.code || !matches(f.tells, end.out+end.errs) {
				t.Fatalf("exit code %d, want %d and %q to be said\n%s%s", end.code, f.code, f.tells, end.out, end.errs)
			}
			if f.code != exitOK {
				m.up(t)
				if end = p.obey(t, end); end.code != exitOK {
					t.Fatalf("the resume ends with %d\n%s%s", end.code, end.out, end.errs)
				}
			}
			p.complete(t, m.witness, misfortuneRows)
		})
	}
}

// An answer that belongs to another record ends the run at once: nothing that
// comes from there can be believed. What was under way stays open, and resume settles it.
func TestAnotherRecordsAnswer(t *testing.T) {
	t.Parallel()
	var m *middle
	var first []byte
	var mu sync.Mutex
	m = newMiddle(t, 20, func(w http.ResponseWriter, r *http.Request, n int) bool {
		if !isWrite(r) {
			return false
		}
		kept := m.answer(r)
		mu.Lock()
		defer mu.Unlock()
		if first == nil {
			first = kept.body.Bytes()
		} else {
			kept.body.Reset()
			kept.body.Write(first)
		}
		kept.sendTo(w)
		return true
	})
	p := newPlace(t, m.url, m.token)
	csv, mapping := keyedSheet(misfortuneRows)
	p.sheet(t, csv, mapping)
	const workers = 4
	end := p.run(t, p.next("--workers", fmt.Sprint(workers), "--quiet-time", "100ms")...)
	if end.code != exitUnexpected || !strings.Contains(end.errs, "the answer is about record") {
		t.Fatalf("exit code %d\n%s%s", end.code, end.out, end.errs)
	}
	if n := m.troubled(); n > 2*workers {
		t.Errorf("%d requests were sent after the first wrong answer could be seen", n)
	}
	m.peace()
	if end = p.obey(t, end); end.code != exitOK {
		t.Fatalf("the resume ends with %d\n%s%s", end.code, end.out, end.errs)
	}
	p.complete(t, m.witness, misfortuneRows)
}

// A record that somebody deletes, or merges into another, between the look-up
// and the write costs that row only, and is not made anew.
func TestRecordGoesMeanwhile(t *testing.T) {
	t.Parallel()
	for _, f := range []struct {
		name         string
		befall       func(t *testing.T, w witness, id, other string)
		action, code string
		exit         int
	}{
		{
			name: "deleted",
			befall: func(t *testing.T, w witness, id, _ string) {
				w.ask(t, http.MethodDelete, "/v2/objects/workspaces/records/"+id, "", nil)
			},
			action: "rejected", code: "deleted_since_lookup", exit: exitRowsFailed,
		},
		{ // into a new record, which has the key: the row is about that one now
			name: "merged",
			befall: func(t *testing.T, w witness, id, other string) {
				w.ask(t, http.MethodPost, "/v2/objects/workspaces/records/merge",
					fmt.Sprintf(`{"data":{"primary_record_id":%q,"secondary_record_id":%q}}`, id, other), nil)
			},
			action: "updated", exit: exitOK,
		},
	} {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			const rows, victim = 30, 7
			var m *middle
			var once sync.Once
			var target, other string
			m = newMiddle(t, 1, func(_ http.ResponseWriter, r *http.Request, _ int) bool {
				if r.Method == http.MethodPatch && strings.HasSuffix(r.URL.Path, target) && target != "" {
					once.Do(func() { f.befall(t, m.witness, target, other) })
				}
				return false
			})
			p := newPlace(t, m.url, m.token)
			csv, mapping := keyedSheet(rows)
			p.sheet(t, strings.ReplaceAll(csv, ",Workspace", ",Old workspace"), mapping)
			p.through(t, nil)
			m.ask(t, http.MethodPost, "/v2/objects/workspaces/records", `{"data":{"values":{"workspace_id":"other","name":"Other"}}}`, nil)
			target, other = m.find(t, fmt.Sprintf("ws-%d", victim)).ID.Record, m.find(t, "other").ID.Record
			p.sheet(t, csv, mapping)
			end := p.run(t, append([]string{"run", "sheet.csv", "--runs-dir", "second"}, fast...)...)
			if end.code != f.exit {
				t.Fatalf("exit code %d, want %d\n%s%s", end.code, f.exit, end.out, end.errs)
			}
			found := p.outputOf(t, "second", "report.csv")
			for i, line := range readTable(t, found) {
				action, code := "updated", ""
				if i == victim {
					action, code = f.action, f.code
				}
				if line["action"] != action || line["code"] != code {
					t.Errorf("row %d is %s (%s: %s), want %s %s", i+1, line["action"], line["code"], line["message"], action, code)
				}
			}
			state := m.states(t, "workspaces")["workspaces"]
			if _, there := state[fmt.Sprintf("ws-%d", victim)]; there != (f.action == "updated") {
				t.Errorf("the record's key is there: %v", there)
			}
		})
	}
}

// An update whose connection is cut before it arrives, and a person who edits the
// record before it is sent again: what the person wrote stays, and is told; an edit
// of something else is in nobody's way.
func TestEditedMeanwhile(t *testing.T) {
	t.Parallel()
	for _, f := range []struct {
		name, edit   string
		exit         int
		action, code string
		says, seats  string // the record, at the end
	}{
		{"the same attribute", `{"data":{"values":{"name":"By a person"}}}`, exitRowsFailed, "skipped", "changed_since", "By a person", ""},
		{"another attribute", `{"data":{"values":{"seats":7}}}`, exitOK, "updated", "", "Workspace 3", "7"},
	} {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			const rows, victim = 10, "ws-3"
			m := newMiddle(t, 1, nil)
			p := newPlace(t, m.url, m.token)
			csv, mapping := keyedSheet(rows)
			p.sheet(t, strings.ReplaceAll(csv, ",Workspace", ",Old workspace"), mapping)
			p.through(t, nil)
			path := "/v2/objects/workspaces/records/" + m.find(t, victim).ID.Record
			var once sync.Once
			m.setTrouble(func(_ http.ResponseWriter, r *http.Request, _ int) bool {
				if r.Method == http.MethodPatch && r.URL.Path == path {
					once.Do(func() {
						m.ask(t, http.MethodPatch, path, f.edit, nil)
						panic(http.ErrAbortHandler)
					})
				}
				return false
			})
			p.sheet(t, csv, mapping)
			end := p.run(t, append([]string{"run", "sheet.csv", "--runs-dir", "second", "--quiet-time", "50ms"}, fast...)...)
			if end.code != f.exit {
				t.Errorf("exit code %d, want %d\n%s%s", end.code, f.exit, end.out, end.errs)
			}
			for i, line := range readTable(t, p.outputOf(t, "second", "report.csv")) {
				action, code := "updated", ""
				if i == 3 {
					action, code = f.action, f.code
				}
				if line["action"] != action || line["code"] != code {
					t.Errorf("row %d is %s (%s: %s), want %s %s", i+1, line["action"], line["code"], line["message"], action, code)
				}
			}
			record := m.find(t, victim)
			seats := ""
			if v := record.Values["seats"]; len(v) > 0 {
				seats = fmt.Sprint(v[0]["value"])
			}
			if name := record.text("name"); name != f.says || seats != f.seats {
				t.Errorf("the record says %q and %q, want %q and %q", name, seats, f.says, f.seats)
			}
		})
	}
}

// find is the record with a workspace_id.
func (w witness) find(t *testing.T, key string) held {
	t.Helper()
	for _, r := range w.records(t, "workspaces") {
		if r.text("workspace_id") == key {
			return r
		}
	}
	t.Fatalf("there is no %s", key)
	return held{}
}

// A server that cannot prove who it is gets no token and ends the command at once:
// asking again does not help. The message says what is wrong with it.
func TestTLSErrors(t *testing.T) {
	t.Parallel()
	for _, f := range []struct {
		name, tells string
		start       func(*httptest.Server)
	}{
		{"unknown authority", `(?i)certificate`, (*httptest.Server).StartTLS},
		{"no TLS at all", `HTTP response to HTTPS client|(?i)tls`, (*httptest.Server).Start},
	} {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			var connections atomic.Int64
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				t.Errorf("%s %s was sent", r.Method, r.URL)
			}))
			server.Config.ErrorLog = log.New(io.Discard, "", 0)
			server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
				if state == http.StateNew {
					connections.Add(1)
				}
			}
			f.start(server)
			t.Cleanup(server.Close)
			p := newPlace(t, "https://"+server.Listener.Addr().String(), strings.Repeat("a1", 32))
			csv, mapping := keyedSheet(3)
			p.sheet(t, csv, mapping)
			end := p.run(t, p.next()...)
			if end.code != exitUnexpected || !matches(f.tells, end.errs) || !strings.Contains(end.errs, "hint: ") {
				t.Errorf("exit code %d\n%s%s", end.code, end.out, end.errs)
			}
			if n := connections.Load(); n > 2 {
				t.Errorf("it was tried %d times", n)
			}
			if dirs := p.runDirs(t); len(dirs) > 0 {
				t.Errorf("%v is left behind", dirs)
			}
		})
	}
}

// --max-errors stops in the middle, as a number and as a share; a resume that
// allows more goes on, and counts what had failed before.
func TestMaxErrorsInTheMiddle(t *testing.T) {
	t.Parallel()
	for _, most := range []string{"3", "3%"} {
		t.Run(most, func(t *testing.T) {
			t.Parallel()
			const rows, refused = 100, 10
			m := newMiddle(t, 1, func(w http.ResponseWriter, r *http.Request, _ int) bool {
				body := new(strings.Builder)
				r.Body = teeBody(r.Body, body)
				if !isWrite(r) || !strings.Contains(body.String(), `5"`) {
					return false
				}
				envelope(w, 400, "invalid_request_error", "validation_type", "An invalid value was passed to attribute with slug \"name\".")
				return true
			})
			p := newPlace(t, m.url, m.token)
			csv, mapping := keyedSheet(rows)
			p.sheet(t, csv, mapping)
			end := p.run(t, p.next("--max-errors", most, "--workers", "2")...)
			if end.code != exitLimit {
				t.Fatalf("exit code %d\n%s%s", end.code, end.out, end.errs)
			}
			if end = p.run(t, p.next("--max-errors", most, "--workers", "2")...); end.code != exitLimit {
				t.Errorf("a resume with the same limit ends with %d\n%s%s", end.code, end.out, end.errs)
			}
			if end = p.run(t, p.next("--max-errors", "50%")...); end.code != exitRowsFailed {
				t.Errorf("a resume that allows more ends with %d\n%s%s", end.code, end.out, end.errs)
			}
			report := p.report(t)
			everyRow(t, report, rows)
			asLogged(t, report, m.log(t, 0), "workspaces", false)
			failed := 0
			for _, action := range actions(report) {
				if action == "rejected" {
					failed++
				}
			}
			if failed != refused {
				t.Errorf("%d rows are rejected, want %d", failed, refused)
			}
		})
	}
}
