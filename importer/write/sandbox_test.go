package write_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tidwall/gjson"
	"golang.org/x/sync/errgroup"

	"attio-import/importer/attio"
	"attio-import/importer/outcome"
	"attio-import/importer/resolve"
	"attio-import/importer/sandbox"
	"attio-import/importer/write"
	"attio-import/mapping"
	"attio-import/mapping/schema"
	"attio-import/ratelimit"
)

// These tests drive both stages against the sandbox, which knows nothing of
// their types, and hold what it then has against what the outcomes say.

// rig is a sandbox with a client and a mapping bound to its schema.
type rig struct {
	*testing.T
	server *sandbox.Server
	client *attio.Client
	plan   *mapping.Plan
}

// newRig serves a sandbox. header is the sheet's, columns separated by commas.
func newRig(t *testing.T, opts sandbox.Options, text, header string) *rig {
	t.Helper()
	server, err := sandbox.New(opts)
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	client, err := attio.New(attio.Config{
		BaseURL: server.URL(), Token: attio.Token(server.Token()),
		Read: ratelimit.NewBudget(0), Write: ratelimit.NewBudget(0),
		Backoff:    func(int) time.Duration { return time.Millisecond },
		RetryAfter: ratelimit.RetryAfter,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	r := &rig{T: t, server: server, client: client}
	r.bind(text, header)
	return r
}

func (r *rig) bind(text, header string) {
	r.Helper()
	file, err := mapping.Parse("test.yaml", []byte(text))
	if err != nil {
		r.Fatal(err)
	}
	described, err := r.client.Schema(context.Background(), file.Objects(), func(o *schema.Object) []string { return file.Attributes(o.Slug) })
	if err != nil {
		r.Fatal(err)
	}
	if r.plan, _, err = mapping.Bind(file, strings.Split(header, ","), described); err != nil {
		r.Fatal(err)
	}
}

// writer is one of the two that the run's second stage may be.
type writer interface {
	Write(context.Context, *mapping.Record) (outcome.Outcome, error)
}

// run brings rows in as the engine does: window by window, eight workers.
// between is called after the look-up of each window.
func (r *rig) run(rows [][]string, window int, between func()) []outcome.Outcome {
	r.Helper()
	resolver := resolve.New(r.client, r.plan, resolve.Options{})
	return r.with(resolver, write.New(r.client, r.plan, resolver, write.Options{QuietTime: 10 * time.Millisecond}), rows, window, between)
}

func (r *rig) with(resolver *resolve.Resolver, w writer, rows [][]string, window int, between func()) []outcome.Outcome {
	r.Helper()
	out := make([]outcome.Outcome, len(rows))
	for from := 0; from < len(rows); from += window {
		var recs []*mapping.Record
		for n := from; n < min(from+window, len(rows)); n++ {
			recs = append(recs, r.plan.Row(n+1, n+2, rows[n]))
		}
		for len(recs) > 0 {
			recs = r.round(resolver, w, recs, out, between)
			for i, rec := range recs { // what is open is mapped anew, as the engine does
				time.Sleep(time.Until(rec.Sent.Until))
				recs[i] = r.plan.Row(rec.Row, rec.Line, rows[rec.Row-1])
				recs[i].Sent = rec.Sent
			}
			between = nil
		}
	}
	return out
}

// round looks some records up and writes them, and gives those back that are open.
func (r *rig) round(resolver *resolve.Resolver, w writer, recs []*mapping.Record, out []outcome.Outcome, between func()) (open []*mapping.Record) {
	r.Helper()
	if err := resolver.Resolve(context.Background(), recs); err != nil {
		r.Fatal(err)
	}
	if between != nil {
		between()
	}
	var g errgroup.Group
	g.SetLimit(8)
	for _, rec := range recs {
		g.Go(func() (err error) {
			if rec.Failed() && rec.Sent == nil {
				out[rec.Row-1] = outcome.Outcome{Row: rec.Row, Action: outcome.Rejected, Stage: outcome.Resolve, Problems: rec.Problems}
				return nil
			}
			out[rec.Row-1], err = w.Write(context.Background(), rec)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		r.Fatal(err)
	}
	for _, rec := range recs {
		if out[rec.Row-1].Action == "" {
			open = append(open, rec)
		}
	}
	return open
}

// count checks how the rows ended.
func (r *rig) count(out []outcome.Outcome, want map[outcome.Action]int) {
	r.Helper()
	got := map[outcome.Action]int{}
	for _, o := range out {
		got[o.Action]++
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		r.Errorf("actions %v, want %v", got, want)
		for _, o := range out {
			if p := o.FirstError(); p != nil {
				r.Logf("first problem: %v", p)
				break
			}
		}
	}
}

// requests is what a stretch of a test cost.
func (r *rig) requests(f func()) (reads, writes int64) {
	before := r.server.Stats().Requests
	f()
	after := r.server.Stats().Requests
	return after.Read - before.Read, after.Write - before.Write
}

// all reads the records of an object by the text of an attribute.
func (r *rig) all(object, slug, part string) map[string]attio.Record {
	r.Helper()
	records := map[string]attio.Record{}
	for offset := 0; ; offset += attio.MaxPage {
		page, err := r.client.Query(context.Background(), object, attio.Query{Offset: offset})
		if err != nil {
			r.Fatal(err)
		}
		for _, rec := range page.Records {
			for _, text := range texts(rec, slug, part) {
				if _, twice := records[text]; twice {
					r.Errorf("two records of %s have %s %q", object, slug, text)
				}
				records[text] = rec
			}
		}
		if len(page.Records) < attio.MaxPage {
			return records
		}
	}
}

// texts reads a part of an attribute's values without the code under test.
func texts(rec attio.Record, slug, part string) []string {
	var out []string
	for _, v := range gjson.GetBytes(rec.Values, slug+".#."+part).Array() {
		out = append(out, v.String())
	}
	return out
}

const workspacesMapping = `
version: 1
object: workspaces
match: workspace_id
mode: %s
values:
  workspace_id: ID
  name: Name
  users: {column: Users, split: ";", reference: {object: users, by: user_id, missing: reject}}
  company: {column: Domain, reference: {object: companies, by: domains, missing: create, create: {name: Company}}}
`

const workspacesHeader = "ID,Name,Users,Domain,Company"

// users seeds users u0 to un-1.
func users(n int) []byte {
	var b strings.Builder
	b.WriteString(`{"records":{"users":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"user_id":"u%d","primary_email_address":"u%d@acme.com"}`, i, i)
	}
	return []byte(b.String() + `]}}`)
}

// workspaceRows makes n rows; every third has an unknown user if bad is set.
func workspaceRows(n int) [][]string {
	rows := make([][]string, n)
	for i := range rows {
		rows[i] = []string{
			fmt.Sprintf("ws-%d", i), fmt.Sprintf("Workspace %d", i),
			fmt.Sprintf("u%d;u%d", i%120, (i*7+1)%120),
			fmt.Sprintf("company%d.com", i%60), fmt.Sprintf("Company %d", i%60),
		}
	}
	return rows
}

func TestAnUpsertTwiceOver(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: users(120)}, fmt.Sprintf(workspacesMapping, "upsert"), workspacesHeader)
	rows := workspaceRows(200)
	const windows = 4
	budget := int64((120+49)/50+windows) + int64((60+49)/50+windows) + int64((200+49)/50+windows)

	var out []outcome.Outcome
	reads, writes := r.requests(func() { out = r.run(rows, 50, nil) })
	r.count(out, map[outcome.Action]int{outcome.Created: 200})
	if writes != 200+60 || reads > budget {
		t.Errorf("%d writes for 200 workspaces and 60 companies, %d reads of at most %d", writes, reads, budget)
	}
	r.checkWorkspaces(rows, out)

	reads, writes = r.requests(func() { out = r.run(rows, 50, nil) })
	r.count(out, map[outcome.Action]int{outcome.Unchanged: 200})
	if writes != 0 || reads > budget {
		t.Errorf("%d writes where nothing changes, %d reads of at most %d", writes, reads, budget)
	}

	for i := 0; i < 200; i += 10 {
		rows[i][1] += " renamed"
		rows[i][2] += ";u5"
	}
	reads, writes = r.requests(func() {
		resolver := resolve.New(r.client, r.plan, resolve.Options{})
		r.count(r.with(resolver, write.NewPlanner(r.plan), rows, 50, nil), map[outcome.Action]int{outcome.WouldUpdate: 20, outcome.Unchanged: 180})
	})
	if writes != 0 || reads > budget {
		t.Errorf("the plan cost %d writes and %d reads", writes, reads)
	}
	_, writes = r.requests(func() { out = r.run(rows, 50, nil) })
	r.count(out, map[outcome.Action]int{outcome.Updated: 20, outcome.Unchanged: 180})
	if writes != 20 {
		t.Errorf("%d writes for 20 changes", writes)
	}
	r.checkWorkspaces(rows, out)
}

// checkWorkspaces compares the sandbox with the sheet and the outcomes.
func (r *rig) checkWorkspaces(rows [][]string, out []outcome.Outcome) {
	r.Helper()
	workspaces := r.all("workspaces", "workspace_id", "value")
	people, companies := r.all("users", "user_id", "value"), r.all("companies", "domains", "domain")
	if len(workspaces) != len(rows) || len(companies) != 60 {
		r.Errorf("%d workspaces, %d companies", len(workspaces), len(companies))
	}
	for i, row := range rows {
		rec, ok := workspaces[row[0]]
		if !ok || rec.ID != out[i].RecordID || rec.WebURL != out[i].WebURL {
			r.Fatalf("row %d: %+v, the sandbox has %s", i, out[i], rec.ID)
		}
		if got := texts(rec, "name", "value"); len(got) != 1 || got[0] != row[1] {
			r.Errorf("row %d is named %v", i, got)
		}
		if got := texts(rec, "company", "target_record_id"); len(got) != 1 || got[0] != companies[row[3]].ID {
			r.Errorf("row %d belongs to company %v", i, got)
		}
		have := strings.Join(texts(rec, "users", "target_record_id"), " ")
		for _, u := range strings.Split(row[2], ";") {
			if !strings.Contains(have, people[u].ID) {
				r.Errorf("row %d lacks user %s", i, u)
			}
		}
	}
	for i := range 60 {
		if got := texts(companies[fmt.Sprintf("company%d.com", i)], "name", "value"); len(got) != 1 || got[0] != fmt.Sprintf("Company %d", i) {
			r.Errorf("company %d is named %v", i, got)
		}
	}
}

func TestWhatALookupRefusesCostsNoWrite(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: users(3)}, fmt.Sprintf(workspacesMapping, "create"), workspacesHeader)
	if _, err := r.client.Create(context.Background(), "workspaces", []byte(`{"workspace_id":"taken","name":"Theirs"}`), attio.Creating{}); err != nil {
		t.Fatal(err)
	}
	var out []outcome.Outcome
	_, writes := r.requests(func() {
		out = r.run([][]string{
			{"ws-1", "One", "u0;u9", "", ""},
			{"taken", "Two", "u1", "", ""},
			{"ws-3", "Three", "u2", "", ""},
		}, 10, nil)
	})
	if writes != 1 {
		t.Errorf("%d writes", writes)
	}
	theirs := r.all("workspaces", "workspace_id", "value")["taken"]
	for i, want := range []string{"reference_not_found", "uniqueness_conflict", ""} {
		p := out[i].FirstError()
		if want == "" && out[i].Action != outcome.Created || want != "" && (p == nil || string(p.Code) != want) {
			t.Errorf("row %d: %+v", i+1, out[i])
		}
	}
	if p := out[0].FirstError(); p.Column != "Users" || p.Attribute != "users" || p.Value != "u9" {
		t.Errorf("%+v", p)
	}
	if p := out[1].FirstError(); !strings.Contains(p.Message, theirs.WebURL) {
		t.Errorf("the holder is not named: %s", p.Message)
	}
}

