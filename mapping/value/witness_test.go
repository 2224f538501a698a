package value_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"attio-import/importer/sandbox"
	"attio-import/mapping/schema"
	"attio-import/mapping/value"
)

// workspace is a sandbox with an object that has an attribute of every type.
// It shares no code with this package, and so witnesses the wire format.
const workspace = `{"objects": [{"api_slug": "things", "singular_noun": "Thing", "plural_noun": "Things", "attributes": [
	{"api_slug": "text", "title": "Text", "type": "text"},
	{"api_slug": "number", "title": "Number", "type": "number"},
	{"api_slug": "checkbox", "title": "Checkbox", "type": "checkbox"},
	{"api_slug": "currency", "title": "Currency", "type": "currency", "config": {"currency": {"default_currency_code": "USD", "display_type": "symbol"}}},
	{"api_slug": "date", "title": "Date", "type": "date"},
	{"api_slug": "timestamp", "title": "Timestamp", "type": "timestamp"},
	{"api_slug": "rating", "title": "Rating", "type": "rating"},
	{"api_slug": "status", "title": "Status", "type": "status", "statuses": ["Lead", "Won 🎉"]},
	{"api_slug": "select", "title": "Select", "type": "select", "options": ["Small", "2\" tube"]},
	{"api_slug": "email-address", "title": "Email", "type": "email-address"},
	{"api_slug": "domain", "title": "Domain", "type": "domain"},
	{"api_slug": "phone-number", "title": "Phone", "type": "phone-number"},
	{"api_slug": "location", "title": "Location", "type": "location"}]}]}`

type witness struct {
	t       *testing.T
	handler http.Handler
	token   string
}

