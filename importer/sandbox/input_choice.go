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
