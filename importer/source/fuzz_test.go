package source

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"attio-import/importer/outcome"
)

// For any bytes: every line that is not empty belongs to exactly one row or to
// the header, lines strictly increase, and encoding/csv makes of a row's lines,
// alone, the same cells, or refuses them where the row is said to be broken.
func FuzzRows(f *testing.F) {
	for _, seed := range []string{
		"a,b\n1,2\n", "\ufeff\"a\",b\r\n1,2\r\n", "a;b\n\"x\n\ny\";2\n3", "a,b\n1,\"x\n3,4\n", "a,b\n\"x\ny\"z\n\n1,\"\n",
		"sep=;\na;b\n", "a\n\"\"\n \n,\n", "a,b\n\"1\"\"2\",\"\"\n\"\"\"\",\r\n", "a|b\n\xff|\"\"x\n\r", "a\tb\r\n\"\t\"\t\"\r\n\"\r\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := OpenBytes("fuzz.csv", data, Options{})
		if err != nil {
			if e, ok := errors.AsType[*Error](err); !ok || e.Code == "" || e.Hint == "" {
				t.Fatalf("error %#v", err)
			}
			return
		}
		r, err := file.Rows(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		w := witness{t: t, file: file, lines: splitLines(data)}
		w.header(r.records.Span())
		for {
			row, err := r.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			first, last := r.records.Span()
			w.row(row, first, last)
		}
		w.passedOver(len(w.lines) + 1)
		sum := sha256.Sum256(data)
		if r.Fingerprint() != "sha256:"+hex.EncodeToString(sum[:]) || r.Offset() != int64(len(data)) {
			t.Errorf("fingerprint %s, offset %d of %d", r.Fingerprint(), r.Offset(), len(data))
		}
	})
}

// splitLines returns the physical lines with their ends, without the mark.
func splitLines(data []byte) []string {
	return strings.SplitAfter(string(bytes.TrimPrefix(data, bom)), "\n")
}

// witness follows the rows through the lines of the source.
type witness struct {
	t     *testing.T
	file  *File
	lines []string
	done  int // the last line that was accounted for
	rows  int
}

func (w *witness) header(first, last int) {
	if _, named := separatorLine([]byte(w.lines[0])); named && first > 1 {
		w.done = 1
	}
	if first != w.file.HeaderLine {
		w.t.Errorf("header on line %d, then on %d", w.file.HeaderLine, first)
	}
	w.passedOver(first)
	w.done = last
}

// passedOver makes sure that only empty lines lie before the next row.
func (w *witness) passedOver(next int) {
	if next <= w.done {
		w.t.Fatalf("line %d after line %d", next, w.done)
	}
	for line := w.done + 1; line < next; line++ {
		if strings.Trim(w.lines[line-1], "\r\n") != "" {
			w.t.Fatalf("line %d is swallowed: %q", line, w.lines[line-1])
		}
	}
}

func (w *witness) row(row Row, first, last int) {
	w.rows++
	if row.Number != w.rows || row.Line != first || last < first {
		w.t.Fatalf("row %d on line %d, want %d on %d to %d", row.Number, row.Line, w.rows, first, last)
	}
	w.passedOver(first)
	w.done = last
	text := strings.Join(w.lines[first-1:last], "")
	if row.Cells == nil {
		w.broken(row, text, first == last)
		return
	}
	records, err := w.parse(text)
	if err != nil || len(records) != 1 {
		w.t.Fatalf("row %d is %d records to encoding/csv, error %v: %q", row.Number, len(records), err, text)
	}
	w.cells(row, records[0])
}

func (w *witness) parse(text string) ([][]string, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = w.file.Dialect.Delimiter
	r.FieldsPerRecord = -1
	return r.ReadAll()
}

func (w *witness) broken(row Row, text string, oneLine bool) {
	if raw := strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r"); row.Raw != raw || !oneLine || row.Problem.Code != outcome.BrokenQuote {
		w.t.Fatalf("row %d has the text %q, want %q; problem %v", row.Number, row.Raw, raw, row.Problem)
	}
}

func (w *witness) cells(row Row, record []string) {
	width := len(w.file.Header)
	var want outcome.Code
	switch {
	case len(record) != width && blank(record):
		record = make([]string, width)
	case len(record) != width:
		want = outcome.RaggedRow
	case !utf8.ValidString(strings.Join(record, "")):
		want = outcome.InvalidEncoding
	}
	if !slices.Equal(row.Cells, record) || codeOf(row) != want {
		w.t.Fatalf("row %d: %q with %q, want %q with %q", row.Number, row.Cells, codeOf(row), record, want)
	}
}

// What encoding/csv or Writer has written is read back as the same cells.
func FuzzRoundTrip(f *testing.F) {
	for _, seed := range []string{"a,b|1,2", "x|\"y\"||z\n,\r\n", " |;\t|\r", "\ufeff|sep=;|\\.|''"} {
		f.Add(seed, uint8(2), uint8(0), true, true)
		f.Add(seed, uint8(1), uint8(1), false, true)
		f.Add(seed, uint8(3), uint8(2), true, false)
	}
	f.Fuzz(func(t *testing.T, text string, width, delimiter uint8, crlf, bom bool) {
		d := Dialect{Delimiter: []rune{',', ';', '\t', '|', '§'}[delimiter%5], BOM: bom, CRLF: crlf}
		rows := shape(text, int(width%5)+1)
		checkRoundTrip(t, rows, d, writeStandard(rows, d))
		checkRoundTrip(t, rows, d, writeOurs(t, rows, d))
	})
}

