package write

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"

	"attio-import/importer/attio"
	"attio-import/mapping"
	"attio-import/mapping/schema"
	"attio-import/mapping/value"
)

// The objects of the tests.
var (
	key     = &schema.Attribute{ID: "11111111-aaaa-4aaa-8aaa-000000000001", Slug: "workspace_id", Title: "Workspace ID", Type: schema.Text, Required: true, Unique: true, Writable: true}
	name    = &schema.Attribute{ID: "11111111-aaaa-4aaa-8aaa-000000000002", Slug: "name", Title: "Name", Type: schema.Text, Writable: true}
	email   = &schema.Attribute{Slug: "contact", Title: "Contact", Type: schema.EmailAddress, Unique: true, Writable: true}
	stage   = &schema.Attribute{Slug: "stage", Title: "Stage", Type: schema.Select, Writable: true, OptionsKnown: true, Options: []schema.Option{{Title: "Lead"}, {Title: "Won"}}}
	company = &schema.Attribute{Slug: "company", Title: "Company", Type: schema.RecordReference, Writable: true}
	tags    = &schema.Attribute{Slug: "tags", Title: "Tags", Type: schema.RecordReference, Multi: true, Writable: true}
	object  = &schema.Object{Slug: "workspaces", Attributes: []*schema.Attribute{key, name, email, stage, company, tags}}

	domains   = &schema.Attribute{Slug: "domains", Title: "Domains", Type: schema.Domain, Unique: true, Multi: true, Writable: true}
	coName    = &schema.Attribute{ID: "22222222-aaaa-4aaa-8aaa-000000000001", Slug: "name", Title: "Company name", Type: schema.Text, Writable: true}
	companies = &schema.Object{Slug: "companies", Attributes: []*schema.Attribute{domains, coName}}
	byDomain  = &mapping.ReferenceRule{Object: companies, By: domains, Missing: mapping.MissingCreate}
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

func fld(t testing.TB, attr *schema.Attribute, texts ...string) mapping.Field {
	f := mapping.Field{Attribute: attr, Column: strings.ToUpper(attr.Slug)}
	for _, text := range texts {
		f.Values = append(f.Values, val(t, attr, text))
	}
	return f
}

// row makes a record with a key, if it is given one.
func row(t testing.TB, k string, fields ...mapping.Field) *mapping.Record {
	r := &mapping.Record{Row: 7, Line: 8, Fields: fields}
	if k != "" {
		f := fld(t, key, k)
		r.Fields = append([]mapping.Field{f}, fields...)
		r.Keys = []mapping.Key{{Attribute: key, Value: f.Values[0], Column: f.Column}}
	}
	return r
}

// wants makes a field whose records are all to be created.
func wants(t testing.TB, attr *schema.Attribute, texts ...string) mapping.Field {
	f := mapping.Field{Attribute: attr, Column: "Company"}
	for _, text := range texts {
		k := val(t, domains, text)
		f.Values = append(f.Values, value.Value{})
		f.References = append(f.References, mapping.Reference{
			Rule: byDomain, Key: k, Column: "Company", Text: text,
			New: []mapping.Field{{Attribute: domains, Values: []value.Value{k}, Column: "Company"}},
		})
	}
	return f
}

// call is one write that the fake API got.
type call struct{ method, object, id, values string }

func (c call) String() string {
	return strings.TrimSpace(strings.Join([]string{c.method, c.object, c.id, textValue.ReplaceAllString(c.values, "$1")}, " "))
}

// textValue shortens texts in what a test compares.
var textValue = regexp.MustCompile(`\{"value":("[^"]*")\}`)

// fakeAPI answers writes. Its answer function is asked first.
type fakeAPI struct {
	mu     sync.Mutex
	calls  []call
	answer func(call) error
	before func()
	sent   func() // a call left
}

func (f *fakeAPI) do(ctx context.Context, c call) (attio.Written, error) {
	if f.before != nil {
		f.before()
	}
	if err := ctx.Err(); err != nil {
		return attio.Written{}, &attio.NotSentError{Err: err}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, c)
	if f.sent != nil {
		f.sent()
	}
	if f.answer != nil {
		if err := f.answer(c); err != nil {
			return attio.Written{}, err
		}
	}
	id := c.id
	if id == "" {
		id = fmt.Sprintf("new%d", len(f.calls))
	}
	return attio.Written{RecordID: id, WebURL: "https://app.attio.test/" + id, Status: 200, Attempts: 1}, nil
}

func (f *fakeAPI) Create(ctx context.Context, object string, values []byte, how attio.Creating) (attio.Written, error) {
	if how.Leaving != nil && ctx.Err() == nil {
		if err := how.Leaving(ctx); err != nil {
			return attio.Written{}, &attio.NotSentError{Err: err}
		}
	}
	return f.do(ctx, call{"POST", object, "", string(values)})
}

func (f *fakeAPI) Update(ctx context.Context, object, id string, values []byte) (attio.Written, error) {
	return f.do(ctx, call{"PATCH", object, id, string(values)})
}

func (f *fakeAPI) Overwrite(ctx context.Context, object, id string, values []byte) (attio.Written, error) {
	return f.do(ctx, call{"PUT", object, id, string(values)})
}

func (f *fakeAPI) said() string {
	texts := make([]string, len(f.calls))
	for i, c := range f.calls {
		texts[i] = c.String()
	}
	return strings.Join(texts, "\n")
}

var errLost = &attio.LostError{Op: "POST", Attempts: 1, Err: errors.New("connection reset")}
