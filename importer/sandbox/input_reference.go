package sandbox

import (
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// readChoice finds an option or status by its exact title or by id; an unknown one is refused, never made.
func readChoice(a *attribute, v gjson.Result, key string, out *value) error {
	v, problem := unwrap(v, key)
	if problem != nil {
		return badValue(a.slug, *problem)
	}
	if v.Type != gjson.String {
		return badValue(a.slug, wrongType("string", typeName(v)))
	}
	no, ok := a.choice(v.Str)
	if !ok {
		return a.noChoice(v.Str)
	}
	out.num = float64(no)
	return nil
}

func (a *attribute) noChoice(title string) *Error {
	if a.kind == kindStatus {
		return invalid("value_not_found", "Cannot find status attribute with status option title %q.", title)
	}
	return invalid("value_not_found", "Cannot find select attribute with select option title %q.", title)
}

// readActor accepts workspace members only, by email address or by id (OpenAPI).
func (s *store) readActor(a *attribute, v gjson.Result, out *value) error {
	m, err := s.findActor(a, v)
	if err != nil {
		return err
	}
	out.num = float64(m.actor)
	return nil
}

func (s *store) findActor(a *attribute, v gjson.Result) (*member, error) {
	if id := v.Get("referenced_actor_id"); v.IsObject() && id.Exists() {
		if problem := onlyKeys(v, "referenced_actor_type", "referenced_actor_id"); problem != nil {
			return nil, badValue(a.slug, *problem)
		}
		if v.Get("referenced_actor_type").Str != "workspace-member" {
			return nil, badValue(a.slug, issue{code: "invalid_literal", path: []string{"referenced_actor_type"},
				message: `Invalid literal value, expected "workspace-member"`})
		}
		if u, ok := parseID(id.Str); ok {
			if m := s.memberByID(u); m != nil {
				return m, nil
			}
		}
		return nil, invalid("value_not_found", "Workspace member with ID %q not found.", id.String())
	}
	v, problem := unwrap(v, "workspace_member_email_address")
	if problem != nil {
		return nil, badValue(a.slug, *problem)
	}
	if v.Type != gjson.String {
		return nil, badValue(a.slug, wrongType("string", typeName(v)))
	}
	i := slices.IndexFunc(s.members, func(m *member) bool { return strings.EqualFold(m.Email, v.Str) })
	if i < 0 {
		return nil, invalid("value_not_found", "Workspace member with email address %q not found.", v.Str) // text inferred
	}
	return s.members[i], nil
}

// readReference accepts a record by id, by a matching attribute, or by a bare string: a domain for companies, an email
// address for people, user_id for users, workspace_id for workspaces (documentation), a record id for any (inferred).
// The third format, target_record_reference, is newer than what is known of it and is refused.
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
	if id := v.Get("target_record_id"); id.Exists() {
		if problem := onlyKeys(v, "target_object", "target_record_id"); problem != nil {
			return badValue(a.slug, *problem)
		}
		return x.referenceByID(a, t, id.String(), out)
	}
	return x.referenceByMatch(a, t, v, out)
}

func (x *tx) referenceByID(a *attribute, t *table, id string, out *value) error {
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

// referenceByMatch fails if it does not find exactly one record (documentation; the codes are inferred).
func (x *tx) referenceByMatch(a *attribute, t *table, v gjson.Result, out *value) error {
	var match *attribute
	var wanted gjson.Result
	n := 0
	v.ForEach(func(key, m gjson.Result) bool {
		if key.Str != "target_object" {
			match, wanted = t.attribute(key.String()), m
			n++
		}
		return true
	})
	if n != 1 || match == nil || !match.kind.uniqueAllowed() {
		return badValue(a.slug, invalidInput("Invalid input"))
	}
	if wanted.IsArray() {
		if len(wanted.Array()) != 1 {
			return badValue(a.slug, invalidInput("Matching on multiple values is not supported", match.slug))
		}
		wanted = wanted.Get("0")
	}
	var key value
	if err := x.readValue(match, wanted, &key); err != nil {
		return err
	}
	return x.single(a, match, &key, out)
}

func (x *tx) single(a, match *attribute, key, out *value) error {
	match.ensureIndex()
	found := match.index.find(nil, keyOf(match.kind, key))
	switch len(found) {
	case 0:
		return invalid("value_not_found", "No record was found for attribute with slug/ID %q.", match.slug)
	case 1:
		out.setTarget(match.table, found[0].id)
		return nil
	}
	return invalid("multiple_match_results", "Multiple records were found for attribute with slug/ID %q.", match.slug)
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
		if t.list != nil || t.disabled {
			continue
		}
		if id, ok := parseID(text); ok && x.find(t, id) != nil {
			out.setTarget(t, id)
			return nil
		}
		for _, match := range x.textKeys(t) {
			var key value
			if x.readValue(match, gjson.Result{Type: gjson.String, Str: text}, &key) != nil {
				continue
			}
			if r := match.index.holder(keyOf(match.kind, &key)); r != nil {
				out.setTarget(t, r.id)
				return nil
			}
		}
	}
	return invalid("value_not_found", "Record with ID %q not found.", text) // code and text inferred
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
