package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"attio-import/importer/outcome"
)

// Inputs are marked where a row is expected to begin, so that a case shows
// input, rows, lines and problems together.
var marks = map[rune]outcome.Code{
	'§': "",                      // a row without a problem
	'≠': outcome.RaggedRow,       //
	'¶': outcome.BrokenQuote,     // with the rest of the line as Raw
	'¿': outcome.InvalidEncoding, //
}

// expectation is what a mark says.
type expectation struct {
	line int
	code outcome.Code
	raw  string
}

// unmark returns the input without marks, and what they say.
func unmark(marked string) (string, []expectation) {
	var input strings.Builder
	var want []expectation
	line := 1
	for rest := marked; rest != ""; {
		r := []rune(rest[:min(4, len(rest))])[0]
		if code, ok := marks[r]; ok {
			rest = rest[len(string(r)):]
			e := expectation{line: line, code: code}
			if code == outcome.BrokenQuote {
				raw, _, _ := strings.Cut(rest, "\n")
				e.raw = strings.TrimSuffix(raw, "\r")
			}
			want = append(want, e)
			continue
		}
		if rest[0] == '\n' {
			line++
		}
		input.WriteByte(rest[0])
		rest = rest[1:]
	}
	return input.String(), want
}

func TestRows(t *testing.T) {
	long := strings.Repeat("long_", 100)
	for _, c := range []struct {
		name  string
		input string
		cells string // rows apart by space, cells by |; ~ for a row without cells; ␣ ⏎ ← for space, LF, CR
	}{
		{"plain", "a,b\n§1,2\n§3,4\n", "1|2 3|4"},
		{"no line end at the end", "a,b\n§1,2\n§3,4", "1|2 3|4"},
		{"CRLF", "a,b\r\n§1,2\r\n§3,4\r\n", "1|2 3|4"},
		{"CRLF without the last LF", "a,b\r\n§1,2\r\n§3,4\r", "1|2 3|4"},
		{"mixed line ends", "a,b\n§1,2\r\n§3,4\n", "1|2 3|4"},
		{"BOM", "\ufeffa,b\n§1,2\n", "1|2"},
		{"BOM and a quoted header", "\ufeff\"a\",b\r\n§1,2\r\n", "1|2"},
		{"BOM inside is text", "a,b\n§\ufeff1,2\n", "\ufeff1|2"},
		{"header only", "a,b\n", ""},
		{"header only, no line end", "a,b", ""},
		{"one column", "a\n§1\n§2\n", "1 2"},
		{"one column with commas in quotes", "a\n§\"1,2\"\n§3\n", "1,2 3"},
		{"one column, an empty cell in quotes", "a\n§\"\"\n§3\n", " 3"},
		{"semicolon", "a;b\n§1,5;2\n", "1,5|2"},
		{"tab", "a\tb\n§1, 5\t2\n", "1,␣5|2"},
		{"pipe", "a|b\n§1|2\n", "1|2"},
		{"separator line", "sep=;\r\na;b\r\n§1;2\r\n", "1|2"},
		{"separator line not at the top", "\nsep=;\n§1;2\n", "1|2"},
		{"long cells", "a,b\n§" + long + "," + long + "\n¶" + long + "\",1\n§2,3\n", long + "|" + long + " ~ 2|3"},
		{"blanks are kept", "a,b\n§ 1 ,  \n", "␣1␣|␣␣"},
		{"lone CR stays", "a,b\n§1\r,2\n§\"3\r4\",5\n", "1←|2 3←4|5"},

		{"line break in quotes", "a,b\n§1,\"x\ny\"\n§2,z\n", "1|x⏎y 2|z"},
		{"CRLF in quotes", "a,b\r\n§1,\"x\r\ny\"\r\n§2,z\r\n", "1|x⏎y 2|z"},
		{"LF in quotes under CRLF", "a,b\r\n§1,\"x\ny\"\r\n§2,z\r\n", "1|x⏎y 2|z"},
		{"line break in the header", "\"a\nb\",c\n§1,2\n", "1|2"},
		{"empty line in quotes", "a,b\n§1,\"x\n\n\ny\"\n§2,z\n", "1|x⏎⏎⏎y 2|z"},
		{"empty lines", "\n\r\na,b\n\n\n§1,2\n\r\n§3,4\n\n", "1|2 3|4"},
		{"a CR that ends nothing", "a,b\n§1,2\n\r", "1|2"},

		{"short row", "a,b\n≠1\n§2,3\n", "1 2|3"},
		{"long row", "a,b\n≠1,2,3\n§4,5\n", "1|2|3 4|5"},
		{"ragged after line breaks", "a,b\n§\"1\n2\",3\n\n≠4\n", "1⏎2|3 4"},
		{"blank row", "a,b\n§,\n§3,4\n", "| 3|4"},
		{"blank row, too short", "a,b,c\n§,\n§ \n", "|| ||"},
		{"blank row, too long", "a,b\n§,,,\n", "|"},

		{"bare quote", "a,b\n§1,2\n¶3,5\" pipe\n§4,5\n", "1|2 ~ 4|5"},
		{"text after a quote", "a,b\n¶\"1\"x,2\n§4,5\n", "~ 4|5"},
		{"space before a quote", "a,b\n¶1, \"2\"\n§4,5\n", "~ 4|5"},
		{"bare quote, last line without end", "a,b\n¶3,5\" pipe", "~"},
		{"bare quote, CRLF", "a,b\r\n¶3,5\" pipe\r\n§4,5\r\n", "~ 4|5"},
		{"text after a quote on a later line", "a,b\n§0,0\n¶1,\"x\n¶2,y\n¶3,z\" w\n§4,5\n", "0|0 ~ ~ ~ 4|5"},
		{"damage reaches to the next quoted cell", "a,b\n¶\"1,2\n¶3,4\n¶5,\"6\"\n§7,8\n", "~ ~ ~ 7|8"},
		{"bare quote after a quoted line break", "a,b\n¶\"x\n¶y\",z\"\n§4,5\n", "~ ~ 4|5"},
		{"empty lines in the damage", "a,b\n¶\"x\n\n\r\n¶y\"z\n\n§4,5\n", "~ ~ 4|5"},
		{"two stretches side by side", "a,b\n¶1\"\n¶\"x\n¶y\"z\n¶2\"\n§4,5\n", "~ ~ ~ ~ 4|5"},

		{"quote never closed", "a,b\n§1,2\n¶3,\"x\n§4,5\n≠6\n§7,8", "1|2 ~ 4|5 6 7|8"},
		{"quote never closed, last line", "a,b\n§1,2\n¶3,\"x", "1|2 ~"},
		{"quote never closed, only quote", "a,b\n¶\"\n§1,2\n", "~ 1|2"},
		{"quote never closed after a quoted line break", "a,b\n¶\"x\n¶y,y\",\"z\n§1,2\n", "~ ~ 1|2"},
		{"quote never closed, doubled ones after it", "a,b\n¶1,\"x\n§\"\"\n¶z\"\"\n§1,2\n", "~ | ~ 1|2"},
		{"three rows into one: lazy quotes would take it", "a,b\n¶1,\"Ann\n¶2,Bob\n¶3,Cy\"s\n§4,Di\n", "~ ~ ~ 4|Di"},

		{"invalid UTF-8", "a,b\n¿1,Caf\xe9\n§2,ok\n", "1|Caf\xe9 2|ok"},
		{"invalid UTF-8 in a ragged row", "a,b\n≠Caf\xe9\n", "Caf\xe9"},
		{"invalid UTF-8 in a broken row", "a,b\n¶\"1\"\xe9,2\n", "~"},
		{"U+FFFD is a character", "a,b\n§1,\ufffd\n", "1|\ufffd"},
		{"everything at once", "\ufeff\"a\",b\r\n§1,2\r\n§\"x\r\ny\",3\r\n\r\n¶4,\"5\" 6\r\n≠7\r\n≠8,9,10\r\n§11,12\r\n", "1|2 x⏎y|3 ~ 7 8|9|10 11|12"},
	} {
		t.Run(c.name, func(t *testing.T) {
			input, want := unmark(c.input)
			f, err := OpenBytes("test.csv", []byte(input), Options{})
			if err != nil {
				t.Fatal(err)
			}
			rows := readAll(t, f)
			if got := show(rows); got != c.cells {
				t.Errorf("cells %q, want %q", got, c.cells)
			}
			if len(rows) != len(want) {
				t.Fatalf("%d rows, want %d", len(rows), len(want))
			}
			for i, row := range rows {
				checkRow(t, row, i+1, want[i])
			}
		})
	}
}

