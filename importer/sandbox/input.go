package sandbox

import (
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// input is what a request gives for one attribute: a part of tx.given, empty to clear it.
type input struct {
	a          *attribute
	start, end int
}

func (x *tx) valuesOf(in input) []value { return x.given[in.start:in.end:in.end] }

// read takes in `values` of a request: it finds the attributes, and turns what is written into values. The first
// mistake is the answer (all live refusals name one attribute).
func (x *tx) read(t *table, values gjson.Result) error {
	var err error
	values.ForEach(func(key, v gjson.Result) bool {
		err = x.readAttribute(t, key.String(), v)
		return err == nil
	})
	return err
}

func (x *tx) readAttribute(t *table, name string, v gjson.Result) error {
	a := t.attribute(name)
	if a == nil {
		return invalid("value_not_found", "Cannot find attribute with slug/ID %q.", name)
	}
	if t.list != nil && a.slug == parentSlug {
		return parentStays()
	}
	if a.readOnly {
		// Live for created_at of custom objects; for other read-only attributes inferred.
		return invalid("system_edit_unauthorized", "Cannot update a System attribute.")
	}
	start := len(x.given)
	if err := x.readList(a, v); err != nil {
		return err
	}
	in := input{a, start, len(x.given)}
	if i := slices.IndexFunc(x.inputs, func(o input) bool { return o.a == a }); i >= 0 {
		x.inputs[i] = in // named twice, by slug and by id: the last one counts
		return nil
	}
	x.inputs = append(x.inputs, in)
	return nil
}

// readList accepts null and [] for "no value" (inferred for single-valued attributes), a bare value where there can be
// only one, and else an array.
func (x *tx) readList(a *attribute, v gjson.Result) error {
	if v.Type == gjson.Null {
		if a.kind == kindCheckbox {
			return badValue(a.slug, wrongType("boolean", "null"))
		}
		return nil
	}
	if !v.IsArray() {
		if a.multi {
			return badValue(a.slug, wrongType("array", typeName(v)))
		}
		return x.readOne(a, v)
	}
	var err error
	n := 0
	v.ForEach(func(_, item gjson.Result) bool {
		if n++; n > 1 && !a.multi {
			err = badValue(a.slug, issue{code: "too_big", message: "Array must contain at most 1 element(s)"})
			return false
		}
		err = x.readOne(a, item)
		return err == nil
	})
	return err
}

func (x *tx) readOne(a *attribute, v gjson.Result) error {
	x.given = append(x.given, value{})
	return x.readValue(a, v, &x.given[len(x.given)-1])
}

// readers read the kinds whose values stand for themselves; the others refer to something in the workspace.
var readers = [kinds]func(gjson.Result, *value) *issue{
	kindText: readText, kindNumber: readNumber, kindCurrency: readCurrency, kindRating: readRating, kindCheckbox: readCheckbox,
	kindDate: readDate, kindTimestamp: readTimestamp, kindEmail: readEmail, kindDomain: readDomain, kindPhone: readPhone,
	kindName: readName, kindLocation: readLocation,
}

func (x *tx) readValue(a *attribute, v gjson.Result, out *value) error {
	switch a.kind {
	case kindSelect:
		return readChoice(a, v, "option", out)
	case kindStatus:
		return readChoice(a, v, "status", out)
	case kindActor:
		return x.s.readActor(a, v, out)
	case kindReference:
		return x.readReference(a, v, out)
	case kindInteraction: // read only
		return badValue(a.slug, invalidInput("Invalid input"))
	}
	if problem := readers[a.kind](v, out); problem != nil {
		return badValue(a.slug, *problem)
	}
	return nil
}

// typeName names a JSON type as validation messages do.
func typeName(v gjson.Result) string {
	switch {
	case !v.Exists():
		return "undefined"
	case v.Type == gjson.Null:
		return "null"
	case v.Type == gjson.True, v.Type == gjson.False:
		return "boolean"
	case v.Type == gjson.Number:
		return "number"
	case v.Type == gjson.String:
		return "string"
	case v.IsArray():
		return "array"
	}
	return "object"
}

// unwrap accepts a bare scalar or an object whose only member is key.
func unwrap(v gjson.Result, key string) (gjson.Result, *issue) {
	if !v.IsObject() {
		return v, nil
	}
	if problem := onlyKeys(v, key); problem != nil {
		return v, problem
	}
	return v.Get(key), nil
}

// onlyKeys refuses members that the value does not have: what was read must not be sent back as it is.
func onlyKeys(v gjson.Result, keys ...string) *issue {
	var extra []string
	v.ForEach(func(key, _ gjson.Result) bool {
		if !slices.Contains(keys, key.String()) {
			extra = append(extra, key.String())
		}
		return true
	})
	if extra == nil {
		return nil
	}
	return &issue{code: "unrecognized_keys", message: "Unrecognized key(s) in object: '" + strings.Join(extra, "', '") + "'"}
}

// scalar is the string that a value is, or has as the member named.
func scalar(v gjson.Result, key string) (string, *issue) {
	if v.IsObject() {
		return mustString(v, key)
	}
	if v.Type != gjson.String {
		problem := wrongType("string", typeName(v))
		return "", &problem
	}
	return v.Str, nil
}

// mustString fetches a member that must be a string.
func mustString(v gjson.Result, key string) (string, *issue) {
	m := v.Get(key)
	if m.Type != gjson.String {
		problem := wrongType("string", typeName(m), key)
		return "", &problem
	}
	return m.Str, nil
}
