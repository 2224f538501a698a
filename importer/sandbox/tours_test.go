package sandbox

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// tours walk through the endpoints. They run against a plain server here, and once more with every exchange held
// against the OpenAPI document (TestConformance).
var tours = map[string]func(*client){
	"self and members": tourWorkspace,
	"objects":          tourObjects,
	"attributes":       tourAttributes,
	"choices":          tourChoices,
	"values":           tourValues,
	"records":          tourRecords,
	"history":          tourHistory,
	"queries":          tourQueries,
	"search":           tourSearch,
	"lists":            tourLists,
	"entries":          tourEntries,
	"notes":            tourNotes,
	"merge":            tourMerge,
	"references":       tourReferences,
	"defaults":         tourDefaults,
}

func TestEndpoints(t *testing.T) {
	for name, tour := range tours {
		t.Run(name, func(t *testing.T) {
			c := serve(t, Options{Seed: []byte(testSeed), AutoCompany: true})
			c.t = t
			tour(c)
		})
	}
}

// want compares one part of a reply.
func (c *client) want(a answer, path, want string) {
	c.t.Helper()
	if got := a.get(path).String(); got != want {
		c.t.Errorf("%s = %s, want %s\nin %s", path, got, want, a.body)
	}
}

func tourWorkspace(c *client) {
	self := c.ok("GET", "/v2/self", "")
	c.want(self, "active", "true")
	c.want(self, "workspace_slug", "acme")
	members := c.ok("GET", "/v2/workspace_members", "")
	c.want(members, "data.#.email_address", `["ada@acme.com"]`)
	id := members.get("data.0.id.workspace_member_id").Str
	c.want(c.ok("GET", "/v2/workspace_members/"+id, ""), "data.first_name", "Ada")
	const nobody = "50cf242c-7fa3-4cad-87d0-75b1af71c57b"
	c.want(c.refused("GET", "/v2/workspace_members/"+nobody, "", 404, "not_found"), "message", `Workspace member with ID "`+nobody+`" not found.`)
}

func tourObjects(c *client) {
	c.want(c.ok("GET", "/v2/objects", ""), "data.#.api_slug", `["people","companies","deals","users","workspaces","projects"]`)
	people := c.ok("GET", "/v2/objects/people", "")
	c.want(c.ok("GET", "/v2/objects/"+people.get("data.id.object_id").Str, ""), "data.api_slug", "people")
	c.want(c.refused("GET", "/v2/objects/nothing", "", 404, "not_found"), "message", `Object with slug/ID "nothing" not found.`)
	made := c.ok("POST", "/v2/objects", `{"data":{"api_slug":"boats","singular_noun":"Boat","plural_noun":"Boats"}}`)
	c.want(made, "data.plural_noun", "Boats")
	c.want(c.refused("POST", "/v2/objects", `{"data":{"api_slug":"boats","singular_noun":"B","plural_noun":"Bs"}}`, 409, "slug_conflict"),
		"message", "Failed to create object. Please ensure your api_slug and names are unique.")
	c.refused("POST", "/v2/objects", `{"data":{"api_slug":"b2","singular_noun":"boat","plural_noun":"Bs"}}`, 409, "slug_conflict")
	c.want(c.ok("PATCH", "/v2/objects/boats", `{"data":{"api_slug":"ships","plural_noun":"Ships"}}`), "data.api_slug", "ships")
	c.refused("GET", "/v2/objects/boats", "", 404, "not_found")
	c.want(c.refused("PATCH", "/v2/objects/ships", `{"data":{}}`, 400, "validation_type"), "message",
		"You passed an empty payload. Please ensure you are updating at least one property in your request.")
	c.want(c.refused("PATCH", "/v2/objects/ships", `{"data":{"api_slug":"people"}}`, 409, "slug_conflict"), "message",
		"Failed to update object. Please ensure api_slug is unique.")
	c.create("ships", `{}`)
}

func newAttributeBody(slug, kind, rest string) string {
	return `{"data":{"title":"T","description":null,"api_slug":"` + slug + `","type":"` + kind +
		`","is_required":false,"is_unique":false,"is_multiselect":false,"config":{}` + rest + `}}`
}

