package resolve

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/tidwall/gjson"

	"attio-import/importer/attio"
	"attio-import/mapping"
	"attio-import/mapping/schema"
	"attio-import/mapping/value"
)

// The objects of the tests.
var (
	workspaceID = &schema.Attribute{Slug: "workspace_id", Title: "ID", Type: schema.Text, Unique: true, Writable: true}
	company     = &schema.Attribute{Slug: "company", Title: "Company", Type: schema.RecordReference, Targets: []string{"companies"}, Writable: true}
	users       = &schema.Attribute{Slug: "users", Title: "Users", Type: schema.RecordReference, Targets: []string{"companies", "users"}, Multi: true, Writable: true}
	owner       = &schema.Attribute{Slug: "owner", Title: "Owner", Type: schema.ActorReference, Writable: true}
	plan        = &schema.Attribute{Slug: "plan", Title: "Plan", Type: schema.Text, Writable: true}
	wsDomains   = &schema.Attribute{Slug: "domains", Title: "Domains", Type: schema.Domain, Unique: true, Multi: true, Writable: true}
	workspaces  = &schema.Object{Slug: "workspaces", Attributes: []*schema.Attribute{workspaceID, company, users, owner, plan, wsDomains}}

	domains   = &schema.Attribute{Slug: "domains", Title: "Domains", Type: schema.Domain, Unique: true, Multi: true, Writable: true}
	coName    = &schema.Attribute{Slug: "name", Title: "Name", Type: schema.Text, Writable: true}
	parent    = &schema.Attribute{Slug: "parent", Title: "Parent", Type: schema.RecordReference, Writable: true}
	companies = &schema.Object{Slug: "companies", Attributes: []*schema.Attribute{domains, coName, parent}}
)

func val(t testing.TB, attr *schema.Attribute, text string) value.Value {
	t.Helper()
	convert, err := value.NewConverter(attr, value.Options{})
	if err != nil {
		t.Fatal(err)
	}
	v, err := convert(value.Text{Text: text})
	if err != nil {
		t.Fatalf("%s %q: %v", attr.Slug, text, err)
	}
	return v
}

// asked is one query that the fake workspace got.
type asked struct {
	object, attribute string
	list              bool
	keys              []string
	offset            int
	limited           int
	sorted            bool
}

func (a asked) place() string { return a.object + "." + a.attribute }

// fake is a workspace in memory. It knows records by the texts of their values.
type fake struct {
	mu       sync.Mutex
	records  map[string][]attio.Record
	texts    map[string]map[string][]string // record id -> slug -> texts
	members  []attio.Member
	listed   int // calls of Members
	queries  []asked
	foldCase bool // equality ignores case
	noOffset bool // every page is the first
	mixedUp  int  // so many queries of companies are answered with the object's latest record
	refuse   func(asked) error
	before   func(context.Context, asked) error
	at       string
	gets     int // calls of Get
	getErr   error
}

func newFake() *fake {
	return &fake{records: map[string][]attio.Record{}, texts: map[string]map[string][]string{}}
}