func TestSomebodyElseIsFaster(t *testing.T) {
	for mode, want := range map[string]outcome.Action{"create": outcome.Rejected, "upsert": outcome.Updated} {
		t.Run(mode, func(t *testing.T) {
			r := newRig(t, sandbox.Options{Seed: users(3)}, fmt.Sprintf(workspacesMapping, mode), workspacesHeader)
			var theirs attio.Written
			out := r.run([][]string{{"ws-1", "Ours", "u0", "acme.com", "Acme"}}, 10, func() {
				var err error
				if theirs, err = r.client.Create(context.Background(), "workspaces", []byte(`{"workspace_id":"ws-1","name":"Theirs"}`), attio.Creating{}); err != nil {
					t.Fatal(err)
				}
			})
			o := out[0]
			if o.Action != want {
				t.Fatalf("%+v", o)
			}
			if mode == "create" && (o.FirstError().Code != outcome.UniquenessConflict || !strings.Contains(o.FirstError().Message, theirs.WebURL)) {
				t.Errorf("%+v", o.FirstError())
			}
			if mode == "upsert" && o.RecordID != theirs.RecordID {
				t.Errorf("%+v, theirs is %s", o, theirs.RecordID)
			}
			if n := r.server.Stats().Records["workspaces"]; n != 1 {
				t.Errorf("%d workspaces", n)
			}
		})
	}
}

