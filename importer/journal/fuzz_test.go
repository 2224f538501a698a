package journal

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"attio-import/importer/outcome"
)

// FuzzRead reads any bytes: an error or a Log of which all can be asked, and
// that can be resumed.
func FuzzRead(f *testing.F) {
	whole := tell(f, 1, 40).d.bytes
	f.Add(whole)
	f.Add(whole[:len(whole)-7])
	f.Add(append(whole[:len(whole):len(whole)], make([]byte, 600)...))
	f.Add(file("{\"i\":2147483648}\n"))
	f.Add([]byte(magic + "@1 67108864 1 00000000\n"))
	f.Fuzz(func(t *testing.T, b []byte) { readAll(t, b) })
}

// FuzzLines reads any lines in groups whose checksums are right.
func FuzzLines(f *testing.F) {
	for at, file := len(magic), tell(f, 2, 60).d.bytes; at < len(file); {
		h, length, _ := parseHeader(file[at:])
		f.Add(file[at+length:at+length+h.bytes], file[at+length:at+length+h.bytes])
		at += length + h.bytes
	}
	f.Fuzz(func(t *testing.T, one, two []byte) { readAll(t, file(string(one), string(two))) })
}

func readAll(t *testing.T, b []byte) {
	l, err := load(of(b), int64(len(b)))
	if err != nil {
		expectTyped(t, err)
		return
	}
	seen := 0
	for e, err := range l.Entries() {
		if err != nil {
			expectTyped(t, err)
			break
		}
		if e.Outcome.Row <= seen {
			t.Errorf("row %d after row %d", e.Outcome.Row, seen)
		}
		seen = e.Outcome.Row
		again(t, e, l)
	}
	for _, row := range l.OpenRows() {
		if l.Open(row) == nil || l.Done(row) {
			t.Errorf("row %d is listed as open", row)
		}
	}
	if _, err := l.OpenReferences(); err != nil {
		expectTyped(t, err)
	}
	d := of(b)
	j, l, err := Resume(d, int64(len(b)), Options{})
	if err != nil {
		t.Fatalf("what can be read cannot be resumed: %v", err)
	}
	must(t, j.Intend(context.Background(), outcome.Intent{Row: maxRow, Verb: outcome.Create}))
	must(t, j.Close())
	if after := mustLoad(t, d.bytes); after.Open(maxRow) == nil || after.Processes() != l.Processes() {
		t.Error("it does not go on")
	}
}

// again writes an entry as it was read: it must read the same.
func again(t *testing.T, e Entry, l *Log) {
	line, err := appendResult(nil, &e.Outcome, e.Cells, e.Raw, e.Generation, l.web)
	must(t, err)
	got, err := decodeResult(line[:len(line)-1], l.web)
	if err != nil || toJSON(got) != toJSON(e) {
		t.Errorf("%v\n%s\n%+v\n%+v", err, line, got, e)
	}
}

func expectTyped(t *testing.T, err error) {
	t.Helper()
	var corrupt *CorruptError
	var version *VersionError
	if !errors.As(err, &corrupt) && !errors.As(err, &version) {
		t.Errorf("%T: %v", err, err)
	}
}

// FuzzText writes any bytes as JSON that encoding/json reads.
func FuzzText(f *testing.F) {
	for _, s := range []string{"", "a\"b\\c", "\x00", "\xff", "\u2028\u202e\x7f\u009b", "\U0001f600\n\t", "\ufffd", "a\x00b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		line := appendText(nil, s)
		var got string
		must(t, json.Unmarshal(line, &got))
		must(t, unarmour(&got))
		if got != s {
			t.Errorf("%q became %q by %s", s, got, line)
		}
		for _, r := range string(line) {
			if r < ' ' || mustEscape(r) && r != '"' && r != '\\' {
				t.Errorf("%q stands in %q", r, line)
			}
		}
	})
}
