package mapping

import "attio-import/mapping/schema"

// standardObject is an object as every workspace has it; nil for others.
func standardObject(slug string) *schema.Object { return schema.Standard().Object(slug) }

// standardTarget is what an attribute of a standard object refers to, so far
// as that is the same in every workspace; else "".
func standardTarget(object, attribute string) string {
	o := standardObject(object)
	if o == nil {
		return ""
	}
	a := o.Attribute(attribute)
	switch {
	case a == nil:
		return ""
	case a.Type == schema.ActorReference:
		return schema.WorkspaceMembers
	case a.Type == schema.RecordReference && len(a.Targets) == 1:
		return a.Targets[0]
	}
	return ""
}

// naturalKey is the attribute that a reference looks up where the mapping does
// not say `by`: what people write in a cell for such a record.
func naturalKey(object string) string {
	switch object {
	case "companies":
		return "domains"
	case "people":
		return "email_addresses"
	case "users":
		return "primary_email_address"
	case "workspaces":
		return "workspace_id"
	case schema.WorkspaceMembers:
		return "email"
	}
	return ""
}
