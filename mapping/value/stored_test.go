package value

import (
	"testing"

	"attio-import/mapping/schema"
)

// envelope is what stands around every value that the API gives.
const envelope = `"active_from":"2023-01-01T15:00:00.000000000Z","active_until":null,"created_by_actor":{"type":"system","id":null},`

// What the API answers compares with what was converted from text, and would
// be written as it was.
func TestStoredComparesWithConverted(t *testing.T) {
	option := plans(schema.Select, "Medium", "Large")
	status := plans(schema.Status, "Lead", "Won 🎉")
	for _, tt := range []struct {
		attr    *schema.Attribute
		in, api string
	}{
		{attribute(schema.Text), "a \"b\"\nc", `"value":"a \"b\"\nc","attribute_type":"text"`},
		{attribute(schema.Number), "1,234.50", `"value":1234.5,"attribute_type":"number"`},
		{attribute(schema.Number), "100000000000000000000", `"value":1e+20,"attribute_type":"number"`},
		{attribute(schema.Number), "-0", `"value":0,"attribute_type":"number"`},
		{money("USD"), "$47,500,000", `"currency_value":47500000,"currency_code":"USD","attribute_type":"currency"`},
		{money("USD"), "499", `"currency_value":"499.00","currency_code":"USD","attribute_type":"currency"`},
		{attribute(schema.Checkbox), "yes", `"value":true,"attribute_type":"checkbox"`},
		{attribute(schema.Checkbox), "no", `"value":false,"attribute_type":"checkbox"`},
		{attribute(schema.Date), "2023", `"value":"2023-01-01","attribute_type":"date"`},
		{attribute(schema.Timestamp), "2023-01-02T13:00+02:00", `"value":"2023-01-02T11:00:00.000000000Z","attribute_type":"timestamp"`},
		{attribute(schema.Timestamp), "2023-01-02T13:00:00.77", `"value":"2023-01-02T13:00:00.770000000Z","attribute_type":"timestamp"`},
		{attribute(schema.Rating), "3", `"value":3,"attribute_type":"rating"`},
		{status, "won 🎉", `"status":{"id":{"workspace_id":"w","object_id":"o","attribute_id":"a","status_id":"s"},"title":"Won 🎉","is_archived":false,"celebration_enabled":true,"target_time_in_status":null},"attribute_type":"status"`},
		{status, "lead", `"status":"` + status.Options[0].ID + `","attribute_type":"status"`},
		{option, "large", `"option":{"id":{"workspace_id":"w","object_id":"o","attribute_id":"a","option_id":"x"},"title":"Large","is_archived":false},"attribute_type":"select"`},
		{option, "medium", `"option":"` + option.Options[0].ID + `","attribute_type":"select"`},
		{attribute(schema.EmailAddress), "Alice@App.Attio.com", `"original_email_address":"Alice@App.Attio.com","email_address":"alice@app.attio.com","email_domain":"app.attio.com","email_root_domain":"attio.com","email_local_specifier":"alice","attribute_type":"email-address"`},
		{attribute(schema.Domain), "https://app.attio.com/x", `"domain":"app.attio.com","root_domain":"attio.com","attribute_type":"domain"`},
		{attribute(schema.PhoneNumber), "+1 415 555 2671", `"original_phone_number":"415 555 2671","country_code":"US","phone_number":"+14155552671","attribute_type":"phone-number"`},
		{attribute(schema.PersonalName), "Ada King Lovelace", `"first_name":"Ada King","last_name":"Lovelace","full_name":"Ada King Lovelace","attribute_type":"personal-name"`},
	} {
		want, err := converter(t, tt.attr, Options{})(Text{Text: tt.in})
		if err != nil {
			t.Fatalf("%q: %v", tt.in, err)
		}
		got, err := Stored(tt.attr, []byte("[{"+envelope+tt.api+"}]"))
		if err != nil || len(got) != 1 || !got[0].Equal(want) || got[0].JSON() != want.JSON() {
			t.Errorf("%s %q: stored %v, %v, want %s %s", tt.attr.Type, tt.in, got, err, want, want.JSON())
		}
	}
}

