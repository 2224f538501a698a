package schema

import "slices"

// Standard gives the objects that every workspace can have, as the API
// describes them in a fresh workspace: people, companies, deals, users and
// workspaces. Deals, users and workspaces are off until somebody turns them
// on, which only the API can tell. Every call gives values of its own.
//
// It is not Complete: a workspace may have further attributes on these objects
// and objects of its own. Options of selects and statuses are left open, since
// workspaces edit them; ids are empty.
//
// Sources: the attributes of people and companies as a workspace returned them
// in May 2026; Attio's pages on the standard objects for the others.
func Standard() *Schema {
	return &Schema{Objects: []*Object{people(), companies(), deals(), users(), workspaces()}}
}

func people() *Object {
	return object("people", "Person", "People",
		recordID(),
		field("name", "Name", PersonalName),
		field("email_addresses", "Email addresses", EmailAddress, unique, multi),
		field("description", "Description", Text),
		reference("company", "Company", "companies"),
		field("job_title", "Job title", Text),
		field("avatar_url", "Avatar URL", Text, readOnly),
		field("phone_numbers", "Phone numbers", PhoneNumber, multi),
		field("primary_location", "Primary location", Location),
		socialMedia(),
		interactions(),
		reference("associated_deals", "Associated deals", "deals", multi),
		reference("associated_users", "Associated users", "users", multi),
		creation())
}

func companies() *Object {
	return object("companies", "Company", "Companies",
		recordID(),
		field("domains", "Domains", Domain, unique, multi),
		field("name", "Name", Text),
		field("description", "Description", Text),
		reference("team", "Team", "people", multi),
		field("categories", "Categories", Select, multi),
		field("primary_location", "Primary location", Location),
		field("logo_url", "Logo URL", Text, readOnly),
		socialMedia(),
		field("estimated_arr_usd", "Estimated ARR", Select),
		currency("funding_raised_usd", "Funding raised", "USD"),
		field("foundation_date", "Foundation date", Date),
		field("employee_range", "Employee range", Select),
		interactions(),
		reference("associated_deals", "Associated deals", "deals", multi),
		reference("associated_workspaces", "Associated workspaces", "workspaces", multi),
		creation())
}

func deals() *Object {
	return object("deals", "Deal", "Deals",
		recordID(),
		field("name", "Deal name", Text, required),
		field("stage", "Deal stage", Status, required),
		field("owner", "Deal owner", ActorReference, required),
		// USD is only the default: a workspace may have chosen another currency.
		field("value", "Deal value", Currency),
		reference("associated_people", "Associated people", "people", multi),
		reference("associated_company", "Associated company", "companies"),
		creation())
}

func users() *Object {
	return object("users", "User", "Users",
		recordID(),
		reference("person", "Person", "people"),
		field("primary_email_address", "Primary email address", EmailAddress, required, unique),
		field("user_id", "User ID", Text, required, unique),
		reference("workspace", "Workspace", "workspaces", multi),
		creation())
}

func workspaces() *Object {
	return object("workspaces", "Workspace", "Workspaces",
		recordID(),
		field("workspace_id", "Workspace ID", Text, required, unique),
		field("name", "Name", Text),
		reference("users", "Users", "users", multi),
		reference("company", "Company", "companies"),
		field("avatar_url", "Avatar URL", Text),
		creation())
}

func object(slug, singular, plural string, groups ...[]*Attribute) *Object {
	return &Object{Slug: slug, Singular: singular, Plural: plural, Attributes: slices.Concat(groups...)}
}

// A trait is what sets an attribute apart from a plain one, which is optional,
// writable, not unique, and holds one value.
type trait func(*Attribute)

func required(a *Attribute)   { a.Required = true }
func unique(a *Attribute)     { a.Unique = true }
func multi(a *Attribute)      { a.Multi = true }
func readOnly(a *Attribute)   { a.Writable = false }
func hasDefault(a *Attribute) { a.HasDefault = true }

func field(slug, title string, t Type, traits ...trait) []*Attribute {
	a := &Attribute{Slug: slug, Title: title, Type: t, Writable: true}
	for _, set := range traits {
		set(a)
	}
	return []*Attribute{a}
}

func reference(slug, title, target string, traits ...trait) []*Attribute {
	list := field(slug, title, RecordReference, traits...)
	list[0].Targets = []string{target}
	return list
}

func currency(slug, title, code string) []*Attribute {
	list := field(slug, title, Currency)
	list[0].CurrencyCode = code
	return list
}

func recordID() []*Attribute { return field("record_id", "Record ID", Text, unique, readOnly) }

func creation() []*Attribute {
	return slices.Concat(
		field("created_at", "Created at", Timestamp, readOnly, hasDefault),
		field("created_by", "Created by", ActorReference, readOnly, hasDefault))
}

// socialMedia are the profiles that people and companies share.
func socialMedia() []*Attribute {
	return slices.Concat(
		field("angellist", "AngelList", Text),
		field("facebook", "Facebook", Text),
		field("instagram", "Instagram", Text),
		field("linkedin", "LinkedIn", Text),
		field("twitter", "Twitter", Text),
		field("twitter_follower_count", "Twitter follower count", Number, readOnly))
}

// interactions are what Attio computes from mail and calendars.
func interactions() []*Attribute {
	return slices.Concat(
		field("first_calendar_interaction", "First calendar interaction", Interaction, readOnly),
		field("last_calendar_interaction", "Last calendar interaction", Interaction, readOnly),
		field("next_calendar_interaction", "Next calendar interaction", Interaction, readOnly),
		field("first_email_interaction", "First email interaction", Interaction, readOnly),
		field("last_email_interaction", "Last email interaction", Interaction, readOnly),
		field("first_interaction", "First interaction", Interaction, readOnly),
		field("last_interaction", "Last interaction", Interaction, readOnly),
		field("next_interaction", "Next interaction", Interaction, readOnly),
		field("strongest_connection_strength_legacy", "Connection strength (legacy)", Number, readOnly),
		field("strongest_connection_strength", "Connection strength", Select, readOnly),
		field("strongest_connection_user", "Strongest connection", ActorReference, readOnly))
}