// A row that becomes an update because somebody was faster empties what the
// mapping wants emptied, like any other update.
func TestABlankCellClearsWhatSomebodyElseWrote(t *testing.T) {
	r := newRig(t, sandbox.Options{Empty: true}, `
version: 1
object: companies
match: domains
mode: upsert
blank: clear
values: {domains: Domain, name: Name, description: About}
`, "Domain,Name,About")
	out := r.run([][]string{{"acme.com", "Acme", ""}}, 10, func() {
		if _, err := r.client.Create(context.Background(), "companies", []byte(`{"domains":["acme.com"],"name":"Acme","description":"Old"}`), attio.Creating{}); err != nil {
			t.Fatal(err)
		}
	})
	if o := out[0]; o.Action != outcome.Updated || len(o.Changes) != 1 || o.Changes[0].Decision != outcome.Cleared {
		t.Errorf("%+v", o)
	}
	if got := texts(r.all("companies", "domains", "domain")["acme.com"], "description", "value"); len(got) != 0 {
		t.Errorf("the description is %q", got)
	}
}

func TestTheCompanyThatAPersonBringsAlong(t *testing.T) {
	r := newRig(t, sandbox.Options{AutoCompany: true}, `
version: 1
object: people
match: email_addresses
mode: upsert
values:
  email_addresses: Email
  company: {column: Domain, reference: {object: companies, by: domains, missing: create}}
`, "Email,Domain")
	var rows [][]string
	for i := range 40 {
		// Even rows make Attio generate the company that odd rows want created.
		row := []string{fmt.Sprintf("p%d@firm%d.com", i, i/4), ""}
		if i%2 == 1 {
			row[1] = fmt.Sprintf("firm%d.com", i/4)
		}
		rows = append(rows, row)
	}
	out := r.run(rows, 40, nil)
	r.count(out, map[outcome.Action]int{outcome.Created: 40})
	companies, people := r.all("companies", "domains", "domain"), r.all("people", "email_addresses", "email_address")
	if len(companies) != 10 || len(people) != 40 {
		t.Errorf("%d companies, %d people", len(companies), len(people))
	}
	for i, row := range rows {
		if got := texts(people[row[0]], "company", "target_record_id"); len(got) != 1 || got[0] != companies[fmt.Sprintf("firm%d.com", i/4)].ID {
			t.Errorf("person %d belongs to %v", i, got)
		}
	}
}

