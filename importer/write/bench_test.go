package write

import (
	"context"
	"testing"

	"attio-import/importer/attio"
	"attio-import/mapping"
)

// nowhere answers at once.
type nowhere struct{}

var answered = attio.Written{RecordID: "id", WebURL: "url", Status: 200, Attempts: 1}

func (nowhere) Create(context.Context, string, []byte, attio.Creating) (attio.Written, error) {
	return answered, nil
}
func (nowhere) Update(context.Context, string, string, []byte) (attio.Written, error) {
	return answered, nil
}
func (nowhere) Overwrite(context.Context, string, string, []byte) (attio.Written, error) {
	return answered, nil
}

// BenchmarkWrite is what a row without references costs beside its call.
func BenchmarkWrite(b *testing.B) {
	stands := existing("r1", "", fld(b, key, "ws1"), fld(b, name, "Acme"))
	for label, rec := range map[string]*mapping.Record{
		"create":    row(b, "ws1", fld(b, name, "Acme"), fld(b, email, "ann@acme.com")),
		"update":    row(b, "ws1", fld(b, name, "Apex")),
		"unchanged": row(b, "ws1", fld(b, name, "Acme")),
	} {
		if label != "create" {
			rec.Existing = stands
		}
		b.Run(label, func(b *testing.B) {
			w := New(nowhere{}, bound{mapping.Upsert}, quietLookup{}, Options{})
			b.ReportAllocs()
			for b.Loop() {
				if _, err := w.Write(context.Background(), rec); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
