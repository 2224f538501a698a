package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"attio-import/importer/sandbox"
	"attio-import/samples"
)

// witness is a sandbox as the one who knows what was really done: the records
// that it holds, and its log of the writes that it applied.
type witness struct{ url, token string }

// openSandbox serves a sandbox in this process until the test ends, or close is
// called. Closing does the work first that a fault has delayed.
func openSandbox(t *testing.T, opts sandbox.Options) (w witness, closeIt func()) {
	t.Helper()
	opts.Seed, opts.AutoCompany = samples.Seed(), true
	var server *sandbox.Server
	patiently(t, func() (err error) { // a process that is just being started still holds the data file's lock
		server, err = sandbox.New(opts)
		return err
	})
	patiently(t, server.Start) // a server that was closed lets go of its address a moment later
	t.Cleanup(func() { _ = server.Close() })
	return witness{server.URL(), server.Token()}, func() {
		if err := server.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// patiently tries for two seconds.
func patiently(t *testing.T, open func() error) {
	t.Helper()
	var err error
	for range 100 {
		if err = open(); err == nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal(err)
}

// reopened is what the data file of a sandbox that was closed says, without faults.
func reopened(t *testing.T, data string) witness {
	t.Helper()
	w, _ := openSandbox(t, sandbox.Options{DataFile: data})
	return w
}

func (w witness) ask(t *testing.T, method, path, body string, answer any) {
	t.Helper()
	req, err := http.NewRequest(method, w.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+w.token)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %s, %v\n%s", method, path, resp.Status, err, text)
	}
	if answer == nil {
		return
	}
	if raw, ok := answer.(*[]byte); ok {
		*raw = text
		return
	}
	if err := json.Unmarshal(text, answer); err != nil {
		t.Fatal(err)
	}
}

// held is a record as the API shows it.
type held struct {
	ID struct {
		Record string `json:"record_id"`
	}
	Values map[string][]map[string]any
}

// text is what an attribute with one plain value says.
func (h held) text(attribute string) string {
	for _, v := range h.Values[attribute] {
		for _, part := range []string{"value", "domain", "email_address", "full_name"} {
			if text, ok := v[part].(string); ok {
				return text
			}
		}
	}
	return ""
}

func (w witness) records(t *testing.T, object string) (all []held) {
	t.Helper()
	for {
		var page struct{ Data []held }
		w.ask(t, http.MethodPost, "/v2/objects/"+object+"/records/query", fmt.Sprintf(`{"limit":500,"offset":%d}`, len(all)), &page)
		all = append(all, page.Data...)
		if len(page.Data) < 500 {
			return all
		}
	}
}

// applied is a line of the log: a write that was applied.
type applied struct {
	Seq          int64
	Method, Path string
	RecordID     string `json:"record_id"`
	Keys         map[string]any
}

func (w witness) log(t *testing.T, after int64) (lines []applied) {
	t.Helper()
	var text []byte
	w.ask(t, http.MethodGet, fmt.Sprintf("/_sandbox/log?after=%d", after), "", &text)
	for scan := bufio.NewScanner(bytes.NewReader(text)); scan.Scan(); {
		var line applied
		if err := json.Unmarshal(scan.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	return lines
}

// referable are the objects that the records of these tests refer to, with what
// their records are known by.
var referable = map[string]string{"companies": "domains", "users": "primary_email_address", "people": "email_addresses", "workspaces": "workspace_id"}

// states are what the records of some objects say, by object and key, without
// what differs between two workspaces that hold the same: ids, times and actors.
func (w witness) states(t *testing.T, objects ...string) map[string]map[string]string {
	t.Helper()
	names, records := map[string]string{}, map[string][]held{}
	for object, key := range referable {
		records[object] = w.records(t, object)
		for _, r := range records[object] {
			names[r.ID.Record] = object + "/" + r.text(key)
		}
	}
	states := map[string]map[string]string{}
	for _, object := range objects {
		states[object] = map[string]string{}
		for _, r := range records[object] {
			key := r.text(referable[object])
			if _, twice := states[object][key]; twice {
				t.Errorf("%s %q is there twice", object, key)
			}
			states[object][key] = said(r, names)
		}
	}
	return states
}

func said(r held, names map[string]string) string {
	var b strings.Builder
	for _, attribute := range slices.Sorted(maps.Keys(r.Values)) {
		if attribute == "record_id" || attribute == "created_at" || attribute == "created_by" {
			continue
		}
		var texts []string
		for _, v := range r.Values[attribute] {
			for _, changing := range []string{"active_from", "active_until", "created_by_actor"} {
				delete(v, changing)
			}
			if id, ok := v["target_record_id"].(string); ok {
				v["target_record_id"] = names[id]
			}
			if option, ok := v["option"].(map[string]any); ok {
				v["option"] = option["title"]
			}
			text, _ := json.Marshal(v)
			texts = append(texts, string(text))
		}
		slices.Sort(texts) // several values stand in the order in which calls arrived
		for _, text := range texts {
			fmt.Fprintf(&b, "\t%s: %s\n", attribute, text)
		}
	}
	return b.String()
}

// sameState compares two states record for record.
func sameState(t *testing.T, what string, got, want map[string]string) {
	t.Helper()
	wrong := 0
	for _, key := range slices.Sorted(maps.Keys(want)) {
		if got[key] == want[key] {
			continue
		}
		if wrong++; wrong == 1 {
			t.Errorf("%s %q says\n%swhere it should say\n%s", what, key, got[key], want[key])
		}
	}
	for key := range got {
		if _, ok := want[key]; !ok {
			t.Errorf("%s %q should not be there", what, key)
		}
	}
	if wrong > 1 {
		t.Errorf("%d %s in all are not what they should be", wrong, what)
	}
}

// asLogged holds a report against the log: every line of the report against the
// writes to its record, every create in the log against the report. again says
// that an update may have been applied more than once: it was late, and sent once
// more meanwhile. A create that no row has must be that of a row whose fate is unknown.
func asLogged(t *testing.T, report []reportLine, log []applied, object string, again bool) {
	t.Helper()
	path := "/v2/objects/" + object + "/records"
	posts, edits := map[string]int{}, map[string]int{}
	for _, line := range log {
		switch {
		case line.Method == http.MethodPost && line.Path == path:
			posts[line.RecordID]++
		case strings.HasPrefix(line.Path, path+"/"):
			edits[line.RecordID]++
		}
	}
	claimed, unknown := map[string]string{}, 0
	for _, line := range report {
		id, row := line["record_id"], line["row"]
		if line["action"] == "unknown" {
			unknown++
			continue
		}
		if other := claimed[id]; id != "" && other != "" {
			t.Errorf("rows %s and %s both have record %s", other, row, id)
		}
		claimed[id] = row
		want := map[string][2]int{"created": {1, 0}, "updated": {0, 1}}[line["action"]]
		got := [2]int{posts[id], edits[id]}
		if again && want[1] == 1 && got[1] > 1 {
			got[1] = 1
		}
		if got != want {
			t.Errorf("row %s is %s (%s), but its record %s had %d POSTs and %d edits", row, line["action"], line["code"], id, got[0], got[1])
		}
	}
	for id := range claimed {
		delete(posts, id)
	}
	if len(posts) > unknown {
		t.Errorf("%d records were created that no row of the report has, and %d rows are unknown", len(posts), unknown)
	}
}

// everyRow checks that the report has one line for each of the rows, in order.
func everyRow(t *testing.T, report []reportLine, rows int) {
	t.Helper()
	if len(report) != rows {
		t.Errorf("the report has %d lines for %d rows", len(report), rows)
	}
	for i, line := range report {
		if line["row"] != fmt.Sprint(i+1) {
			t.Fatalf("line %d of the report is about row %s", i+1, line["row"])
		}
	}
}

func dataFile(t *testing.T) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "sandbox.data")
}