const companiesMapping = `
version: 1
object: companies
match: domains
mode: upsert
values: {domains: Domain, name: Name}
`

// Two rows with different keys of one record: without a rule both would write
// it, in every run again.
func TestOneRecordIsWrittenForOneRow(t *testing.T) {
	r := newRig(t, sandbox.Options{Empty: true}, companiesMapping, "Domain,Name")
	made, err := r.client.Create(context.Background(), "companies", []byte(`{"domains":["one.com","uno.com"],"name":"Old"}`), attio.Creating{})
	if err != nil {
		t.Fatal(err)
	}
	rows := [][]string{{"one.com", "A"}, {"new.com", "N"}, {"uno.com", "B"}}
	for _, window := range []int{1, 10} {
		out := r.run(rows, window, nil)
		p := out[2].FirstError()
		if p == nil || p.Code != outcome.DuplicateKey || !strings.Contains(p.Message, made.WebURL) {
			t.Errorf("window of %d: %+v", window, out[2])
		}
		if out[0].Action.Failed() || out[1].Action.Failed() {
			t.Errorf("window of %d: %+v", window, out[:2])
		}
	}
	if got := texts(r.all("companies", "domains", "domain")["uno.com"], "name", "value"); len(got) != 1 || got[0] != "A" {
		t.Errorf("the record is named %v", got)
	}
	if _, writes := r.requests(func() { r.run(rows, 10, nil) }); writes != 0 {
		t.Errorf("%d writes where nothing changes", writes)
	}
}

