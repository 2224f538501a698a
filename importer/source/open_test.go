package source

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestOpen(t *testing.T) {
	path := writeFile(t, "leads.csv", "\ufeff\nName;\"Mail\"\r\nAnn;ann@example.com\r\n")
	f, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if f.Name != "leads.csv" || f.Path != path || f.Size != 38 || f.HeaderLine != 2 {
		t.Errorf("name %q, path %q, size %d, header on line %d", f.Name, f.Path, f.Size, f.HeaderLine)
	}
	if want := []string{"Name", "Mail"}; !slices.Equal(f.Header, want) {
		t.Errorf("header %q, want %q", f.Header, want)
	}
	if want := (Dialect{Delimiter: ';', BOM: true, CRLF: true}); f.Dialect != want {
		t.Errorf("dialect %+v, want %+v", f.Dialect, want)
	}
	if got := show(readAll(t, f)); got != "Ann|ann@example.com" {
		t.Errorf("rows %q", got)
	}
}

func writeFile(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOpenPathIsAbsolute(t *testing.T) {
	path := writeFile(t, "leads.csv", "a\n")
	t.Chdir(filepath.Dir(path))
	f, err := Open("leads.csv", Options{})
	if err != nil || !filepath.IsAbs(f.Path) || filepath.Base(f.Path) != "leads.csv" {
		t.Errorf("path %v, error %v", f, err)
	}
}

func TestOpenRefuses(t *testing.T) {
	for _, c := range []struct{ name, text, code, message string }{
		{"empty", "", CodeEmptyFile, "x.csv: the file is empty"},
		{"only a BOM", "\ufeff", CodeEmptyFile, "x.csv: the file is empty"},
		{"only empty lines", "\n\r\n\n", CodeEmptyFile, "x.csv: the file is empty"},
		{"only a separator line", "sep=,\n", CodeEmptyFile, "x.csv: the file is empty"},
		{"UTF-16 LE", "\xff\xfea\x00,\x00b\x00", CodeUTF16, "x.csv: the file is UTF-16 text"},
		{"UTF-16 BE", "\xfe\xff\x00a\x00,\x00b", CodeUTF16, "x.csv: the file is UTF-16 text"},
		{"UTF-16 without a mark", "a\x00,\x00b\x00\n\x00", CodeUTF16, "x.csv: the file is UTF-16 text"},
		{"UTF-32", "\xff\xfe\x00\x00a\x00\x00\x00", CodeUTF16, "x.csv: the file is UTF-32 text"},
		{"workbook", "PK\x03\x04\x14\x00\x06\x00", CodeBinary, "x.csv: the file is a workbook or a ZIP archive, not CSV"},
		{"gzip", "\x1f\x8b\x08\x00", CodeBinary, "x.csv: the file is compressed with gzip"},
		{"NUL bytes", "a,b\n1,2\x00\x003\n", CodeBinary, "x.csv: the file is not text: it contains NUL bytes"},
		{"old Mac lines", "a,b\r1,2\r", CodeLineEnds, "x.csv: the lines of the file end in a carriage return alone"},
		{"broken quote in the header", "\n\na\"b,c\n1,2\n", CodeBrokenQuote,
			"x.csv: line 3: the header cannot be read: a quote stands in a cell that does not begin with one, at character 2"},
		{"open quote in the header", "\"a,b\n1,2\n", CodeBrokenQuote,
			"x.csv: line 1: the header cannot be read: a quote opened here is never closed"},
		{"encoding of the header", "a,Stra\xdfe\n", CodeInvalidEncoding,
			"x.csv: line 1: column 2 of the header is not UTF-8: byte 0xDF, at character 5"},
		{"header too long", strings.Repeat("x", maxRecordBytes+1) + "\n1\n", CodeRowTooLong,
			"x.csv: line 1: the header cannot be read: the line has 1048578 bytes, and no row may have more than 1 MiB; only its beginning is kept"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := OpenBytes("x.csv", []byte(c.text), Options{})
			checkError(t, err, c.code, c.message)
		})
	}
}

func checkError(t *testing.T, err error, code, message string) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v, want an *Error", err)
	}
	if e.Code != code || e.Message != message || e.Hint == "" {
		t.Errorf("got  %q, %q, hint %q\nwant %q, %q and a hint", e.Code, e.Message, e.Hint, code, message)
	}
}

func TestOpenRefusesWhatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	missing := filepath.Join(dir, "missing.csv")
	_, err := Open(missing, Options{})
	checkError(t, err, CodeMissingFile, missing+": there is no such file")
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v does not wrap fs.ErrNotExist", err)
	}
	_, err = Open(dir, Options{})
	checkError(t, err, CodeDirectory, dir+": this is a directory, not a file")
	_, err = Open(os.DevNull, Options{})
	checkError(t, err, CodeNotRegular, os.DevNull+": this is not a regular file")
}

