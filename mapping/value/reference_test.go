package value

import (
	"testing"

	"attio-import/mapping/schema"
)

func TestReference(t *testing.T) {
	const id = "5e3fb280-007b-495a-a530-9354bde01de1"
	checkConversion(t, conversion{id, id, `{"target_object":"users","target_record_id":"` + id + `"}`, ""}, Reference("users", "5E3FB280-007b-495a-a530-9354bde01de1"), nil)
	checkConversion(t, conversion{id, id, `{"referenced_actor_type":"workspace-member","referenced_actor_id":"` + id + `"}`, ""}, Actor(id), nil)
	checkConversion(t, conversion{id, `a"b`, `{"target_object":"o\"o","target_record_id":"a\"b"}`, ""}, Reference(`o"o`, `a"b`), nil)
}

func TestActorByEmail(t *testing.T) {
	checkConversions(t, converter(t, attribute(schema.ActorReference), Options{}), []conversion{
		{"Ann@example.com", "ann@example.com", `{"workspace_member_email_address":"ann@example.com"}`, ""},
		{"Ann", "", InvalidEmail, ""},
	})
}