func tourAttributes(c *client) {
	const path = "/v2/objects/projects/attributes"
	c.want(c.ok("GET", path+"?limit=2&offset=1", ""), "data.#.api_slug", `["created_at","created_by"]`)
	c.ok("POST", path, newAttributeBody("due", "date", ""))
	c.want(c.ok("GET", path+"/due", ""), "data.type", "date")
	c.want(c.refused("POST", path, newAttributeBody("due", "text", ""), 409, "slug_conflict"), "message",
		"An attribute with the same API slug already exists on this Object. Please choose a different API slug.")
	c.want(c.ok("PATCH", path+"/due", `{"data":{"title":"Due date","description":"When","is_archived":true}}`), "data.is_archived", "true")
	c.refused("POST", path, newAttributeBody("due", "text", ""), 409, "slug_conflict") // archived slugs stay taken
	c.want(c.ok("GET", path+"?show_archived=true", ""), `data.#(api_slug=="due").title`, "Due date")
	c.want(c.ok("GET", path, ""), `data.#(api_slug=="due").title`, "")
	c.refused("POST", "/v2/objects/projects/records", data(`{"code":"x","due":"2026-01-01"}`), 400, "value_not_found")
	c.want(c.refused("PATCH", "/v2/objects/people/attributes/name", `{"data":{"title":"x"}}`, 400, "system_edit_unauthorized"), "message",
		"Cannot update a System attribute.")
	c.want(c.refused("GET", path+"/nothing", "", 404, "not_found"), "message", `Attribute with slug/ID "nothing" not found.`)

	unique := strings.Replace(newAttributeBody("key", "text", ""), `"is_unique":false`, `"is_unique":true`, 1)
	c.want(c.refused("POST", "/v2/objects/people/attributes", unique, 400, "validation_type"), "message", "Cannot set attribute as unique.")
	c.want(c.ok("POST", "/v2/objects/deals/attributes", unique), "data.is_unique", "true")
	c.refused("POST", path, newAttributeBody("colour", "colour", ""), 400, "validation_type")
	c.refused("POST", path, newAttributeBody("name2", "personal-name", ""), 400, "validation_type")
	c.want(c.ok("POST", path, newAttributeBody("cost", "currency", `,"default_value":{"type":"static","template":[{"currency_value":5}]}`)),
		"data.is_default_value_enabled", "true")
	id := c.create("projects", `{"code":"default"}`)
	c.want(c.record("projects", id), "data.values.cost.0.currency_value", "5")

	both := c.ok("POST", path, strings.Replace(newAttributeBody("boss", "record-reference",
		`,"relationship":{"object":"people","title":"Leads","api_slug":"leads","is_multiselect":true}`), `"config":{}`,
		`"config":{"record_reference":{"allowed_objects":["people"]}}`, 1))
	c.want(both, "data.relationship.api_slug", "leads")
	c.want(c.ok("GET", "/v2/objects/people/attributes/leads", ""), "data.relationship.api_slug", "boss")
	c.ok("PATCH", "/v2/objects/projects/records/"+id, data(`{"boss":"ada@acme.com"}`))
	ada := c.ids("people", `{"filter":{"email_addresses":"ada@acme.com"}}`)[0]
	c.want(c.record("people", ada), "data.values.leads.0.target_record_id", id)
}

