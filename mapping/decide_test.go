package mapping_test

import (
	"fmt"
	"strings"
	"testing"

	"attio-import/mapping"
	"attio-import/mapping/schema"
	"attio-import/mapping/value"
)

// values converts texts to values of an attribute.
func values(t testing.TB, attr *schema.Attribute, texts ...string) []value.Value {
	t.Helper()
	convert, err := value.NewConverter(attr, value.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var out []value.Value
	for _, text := range texts {
		v, err := convert(value.Text{Text: text})
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}

func TestDecide(t *testing.T) {
	name := &schema.Attribute{Slug: "name", Type: schema.Text}
	emails := &schema.Attribute{Slug: "emails", Type: schema.EmailAddress, Multi: true}
	phones := &schema.Attribute{Slug: "tags", Type: schema.Select, Multi: true}
	field := func(a *schema.Attribute, texts ...string) mapping.Field {
		return mapping.Field{Attribute: a, Values: values(t, a, texts...)}
	}
	fallback := func(f mapping.Field) mapping.Field { f.Default = true; return f }
	cleared := func(a *schema.Attribute) mapping.Field { return mapping.Field{Attribute: a, Clear: true} }
	stored := func(fs ...mapping.Field) *mapping.Existing {
		e := &mapping.Existing{ID: "r", Values: map[string][]value.Value{}}
		for _, f := range fs {
			e.Values[f.Attribute.Slug] = f.Values
		}
		return e
	}
	tests := []struct {
		name     string
		fields   []mapping.Field
		existing *mapping.Existing
		want     string
	}{
		{"a new record gets everything but what is cleared", []mapping.Field{field(name, "Ann"), cleared(emails), fallback(field(phones, "VIP"))}, nil,
			`create name=[Ann] tags=[VIP]`},
		{"the same is unchanged, whatever the spelling", []mapping.Field{field(name, "Ann"), field(emails, "ANN@acme.com")},
			stored(field(name, "Ann"), field(emails, "bo@acme.com", "ann@acme.com")), `unchanged`},
		{"a single value that differs is set", []mapping.Field{field(name, "Ann"), field(emails, "ann@acme.com")},
			stored(field(name, "Bo"), field(emails, "ann@acme.com")), `update name=[Ann] | name set "Bo" -> "Ann"`},
		{"a value where there was none is set", []mapping.Field{field(name, "Ann"), field(emails, "a@acme.com", "b@acme.com")},
			stored(), `update name=[Ann] emails=[a@acme.com | b@acme.com] | name set "" -> "Ann" | emails set "" -> "a@acme.com; b@acme.com"`},
		{"only values that are not there are added", []mapping.Field{field(emails, "a@acme.com", "b@acme.com", "c@acme.com")},
			stored(field(emails, "B@acme.com", "x@acme.com")), `update emails=[a@acme.com | c@acme.com] | emails added "b@acme.com; x@acme.com" -> "a@acme.com; c@acme.com"`},
		{"a default fills only what is empty", []mapping.Field{fallback(field(name, "Ann")), fallback(field(emails, "a@acme.com"))},
			stored(field(name, "Bo")), `update emails=[a@acme.com] | name kept "Bo" -> "Ann" | emails set "" -> "a@acme.com"`},
		{"a default that is there already is nothing to tell", []mapping.Field{fallback(field(name, "Ann"))}, stored(field(name, "Ann")), `unchanged`},
		{"a blank cell clears what is there", []mapping.Field{cleared(name)}, stored(field(name, "Bo")), `update name=[] | name cleared "Bo" -> ""`},
		{"and nothing where nothing is", []mapping.Field{cleared(name), cleared(emails)}, stored(), `unchanged`},
		{"clearing many values overwrites, and keeps the others", []mapping.Field{cleared(emails), field(phones, "VIP"), field(name, "Ann")},
			stored(field(emails, "a@acme.com"), field(phones, "Old"), field(name, "Ann")),
			`update overwrite emails=[] tags=[VIP | Old] | emails cleared "a@acme.com" -> "" | tags added "Old" -> "VIP"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rec := &mapping.Record{Fields: tt.fields, Existing: tt.existing}
			if got := changeText(new(mapping.Plan).Decide(rec)); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func changeText(c mapping.Change) string {
	var b strings.Builder
	b.WriteString(string(c.Kind))
	if c.Overwrite {
		b.WriteString(" overwrite")
	}
	for _, f := range c.Fields {
		fmt.Fprintf(&b, " %s=%s", f.Attribute.Slug, canonicals(f.Values))
	}
	for _, ch := range c.Changes {
		fmt.Fprintf(&b, " | %s %s %q -> %q", ch.Attribute, ch.Decision, ch.Old, ch.New)
	}
	return b.String()
}
