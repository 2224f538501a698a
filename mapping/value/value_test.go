package value

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"attio-import/mapping/schema"
)

// conversion is a row of a table. A text that is taken has its canonical form
// and its JSON, perhaps the code of a note; a text that is refused has no
// canonical form, and its error's code instead of JSON.
type conversion struct{ in, canonical, result, note string }

func converter(t testing.TB, attr *schema.Attribute, opts Options) Converter {
	t.Helper()
	c, err := NewConverter(attr, opts)
	if err != nil {
		t.Fatalf("NewConverter(%s, %+v): %v", attr.Type, opts, err)
	}
	return c
}

func attribute(t schema.Type) *schema.Attribute {
	return &schema.Attribute{Slug: "field", Title: "Field", Type: t, Writable: true}
}

func checkConversions(t *testing.T, c Converter, rows []conversion) {
	t.Helper()
	for _, row := range rows {
		v, err := c(Text{Text: row.in})
		checkConversion(t, row, v, err)
	}
}

func checkConversion(t *testing.T, row conversion, v Value, err error) {
	t.Helper()
	if row.canonical == "" {
		e := typed(t, err)
		if e == nil || e.Code != row.result {
			t.Errorf("%q: %q, %v, want code %s", row.in, v.Canonical(), err, row.result)
		}
		return
	}
	note := ""
	if v.Note() != nil {
		note = v.Note().Code
	}
	if err != nil || v.Canonical() != row.canonical || v.JSON() != row.result || note != row.note {
		t.Errorf("%q:\n got %q %s %q %v\nwant %q %s %q", row.in, v.Canonical(), v.JSON(), note, err, row.canonical, row.result, row.note)
	}
	if !json.Valid([]byte(v.JSON())) {
		t.Errorf("%q: not JSON: %s", row.in, v.JSON())
	}
}

// typed checks that an error is one that a person can act on.
func typed(t testing.TB, err error) *Error {
	t.Helper()
	var e *Error
	if err == nil {
		return nil
	}
	if !errors.As(err, &e) || e.Code == "" || e.Message == "" || e.Hint == "" {
		t.Errorf("%#v is no *Error with code, message and hint", err)
	}
	return e
}

// message is a row of a table about what a person reads.
type message struct{ in, message, hint string }

// checkMessages looks for the words of a table in an error's message and hint.
func checkMessages(t *testing.T, c Converter, rows []message) {
	t.Helper()
	for _, row := range rows {
		_, err := c(Text{Text: row.in})
		e := typed(t, err)
		if e == nil {
			t.Errorf("%q was taken", row.in)
			continue
		}
		if !strings.Contains(e.Message, row.message) || !strings.Contains(e.Hint, row.hint) {
			t.Errorf("%q:\n got %s | %s\nwant %s | %s", row.in, e.Message, e.Hint, row.message, row.hint)
		}
	}
}

func TestZeroValue(t *testing.T) {
	var v Value
	if !v.IsZero() || textValue("").IsZero() {
		t.Error("only no value is zero; an empty text is one")
	}
	if !textValue("a").Equal(wrapped(`{"option":"`, "a", `"}`)) || textValue("a").Equal(textValue("A")) {
		t.Error("values are equal by their canonical form")
	}
}

func TestEveryTypeHasItsConverter(t *testing.T) {
	for _, typ := range []schema.Type{schema.Text, schema.Number, schema.Checkbox, schema.Currency, schema.Date, schema.Timestamp,
		schema.Rating, schema.Status, schema.Select, schema.EmailAddress, schema.Domain, schema.PhoneNumber, schema.PersonalName,
		schema.Location, schema.ActorReference, schema.Unknown} {
		converter(t, attribute(typ), Options{})
	}
	for _, typ := range []schema.Type{schema.RecordReference, schema.Interaction, "new-type"} {
		_, err := NewConverter(attribute(typ), Options{})
		if e := typed(t, err); e == nil || e.Code != InvalidSetting {
			t.Errorf("%s: %v, want %s", typ, err, InvalidSetting)
		}
	}
}

func TestOptionsMustMeanSomething(t *testing.T) {
	for _, tt := range []struct {
		typ  schema.Type
		opts Options
		ok   bool
	}{
		{schema.Text, Options{Timezone: "Europe/Berlin"}, true}, // often said for a whole mapping
		{schema.Text, Options{Layouts: []string{"iso"}}, false},
		{schema.Text, Options{Decimal: ','}, false},
		{schema.Date, Options{Currency: "EUR"}, false},
		{schema.Select, Options{Decimal: '.'}, false},
		{schema.Number, Options{Decimal: ','}, true},
		{schema.Number, Options{Decimal: ';'}, false},
		{schema.Number, Options{Currency: "EUR"}, true},
		{schema.Number, Options{Currency: "EURO"}, false},
		{schema.Currency, Options{Currency: "eur"}, true},
		{schema.Date, Options{Layouts: []string{"DD/MM"}}, false},
		{schema.Timestamp, Options{Timezone: "Mars/Olympus"}, false},
		{schema.Timestamp, Options{Timezone: "Local"}, false},
		{schema.Date, Options{Timezone: "Berlin"}, false},
		{schema.Unknown, Options{Layouts: []string{"iso"}, Decimal: ',', Currency: "EUR"}, true},
	} {
		_, err := NewConverter(attribute(tt.typ), tt.opts)
		if typed(t, err); (err == nil) != tt.ok {
			t.Errorf("%s, %+v: %v", tt.typ, tt.opts, err)
		}
	}
}