func checkRow(t *testing.T, row Row, number int, want expectation) {
	t.Helper()
	var code outcome.Code
	if p := row.Problem; p != nil {
		code = p.Code
		if p.Row != row.Number || p.Line != row.Line || p.Severity != outcome.Error || p.Message == "" || p.Hint == "" {
			t.Errorf("row %d: incomplete problem %+v", number, p)
		}
	}
	if row.Number != number || row.Line != want.line || code != want.code || row.Raw != want.raw {
		t.Errorf("row %d, line %d, %q, raw %q; want row %d, line %d, %q, raw %q",
			row.Number, row.Line, code, row.Raw, number, want.line, want.code, want.raw)
	}
}

func readAll(t testing.TB, f *File) []Row {
	t.Helper()
	r, err := f.Rows(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var rows []Row
	for {
		row, err := r.Next()
		if err == io.EOF {
			return rows
		}
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
}

func show(rows []Row) string {
	var all []string
	for _, row := range rows {
		text := strings.Join(row.Cells, "|")
		if row.Cells == nil {
			text = "~"
		}
		all = append(all, strings.NewReplacer(" ", "␣", "\n", "⏎", "\r", "←").Replace(text))
	}
	return strings.Join(all, " ")
}

func openString(t testing.TB, text string) *File {
	t.Helper()
	f, err := OpenBytes("test.csv", []byte(text), Options{})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// What a person is told, word for word: these are the product.
func TestProblems(t *testing.T) {
	for _, c := range []struct {
		name, input          string
		row                  int
		column, value        string
		message, partOfAHint string
	}{
		{"too few cells", "a,b,c\n1\n", 1, "", "", "the row has 1 cell, the header has 3", "a comma"},
		{"too many cells", "a;b\n1;2;3\n", 1, "", "", "the row has 3 cells, the header has 2", "contains a semicolon"},
		{"ragged over lines", "a,b\n1,2\n\"x\ny\"\n", 2, "", "", "the row has 1 cell, the header has 2", "lines 3 to 4"},
		{"bare quote", "a,b\nä1,5\" pipe\n", 1, "", `ä1,5" pipe`,
			"a quote stands in a cell that does not begin with one, at character 5", "double"},
		{"text after a quote", "a,b\n\"x\"y,2\n", 1, "", `"x"y,2`, "text follows a closing quote, at character 3", "double"},
		{"stretch, first line", "a,b\n\"x\nö\"z,2\n", 1, "", `"x`,
			"lines 2 to 3 cannot be told apart: a cell in quotes runs on from line 2, and on line 3 text follows a closing quote, at character 2", "double"},
		{"stretch, last line", "a,b\n\"x\nö\"z,2\n", 2, "", `ö"z,2`,
			"lines 2 to 3 cannot be told apart: a cell in quotes runs on from line 2, and on line 3 text follows a closing quote, at character 2", "double"},
		{"never closed", "a,b\n1,\"x\n3,4\n", 1, "", `1,"x`, "a quote opened here is never closed", "close the quote"},
		{"never closed in a stretch", "a,b\n\"x\ny\",\"z\n3,4\n", 1, "", `"x`,
			"lines 2 to 3 cannot be told apart: a cell in quotes runs on from line 2, and on line 3 a quote opened here is never closed", "close the quote"},
		{"encoding", "a,b\n1,Stra\xdfe\n", 1, "b", "Stra\ufffde", "the cell is not UTF-8: byte 0xDF, at character 5", "UTF-8"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := readAll(t, openString(t, c.input))[c.row-1].Problem
			if p == nil || p.Column != c.column || p.Value != c.value || p.Message != c.message || !strings.Contains(p.Hint, c.partOfAHint) {
				t.Errorf("got  %+v\nwant column %q, value %q, message %q, hint with %q", p, c.column, c.value, c.message, c.partOfAHint)
			}
		})
	}
}

// Past the limits of a record the quote counts as never closed; up to them it
// is a cell like any other.
func TestRecordLimits(t *testing.T) {
	lines := func(n int) string { return "a,b\n1,\"x" + strings.Repeat("\ny,z", n-1) + "\"\n2,3\n" }
	bytes := func(n int) string {
		return "a,b\n1,\"" + strings.Repeat("x", n-len("1,\"\"\n")) + "\"\n2,3\n"
	}
	twoLines := func(n int) string {
		return "a,b\n1,\"\n" + strings.Repeat("x", n-len("1,\"\n\"\n")) + "\"\n2,3\n"
	}
	for _, c := range []struct {
		name, input string
		rows        int
		first       outcome.Code
		last        outcome.Code
	}{
		{"1,000 lines", lines(maxRecordLines), 2, "", ""},
		{"1,001 lines", lines(maxRecordLines + 1), maxRecordLines + 2, outcome.BrokenQuote, ""},
		{"1 MiB", bytes(maxRecordBytes), 2, "", ""},
		{"a line over 1 MiB", bytes(maxRecordBytes + 1), 2, outcome.RowTooLong, ""},
		{"two lines of 1 MiB", twoLines(maxRecordBytes), 2, "", ""},
		{"two lines over 1 MiB", twoLines(maxRecordBytes + 1), 3, outcome.BrokenQuote, ""},
		{"a last line over 1 MiB without end", "a,b\n1,2\n" + strings.Repeat("x", maxRecordBytes+1), 2, "", outcome.RowTooLong},
		{"a line of 5 MiB", "a,b\n" + strings.Repeat("x,", 5<<19) + "\n1,2\n", 2, outcome.RowTooLong, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := openString(t, c.input)
			rows := readAll(t, f)
			if len(rows) != c.rows || codeOf(rows[0]) != c.first || codeOf(rows[len(rows)-1]) != c.last {
				t.Errorf("%d rows, first %q, last %q; want %d, %q, %q",
					len(rows), codeOf(rows[0]), codeOf(rows[len(rows)-1]), c.rows, c.first, c.last)
			}
			if last := strings.Count(strings.TrimSuffix(c.input, "\n"), "\n") + 1; rows[len(rows)-1].Line != last {
				t.Errorf("last row on line %d, want %d", rows[len(rows)-1].Line, last)
			}
		})
	}
}

func codeOf(r Row) outcome.Code {
	if r.Problem == nil {
		return ""
	}
	return r.Problem.Code
}

func TestTooLongRowKeepsItsBeginning(t *testing.T) {
	line := strings.Repeat("0123456789", 300_000)
	row := readAll(t, openString(t, "a,b\n"+line+"\n1,2\n"))[0]
	if row.Raw != line[:longLineKept] || !strings.Contains(row.Problem.Message, "3000001 bytes") || len(row.Problem.Value) > excerptBytes+3 {
		t.Errorf("raw of %d bytes, problem %+v", len(row.Raw), row.Problem)
	}
}

func TestPassesAreEqual(t *testing.T) {
	text := "\ufeffa,b\r\n1,2\r\n\"x\ny\",\"\r\n3,4\r\n"
	f := openString(t, text)
	first := readAll(t, f)
	for range 3 {
		if again := readAll(t, f); show(again) != show(first) || len(again) != 4 {
			t.Fatalf("got %q after %q", show(again), show(first))
		}
	}
}

func TestOffsetEndsAtSize(t *testing.T) {
	for _, text := range []string{"a,b\n1,2\n3,4", "\ufeffa,b\r\n1,2\r\n\r\n\r\n", "a,b\n1,\"x\n3,4\n", "a,b"} {
		f := openString(t, text)
		r, err := f.Rows(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		last := r.Offset()
		for err == nil {
			_, err = r.Next()
			if r.Offset() < last || r.Offset() > f.Size {
				t.Errorf("%q: offset %d after %d", text, r.Offset(), last)
			}
			last = r.Offset()
		}
		if last != int64(len(text)) {
			t.Errorf("%q: offset %d at the end, size %d", text, last, len(text))
		}
		r.Close()
	}
}

func TestOffsetOfRows(t *testing.T) {
	r, err := openString(t, "\ufeffa,b\n1,2\n\n3,\"\n\"\n5,6").Rows(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	got := []int64{r.Offset()}
	for {
		if _, err := r.Next(); err != nil {
			break
		}
		got = append(got, r.Offset())
	}
	if want := []int64{7, 11, 18, 21}; !slices.Equal(got, want) {
		t.Errorf("offsets %v, want %v", got, want)
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	r, err := openString(t, "a,b\n1,2\n3,4\n").Rows(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := r.Next(); err != nil {
		t.Fatal(err)
	}
	cancel()
	for range 2 {
		if row, err := r.Next(); !errors.Is(err, context.Canceled) {
			t.Errorf("got row %+v, error %v", row, err)
		}
	}
	if r.Fingerprint() != "" {
		t.Error("a pass that did not come to the end has a fingerprint")
	}
}

func TestClose(t *testing.T) {
	r, err := openString(t, "a,b\n1,2\n").Rows(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(r.Close(), r.Close()); err != nil {
		t.Error(err)
	}
	if _, err := r.Next(); err == nil {
		t.Error("a closed pass still has rows")
	}
}

// The cells of a row are the caller's: later rows leave them alone.
func TestRowsKeepTheirCells(t *testing.T) {
	var text strings.Builder
	text.WriteString("a,b\n")
	for i := range 5000 {
		fmt.Fprintf(&text, "%d,%d\n", i, -i)
	}
	for i, row := range readAll(t, openString(t, text.String())) {
		if want := fmt.Sprintf("%d|%d", i, -i); strings.Join(row.Cells, "|") != want {
			t.Fatalf("row %d is %q", row.Number, row.Cells)
		}
	}
}

// Calls of gocsv that read everything at once must not work by accident.
func TestReadAllRefuses(t *testing.T) {
	r, err := openString(t, "a,b\n1,2\n").Rows(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := r.decoder.GetCSVRows(); err == nil {
		t.Error("GetCSVRows read the whole source")
	}
}

// A row of rejects that could not be divided into cells stays refused until its
// _code is emptied; others pass on what their cells say.
func TestRowsOfRejectsThatNobodyMended(t *testing.T) {
	const text = "ID,Name,_row,_code,_column,_message,_hint\n" +
		"\"a,b\",,1,broken_quote,,m,h\n" +
		"c,C,2,,,,\n" +
		"d,D,3,invalid_date,Day,m,h\n" +
		"e,,4,ragged_row,,m,h\n"
	f, err := OpenBytes("rejects.csv", []byte(text), Options{})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.Rows(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for _, want := range []outcome.Code{outcome.BrokenQuote, "", "", outcome.RaggedRow} {
		row, err := rows.Next()
		if err != nil {
			t.Fatal(err)
		}
		var got outcome.Code
		if row.Problem != nil {
			got = row.Problem.Code
		}
		if got != want {
			t.Errorf("row %d: %q, want %q", row.Number, got, want)
		}
	}
}
