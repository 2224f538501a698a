package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

const operators = "$eq $in $not_empty $contains $starts_with $ends_with $lt $lte $gt $gte"

// TestOperatorMatrix asks every type for every operator: what the published matrix does not have is refused.
func TestOperatorMatrix(t *testing.T) {
	c := serve(t, Options{Seed: []byte(testSeed)})
	if err := c.server.addSeed([]byte(allTypes)); err != nil {
		t.Fatal(err)
	}
	member := c.ok("GET", "/v2/workspace_members", "").get("data.0.id.workspace_member_id").Str
	const parts, ranges = "$contains $starts_with $ends_with", "$lt $lte $gt $gte"
	for _, m := range []struct{ object, attribute, operand, allowed string }{
		{"things", "text", `"a"`, "$eq $in " + parts},
		{"things", "number", `1`, "$eq " + ranges},
		{"things", "checkbox", `true`, "$eq"},
		{"things", "currency", `1`, "$eq " + ranges},
		{"things", "date", `"2026-01-01"`, "$eq " + ranges},
		{"things", "timestamp", `"2026-01-01"`, "$eq " + ranges},
		{"things", "rating", `1`, "$eq " + ranges},
		{"things", "status", `"Open"`, "$eq"},
		{"things", "select", `"A"`, "$eq"},
		{"things", "status.active_from", `"2026-01-01"`, ranges},
		{"things", "select.active_from", `"2026-01-01"`, ranges},
		{"things", "reference", `"` + ghost + `"`, "$eq $in"},
		{"things", "actor", `"` + member + `"`, "$eq"},
		{"things", "location.locality", `"Paris"`, "$eq " + parts},
		{"things", "domain", `"a.com"`, "$eq $not_empty " + parts},
		{"things", "email", `"a@b.com"`, "$eq " + parts},
		{"things", "phone", `"+442071838750"`, "$eq $not_empty " + parts},
		{"people", "name", `"Ada Byron"`, "$eq $not_empty " + parts},
		{"people", "last_interaction", `"2026-01-01"`, "$eq $not_empty " + ranges},
		{"people", "record_id", `"` + ghost + `"`, "$eq $in " + parts},
	} {
		for op := range strings.FieldsSeq(operators) {
			operand := m.operand
			switch op {
			case "$in":
				operand = "[" + operand + "]"
			case "$not_empty":
				operand = "true"
			}
			filter := `{"` + strings.Replace(m.attribute, ".", `":{"`, 1) + `":{"` + op + `":` + operand + `}}` + strings.Repeat("}", strings.Count(m.attribute, "."))
			a := c.do("POST", "/v2/objects/"+m.object+"/records/query", `{"filter":`+filter+`}`)
			want := "invalid_filter_operator"
			if slices.Contains(strings.Fields(m.allowed), op) {
				want = ""
			}
			if a.get("code").Str != want {
				t.Errorf("%s: %d %s, want code %q", filter, a.status, a.body, want)
			}
		}
	}
}

