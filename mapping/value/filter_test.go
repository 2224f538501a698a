package value

import (
	"encoding/json"
	"testing"

	"attio-import/mapping/schema"
)

func TestFilter(t *testing.T) {
	const id = "5e3fb280-007b-495a-a530-9354bde01de1"
	for _, tt := range []struct {
		typ      schema.Type
		in, want string
	}{
		{schema.Text, `a "b"`, `{"$eq":"a \"b\""}`},
		{schema.Number, "1,234.5", `{"$eq":1234.5}`},
		{schema.Currency, "5", `{"$eq":5}`},
		{schema.Checkbox, "yes", `{"$eq":true}`},
		{schema.Rating, "3", `{"$eq":3}`},
		{schema.Date, "2026", `{"$eq":"2026-01-01"}`},
		{schema.Timestamp, "2026", `{"$eq":"2026-01-01T00:00:00Z"}`},
		{schema.Select, "Pro", `{"$eq":"Pro"}`},
		{schema.Status, "Won 🎉", `{"$eq":"Won 🎉"}`},
		{schema.EmailAddress, "Ann@example.com", `{"email_address":{"$eq":"ann@example.com"}}`},
		{schema.Domain, "www.acme.com", `{"domain":{"$eq":"acme.com"}}`},
		{schema.PhoneNumber, "+1 415 555 2671", `{"phone_number":{"$eq":"+14155552671"}}`},
		{schema.PersonalName, "Dyke, Ann", `{"full_name":{"$eq":"Ann Dyke"}}`},
		{schema.ActorReference, "ann@example.com", ""}, // an address is no id
		{schema.Location, "Berlin", ""},
		{schema.Unknown, "x", ""},
	} {
		v, err := converter(t, attribute(tt.typ), Options{})(Text{Text: tt.in})
		if err != nil {
			t.Fatalf("%q: %v", tt.in, err)
		}
		if got := Filter(attribute(tt.typ), v); got != tt.want || got != "" && !json.Valid([]byte(got)) {
			t.Errorf("%s %q: %s, want %s", tt.typ, tt.in, got, tt.want)
		}
	}
	if got := Filter(attribute(schema.RecordReference), Reference("users", id)); got != `{"target_record_id":{"$eq":"`+id+`"}}` {
		t.Errorf("record reference: %s", got)
	}
	if got := Filter(attribute(schema.ActorReference), Actor(id)); got != `{"referenced_actor_id":{"$eq":"`+id+`"}}` {
		t.Errorf("actor reference: %s", got)
	}
	if got := Filter(attribute(schema.Text), Value{}); got != "" {
		t.Errorf("no value: %s", got)
	}
}

func TestFilterAny(t *testing.T) {
	a, b := textValue("a"), textValue(`"b"`)
	for _, tt := range []struct {
		typ  schema.Type
		vs   []Value
		want string
	}{
		{schema.Text, []Value{a}, `{"$in":["a"]}`},
		{schema.Text, []Value{a, b}, `{"$in":["a","\"b\""]}`},
		{schema.RecordReference, []Value{Reference("users", "u1"), Reference("users", "u2")}, `{"target_record_id":{"$in":["u1","u2"]}}`},
		{schema.Text, nil, ""},
		{schema.EmailAddress, []Value{a}, ""}, // $in is refused there
		{schema.Domain, []Value{a}, ""},
		{schema.Number, []Value{a}, ""},
	} {
		if got := FilterAny(attribute(tt.typ), tt.vs); got != tt.want {
			t.Errorf("%s %v: %s, want %s", tt.typ, tt.vs, got, tt.want)
		}
	}
}
