package importer

import (
	"context"
	"testing"

	"attio-import/importer/outcome"
	"attio-import/importer/source"
	"attio-import/mapping"
)

// forgetful takes outcomes and keeps none.
type forgetful struct{}

func (forgetful) Put(source.Row, outcome.Outcome) error { return nil }

// notebook is a Journal that keeps nothing.
type notebook struct{}

func (notebook) Intend(context.Context, ...outcome.Intent) error { return nil }
func (notebook) Put(*outcome.Outcome, []string, string) error    { return nil }
func (notebook) Withdraw(...int) error                           { return nil }

// BenchmarkRun is the second pass alone, with nothing at its edges.
func BenchmarkRun(b *testing.B) {
	for _, with := range []struct {
		name    string
		journal Journal
	}{{"alone", nil}, {"journal", notebook{}}} {
		b.Run(with.name, func(b *testing.B) { benchmarkRun(b, with.journal) })
	}
}

func benchmarkRun(b *testing.B, journal Journal) {
	const rows = 20_000
	im, _ := sheet(b, numbered(rows), "")
	im.Sink, im.Journal = forgetful{}, journal
	im.Writer = &journaled{}
	im.Resolver = resolver(func([]*mapping.Record) error { return nil })
	check, err := im.Check(b.Context(), nil)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := im.Run(b.Context(), check); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows, "ns/row")
}