func newWitness(t *testing.T) witness {
	server, err := sandbox.New(sandbox.Options{Seed: []byte(workspace)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	return witness{t, server.Handler(), server.Token()}
}

func (w witness) post(path, body string) gjson.Result {
	w.t.Helper()
	r := httptest.NewRequest("POST", "http://127.0.0.1"+path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+w.token)
	r.Header.Set("Content-Type", "application/json")
	answer := httptest.NewRecorder()
	w.handler.ServeHTTP(answer, r)
	if answer.Code != http.StatusOK {
		w.t.Errorf("POST %s\n%s\n%d %s", path, body, answer.Code, answer.Body)
	}
	return gjson.ParseBytes(answer.Body.Bytes()).Get("data")
}

// write creates a record with one value and gives the value back as stored,
// and the record's id.
func (w witness) write(object string, attr *schema.Attribute, v value.Value) (stored []value.Value, id string) {
	w.t.Helper()
	record := w.post("/v2/objects/"+object+"/records", fmt.Sprintf(`{"data":{"values":{%q:[%s]}}}`, attr.Slug, v.JSON()))
	stored, err := value.Stored(attr, []byte(record.Get("values."+attr.Slug).Raw))
	if err != nil {
		w.t.Errorf("%s: %v", attr.Slug, err)
	}
	return stored, record.Get("id.record_id").Str
}

// find asks for records by a filter.
func (w witness) find(object, slug, filter string) (ids []string) {
	w.t.Helper()
	for _, r := range w.post("/v2/objects/"+object+"/records/query", fmt.Sprintf(`{"filter":{%q:%s}}`, slug, filter)).Array() {
		ids = append(ids, r.Get("id.record_id").Str)
	}
	return ids
}

// What is written is stored as its canonical form says, and found by its filter.
func TestSandboxStoresWhatTheCanonicalFormSays(t *testing.T) {
	w := newWitness(t)
	for _, tt := range []struct {
		typ schema.Type
		in  string
	}{
		{schema.Text, "two \"lines\"\r\n\\ and a 🎉"},
		{schema.Number, "1,234.56789"}, {schema.Number, "-0.1"}, {schema.Number, "9007199254740992"}, {schema.Number, "1e20"},
		{schema.Checkbox, "yes"},
		{schema.Currency, "($1,200.50)"}, {schema.Currency, "0.00019"},
		{schema.Date, "2023"}, {schema.Date, "2023-01-02T23:00:00-10:00"}, {schema.Date, "0001-01-01"},
		{schema.Timestamp, "2023-01-02T13:00:00.000000001+02:00"}, {schema.Timestamp, "2023-01"},
		{schema.Rating, "0"}, {schema.Rating, "5"},
		{schema.Status, "won 🎉"},
		{schema.Select, `2" TUBE`},
		{schema.EmailAddress, "Ann.O'Hara+x@München.example.com"},
		{schema.Domain, "https://www.Müller.de/x?y"},
		{schema.PhoneNumber, "+49 (0)30 901820"}, {schema.PhoneNumber, "+39 06 6982"},
	} {
		attr := &schema.Attribute{Slug: string(tt.typ), Title: "Field", Type: tt.typ, OptionsKnown: true,
			Options: []schema.Option{{Title: "Won 🎉"}, {Title: `2" tube`}}}
		convert, err := value.NewConverter(attr, value.Options{})
		if err != nil {
			t.Fatal(err)
		}
		v, err := convert(value.Text{Text: tt.in})
		if err != nil {
			t.Errorf("%q: %v", tt.in, err)
			continue
		}
		stored, id := w.write("things", attr, v)
		if len(stored) != 1 || !stored[0].Equal(v) {
			t.Errorf("%s %q: stored %v, want %s", tt.typ, tt.in, stored, v)
		}
		if found := w.find("things", attr.Slug, value.Filter(attr, v)); len(found) != 1 || found[0] != id {
			t.Errorf("%s %q: %s finds %v, want %s", tt.typ, tt.in, value.Filter(attr, v), found, id)
		}
	}
}

func TestSandboxStoresWhatIsComposed(t *testing.T) {
	w := newWitness(t)
	for _, tt := range []struct {
		object string
		attr   schema.Attribute
		parts  []value.Part
	}{
		{"things", schema.Attribute{Slug: "location", Type: schema.Location}, []value.Part{{Name: "locality", Text: "Berlin"}, {Name: "country_code", Text: "Germany"},
			{Name: "latitude", Text: "52.5200080001"}, {Name: "longitude", Text: "-013.40"}}},
		{"people", schema.Attribute{Slug: "name", Type: schema.PersonalName}, []value.Part{{Name: "full_name", Text: "Ann van Dyke"}}},
		{"people", schema.Attribute{Slug: "name", Type: schema.PersonalName}, []value.Part{{Name: "first_name", Text: "Ann"}}},
	} {
		v, err := value.Compose(tt.attr.Type, tt.parts)
		if err != nil {
			t.Errorf("%v: %v", tt.parts, err)
			continue
		}
		stored, id := w.write(tt.object, &tt.attr, v)
		if len(stored) != 1 || !stored[0].Equal(v) {
			t.Errorf("%v: stored %v, want %s", tt.parts, stored, v)
		}
		if filter := value.Filter(&tt.attr, v); filter != "" {
			if found := w.find(tt.object, tt.attr.Slug, filter); len(found) != 1 || found[0] != id {
				t.Errorf("%v: %s finds %v, want %s", tt.parts, filter, found, id)
			}
		}
	}
}

func TestSandboxFindsByLists(t *testing.T) {
	w := newWitness(t)
	id := &schema.Attribute{Slug: "record_id", Type: schema.Text}
	team := &schema.Attribute{Slug: "company", Type: schema.RecordReference}
	company := w.post("/v2/objects/companies/records", `{"data":{"values":{"domains":["acme.com"]}}}`).Get("id.record_id").Str
	ref := value.Reference("companies", company)
	_, person := w.write("people", team, ref)
	convert, _ := value.NewConverter(id, value.Options{})
	key, _ := convert(value.Text{Text: person})
	for slug, filter := range map[string]string{
		"record_id": value.FilterAny(id, []value.Value{key, key}), "company": value.FilterAny(team, []value.Value{ref}),
	} {
		if found := w.find("people", slug, filter); len(found) != 1 || found[0] != person {
			t.Errorf("%s: %s finds %v, want %s", slug, filter, found, person)
		}
	}
}
