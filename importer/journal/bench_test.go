package journal

import (
	"context"
	"fmt"
	"io"
	"testing"
	"time"

	"attio-import/importer/outcome"
)

// void is a disk that costs nothing.
type void struct{ n int64 }

func (v *void) Write(b []byte) (int, error)       { v.n += int64(len(b)); return len(b), nil }
func (v *void) Sync() error                       { return nil }
func (v *void) ReadAt([]byte, int64) (int, error) { return 0, io.EOF }
func (v *void) Truncate(int64) error              { return nil }
func (v *void) Close() error                      { return nil }

func benchmarkPut(b *testing.B, o outcome.Outcome, cells []string) {
	v := &void{}
	j, err := New(v, header(), Options{})
	must(b, err)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		o.Row = i&0xfffff + 1
		o.Line = o.Row + 1
		if err := j.Put(&o, cells, ""); err != nil {
			b.Fatal(err)
		}
	}
	must(b, j.Close())
	b.ReportMetric(float64(v.n)/float64(b.N), "B/row")
}

const (
	benchID  = "0b1a2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"
	benchURL = "https://app.attio.com/acme/company/" + benchID + "/overview"
)

func BenchmarkPutCreated(b *testing.B) {
	benchmarkPut(b, outcome.Outcome{Key: "example-company.com", Action: outcome.Created, Stage: outcome.Write,
		RecordID: benchID, WebURL: benchURL, Attempts: 1, HTTPStatus: 200, Duration: 141 * time.Millisecond}, nil)
}

func BenchmarkPutUnchanged(b *testing.B) {
	benchmarkPut(b, outcome.Outcome{Key: "example-company.com", Action: outcome.Unchanged, Stage: outcome.Write,
		RecordID: benchID, WebURL: benchURL}, nil)
}

func BenchmarkPutRejected(b *testing.B) {
	benchmarkPut(b, outcome.Outcome{Key: "example-company.com", Action: outcome.Rejected, Stage: outcome.Write, HTTPStatus: 400, Attempts: 1,
		Problems: []outcome.Problem{{Column: "Phone", Attribute: "phone_numbers", Value: "0170 123", Severity: outcome.Error,
			Code: "invalid_phone", Message: "is not a phone number of any country", Hint: "write it with its country: +49 170 123"}}},
		[]string{"Example Company", "example-company.com", "0170 123", "Zürich", "2026-01-31"})
}

// BenchmarkIntend has 400 intents a call, as a window has them.
func BenchmarkIntend(b *testing.B) {
	v := &void{}
	j, err := New(v, header(), Options{})
	must(b, err)
	intents := make([]outcome.Intent, 400)
	for i := range intents {
		intents[i] = outcome.Intent{Row: i + 1, Verb: outcome.Create, Key: fmt.Sprint("example-", i, ".com"), At: began}
	}
	b.ReportAllocs()
	for b.Loop() {
		must(b, j.Intend(context.Background(), intents...))
	}
	must(b, j.Close())
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(intents)), "ns/intent")
	b.ReportMetric(float64(v.n)/float64(b.N*len(intents)), "B/intent")
}

// BenchmarkDisk has the journal of 25,000 rows as a run with 16 workers makes
// it, on a disk: windows of 400 intents, each row's result after them.
func BenchmarkDisk(b *testing.B) {
	dir, _ := openRoot(b)
	j, err := Create(dir, header(), Options{})
	must(b, err)
	intents := make([]outcome.Intent, 400)
	o := outcome.Outcome{Key: "example-company.com", Action: outcome.Created, Stage: outcome.Write,
		RecordID: benchID, WebURL: benchURL, Attempts: 1, HTTPStatus: 200, Duration: 141 * time.Millisecond}
	row := 0
	b.ReportAllocs()
	for b.Loop() {
		for i := range intents {
			row++
			intents[i] = outcome.Intent{Row: row, Verb: outcome.Create, Key: o.Key, At: began}
		}
		must(b, j.Intend(context.Background(), intents...))
		for i := range intents {
			o.Row = intents[i].Row
			must(b, j.Put(&o, nil, ""))
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(intents)), "ns/row")
	must(b, j.Close())
}

// benchFile is the journal of 100,000 rows that were created.
func benchFile(b *testing.B) []byte {
	d := &disk{}
	j := mustNew(b, d, Options{})
	for row := 1; row <= 100_000; row++ {
		o := outcome.Outcome{Row: row, Line: row + 1, Key: "example-company.com", Action: outcome.Created, Stage: outcome.Write,
			RecordID: benchID, WebURL: benchURL, Attempts: 1, HTTPStatus: 200, Duration: 141 * time.Millisecond}
		if row%400 == 1 {
			intents := make([]outcome.Intent, 400)
			for i := range intents {
				intents[i] = outcome.Intent{Row: row + i, Verb: outcome.Create, Key: o.Key, At: began}
			}
			must(b, j.Intend(context.Background(), intents...))
		}
		must(b, j.Put(&o, nil, ""))
	}
	must(b, j.Close())
	return d.bytes
}

func BenchmarkLoad(b *testing.B) {
	file := of(benchFile(b))
	b.SetBytes(int64(len(file.bytes)))
	b.ReportAllocs()
	for b.Loop() {
		_, err := load(file, int64(len(file.bytes)))
		must(b, err)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*100_000), "ns/row")
}

func BenchmarkEntries(b *testing.B) {
	l := mustLoad(b, benchFile(b))
	b.ReportAllocs()
	for b.Loop() {
		for _, err := range l.Entries() {
			must(b, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*100_000), "ns/row")
}

// BenchmarkNew is what a simulation pays for each process that it begins.
func BenchmarkNew(b *testing.B) {
	h := header()
	b.ReportAllocs()
	for b.Loop() {
		j, err := New(&void{}, h, Options{})
		must(b, err)
		must(b, j.Close())
	}
}

func BenchmarkResume(b *testing.B) {
	d := &disk{}
	must(b, mustNew(b, d, Options{}).Close())
	whole := d.content()
	b.ReportAllocs()
	for b.Loop() {
		j, _, err := Resume(of(whole), int64(len(whole)), Options{})
		must(b, err)
		must(b, j.Close())
	}
}
