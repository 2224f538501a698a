package sandbox

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"
)

func TestCreateEchoesEveryAttribute(t *testing.T) {
	c := serve(t, Options{})
	a := c.ok("POST", "/v2/objects/workspaces/records", data(`{"workspace_id":"w-1","name":"Acme \"\u00fc\""}`))
	var slugs []string
	a.get("data.values").ForEach(func(k, _ gjson.Result) bool { slugs = append(slugs, k.Str); return true })
	want := strings.Fields("record_id workspace_id name users company avatar_url created_at created_by")
	if !slices.Equal(slugs, want) {
		t.Errorf("values have %v, want %v", slugs, want)
	}
	if got := a.get("data.values.name.0.value").Str; got != "Acme \"ü\"" {
		t.Errorf("name = %q", got)
	}
	if got := a.get("data.values.users").Raw; got != "[]" {
		t.Errorf("users = %s, want []", got)
	}
	if got := a.get("data.values.created_by.0.referenced_actor_type").Str; got != "api-token" {
		t.Errorf("created_by = %s", got)
	}
	if got := a.header.Get("Content-Type"); got != "application/json; charset=utf-8" {
		t.Errorf("content type %q", got)
	}
}

func TestUniqueValues(t *testing.T) {
	c := serve(t, Options{})
	c.create("people", `{"email_addresses":["Ada@Acme.com"]}`)
	const text = `A value provided for attribute with slug "email_addresses" conflicts with one already in the system. This attribute has a uniqueness constraint. Please ensure all values for this attribute do not exist on another record.`
	a := c.refused("POST", "/v2/objects/people/records", data(`{"email_addresses":["ada@ACME.com"]}`), 400, "uniqueness_conflict")
	if a.get("message").Str != text {
		t.Errorf("message %q", a.get("message").Str)
	}
	other := c.create("people", `{"email_addresses":["bob@acme.com"]}`)
	for _, method := range []string{"PATCH", "PUT"} {
		c.refused(method, "/v2/objects/people/records/"+other, data(`{"email_addresses":["ada@acme.com"]}`), 400, "uniqueness_conflict")
	}
	if n := c.server.Stats().Records["people"]; n != 2 {
		t.Errorf("%d people, want 2: a refused create must store nothing", n)
	}
}

func TestUpdatesOfSeveralValues(t *testing.T) {
	c := serve(t, Options{})
	id := c.create("people", `{"email_addresses":["a@acme.com","b@acme.com"],"job_title":"CTO"}`)
	emails := func() string {
		var list []string
		for _, v := range c.record("people", id).get("data.values.email_addresses.#.email_address").Array() {
			list = append(list, strings.TrimSuffix(v.Str, "@acme.com"))
		}
		return strings.Join(list, " ")
	}
	path := "/v2/objects/people/records/" + id
	for _, step := range []struct{ method, path, emails, want string }{
		{"PATCH", path, `["B@acme.com","c@acme.com"]`, "c a b"}, // new ones in front, none twice
		{"PATCH", path, `[]`, "c a b"},
		{"PUT", path, `["b@acme.com","d@acme.com"]`, "b d"}, // exactly these, in order
		{"PUT", "/v2/objects/people/records?matching_attribute=email_addresses", `["d@acme.com","e@acme.com"]`, "e b d"}, // the matching attribute is added to
		{"PUT", path, `[]`, ""},
	} {
		c.ok(step.method, step.path, data(`{"email_addresses":`+step.emails+`}`))
		if got := emails(); got != step.want {
			t.Errorf("%s %s: emails %q, want %q", step.method, step.emails, got, step.want)
		}
	}
	if got := c.record("people", id).get("data.values.job_title.0.value").Str; got != "CTO" {
		t.Errorf("job title %q: what is not sent must stay", got)
	}
}

