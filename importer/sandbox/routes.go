package sandbox

import (
	"net/url"
	"strings"
	"time"

	"github.com/tidwall/gjson"
)

// route is one endpoint. Which requests count as reads is inferred: GET, and POST to query and search.
type route struct {
	method string
	parts  []string // of the path; * matches any
	write  bool
	scopes []string // each must be granted; OpenAPI, per operation
	body   bool     // a JSON object is required
	serve  func(*store, *call) error
}

// call is one request on its way through a handler, apart from its transport.
type call struct {
	route  *route
	method string
	path   string
	args   [4]string // what the stars of the pattern matched
	params url.Values
	raw    []byte
	body   gjson.Result
	token  *token
	shown  *record // the record that the answer shows, if it is one
	score  float64
	scored bool                // it is a query, and score its score
	reset  time.Time           // of a 429
	charge func(float64) error // counts the score against the limit
	out    []byte
}

const (
	recordsRead  = "record_permission:read"
	recordsWrite = "record_permission:read-write"
	schemaRead   = "object_configuration:read"
	schemaWrite  = "object_configuration:read-write"
	entriesRead  = "list_entry:read"
	entriesWrite = "list_entry:read-write"
	listsRead    = "list_configuration:read"
	listsWrite   = "list_configuration:read-write"
	membersRead  = "user_management:read"
	notesRead    = "note:read"
	notesWrite   = "note:read-write"
)

func routes() []*route {
	return []*route{
		on("GET", "self", nil),
		on("GET", "objects", listObjects, schemaRead),
		on("POST", "objects", createObject, schemaWrite),
		on("GET", "objects/*", getObject, schemaRead),
		on("PATCH", "objects/*", patchObject, schemaWrite),

		on("POST", "objects/*/records/query", queryRecords, recordsRead, schemaRead),
		on("POST", "objects/records/search", searchRecords, recordsRead, schemaRead),
		on("POST", "objects/*/records", createRecord, recordsWrite, schemaRead),
		on("PUT", "objects/*/records", assertRecord, recordsWrite, schemaRead),
		on("POST", "objects/*/records/merge", mergeRecords, recordsWrite, schemaRead),
		on("GET", "objects/*/records/*", getAt, recordsRead, schemaRead),
		on("PATCH", "objects/*/records/*", appendAt, recordsWrite, schemaRead),
		on("PUT", "objects/*/records/*", overwriteAt, recordsWrite, schemaRead),
		on("DELETE", "objects/*/records/*", deleteAt, recordsWrite, schemaRead),
		on("GET", "objects/*/records/*/attributes/*/values", valuesAt, recordsRead, schemaRead),
		on("GET", "objects/*/records/*/entries", recordEntries, recordsRead, schemaRead, entriesRead),

		on("GET", "lists", listLists, listsRead),
		on("POST", "lists", createList, listsWrite),
		on("GET", "lists/*", getList, listsRead),
		on("PATCH", "lists/*", patchList, listsWrite),
		on("POST", "lists/*/entries/query", queryEntries, entriesRead, listsRead),
		on("POST", "lists/*/entries", createEntry, entriesWrite, listsRead),
		on("PUT", "lists/*/entries", assertEntry, entriesWrite, listsRead),
		on("GET", "lists/*/entries/*", getAt, entriesRead, listsRead),
		on("PATCH", "lists/*/entries/*", appendAt, entriesWrite, listsRead),
		on("PUT", "lists/*/entries/*", overwriteAt, entriesWrite, listsRead),
		on("DELETE", "lists/*/entries/*", deleteAt, entriesWrite, listsRead),
		on("GET", "lists/*/entries/*/attributes/*/values", valuesAt, entriesRead, listsRead),

		on("GET", "*/*/attributes", listAttributes),
		on("POST", "*/*/attributes", createAttribute),
		on("GET", "*/*/attributes/*", getAttribute),
		on("PATCH", "*/*/attributes/*", patchAttribute),
		on("GET", "*/*/attributes/*/options", listOptions),
		on("POST", "*/*/attributes/*/options", createOption),
		on("PATCH", "*/*/attributes/*/options/*", patchOption),
		on("GET", "*/*/attributes/*/statuses", listStatuses),
		on("POST", "*/*/attributes/*/statuses", createStatus),
		on("PATCH", "*/*/attributes/*/statuses/*", patchStatus),

		on("GET", "workspace_members", listMembers, membersRead),
		on("GET", "workspace_members/*", getMember, membersRead),

		on("GET", "notes", listNotes, notesRead, schemaRead, recordsRead),
		on("POST", "notes", createNote, notesWrite, schemaRead, recordsRead),
		on("GET", "notes/*", getNote, notesRead, schemaRead, recordsRead),
		on("PATCH", "notes/*", patchNote, notesWrite, schemaRead, recordsRead),
		on("DELETE", "notes/*", deleteNote, notesWrite),
	}
}

// on describes an endpoint; whether it writes and has a body follows from its method and name.
func on(method, pattern string, serve func(*store, *call) error, scopes ...string) *route {
	asks := strings.HasSuffix(pattern, "/query") || strings.HasSuffix(pattern, "/search")
	return &route{
		method: method, parts: strings.Split("v2/"+pattern, "/"), serve: serve, scopes: scopes,
		write: method != "GET" && !asks, body: method != "GET" && method != "DELETE",
	}
}

// match fills in the arguments if the route serves the request.
func (r *route) match(c *call, segments []string) bool {
	if r.method != c.method || len(r.parts) != len(segments) {
		return false
	}
	n := 0
	for i, part := range r.parts {
		if part == "*" {
			arg, err := url.PathUnescape(segments[i]) // an option's title may hold anything
			if err != nil {
				return false
			}
			c.args[n] = arg
			n++
		} else if part != segments[i] {
			return false
		}
	}
	return n < 2 || r.parts[1] != "*" || segments[1] == "objects" || segments[1] == "lists"
}

// neededScopes are the route's, those of objects or lists for the endpoints that serve both.
func (r *route) neededScopes(c *call) []string {
	if r.parts[1] != "*" {
		return r.scopes
	}
	switch {
	case c.args[0] == "lists" && r.write:
		return []string{listsWrite}
	case c.args[0] == "lists":
		return []string{listsRead}
	case r.write:
		return []string{schemaWrite}
	}
	return []string{schemaRead}
}

// allows tells whether the token has a scope; read-write includes read.
func (k *token) allows(scope string) bool {
	if k.Scopes == nil {
		return true
	}
	for _, have := range k.Scopes {
		if have == scope || strings.TrimSuffix(have, "-write") == scope {
			return true
		}
	}
	return false
}
