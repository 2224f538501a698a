package source

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"attio-import/importer/outcome"
)

const notes = "_row,_code,_column,_message,_hint"

// openCorrected opens a text as rejects that somebody has corrected.
func openCorrected(t testing.TB, text string, columns ...string) (*File, error) {
	t.Helper()
	return OpenRejects(writeFile(t, "rejects.csv", text), Options{Columns: columns})
}

// showCorrected says of each row its number, line, cells and code.
func showCorrected(rows []Row) string {
	var b strings.Builder
	for _, row := range rows {
		fmt.Fprintf(&b, "%d@%d %s", row.Number, row.Line, strings.Join(row.Cells, "|"))
		if row.Problem != nil {
			fmt.Fprintf(&b, " (%s)", row.Problem.Code)
			if row.Problem.Row != row.Number || row.Problem.Line != row.Line {
				b.WriteString(" not located")
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestCorrectedRejects(t *testing.T) {
	for name, tt := range map[string]struct{ text, header, rows string }{
		"as they were":       {"a,b," + notes + "\n1,x,3,code,b,m,h\n2,y,7,code,b,m,h\n", "a|b", "3@2 1|x\n7@3 2|y\n"},
		"no row":             {"a,b," + notes + "\n", "a|b", ""},
		"no row, no end":     {"a,b," + notes, "a|b", ""},
		"one column":         {"a," + notes + "\nx,3,c,,,\n", "a", "3@2 x\n"},
		"sorted by somebody": {"a," + notes + "\nz,30,,,,\ny,4,,,,\nx,100,,,,\n", "a", "4@3 y\n30@2 z\n100@4 x\n"},
		"the last line ends": {"a," + notes + "\nz,3,,,,\ny,1,,,,\nx,2,,,,", "a", "1@3 y\n2@4 x\n3@2 z\n"},
		"lone CR at the end": {"a," + notes + "\nz,3,,,,\nx,2,,,,\r", "a", "2@3 x\n3@2 z\n"},
		"over several lines": {"a," + notes + "\n\"z\n\n3\",3,,,,\n\ny,1,,,,\n\"x\r\nx\",2,,,,\n", "a", "1@6 y\n2@7 x\nx\n3@2 z\n\n3\n"},
		"Excel, in Germany":  {"\ufeffa;b;_row;_code;_column;_message;_hint\r\n1;\"x;y\";9;;;;\r\n2;y;7;;;;\r\n", "a|b", "7@3 2|y\n9@2 1|x;y\n"},
		"Excel, for itself":  {"sep=\t\na\tb\t_row\t_code\t_column\t_message\t_hint\n1\tx\t9\t\t\t\t\n2\ty\t7\t\t\t\t\n", "a|b", "7@4 2|y\n9@3 1|x\n"},
		"blank rows":         {"a," + notes + "\n\n,,,,,\nx,2,,,,\n,,\n , ,,,,\ny,1,,,,\n,,,,,,,,\n", "a", "1@7 y\n2@4 x\n"},
		"empty notes cut":    {"a,b," + notes + "\n1,x,3\n2,y,1,c,b\n", "a|b", "1@3 2|y\n3@2 1|x\n"},
		"columns added":      {"a,b," + notes + ",,\n1,x,3,c,b,m,h,,\n", "a|b", "3@2 1|x\n"},
		"and filled":         {"a,b," + notes + ",,\n1,x,3,c,b,m,h,,z\n", "a|b||", "3@2 1|x||z\n"},
		"notes moved":        {"_hint,_row,b,_code,a\nh,3,x,c,1\nh,2,y,c,2\n", "b|a", "2@3 y|2\n3@2 x|1\n"},
		"notes deleted":      {"a,b,_row\n1,x,3\n2,y,1\n", "a|b", "1@3 2|y\n3@2 1|x\n"},
		"undecided":          {"a," + notes + ",_decision\nx,3,c,,,,\n", "a", "3@2 x\n"},
		"a note of the same": {"_row,b," + notes + "\n77,x,3,c,,,\n", "_row|b", "3@2 77|x\n"},
		"a row not mended":   {"a,b," + notes + "\n\"7;too;many\",,9,ragged_row,,m,h\n\"\"\"\",,8,broken_quote,,m,h\n1,x,7,row_too_long,,,\n1,x,6,,,,\n", "a|b", "6@5 1|x\n7@4 1|x (row_too_long)\n8@3 \"| (broken_quote)\n9@2 7;too;many| (ragged_row)\n"},
		"not UTF-8":          {"a,b," + notes + "\n1,M\xfcller,3,c,b,m,h\n2,y,1,,,,\n", "a|b", "1@3 2|y\n3@2 1|M\xfcller (invalid_encoding)\n"},
		"numbers with space": {"a," + notes + "\nx, 3 ,,,,\ny,002,,,,\n", "a", "2@3 y\n3@2 x\n"},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := openCorrected(t, tt.text)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(f.Header, "|"); got != tt.header {
				t.Errorf("header %s, want %s", got, tt.header)
			}
			for range 2 { // any number of passes
				if got := showCorrected(readPasses(t, f, tt.text)); got != tt.rows {
					t.Errorf("rows\n%swant\n%s", got, tt.rows)
				}
			}
		})
	}
}

// readPasses reads all rows and holds the pass to what any pass says of its source.
func readPasses(t testing.TB, f *File, text string) []Row {
	t.Helper()
	r, err := f.Rows(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var rows []Row
	for {
		row, err := r.Next()
		if err != nil {
			break
		}
		rows = append(rows, row)
	}
	if want := fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(text))); r.Fingerprint() != want || r.Offset() != int64(len(text)) || f.Size != int64(len(text)) {
		t.Errorf("fingerprint %q, offset %d of %d; want %s, %d; the pass ended with %v", r.Fingerprint(), r.Offset(), f.Size, want, len(text), r.err)
	}
	return rows
}

func TestColumnsOfCorrectedRejects(t *testing.T) {
	const sorted = "b,new,a," + notes + "\nx,n,1,3,,,,\ny,,2,1,,,,\n"
	for name, tt := range map[string]struct {
		text    string
		columns []string
		header  string
		rows    string
		err     string
	}{
		"moved and added": {sorted, []string{"a", "b"}, "a|b|new", "1@3 2|y|\n3@2 1|x|n\n", ""},
		"all known":       {sorted, []string{"a", "b", "new"}, "a|b|new", "1@3 2|y|\n3@2 1|x|n\n", ""},
		"two of a name":   {"a,a," + notes + "\n1,2,3,,,,\n", []string{"a", "a"}, "a|a", "3@2 1|2\n", ""},
		"missing":         {"b," + notes + "\nx,3,,,,\n", []string{"a", "b", "c"}, "", "", "rejects.csv: the header lacks 2 columns of the run's sheet: a, c"},
		"one of two":      {"a," + notes + "\nx,3,,,,\n", []string{"a", "a"}, "", "", "rejects.csv: the header lacks 1 column of the run's sheet: a"},
		"of rejects":      {"a," + notes + "\nx,3,c,,,\n", append([]string{"a"}, Notes()...), "a|" + strings.ReplaceAll(notes, ",", "|"), "3@2 x|||||\n", ""},
	} {
		f, err := openCorrected(t, tt.text, tt.columns...)
		if tt.err != "" {
			checkError(t, err, CodeMissingColumn, tt.err)
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(f.Header, "|"); got != tt.header {
			t.Errorf("%s: header %s, want %s", name, got, tt.header)
		}
		if got := showCorrected(readPasses(t, f, tt.text)); got != tt.rows {
			t.Errorf("%s: rows\n%swant\n%s", name, got, tt.rows)
		}
	}
}

func TestRejectsThatCannotBeTold(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		want []string // code and message of each error
	}{
		"no rejects":    {"a,b\n1,2\n", []string{"no_row_column rejects.csv: the header has no column _row, so nobody can tell which rows of the run these are"}},
		"no number":     {"a," + notes + "\nx,,,,,\n", []string{"invalid_row_number rejects.csv: line 2: the row has no number in _row, so nobody can tell which one it is"}},
		"not a number":  {"a," + notes + "\nx,A3,,,,\ny,0,,,,\nz,-4,,,,\nw,1.5,,,,\n", []string{`invalid_row_number rejects.csv: line 2: _row is "A3", which is no row's number`, `invalid_row_number rejects.csv: line 3: _row is "0", which is no row's number`, `invalid_row_number rejects.csv: line 4: _row is "-4", which is no row's number`, `invalid_row_number rejects.csv: line 5: _row is "1.5", which is no row's number`}},
		"twice":         {"a," + notes + "\nx,3,,,,\ny,1,,,,\nz,3,,,,\nz,3,,,,\n", []string{"row_twice rejects.csv: line 4: row 3 stands on line 2 already", "row_twice rejects.csv: line 5: row 3 stands on line 4 already"}},
		"ragged":        {"a,b," + notes + "\n1,x,y,3,,,,\n2\n", []string{"ragged_row rejects.csv: line 2: the row has 8 cells, the header has 7, so nobody can tell which row it is", "ragged_row rejects.csv: line 3: the row has 1 cell, the header has 7, so nobody can tell which row it is"}},
		"too short":     {"a,_row,_code\nx\n", []string{"ragged_row rejects.csv: line 2: the row has 1 cell, the header has 3, so nobody can tell which row it is"}},
		"moved":         {"a," + notes + "\nx,5,3,c,,\n", []string{"ragged_row rejects.csv: line 2: a number stands under _code: the cells have moved, so nobody can tell which row it is"}},
		"broken":        {"a," + notes + "\n5\" x,3,,,,\ny,1,,,,\n", []string{"broken_quote rejects.csv: line 2: a quote stands in a cell that does not begin with one, at character 2"}},
		"several":       {"a," + notes + "\nx,,,,,\n\"y,1,,,,\nz,q,,,,\n", []string{"invalid_row_number rejects.csv: line 2: the row has no number in _row, so nobody can tell which one it is", "broken_quote rejects.csv: line 3: a quote opened here is never closed", `invalid_row_number rejects.csv: line 4: _row is "q", which is no row's number`}},
		"empty":         {"", []string{"empty_file rejects.csv: the file is empty"}},
		"a workbook":    {"PK\x03\x04", []string{"binary_file rejects.csv: the file is a workbook or a ZIP archive, not CSV"}},
		"other letters": {"\xff\xfea\x00", []string{"utf16 rejects.csv: the file is UTF-16 text"}},
	} {
		_, err := openCorrected(t, tt.text)
		if got := errorsIn(err); !slices.Equal(got, tt.want) {
			t.Errorf("%s:\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
		}
	}
}

// errorsIn lists the errors that are joined in one, each with its code, and
// drops those that lack something.
func errorsIn(err error) []string {
	all := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		all = joined.Unwrap()
	}
	var out []string
	for _, err := range all {
		if e, ok := errors.AsType[*Error](err); ok && e.Hint != "" {
			out = append(out, e.Code+" "+e.Message)
		}
	}
	return out
}

func TestManyFaultsAreCounted(t *testing.T) {
	_, err := openCorrected(t, "a,"+notes+"\n"+strings.Repeat("x,,,,,\n", 100))
	if err == nil || strings.Count(err.Error(), "\n") != 20 || !strings.HasSuffix(err.Error(), "and 80 more") {
		t.Errorf("error %v", err)
	}
}

// TestCorrectedRejectsChange has somebody save the file while it is imported.
func TestCorrectedRejectsChange(t *testing.T) {
	text := "a," + notes + "\nx,2,,,,\ny,1,,,,\n"
	for name, change := range map[string]string{
		"longer":             text + "z,3,,,,\n",
		"other numbers":      strings.Replace(text, "x,2", "x,7", 1),
		"another header":     "b" + text[1:],
		"a quote":            strings.Replace(text, "x,2", "\",2", 1),
		"other cells":        strings.Replace(text, "x,2", "z,2", 1),
		"a row less":         strings.Replace(text, "x,2,,,,", ",,,,,,", 1),
		"no row left":        strings.Replace(text, "x,2,,,,", "\n\n\n\n\n\n\n", 1),
		"two rows of one":    strings.Replace(text, "x,2,,,,", ",2\n,3,,", 1),
		"a line end less":    strings.Replace(text, "\ny", ",y", 1),
		"the rows exchanged": "a," + notes + "\ny,1,,,,\nx,2,,,,\n",
	} {
		path := writeFile(t, "rejects.csv", text)
		f, err := OpenRejects(path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if name == "other cells" { // only the fingerprint of an earlier pass tells
			readPasses(t, f, text)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(change), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Time{}, info.ModTime()); err != nil { // nothing shows outside
			t.Fatal(err)
		}
		r, err := f.Rows(context.Background())
		for err == nil {
			_, err = r.Next()
		}
		if e, ok := errors.AsType[*Error](err); !ok || e.Code != CodeSourceChanged {
			t.Errorf("%s: the pass ended with %v", name, err)
		}
		if r != nil {
			r.Close()
		}
	}
}

// TestCorrectedRejectsChangeMeanwhile has the file grow under a pass.
func TestCorrectedRejectsChangeMeanwhile(t *testing.T) {
	var text strings.Builder
	text.WriteString("a," + notes + "\n")
	for n := 1000; n > 0; n-- {
		fmt.Fprintf(&text, "%s,%d,,,,\n", strings.Repeat("x", 200), n)
	}
	path := writeFile(t, "rejects.csv", text.String())
	f, err := OpenRejects(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.Rows(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := r.Next(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text.String()+"y,2000,,,,\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	n := 1
	for ; err == nil; n++ {
		_, err = r.Next()
	}
	if e, ok := errors.AsType[*Error](err); !ok || e.Code != CodeSourceChanged || n > 900 {
		t.Errorf("the pass ended with %v after %d rows", err, n)
	}
}

func TestDecisions(t *testing.T) {
	const id = "0198c1a2-7f3e-4b6d-9c55-3d2f1e0a9b8c"
	const header = "a," + notes + ",_decision\n"
	path := func(text string) string { return writeFile(t, "unknown.csv", text) }
	got, err := ReadDecisions(path(header+
		"x,9,c,,,,send\n"+
		"x,3,c,,,,created https://app.attio.com/acme/companies/record/"+id+"/overview\n"+
		"x,4,c,,,, Drop \n"+
		"x,5,c,,,,\n"+
		"x,6,c,,,\n"+
		"x,7,c,,,,https://app.attio.com/acme/"+strings.ToUpper(id)+"/overview?x="+strings.Repeat("0", 8)+"\n"+
		"x,8,c,,,,CREATED  "+id+"\n"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, d := range got {
		fmt.Fprintf(&b, "%d@%d %s %s %s\n", d.Row, d.Line, strings.Join(d.Cells, "|"), d.Word, d.RecordID)
	}
	if want := "3@3 x created " + id + "\n4@4 x drop \n7@7 x created " + id + "\n8@8 x created " + id + "\n9@2 x send \n"; b.String() != want {
		t.Errorf("decisions\n%swant\n%s", &b, want)
	}
	if got[0].Address != "https://app.attio.com/acme/companies/record/"+id+"/overview" {
		t.Errorf("address %q", got[0].Address)
	}

	for cell, message := range map[string]string{
		"created":                      "created needs the URL of the record behind it",
		"creatd " + id:                 `"creatd ` + id + `" is neither a decision nor the URL of a record`,
		"yes":                          `"yes" is neither a decision nor the URL of a record`,
		"send it":                      `send stands alone, and "it" follows it`,
		"drop " + id:                   `drop stands alone, and "` + id + `" follows it`,
		"created https://example.com/": `"https://example.com/" is neither a decision nor the URL of a record`,
		"created " + id[1:]:            `"` + id[1:] + `" is neither a decision nor the URL of a record`,
		"created a/" + id:              `"a/` + id + `" is neither a decision nor the URL of a record`,
	} {
		_, err := ReadDecisions(path(header+"x,3,c,,,,"+cell+"\n"), Options{})
		checkError(t, err, CodeInvalidDecision, "unknown.csv: line 2: row 3: "+message)
	}
	_, err = ReadDecisions(path("a,"+notes+"\nx,3,,,,\n"), Options{})
	checkError(t, err, CodeNoDecisionColumn, "unknown.csv: the header has no column _decision")
	_, err = ReadDecisions(path(header+"x,3,,,,,yes\nx,,,,,,send\nx,3,,,,,drop\n"), Options{})
	if got := errorsIn(err); len(got) != 3 {
		t.Errorf("told: %q", got)
	}
}

// TestUnknownIsNoSheetOfItsOwn shows that a plain import of unknown.csv does not
// take the decisions for a column of the sheet, nor rows that were not mended.
func TestUnknownIsNoSheetOfItsOwn(t *testing.T) {
	f := openString(t, "a,"+notes+",_decision\nx,3,ragged_row,,,,\n")
	if got := OwnColumns(f.Header); len(got) != 1 {
		t.Errorf("own columns %q", got)
	}
	if rows := readAll(t, f); len(rows) != 1 || codeOf(rows[0]) != outcome.RaggedRow {
		t.Errorf("rows %s", show(rows))
	}
}

// An excerpt is a file of rejects again, with some of the rows, as they stood, and with
// what they say of themselves.
func TestExcerpt(t *testing.T) {
	f, err := openCorrected(t, "a,b,"+notes+"\n1,\"x\r\n\",9,c,,m,\n2,y,7,,,,\n3,z,8,d,,n,")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		rows []int
		want string
	}{
		{[]int{7, 8, 9}, "2,y,7,,,,\n3,z,8,d,,n,\n1,\"x\r\n\",9,c,,m,\n"},
		{[]int{8, 9}, "3,z,8,d,,n,\n1,\"x\r\n\",9,c,,m,\n"},
		{[]int{8}, "3,z,8,d,,n,"},
		{nil, ""},
	} {
		in, err := f.Excerpt(func(row int) bool { return slices.Contains(tt.rows, row) })
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if got, ok := strings.CutPrefix(string(text), "a,b,"+notes+"\n"); !ok || got != tt.want || err != nil {
			t.Errorf("rows %v: %q, want %q (%v)", tt.rows, text, tt.want, err)
		}
		_ = in.Close()
	}
	rows, err := f.Rows(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for _, want := range []Note{{}, {"d", "n"}, {"c", "m"}} {
		if row, err := rows.Next(); err != nil || *row.Note != want {
			t.Errorf("row %d says %v (%v), want %v", row.Number, row.Note, err, want)
		}
	}
}
