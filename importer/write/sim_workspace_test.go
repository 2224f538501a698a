package write_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/tidwall/gjson"

	"attio-import/importer/attio"
	"attio-import/mapping/schema"
)

// actor is who did something in the workspace.
type actor struct{ kind, id string }

var (
	ourToken = actor{"api-token", "00000000-0000-4000-8000-000000000001"}
	somebody = actor{"workspace-member", "00000000-0000-4000-8000-000000000002"}
)

// workspace is a workspace of Attio in memory. It is written from the API's
// documents and not from the client: what a POST, a PATCH and a PUT do to
// values, what a filter finds, when a value is refused. What happens in it
// happens at one instant, whoever does it; the network is elsewhere.
type workspace struct {
	mu      sync.Mutex
	skew    time.Duration // its clock is this far ahead of the importer's
	exact   bool          // answers tell the time to the microsecond, else to the second
	lag     time.Duration // queries do not find what is younger
	records []*held       // in the order of their creation, deleted ones too
	refuse  func(values map[string][]string) *attio.Error
}

// held is a record.
type held struct {
	id, object string
	created    time.Time // by the workspace's clock
	by         actor
	values     map[string][]string // texts by slug
	at         time.Time           // of its creation, by the importer's clock, as all that follows
	made       *request            // the import's request that made it; nil: somebody else did
	gone       time.Time           // zero: it lives
	merged     string              // the record that it was merged into
	changes    []change
	shownTo    []look // when which process was shown it
	json       []byte // of values; nil: to be made
}

// change is what happened to one attribute of a record.
type change struct {
	at            time.Time
	slug          string
	before, after []string
	by            *request // nil: somebody else
}

// look is a moment at which a process was shown a record.
type look struct {
	at      time.Time
	process int
}

func (ws *workspace) now() time.Time { return time.Now().Add(ws.skew) }

// told is how an answer tells the time: x-accurate-at, or the header Date.
func (ws *workspace) told() string {
	if ws.exact {
		return ws.now().UTC().Format("2006-01-02T15:04:05.000000Z")
	}
	return ws.now().UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT")
}

func (ws *workspace) find(object, id string) *held {
	for _, h := range ws.records {
		if h.id == id && h.object == object && h.gone.IsZero() {
			return h
		}
	}
	return nil
}

// holder is the living record that has a value; nil, if none has.
func (ws *workspace) holder(object, slug, text string) *held {
	for _, h := range ws.records {
		if h.object == object && h.gone.IsZero() && slices.Contains(h.values[slug], text) {
			return h
		}
	}
	return nil
}

// add makes a record. by is the request that does; nil: somebody else does.
func (ws *workspace) add(object string, who actor, values map[string][]string, by *request) (*held, *attio.Error) {
	if refused := ws.check(object, "", values); refused != nil {
		return nil, refused
	}
	h := &held{
		id: fmt.Sprintf("%s-%d", object, len(ws.records)+1), object: object,
		created: ws.now().Truncate(time.Millisecond), by: who, at: time.Now(), values: maps.Clone(values), made: by,
	}
	ws.records = append(ws.records, h)
	for slug, texts := range values {
		h.changes = append(h.changes, change{time.Now(), slug, nil, texts, by})
	}
	return h, nil
}

// check says why values are not taken: they are no good, or belong to another
// record than the one of the given id.
func (ws *workspace) check(object, id string, values map[string][]string) *attio.Error {
	if ws.refuse != nil {
		if refused := ws.refuse(values); refused != nil {
			return refused
		}
	}
	for _, a := range simObject(object).Attributes {
		for _, text := range values[a.Slug] {
			if !a.Unique {
				break
			}
			if h := ws.holder(object, a.Slug, text); h != nil && h.id != id {
				return &attio.Error{Status: 400, Type: "invalid_request_error", Code: "uniqueness_conflict", Attribute: a.Slug,
					Message: fmt.Sprintf("A value provided for attribute with slug %q conflicts with one already in the system.", a.Slug)}
			}
		}
	}
	return nil
}

// patch changes a record. Of single values the new ones stand; those of lists go in front,
// or, if the request overwrites, are all that stands.
func (ws *workspace) patch(object, id string, values map[string][]string, overwrite bool, by *request) (*held, *attio.Error) {
	h := ws.find(object, id)
	if h == nil {
		return nil, &attio.Error{Status: 404, Type: "invalid_request_error", Code: "not_found",
			Message: fmt.Sprintf("Record with ID %q not found.", id)}
	}
	if refused := ws.check(object, id, values); refused != nil {
		return nil, refused
	}
	for slug, texts := range values {
		if simObject(object).Attribute(slug).Multi && !overwrite {
			texts = prepended(texts, h.values[slug])
		}
		h.set(slug, texts, by)
	}
	return h, nil
}

func prepended(texts, old []string) []string {
	all := slices.Clone(texts)
	for _, o := range old {
		if !slices.Contains(texts, o) {
			all = append(all, o)
		}
	}
	return all
}

// set changes one attribute and takes note of it.
func (h *held) set(slug string, texts []string, by *request) {
	h.changes = append(h.changes, change{time.Now(), slug, h.values[slug], texts, by})
	h.values[slug] = texts
	h.json = nil
}

