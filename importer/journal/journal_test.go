package journal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"attio-import/importer/outcome"

	"github.com/google/go-cmp/cmp"
)

// disk is a File in memory that keeps count of what was written and synced,
// and that can be full or broken.
type disk struct {
	mu       sync.Mutex
	bytes    []byte
	ends     []int // where the file ended after each sync
	room     int   // bytes that the disk has; 0: enough
	reserved int
	failSync error
	closed   bool
}

func (d *disk) Write(b []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if n := max(d.room, d.reserved) - len(d.bytes); d.room > 0 && n < len(b) {
		d.bytes = append(d.bytes, b[:n]...)
		return n, syscall.ENOSPC
	}
	d.bytes = append(d.bytes, b...)
	return len(b), nil
}

func (d *disk) Sync() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.failSync != nil {
		return d.failSync
	}
	d.ends = append(d.ends, len(d.bytes))
	return nil
}

func (d *disk) ReadAt(b []byte, off int64) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if off >= int64(len(d.bytes)) {
		return 0, io.EOF
	}
	n := copy(b, d.bytes[off:])
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

func (d *disk) Truncate(size int64) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.bytes = d.bytes[:size]
	return nil
}

func (d *disk) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
	return nil
}

func (d *disk) content() []byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.bytes)
}

// groups is how many were synced, and synced what they are.
func (d *disk) groups() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.ends)
}

func (d *disk) synced() []byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.bytes[:d.ends[len(d.ends)-1]])
}

// fail lets syncs fail from now on; nil lets them succeed again.
func (d *disk) fail(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.failSync = err
}

// of makes a disk with a file on it.
func of(b []byte) *disk { return &disk{bytes: slices.Clone(b)} }

var began = time.Date(2026, 3, 1, 12, 0, 0, 123456789, time.UTC)

func header() Header {
	return Header{
		Run: "20260301-120000-abcd", Program: "v1.2.3", Began: began, API: "https://api.attio.com",
		Workspace: Workspace{ID: "ws-1", Slug: "acme", Name: "Acme <Inc> & \"Söhne\""}, Object: "companies",
		Source:  Source{Name: "kunden\xff.csv", Path: "/data/kunden\xff.csv", Size: 1234, Fingerprint: "sha256:aa", Rows: 99, Spooled: true},
		Mapping: Mapping{Name: "m.yaml", Path: "/data/m.yaml", Fingerprint: "sha256:bb", Text: "object: companies\n# ✓\n", Object: "people"},
		Schema:  json.RawMessage(`{"attributes":[{"slug":"name","a":"<&>"}]}`), Info: json.RawMessage(`[1,2]`),
		Flags: map[string]string{"--limit": "5", "--name": "\x00\xfe"},
	}
}

