package sandbox

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"
)

const otherToken = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// refusal is one line of the catalogue: what is refused, with which status, code and text, and a part of the body.
type refusal struct {
	method, path, body string
	status             int
	code, message      string // message "": whatever it is
	more               string // "path" or a validation error, as path=value
}

const (
	ghost    = "891dcbfc-9141-415d-9b2a-2238a6cc012d"
	records  = "/v2/objects/workspaces/records"
	queries  = records + "/query"
	people   = "/v2/objects/people/records"
	projects = "/v2/objects/projects/attributes"
)

func invalidValue(slug string) string {
	return `An invalid value was passed to attribute with slug "` + slug + `".`
}

// seededIDs are what the messages of refusals name.
type seededIDs struct{ stage, key, record string }

// TestRefusals goes through the catalogue, and holds every refusal against the OpenAPI document.
func TestRefusals(t *testing.T) {
	c := serveWatched(t, Options{Seed: []byte(testSeed)})
	if err := c.server.addSeed([]byte(allTypes)); err != nil {
		t.Fatal(err)
	}
	ids := seededIDs{
		stage:  c.ok("GET", "/v2/objects/deals/attributes/stage", "").get("data.id.attribute_id").Str,
		key:    c.ok("GET", "/v2/objects/workspaces/attributes/workspace_id", "").get("data.id.attribute_id").Str,
		record: c.ids("workspaces", `{}`)[0],
	}
	for _, r := range slices.Concat(recordRefusals(ids), valueRefusals(), queryRefusals(), schemaRefusals(), referenceRefusals()) {
		c.checkRefusal(r)
	}
	if n := c.server.Stats().Records["workspaces"]; n != 1 {
		t.Errorf("%d workspaces: a refused write must store nothing", n)
	}
}

func (c *client) checkRefusal(r refusal) {
	c.t.Helper()
	a := c.do(r.method, r.path, r.body)
	if a.status != r.status || a.get("code").Str != r.code || r.message != "" && a.get("message").Str != r.message {
		c.t.Errorf("%s %s %.200s:\n got %d %s\nwant %d %s %s", r.method, r.path, r.body, a.status, a.body, r.status, r.code, r.message)
	}
	if path, want, ok := strings.Cut(r.more, "="); ok && a.get(path).String() != want {
		c.t.Errorf("%s: %s is %s, want %s", r.body, path, a.get(path), want)
	}
	checkShape(c.t, a)
}

func recordRefusals(ids seededIDs) []refusal {
	return []refusal{
		{"GET", "/v2/objects/companies/records", "", 404, "not_found", `Could not find endpoint "GET /v2/objects/companies/records".`, ""},
		{"POST", "/v2/nonsense", "{}", 404, "not_found", `Could not find endpoint "POST /v2/nonsense".`, ""},
		{"OPTIONS", "/v2/objects", "", 404, "not_found", `Could not find endpoint "OPTIONS /v2/objects".`, ""},
		{"POST", records, `{"data":{}}`, 400, "validation_type", "Body payload validation error.", `validation_errors.0={"code":"invalid_type","path":["data","values"],"message":"Required","expected":"object","received":"undefined"}`},
		{"POST", records, `not json`, 400, "validation_type", "Body payload validation error.", ""},
		{"POST", records, strings.Repeat(`[`, 100000), 400, "validation_type", "Body payload validation error.", ""},
		{"PUT", records + "?matching_attribute=workspace_id", `{"data":{"values":{},"extra":1}}`, 400, "validation_type", "Body payload validation error.", ""},
		{"POST", records, data(`{"nothing":1}`), 400, "value_not_found", `Cannot find attribute with slug/ID "nothing".`, ""},
		{"POST", records, data(`{}`), 400, "missing_value", `Required value for attribute with ID "` + ids.key + `" was not provided.`, ""},
		{"PATCH", records + "/" + ids.record, data(`{"workspace_id":null}`), 400, "missing_value", `Required value for attribute with ID "` + ids.key + `" was not provided.`, ""},
		{"POST", "/v2/objects/deals/records", data(`{"name":"x"}`), 400, "missing_value", `Required value for attribute with ID "` + ids.stage + `" was not provided.`, ""},
		{"POST", records, data(`{"workspace_id":"x","plan":"In Progress"}`), 400, "value_not_found", `Cannot find select attribute with select option title "In Progress".`, ""},
		{"POST", "/v2/objects/deals/records", data(`{"stage":"Medium"}`), 400, "value_not_found", `Cannot find status attribute with status option title "Medium".`, ""},
		{"POST", records, data(`{"workspace_id":"w-0"}`), 400, "uniqueness_conflict", `A value provided for attribute with slug "workspace_id" conflicts with one already in the system. This attribute has a uniqueness constraint. Please ensure all values for this attribute do not exist on another record.`, ""},
		{"POST", records, data(`{"created_at":"2020-01-01"}`), 400, "system_edit_unauthorized", "", ""},
		{"POST", people, data(`{"avatar_url":"x"}`), 400, "system_edit_unauthorized", "", ""},
		{"PUT", records, data(`{"workspace_id":"x"}`), 400, "validation_type", "Query params validation error.", `validation_errors.0.path=["matching_attribute"]`},
		{"PUT", records + "?matching_attribute=my-attribute", data(`{}`), 400, "value_not_found", `No attribute was found for matching_attribute slug/ID "my-attribute".`, ""},
		{"PUT", records + "?matching_attribute=name", data(`{"name":"x"}`), 400, "matching_attribute_definition_not_unique", "The matching attribute specified is not a unique attribute.", ""},
		{"PUT", records + "?matching_attribute=workspace_id", data(`{"name":"x"}`), 400, "missing_value", "", ""},
		{"GET", records + "/" + ghost, "", 404, "not_found", `Record with ID "` + ghost + `" not found.`, ""},
		{"POST", "/v2/objects/boats/records", data(`{}`), 404, "not_found", `Object with slug/ID "boats" not found.`, ""},
		{"POST", "/v2/objects/boats/records/query", `{}`, 404, "not_found", "The referenced object was not found.", ""},
	}
}

