package sandbox

import (
	"github.com/tidwall/gjson"
)

// readReference accepts the three write formats of the guide on linking records, by id, by a matching attribute, and
// target_record_reference (see reference_match.go), or a bare string: a domain for companies, an email address for
// people, user_id for users, workspace_id for workspaces (documentation), a record id for any (inferred).
func (x *tx) readReference(a *attribute, v gjson.Result, out *value) error {
	switch {
	case v.Type == gjson.String:
		return x.referenceByText(a, v.Str, out)
	case !v.IsObject():
		return badValue(a.slug, wrongType("object", typeName(v)))
	}
	object := v.Get("target_object")
	if object.Type != gjson.String {
		return badValue(a.slug, wrongType("string", typeName(object), "target_object"))
	}
	t := x.s.object(object.Str)
	if t == nil {
		return invalid("value_not_found", "Object with slug/ID %q not found.", object.Str)
	}
	if !a.allows(t) {
		return badValue(a.slug, invalidInput("Invalid input", "target_object"))
	}
	switch {
	case v.Get("target_record_id").Exists():
		return x.referenceByID(a, t, v, out)
	case v.Get(thirdFormat).Exists():
		return x.referenceByPolicy(a, t, v, out)
	}
	return x.referenceByMatch(a, t, v, out)
}

func (x *tx) referenceByID(a *attribute, t *table, v gjson.Result, out *value) error {
	if problem := onlyKeys(v, "target_object", "target_record_id"); problem != nil {
		return badValue(a.slug, *problem)
	}
	id := v.Get("target_record_id").String()
	u, ok := parseID(id)
	if !ok {
		return badValue(a.slug, issue{code: "invalid_string", path: []string{"target_record_id"}, message: "Invalid uuid"})
	}
	if x.find(t, u) == nil {
		return invalid("value_not_found", "Record with ID %q not found.", id) // code and text inferred
	}
	out.setTarget(t, u)
	return nil
}

// shorthand is the attribute by which a bare string names a record of a standard object.
var shorthand = map[string]string{
	"companies": "domains", "people": "email_addresses", "users": "user_id", "workspaces": "workspace_id",
}

func (x *tx) referenceByText(a *attribute, text string, out *value) error {
	targets := a.allowed
	if len(targets) == 0 {
		targets = x.s.tables
	}
	for _, t := range targets {
		if t.list == nil && !t.disabled && x.targetByText(t, text, out) {
			return nil
		}
	}
	return invalid("value_not_found", "Record with ID %q not found.", text) // code and text inferred
}

func (x *tx) targetByText(t *table, text string, out *value) bool {
	if id, ok := parseID(text); ok && x.find(t, id) != nil {
		out.setTarget(t, id)
		return true
	}
	for _, match := range x.textKeys(t) {
		var key value
		if x.readValue(match, gjson.Result{Type: gjson.String, Str: text}, &key) != nil {
			continue
		}
		if found := x.holders(match, &key); len(found) > 0 {
			out.setTarget(t, found[0].id)
			return true
		}
	}
	return false
}

// textKeys are the attributes that a bare string is compared with; a seed may use any unique one.
func (x *tx) textKeys(t *table) []*attribute {
	if x.naming {
		var list []*attribute
		for _, a := range t.attrs {
			if a.unique && !a.readOnly {
				list = append(list, a)
			}
		}
		return list
	}
	if a := t.attribute(shorthand[t.slug]); a != nil && a.unique {
		return []*attribute{a}
	}
	return nil
}
