package value

import (
	"testing"

	"attio-import/mapping/schema"
)

// A converter runs once a cell, a million times a file. The result's one
// string should be all that it allocates.
func BenchmarkConvert(b *testing.B) {
	for _, bm := range []struct {
		name string
		attr *schema.Attribute
		opts Options
		in   Text
	}{
		{"text", attribute(schema.Text), Options{}, Text{Text: "Talkable is a social referral platform"}},
		{"text-escaped", attribute(schema.Text), Options{}, Text{Text: "a \"social\" referral\nplatform"}},
		{"number", attribute(schema.Number), Options{}, Text{Text: "1,234.5"}},
		{"currency", money("USD"), Options{}, Text{Text: "1200.50"}},
		{"currency-sign", money("USD"), Options{}, Text{Text: "$1,200.50"}},
		{"checkbox", attribute(schema.Checkbox), Options{}, Text{Text: "yes"}},
		{"date-iso", attribute(schema.Date), Options{}, Text{Text: "2026-02-14"}},
		{"date-pattern", attribute(schema.Date), Options{Layouts: []string{"DD/MM/YYYY"}}, Text{Text: "14/02/2026"}},
		{"timestamp-iso", attribute(schema.Timestamp), Options{}, Text{Text: "2026-02-14T10:00:00Z"}},
		{"timestamp-zone", attribute(schema.Timestamp), Options{Timezone: "Europe/Berlin"}, Text{Text: "2026-02-14 10:00"}},
		{"rating", attribute(schema.Rating), Options{}, Text{Text: "4"}},
		{"select", plans(schema.Select, "Starter", "Pro", "Enterprise"), Options{}, Text{Text: "Enterprise"}},
		{"select-folded", plans(schema.Select, "Starter", "Pro", "Enterprise"), Options{}, Text{Text: "enterprise"}},
		{"email", attribute(schema.EmailAddress), Options{}, Text{Text: "Ann.Dyke@example.com"}},
		{"email-idn", attribute(schema.EmailAddress), Options{}, Text{Text: "ann@müller.de"}},
		{"domain", attribute(schema.Domain), Options{}, Text{Text: "acme.com"}},
		{"domain-url", attribute(schema.Domain), Options{}, Text{Text: "https://www.talkable.com/about"}},
		{"phone", attribute(schema.PhoneNumber), Options{}, Text{Text: "+1 415 555 2671"}},
		{"phone-country", attribute(schema.PhoneNumber), Options{}, Text{Text: "030 901820", Country: "Germany"}},
		{"name", attribute(schema.PersonalName), Options{}, Text{Text: "Ann van Dyke"}},
		{"location", attribute(schema.Location), Options{}, Text{Text: "San Francisco, California, USA"}},
		{"actor", attribute(schema.ActorReference), Options{}, Text{Text: "ann@example.com"}},
	} {
		b.Run(bm.name, func(b *testing.B) {
			c := converter(b, bm.attr, bm.opts)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := c(bm.in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// Every record that is looked up is read back, attribute by attribute.
func BenchmarkStored(b *testing.B) {
	for _, bm := range []struct {
		attr *schema.Attribute
		api  string
	}{
		{attribute(schema.Text), `"value":"Customer.com","attribute_type":"text"`},
		{attribute(schema.Number), `"value":1234.5,"attribute_type":"number"`},
		{attribute(schema.Timestamp), `"value":"2023-01-02T11:00:00.000000000Z","attribute_type":"timestamp"`},
		{plans(schema.Select, "Medium"), `"option":{"id":{"option_id":"x"},"title":"Medium","is_archived":false},"attribute_type":"select"`},
		{attribute(schema.EmailAddress), `"original_email_address":"a@b.com","email_address":"a@b.com","attribute_type":"email-address"`},
		{attribute(schema.RecordReference), `"target_object":"users","target_record_id":"5e3fb280-007b-495a-a530-9354bde01de1","attribute_type":"record-reference"`},
	} {
		b.Run(string(bm.attr.Type), func(b *testing.B) {
			raw := []byte("[{" + envelope + bm.api + "}]")
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Stored(bm.attr, raw); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// A refused cell costs more than one that is taken, since it is explained, but
// a whole column in the wrong layout must not make an import crawl.
func BenchmarkRefuse(b *testing.B) {
	for _, bm := range []struct {
		name string
		attr *schema.Attribute
		in   string
	}{
		{"number", attribute(schema.Number), "1,5"},
		{"date", attribute(schema.Date), "31/12/2026"},
		{"email", attribute(schema.EmailAddress), "Ann <ann@example.com>"},
		{"domain", attribute(schema.Domain), "acme"},
		{"phone", attribute(schema.PhoneNumber), "229.077.5154"},
		{"select", plans(schema.Select, "Starter", "Pro", "Enterprise"), "Enterprize"},
	} {
		b.Run(bm.name, func(b *testing.B) {
			c := converter(b, bm.attr, Options{})
			b.ReportAllocs()
			for b.Loop() {
				if _, err := c(Text{Text: bm.in}); err == nil {
					b.Fatal("taken")
				}
			}
		})
	}
}
