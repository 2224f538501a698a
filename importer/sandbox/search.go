package sandbox

import (
	"strings"

	"github.com/tidwall/gjson"
)

// searchLag is how long a new record cannot be found by search, which is eventually consistent; the real delay is not
// known.
const searchLag = 1000 // milliseconds

// searchRecords matches names, domains, emails, phones and handles of people and companies, and the labels of others
// (OpenAPI). The real matching is fuzzy; here every word must occur, whatever its case (inferred).
func searchRecords(s *store, c *call) error {
	tables, limit, err := s.readSearch(c.body)
	if err != nil {
		return err
	}
	words := strings.Fields(strings.ToLower(c.body.Get("query").Str))
	return replyMany(c, s.search(tables, words, limit), s.appendFound)
}

// found is a result of a search.
type found struct {
	t *table
	r *record
}

func (s *store) search(tables []*table, words []string, limit int) (list []found) {
	now := s.now()
	for _, t := range tables {
		texts := t.searched()
		for _, r := range t.rows {
			if len(list) == limit {
				return list
			}
			if r != nil && now-r.created >= searchLag && r.contains(texts, words) {
				list = append(list, found{t, r})
			}
		}
	}
	return list
}

func (s *store) readSearch(body gjson.Result) (tables []*table, limit int, err error) {
	if v := body.Get("query"); v.Type != gjson.String {
		return nil, 0, badBody(wrongType("string", typeName(v), "query"))
	} else if len([]rune(v.Str)) > 256 {
		return nil, 0, badBody(issue{code: "too_big", path: []string{"query"}, message: "String must contain at most 256 character(s)"})
	}
	if err := s.checkRequester(body.Get("request_as")); err != nil {
		return nil, 0, err
	}
	if limit, err = bodyInt(body, "limit", 25); err != nil {
		return nil, 0, err
	}
	if limit < 1 || limit > 25 {
		return nil, 0, badBody(issue{code: "too_big", path: []string{"limit"}, message: "Number must be between 1 and 25"})
	}
	objects := body.Get("objects")
	if !objects.IsArray() || len(objects.Array()) == 0 {
		return nil, 0, badBody(wrongType("array", typeName(objects), "objects"))
	}
	for _, name := range objects.Array() {
		t := s.object(name.String())
		if t == nil {
			return nil, 0, invalid("value_not_found", "Object with slug/ID %q not found.", name.String())
		}
		tables = append(tables, t)
	}
	return tables, limit, nil
}

// checkRequester: request_as is required (live: "Invalid input" at its path).
func (s *store) checkRequester(v gjson.Result) error {
	switch v.Get("type").Str {
	case "workspace":
		return nil
	case "workspace-member":
		id, ok := parseID(v.Get("workspace_member_id").Str)
		if ok && s.memberByID(id) != nil {
			return nil
		}
		for _, m := range s.members {
			if strings.EqualFold(m.Email, v.Get("email_address").Str) {
				return nil
			}
		}
	}
	return badBody(invalidInput("Invalid input", "request_as"))
}

// searched are the attributes that search looks into.
func (t *table) searched() []*attribute {
	slugs := "name domains email_addresses phone_numbers angellist facebook instagram linkedin twitter"
	if !t.isObject("people") && !t.isObject("companies") {
		slugs = "name primary_email_address user_id workspace_id"
	}
	var list []*attribute
	for slug := range strings.FieldsSeq(slugs) {
		if a := t.attribute(slug); a != nil {
			list = append(list, a)
		}
	}
	return list
}

func (r *record) contains(texts []*attribute, words []string) bool {
	var all strings.Builder
	for _, a := range texts {
		for _, v := range unpack(nil, a.kind, section(r.row, a.no)) {
			all.WriteString(strings.ToLower(v.s[0]))
			all.WriteByte('\n')
		}
	}
	for _, word := range words {
		if !strings.Contains(all.String(), word) {
			return false
		}
	}
	return true
}

// appendFound appends a result; people and companies have their keys with it.
func (s *store) appendFound(b []byte, f found) []byte {
	t, r := f.t, f.r
	b = append(b, `{"id":{`...)
	b = appendID(b, "workspace_id", s.id)
	b = appendID(b, "object_id", t.id)
	b = append(appendID(b, "record_id", r.id), '}')
	b = appendStringField(b, "record_text", t.label(r))
	b = append(appendKey(b, "record_image"), "null"...)
	b = appendStringField(b, "object_slug", t.slug)
	keys := map[string]string{"people": "email_addresses phone_numbers", "companies": "domains"}[t.slug]
	for slug := range strings.FieldsSeq(keys) {
		b = appendStrings(appendKey(b, slug), t.texts(r, slug))
	}
	return append(b, '}')
}

func (t *table) texts(r *record, slug string) []string {
	a := t.attribute(slug)
	if a == nil {
		return nil
	}
	var list []string
	for _, v := range unpack(nil, a.kind, section(r.row, a.no)) {
		list = append(list, v.s[0])
	}
	return list
}

// label is how a record is called: its name, else its first key.
func (t *table) label(r *record) string {
	for _, a := range t.searched() {
		if list := t.texts(r, a.slug); len(list) > 0 && list[0] != "" {
			return list[0]
		}
	}
	return ""
}
