package sandbox

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/tidwall/gjson"
)

// note is a note on a record. Deleted ones stay in the data file, marked.
type note struct {
	ID      uuid   `json:"id"`
	Table   int    `json:"table"`
	Record  uuid   `json:"record"`
	Title   string `json:"title"`
	Plain   string `json:"plain"`
	Mark    string `json:"markdown"`
	Meeting *uuid  `json:"meeting,omitempty"`
	By      int    `json:"by"`
	Created int64  `json:"created"`
	Deleted bool   `json:"deleted,omitempty"`
}

func (s *store) putNote(n *note) {
	if s.noteByID == nil {
		s.noteByID = map[uuid]*note{}
	}
	old := s.noteByID[n.ID]
	switch {
	case n.Deleted:
		delete(s.noteByID, n.ID)
		s.notes = slices.DeleteFunc(s.notes, func(o *note) bool { return o == old })
	case old != nil:
		*old = *n
	default:
		s.noteByID[n.ID] = n
		s.notes = append(s.notes, n)
	}
}

// noteAt finds a note; those of records that were deleted are gone with them (inferred).
func (s *store) noteAt(name string) (*note, error) {
	id, _ := parseID(name)
	n := s.noteByID[id]
	if n == nil || s.tables[n.Table].byID[n.Record] == nil || s.tables[n.Table].disabled {
		return nil, notFound("Note with ID %q was not found.", name)
	}
	return n, nil
}

func listNotes(s *store, c *call) error {
	limit, offset, err := c.paging(10, 50)
	if err != nil {
		return err
	}
	var on *table
	if name := c.params.Get("parent_object"); name != "" {
		if on, err = s.objectOf(name); err != nil {
			return err
		}
	}
	wanted := c.params.Get("parent_record_id")
	var list []*note
	for _, n := range slices.Backward(s.notes) { // the latest first (inferred)
		if on != nil && s.tables[n.Table] != on || wanted != "" && n.Record.String() != strings.ToLower(wanted) {
			continue
		}
		if _, err := s.noteAt(n.ID.String()); err == nil {
			list = append(list, n)
		}
	}
	return replyMany(c, page(list, offset, limit), s.appendNote)
}

func getNote(s *store, c *call) error {
	n, err := s.noteAt(c.args[0])
	if err != nil {
		return err
	}
	return replyOne(c, n, s.appendNote)
}

func createNote(s *store, c *call) error {
	data, err := c.data()
	if err != nil {
		return err
	}
	for _, key := range []string{"parent_object", "parent_record_id", "title", "format", "content"} {
		if v := data.Get(key); v.Type != gjson.String {
			return badBody(wrongType("string", typeName(v), "data", key))
		}
	}
	t, err := s.objectOf(data.Get("parent_object").Str)
	if err != nil {
		return err
	}
	r, err := recordOf(t, data.Get("parent_record_id").Str)
	if err != nil {
		return err
	}
	n := &note{ID: newID(), Table: t.no, Record: r.id, By: c.token.actor, Created: s.now()}
	if err := n.read(data, s.now()); err != nil {
		return err
	}
	return s.saveNote(c, n)
}

// patchNote exists since 2026-08-25; that it takes title, format and content is inferred.
func patchNote(s *store, c *call) error {
	n, err := s.noteAt(c.args[0])
	if err != nil {
		return err
	}
	data, err := c.data()
	if err != nil {
		return err
	}
	next := *n
	if err := next.read(data, s.now()); err != nil {
		return err
	}
	return s.saveNote(c, &next)
}

func deleteNote(s *store, c *call) error {
	n, err := s.noteAt(c.args[0])
	if err != nil {
		return err
	}
	gone := *n
	gone.Deleted = true
	if err := s.saveLogged(c.logged(n.ID, ""), entity{Note: &gone}); err != nil {
		return err
	}
	return replyNothing(c)
}

func (s *store) saveNote(c *call, n *note) error {
	if err := s.saveLogged(c.logged(n.ID, ""), entity{Note: n}); err != nil {
		return err
	}
	return replyOne(c, n, s.appendNote)
}

// read takes over what the body gives.
func (n *note) read(data gjson.Result, now int64) error {
	if v := data.Get("title"); v.Exists() {
		n.Title = v.String()
	}
	if v := data.Get("content"); v.Exists() {
		switch data.Get("format").Str {
		case "plaintext":
			n.Plain, n.Mark = v.String(), v.String()
		case "markdown":
			n.Plain, n.Mark = plainText(v.String()), v.String()
		default:
			return badBody(issue{code: "invalid_enum_value", path: []string{"data", "format"},
				message: "Invalid enum value. Expected 'plaintext' | 'markdown'"})
		}
	}
	if v := data.Get("meeting_id"); v.Type == gjson.String {
		id, ok := parseID(v.Str)
		if !ok {
			return badBody(issue{code: "invalid_string", path: []string{"data", "meeting_id"}, message: "Invalid uuid"})
		}
		n.Meeting = &id
	}
	return n.readTime(data.Get("created_at"), now)
}

// readTime: a note may be dated back, not before 1970 and not into the future (OpenAPI).
func (n *note) readTime(v gjson.Result, now int64) error {
	if !v.Exists() {
		return nil
	}
	moment, ok := parseTimestamp(v.Str)
	if ok {
		t, err := time.Parse(timeLayout, moment)
		n.Created = t.UnixMilli()
		ok = err == nil && n.Created >= 0 && n.Created <= now
	}
	if !ok {
		return badBody(issue{code: "invalid_date", path: []string{"data", "created_at"}, message: "Invalid date"})
	}
	return nil
}

var (
	markStart = regexp.MustCompile(`(?m)^(#{1,3}|[-*+]|\d+\.) +`)
	markSpan  = regexp.MustCompile("\\*\\*|__|~~|==|[*_`]")
	markLink  = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
)

// plainText strips the subset of Markdown that notes know.
func plainText(mark string) string {
	mark = markStart.ReplaceAllString(mark, "")
	mark = markLink.ReplaceAllString(mark, "$1")
	return markSpan.ReplaceAllString(mark, "")
}

func (s *store) appendNote(b []byte, n *note) []byte {
	b = append(b, `{"id":{`...)
	b = appendID(b, "workspace_id", s.id)
	b = append(appendID(b, "note_id", n.ID), '}')
	b = appendStringField(b, "parent_object", s.tables[n.Table].slug)
	b = appendID(b, "parent_record_id", n.Record)
	b = appendStringField(b, "title", n.Title)
	if n.Meeting != nil {
		b = appendID(b, "meeting_id", *n.Meeting)
	} else {
		b = append(appendKey(b, "meeting_id"), "null"...)
	}
	b = appendStringField(b, "content_plaintext", n.Plain)
	b = appendStringField(b, "content_markdown", n.Mark)
	b = append(appendKey(b, "tags"), "[]"...)
	b = s.appendActor(appendKey(b, "created_by_actor"), n.By)
	return append(appendTimeField(b, "created_at", n.Created), '}')
}