func TestRelationshipsHaveTwoSides(t *testing.T) {
	c := serve(t, Options{})
	acme := c.create("companies", `{"domains":["acme.com"]}`)
	other := c.create("companies", `{"domains":["other.com"]}`)
	ada := c.create("people", `{"email_addresses":["ada@acme.com"],"company":"acme.com"}`)
	team := func(company string) string {
		return c.record("companies", company).get("data.values.team.#.target_record_id").Raw
	}
	if got, want := team(acme), `["`+ada+`"]`; got != want {
		t.Fatalf("team %s, want %s", got, want)
	}
	c.ok("PATCH", "/v2/objects/companies/records/"+other, data(`{"team":["ada@acme.com"]}`))
	if team(acme) != "[]" {
		t.Errorf("the former company still has %s", team(acme))
	}
	if got := c.record("people", ada).get("data.values.company.0.target_record_id").Str; got != other {
		t.Errorf("person's company is %s, want %s", got, other)
	}
	c.ok("DELETE", "/v2/objects/people/records/"+ada, "")
	if team(other) != "[]" {
		t.Errorf("team %s after the person was deleted", team(other))
	}
	c.refused("GET", "/v2/objects/people/records/"+ada, "", 404, "not_found")
}

func TestQueryByKeys(t *testing.T) {
	c := serve(t, Options{})
	a := c.create("workspaces", `{"workspace_id":"a","name":"Same"}`)
	b := c.create("workspaces", `{"workspace_id":"b","name":"Same"}`)
	p := c.create("people", `{"email_addresses":["ada@acme.com"],"name":"Byron, Ada","phone_numbers":["+84901234567"]}`)
	for _, q := range []struct {
		object, filter string
		want           []string
	}{
		{"workspaces", `{"workspace_id":"a"}`, []string{a}},
		{"workspaces", `{"workspace_id":{"$in":["b","a","x"]}}`, []string{a, b}},
		{"workspaces", `{"$or":[{"workspace_id":"b"},{"workspace_id":{"value":{"$eq":"a"}}}]}`, []string{a, b}},
		{"workspaces", `{"$or":[{"workspace_id":"b"},{"workspace_id":"b"}]}`, []string{b}},
		{"people", `{"phone_numbers":"+84901234567"}`, []string{p}},
		{"people", `{"phone_numbers":"84901234567"}`, []string{p}}, // only the plus is made good
		{"people", `{"phone_numbers":"0901234567"}`, nil},
		{"workspaces", `{"record_id":{"$in":["` + b + `"]}}`, []string{b}},
		{"workspaces", `{"$and":[{"name":"Same"},{"$not":{"workspace_id":"a"}}]}`, []string{b}},
		{"people", `{"email_addresses":{"email_address":{"$eq":"ADA@acme.com"}}}`, []string{p}},
		{"people", `{"email_addresses":{"email_domain":"acme.com"}}`, []string{p}},
		{"people", `{"name":{"last_name":{"$contains":"yro"}}}`, []string{p}},
		{"people", `{"name":{"last_name":{"$contains":"zzz"}}}`, nil},
	} {
		if got := c.ids(q.object, `{"filter":`+q.filter+`}`); !slices.Equal(got, q.want) {
			t.Errorf("%s: %v, want %v", q.filter, got, q.want)
		}
	}
}

// The matching attribute is added to; every other list is replaced, and what is not sent stays.
func TestAssertRules(t *testing.T) {
	c := serve(t, Options{})
	c.create("people", `{"email_addresses":["a@acme.com"],"phone_numbers":["+442071838750","+447234172834"],"job_title":"CTO"}`)
	a := c.ok("PUT", "/v2/objects/people/records?matching_attribute=email_addresses",
		data(`{"email_addresses":["a@acme.com","b@acme.com"],"phone_numbers":["+447234172834"]}`))
	c.want(a, "data.values.email_addresses.#.email_address", `["b@acme.com","a@acme.com"]`)
	c.want(a, "data.values.phone_numbers.#.phone_number", `["+447234172834"]`)
	c.want(a, "data.values.job_title.0.value", "CTO")
	c.create("people", `{"email_addresses":["c@acme.com"]}`)
	c.refused("PUT", "/v2/objects/people/records?matching_attribute=email_addresses", data(`{"email_addresses":["a@acme.com","c@acme.com"]}`), 400, "uniqueness_conflict")
}

// A clock that is set back must not mix up the order of creation.
func TestTimeNeverRunsBack(t *testing.T) {
	c := serve(t, Options{})
	c.server.store.last = time.Now().Add(time.Hour).UnixMilli()
	first := c.record("companies", c.create("companies", `{}`)).get("data.created_at").Str
	c.server.store.skew = -time.Hour
	if second := c.record("companies", c.create("companies", `{}`)).get("data.created_at").Str; second < first {
		t.Errorf("created at %s after one of %s", second, first)
	}
}
