package sandbox

import "testing"

// third writes the third format of references.
func third(object, reference string) string {
	return `{"target_object":"` + object + `","target_record_reference":` + reference + `}`
}

func referenceRefusals() []refusal {
	company := func(reference string) string { return data(`{"company":` + third("companies", reference) + `}`) }
	const path = `"target_record_reference"`
	return []refusal{
		{"POST", people, company(`{"match":{"domains":"none.com"}}`), 400, "value_not_found", "", ""},
		{"POST", people, company(`{"match":{"domains":"none.com"},"if_no_match":"fail"}`), 400, "value_not_found", "", ""},
		{"POST", people, company(`{"match":{"domains":["a.com","b.com"]}}`), 400, "validation_type", invalidValue("company"), ""},
		{"POST", people, company(`{"match":{"domains":"a.com","name":"A"}}`), 400, "validation_type", invalidValue("company"), ""},
		{"POST", people, company(`{"match":{}}`), 400, "validation_type", invalidValue("company"), ""},
		{"POST", people, company(`{"match":{"categories":["B2B"]}}`), 400, "validation_type", invalidValue("company"), ""},
		{"POST", people, company(`{"if_no_match":"create"}`), 400, "validation_type", invalidValue("company"), `validation_errors.0.path=[` + path + `,"match"]`},
		{"POST", people, company(`{"match":{"domains":"a.com"},"on_missing":"create"}`), 400, "validation_type", invalidValue("company"), `validation_errors.0.path=[` + path + `]`},
		{"POST", people, company(`{"match":{"domains":"a.com"},"if_no_match":"make"}`), 400, "validation_type", invalidValue("company"), `validation_errors.0.options=["fail","create"]`},
		{"POST", people, company(`{"match":{"domains":"a.com"},"if_multiple_matches":"any"}`), 400, "validation_type", invalidValue("company"), `validation_errors.0.options=["fail","use_first"]`},
		{"POST", people, company(`{"match":{"domains":"a.com"},"values":{"name":"A"}}`), 400, "validation_type", invalidValue("company"), ""},
		{"POST", people, company(`{"match":{"domains":"a.com"},"if_no_match":"create","values":{"none":1}}`), 400, "value_not_found", `Cannot find attribute with slug/ID "none".`, ""},
		{"POST", people, company(`"a.com"`), 400, "validation_type", invalidValue("company"), ""},
		{"POST", people, data(`{"company":{"target_object":"companies","domains":"acme.com","name":"Acme"}}`), 400, "validation_type", invalidValue("company"), ""},
		{"POST", people, data(`{"associated_users":[` + third("users", `{"match":{"user_id":"u-9"},"if_no_match":"create"}`) + `]}`), 400, "missing_value", "", ""},
		{"POST", people, data(`{"company":{"target_object":"companies","target_record_id":"` + ghost + `","web_url":"x"}}`), 400, "validation_type", invalidValue("company"), ""},
	}
}

// tourReferences links records in all three formats; the third one makes what is missing, once.
func tourReferences(c *client) {
	person := func(reference string) answer {
		return c.ok("POST", people, data(`{"company":`+reference+`}`))
	}
	const target = "data.values.company.0.target_record_id"
	made := person(third("companies", `{"match":{"domains":["new.com"]},"if_no_match":"create","values":{"name":"New","categories":["B2B"]}}`)).get(target).Str
	company := c.record("companies", made)
	c.want(company, "data.values.domains.#.domain", `["new.com"]`)
	c.want(company, "data.values.name.0.value", "New")
	c.want(company, "data.values.team.#", "1")
	c.want(person(third("companies", `{"match":{"domains":{"domain":"new.com"}},"if_no_match":"create","values":{"name":"Other"}}`)), target, made)
	c.want(person(`{"target_object":"companies","domains":[{"domain":"new.com"}]}`), target, made)
	c.want(person(`{"target_object":"companies","target_record_id":"`+made+`"}`), target, made)
	c.want(c.record("companies", made), "data.values.team.#", "4")

	first := c.create("companies", `{"name":"Twin"}`)
	c.create("companies", `{"name":"Twin"}`)
	c.refused("POST", people, data(`{"company":{"target_object":"companies","name":"Twin"}}`), 400, "multiple_match_results")
	c.refused("POST", people, data(`{"company":`+third("companies", `{"match":{"name":"Twin"}}`)+`}`), 400, "multiple_match_results")
	c.want(person(third("companies", `{"match":{"name":"Twin"},"if_multiple_matches":"use_first"}`)), target, first)
}

// One request that makes several records keeps to the rules of uniqueness among them, and to the automatic company.
func TestReferencesThatMakeRecords(t *testing.T) {
	c := serve(t, Options{AutoCompany: true})
	member := func(email string) string {
		return third("people", `{"match":{"email_addresses":"`+email+`"},"if_no_match":"create"}`)
	}
	made := c.ok("POST", "/v2/objects/companies/records", data(`{"domains":["x.com"],"team":[`+member("a@x.com")+`,`+member("b@x.com")+`,`+member("A@x.com")+`]}`))
	c.want(made, "data.values.team.#", "2")
	if st := c.server.Stats(); st.Records["people"] != 2 || st.Records["companies"] != 1 {
		t.Errorf("records %v, want two people of one company", st.Records)
	}
	c.ok("POST", "/v2/objects/users/records", data(`{"user_id":"u","primary_email_address":"c@y.com","person":`+member("c@y.com")+`}`))
	c.want(c.ok("POST", "/v2/objects/companies/records/query", `{"filter":{"domains":"y.com"}}`), "data.#.values.team.#", "[1]")

	before := c.server.Stats().Records
	c.refused("POST", "/v2/objects/companies/records", data(`{"domains":["x.com"],"team":[`+member("d@x.com")+`]}`), 400, "uniqueness_conflict")
	if after := c.server.Stats().Records; after["people"] != before["people"] {
		t.Error("a refused request left the person that it was to make")
	}
}
