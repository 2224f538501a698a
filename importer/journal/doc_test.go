package journal

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"attio-import/importer/outcome"
)

// TestDocumented holds the example of the package's documentation to what is
// written: line by line, with its checksums.
func TestDocumented(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	must(t, err)
	_, example, _ := strings.Cut(string(doc), "# An example\n")
	var want []string
	for line := range strings.Lines(example) {
		if text, ok := strings.CutPrefix(line, "//\t"); ok {
			want = append(want, text)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		got := string(exampleJournal(t))
		if got != strings.Join(want, "") {
			t.Errorf("the documentation says\n%s\nthe journal says\n%s", strings.Join(want, ""), got)
		}
	})
}

func exampleJournal(t *testing.T) []byte {
	ctx, at := context.Background(), time.Now().UTC()
	d := &disk{}
	h := Header{Run: "r-1", Program: "1.0", Began: at, API: "https://api.attio.com", Object: "companies"}
	j, err := New(d, h, Options{process: openRecord{Host: "host", PID: 7}})
	must(t, err)
	url := "https://app.attio.com/acme/company/"
	must(t, j.Intend(ctx, outcome.Intent{Row: 1, Verb: outcome.Create, Key: "acme.com", At: at},
		outcome.Intent{Row: 2, Verb: outcome.Update, Key: "b.com", RecordID: "id-2", Before: map[string]json.RawMessage{"name": json.RawMessage(`["B"]`)}},
		outcome.Intent{Row: 4, Verb: outcome.Create, Key: "d.com", At: at}))
	must(t, j.Put(&outcome.Outcome{Row: 1, Line: 2, Key: "acme.com", Action: outcome.Created, Stage: outcome.Write, RecordID: "id-1", WebURL: url + "id-1",
		Attempts: 1, HTTPStatus: 200, Duration: 140 * time.Millisecond}, nil, ""))
	must(t, j.Put(&outcome.Outcome{Row: 3, Line: 4, Key: "c.com", Action: outcome.Unchanged, Stage: outcome.Write, RecordID: "id-3", WebURL: url + "id-3"}, nil, ""))
	must(t, j.Actor("token-1"))
	must(t, j.Intend(ctx, outcome.Intent{Row: 4, Verb: outcome.Create, Key: "acme.com", Reference: "companies/domains/acme.com", At: at}))
	time.Sleep(time.Second) // a beat
	synctest.Wait()
	must(t, j.Put(&outcome.Outcome{Row: 5, Line: 6, Action: outcome.Invalid, Stage: outcome.Map, Problems: []outcome.Problem{{Row: 5, Line: 6,
		Column: "Founded", Attribute: "founded", Value: "31.31.", Severity: outcome.Error, Code: "invalid_date", Message: "is no date"}}}, []string{"E", "31.31."}, ""))
	must(t, j.Put(&outcome.Outcome{Row: 2, Line: 3, Key: "b.com", Action: outcome.Updated, Stage: outcome.Write, RecordID: "id-2", WebURL: url + "id-2",
		Attempts: 1, HTTPStatus: 200, Duration: 90 * time.Millisecond, Changes: []outcome.Change{{Attribute: "name", Old: "B", New: "B Inc", Decision: outcome.Set}}}, nil, ""))
	must(t, j.Made("companies/domains/acme.com", "id-9"))
	must(t, j.Withdraw(4))
	must(t, j.End(End{ExitCode: 6, Reason: "interrupted", Elapsed: 1000, Read: 2, Write: 3, At: time.Now().UTC()}))
	must(t, j.Close())
	d = of(append(d.content(), "@6 51 9466"...)) // killed while it wrote
	j, _, err = Resume(d, int64(len(d.bytes)), Options{process: openRecord{Host: "host", PID: 8}})
	must(t, err)
	must(t, j.Begin(ctx, Generation{Number: 1, Kind: "retry", Source: Source{Name: "fixed.csv", Rows: 1}}))
	must(t, j.Close())
	return d.content()
}