// add puts a record into the workspace; kv are slugs and values.
func (f *fake) add(object *schema.Object, id string, kv ...string) {
	texts := map[string][]string{}
	wire := map[string][]map[string]string{}
	for i := 0; i < len(kv); i += 2 {
		slug, text := kv[i], kv[i+1]
		key := "value"
		switch attr := object.Attribute(slug); attr.Type {
		case schema.Domain:
			key = "domain"
		case schema.RecordReference:
			key = "target_record_id"
		}
		texts[slug] = append(texts[slug], text)
		wire[slug] = append(wire[slug], map[string]string{key: text})
	}
	wire["created_by"] = []map[string]string{{"referenced_actor_type": "api-token", "referenced_actor_id": "token-of-" + id}}
	raw, err := json.Marshal(wire)
	if err != nil {
		panic(err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	n := len(f.texts)
	f.texts[id] = texts
	f.records[object.Slug] = append(f.records[object.Slug], attio.Record{
		ID: id, WebURL: "https://app.attio.test/" + id,
		CreatedAt: fmt.Sprintf("2026-01-01T%02d:%02d:%02d.000000000Z", n/3600%24, n/60%60, n%60), Values: raw,
	})
}

// garble makes a record's values unreadable, though it is still found by them.
func (f *fake) garble(object *schema.Object, id string) {
	for i := range f.records[object.Slug] {
		if rec := &f.records[object.Slug][i]; rec.ID == id {
			rec.Values = []byte(`{"domains":[{"what":1}],"workspace_id":[{"what":1}]}`)
		}
	}
}

func (f *fake) Get(_ context.Context, object, id string) (attio.Record, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.gets++
	if f.getErr != nil {
		return attio.Record{}, f.getErr
	}
	for _, rec := range f.records[object] {
		if rec.ID == id {
			return rec, nil
		}
	}
	return attio.Record{}, &attio.Error{Status: 404, Code: attio.CodeNotFound}
}

func (f *fake) Members(context.Context) ([]attio.Member, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.listed++
	return f.members, nil
}

func (f *fake) Query(ctx context.Context, object string, q attio.Query) (attio.Page, error) {
	a := parseQuery(object, q)
	if f.before != nil {
		if err := f.before(ctx, a); err != nil {
			return attio.Page{}, err
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.queries = append(f.queries, a)
	if f.refuse != nil {
		if err := f.refuse(a); err != nil {
			return attio.Page{}, err
		}
	}
	if all := f.records[object]; f.mixedUp > 0 && object == "companies" {
		f.mixedUp--
		return attio.Page{Records: all[len(all)-1:], At: f.at}, nil
	}
	var hits []attio.Record
	for _, rec := range f.records[object] {
		if f.matches(rec.ID, a, q.Filter) {
			hits = append(hits, rec)
		}
	}
	if !f.noOffset {
		hits = hits[min(q.Offset, len(hits)):]
	}
	return attio.Page{Records: hits[:min(q.Limit, len(hits))], At: f.at}, nil
}

func (f *fake) matches(id string, a asked, filter json.RawMessage) bool {
	conditions := []asked{a}
	if a.attribute == "" { // several attributes
		conditions = nil
		for _, part := range gjson.GetBytes(filter, "$or").Array() {
			conditions = append(conditions, parseCondition(part))
		}
	}
	for _, c := range conditions {
		for _, text := range f.texts[id][c.attribute] {
			for _, k := range c.keys {
				if text == k || f.foldCase && strings.EqualFold(text, k) {
					return true
				}
			}
		}
	}
	return false
}

// parseQuery reads a filter. It understands the forms that the API documents
// and nothing else, so a wrong one finds nothing and fails a test.
func parseQuery(object string, q attio.Query) asked {
	filter := gjson.ParseBytes(q.Filter)
	a := asked{object: object, offset: q.Offset, limited: q.MaxLimited, sorted: len(q.Sorts) > 0}
	parts := []gjson.Result{filter}
	if or := filter.Get("$or"); or.Exists() {
		parts = or.Array()
	}
	for i, p := range parts {
		c := parseCondition(p)
		if i > 0 && c.attribute != a.attribute {
			a.attribute, a.keys = "", nil
			return a
		}
		a.attribute, a.list = c.attribute, c.list
		a.keys = append(a.keys, c.keys...)
	}
	return a
}

func parseCondition(p gjson.Result) asked {
	var a asked
	p.ForEach(func(slug, c gjson.Result) bool {
		a.attribute = slug.Str
		if d := c.Get("domain"); d.Exists() {
			c = d
		}
		if in := c.Get("$in"); in.Exists() {
			a.list = true
			for _, k := range in.Array() {
				a.keys = append(a.keys, k.Str)
			}
		} else if eq := c.Get("$eq"); eq.Exists() {
			a.keys = append(a.keys, eq.Str)
		}
		return false
	})
	return a
}

// perPlace counts the queries for each attribute.
func (f *fake) perPlace() map[string]int {
	n := map[string]int{}
	for _, q := range f.queries {
		n[q.place()]++
	}
	return n
}

// checkOnce fails where a key was asked for in two queries.
func (f *fake) checkOnce(t *testing.T) {
	t.Helper()
	seen := map[string]bool{}
	for _, q := range f.queries {
		for _, k := range q.keys {
			id := q.place() + " " + k
			if seen[id] {
				t.Errorf("%s was asked for twice", id)
			}
			seen[id] = true
		}
	}
}

// bound stands in for a bound mapping.
type bound struct {
	object *schema.Object
	mode   mapping.Mode
	match  []*schema.Attribute
}

func (b bound) Object() *schema.Object { return b.object }
func (b bound) Mode() mapping.Mode     { return b.mode }

func (b bound) Match() []*schema.Attribute { return b.match }

var upsert = bound{workspaces, mapping.Upsert, []*schema.Attribute{workspaceID}}

// row makes a record with a key; ref and many add references to it.
func row(t testing.TB, n int, key string) *mapping.Record {
	r := &mapping.Record{Row: n, Line: n + 1}
	if key != "" {
		v := val(t, workspaceID, key)
		r.Fields = append(r.Fields, mapping.Field{Attribute: workspaceID, Values: []value.Value{v}, Column: "ID"})
		r.Keys = append(r.Keys, mapping.Key{Attribute: workspaceID, Value: v, Column: "ID"})
	}
	return r
}

func refer(r *mapping.Record, attr *schema.Attribute, refs ...mapping.Reference) *mapping.Record {
	r.Fields = append(r.Fields, mapping.Field{Attribute: attr, References: refs, Column: refs[0].Column})
	return r
}

// byDomain and byName make rules; the rule's pointer is its identity, so tests keep it.
func byDomain(m mapping.Missing) *mapping.ReferenceRule {
	return &mapping.ReferenceRule{Object: companies, By: domains, Missing: m, Multiple: mapping.MultipleReject}
}

func byName(m mapping.Multiple) *mapping.ReferenceRule {
	return &mapping.ReferenceRule{Object: companies, By: coName, Missing: mapping.MissingReject, Multiple: m}
}

func ref(t testing.TB, rule *mapping.ReferenceRule, text string) mapping.Reference {
	by := rule.By
	if by == nil {
		by = &schema.Attribute{Slug: rule.MemberBy, Type: schema.Text}
	}
	r := mapping.Reference{Rule: rule, Key: val(t, by, text), Column: "Cell", Text: text}
	if rule.Missing == mapping.MissingCreate {
		r.New = []mapping.Field{{Attribute: by, Values: []value.Value{r.Key}}}
	}
	return r
}

func canonicals(vs []value.Value) string {
	texts := make([]string, len(vs))
	for i, v := range vs {
		texts[i] = v.Canonical()
		if v.IsZero() {
			texts[i] = "?"
		}
	}
	return strings.Join(texts, " ")
}

// field finds what a record says about an attribute.
func field(r *mapping.Record, attr *schema.Attribute) *mapping.Field {
	for i := range r.Fields {
		if r.Fields[i].Attribute == attr {
			return &r.Fields[i]
		}
	}
	return nil
}

func codes(r *mapping.Record) string {
	texts := make([]string, len(r.Problems))
	for i, p := range r.Problems {
		texts[i] = string(p.Severity) + " " + string(p.Code)
	}
	return strings.Join(texts, ", ")
}