func TestARowMayReferToOneBeforeIt(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: []byte(`{"objects":[{"api_slug":"companies","attributes":[
		{"api_slug":"parent","title":"Parent","type":"record-reference","config":{"record_reference":{"allowed_objects":["companies"]}}}]}]}`)}, `
version: 1
object: companies
match: domains
mode: upsert
values:
  domains: Domain
  parent: {column: Parent, reference: {object: companies, by: domains, missing: reject}}
`, "Domain,Parent")
	rows := func(n int) [][]string {
		key := func(name string) string { return fmt.Sprintf("%s%d.com", name, n) }
		rows := [][]string{{key("early"), key("mother")}, {key("mother"), ""}, {key("late"), key("mother")}, {key("grandchild"), key("late")}}
		for i := range 20 {
			rows = append(rows, []string{key(fmt.Sprint("child", i)), key("mother")})
		}
		return rows
	}
	for _, window := range []int{1, 3, 400} {
		want := map[outcome.Action]int{outcome.WouldCreate: 23, outcome.Rejected: 1}
		resolver := resolve.New(r.client, r.plan, resolve.Options{})
		r.count(r.with(resolver, write.NewPlanner(r.plan), rows(window), window, nil), want)
		out := r.run(rows(window), window, nil)
		r.count(out, map[outcome.Action]int{outcome.Created: 23, outcome.Rejected: 1})
		if p := out[0].FirstError(); p == nil || p.Code != outcome.ReferenceNotFound {
			t.Errorf("a row that refers to a later one: %+v", out[0])
		}
		companies := r.all("companies", "domains", "domain")
		for _, row := range rows(window)[2:] {
			if got := texts(companies[row[0]], "parent", "target_record_id"); len(got) != 1 || got[0] != companies[row[1]].ID {
				t.Errorf("window of %d: the parent of %s is %v", window, row[0], got)
			}
		}
	}
}

// The row that a reference means is not made twice, once for the reference
// and once for itself: in create mode the second would be a conflict.
func TestARowIsNotMadeForAReferenceToo(t *testing.T) {
	r := newRig(t, sandbox.Options{Latency: sandbox.Range{Max: 5 * time.Millisecond}, Seed: []byte(`{"objects":[{"api_slug":"companies","attributes":[
		{"api_slug":"parent","title":"Parent","type":"record-reference","config":{"record_reference":{"allowed_objects":["companies"]}}}]}]}`)}, `
version: 1
object: companies
match: domains
mode: create
values:
  domains: Domain
  parent: {column: Parent, reference: {object: companies, by: domains, missing: create}}
`, "Domain,Parent")
	var rows [][]string
	for i := range 40 {
		rows = append(rows, []string{fmt.Sprintf("mother%d.com", i), ""}, []string{fmt.Sprintf("child%d.com", i), fmt.Sprintf("mother%d.com", i)})
	}
	_, writes := r.requests(func() { r.count(r.run(rows, 50, nil), map[outcome.Action]int{outcome.Created: 80}) })
	if writes != 80 {
		t.Errorf("%d writes for 80 rows", writes)
	}
}

