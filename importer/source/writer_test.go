package source

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

func TestWriter(t *testing.T) {
	comma := Dialect{Delimiter: ','}
	for _, c := range []struct {
		name    string
		dialect Dialect
		rows    [][]string
		want    string
	}{
		{"nothing", Dialect{Delimiter: ',', BOM: true, CRLF: true}, nil, ""},
		{"plain", comma, [][]string{{"a", "b"}, {"1", ""}}, "a,b\n1,\n"},
		{"mark and CRLF", Dialect{Delimiter: ';', BOM: true, CRLF: true}, [][]string{{"a", "b"}, {"1", "2"}}, "\ufeffa;b\r\n1;2\r\n"},
		{"quotes for what needs them", comma, [][]string{{"a,b", `c"d`, "e\nf", "g;h", " i ", "j\tk"}},
			"\"a,b\",\"c\"\"d\",\"e\nf\",g;h, i ,j\tk\n"},
		{"quotes go by the delimiter", Dialect{Delimiter: '\t'}, [][]string{{"a,b", "c\td"}}, "a,b\t\"c\td\"\n"},
		{"line ends in cells stay", Dialect{Delimiter: ',', CRLF: true}, [][]string{{"a\nb", "c\rd"}}, "\"a\nb\",\"c\rd\"\r\n"},
		{"bytes stay", comma, [][]string{{"Caf\xe9"}}, "Caf\xe9\n"},
		{"one empty cell", comma, [][]string{{""}, {"a"}}, "\"\"\na\n"},
		{"what begins like a mark", comma, [][]string{{"\ufeffa"}, {"\ufeffb"}}, "\"\ufeffa\"\n\ufeffb\n"},
		{"what begins like a separator line", comma, [][]string{{"sep=;"}, {"sep=;"}}, "\"sep=;\"\nsep=;\n"},
		{"a line with a broken quote as one cell", comma, [][]string{{`3,5" pipe`, "", "7"}}, "\"3,5\"\" pipe\",,7\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := string(writeOurs(t, c.rows, c.dialect)); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

// A file of well-formed rows comes out as it went in, byte by byte, as long as
// it has quotes where they are needed and nowhere else.
func TestWriterRestoresSource(t *testing.T) {
	for _, text := range []string{
		"a,b\n1,2\n",
		"\ufeffa;b\r\n1,5;\"2;3\"\r\n\"x\ny\";\"he said \"\"no\"\"\"\r\n",
		"a\tb\n, \t;\n",
	} {
		f := openString(t, text)
		rows := [][]string{f.Header}
		for _, row := range readAll(t, f) {
			rows = append(rows, row.Cells)
		}
		if got := string(writeOurs(t, rows, f.Dialect)); got != text {
			t.Errorf("got  %q\nfrom %q", got, text)
		}
	}
}

func TestWriterErrors(t *testing.T) {
	if err := NewWriter(&bytes.Buffer{}, Dialect{Delimiter: ','}).Write(nil); err == nil {
		t.Error("a row without cells was written")
	}
	w := NewWriter(fullDisk{}, Dialect{Delimiter: ','})
	if err := w.Write([]string{"a"}); err != nil {
		t.Fatal(err)
	}
	if w.Flush(); !errors.Is(w.Error(), errDiskFull) {
		t.Errorf("after Flush: %v", w.Error())
	}
	if err := w.Write([]string{strings.Repeat("a", 10_000)}); !errors.Is(err, errDiskFull) {
		t.Errorf("a later Write: %v", err)
	}
}

var errDiskFull = errors.New("disk full")

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errDiskFull }