func tourChoices(c *client) {
	const options = "/v2/objects/workspaces/attributes/plan/options"
	c.want(c.ok("GET", options, ""), "data.#.title", `["Free","Pro"]`)
	c.ok("POST", options, `{"data":{"title":"Team"}}`)
	c.want(c.refused("POST", options, `{"data":{"title":"Pro"}}`, 409, "slug_conflict"), "message",
		`There is already another select option with the title "Pro".`)
	c.refused("POST", options, `{"data":{"title":""}}`, 400, "validation_type")
	c.want(c.ok("PATCH", options+"/Team", `{"data":{"title":"Teams","is_archived":true}}`), "data.is_archived", "true")
	c.want(c.ok("GET", options, ""), "data.#.title", `["Free","Pro"]`)
	c.want(c.ok("GET", options+"?show_archived=true", ""), "data.#.title", `["Free","Pro","Teams"]`)
	c.want(c.refused("PATCH", options+"/None", `{"data":{"title":"x"}}`, 400, "value_not_found"), "message",
		`Cannot find select attribute with select option title "None".`)
	c.refused("POST", "/v2/objects/workspaces/records", data(`{"workspace_id":"x","plan":"Teams"}`), 400, "value_not_found")

	const statuses = "/v2/objects/deals/attributes/stage/statuses"
	c.want(c.ok("GET", statuses, ""), "data.#.title", `["Lead","In Progress","Won 🎉","Lost"]`)
	c.ok("POST", statuses, `{"data":{"title":"Stuck","celebration_enabled":false,"target_time_in_status":"P3D"}}`)
	c.want(c.refused("POST", statuses, `{"data":{"title":"Lead"}}`, 409, "slug_conflict"), "message",
		`There is already another status with the title "Lead".`)
	c.want(c.ok("PATCH", statuses+"/Stuck", `{"data":{"target_time_in_status":null}}`), "data.target_time_in_status", "")
	c.want(c.ok("PATCH", statuses+"/In%20Progress", `{"data":{"title":"50% / half"}}`), "data.title", "50% / half")
	c.want(c.ok("PATCH", statuses+"/50%25%20%2F%20half", `{"data":{"title":"In Progress"}}`), "data.title", "In Progress")
	c.want(c.refused("GET", "/v2/objects/deals/attributes/name/options", "", 400, "validation_type"), "message",
		"This attribute is not a select attribute.")
	c.want(c.refused("GET", "/v2/objects/deals/attributes/name/statuses", "", 400, "validation_type"), "message",
		"This attribute is not a status attribute.")
}

// allTypes is an object with an attribute of every type that can be made.
const allTypes = `{"objects":[{"api_slug":"things","singular_noun":"Thing","plural_noun":"Things","attributes":[
  {"api_slug":"text","type":"text"},{"api_slug":"number","type":"number"},{"api_slug":"checkbox","type":"checkbox"},
  {"api_slug":"currency","type":"currency"},{"api_slug":"date","type":"date"},{"api_slug":"timestamp","type":"timestamp"},
  {"api_slug":"rating","type":"rating"},{"api_slug":"status","type":"status","statuses":["Open"]},
  {"api_slug":"select","type":"select","options":["A","B"]},{"api_slug":"tags","type":"select","is_multiselect":true,"options":["A","B"]},
  {"api_slug":"reference","type":"record-reference"},{"api_slug":"actor","type":"actor-reference"},
  {"api_slug":"location","type":"location"},{"api_slug":"domain","type":"domain"},{"api_slug":"email","type":"email-address"},
  {"api_slug":"phone","type":"phone-number"}]}]}`

