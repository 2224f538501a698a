package sandbox

import (
	"strings"
	"testing"
	"time"
)

// tourDefaults makes attributes with defaults of every sort and records that take them over.
func tourDefaults(c *client) {
	const path = "/v2/objects/projects/attributes"
	dynamic := func(template string) string {
		return `,"default_value":{"type":"dynamic","template":"` + template + `"}`
	}
	c.want(c.ok("POST", path, newAttributeBody("owner", "actor-reference", dynamic("current-user"))), "data.default_value.template", "current-user")
	c.ok("POST", path, newAttributeBody("due", "date", dynamic("P1M")))
	c.ok("POST", path, newAttributeBody("call", "timestamp", dynamic("P0Y0M1DT0H0M0S")))
	c.ok("POST", path, newAttributeBody("size", "number", `,"default_value":{"type":"static","template":[{"value":5}]}`))
	made := c.ok("POST", "/v2/objects/projects/records", data(`{"code":"d-1"}`))
	created, err := time.Parse(timeLayout, made.get("data.created_at").Str)
	if err != nil {
		c.t.Fatal(err)
	}
	c.want(made, "data.values.owner.0.referenced_actor_type", "api-token")
	c.want(made, "data.values.due.0.value", created.AddDate(0, 1, 0).Format(time.DateOnly))
	c.want(made, "data.values.call.0.value", created.AddDate(0, 0, 1).Format(timeLayout))
	c.want(made, "data.values.size.0.value", "5")
	c.want(c.ok("POST", "/v2/objects/projects/records", data(`{"code":"d-2","size":7}`)), "data.values.size.0.value", "7")
	c.want(c.ok("PATCH", path+"/size", `{"data":{"default_value":null}}`), "data.is_default_value_enabled", "false")
}

func TestPeriods(t *testing.T) {
	base := time.Date(2024, 1, 31, 12, 0, 0, 0, time.UTC)
	for s, want := range map[string]string{
		"P1M": "2024-03-02T12:00:00Z", "P1Y2W3D": "2025-02-17T12:00:00Z", "PT1,5H": "2024-01-31T13:30:00Z",
		"PT0S": "2024-01-31T12:00:00Z", "P0Y0M1DT0H0M1.5S": "2024-02-01T12:00:01.5Z",
	} {
		if p, ok := parsePeriod(s); !ok || p.after(base).Format(time.RFC3339Nano) != want {
			t.Errorf("%s: %v, %s, want %s", s, ok, p.after(base).Format(time.RFC3339Nano), want)
		}
	}
	for _, s := range []string{"", "1M", "P1", "P1H", "P-1M", "P1M ", "P" + strings.Repeat("9", 400) + "Y"} {
		if p, ok := parsePeriod(s); ok {
			t.Errorf("%q was read as %+v", s, p)
		}
	}
}