func mustNew(t testing.TB, d *disk, o Options) *Journal {
	t.Helper()
	j, err := New(d, header(), o)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func mustLoad(t testing.TB, b []byte) *Log {
	t.Helper()
	l, err := load(of(b), int64(len(b)))
	if err != nil {
		t.Fatalf("%v\n%s", err, b)
	}
	return l
}

// outcomes has every kind of result, with every member.
func outcomes() (list []outcome.Outcome, cells [][]string, raws []string) {
	id := func(n int) string { return fmt.Sprintf("0b1a2c3d-0000-4000-8000-%012d", n) }
	url := func(n int) string { return "https://app.attio.com/acme/companies/" + id(n) + "/overview" }
	add := func(o outcome.Outcome, c []string, raw string) {
		o.Row = len(list) + 1
		for i := range o.Problems {
			if o.Problems[i].Row == 0 && o.Problems[i].Message != "nowhere" {
				o.Problems[i].Row, o.Problems[i].Line = o.Row, o.Line
			}
		}
		list, cells, raws = append(list, o), append(cells, c), append(raws, raw)
	}
	w := outcome.Write
	add(outcome.Outcome{Line: 2, Key: "acme.com", Action: outcome.Unchanged, Stage: w, RecordID: id(9)}, nil, "") // an id, no address
	add(outcome.Outcome{Line: 3, Key: "acme.com", Action: outcome.Created, Stage: w, RecordID: id(1), WebURL: url(1), Attempts: 1, HTTPStatus: 200, Duration: 141*time.Millisecond + 7}, nil, "")
	add(outcome.Outcome{Line: 40, Action: outcome.Created, Stage: w, RecordID: id(2), WebURL: "https://elsewhere/" + id(2), Attempts: 3, HTTPStatus: 201,
		Problems: []outcome.Problem{{Column: "Größe\xfc", Attribute: "size", Value: "1\x1b[31m2", Part: "2", Severity: outcome.Warning, Code: "odd", Message: "a \"b\" \\ \n\t\u2028 \u202e\U0001f600", Hint: "h"}}}, nil, "")
	add(outcome.Outcome{Line: 41, Key: "k", Action: outcome.Unchanged, Stage: w, RecordID: id(3), WebURL: url(3), Changes: []outcome.Change{{Attribute: "name", Old: "A", New: "B", Decision: outcome.Kept}}}, nil, "")
	add(outcome.Outcome{Line: 6, Key: "k\x00", Action: outcome.Updated, Stage: w, RecordID: id(4), WebURL: url(4), Changes: []outcome.Change{{Attribute: "name", New: "\x00B", Decision: outcome.Set}, {Attribute: "x", Old: "1", Decision: outcome.Cleared}}}, nil, "")
	add(outcome.Outcome{Line: 7, Action: outcome.Invalid, Stage: outcome.Map, Problems: []outcome.Problem{
		{Column: "Date", Attribute: "date", Value: "31.31.2026", Severity: outcome.Error, Code: "invalid_date", Message: "no"},
		{Column: "Date", Value: "31.31.2026 ", Severity: outcome.Error, Code: "invalid_date", Message: "nowhere"},
	}}, []string{"", "31.31.2026", "\xff\xfe", "=1+1"}, "")
	add(outcome.Outcome{Action: outcome.Invalid, Stage: outcome.Parse}, nil, "a;\"b\xff\n")
	add(outcome.Outcome{Line: 9, Action: outcome.Rejected, Stage: w, HTTPStatus: 400, Attempts: 1}, []string{}, "")
	add(outcome.Outcome{Line: 10, Action: outcome.Unknown, Stage: w, Attempts: 1, Duration: -5}, []string{"x"}, "")
	add(outcome.Outcome{Line: 11, Action: outcome.Skipped, Stage: ""}, nil, "")
	return list, cells, raws
}

// TestRoundTrip reads back all that was put, to the byte.
func TestRoundTrip(t *testing.T) {
	d := &disk{}
	j := mustNew(t, d, Options{})
	list, cells, raws := outcomes()
	for i := range list {
		must(t, j.Put(&list[i], cells[i], raws[i]))
	}
	must(t, j.Close())
	l := mustLoad(t, d.content())
	if diff := cmp.Diff(header(), l.Header()); diff != "" {
		t.Error("header:", diff)
	}
	n := 0
	for e, err := range l.Entries() {
		must(t, err)
		want := Entry{Outcome: list[n], Cells: cells[n], Raw: raws[n]}
		if diff := cmp.Diff(want, e); diff != "" {
			t.Error(diff)
		}
		one, ok, err := l.Entry(n + 1)
		if diff := cmp.Diff(e, one); diff != "" || !ok || err != nil {
			t.Error("one by one:", ok, err, diff)
		}
		n++
	}
	if n != len(list) {
		t.Errorf("%d entries of %d\n%s", n, len(list), d.bytes)
	}
	if _, ok, err := l.Entry(n + 1); ok || err != nil {
		t.Error("a row that was not put:", ok, err)
	}
}

// TestIntents reads back what is open, to the byte.
func TestIntents(t *testing.T) {
	d := &disk{}
	j := mustNew(t, d, Options{})
	intents := []outcome.Intent{
		{Row: 1, Verb: outcome.Create, Key: "acme.com", At: began},
		{Row: 2, Verb: outcome.Update, Key: "b\xff", RecordID: "rid", Before: map[string]json.RawMessage{
			"name": json.RawMessage(`[{"value":"A\u0000 <b>"}]`), "empty": json.RawMessage(`[]`), "\x00odd\xff": json.RawMessage(`null`)}},
		{Row: 3, Verb: outcome.Create, Reference: "companies/domains/acme.com", At: began},
		{Row: 3, Verb: outcome.Create, Reference: "companies/domains/b.com"},
		{Row: 4, Verb: outcome.Create, At: time.Date(12345, 1, 1, 0, 0, 0, 0, time.UTC)}, // what a strange server says
	}
	must(t, j.Intend(context.Background(), intents...))
	must(t, j.Made("companies/domains/b.com", "rid2"))
	must(t, j.Close())
	l := mustLoad(t, d.content())
	want := []*outcome.Sent{{Intent: intents[0], First: began, Tries: 1, Earlier: 1}, {Intent: intents[1], Tries: 1, Earlier: 1}, nil, {Intent: create(4), Tries: 1, Earlier: 1}}
	for i, w := range want {
		if diff := cmp.Diff(w, l.Open(i+1)); diff != "" {
			t.Error(i+1, diff)
		}
	}
	refs, err := l.OpenReferences()
	if diff := cmp.Diff(intents[2:3], refs); diff != "" || err != nil {
		t.Error(err, diff)
	}
	if got := l.OpenRows(); !slices.Equal(got, []int{1, 2, 4}) {
		t.Error(got)
	}
}

// TestAsked: what a reference was to make stays known, over the processes, also once
// it was made.
func TestAsked(t *testing.T) {
	d := &disk{}
	j := mustNew(t, d, Options{})
	must(t, j.Intend(context.Background(), create(1), outcome.Intent{Row: 3, Verb: outcome.Create, Reference: "companies/domains/\xff"}))
	must(t, j.Made("companies/domains/\xff", "rid"))
	expect := func(reference string, want bool) {
		t.Helper()
		if j.Asked(reference) != want {
			t.Errorf("%q: %v", reference, !want)
		}
	}
	expect("companies/domains/\xff", true)
	must(t, j.Close())
	j, _, err := Resume(d, int64(len(d.content())), Options{})
	must(t, err)
	expect("companies/domains/\xff", true)
	expect("companies/domains/b.com", false)
	expect("", false)
	must(t, j.Intend(context.Background(), outcome.Intent{Row: 4, Verb: outcome.Create, Reference: "companies/domains/b.com"}))
	expect("companies/domains/b.com", true)
	must(t, j.Close())
}

// TestBadIntents refuses what could not be read back, and goes on.
func TestBadIntents(t *testing.T) {
	d := &disk{}
	j := mustNew(t, d, Options{})
	for _, in := range []outcome.Intent{
		{Row: 1, Verb: outcome.Update, Before: map[string]json.RawMessage{"a": json.RawMessage(`{`)}},
		{Row: 1},
		{Row: 0, Verb: outcome.Create},
		{Row: maxRow + 1, Verb: outcome.Create},
	} {
		if err := j.Intend(context.Background(), outcome.Intent{Row: 5, Verb: outcome.Create}, in); err == nil {
			t.Errorf("%+v was taken", in)
		}
	}
	must(t, j.Put(&outcome.Outcome{Row: maxRow, Action: outcome.Skipped}, nil, ""))
	for _, o := range []outcome.Outcome{{Row: 1}, {Action: outcome.Created}, {Row: -1, Action: outcome.Created}} {
		if err := j.Put(&o, nil, ""); err == nil {
			t.Errorf("%+v was taken", o)
		}
	}
	must(t, j.Close())
	if l := mustLoad(t, d.content()); len(l.OpenRows()) != 0 || !l.Done(maxRow) {
		t.Error(l.OpenRows(), l.Done(maxRow))
	}
	if err := j.Put(&outcome.Outcome{Row: 1, Action: outcome.Created}, nil, ""); !errors.Is(err, os.ErrClosed) {
		t.Error("put after close:", err)
	}
}

// What a process wrote and died over is made to last before anything is written
// behind it: else a loss of power could tear the one and keep the other.
func TestResumeSyncsWhatItFinds(t *testing.T) {
	d := &disk{}
	must(t, mustNew(t, d, Options{}).Close())
	found := len(d.content())
	d.ends = nil // the syncs of another process
	j, _, err := Resume(d, int64(found), Options{})
	must(t, err)
	must(t, j.Close())
	if d.ends[0] != found {
		t.Errorf("the file was synced at %v, first when it had grown beyond %d", d.ends, found)
	}
}