func TestRefusalsOfTheSandbox(t *testing.T) {
	r := newRig(t, sandbox.Options{}, `
version: 1
object: deals
mode: create
values:
  name: Name
  stage: Stage
  owner: {column: Owner, reference: {object: workspace_members, by: email, missing: skip}}
`, "Name,Stage,Owner")
	out := r.run([][]string{{"Big", "Lead", "nobody@acme.com"}}, 10, nil)
	p := out[0].FirstError()
	if out[0].Action != outcome.Rejected || p.Code != "missing_value" || p.Attribute != "owner" {
		t.Fatalf("%+v", out[0])
	}
	if !strings.Contains(p.Message, "owner") || strings.Count(p.Message, "-") > 2 || p.Hint == "" || out[0].HTTPStatus != 400 {
		t.Errorf("%+v", p)
	}
	if out[0].Problems[0].Code != outcome.ReferenceNotFound || out[0].Problems[0].Severity != outcome.Warning {
		t.Errorf("the warning of the look-up is lost: %v", out[0].Problems)
	}
}

// TestLostAnswers cuts connections, before and after the work is done. With a
// key no row may stay unknown, and each is what it says to be, once; a clock that
// is a day off does not matter.
func TestLostAnswers(t *testing.T) {
	for _, skew := range []time.Duration{-24 * time.Hour, 24 * time.Hour} {
		for _, mode := range []string{"create", "upsert"} {
			t.Run(fmt.Sprint(mode, skew), func(t *testing.T) {
				r := newRig(t, sandbox.Options{
					Seed: users(120), DateSkew: skew, FaultSeed: 1 + rand.Int64N(1000),
					Faults: map[string]float64{"reset-before": 0.05, "reset-after": 0.05, "truncate": 0.05},
				}, fmt.Sprintf(workspacesMapping, mode), workspacesHeader)
				rows := workspaceRows(150)
				out := r.run(rows, 50, nil)
				r.count(out, map[outcome.Action]int{outcome.Created: 150})
				settled := 0
				for _, o := range out {
					if o.Attempts > 1 || o.HTTPStatus == 0 {
						settled++
					}
				}
				if settled < 5 {
					t.Errorf("the faults were not felt: %d rows were settled", settled)
				}
				if mode == "create" {
					r.server.EndFaults()
					r.checkWorkspaces(rows, out)
					return
				}
				for i := range rows {
					rows[i][1] += " renamed"
					rows[i][2] += ";u5"
				}
				out = r.run(rows, 50, nil)
				r.count(out, map[outcome.Action]int{outcome.Updated: 150})
				for _, o := range out {
					if len(o.Changes) == 0 || o.Changes[0].Old+" renamed" != o.Changes[0].New || o.Attempts == 0 {
						t.Errorf("row %d: %d attempts, changes %+v", o.Row, o.Attempts, o.Changes)
					}
				}
				r.server.EndFaults()
				r.checkWorkspaces(rows, out)
			})
		}
	}
}

// actors is a journal that is told who the token is.
type actors struct{ ids []string }

func (a *actors) Intend(context.Context, ...outcome.Intent) error { return nil }
func (a *actors) Made(string, string) error                       { return nil }
func (a *actors) Actor(id string) error                           { a.ids = append(a.ids, id); return nil }
func (a *actors) Asked(string) bool                               { return false }