func valueRefusals() []refusal {
	return []refusal{
		{"POST", people, data(`{"email_addresses":"a@b.co"}`), 400, "validation_type", invalidValue("email_addresses"), `validation_errors.0.message=Expected array, received string`},
		{"POST", people, data(`{"email_addresses":["a@b.test"]}`), 400, "validation_type", invalidValue("email_addresses"), ""},
		{"POST", people, data(`{"email_addresses":["a b@c.co"]}`), 400, "validation_type", invalidValue("email_addresses"), ""},
		{"POST", people, data(`{"phone_numbers":["+11234567890"]}`), 400, "validation_type", invalidValue("phone_numbers"), `validation_errors.0={"code":"invalid","path":["original_phone_number"],"message":"Invalid phone number, possibly due to missing country information."}`},
		{"POST", people, data(`{"phone_numbers":["020 7183 8750"]}`), 400, "validation_type", invalidValue("phone_numbers"), ""},
		{"POST", people, data(`{"phone_numbers":[{"phone_number":"+442071838750"}]}`), 400, "validation_type", invalidValue("phone_numbers"), ""},
		{"POST", people, data(`{"name":{"full_name":"A B"}}`), 400, "validation_type", invalidValue("name"), `validation_errors.0={"code":"invalid_type","path":["first_name"],"message":"Required","expected":"string","received":"undefined"}`},
		{"POST", people, data(`{"name":{}}`), 400, "validation_type", invalidValue("name"), `validation_errors.2={"code":"invalid_type","path":["full_name"],"message":"Required","expected":"string","received":"undefined"}`},
		{"POST", people, data(`{"primary_location":{"locality":"Bonn"}}`), 400, "validation_type", invalidValue("primary_location"), `validation_errors.8={"code":"invalid_type","path":["longitude"],"message":"Required","expected":"string","received":"undefined"}`},
		{"POST", people, data(`{"primary_location":{"locality":"Paris"}}`), 400, "validation_type", invalidValue("primary_location"), `validation_errors.0.code=invalid_type`},
		{"POST", people, data(`{"company":"nowhere.com"}`), 400, "value_not_found", "", ""},
		{"POST", people, data(`{"company":{"target_object":"companies","target_record_id":"` + ghost + `"}}`), 400, "value_not_found", "", ""},
		{"POST", people, data(`{"company":{"target_object":"users","target_record_id":"` + ghost + `"}}`), 400, "validation_type", invalidValue("company"), ""},
		{"POST", "/v2/objects/things/records", data(`{"number":"42"}`), 400, "validation_type", invalidValue("number"), ""},
		{"POST", "/v2/objects/things/records", data(`{"checkbox":null}`), 400, "validation_type", invalidValue("checkbox"), ""},
		{"POST", "/v2/objects/things/records", data(`{"date":"2026-02-31"}`), 400, "validation_type", invalidValue("date"), ""},
		{"POST", "/v2/objects/things/records", data(`{"date":"31/01/2026"}`), 400, "validation_type", invalidValue("date"), ""},
		{"POST", "/v2/objects/things/records", data(`{"timestamp":"10000-01-01"}`), 400, "validation_type", invalidValue("timestamp"), ""},
		{"POST", "/v2/objects/things/records", data(`{"rating":6}`), 400, "validation_type", invalidValue("rating"), ""},
		{"POST", "/v2/objects/things/records", data(`{"text":["a","b"]}`), 400, "validation_type", invalidValue("text"), ""},
		{"POST", "/v2/objects/things/records", data(`{"text":{"value":"a","attribute_type":"text"}}`), 400, "validation_type", invalidValue("text"), ""},
		{"POST", "/v2/objects/things/records", data(`{"status":{"status_id":"` + ghost + `"}}`), 400, "validation_type", invalidValue("status"), ""},
		{"POST", "/v2/objects/things/records", data(`{"domain":"acme"}`), 400, "validation_type", invalidValue("domain"), ""},
		{"POST", "/v2/objects/things/records", data(`{"actor":"nobody@acme.com"}`), 400, "value_not_found", "", ""},
		{"POST", "/v2/objects/things/records", data(`{"text":"` + strings.Repeat("x", maxText+1) + `"}`), 400, "validation_type", invalidValue("text"), `validation_errors.0.code=too_big`},
	}
}

