package mapping_test

import "attio-import/mapping/schema"

// workspace is a schema as a workspace with all standard objects and a few
// custom attributes answers it.
func workspace() *schema.Schema {
	return &schema.Schema{Complete: true, Objects: []*schema.Object{workspacesObject(), usersObject(), companiesObject(), peopleObject(), dealsObject()}}
}

// offline is what is known of the same objects without asking.
func offline() *schema.Schema {
	s := workspace()
	s.Complete = false
	for _, o := range s.Objects {
		o.ID = ""
		kept := o.Attributes[:0]
		for _, a := range o.Attributes {
			if a.ID == "custom" {
				continue
			}
			a.ID, a.Options, a.OptionsKnown = "", nil, false
			kept = append(kept, a)
		}
		o.Attributes = kept
	}
	return s
}

func workspacesObject() *schema.Object {
	return &schema.Object{ID: "o-workspaces", Slug: "workspaces", Singular: "Workspace", Plural: "Workspaces", Attributes: []*schema.Attribute{
		recordID(),
		{Slug: "workspace_id", Title: "ID", Type: schema.Text, Required: true, Unique: true, Writable: true},
		{Slug: "name", Title: "Name", Type: schema.Text, Writable: true},
		{Slug: "users", Title: "Users", Type: schema.RecordReference, Multi: true, Writable: true, Targets: []string{"users"}},
		{Slug: "company", Title: "Company", Type: schema.RecordReference, Writable: true, Targets: []string{"companies"}},
		{Slug: "avatar_url", Title: "Avatar URL", Type: schema.Text, Writable: true},
		{Slug: "created_at", Title: "Created at", Type: schema.Timestamp},
		{ID: "custom", Slug: "plan", Title: "Plan", Type: schema.Select, Writable: true, OptionsKnown: true,
			Options: []schema.Option{{ID: "1", Title: "Starter"}, {ID: "2", Title: "Team"}, {ID: "3", Title: "Enterprise"}}},
		{ID: "custom", Slug: "tags", Title: "Tags", Type: schema.Select, Multi: true, Writable: true, OptionsKnown: true,
			Options: []schema.Option{{ID: "1", Title: "EU"}, {ID: "2", Title: "US"}}},
		{ID: "custom", Slug: "seats", Title: "Seats", Type: schema.Number, Writable: true},
		{ID: "custom", Slug: "mrr", Title: "MRR", Type: schema.Currency, Writable: true, CurrencyCode: "EUR"},
		{ID: "custom", Slug: "launched", Title: "Launched", Type: schema.Date, Writable: true},
		{ID: "custom", Slug: "source", Title: "Source", Type: schema.Text, Writable: true},
		{ID: "custom", Slug: "account_manager", Title: "Account manager", Type: schema.ActorReference, Writable: true},
		{ID: "custom", Slug: "partner", Title: "Partner", Type: schema.RecordReference, Writable: true, Targets: []string{"people", "companies"}},
	}}
}

func usersObject() *schema.Object {
	return &schema.Object{ID: "o-users", Slug: "users", Singular: "User", Plural: "Users", Attributes: []*schema.Attribute{
		recordID(),
		{Slug: "primary_email_address", Title: "Primary email", Type: schema.EmailAddress, Required: true, Unique: true, Writable: true},
		{Slug: "user_id", Title: "User ID", Type: schema.Text, Required: true, Unique: true, Writable: true},
		{Slug: "person", Title: "Person", Type: schema.RecordReference, Writable: true, Targets: []string{"people"}},
	}}
}

func companiesObject() *schema.Object {
	return &schema.Object{ID: "o-companies", Slug: "companies", Singular: "Company", Plural: "Companies", Attributes: []*schema.Attribute{
		recordID(),
		{Slug: "domains", Title: "Domains", Type: schema.Domain, Unique: true, Multi: true, Writable: true},
		{Slug: "name", Title: "Name", Type: schema.Text, Writable: true},
		{Slug: "description", Title: "Description", Type: schema.Text, Writable: true},
		{Slug: "primary_location", Title: "Primary location", Type: schema.Location, Writable: true},
		{Slug: "logo_url", Title: "Logo URL", Type: schema.Text},
		{Slug: "last_interaction", Title: "Last interaction", Type: schema.Interaction},
	}}
}

func peopleObject() *schema.Object {
	return &schema.Object{ID: "o-people", Slug: "people", Singular: "Person", Plural: "People", Attributes: []*schema.Attribute{
		recordID(),
		{Slug: "name", Title: "Name", Type: schema.PersonalName, Writable: true},
		{Slug: "email_addresses", Title: "Email addresses", Type: schema.EmailAddress, Unique: true, Multi: true, Writable: true},
		{Slug: "phone_numbers", Title: "Phone numbers", Type: schema.PhoneNumber, Multi: true, Writable: true},
		{ID: "custom", Slug: "nicknames", Title: "Nicknames", Type: schema.Text, Multi: true, Writable: true},
		{Slug: "job_title", Title: "Job title", Type: schema.Text, Writable: true},
		{Slug: "primary_location", Title: "Primary location", Type: schema.Location, Writable: true},
		{Slug: "company", Title: "Company", Type: schema.RecordReference, Writable: true, Targets: []string{"companies"}},
		{Slug: "old", Title: "Old", Type: schema.Text, Writable: true, Archived: true},
	}}
}

func dealsObject() *schema.Object {
	return &schema.Object{ID: "o-deals", Slug: "deals", Singular: "Deal", Plural: "Deals", Attributes: []*schema.Attribute{
		recordID(),
		{Slug: "name", Title: "Deal name", Type: schema.Text, Required: true, Writable: true},
		{Slug: "stage", Title: "Deal stage", Type: schema.Status, Required: true, Writable: true, OptionsKnown: true,
			Options: []schema.Option{{ID: "1", Title: "Lead"}, {ID: "2", Title: "In Progress"}}},
		{Slug: "owner", Title: "Deal owner", Type: schema.ActorReference, Required: true, Writable: true},
		{Slug: "value", Title: "Deal value", Type: schema.Currency, Writable: true, CurrencyCode: "USD"},
		{Slug: "associated_people", Title: "Associated people", Type: schema.RecordReference, Multi: true, Writable: true, Targets: []string{"people"}},
		{Slug: "associated_company", Title: "Associated company", Type: schema.RecordReference, Writable: true, Targets: []string{"companies"}},
	}}
}

func recordID() *schema.Attribute {
	return &schema.Attribute{Slug: "record_id", Title: "Record ID", Type: schema.Text, Unique: true}
}
