// Package sandbox is an embedded HTTP server that imitates the REST API (v2) of Attio, so that an import can be
// rehearsed, and this project tested, without a workspace. It is written from the published contract and from
// recorded exchanges, shares no type with the client, and thus witnesses the wire format independently.
//
// # Use
//
//	s, err := sandbox.New(sandbox.Options{Seed: seed, WriteRate: 25, ReadRate: 100, AutoCompany: true})
//	err = s.Start()             // listens on a free port of 127.0.0.1
//	s.URL(), s.Token()          // what a client needs
//	defer s.Close()
//
// # Seed
//
// The seed describes a new workspace in JSON. Every part may be missing; unknown members are an error.
//
//	{
//	  "workspace": {"name": "Acme", "slug": "acme"},
//	  "members": [{"first_name": "Ada", "last_name": "Byron", "email_address": "ada@acme.com", "access_level": "admin"}],
//	  "tokens": [{"token": "<64 hex>", "scopes": ["record_permission:read"]}],
//	  "objects": [
//	    {"api_slug": "workspaces", "attributes": [
//	      {"api_slug": "plan", "title": "Plan", "type": "select", "options": ["Free", "Pro"]},
//	      {"api_slug": "mrr", "title": "MRR", "type": "currency",
//	       "config": {"currency": {"default_currency_code": "EUR", "display_type": "symbol"}}},
//	      {"api_slug": "seats", "title": "Seats", "type": "number"}]},
//	    {"api_slug": "projects", "singular_noun": "Project", "plural_noun": "Projects", "attributes": [
//	      {"api_slug": "code", "title": "Code", "type": "text", "is_unique": true, "is_required": true},
//	      {"api_slug": "phase", "title": "Phase", "type": "status", "statuses": ["Open", "Done"]},
//	      {"api_slug": "client", "title": "Client", "type": "record-reference",
//	       "config": {"record_reference": {"allowed_objects": ["companies"]}}}]}],
//	  "records": {
//	    "companies": [{"domains": ["acme.com"], "name": "Acme"}],
//	    "people": [{"name": "Byron, Ada", "email_addresses": ["ada@acme.com"], "company": "acme.com"}],
//	    "users": [{"user_id": "u-1", "primary_email_address": "ada@acme.com", "person": "ada@acme.com"}],
//	    "workspaces": [{"workspace_id": "w-1", "name": "Acme", "users": ["ada@acme.com"], "company": "acme.com"}]
//	  }
//	}
//
// An object or attribute that exists is extended, any other is made. Attributes have the members of the API's request
// to create one, with everything optional but api_slug and type, and options or statuses as a list of titles. A
// relationship makes the other side too: "relationship": {"object": "companies", "title": "Projects", "api_slug":
// "projects", "is_multiselect": true}.
//
// Records are created in the order of the file, so what is referred to comes first. Their values are written as in a
// request. A reference may be a bare string that any unique attribute of the target holds: a company's domain, a
// user's email address or user_id, a project's code. Seeded people do not generate companies.
//
// # What it is
//
// The endpoints that an import can touch: self; objects, attributes, options, statuses; records with create, assert,
// both updates, merge, history and queries; search; lists and their entries; notes; workspace members. The standard
// objects people, companies, deals, users and workspaces have their attributes and two-sided relationships. Both rate
// limits and the limit on query scores can be set, faults injected (see FaultKinds). Everything else, tasks, comments,
// webhooks, meetings, files and views included, answers as Attio does for an unknown route.
//
// Under /_sandbox/, without token, limit or fault: GET stats (see Stats), GET log?after=N (see LogEntry; the requests
// whose writes were applied, the seed apart) and DELETE faults.
//
// It listens on loopback only, answers to loopback names only, and sets no CORS headers.
//
// # Model
//
// A record is one immutable string of packed values (row.go), found by id, by place in the order of creation, and by
// the indexes of its object: unique attributes always have one, others get theirs when they are first queried by
// equality. An entry of a list is a record whose table is the list. A request collects its changes in a tx, other sides
// of relationships and records made on the way included, which commits them to the data file and to memory as a whole.
// One lock guards the store; no byte goes to a client while it is held.
//
// The way of a request: transport.go takes it through jitter, routes.go, auth.go, the limits of gate.go, latency, the
// handler and the answer; misbehave.go takes the place of the last ones when fault.go says so. Handlers read bodies
// with body.go, values with input*.go, filters with filter.go and comparison.go, and print with render.go.
//
// # What is inferred
//
// Attio documents much, and recordings show more, but not everything. Where the code had to choose, it says "inferred",
// and this is the list.
//
// Limits and access:
//   - GETs and POSTs to query and search are reads, all else writes; the base limits are per token, in whole seconds of
//     the clock. Requests refused with 401, 403 or 404 (route) are not counted.
//   - A query's score is its comparisons plus five for each sort, grown by the logarithm of the number of records. A
//     query that exceeds the limit by itself may be tried again after a second, and fails again.
//   - The texts for a missing header and a missing scope, and what follows "Token was not recognised,".
//   - An unknown route is told before the token is looked at. A record made by a reference needs no further scope.
//   - No limit on limit, offset or the size of $or and $in; bodies over 32 MiB get 413, which the live API was not seen
//     to send. An injected 500 has the type api_error.
//   - Plans, and so quota_exceeded and billing_error, are not imitated; merges are done at once, so that nothing is
//     refused with merge_in_progress.
//
// Bodies:
//   - Members that are not known are refused where the OpenAPI document says so, in asserts, updates and attributes,
//     and ignored elsewhere.
//   - The texts of validation_errors other than those recorded, that of a list entry or a member's address that is not
//     there, and the answers to configurations that make no sense.
//
// Values:
//   - null and [] clear an attribute; PATCH with [] leaves a multi-valued one alone; a required one cannot be cleared.
//   - A value that stands there already keeps its active_from; repetitions within a payload count once.
//   - Text is compared with case, for uniqueness and for $eq; option titles must be exact; archived options are
//     unknown. Options and statuses may be given by id, as documented, although ids of options were once reported not
//     to be stored.
//   - International domains are kept in their ASCII form; a domain may be given with scheme and port.
//   - Numbers are not read from strings, currencies are. Further decimals are cut off, not rounded.
//   - An address in one string is taken apart from its end: country code, postcode, region, locality, lines.
//   - Read-only attributes other than created_at are refused like it, with system_edit_unauthorized.
//   - Times of defaults are counted in UTC.
//
// References:
//   - No match is value_not_found, several are multiple_match_results.
//   - In target_record_reference, the names if_no_match and values, and the policies "fail", "create" and "use_first"
//     (the oldest): of the names, only target_record_reference, match and if_multiple_matches are known. To fail is the
//     default. A record that is made has the value that was matched and what values says; it needs what every new
//     record needs, and brings no company of its own if the request gives it one. Whatever else stands there is refused.
//   - A bare record id is accepted as a reference. One-sided references to deleted records are left out when read.
//   - A deleted record takes its list entries and notes with it.
//   - The person's company: one that was given wins, freemail domains make none, the first other address counts, the
//     company is found by the address's domain or its root, and made with the root, without a name.
//   - Merging: the primary's values win, lists are joined, references and entries lead to the new record.
//
// Asserts and queries:
//   - An assert without the matching value is missing_value; one whose values belong to two records is a conflict; one
//     whose value several records hold, since the attribute became unique too late, is multiple_match_results.
//   - Records come in the order of creation; those without a value sort last; text sorts without regard to case.
//   - $not_empty: false finds what is empty; a location is filtered by its parts only; an unknown option is
//     value_not_found; the texts of invalid_filter_operator and invalid_filter_field.
//   - There are no saved views: filter_view_id is refused.
//   - Search finds what holds every word somewhere in its names, keys and handles, a second after its creation.
//
// Schema:
//   - Titles of the attributes of deals, titles and order of those of users and workspaces; most of the ranges of
//     companies; the attributes that every list has.
//   - Attributes of lists may be unique, those of people and companies not. Status attributes, said not to be supported
//     there, are refused for people and companies only.
//   - A currency attribute whose request does not say is in USD.
//   - The names of objects in web_url, apart from that of deals.
//   - History is refused for what comes from mail and calendars; which other attributes are enriched is not known.
//   - PATCH of notes takes title, format and content; the latest note is listed first.
//
// # What a crash leaves
//
// Without a data file, nothing. With one, every write that was answered with success is there afterwards, as are the
// token, the workspace and the log; a write that was not answered is there as a whole or not at all. A workspace whose
// making was interrupted is made anew at the next start. The file is written before each answer and synced when the
// server closes: a failure of the machine, unlike one of the process, may cost the latest writes.
package sandbox
