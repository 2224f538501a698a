package sandbox

import (
	"net/url"
	"strings"
	"time"

	"github.com/tidwall/gjson"
)

// route is one endpoint. Which requests count as reads is inferred: GET, and POST to query and search.
type route struct {
	method  string
	pattern string // segments; * matches any
	parts   []string
	write   bool
	scopes  []string // each must be granted; OpenAPI, per operation
	body    bool     // a JSON object is required
	serve   func(*store, *call) error
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
	recordsRead   = "record_permission:read"
	recordsWrite  = "record_permission:read-write"
	schemaRead    = "object_configuration:read"
	schemaWrite   = "object_configuration:read-write"
	entriesRead   = "list_entry:read"
	entriesWrite  = "list_entry:read-write"
	listsRead     = "list_configuration:read"
	listsWrite    = "list_configuration:read-write"
	membersRead   = "user_management:read"
	notesRead     = "note:read"
	notesWrite    = "note:read-write"
	patternPrefix = "/v2/"
)

func routes() []*route {
	list := []*route{
		get("self", nil),
		get("objects", listObjects, schemaRead),
		post("objects", createObject, schemaWrite),
		get("objects/*", getObject, schemaRead),
		patch("objects/*", patchObject, schemaWrite),

		ask("objects/*/records/query", queryRecords, recordsRead, schemaRead),
		ask("objects/records/search", searchRecords, recordsRead, schemaRead),
		post("objects/*/records", createRecord, recordsWrite, schemaRead),
		put("objects/*/records", assertRecord, recordsWrite, schemaRead),
		post("objects/*/records/merge", mergeRecords, recordsWrite, schemaRead),
		get("objects/*/records/*", getAt, recordsRead, schemaRead),
		patch("objects/*/records/*", appendAt, recordsWrite, schemaRead),
		put("objects/*/records/*", overwriteAt, recordsWrite, schemaRead),
		remove("objects/*/records/*", deleteAt, recordsWrite, schemaRead),
		get("objects/*/records/*/attributes/*/values", valuesAt, recordsRead, schemaRead),
		get("objects/*/records/*/entries", recordEntries, recordsRead, schemaRead, entriesRead),

		get("lists", listLists, listsRead),
		post("lists", createList, listsWrite),
		get("lists/*", getList, listsRead),
		patch("lists/*", patchList, listsWrite),
		ask("lists/*/entries/query", queryEntries, entriesRead, listsRead),
		post("lists/*/entries", createEntry, entriesWrite, listsRead),
		put("lists/*/entries", assertEntry, entriesWrite, listsRead),
		get("lists/*/entries/*", getAt, entriesRead, listsRead),
		patch("lists/*/entries/*", appendAt, entriesWrite, listsRead),
		put("lists/*/entries/*", overwriteAt, entriesWrite, listsRead),
		remove("lists/*/entries/*", deleteAt, entriesWrite, listsRead),
		get("lists/*/entries/*/attributes/*/values", valuesAt, entriesRead, listsRead),

		get("*/*/attributes", listAttributes),
		post("*/*/attributes", createAttribute),
		get("*/*/attributes/*", getAttribute),
		patch("*/*/attributes/*", patchAttribute),
		get("*/*/attributes/*/options", listOptions),
		post("*/*/attributes/*/options", createOption),
		patch("*/*/attributes/*/options/*", patchOption),
		get("*/*/attributes/*/statuses", listStatuses),
		post("*/*/attributes/*/statuses", createStatus),
		patch("*/*/attributes/*/statuses/*", patchStatus),

		get("workspace_members", listMembers, membersRead),
		get("workspace_members/*", getMember, membersRead),

		get("notes", listNotes, notesRead, schemaRead, recordsRead),
		post("notes", createNote, notesWrite, schemaRead, recordsRead),
		get("notes/*", getNote, notesRead, schemaRead, recordsRead),
		patch("notes/*", patchNote, notesWrite, schemaRead, recordsRead),
		remove("notes/*", deleteNote, notesWrite),
	}
	for _, r := range list {
		r.parts = strings.Split(patternPrefix[1:]+r.pattern, "/")
	}
	return list
}

func get(pattern string, serve func(*store, *call) error, scopes ...string) *route {
	return &route{method: "GET", pattern: pattern, serve: serve, scopes: scopes}
}

// ask is a read by POST.
func ask(pattern string, serve func(*store, *call) error, scopes ...string) *route {
	return &route{method: "POST", pattern: pattern, serve: serve, scopes: scopes, body: true}
}

func post(pattern string, serve func(*store, *call) error, scopes ...string) *route {
	return &route{method: "POST", pattern: pattern, serve: serve, scopes: scopes, write: true, body: true}
}

func put(pattern string, serve func(*store, *call) error, scopes ...string) *route {
	return &route{method: "PUT", pattern: pattern, serve: serve, scopes: scopes, write: true, body: true}
}

func patch(pattern string, serve func(*store, *call) error, scopes ...string) *route {
	return &route{method: "PATCH", pattern: pattern, serve: serve, scopes: scopes, write: true, body: true}
}

func remove(pattern string, serve func(*store, *call) error, scopes ...string) *route {
	return &route{method: "DELETE", pattern: pattern, serve: serve, scopes: scopes, write: true}
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
