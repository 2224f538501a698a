package value

import (
	"github.com/tidwall/gjson"

	"attio-import/mapping/schema"
)

// Filter is the JSON condition that finds the records that have v, as it
// stands under the attribute's slug in a query's filter, such as
// {"email_address":{"$eq":"ann@example.com"}}. Types with one property are
// compared directly, those with several by the property that Attio normalises
// (filtering-and-sorting guide). It is empty where no condition can find the
// value: locations, interactions, attributes of unknown type, and workspace
// members named by email address instead of by id.
func Filter(attr *schema.Attribute, v Value) string {
	operand := operandOf(attr, v)
	if operand == "" {
		return ""
	}
	return within(attr.Type, `{"$eq":`+operand+`}`)
}

// FilterAny is like Filter for any of several values; only for attributes
// that FiltersByList, empty for others.
func FilterAny(attr *schema.Attribute, vs []Value) string {
	if !attr.FiltersByList() || len(vs) == 0 {
		return ""
	}
	b := []byte(`{"$in":[`)
	for i, v := range vs {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendQuoted(b, v.canonical)
	}
	return within(attr.Type, string(append(b, ']', '}')))
}

// within puts a comparison under the property that it is made by.
func within(t schema.Type, comparison string) string {
	property := ""
	switch t {
	case schema.EmailAddress:
		property = "email_address"
	case schema.Domain:
		property = "domain"
	case schema.PhoneNumber:
		property = "phone_number"
	case schema.PersonalName:
		property = "full_name"
	case schema.RecordReference:
		property = "target_record_id"
	case schema.ActorReference:
		property = "referenced_actor_id"
	default:
		return comparison
	}
	return `{"` + property + `":` + comparison + `}`
}

// operandOf is the JSON to compare with.
func operandOf(attr *schema.Attribute, v Value) string {
	if !attr.Filterable() || v.IsZero() {
		return ""
	}
	switch attr.Type {
	case schema.Number, schema.Currency, schema.Rating, schema.Checkbox:
		return v.canonical
	case schema.PersonalName:
		return gjson.Get(v.json, "full_name").Raw
	case schema.ActorReference:
		return gjson.Get(v.json, "referenced_actor_id").Raw
	}
	return string(appendQuoted(make([]byte, 0, len(v.canonical)+2), v.canonical))
}