func TestOpenUnreadable(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may read everything")
	}
	path := writeFile(t, "secret.csv", "a\n")
	if err := os.Chmod(path, 0); err != nil {
		t.Fatal(err)
	}
	_, err := Open(path, Options{})
	checkError(t, err, CodeUnreadable, path+": you may not read this file")
}

// A delimiter that is given is taken, also where another would be recognised;
// it may be any character.
func TestDelimiterOption(t *testing.T) {
	for _, c := range []struct {
		delimiter rune
		text      string
		want      string
	}{
		{';', "a,b\n1,2\n", "1,2"},
		{',', "a;b,c\n1;2,3\n", "1;2|3"},
		{'\t', "a\tb\n1\t2\n", "1|2"},
		{'^', "a^b\n1^\"2^3\"\n", "1|2^3"},
		{'§', "a§b\n1§\"2§\"\"3\"\n", "1|2§\"3"},
	} {
		f, err := OpenBytes("x.csv", []byte(c.text), Options{Delimiter: c.delimiter})
		if err != nil {
			t.Fatal(err)
		}
		if got := show(readAll(t, f)); got != c.want || f.Dialect.Delimiter != c.delimiter {
			t.Errorf("%q by %q: %q, want %q", c.text, c.delimiter, got, c.want)
		}
	}
	for _, bad := range []rune{'"', '\n', '\r', 0xfffd, -1, 0xd800} {
		if _, err := OpenBytes("x.csv", []byte("a\n"), Options{Delimiter: bad}); err == nil {
			t.Errorf("%q was taken for a delimiter", bad)
		} else if e, ok := errors.AsType[*Error](err); !ok || e.Code != CodeInvalidDelimiter {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestFingerprint(t *testing.T) {
	text := "\ufeffa,b\r\n1,2\r\n3,\"4" + strings.Repeat("\n5,6", 100_000)
	sum := sha256.Sum256([]byte(text))
	f, err := Open(writeFile(t, "x.csv", text), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		r, err := f.Rows(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		for err == nil {
			if r.Fingerprint() != "" {
				t.Fatal("a fingerprint before the end")
			}
			_, err = r.Next()
		}
		if want := "sha256:" + hex.EncodeToString(sum[:]); r.Fingerprint() != want {
			t.Errorf("fingerprint %s, want %s", r.Fingerprint(), want)
		}
		r.Close()
		if r.Fingerprint() == "" {
			t.Error("closing drops the fingerprint")
		}
	}
}

func TestSourceChanged(t *testing.T) {
	text := "a,b\n" + strings.Repeat("1,2\n", 100_000)
	longAgo := time.Now().Add(-time.Hour)
	for _, c := range []struct {
		name   string
		change func(path string) error
	}{
		{"grown", func(path string) error { return os.WriteFile(path, []byte(text+"3,4\n"), 0o600) }},
		{"shrunk", func(path string) error { return os.Truncate(path, 8) }},
		{"touched", func(path string) error { return os.Chtimes(path, longAgo, longAgo) }},
	} {
		t.Run(c.name+" between passes", func(t *testing.T) {
			f, path := openFile(t, text)
			if err := c.change(path); err != nil {
				t.Fatal(err)
			}
			_, err := f.Rows(context.Background())
			checkError(t, err, CodeSourceChanged, "x.csv: the file has changed while it was being imported")
		})
		t.Run(c.name+" in a pass", func(t *testing.T) {
			f, path := openFile(t, text)
			r, err := f.Rows(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			if err := c.change(path); err != nil {
				t.Fatal(err)
			}
			rows := 0
			for ; err == nil; rows++ {
				_, err = r.Next()
			}
			checkError(t, err, CodeSourceChanged, "x.csv: the file has changed while it was being imported")
			if rows > 20_000 {
				t.Errorf("noticed after %d rows only", rows)
			}
			if _, again := r.Next(); again != err {
				t.Errorf("then %v", again)
			}
		})
	}
}

func openFile(t *testing.T, text string) (*File, string) {
	t.Helper()
	path := writeFile(t, "x.csv", text)
	f, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return f, path
}

// A change that size and time do not show is seen by the bytes.
func TestSourceChangedBehindTheClock(t *testing.T) {
	f, path := openFile(t, "a,b\n1,2\n")
	readAll(t, f)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"a,b\n1,3\n", "b,a\n1,2\n", "\"a\n1,2\n"} {
		if err := errors.Join(os.WriteFile(path, []byte(text), 0o600), os.Chtimes(path, info.ModTime(), info.ModTime())); err != nil {
			t.Fatal(err)
		}
		r, err := f.Rows(context.Background())
		for err == nil {
			_, err = r.Next()
		}
		if e, ok := errors.AsType[*Error](err); !ok || e.Code != CodeSourceChanged {
			t.Errorf("%q: %v", text, err)
		}
		if r != nil {
			r.Close()
		}
	}
}

func TestSourceRemovedBetweenPasses(t *testing.T) {
	f, path := openFile(t, "a,b\n1,2\n")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	_, err := f.Rows(context.Background())
	checkError(t, err, CodeMissingFile, path+": there is no such file")
}
