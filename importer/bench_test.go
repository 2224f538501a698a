package importer

import (
	"testing"

	"attio-import/importer/outcome"
	"attio-import/importer/source"
	"attio-import/mapping"
)

// forgetful takes outcomes and keeps none.
type forgetful struct{}

func (forgetful) Put(source.Row, outcome.Outcome) error { return nil }

// BenchmarkRun is the second pass alone, with nothing at its edges.
func BenchmarkRun(b *testing.B) {
	const rows = 20_000
	im, _ := sheet(b, numbered(rows), "")
	im.Sink = forgetful{}
	im.Writer = &writer{}
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