// tourValues writes every type in every spelling, and reads it back.
func tourValues(c *client) {
	if err := c.server.addSeed([]byte(allTypes)); err != nil {
		c.t.Fatal(err)
	}
	member := c.ok("GET", "/v2/workspace_members", "").get("data.0.id.workspace_member_id").Str
	company := c.ids("companies", `{}`)[0]
	const place = `{"line_1":"1 Infinite Loop","line_2":null,"line_3":null,"line_4":null,"locality":"Cupertino","region":"CA","postcode":"95014","country_code":"US","latitude":"37.3317411234","longitude":"-122.03"}`
	for _, v := range []struct{ slug, write, path, want string }{
		{"text", `"a"`, "value", "a"},
		{"text", `{"value":"a\nb"}`, "value", "a\nb"},
		{"text", `["a"]`, "value", "a"},
		{"number", `42`, "value", "42"},
		{"number", `[{"value":4.35678}]`, "value", "4.3567"},
		{"number", `-0.00001`, "value", "0"},
		{"checkbox", `"true"`, "value", "true"},
		{"checkbox", `{"value":false}`, "value", "false"},
		{"currency", `"99.5"`, "currency_value", "99.5"},
		{"currency", `{"currency_value":47500000}`, "currency_value", "47500000"},
		{"date", `"2023"`, "value", "2023-01-01"},
		{"date", `"2023-01-02T15:00:00.000000000+02:00"`, "value", "2023-01-02"},
		{"date", `{"value":"2023-01-02T23:00:00-10:00"}`, "value", "2023-01-03"},
		{"timestamp", `"2023-01"`, "value", "2023-01-01T00:00:00.000000000Z"},
		{"timestamp", `"2023-01-02T13:00:00.000000000+02:00"`, "value", "2023-01-02T11:00:00.000000000Z"},
		{"timestamp", `"9999-12-31T23:59:59.999999999Z"`, "value", "9999-12-31T23:59:59.999999999Z"},
		{"rating", `3`, "value", "3"},
		{"status", `"Open"`, "status.title", "Open"},
		{"status", `{"status":"Open"}`, "status.title", "Open"},
		{"select", `"A"`, "option.title", "A"},
		{"select", `[{"option":"B"}]`, "option.title", "B"},
		{"tags", `["B",{"option":"A"}]`, "option.title", "B"},
		{"reference", `"acme.com"`, "target_record_id", company},
		{"reference", `{"target_object":"companies","target_record_id":"` + company + `"}`, "target_record_id", company},
		{"reference", `[{"target_object":"companies","domains":[{"domain":"acme.com"}]}]`, "target_record_id", company},
		{"reference", `{"target_object":"companies","name":"Acme"}`, "target_record_id", company},
		{"actor", `"ADA@acme.com"`, "referenced_actor_id", member},
		{"actor", `{"workspace_member_email_address":"ada@acme.com"}`, "referenced_actor_id", member},
		{"actor", `{"referenced_actor_type":"workspace-member","referenced_actor_id":"` + member + `"}`, "referenced_actor_id", member},
		{"location", place, "latitude", "37.331741123"},
		{"location", `"1 Infinite Loop, Cupertino, CA, 95014, US"`, "locality", "Cupertino"},
		{"domain", `"HTTPS://App.Attio.com/x?y=1"`, "domain", "app.attio.com"},
		{"domain", `{"domain":"app.attio.co.uk"}`, "root_domain", "attio.co.uk"},
		{"email", `"A.B@App.Acme.co.uk"`, "email_address", "a.b@app.acme.co.uk"},
		{"email", `{"email_address":"a@example.com"}`, "email_root_domain", "example.com"},
		{"phone", `"+15558675309"`, "", "refused"},
		{"phone", `"+44 7234 172834"`, "phone_number", "+447234172834"},
		{"phone", `{"original_phone_number":"020 7183 8750","country_code":"GB"}`, "phone_number", "+442071838750"},
	} {
		if v.want == "refused" {
			c.refused("POST", "/v2/objects/things/records", data(`{"`+v.slug+`":`+v.write+`}`), 400, "validation_type")
			continue
		}
		id := c.create("things", `{"`+v.slug+`":`+v.write+`}`)
		c.want(c.record("things", id), "data.values."+v.slug+".0."+v.path, v.want)
		c.ok("PATCH", "/v2/objects/things/records/"+id, data(`{"`+v.slug+`":`+v.write+`}`))
	}
	c.create("people", `{"name":{"first_name":"Ada","last_name":"Byron","full_name":"Ada Byron"}}`)
}

