package source

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"testing"
)

// export is a generated source of the kind that a product's database gives:
// 20 columns, some of them in quotes.
func export(rows int) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	row := make([]string, 20)
	for i := range row {
		row[i] = fmt.Sprintf("Column %d", i+1)
	}
	w.Write(row)
	for n := range rows {
		for i := range row {
			row[i] = fmt.Sprintf("value %d", n*i)
		}
		row[3], row[7], row[11] = "Müller, Söhne & Co", fmt.Sprintf("user%d@example.com", n), `said "yes"`
		w.Write(row)
	}
	w.Flush()
	return b.Bytes()
}

const benchRows = 20_000

// BenchmarkRows is what a pass costs, with fingerprint, lines and checks.
// Beside it BenchmarkBare is the bare parser; a row costs two allocations here,
// one there, as rows outlive the next.
func BenchmarkRows(b *testing.B) {
	f, err := OpenBytes("bench.csv", export(benchRows), Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(f.Size)
	b.ReportAllocs()
	for b.Loop() {
		r, err := f.Rows(context.Background())
		if err != nil {
			b.Fatal(err)
		}
		for err == nil {
			_, err = r.Next()
		}
		if err != io.EOF || r.number != benchRows {
			b.Fatal(r.number, err)
		}
		r.Close()
	}
	reportRows(b)
}

func BenchmarkBare(b *testing.B) {
	data := export(benchRows)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		r := csv.NewReader(bytes.NewReader(data))
		r.ReuseRecord = true
		var err error
		for err == nil {
			_, err = r.Read()
		}
		if err != io.EOF {
			b.Fatal(err)
		}
	}
	reportRows(b)
}

func reportRows(b *testing.B) {
	b.ReportMetric(float64(b.N)*benchRows/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchRows, "ns/row")
}