func queryRefusals() []refusal {
	return []refusal{
		{"POST", queries, `{"filter":{"email":"x"}}`, 400, "unknown_filter_attribute_slug", "Unknown attribute slug: email.", `path=["email"]`},
		{"POST", queries, `{"filter":{"$or":[{"name":"a"},{"email":"x"}]}}`, 400, "unknown_filter_attribute_slug", "Unknown attribute slug: email.", `path=["$or","1","email"]`},
		{"POST", queries, `{"filter":{"$not":{"$or":[{"name":"a"}]}}}`, 400, "unknown_filter_attribute_slug", "Unknown attribute slug: $or.", ""},
		{"POST", people + "/query", `{"filter":{"first_name":"Ada"}}`, 400, "unknown_filter_attribute_slug", "", ""},
		{"POST", people + "/query", `{"filter":{"phone_numbers":{"original_phone_number":"x"}}}`, 400, "invalid_filter_field", "", ""},
		{"POST", people + "/query", `{"filter":{"email_addresses":{"$in":["a@b.co"]}}}`, 400, "invalid_filter_operator", "", ""},
		{"POST", "/v2/objects/companies/records/query", `{"filter":{"domains":{"domain":{"$in":["b.co"]}}}}`, 400, "invalid_filter_operator", "", ""},
		{"POST", "/v2/objects/deals/records/query", `{"filter":{"stage":{"$in":["Lead"]}}}`, 400, "invalid_filter_operator", "", ""},
		{"POST", queries, `{"filter":{"name":{"$lt":"x"}}}`, 400, "invalid_filter_operator", "", ""},
		{"POST", queries, `{"filter":{"name":{"$like":"x"}}}`, 400, "invalid_filter_operator", "", ""},
		{"POST", queries, `{"filter":[]}`, 400, "filter_error", "Error in filter.", ""},
		{"POST", queries, `{"filter":{"$or":{}}}`, 400, "filter_error", "Error in filter.", ""},
		{"POST", queries, `{"filter":{"path":[["workspaces","company"],["people","name"]],"constraints":{"full_name":"x"}}}`, 400, "filter_error", "", ""},
		{"POST", queries, `{"filter":{"path":[["workspaces","company"],["companies","domains"]],"constraints":{}}}`, 400, "filter_error", "", ""},
		{"POST", queries, `{"sorts":[{"direction":"up","attribute":"name"}]}`, 400, "validation_type", "", ""},
		{"POST", queries, `{"limit":-1}`, 400, "validation_type", "", ""},
		{"POST", queries, `{"sorts":{"direction":"asc","attribute":"name"}}`, 400, "validation_type", "", `validation_errors.0.path=["sorts"]`},
		{"POST", queries, `{"sorts":[{"direction":"asc","attribute":"none"}]}`, 400, "unknown_filter_attribute_slug", "", ""},
		{"POST", queries, `{"sorts":[{"direction":"asc","attribute":"name","field":"none"}]}`, 400, "invalid_filter_field", "", ""},
		{"POST", queries, `{"filter_view_id":"` + ghost + `"}`, 400, "validation_type", "", ""},
	}
}