func tourRecords(c *client) {
	id := c.create("workspaces", `{"workspace_id":"w-1","name":"One","users":["u-1"],"company":{"target_object":"companies","domains":[{"domain":"acme.com"}]}}`)
	path := "/v2/objects/workspaces/records/" + id
	c.want(c.ok("GET", path, ""), "data.values.users.0.target_object", "users")
	c.ok("PATCH", path, data(`{"name":["Two"]}`))
	c.ok("PUT", path, data(`{"users":[]}`))
	c.want(c.ok("GET", path, ""), "data.values.users", "[]")
	same := c.ok("PUT", "/v2/objects/workspaces/records?matching_attribute=workspace_id", data(`{"workspace_id":"w-1","seats":3}`))
	c.want(same, "data.id.record_id", id)
	c.want(same, "data.values.name.0.value", "Two")
	c.ok("PUT", "/v2/objects/workspaces/records?matching_attribute=workspace_id", data(`{"workspace_id":"w-2"}`))
	c.want(c.ok("DELETE", path, ""), "@this", "{}")
	c.want(c.refused("DELETE", path, "", 404, "not_found"), "message", `Record with ID "`+id+`" not found.`)
	owner := c.ok("POST", "/v2/objects/deals/records", data(`{"name":"Big","stage":"Lead","owner":"ada@acme.com","value":10,"associated_company":"acme.com"}`))
	c.want(owner, "data.values.stage.0.status.title", "Lead")
}

func tourHistory(c *client) {
	id := c.create("workspaces", `{"workspace_id":"w-1","name":"One"}`)
	path := "/v2/objects/workspaces/records/" + id
	time.Sleep(2 * time.Millisecond)
	c.ok("PATCH", path, data(`{"name":"Two"}`))
	c.ok("PATCH", path, data(`{"name":"Two"}`)) // changes nothing
	c.want(c.ok("GET", path+"/attributes/name/values", ""), "data.#.value", `["Two"]`)
	all := c.ok("GET", path+"/attributes/name/values?show_historic=true", "")
	c.want(all, "data.#.value", `["One","Two"]`)
	c.want(all, "data.0.active_until", all.get("data.1.active_from").Str)
	c.want(all, "data.1.active_until", "")
	c.want(c.ok("GET", path+"/attributes/name/values?show_historic=true&limit=1&offset=1", ""), "data.#.value", `["Two"]`)
	c.want(c.ok("GET", path+"/attributes/record_id/values", ""), "data.0.value", id)
	c.refused("GET", path+"/attributes/nothing/values", "", 404, "not_found")
	ada := c.ids("people", `{}`)[0]
	c.want(c.refused("GET", "/v2/objects/people/records/"+ada+"/attributes/last_interaction/values?show_historic=true", "", 400, "validation_type"),
		"message", "Cannot set show_historic param to true when querying a COMINT attribute.")
	c.ok("PATCH", path, data(`{"name":null}`))
	c.want(c.ok("GET", path+"/attributes/name/values?show_historic=true", ""), "data.#.value", `["One","Two"]`)
	c.want(c.ok("GET", path+"/attributes/name/values", ""), "data", "[]")
}

func tourQueries(c *client) {
	for _, v := range []string{"b", "c", "a"} {
		c.create("workspaces", `{"workspace_id":"`+v+`","name":"N`+v+`","seats":`+string(v[0]-'a'+'1')+`}`)
	}
	names := func(query string) string {
		c.t.Helper()
		return c.ok("POST", "/v2/objects/workspaces/records/query", query).get("data.#.values.workspace_id.0.value").Raw
	}
	for _, q := range []struct{ query, want string }{
		{`{}`, `["w-0","b","c","a"]`},
		{`{"limit":2,"offset":1}`, `["b","c"]`},
		{`{"sorts":[{"direction":"desc","attribute":"workspace_id"}]}`, `["w-0","c","b","a"]`},
		{`{"sorts":[{"direction":"asc","attribute":"seats"}],"limit":1}`, `["a"]`},
		{`{"sorts":[{"direction":"asc","path":[["workspaces","company"],["companies","name"]]},{"direction":"asc","attribute":"name","field":"value"}]}`, `["w-0","a","b","c"]`},
		{`{"filter":{"seats":{"$gte":2,"$lt":3}}}`, `["b"]`},
		{`{"filter":{"mrr":{"currency_value":{"$gt":12}}}}`, `["w-0"]`},
		{`{"filter":{"plan":"Pro"}}`, `["w-0"]`},
		{`{"filter":{"$not":{"plan":{"option":"Pro"}}}}`, `["b","c","a"]`},
		{`{"filter":{"name":{"$starts_with":"n"}}}`, `["b","c","a"]`},
		{`{"filter":{"$or":[{"name":{"$ends_with":"A"}},{"name":{"$contains":"b"}}]}}`, `["b","a"]`},
		{`{"filter":{"path":[["workspaces","company"],["companies","domains"]],"constraints":{"domain":"acme.com"}}}`, `["w-0"]`},
		{`{"filter":{"path":[["workspaces","users"],["users","person"],["people","name"]],"constraints":{"last_name":{"$eq":"Byron"}}}}`, `["w-0"]`},
		{`{"filter":{"created_at":{"$gt":"2020"}}}`, `["w-0","b","c","a"]`},
		{`{"filter":{"company":{"target_object":"companies","target_record_id":{"$in":["` + c.ids("companies", `{}`)[0] + `"]}}}}`, `["w-0"]`},
		{`{"filter":{"$and":[]}}`, `["w-0","b","c","a"]`},
		{`{"filter":{"$or":[]}}`, `[]`},
		{`{"limit":1,"expand":["company"]}`, `["w-0"]`}, // what is not known is ignored
	} {
		if got := names(q.query); got != q.want {
			c.t.Errorf("%s: %s, want %s", q.query, got, q.want)
		}
	}
	c.refused("POST", "/v2/objects/nothing/records/query", `{}`, 404, "not_found")
}

