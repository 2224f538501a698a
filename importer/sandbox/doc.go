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
// The standard objects people, companies, deals, users and workspaces with their attributes and two-sided
// relationships; custom objects and attributes; both rate limits and the limit on query scores; faults on demand; a log
// of the writes that were applied and counts of requests under /_sandbox/, which need no token.
//
// # What a crash leaves
//
// Without a data file, nothing. With one, every write that was answered with success is there afterwards, as are the
// token, the workspace and the log; a write that was not answered is there as a whole or not at all.
package sandbox
