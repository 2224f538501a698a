package cli

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"attio-import/samples"
)

const referencesMapping = `version: 1
object: workspaces
mode: create
match: workspace_id
values:
  workspace_id: ID
  name: Name
  users: {column: Owner, reference: {object: users, by: primary_email_address}}
  company: {column: Company, reference: {object: companies, by: domains}}
`

// seedKeys are the users and companies that the sandbox's sample records have.
func seedKeys(t testing.TB) (emails, domains []string) {
	t.Helper()
	var seed struct {
		Records struct {
			Users []struct {
				Email string `json:"primary_email_address"`
			}
			Companies []struct{ Domains []string }
		}
	}
	if err := json.Unmarshal(samples.Seed(), &seed); err != nil {
		t.Fatal(err)
	}
	for _, u := range seed.Records.Users {
		emails = append(emails, u.Email)
	}
	for _, c := range seed.Records.Companies {
		domains = append(domains, c.Domains[0])
	}
	return emails, domains
}

// appliedWrites reads the times of the sandbox's log of writes.
func appliedWrites(t testing.TB, base string) (times []time.Time) {
	t.Helper()
	resp, err := http.Get(base + "/_sandbox/log?after=0")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		var w struct{ Time time.Time }
		if err := json.Unmarshal(lines.Bytes(), &w); err != nil {
			t.Fatal(err)
		}
		times = append(times, w.Time)
	}
	return times
}

// referring is a sheet of so many rows, each of which names a user and a company
// that the sandbox's sample records have.
func referring(t testing.TB, rows int) (sheet string, emails, domains []string) {
	t.Helper()
	emails, domains = seedKeys(t)
	sheet = filepath.Join(t.TempDir(), "ws.csv")
	var text strings.Builder
	text.WriteString("ID,Name,Owner,Company\n")
	for i := range rows {
		fmt.Fprintf(&text, "ws-%d,Workspace %d,%s,%s\n", i, i, emails[i*7%len(emails)], domains[i*5%len(domains)])
	}
	writeFile(t, sheet, text.String())
	writeFile(t, strings.TrimSuffix(sheet, ".csv")+".yaml", referencesMapping)
	return sheet, emails, domains
}

// requests are what a run says of itself with --json.
type requests struct {
	Counts   map[string]int
	Requests struct{ Read, Write, Limited int }
}

func runReferring(t testing.TB, sheet string, env []string, flags ...string) (r requests) {
	t.Helper()
	args := append([]string{"run", sheet, "--runs-dir", filepath.Join(t.TempDir(), "runs"), "--json", "--quiet"}, flags...)
	cmd := exec.Command("attio-import", args...)
	cmd.Env, cmd.Stderr = env, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// One write a record, and few reads: 50 keys of a referenced attribute a query,
// and one query a window and attribute besides.
func TestRequestsAreFew(t *testing.T) {
	const rows = 1_000
	sheet, emails, domains := referring(t, rows)
	env := serve(t, "--write-rate", "0", "--read-rate", "0")
	r := runReferring(t, sheet, env, "--write-rate", "0", "--read-rate", "0")
	if r.Counts["created"] != rows || r.Requests.Write != rows {
		t.Errorf("%d records created with %d writes, want %d", r.Counts["created"], r.Requests.Write, rows)
	}
	const windows, attributes, preflight = 2, 3, 5
	if most := (len(emails)+49)/50 + (len(domains)+49)/50 + windows*attributes + preflight; r.Requests.Read > most {
		t.Errorf("%d reads, want at most %d", r.Requests.Read, most)
	}
}

// BenchmarkRates imports 1,000 rows with references at the default limits from a
// server that is 200 ms away: how fast it writes, from the first write to the last by the
// server's log, and how often it was told to slow down. It takes 42 seconds.
func BenchmarkRates(b *testing.B) {
	const rows = 1_000
	sheet, _, _ := referring(b, rows)
	for b.Loop() {
		env := serve(b, "--latency", "200ms")
		r := runReferring(b, sheet, env)
		times := appliedWrites(b, strings.TrimPrefix(env[len(env)-2], "ATTIO_BASE_URL="))
		if len(times) != rows || r.Counts["created"] != rows {
			b.Fatalf("%d writes applied, %v", len(times), r.Counts)
		}
		b.ReportMetric(float64(rows-1)/times[rows-1].Sub(times[0]).Seconds(), "writes/s")
		b.ReportMetric(float64(r.Requests.Limited), "429s")
		b.ReportMetric(float64(r.Requests.Read), "reads")
	}
}

func writeFile(tb testing.TB, path, text string) {
	tb.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		tb.Fatal(err)
	}
}
