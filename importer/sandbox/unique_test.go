package sandbox

import "testing"

// TestLateUniqueness makes an attribute unique whose values repeat: they stay, new ones must be unique (OpenAPI).
func TestLateUniqueness(t *testing.T) {
	c := serve(t, Options{Seed: []byte(testSeed)})
	const path = "/v2/objects/projects/attributes"
	c.ok("POST", path, newAttributeBody("label", "text", ""))
	first := c.create("projects", `{"code":"a","label":"same"}`)
	second := c.create("projects", `{"code":"b","label":"same"}`)
	c.want(c.ok("PATCH", path+"/label", `{"data":{"is_unique":true}}`), "data.is_unique", "true")
	c.refused("POST", "/v2/objects/projects/records", data(`{"code":"c","label":"same"}`), 400, "uniqueness_conflict")
	for _, id := range []string{first, second} { // what stands there may be written again
		c.ok("PUT", "/v2/objects/projects/records/"+id, data(`{"label":"same","phase":"Open"}`))
	}
	const assert = "/v2/objects/projects/records?matching_attribute=label"
	c.refused("PUT", assert, data(`{"code":"a","label":"same"}`), 400, "multiple_match_results")
	c.ok("PATCH", "/v2/objects/projects/records/"+second, data(`{"label":"other"}`))
	c.want(c.ok("PUT", assert, data(`{"code":"a","label":"same"}`)), "data.id.record_id", first)
	c.ok("PATCH", path+"/label", `{"data":{"is_unique":false}}`)
	c.create("projects", `{"code":"c","label":"same"}`)
	c.refused("PUT", assert, data(`{"code":"a","label":"same"}`), 400, "matching_attribute_definition_not_unique")
}

// An attribute of a list can be unique: creating entries is said to fail on conflicts (OpenAPI).
func TestUniqueInLists(t *testing.T) {
	c := serve(t, Options{Seed: []byte(testSeed)})
	c.ok("POST", "/v2/lists", newList)
	c.ok("POST", "/v2/lists/sales/attributes", `{"data":{"title":"Key","description":null,"api_slug":"key","type":"text","is_required":true,"is_unique":true,"is_multiselect":false,"config":{}}}`)
	company := c.ids("companies", `{}`)[0]
	entry := func(values string) string {
		return `{"data":{"parent_record_id":"` + company + `","parent_object":"companies","entry_values":` + values + `}}`
	}
	c.ok("POST", "/v2/lists/sales/entries", entry(`{"key":"1"}`))
	c.refused("POST", "/v2/lists/sales/entries", entry(`{"key":"1"}`), 400, "uniqueness_conflict")
	c.refused("POST", "/v2/lists/sales/entries", entry(`{}`), 400, "missing_value")
	c.ok("POST", "/v2/lists/sales/entries", entry(`{"key":"2"}`))
}
