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
func seedKeys(t *testing.T) (emails, domains []string) {
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
func appliedWrites(t *testing.T, base string) (times []time.Time) {
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

// TestBigRates holds an import of 1,000 rows with references, at the default
// limits against a server 200 ms away, to the numbers that make a long import short:
// 24.5 to 25 writes a second, one write a record, and few reads.
func TestBigRates(t *testing.T) {
	if os.Getenv("ATTIO_IMPORT_BIG") == "" {
		t.Skip("takes 42 seconds; set ATTIO_IMPORT_BIG=1")
	}
	const rows = 1_000
	emails, domains := seedKeys(t)
	sheet := filepath.Join(t.TempDir(), "ws.csv")
	var text strings.Builder
	text.WriteString("ID,Name,Owner,Company\n")
	for i := range rows {
		fmt.Fprintf(&text, "rate-%d,Workspace %d,%s,%s\n", i, i, emails[i*7%len(emails)], domains[i*5%len(domains)])
	}
	writeFile(t, sheet, text.String())
	writeFile(t, strings.TrimSuffix(sheet, ".csv")+".yaml", referencesMapping)

	env := serve(t, "--latency", "200ms")
	cmd := exec.Command("attio-import", "run", sheet, "--runs-dir", filepath.Join(t.TempDir(), "runs"), "--json", "--quiet")
	cmd.Env = env
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var summary struct {
		Counts   map[string]int
		Requests struct{ Read, Write, Limited int }
	}
	if err := json.Unmarshal(out, &summary); err != nil {
		t.Fatal(err)
	}
	times := appliedWrites(t, strings.TrimPrefix(env[len(env)-2], "ATTIO_BASE_URL="))
	if len(times) != rows || summary.Counts["created"] != rows {
		t.Fatalf("%d writes applied, %v", len(times), summary.Counts)
	}
	rate := float64(rows-1) / times[rows-1].Sub(times[0]).Seconds()
	t.Logf("%.2f writes a second, %d refused with 429, %d reads for %d users and %d companies",
		rate, summary.Requests.Limited, summary.Requests.Read, len(emails), len(domains))
	if rate < 24.5 || rate > 25 {
		t.Errorf("%.2f writes a second, want 24.5 to 25", rate)
	}
	if summary.Requests.Limited > 3 {
		t.Errorf("%d answers were 429", summary.Requests.Limited)
	}
	const windows, attributes, preflight = 2, 3, 12
	if most := (len(emails)+49)/50 + (len(domains)+49)/50 + windows*attributes + preflight; summary.Requests.Read > most {
		t.Errorf("%d reads, want at most %d", summary.Requests.Read, most)
	}
}

func writeFile(tb testing.TB, path, text string) {
	tb.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		tb.Fatal(err)
	}
}
