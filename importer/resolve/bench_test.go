package resolve

import (
	"context"
	"fmt"
	"testing"

	"attio-import/importer/attio"
	"attio-import/mapping"
)

// empty is a workspace without records.
type empty struct{}

func (empty) Query(context.Context, string, attio.Query) (attio.Page, error) {
	return attio.Page{}, nil
}
func (empty) Get(context.Context, string, string) (attio.Record, error) { return attio.Record{}, nil }
func (empty) Members(context.Context) ([]attio.Member, error)           { return nil, nil }

// BenchmarkResolve is what a window of 500 rows costs beside its queries: with
// a key each, and with a reference besides that was asked for before.
func BenchmarkResolve(b *testing.B) {
	rule := byDomain(mapping.MissingSkip)
	for label, refers := range map[string]bool{"keys": false, "references": true} {
		recs := make([]*mapping.Record, 500)
		fields := make([][]mapping.Field, len(recs))
		for n := range recs {
			recs[n] = row(b, n, fmt.Sprintf("ws%d", n))
			if refers {
				refer(recs[n], company, ref(b, rule, fmt.Sprintf("c%d.com", n%100)))
			}
			fields[n] = recs[n].Fields
		}
		b.Run(label, func(b *testing.B) {
			r := New(empty{}, upsert, Options{})
			b.ReportAllocs()
			for b.Loop() {
				for n, rec := range recs {
					rec.Fields, rec.Problems = fields[n], nil
				}
				if err := r.Resolve(context.Background(), recs); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
