package source

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"testing"
)

const benchRows = 20_000

// exports are generated sources of 20 columns.
var exports = []struct {
	name string
	cell func(row, column int) string
}{
	{"plain", func(row, column int) string { return fmt.Sprintf("value %d", row*column) }},
	{"quoted", func(row, column int) string {
		return [...]string{fmt.Sprintf("user%d@example.com", row), "Müller, Söhne & Co", fmt.Sprintf("%d", row*column), `said "yes"`}[column%4]
	}},
	{"notes", func(row, column int) string { return strings.Repeat("words and words ", column) }},
	{"lines", func(row, column int) string {
		return [...]string{fmt.Sprintf("value %d", row*column), "first line\nsecond line"}[column%2]
	}},
}

func export(cell func(row, column int) string) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	row := make([]string, 20)
	for n := range benchRows + 1 {
		for i := range row {
			row[i] = cell(n, i)
		}
		w.Write(row)
	}
	w.Flush()
	return b.Bytes()
}

// BenchmarkRows is what a pass costs, with fingerprint, lines and checks.
// BenchmarkBare beside it is encoding/csv alone, whose rows do not outlive the
// next one.
func BenchmarkRows(b *testing.B) {
	for _, e := range exports {
		b.Run(e.name, func(b *testing.B) {
			f, err := OpenBytes("bench.csv", export(e.cell), Options{})
			if err != nil {
				b.Fatal(err)
			}
			report(b, f.Size, func() (int, error) { return readPass(f) })
		})
	}
}

func readPass(f *File) (rows int, err error) {
	r, err := f.Rows(context.Background())
	if err != nil {
		return 0, err
	}
	defer r.Close()
	for {
		if _, err := r.Next(); err != nil {
			return rows, err
		}
		rows++
	}
}

func BenchmarkBare(b *testing.B) {
	for _, e := range exports {
		b.Run(e.name, func(b *testing.B) {
			data := export(e.cell)
			report(b, int64(len(data)), func() (int, error) { return readBare(data) })
		})
	}
}

func readBare(data []byte) (rows int, err error) {
	r := csv.NewReader(bytes.NewReader(data))
	r.ReuseRecord = true
	for rows = -1; ; rows++ { // the header is no row
		if _, err := r.Read(); err != nil {
			return rows, err
		}
	}
}

func report(b *testing.B, size int64, read func() (int, error)) {
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		if rows, err := read(); rows != benchRows || err != io.EOF {
			b.Fatal(rows, err)
		}
	}
	perRow := float64(b.Elapsed().Nanoseconds()) / float64(b.N) / benchRows
	b.ReportMetric(perRow, "ns/row")
	b.ReportMetric(1e9/perRow, "rows/s")
}

// BenchmarkCorrected reads rejects that somebody has sorted the other way
// round: once to look them over, once in the order of their numbers.
func BenchmarkCorrected(b *testing.B) {
	text := []byte("a,b,c," + strings.Join(Notes(), ",") + "\n")
	for n := benchRows; n > 0; n-- {
		text = fmt.Appendf(text, "W-%d,Acme %d,2026-01-01,%d,uniqueness_conflict,a,another record has it,correct it\n", n, n, n)
	}
	b.SetBytes(int64(len(text)))
	path := writeFile(b, "rejects.csv", string(text))
	b.ReportAllocs()
	for b.Loop() {
		f, err := OpenRejects(path, Options{})
		if err != nil {
			b.Fatal(err)
		}
		if n, err := readPass(f); n != benchRows || err != io.EOF {
			b.Fatal(n, err)
		}
	}
}