// TestSubFields finds one record by every part of every value, and does not find it by another part.
func TestSubFields(t *testing.T) {
	c := serve(t, Options{Seed: []byte(testSeed)})
	if err := c.server.addSeed([]byte(allTypes)); err != nil {
		t.Fatal(err)
	}
	company := c.ids("companies", `{}`)[0]
	member := c.ok("GET", "/v2/workspace_members", "").get("data.0.id.workspace_member_id").Str
	thing := c.create("things", `{"text":"Some text","number":2.5,"checkbox":true,"currency":9,"date":"2026-02-03","timestamp":"2026-02-03T04:05:06Z",
		"rating":3,"status":"Open","select":"A","tags":["A","B"],"reference":"acme.com","actor":"ada@acme.com","email":"Bob@mail.acme.co.uk",
		"location":{"line_1":"Way 1","line_2":null,"line_3":null,"line_4":null,"locality":"Paris","region":"IDF","postcode":"75001","country_code":"FR","latitude":"48.8","longitude":"2.3"},
		"domain":"app.acme.co.uk","phone":"+442071838750"}`)
	c.create("things", `{"checkbox":false}`)
	found := func(filter string) string {
		t.Helper()
		return fmt.Sprint(c.ids("things", `{"filter":`+filter+`}`))
	}
	for path, operands := range map[string][2]string{
		"text":                        {`"Some text"`, `"some text"`},
		"text.value":                  {`{"$contains":"ME TE"}`, `{"$starts_with":"text"}`},
		"number.value":                {`{"$gt":2,"$lte":2.5}`, `{"$lt":2.5}`},
		"checkbox":                    {`"true"`, ``},
		"currency.currency_value":     {`9`, `9.01`},
		"currency.currency_code":      {`"USD"`, `"EUR"`},
		"date":                        {`{"$lt":"2026-02-04"}`, `{"$gte":"2026-02-04"}`},
		"timestamp.value":             {`"2026-02-03T05:05:06+01:00"`, `"2026-02-03T05:05:06Z"`},
		"rating":                      {`3`, `4`},
		"status.status":               {`"Open"`, ``},
		"status.active_from":          {`{"$gt":"2020"}`, `{"$lt":"2020"}`},
		"select.option":               {`"A"`, `"B"`},
		"tags":                        {`"B"`, ``},
		"reference.target_object":     {`"companies"`, `"people"`},
		"reference.target_record_id":  {`"` + company + `"`, `"` + ghost + `"`},
		"actor.referenced_actor_id":   {`"` + member + `"`, `"` + ghost + `"`},
		"actor.referenced_actor_type": {`"workspace-member"`, `"system"`},
		"email":                       {`"BOB@mail.acme.co.uk"`, `"bob@acme.co.uk"`},
		"email.email_domain":          {`"mail.acme.co.uk"`, `"acme.co.uk"`},
		"email.email_root_domain":     {`"acme.co.uk"`, `"mail.acme.co.uk"`},
		"email.email_local_specifier": {`"bob"`, `"mail"`},
		"location.country_code":       {`"FR"`, `"DE"`},
		"location.line_1":             {`{"$ends_with":"1"}`, `"Way"`},
		"location.line_2":             {``, `"Way 1"`},
		"location.postcode":           {`"75001"`, `"75002"`},
		"domain.domain":               {`"app.acme.co.uk"`, `"acme.co.uk"`},
		"domain.root_domain":          {`"acme.co.uk"`, `"app.acme.co.uk"`},
		"phone.phone_number":          {`"442071838750"`, `"02071838750"`},
		"phone.country_code":          {`"GB"`, `"FR"`},
	} {
		depth := strings.Count(path, ".")
		wrap := func(operand string) string {
			return `{"` + strings.Replace(path, ".", `":{"`, 1) + `":` + operand + strings.Repeat("}", depth+1)
		}
		if hit := operands[0]; hit != "" && found(wrap(hit)) != "["+thing+"]" {
			t.Errorf("%s does not find the record", wrap(hit))
		}
		if miss := operands[1]; miss != "" && found(wrap(miss)) != "[]" {
			t.Errorf("%s finds it", wrap(miss))
		}
	}
}

// A list may have the name of an object: the path starts at what is queried.
func TestPathsOfLists(t *testing.T) {
	c := serve(t, Options{Seed: []byte(testSeed)})
	c.ok("POST", "/v2/lists", strings.Replace(newList, `"sales"`, `"deals"`, 1))
	company := c.ids("companies", `{}`)[0]
	entry := c.ok("POST", "/v2/lists/deals/entries", `{"data":{"parent_record_id":"`+company+`","parent_object":"companies","entry_values":{}}}`).get("data.id.entry_id").Str
	const path = `"path":[["deals","parent_record"],["companies","name"]]`
	a := c.ok("POST", "/v2/lists/deals/entries/query", `{"filter":{`+path+`,"constraints":{"$contains":"acm"}},"sorts":[{"direction":"desc",`+path+`}]}`)
	c.want(a, "data.#.id.entry_id", `["`+entry+`"]`)
}