func tourSearch(c *client) {
	for range 100 { // eventually consistent
		if c.ok("POST", "/v2/objects/records/search", `{"query":"byron","objects":["people"],"request_as":{"type":"workspace"}}`).get("data.#").Int() > 0 {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	found := c.ok("POST", "/v2/objects/records/search", `{"query":"","objects":["people","companies","users"],"request_as":{"type":"workspace-member","email_address":"ada@acme.com"}}`)
	c.want(found, "data.#.record_text", `["Ada Byron","Acme","ada@acme.com"]`)
	c.want(found, "data.0.email_addresses", `["ada@acme.com"]`)
	c.want(c.refused("POST", "/v2/objects/records/search", `{"query":"a","objects":["foobar"],"request_as":{"type":"workspace"}}`, 400, "value_not_found"),
		"message", `Object with slug/ID "foobar" not found.`)
	missing := c.refused("POST", "/v2/objects/records/search", `{"query":"a","objects":["people"]}`, 400, "validation_type")
	c.want(missing, "validation_errors.0.path", `["request_as"]`)
	c.want(missing, "validation_errors.0.message", "Invalid input")
}

const newList = `{"data":{"name":"Sales","api_slug":"sales","parent_object":"companies","workspace_access":"full-access","workspace_member_access":[]}}`

func tourLists(c *client) {
	c.want(c.ok("GET", "/v2/lists", ""), "data", "[]")
	made := c.ok("POST", "/v2/lists", newList)
	c.want(made, "data.parent_object", `["companies"]`)
	c.want(c.refused("POST", "/v2/lists", newList, 409, "slug_conflict"), "message", `A list with api_slug "sales" already exists.`)
	c.want(c.refused("POST", "/v2/lists", strings.Replace(newList, `"companies"`, `"boats"`, 1), 404, "not_found"),
		"message", `Parent object with slug/ID "boats" not found.`)
	const nobody = "50cf242c-7fa3-4cad-87d0-75b1af71c57b"
	c.want(c.refused("POST", "/v2/lists", strings.NewReplacer(`[]`, `[{"workspace_member_id":"`+nobody+`","level":"read-only"}]`, "sales", "other").Replace(newList), 400, "value_not_found"),
		"message", `Workspace member with ID "`+nobody+`" not found.`)
	c.want(c.ok("PATCH", "/v2/lists/sales", `{"data":{"name":"Big sales"}}`), "data.name", "Big sales")
	c.want(c.ok("GET", "/v2/lists/"+made.get("data.id.list_id").Str, ""), "data.api_slug", "sales")
	c.want(c.refused("GET", "/v2/lists/none", "", 404, "not_found"), "message", `List with slug/ID "none" not found.`)
	c.ok("POST", "/v2/lists/sales/attributes", newAttributeBody("stage", "status", ""))
	c.ok("POST", "/v2/lists/sales/attributes/stage/statuses", `{"data":{"title":"Hot"}}`)
	c.want(c.refused("POST", "/v2/lists/sales/attributes", newAttributeBody("stage", "text", ""), 409, "slug_conflict"), "message",
		"An attribute with the same API slug already exists on this list. Please choose a different API slug.")
	c.want(c.ok("GET", "/v2/lists/sales/attributes", ""), "data.#.api_slug", `["entry_id","parent_record","created_at","created_by","stage"]`)
}

func tourEntries(c *client) {
	c.ok("POST", "/v2/lists", newList)
	c.ok("POST", "/v2/lists/sales/attributes", newAttributeBody("note", "text", ""))
	company := c.ids("companies", `{}`)[0]
	entry := `{"data":{"parent_record_id":"` + company + `","parent_object":"companies","entry_values":{"note":["first"]}}}`
	first := c.ok("PUT", "/v2/lists/sales/entries", entry).get("data.id.entry_id").Str
	c.want(c.ok("PUT", "/v2/lists/sales/entries", strings.Replace(entry, "first", "again", 1)), "data.id.entry_id", first)
	second := c.ok("POST", "/v2/lists/sales/entries", entry).get("data.id.entry_id").Str // a parent may be there twice
	c.want(c.refused("PUT", "/v2/lists/sales/entries", entry, 400, "multiple_match_results"), "message",
		"Multiple entries were founds for the given parent record. Please remove duplicates or use the update or create entry endpoints instead.")
	c.want(c.ok("GET", "/v2/lists/sales/entries/"+first, ""), "data.entry_values.note.0.value", "again")
	c.ok("PATCH", "/v2/lists/sales/entries/"+first, `{"data":{"entry_values":{"note":["patched"]}}}`)
	c.ok("PUT", "/v2/lists/sales/entries/"+first, `{"data":{"entry_values":{"note":["put"]}}}`)
	c.want(c.refused("PATCH", "/v2/lists/sales/entries/"+first, `{"data":{"entry_values":{"parent_record":["`+company+`"]}}}`, 400, "immutable_value"),
		"message", "The parent record for a list entry cannot be updated once created.")
	parent := c.ok("GET", "/v2/lists/sales/attributes/parent_record", "").get("data.id.attribute_id").Str
	c.refused("PUT", "/v2/lists/sales/entries/"+first, `{"data":{"entry_values":{"`+parent+`":["`+company+`"]}}}`, 400, "immutable_value")
	c.refused("PUT", "/v2/lists/sales/entries/"+first, `{"data":{"parent_object":"companies","entry_values":{}}}`, 400, "immutable_value")
	c.want(c.ok("GET", "/v2/lists/sales/entries/"+first+"/attributes/note/values?show_historic=true", ""), "data.#.value", `["first","again","patched","put"]`)
	c.want(c.ok("POST", "/v2/lists/sales/entries/query", `{"filter":{"note":"put"}}`), "data.#.id.entry_id", `["`+first+`"]`)
	c.want(c.ok("POST", "/v2/lists/sales/entries/query", `{"filter":{"path":[["sales","parent_record"],["companies","domains"]],"constraints":{"domain":"acme.com"}},"limit":1,"offset":1}`),
		"data.#.id.entry_id", `["`+second+`"]`)
	c.want(c.refused("POST", "/v2/lists/sales/entries", strings.Replace(entry, "put", "x", 1)[:20]+`}`, 400, "validation_type"), "type", "invalid_request_error")
	ghost := "891dcbfc-9141-415d-9b2a-2238a6cc012d"
	c.want(c.refused("POST", "/v2/lists/sales/entries", strings.Replace(entry, company, ghost, 1), 400, "value_not_found"), "message",
		`Parent record with slug/ID "`+ghost+`" not found.`)
	c.want(c.refused("POST", "/v2/lists/none/entries", entry, 404, "not_found"), "message", `Could not find list with slug/ID "none".`)
	c.want(c.refused("PUT", "/v2/lists/none/entries", entry, 404, "not_found"), "message", `List with slug/ID "none" was not found.`)
	places := c.ok("GET", "/v2/objects/companies/records/"+company+"/entries", "")
	var ids []string
	for _, id := range places.get("data.#.entry_id").Array() {
		ids = append(ids, id.Str)
	}
	if !slices.Contains(ids, first) || !slices.Contains(ids, second) || len(ids) != 2 {
		c.t.Errorf("entries of the record: %v, want %s and %s", ids, first, second)
	}
	c.ok("DELETE", "/v2/lists/sales/entries/"+first, "")
	c.refused("GET", "/v2/lists/sales/entries/"+first, "", 404, "not_found")
	c.ok("DELETE", "/v2/objects/companies/records/"+company, "")
	c.want(c.ok("POST", "/v2/lists/sales/entries/query", `{}`), "data", "[]")
}

func tourNotes(c *client) {
	ada := c.ids("people", `{}`)[0]
	body := `{"data":{"parent_object":"people","parent_record_id":"` + ada + `","title":"Call","format":"markdown","content":"# Hi\n- **one**, [two](https://a.b)","created_at":"2020-02-03T04:05:06Z"}}`
	n := c.ok("POST", "/v2/notes", body)
	id := n.get("data.id.note_id").Str
	c.want(n, "data.content_plaintext", "Hi\none, two")
	c.want(n, "data.created_at", "2020-02-03T04:05:06.000000000Z")
	c.want(c.ok("GET", "/v2/notes/"+id, ""), "data.title", "Call")
	c.want(c.ok("GET", "/v2/notes?parent_object=people&parent_record_id="+ada+"&limit=50", ""), "data.#.title", `["Call"]`)
	c.refused("GET", "/v2/notes?limit=51", "", 400, "validation_type")
	c.refused("POST", "/v2/notes", strings.Replace(body, "2020-02-03", "2999-02-03", 1), 400, "validation_type")
	c.refused("POST", "/v2/notes", strings.Replace(body, `"people"`, `"boats"`, 1), 404, "not_found")
	c.want(c.ok("PATCH", "/v2/notes/"+id, `{"data":{"title":"Talk"}}`), "data.title", "Talk")
	c.ok("DELETE", "/v2/notes/"+id, "")
	c.want(c.refused("GET", "/v2/notes/"+id, "", 404, "not_found"), "message", `Note with ID "`+id+`" was not found.`)
}

func tourMerge(c *client) {
	c.ok("POST", "/v2/lists", newList)
	one := c.create("companies", `{"domains":["one.com"],"name":"One"}`)
	two := c.create("companies", `{"domains":["two.com"],"name":"Two","description":"second"}`)
	person := c.create("people", `{"email_addresses":["p@two.com"]}`)
	c.ok("POST", "/v2/lists/sales/entries", `{"data":{"parent_record_id":"`+two+`","parent_object":"companies","entry_values":{}}}`)
	c.refused("POST", "/v2/objects/companies/records/merge", `{"data":{"primary_record_id":"`+one+`","secondary_record_id":"`+one+`"}}`, 400, "self_merge")
	id := c.ok("POST", "/v2/objects/companies/records/merge", `{"data":{"primary_record_id":"`+one+`","secondary_record_id":"`+two+`"}}`).get("data.new_record_id").Str
	merged := c.record("companies", id)
	c.want(merged, "data.values.domains.#.domain", `["one.com","two.com"]`)
	c.want(merged, "data.values.name.0.value", "One")
	c.want(merged, "data.values.description.0.value", "second")
	c.want(merged, "data.values.team.#.target_record_id", `["`+person+`"]`)
	c.want(c.record("people", person), "data.values.company.0.target_record_id", id)
	c.want(c.ok("POST", "/v2/lists/sales/entries/query", `{}`), "data.0.parent_record_id", id)
	c.refused("GET", "/v2/objects/companies/records/"+one, "", 404, "not_found")
	c.want(c.ok("POST", "/v2/objects/companies/records/query", `{"filter":{"domains":"two.com"}}`), "data.#.id.record_id", `["`+id+`"]`)
}