func schemaRefusals() []refusal {
	attribute := func(change ...string) string {
		return strings.NewReplacer(change...).Replace(newAttributeBody("a", "text", ""))
	}
	const options, statuses = "/v2/objects/workspaces/attributes/plan/options", "/v2/objects/deals/attributes/stage/statuses"
	return []refusal{
		{"POST", projects, attribute(`"type":"text"`, `"type":"currency"`, `"config":{}`, `"config":{"currency":{"default_currency_code":"XXX","display_type":"symbol"}}`), 400, "validation_type", "", `validation_errors.0.path=["data","config","currency","default_currency_code"]`},
		{"POST", projects, attribute(`"type":"text"`, `"type":"currency"`, `"config":{}`, `"config":{"currency":{"default_currency_code":"EUR"}}`), 400, "validation_type", "", `validation_errors.0.path=["data","config","currency","display_type"]`},
		{"POST", projects, attribute(`"type":"text"`, `"type":"record-reference"`, `"config":{}`, `"config":{"record_reference":{"allowed_objects":[]}}`), 400, "validation_type", "", ""},
		{"POST", projects, attribute(`"config":{}`, `"config":{},"default_value":{"type":"static","template":[5]}`), 400, "validation_type", invalidValue("a"), ""},
		{"POST", projects, attribute(`"config":{}`, `"config":{},"default_value":{"type":"dynamic","template":"P1M"}`), 400, "validation_type", "", `validation_errors.0.path=["data","default_value"]`},
		{"POST", projects, attribute(`"type":"text"`, `"type":"record-reference"`, `"config":{}`, `"config":{},"default_value":{"type":"static","template":[{"target_object":"boats","target_record_id":"`+ghost+`"}]}`), 400, "validation_type", `Could not find an object with slug "boats" for default value.`, ""},
		{"POST", "/v2/objects/people/attributes", attribute(`"config":{}`, `"config":{},"default_value":{"type":"static","template":["x"]}`), 400, "validation_type", "", ""},
		{"POST", "/v2/objects/people/attributes", attribute(`"type":"text"`, `"type":"status"`), 400, "validation_type", "", ""},
		{"POST", projects, attribute(`"is_multiselect":false`, `"is_multiselect":true`), 400, "validation_type", "", ""},
		{"POST", projects, attribute(`"config":{}`, `"config":{},"relationship":{"object":"people","title":"P","api_slug":"p","is_multiselect":true}`), 400, "validation_type", "", ""},
		{"POST", projects, attribute(`"config":{}`, `"config":{},"extra":1`), 400, "validation_type", "Body payload validation error.", ""},
		{"PATCH", projects + "/code", `{"data":{"is_archived":"yes"}}`, 400, "validation_type", "", `validation_errors.0.path=["data","is_archived"]`},
		{"PATCH", options + "/Pro", `{"data":{"is_archived":1}}`, 400, "validation_type", "", ""},
		{"PATCH", options + "/Pro", `{"data":{"title":"Free"}}`, 409, "slug_conflict", `There is already another select option with the title "Free".`, ""},
		{"POST", statuses, `{"data":{"title":"Odd","target_time_in_status":"soon"}}`, 400, "validation_type", "", ""},
		{"POST", statuses, `{"data":{"title":"Odd","celebration_enabled":"yes"}}`, 400, "validation_type", "", ""},
		{"POST", "/v2/objects", `{"data":{"api_slug":"x","singular_noun":"","plural_noun":"Xs"}}`, 400, "validation_type", "", `validation_errors.0.code=too_small`},
	}
}