func TestTheFirstAnswerTellsWhoTheTokenIs(t *testing.T) {
	r := newRig(t, sandbox.Options{Empty: true}, companiesMapping, "Domain,Name")
	journal, token := &actors{}, ""
	for _, known := range []bool{false, true} {
		resolver, o := resolve.New(r.client, r.plan, resolve.Options{}), write.Options{Journal: journal}
		if known {
			token, o.Actor, journal.ids = journal.ids[0], journal.ids[0], nil
		}
		rows := [][]string{{fmt.Sprint("a", known, ".com"), "A"}, {fmt.Sprint("b", known, ".com"), "B"}}
		r.count(r.with(resolver, write.New(r.client, r.plan, resolver, o), rows, 1, nil), map[outcome.Action]int{outcome.Created: 2})
		if known != (len(journal.ids) == 0) || len(journal.ids) > 1 {
			t.Fatalf("known %v: told %v", known, journal.ids)
		}
	}
	for domain, rec := range r.all("companies", "domains", "domain") {
		if got := texts(rec, "created_by", "referenced_actor_id"); len(got) != 1 || got[0] != token {
			t.Errorf("%s was made by %v", domain, got)
		}
	}
}

// An answer that belongs to another record stops the run, and the row is open.
func TestAnAnswerThatIsMixedUp(t *testing.T) {
	r := newRig(t, sandbox.Options{Empty: true}, companiesMapping, "Domain,Name")
	if _, err := r.client.Create(context.Background(), "companies", []byte(`{"domains":["other.com"],"name":"A"}`), attio.Creating{}); err != nil {
		t.Fatal(err)
	}
	other := r.all("companies", "domains", "domain")["other.com"]
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"data":{"id":{"workspace_id":%q,"object_id":%q,"record_id":%q},"values":%s}}`, other.WorkspaceID, other.ObjectID, other.ID, other.Values)
	}))
	defer server.Close()
	client, err := attio.New(attio.Config{
		BaseURL: server.URL, Token: "t", Read: ratelimit.NewBudget(0), Write: ratelimit.NewBudget(0),
		Backoff: func(int) time.Duration { return time.Millisecond }, RetryAfter: ratelimit.RetryAfter,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	journal := &actors{}
	w := write.New(client, r.plan, resolve.New(r.client, r.plan, resolve.Options{}), write.Options{Journal: journal})
	rec := r.plan.Row(1, 2, []string{"acme.com", "Acme"})
	o, err := w.Write(context.Background(), rec)
	var mismatch *attio.MismatchError
	if !errors.As(err, &mismatch) || o.Action != "" || rec.Sent == nil || len(journal.ids) != 0 {
		t.Errorf("%v, %+v, sent %+v, learnt %v", err, o, rec.Sent, journal.ids)
	}
	if o, err := w.Write(context.Background(), r.plan.Row(2, 3, []string{"other.com", "A"})); err != nil || o.RecordID != other.ID || len(journal.ids) != 1 {
		t.Errorf("its own answer: %v, %+v, learnt %v", err, o, journal.ids)
	}
}

// TestEachReferenceIsMadeOnce writes many rows that all want the same
// few companies, from many workers, against a slow sandbox.
func TestEachReferenceIsMadeOnce(t *testing.T) {
	r := newRig(t, sandbox.Options{Latency: sandbox.Range{Min: time.Millisecond, Max: 5 * time.Millisecond}},
		fmt.Sprintf(workspacesMapping, "upsert"), workspacesHeader)
	resolver := resolve.New(r.client, r.plan, resolve.Options{})
	w := write.New(r.client, r.plan, resolver, write.Options{})
	var all sync.WaitGroup
	for win := range 6 {
		all.Go(func() {
			var recs []*mapping.Record
			for n := range 40 {
				recs = append(recs, r.plan.Row(n, n, []string{fmt.Sprintf("ws-%d-%d", win, n), "N", "", fmt.Sprintf("c%d.com", n%5), "C"}))
			}
			if err := resolver.Resolve(context.Background(), recs); err != nil {
				t.Error(err)
			}
			for _, rec := range recs {
				if o, err := w.Write(context.Background(), rec); err != nil || o.Action != outcome.Created {
					t.Errorf("%v, %+v", err, o)
				}
			}
		})
	}
	all.Wait()
	st := r.server.Stats()
	if st.Records["companies"] != 5 || st.Requests.Write != 240+5 {
		t.Errorf("%d companies, %d writes", st.Records["companies"], st.Requests.Write)
	}
}
