package value

import "strings"

const actorPrefix = `{"referenced_actor_type":"workspace-member","referenced_actor_id":"`

// Reference is a reference to a record by its id. Its canonical form is the id.
func Reference(object, recordID string) Value {
	b := append([]byte(`{"target_object":`), '"')
	b = append(appendEscaped(b, object), `","target_record_id":"`...)
	return identified(b, recordID)
}

// Actor is a reference to a workspace member by its id. Its canonical form is
// the id.
func Actor(memberID string) Value { return identified([]byte(actorPrefix), memberID) }

// identified completes a value that ends in an id. Ids are UUIDs, which compare
// without case.
func identified(b []byte, id string) Value {
	id = strings.ToLower(id)
	return wrapped(string(b), id, `"}`)
}

// convertActor refers to a workspace member by email address. Its canonical
// form is the address; it does not compare with a member's id, so an importer
// that needs to compare looks the member up and uses Actor.
func convertActor(t Text) (Value, error) {
	v, err := convertEmail(t)
	if err != nil {
		return Value{}, err
	}
	return wrapped(`{"workspace_member_email_address":"`, v.canonical, `"}`), nil
}