// query finds living records, oldest first.
func (ws *workspace) query(process int, object string, q attio.Query) (attio.Page, *attio.Error) {
	filter := gjson.ParseBytes(q.Filter)
	page := attio.Page{At: ws.told()}
	skip := q.Offset
	for _, h := range ws.records {
		if h.object != object || !h.gone.IsZero() || time.Since(h.at) < ws.lag || len(page.Records) == q.Limit {
			continue
		}
		fits, refused := h.fits(filter)
		switch {
		case refused != nil:
			return attio.Page{}, refused
		case !fits:
		case skip > 0:
			skip--
		default:
			h.shownTo = append(h.shownTo, look{time.Now(), process})
			page.Records = append(page.Records, h.record())
		}
	}
	return page, nil
}

// fits reports whether a filter finds the record (filtering-and-sorting guide).
func (h *held) fits(filter gjson.Result) (fits bool, refused *attio.Error) {
	fits = true
	filter.ForEach(func(k, v gjson.Result) bool {
		switch k.Str {
		case "$or":
			any := false
			for _, part := range v.Array() {
				f, r := h.fits(part)
				any = any || f
				if r != nil {
					refused = r
				}
			}
			fits = fits && any
		case "$and":
			for _, part := range v.Array() {
				f, r := h.fits(part)
				fits = fits && f
				if r != nil {
					refused = r
				}
			}
		default:
			f, r := h.has(k.Str, v)
			fits = fits && f
			if r != nil {
				refused = r
			}
		}
		return refused == nil
	})
	return fits, refused
}

// has reports whether one of an attribute's values meets a condition.
func (h *held) has(slug string, condition gjson.Result) (bool, *attio.Error) {
	a := simObject(h.object).Attribute(slug)
	if a == nil {
		return false, badFilter("unknown_filter_attribute_slug", "Unknown attribute slug: "+slug+".")
	}
	if property := propertyOf(a.Type); property != "value" {
		if condition = condition.Get(property); !condition.Exists() {
			return false, badFilter("invalid_filter_field", "Invalid field for "+slug+".")
		}
	}
	wanted := condition.Get("$eq")
	if in := condition.Get("$in"); in.Exists() {
		if a.Type != schema.Text && a.Type != schema.RecordReference {
			return false, badFilter("invalid_filter_operator", "$in is not for "+slug+".")
		}
		wanted = in
	}
	if !wanted.Exists() {
		return false, badFilter("filter_error", "Error in filter.")
	}
	found := false
	each := func(_, w gjson.Result) bool {
		found = found || slices.Contains(h.values[slug], w.Str)
		return !found
	}
	if wanted.IsArray() {
		wanted.ForEach(each)
	} else {
		each(gjson.Result{}, wanted)
	}
	return found, nil
}

func badFilter(code, message string) *attio.Error {
	return &attio.Error{Status: 400, Type: "invalid_request_error", Code: code, Message: message}
}

// propertyOf is the property of a value that says what it is.
func propertyOf(t schema.Type) string {
	switch t {
	case schema.Domain:
		return "domain"
	case schema.EmailAddress:
		return "email_address"
	case schema.RecordReference:
		return "target_record_id"
	}
	return "value"
}

func (h *held) record() attio.Record {
	return attio.Record{
		ID: h.id, WebURL: "https://app.attio.test/" + h.id, Values: h.shown(),
		CreatedAt: h.created.UTC().Format("2006-01-02T15:04:05.000000000Z"),
	}
}

// shown is the record's values as the API tells them: under every slug a list.
func (h *held) shown() json.RawMessage {
	if h.json != nil {
		return h.json
	}
	var b strings.Builder
	b.WriteByte('{')
	for _, a := range simObject(h.object).Attributes {
		fmt.Fprintf(&b, "%q:[", a.Slug)
		for i, text := range h.values[a.Slug] {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(`{"` + propertyOf(a.Type) + `":` + strconv.Quote(text))
			if a.Type == schema.RecordReference {
				b.WriteString(`,"target_object":` + strconv.Quote(a.Targets[0]))
			}
			b.WriteByte('}')
		}
		b.WriteString("],")
	}
	fmt.Fprintf(&b, `"created_by":[{"referenced_actor_type":%q,"referenced_actor_id":%q}]}`, h.by.kind, h.by.id)
	h.json = []byte(b.String())
	return h.json
}

// parseValues reads the values of a request: under each slug a list of texts,
// or of objects with the property that the attribute's type has.
func parseValues(object string, body []byte) map[string][]string {
	values := map[string][]string{}
	gjson.ParseBytes(body).ForEach(func(slug, list gjson.Result) bool {
		a := simObject(object).Attribute(slug.Str)
		if a == nil || !list.IsArray() {
			panic(fmt.Sprintf("simulation: the import sent %s: %s", slug.Str, list.Raw))
		}
		texts := []string{}
		for _, v := range list.Array() {
			text := v.String()
			if v.IsObject() {
				text = v.Get(propertyOf(a.Type)).String()
			}
			texts = append(texts, text)
		}
		values[slug.Str] = texts
		return true
	})
	return values
}

// assert makes a record, or changes the one that has the same unique value:
// lists of that attribute are added to, all else is replaced.
func (ws *workspace) assert(q *request) (*held, *attio.Error) {
	for _, slug := range []string{"code", "domains"} {
		for _, text := range q.values[slug] {
			if h := ws.holder(q.object, slug, text); h != nil {
				return ws.patch(q.object, h.id, q.values, slug == "code", q)
			}
		}
	}
	return ws.add(q.object, ourToken, q.values, q)
}