// shape makes rows of equal width of a text, under a header that nothing takes
// for a signature.
func shape(text string, width int) [][]string {
	text = strings.ReplaceAll(text, "\x00", "")
	cells := strings.Split(text, "|")
	header := slices.Repeat([]string{"h"}, width)
	rows := [][]string{header}
	for part := range slices.Chunk(cells, width) {
		rows = append(rows, append(part[:len(part):len(part)], header[len(part):]...))
	}
	return rows
}

func writeStandard(rows [][]string, d Dialect) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma = d.Delimiter
	for _, row := range rows {
		if len(row) == 1 && row[0] == "" { // it would write an empty line
			w.Flush()
			b.WriteString("\"\"\n")
			continue
		}
		w.Write(row)
	}
	w.Flush()
	return b.Bytes()
}

func writeOurs(t *testing.T, rows [][]string, d Dialect) []byte {
	var b bytes.Buffer
	w := NewWriter(&b, d)
	for _, row := range rows {
		if err := w.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	if w.Flush(); w.Error() != nil {
		t.Fatal(w.Error())
	}
	return b.Bytes()
}

func checkRoundTrip(t *testing.T, rows [][]string, d Dialect, text []byte) {
	t.Helper()
	f, err := OpenBytes("round.csv", text, Options{Delimiter: d.Delimiter})
	if err != nil {
		t.Fatal(err)
	}
	got := readAll(t, f)
	if len(got) != len(rows)-1 {
		t.Fatalf("%d rows of %d in %q", len(got), len(rows)-1, text)
	}
	for i, row := range got {
		want := slices.Clone(rows[i+1])
		for c := range want { // the one thing that encoding/csv changes
			want[c] = strings.ReplaceAll(want[c], "\r\n", "\n")
		}
		if !slices.Equal(row.Cells, want) {
			t.Fatalf("row %d is %q, was %q", row.Number, row.Cells, want)
		}
	}
}

// For any bytes that pass for corrected rejects: numbers ascend, each line that
// has a cell filled is one row, and its cells but for the notes are those that a
// plain reading of the file finds there.
func FuzzCorrected(f *testing.F) {
	for _, seed := range []string{
		"a,_row,_code\nx,2,\ny,1,", "\ufeff_row;a;_hint\r\n3;\"x\n;y\";\r\n\r\n2\r\n;;\r\n1;z\r\n", "sep=|\n_row|_row|\n4|2|\n1|1\n",
		"_row\n2\n1", "a,b,_row,_code,_column,_message,_hint,_decision,\n\"1\"\"\",\xff,9,ragged_row,,,,send,\n\"\"\"\",,3,,,,\n", "_row,a\n1,\"x\n2,y\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		plain, err := OpenBytes("fuzz.csv", data, Options{})
		if err != nil {
			return
		}
		file, err := OpenBytes("fuzz.csv", data, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := file.readCorrected(nil, func(*survey, placed, []string) {}); err != nil {
			if e, ok := errors.AsType[*Error](err); !ok || e.Code == "" || e.Hint == "" {
				t.Fatalf("error %#v", err)
			}
			return
		}
		if file.Size != int64(len(data)) {
			t.Errorf("size %d of %d", file.Size, len(data))
		}
		checkCorrected(t, readAll(t, file), readAll(t, plain), plain.Header)
	})
}

func checkCorrected(t *testing.T, got, plain []Row, header []string) {
	t.Helper()
	at := map[int]Row{}
	for _, row := range plain {
		if !blank(row.Cells) {
			at[row.Line] = row
		}
	}
	if len(got) != len(at) {
		t.Fatalf("%d rows of %d", len(got), len(at))
	}
	number := 0
	for _, row := range got {
		if row.Number <= number {
			t.Fatalf("row %d after row %d", row.Number, number)
		}
		number = row.Number
		want, own := withoutNotes(at[row.Line].Cells, header), slices.DeleteFunc(slices.Clone(row.Cells), isEmpty)
		if !slices.Equal(own, want) {
			t.Fatalf("row %d on line %d is %q, want %q", row.Number, row.Line, own, want)
		}
	}
}

func isEmpty(cell string) bool { return strings.TrimSpace(cell) == "" }

// withoutNotes lists the filled cells of a row that are no notes.
func withoutNotes(cells, header []string) []string {
	var own []string
	for i, cell := range cells {
		noted := strings.HasPrefix(header[i], "_") && !slices.Contains(header[i+1:], header[i]) &&
			slices.Contains([]string{"_row", "_code", "_column", "_message", "_hint", "_decision"}, header[i])
		if !noted && !isEmpty(cell) {
			own = append(own, cell)
		}
	}
	return own
}