// checkShape holds a refusal to Attio's envelope.
func checkShape(t testing.TB, a answer) {
	t.Helper()
	if !gjson.Valid(a.body) || int(a.get("status_code").Num) != a.status || a.get("type").Str == "" || a.get("code").Str == "" || a.get("message").Str == "" {
		t.Errorf("not the shape of a refusal: %d %s", a.status, a.body)
	}
}

func TestTokens(t *testing.T) {
	c := serveWatched(t, Options{Token: strings.Repeat("ab", 32), Seed: []byte(`{"tokens":[{"token":"` + otherToken + `","scopes":["record_permission:read","object_configuration:read"]}]}`)})
	if c.token != strings.Repeat("ab", 32) {
		t.Fatalf("token %s", c.token)
	}
	const wrongLength = "The API Key provided was invalid because it was the wrong length (API Keys should be 64 characters long). You might not have copied the entire API key from your Admin panel?"
	const unknown = "The API Key provided could not be found. This is most commonly caused by the token having been revoked."
	for _, r := range []struct{ token, message string }{
		{"", ""}, {"not-a-real-token-000", wrongLength}, {strings.Repeat("cd", 32), unknown},
	} {
		c.token = r.token
		a := c.refused("GET", "/v2/objects", "", 401, "unauthorized")
		if a.get("type").Str != "auth_error" || r.message != "" && a.get("message").Str != r.message {
			t.Errorf("token %q: %s", r.token, a.body)
		}
	}
	c.token = strings.Repeat("cd", 32)
	if a := c.ok("GET", "/v2/self", ""); a.body != `{"active":false}` {
		t.Errorf("self with an unknown token: %s", a.body)
	}
	c.token = "short"
	if a := c.refused("GET", "/v2/self", "", 400, "missing_value"); !strings.HasPrefix(a.get("message").Str, "Token was not recognised, ") {
		t.Errorf("self with a malformed token: %s", a.body)
	}
	c.token = otherToken
	c.ok("POST", "/v2/objects/companies/records/query", `{}`)
	c.refused("POST", "/v2/objects/companies/records", data(`{}`), 403, "unauthorized")
	c.refused("POST", "/v2/objects/companies/attributes", `{}`, 403, "unauthorized")
	if got := c.ok("GET", "/v2/self", "").get("scope").Str; got != "object_configuration:read record_permission:read" {
		t.Errorf("scope %q", got)
	}
}