func TestStoredReferences(t *testing.T) {
	const id = "5e3fb280-007b-495a-a530-9354bde01de1"
	for _, tt := range []struct {
		typ  schema.Type
		api  string
		want Value
	}{
		{schema.RecordReference, `"target_object":"users","target_record_id":"` + id + `"`, Reference("users", id)},
		{schema.ActorReference, `"referenced_actor_type":"workspace-member","referenced_actor_id":"` + id + `"`, Actor(id)},
		{schema.ActorReference, `"referenced_actor_type":"api-token","referenced_actor_id":"` + id + `"`, Value{canonical: id}},
		{schema.ActorReference, `"referenced_actor_type":"system","referenced_actor_id":null`, Value{canonical: "system"}},
		{schema.Interaction, `"interaction_type":"email","interacted_at":"2023-01-01T15:00:00Z"`, Value{canonical: "email 2023-01-01T15:00:00Z"}},
	} {
		got, err := Stored(attribute(tt.typ), []byte("[{"+envelope+tt.api+"}]"))
		if err != nil || len(got) != 1 || !got[0].Equal(tt.want) || tt.want.JSON() != "" && got[0] != tt.want {
			t.Errorf("%s: %v, %v, want %s", tt.api, got, err, tt.want)
		}
	}
}

func TestStoredLocation(t *testing.T) {
	want, err := Compose(schema.Location, []Part{{"locality", "Cupertino"}, {"region", "CA"}, {"country_code", "USA"}, {"latitude", "37.331741"}, {"longitude", "-122.030333"}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := Stored(attribute(schema.Location), []byte(`[{`+envelope+`"line_1":null,"line_2":null,"line_3":null,"line_4":null,"locality":"Cupertino","region":"CA",
		"postcode":null,"country_code":"US","latitude":"37.331741000","longitude":"-122.030333","attribute_type":"location"}]`))
	if err != nil || len(got) != 1 || got[0] != want {
		t.Errorf("%v, %v, want %v", got, err, want)
	}
}

func TestStoredLists(t *testing.T) {
	got, err := Stored(attribute(schema.Domain), []byte(`[{"domain":"a.com"},{"domain":"b.com"}]`))
	if err != nil || len(got) != 2 || got[0].Canonical() != "a.com" || got[1].Canonical() != "b.com" {
		t.Errorf("%v, %v", got, err)
	}
	for _, raw := range []string{"[]", "null", " [ ] "} {
		if got, err := Stored(attribute(schema.Text), []byte(raw)); err != nil || len(got) != 0 {
			t.Errorf("%s: %v, %v, want no values", raw, got, err)
		}
	}
}

func TestStoredRefusesWhatIsNotTheAPIs(t *testing.T) {
	for _, tt := range []struct {
		typ schema.Type
		raw string
	}{
		{schema.Text, ""}, {schema.Text, "["}, {schema.Text, "{}"}, {schema.Text, `"x"`}, {schema.Text, `["x"]`}, {schema.Text, `[{"value":1}]`},
		{schema.Number, `[{"value":"x"}]`}, {schema.Number, `[{}]`}, {schema.Checkbox, `[{"value":null}]`}, {schema.Date, `[{"value":"soon"}]`},
		{schema.Timestamp, `[{}]`}, {schema.Select, `[{"option":{}}]`}, {schema.Status, `[{}]`}, {schema.PhoneNumber, `[{"original_phone_number":"1"}]`},
		{schema.RecordReference, `[{}]`}, {schema.ActorReference, `[{}]`}, {schema.PersonalName, `[1]`}, {schema.Location, `["Berlin"]`}, {schema.Interaction, `[{}]`},
	} {
		if got, err := Stored(attribute(tt.typ), []byte(tt.raw)); err == nil {
			t.Errorf("%s %s: %v, want an error", tt.typ, tt.raw, got)
		}
	}
}

func TestStoredOptionThatIsGone(t *testing.T) {
	got, err := Stored(plans(schema.Select, "Medium"), []byte(`[{"option":"11111111-1111-4111-8111-111111111111"}]`))
	if err != nil || len(got) != 1 || got[0].Canonical() != "11111111-1111-4111-8111-111111111111" {
		t.Errorf("an archived option: %v, %v", got, err)
	}
}
