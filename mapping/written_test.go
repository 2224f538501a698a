package mapping

import (
	"encoding/json"
	"testing"

	"attio-import/mapping/schema"
	"attio-import/mapping/value"
)

// storedLists are values of every type as the API shows them.
var storedLists = map[schema.Type]string{
	schema.Text:            `[{"value":"A \"quoted\" <b>text</b> & more"}]`,
	schema.Number:          `[{"value":-12.5}]`,
	schema.Checkbox:        `[{"value":true}]`,
	schema.Currency:        `[{"currency_value":99.99,"currency_code":"USD"}]`,
	schema.Date:            `[{"value":"2026-02-28"}]`,
	schema.Timestamp:       `[{"value":"2026-02-28T10:20:30.123000000Z"}]`,
	schema.Rating:          `[{"value":3}]`,
	schema.Status:          `[{"status":{"id":{"status_id":"s1"},"title":"In <Progress>"}}]`,
	schema.Select:          `[{"option":{"id":{"option_id":"o1"},"title":"A & B"}},{"option":{"id":{"option_id":"o2"},"title":"C"}}]`,
	schema.RecordReference: `[{"target_object":"companies","target_record_id":"11111111-aaaa-4aaa-8aaa-000000000001"},{"target_object":"companies","target_record_id":"11111111-aaaa-4aaa-8aaa-000000000002"}]`,
	schema.ActorReference:  `[{"referenced_actor_type":"workspace-member","referenced_actor_id":"11111111-aaaa-4aaa-8aaa-000000000001"},{"referenced_actor_type":"system","referenced_actor_id":null}]`,
	schema.Location:        `[{"line_1":"1 Infinite Loop","line_2":null,"line_3":null,"line_4":null,"locality":"Cupertino","region":"CA","postcode":"95014","country_code":"US","latitude":"37.3","longitude":"-122.03"}]`,
	schema.Domain:          `[{"domain":"acme.com","root_domain":"acme.com"},{"domain":"acme.io","root_domain":"acme.io"}]`,
	schema.EmailAddress:    `[{"original_email_address":"A@acme.com","email_address":"a@acme.com"}]`,
	schema.PhoneNumber:     `[{"original_phone_number":"07911 123456","phone_number":"+447911123456","country_code":"GB"},{"phone_number":"+4930901820"}]`,
	schema.PersonalName:    `[{"first_name":"Ann","last_name":"O'Neil","full_name":"Ann O'Neil"}]`,
	schema.Interaction:     `[{"interaction_type":"email","interacted_at":"2026-02-28T10:20:30.123000000Z"}]`,
}

func TestWrittenReadsWhatAppendListWrote(t *testing.T) {
	for typ, stored := range storedLists {
		attr := &schema.Attribute{Slug: "a", Type: typ, Multi: true}
		had, err := value.Stored(attr, []byte(stored))
		if err != nil || len(had) == 0 {
			t.Fatalf("%s: %v, %v", typ, had, err)
		}
		list := AppendList(nil, had)
		// On its way through a file the list may be compacted, and its texts escaped.
		escaped, err := json.Marshal(json.RawMessage(list))
		if err != nil {
			t.Fatalf("%s: %s: %v", typ, list, err)
		}
		for _, text := range [][]byte{list, escaped} {
			got, err := Written(attr, text)
			if err != nil || len(got) != len(had) || !SameValues(got, had) {
				t.Errorf("%s: %s reads %v, want %v: %v", typ, text, got, had, err)
			}
			if string(AppendList(nil, got)) != string(list) {
				t.Errorf("%s: %s would be written as %s", typ, list, AppendList(nil, got))
			}
		}
	}
}

func TestWrittenRefuses(t *testing.T) {
	for _, typ := range []schema.Type{schema.Text, schema.PhoneNumber} {
		attr := &schema.Attribute{Slug: "a", Type: typ}
		for _, text := range []string{``, `[`, `7`, `{"value":"a"}`, `[{"what":1}]`, `["a"]`, `[null]`} {
			if vs, err := Written(attr, []byte(text)); err == nil {
				t.Errorf("%s: %q reads %v", typ, text, vs)
			}
		}
		for _, text := range []string{`[]`, `null`, ` [ ] `} {
			if vs, err := Written(attr, []byte(text)); err != nil || len(vs) != 0 {
				t.Errorf("%s: %q reads %v, %v", typ, text, vs, err)
			}
		}
	}
}

func TestSaidBy(t *testing.T) {
	list := func(texts ...string) (vs []value.Value) {
		for _, text := range texts {
			vs = append(vs, value.NewText(text))
		}
		return vs
	}
	for _, tt := range []struct {
		what   string
		field  Field
		stored []value.Value
		want   bool
	}{
		{"the same", Field{Values: list("a")}, list("a"), true},
		{"another", Field{Values: list("a")}, list("b"), false},
		{"nothing", Field{Values: list("a")}, nil, false},
		{"among others", Field{Values: list("a", "b")}, list("c", "b", "a"), true},
		{"half of it", Field{Values: list("a", "b")}, list("a"), false},
		{"cleared", Field{Clear: true}, nil, true},
		{"not cleared", Field{Clear: true}, list("a"), false},
		{"a default", Field{Values: list("a"), Default: true}, list("a"), true},
		{"a default that yields", Field{Values: list("a"), Default: true}, list("b"), false},
	} {
		tt.field.Attribute = &schema.Attribute{Slug: "a", Type: schema.Text}
		if got := tt.field.SaidBy(tt.stored); got != tt.want {
			t.Errorf("%s: %v", tt.what, got)
		}
	}
}

// Of a value that was put together, the parts count that the row gives.
func TestSaidByPart(t *testing.T) {
	attr := &schema.Attribute{Slug: "name", Type: schema.PersonalName}
	stored := func(first, last string) []value.Value {
		vs, err := value.Stored(attr, []byte(`[{"first_name":"`+first+`","last_name":"`+last+`","full_name":"`+first+` `+last+`"}]`))
		if err != nil {
			t.Fatal(err)
		}
		return vs
	}
	f := Field{Attribute: attr, Values: stored("Ann", ""), said: value.Said{Given: value.PartSetOf(schema.PersonalName, "first_name")}}
	if !f.SaidBy(stored("Ann", "Lee")) || f.SaidBy(stored("Anna", "Lee")) {
		t.Error("the part that the row does not give counts, or the other does not")
	}
}

func TestSameValues(t *testing.T) {
	a, b := value.NewText("a"), value.NewText("b")
	for _, tt := range []struct {
		x, y []value.Value
		want bool
	}{
		{nil, nil, true}, {[]value.Value{a}, nil, false}, {nil, []value.Value{a}, false},
		{[]value.Value{a, b}, []value.Value{b, a}, true}, {[]value.Value{a}, []value.Value{a, b}, false},
	} {
		if got := SameValues(tt.x, tt.y); got != tt.want {
			t.Errorf("%v and %v: %v", tt.x, tt.y, got)
		}
	}
}