func TestBasicAuthIsAccepted(t *testing.T) {
	c := serve(t, Options{})
	req, err := http.NewRequest("GET", c.url+"/v2/objects", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(c.token, "")
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil || res.StatusCode != 200 {
		t.Fatalf("%v, %v", res, err)
	}
	res.Body.Close()
}

func TestReplyHeaders(t *testing.T) {
	c := serve(t, Options{})
	for _, r := range []struct {
		method, path, body string
		accurate, score    bool
	}{
		{"GET", "/v2/objects", "", true, false},
		{"POST", "/v2/objects/companies/records/query", `{"limit":5}`, true, true},
		{"POST", "/v2/objects/companies/records", data(`{}`), false, false},
		{"GET", "/v2/objects/none", "", false, false},
		{"GET", "/v2/none", "", false, false},
	} {
		h := c.do(r.method, r.path, r.body).header
		if h.Get("Content-Type") != "application/json; charset=utf-8" || h.Get("Vary") != "Origin" || h.Get("X-Frame-Options") != "DENY" {
			t.Errorf("%s %s: %v", r.method, r.path, h)
		}
		if _, ok := parseID(h.Get("X-Attio-Execution-Id")); !ok {
			t.Errorf("%s: execution id %q", r.path, h.Get("X-Attio-Execution-Id"))
		}
		if (h.Get("X-Accurate-At") != "") != r.accurate || (h.Get("X-Attio-Record-Query-Score") != "") != r.score {
			t.Errorf("%s %s: accurate-at %q, score %q", r.method, r.path, h.Get("X-Accurate-At"), h.Get("X-Attio-Record-Query-Score"))
		}
		for name := range h {
			if strings.HasPrefix(name, "Access-Control") {
				t.Errorf("%s: %s", r.path, name)
			}
		}
	}
}

func TestOnlyLoopback(t *testing.T) {
	for _, address := range []string{"0.0.0.0:0", ":0", "192.168.1.1:80", "example.com:80"} {
		if _, err := New(Options{Listen: address}); err == nil {
			t.Errorf("listens on %s", address)
		}
	}
	c := serve(t, Options{})
	req, err := http.NewRequest("GET", c.url+"/_sandbox/stats", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = "attacker.example.com" // a name that was made to point here
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil || res.StatusCode != http.StatusForbidden {
		t.Errorf("%v, %v", res, err)
	}
	res.Body.Close()
}

func TestDisabledObjects(t *testing.T) {
	c := serve(t, Options{Disable: []string{"deals", "users"}})
	if got := c.ok("GET", "/v2/objects", "").get("data.#.api_slug").Raw; got != `["people","companies","workspaces"]` {
		t.Errorf("objects %s", got)
	}
	c.refused("POST", "/v2/objects/deals/records/query", `{}`, 404, "not_found")
	person := c.ok("POST", "/v2/objects/people/records", data(`{}`))
	if person.get("data.values.associated_deals").Exists() || person.get("data.values.associated_users").Exists() || !person.get("data.values.company").Exists() {
		t.Errorf("person %s", person.body)
	}
	if _, err := New(Options{Disable: []string{"boats"}}); err == nil {
		t.Error("an object that does not exist was disabled")
	}
}

func TestPeopleMakeCompanies(t *testing.T) {
	c := serve(t, Options{AutoCompany: true})
	acme := c.create("companies", `{"domains":["acme.com"]}`)
	other := c.create("companies", `{"domains":["other.com"]}`)
	company := func(values string) string {
		return c.record("people", c.create("people", values)).get("data.values.company.0.target_record_id").Str
	}
	if got := company(`{"email_addresses":["a@mail.acme.com"]}`); got != acme {
		t.Errorf("an existing company was not found: %q", got)
	}
	if got := company(`{"email_addresses":["b@acme.com"],"company":"other.com"}`); got != other {
		t.Errorf("the company that was given did not win: %q", got)
	}
	if got := company(`{"email_addresses":["c@gmail.com"]}`); got != "" {
		t.Errorf("a company for freemail: %q", got)
	}
	made := company(`{"email_addresses":["d@new.co.uk"]}`)
	if got := c.record("companies", made).get("data.values.domains.0"); got.Get("domain").Str != "new.co.uk" || got.Get("created_by_actor.type").Str != "system" {
		t.Errorf("made %s", got.Raw)
	}
	off := serve(t, Options{})
	off.create("people", `{"email_addresses":["a@acme.com"]}`)
	if n := off.server.Stats().Records["companies"]; n != 0 {
		t.Errorf("%d companies although it is off", n)
	}
}

func TestLatency(t *testing.T) {
	c := serve(t, Options{Jitter: Range{20 * time.Millisecond, 20 * time.Millisecond}, Latency: Range{20 * time.Millisecond, 30 * time.Millisecond}})
	start := time.Now()
	c.ok("GET", "/v2/objects", "")
	if d := time.Since(start); d < 40*time.Millisecond {
		t.Errorf("answered after %v", d)
	}
}

func TestParseOptions(t *testing.T) {
	for s, want := range map[string]string{"150ms": "150ms", "150ms-400ms": "150ms-400ms", "0": "0s", "0-1s": "0s-1s"} {
		if r, err := ParseRange(s); err != nil || r.String() != want {
			t.Errorf("%s: %v, %v", s, r, err)
		}
	}
	for _, s := range []string{"", "150", "400ms-150ms", "-1s", "a-b"} {
		if r, err := ParseRange(s); err == nil {
			t.Errorf("%q was read as %v", s, r)
		}
	}
	if kind, rate, err := ParseFault("reset-after=0.05"); kind != "reset-after" || rate != 0.05 || err != nil {
		t.Error(kind, rate, err)
	}
	for _, s := range []string{"reset-after", "reset-after=2", "reset-after=x", "nothing=0.1"} {
		if _, _, err := ParseFault(s); err == nil {
			t.Errorf("%q was accepted", s)
		}
	}
	for _, o := range []Options{{RateWindow: "minute"}, {WriteRate: -1}, {Token: "short"}, {Faults: map[string]float64{fault500: 0.6, faultHang: 0.6}}} {
		if _, err := New(o); err == nil {
			t.Errorf("%+v was accepted", o)
		}
	}
}
