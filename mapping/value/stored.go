package value

import (
	"fmt"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"attio-import/mapping/schema"
)

// Stored reads what the API answered for an attribute: raw is the JSON array
// that stands under the attribute's slug in a record's `values` (OpenAPI:
// output-value). The values compare with those that NewConverter and Compose
// make of the same thing, and their JSON would write it again. An empty array
// and null give no values. The error is about JSON that is not the API's.
func Stored(attr *schema.Attribute, raw []byte) ([]Value, error) {
	if !gjson.ValidBytes(raw) {
		return nil, fmt.Errorf("values of %s: not JSON", attr.Slug)
	}
	list := gjson.ParseBytes(raw)
	if list.Type == gjson.Null {
		return nil, nil
	}
	if !list.IsArray() {
		return nil, fmt.Errorf("values of %s: not a list", attr.Slug)
	}
	var values []Value
	var err error
	list.ForEach(func(_, r gjson.Result) bool {
		v, ok := storedValue(attr, r)
		if !ok {
			err = fmt.Errorf("values of %s: %.80s is no %s", attr.Slug, r.Raw, attr.Type)
			return false
		}
		values = append(values, v)
		return true
	})
	return values, err
}

// storedValue reads one value. It trusts the API to have checked it.
func storedValue(attr *schema.Attribute, r gjson.Result) (v Value, ok bool) {
	switch attr.Type {
	case schema.Text, schema.Unknown:
		return storedString(r, "value", textValue)
	case schema.Number, schema.Rating:
		return storedNumber(r.Get("value"), numberPrefix, numberSuffix)
	case schema.Currency:
		return storedNumber(r.Get("currency_value"), currencyPrefix, currencySuffix)
	case schema.Checkbox:
		return storedCheckbox(r.Get("value"))
	case schema.Date:
		return storedDate(r.Get("value"))
	case schema.Timestamp:
		return storedTimestamp(r.Get("value"))
	case schema.Status:
		return storedChoice(attr, r.Get("status"), "id.status_id")
	case schema.Select:
		return storedChoice(attr, r.Get("option"), "id.option_id")
	case schema.EmailAddress:
		return storedString(r, "email_address", func(s string) Value { return wrapped(emailPrefix, strings.ToLower(s), emailSuffix) })
	case schema.Domain:
		return storedString(r, "domain", func(s string) Value { return wrapped(domainPrefix, strings.ToLower(s), domainSuffix) })
	case schema.PhoneNumber:
		return storedString(r, "phone_number", phoneValue)
	case schema.PersonalName:
		return storedName(r), r.IsObject()
	case schema.Location:
		return storedLocation(r), r.IsObject()
	case schema.RecordReference:
		id := r.Get("target_record_id")
		return Reference(r.Get("target_object").Str, id.Str), id.Str != ""
	case schema.ActorReference:
		return storedActor(r)
	}
	return storedInteraction(r)
}

func storedString(r gjson.Result, key string, of func(string) Value) (Value, bool) {
	s := r.Get(key)
	if s.Type != gjson.String {
		return Value{}, false
	}
	return of(s.Str), true
}

// storedNumber takes a number, or one in a string, as some pages of the
// documentation show amounts.
func storedNumber(r gjson.Result, prefix, suffix string) (Value, bool) {
	text := r.Raw
	if r.Type == gjson.String {
		text = r.Str
	}
	d, ok := scanDecimal(text, '.')
	if !ok {
		return Value{}, false
	}
	b, _ := d.append([]byte(prefix))
	return seal(append(b, suffix...), len(prefix), len(suffix)), true
}

func storedCheckbox(r gjson.Result) (Value, bool) {
	switch {
	case r.Type == gjson.True || r.Str == "true":
		return checked, true
	case r.Type == gjson.False || r.Str == "false":
		return unchecked, true
	}
	return Value{}, false
}

func storedDate(r gjson.Result) (Value, bool) {
	m, f := parseISO(r.Str)
	if f != fits {
		return Value{}, false
	}
	return dateValue(m.year, m.month, m.day), true
}

func storedTimestamp(r gjson.Result) (Value, bool) {
	m, f := parseISO(r.Str)
	if f != fits {
		return Value{}, false
	}
	t, _ := m.in(time.UTC)
	return timestampValue(t), true
}

// storedChoice reads an option or status, which comes whole or, in places, as
// its id alone. An id that the attribute does not know (an archived option)
// stands for itself.
func storedChoice(attr *schema.Attribute, r gjson.Result, idPath string) (Value, bool) {
	id := r.Str
	if r.IsObject() {
		if title := r.Get("title"); title.Type == gjson.String {
			return choiceValue(attr.Type, title.Str), true
		}
		id = r.Get(idPath).Str
	}
	for _, o := range attr.Options {
		if o.ID == id && id != "" {
			return choiceValue(attr.Type, o.Title), true
		}
	}
	return choiceValue(attr.Type, id), id != ""
}

// storedActor reads any actor, those too that cannot be written: they compare
// by id, the system, which has none, by its type.
func storedActor(r gjson.Result) (Value, bool) {
	kind, id := r.Get("referenced_actor_type").Str, strings.ToLower(r.Get("referenced_actor_id").Str)
	switch {
	case kind == "workspace-member" && id != "":
		return Actor(id), true
	case id != "":
		return Value{canonical: id, json: r.Raw}, true
	}
	return Value{canonical: kind, json: r.Raw}, kind != ""
}

// storedInteraction reads what cannot be written, so that it can be shown.
func storedInteraction(r gjson.Result) (Value, bool) {
	at := r.Get("interacted_at").Str
	return Value{canonical: strings.TrimSpace(r.Get("interaction_type").Str + " " + at), json: r.Raw}, at != ""
}
