package cli

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"attio-import/samples"
)

// reportLine is a line of report.csv by its columns' names.
type reportLine map[string]string

// importSample imports a sheet with the mapping of samples/workspaces.csv into a
// fresh sandbox, and returns its report and where the sandbox is.
func importSample(t *testing.T, sheet []byte) (report []reportLine, env []string) {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "workspaces.csv")
	mapping, err := samples.Open("samples/workspaces.yaml")
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, path, string(sheet))
	writeFile(t, filepath.Join(dir, "workspaces.yaml"), string(mapping))
	env = serve(t, "--write-rate", "0", "--read-rate", "0")
	cmd := exec.Command("attio-import", "run", path, "--write-rate", "0", "--read-rate", "0", "--runs-dir", filepath.Join(dir, "runs"), "--quiet")
	cmd.Env = env
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil && cmd.ProcessState.ExitCode() != exitRowsFailed {
		t.Fatalf("%v: %s", err, stderr.String())
	}
	found, err := filepath.Glob(filepath.Join(dir, "runs", "*", "report.csv"))
	if err != nil || len(found) != 1 {
		t.Fatalf("%v, %v", found, err)
	}
	return readTable(t, found[0]), env
}

func readTable(t *testing.T, path string) (lines []reportLine) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		line := reportLine{}
		for i, name := range rows[0] {
			line[name] = row[i]
		}
		lines = append(lines, line)
	}
	return lines
}

func workspacesSample(t *testing.T) (text []byte, rows [][]string) {
	t.Helper()
	text, err := samples.Open("samples/workspaces.csv")
	if err != nil {
		t.Fatal(err)
	}
	if rows, err = csv.NewReader(bytes.NewReader(text)).ReadAll(); err != nil {
		t.Fatal(err)
	}
	return text, rows[1:]
}

// The sandbox holds what the report says, record by record.
func TestReportAgreesWithTheSandbox(t *testing.T) {
	text, rows := workspacesSample(t)
	report, env := importSample(t, text)
	if len(report) != len(rows) {
		t.Fatalf("%d lines for %d rows", len(report), len(rows))
	}
	created := 0
	for i, line := range report {
		if line["row"] != fmt.Sprint(i+1) || line["line"] != fmt.Sprint(i+2) {
			t.Fatalf("line %d of the report is row %s, line %s", i+1, line["row"], line["line"])
		}
		if (line["code"] == "") != (line["action"] == "created") {
			t.Errorf("row %d is %s with code %q", i+1, line["action"], line["code"])
		}
		if line["action"] != "created" {
			continue
		}
		created++
		record := getRecord(t, env, line["record_id"])
		for attribute, want := range storedForm(t, rows[i]) {
			if got := record.stored(attribute); got != want {
				t.Errorf("row %d: the record has %s %q, want %q", i+1, attribute, got, want)
			}
		}
	}
	if held := heldRecords(t, env, "workspaces"); held != created+3 {
		t.Errorf("the sandbox holds %d workspaces, of which it had 3; the report says that %d were created", held, created)
	}
}

// storedForm is what the record of a row must hold. The columns are: Workspace
// ID, Account Name, Avatar URL, Owner Emails, Company Name, Company Domain, Plan, Seats,
// MRR, Created At, Region.
func storedForm(t *testing.T, row []string) map[string]string {
	t.Helper()
	cell := func(i int) string {
		if text := strings.TrimSpace(row[i]); text != "n/a" {
			return text
		}
		return ""
	}
	number := func(text string) string {
		if text == "" {
			return ""
		}
		f, err := strconv.ParseFloat(strings.Trim(strings.ReplaceAll(text, ",", ""), " €EUR"), 64)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(f)
	}
	date := ""
	if d, m, y := cell(9), "", ""; d != "" {
		d, m, y = d[:2], d[3:5], d[6:]
		date = y + "-" + m + "-" + d
	}
	plans := map[string]string{"": "Starter", "starter": "Starter", "team_monthly": "Team", "team_annual": "Team", "business": "Business", "ent": "Enterprise"}
	owners, companies := 0, 0
	for owner := range strings.SplitSeq(cell(3), ";") {
		if strings.TrimSpace(owner) != "" {
			owners++
		}
	}
	if cell(5) != "" {
		companies = 1
	}
	return map[string]string{
		"workspace_id": cell(0), "name": cell(1), "avatar_url": cell(2), "plan": plans[cell(6)],
		"seats": number(cell(7)), "mrr": number(cell(8)), "launched": date,
		"users": fmt.Sprint(owners), "company": fmt.Sprint(companies),
	}
}

// One cell corrected, and exactly that row's outcome changes.
func TestOneCellChangesOneRow(t *testing.T) {
	text, rows := workspacesSample(t)
	before, _ := importSample(t, text)
	wrong := 0
	for i, line := range before {
		if line["code"] == "invalid_date" {
			wrong = i
			break
		}
	}
	day := before[wrong]["value"]
	if !bytes.Contains(text, []byte(day)) {
		t.Fatalf("row %d: the sheet does not have the value %q that the report shows", wrong+1, day)
	}
	line := strings.Split(string(text), "\n")[wrong+1]
	if !strings.HasPrefix(line, rows[wrong][0]) {
		t.Fatalf("row %d does not stand on line %d", wrong+1, wrong+2)
	}
	corrected := strings.Replace(string(text), line, strings.Replace(line, day, "27/02/2026", 1), 1)
	after, _ := importSample(t, []byte(corrected))
	for i := range after {
		same := before[i]["action"] == after[i]["action"] && before[i]["code"] == after[i]["code"] && before[i]["value"] == after[i]["value"]
		if same != (i != wrong) {
			t.Errorf("row %d was %s %s, and is %s %s", i+1, before[i]["action"], before[i]["code"], after[i]["action"], after[i]["code"])
		}
	}
	if after[wrong]["action"] != "created" {
		t.Errorf("the corrected row is %s", after[wrong]["action"])
	}
}

// storedRecord is a record as the API gives it, as far as the tests look.
type storedRecord struct {
	Data struct {
		Values map[string][]map[string]any
	}
}

// stored is an attribute's value as text; of references their number.
func (r *storedRecord) stored(attribute string) string {
	values := r.Data.Values[attribute]
	if attribute == "users" || attribute == "company" {
		return fmt.Sprint(len(values))
	}
	if len(values) == 0 {
		return ""
	}
	switch v := values[0]; v["attribute_type"] {
	case "select":
		return fmt.Sprint(v["option"].(map[string]any)["title"])
	case "currency":
		return fmt.Sprint(v["currency_value"])
	default:
		return fmt.Sprint(v["value"])
	}
}

func getRecord(t *testing.T, env []string, id string) (r storedRecord) {
	t.Helper()
	ask(t, env, "/v2/objects/workspaces/records/"+id, &r)
	return r
}

func heldRecords(t *testing.T, env []string, object string) int {
	t.Helper()
	var stats struct{ Records map[string]int }
	ask(t, env, "/_sandbox/stats", &stats)
	return stats.Records[object]
}

func ask(t *testing.T, env []string, path string, answer any) {
	t.Helper()
	base, _ := strings.CutPrefix(env[len(env)-2], "ATTIO_BASE_URL=")
	key, _ := strings.CutPrefix(env[len(env)-1], "ATTIO_API_KEY=")
	req, err := http.NewRequest(http.MethodGet, base+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+key)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", path, resp.Status)
	}
	if err := json.NewDecoder(resp.Body).Decode(answer); err != nil {
		t.Fatal(err)
	}
}
