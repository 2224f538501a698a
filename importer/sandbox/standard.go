package sandbox

import (
	"encoding/json"
	"strings"
)

// The standard objects, attribute by attribute: people and companies in full, and the order of deals, as recorded
// (2026-05); users and workspaces from the documentation pages, their order and titles inferred.
//
// One line an attribute: slug | title | type | flags. Flags: r required, u unique, m several values, - read only.
const (
	peopleAttributes = `
record_id|Record ID|text|u-
name|Name|personal-name|
email_addresses|Email addresses|email-address|um
description|Description|text|
company|Company|record-reference|
job_title|Job title|text|
avatar_url|Avatar URL|text|-
phone_numbers|Phone numbers|phone-number|m
primary_location|Primary location|location|
angellist|AngelList|text|
facebook|Facebook|text|
instagram|Instagram|text|
linkedin|LinkedIn|text|
twitter|Twitter|text|
twitter_follower_count|Twitter follower count|number|-
` + interactionAttributes + `
associated_deals|Associated deals|record-reference|m
associated_users|Associated users|record-reference|m
created_at|Created at|timestamp|-
created_by|Created by|actor-reference|-`

	companyAttributes = `
record_id|Record ID|text|u-
domains|Domains|domain|um
name|Name|text|
description|Description|text|
team|Team|record-reference|m
categories|Categories|select|m
primary_location|Primary location|location|
logo_url|Logo URL|text|-
angellist|AngelList|text|
facebook|Facebook|text|
instagram|Instagram|text|
linkedin|LinkedIn|text|
twitter|Twitter|text|
twitter_follower_count|Twitter follower count|number|-
estimated_arr_usd|Estimated ARR|select|
funding_raised_usd|Funding raised|currency|
foundation_date|Foundation date|date|
employee_range|Employee range|select|
` + interactionAttributes + `
associated_deals|Associated deals|record-reference|m
associated_workspaces|Associated workspaces|record-reference|m
created_at|Created at|timestamp|-
created_by|Created by|actor-reference|-`

	interactionAttributes = `first_calendar_interaction|First calendar interaction|interaction|-
last_calendar_interaction|Last calendar interaction|interaction|-
next_calendar_interaction|Next calendar interaction|interaction|-
first_email_interaction|First email interaction|interaction|-
last_email_interaction|Last email interaction|interaction|-
first_interaction|First interaction|interaction|-
last_interaction|Last interaction|interaction|-
next_interaction|Next interaction|interaction|-
strongest_connection_strength_legacy|Connection strength (legacy)|number|-
strongest_connection_strength|Connection strength|select|-
strongest_connection_user|Strongest connection|actor-reference|-`

	dealAttributes = `
record_id|Record ID|text|u-
name|Deal name|text|r
stage|Deal stage|status|r
owner|Deal owner|actor-reference|r
value|Deal value|currency|
associated_people|Associated people|record-reference|m
associated_company|Associated company|record-reference|
created_at|Created at|timestamp|-
created_by|Created by|actor-reference|-`

	userAttributes = `
record_id|Record ID|text|u-
person|Person|record-reference|
primary_email_address|Primary email address|email-address|ru
user_id|User ID|text|ru
workspace|Workspace|record-reference|m
created_at|Created at|timestamp|-
created_by|Created by|actor-reference|-`

	workspaceAttributes = `
record_id|Record ID|text|u-
workspace_id|Workspace ID|text|ru
name|Name|text|
users|Users|record-reference|m
company|Company|record-reference|
avatar_url|Avatar URL|text|
created_at|Created at|timestamp|-
created_by|Created by|actor-reference|-`

	customAttributes = `
record_id|Record ID|text|u-
created_at|Created at|timestamp|-
created_by|Created by|actor-reference|-`
)

// standardObjects lists slug, nouns and attributes in the order in which GET /v2/objects names them.
var standardObjects = []struct{ slug, singular, plural, attributes string }{
	{"people", "Person", "People", peopleAttributes},
	{"companies", "Company", "Companies", companyAttributes},
	{"deals", "Deal", "Deals", dealAttributes},
	{"users", "User", "Users", userAttributes},
	{"workspaces", "Workspace", "Workspaces", workspaceAttributes},
}

// standardRelations are the two-sided attributes among them.
var standardRelations = [][2]string{
	{"people.company", "companies.team"},
	{"people.associated_deals", "deals.associated_people"},
	{"companies.associated_deals", "deals.associated_company"},
	{"people.associated_users", "users.person"},
	{"users.workspace", "workspaces.users"},
	{"companies.associated_workspaces", "workspaces.company"},
}

// standardTables builds the standard objects of a new workspace.
func (s *store) standardTables() {
	for _, o := range standardObjects {
		t := s.newTable(o.slug, o.singular, o.plural)
		s.defineAttributes(t, o.attributes)
	}
	for _, r := range standardRelations {
		relate(s.standardAttribute(r[0]), s.standardAttribute(r[1]))
	}
	for path, titles := range standardChoices {
		a := s.standardAttribute(path)
		for _, title := range titles {
			a.addChoice(&choice{id: newID(), title: title, celebrate: strings.HasPrefix(title, "Won")})
		}
	}
	for _, path := range []string{"companies.funding_raised_usd", "deals.value"} {
		a := s.standardAttribute(path)
		a.currency, a.display = "USD", "symbol"
	}
	s.describe("people.associated_deals", "Deal records associated with a Person record")
	s.describe("companies.associated_deals", "Deal records associated with a Company record")
}

func (s *store) describe(path, text string) { s.standardAttribute(path).about = &text }

func (s *store) standardAttribute(path string) *attribute {
	object, slug, _ := strings.Cut(path, ".")
	return s.objects[object].names[slug]
}

// defineAttributes adds the system attributes that the lines describe.
func (s *store) defineAttributes(t *table, lines string) {
	for line := range strings.Lines(strings.TrimSpace(lines)) {
		f := strings.Split(strings.TrimSpace(line), "|")
		k, _ := kindNamed(f[2])
		a := &attribute{
			id: newID(), slug: f[0], title: f[1], kind: k, system: true, created: s.now(),
			required: strings.Contains(f[3], "r"), unique: strings.Contains(f[3], "u"),
			multi: strings.Contains(f[3], "m"), readOnly: strings.Contains(f[3], "-"),
		}
		switch a.slug {
		case "created_at":
			a.fallback = json.RawMessage(`{"type":"dynamic","template":"PT0S"}`)
		case "created_by":
			a.fallback = json.RawMessage(`{"type":"dynamic","template":"current-user"}`)
		}
		t.addAttribute(a)
	}
}
