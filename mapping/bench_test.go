package mapping_test

import (
	"strconv"
	"testing"

	"attio-import/mapping"
	"attio-import/mapping/value"
)

// benchMapping maps a row of nine columns: texts, emails, numbers.
const benchMapping = `
version: 1
object: workspaces
match: workspace_id
null_values: [NULL, n/a]
values:
  workspace_id: ID
  name: Name
  avatar_url: Avatar
  users: {column: Owners, split: ";"}
  company: Domain
  plan: {column: Plan, map: {s: Starter, t: Team, "*": reject}}
  seats: Seats
  mrr: {column: MRR, decimal: ","}
  launched: {column: Launched, layout: DD/MM/YYYY}
`

var benchHeader = []string{"ID", "Name", "Avatar", "Owners", "Domain", "Plan", "Seats", "MRR", "Launched"}

// benchTexts is a mapping of texts, emails and numbers alone.
const benchTexts = `
version: 1
object: workspaces
match: workspace_id
null_values: [NULL, n/a]
values:
  workspace_id: ID
  name: Name
  avatar_url: Avatar
  users: Owners
  company: Domain
  source: Plan
  seats: Seats
  mrr: MRR
  launched: Launched
`

func benchRows() [][]string {
	rows := make([][]string, 512)
	for i := range rows {
		n := strconv.Itoa(10_000 + i)
		rows[i] = []string{"ws_" + n, "Account number " + n, "https://cdn.example.com/avatars/ws_" + n + ".png",
			"owner" + n + "@customer-" + n + ".com", "customer-" + n + ".com", "t", n, n + ".50", "2026-02-" + n[3:]}
		if rows[i][8] < "2026-02-01" {
			rows[i][8] = "2026-02-10"
		}
	}
	return rows
}

func benchPlan(b *testing.B, text string) *mapping.Plan {
	f, err := mapping.Parse("bench.yaml", []byte(text))
	if err != nil {
		b.Fatal(err)
	}
	p, _, err := mapping.Bind(f, benchHeader, workspace())
	if err != nil {
		b.Fatal(err)
	}
	return p
}

func BenchmarkRow(b *testing.B) {
	for _, bench := range []struct{ name, mapping, mrr, launched string }{
		{"texts", benchTexts, "1234.50", "2026-02-10"},
		{"options", benchMapping, "1.234,50", "10/02/2026"},
	} {
		rows := benchRows()
		for i := range rows {
			rows[i][7], rows[i][8] = bench.mrr, bench.launched
		}
		p := benchPlan(b, bench.mapping)
		if rec := p.Row(1, 2, rows[0]); len(rec.Problems) > 0 {
			b.Fatal(rec.Problems)
		}
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				p.Row(i, i, rows[i%len(rows)])
			}
		})
		b.Run(bench.name+"/into", func(b *testing.B) {
			b.ReportAllocs()
			rec := &mapping.Record{}
			for i := 0; b.Loop(); i++ {
				p.RowInto(rec, i, i, rows[i%len(rows)])
			}
		})
	}
}

func BenchmarkAppendValues(b *testing.B) {
	p := benchPlan(b, benchTexts)
	rec := p.Row(1, 2, benchRows()[0])
	buf := make([]byte, 0, 4096)
	b.ReportAllocs()
	for b.Loop() {
		buf = mapping.AppendValues(buf[:0], rec.Fields)
	}
}

func BenchmarkDecide(b *testing.B) {
	p := benchPlan(b, benchTexts)
	rec := p.Row(1, 2, benchRows()[0])
	b.Run("create", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			p.Decide(rec)
		}
	})
	rec.Existing = existingOf(rec)
	b.Run("unchanged", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			p.Decide(rec)
		}
	})
}

// existingOf is a record that has all that a row says.
func existingOf(rec *mapping.Record) *mapping.Existing {
	e := &mapping.Existing{ID: "r", Values: map[string][]value.Value{}}
	for _, f := range rec.Fields {
		e.Values[f.Attribute.Slug] = f.Values
	}
	return e
}

func BenchmarkParseAndBind(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		benchPlan(b, benchMapping)
	}
}
