package cli

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The sheet of the measurements: 7 columns, no references.
const (
	sheetHeader  = "Workspace ID,Name,Avatar,Plan,Seats,MRR,Created\n"
	sheetMapping = `version: 1
object: workspaces
mode: create
values:
  workspace_id: Workspace ID
  name: Name
  avatar_url: Avatar
  plan: Plan
  seats: Seats
  mrr: MRR
  launched: Created
`
)

var sheetPlans = []string{"Starter", "Team", "Business", "Enterprise"}

func sheetRow(i int) string {
	return fmt.Sprintf("ws-%08d,Workspace number %d,https://cdn.example.com/avatars/%d.png,%s,%d,%d.%02d,2024-%02d-%02d\n",
		i, i, i, sheetPlans[i%4], i%500, i%2000, i%100, i%12+1, i%28+1)
}

// createBody is the request that the row comes down to.
func createBody(i int) []byte {
	return fmt.Appendf(nil, `{"data":{"values":{"workspace_id":"ws-%08d","name":"Workspace number %d","avatar_url":"https://cdn.example.com/avatars/%d.png","plan":"%s","seats":%d,"mrr":%d.%02d,"launched":"2024-%02d-%02d"}}}`,
		i, i, i, sheetPlans[i%4], i%500, i%2000, i%100, i%12+1, i%28+1)
}

// writeSheet writes a sheet of so many rows and its mapping, and returns its path.
func writeSheet(tb testing.TB, rows int) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "workspaces.csv")
	f, err := os.Create(path)
	if err != nil {
		tb.Fatal(err)
	}
	w := bufio.NewWriter(f)
	_, _ = w.WriteString(sheetHeader)
	for i := range rows {
		_, _ = w.WriteString(sheetRow(i))
	}
	if err := w.Flush(); err != nil {
		tb.Fatal(err)
	}
	if err := f.Close(); err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(strings.TrimSuffix(path, ".csv")+".yaml", []byte(sheetMapping), 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}

// serve starts the sandbox as a process of its own and returns the environment
// in which others find it.
func serve(tb testing.TB, flags ...string) (env []string) {
	tb.Helper()
	_, env = serveAt(tb, "127.0.0.1:0", flags...)
	return env
}

// serveAt starts it at an address.
func serveAt(tb testing.TB, address string, flags ...string) (server *exec.Cmd, env []string) {
	tb.Helper()
	cmd := exec.Command("attio-import", append([]string{"sandbox", "--listen", address}, flags...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	lines := bufio.NewScanner(out)
	env = os.Environ()
	for range 2 {
		if !lines.Scan() {
			tb.Fatal("the sandbox did not say where it is")
		}
		env = append(env, lines.Text())
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	return cmd, env
}

// unlimited are the sandbox's flags without limits and without records.
var unlimited = []string{"--write-rate", "0", "--read-rate", "0", "--empty"}

// measureImport imports a sheet of so many rows into a fresh sandbox.
func measureImport(tb testing.TB, sheet string, rows int) cost {
	tb.Helper()
	cmd := exec.Command("attio-import", "run", sheet, "--write-rate", "0", "--read-rate", "0",
		"--runs-dir", filepath.Join(tb.TempDir(), "runs"), "--json")
	cmd.Env = serve(tb, unlimited...)
	cmd.Stderr = os.Stderr
	begun := time.Now()
	out, err := cmd.Output()
	if err != nil {
		tb.Fatalf("%v: %s", err, out)
	}
	c := cost{Rows: rows, Elapsed: time.Since(begun)}
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	c.CPU, c.MaxRSS = usageCPU(usage), usage.Maxrss*1024
	var summary struct{ Counts map[string]int }
	if err := json.Unmarshal(out, &summary); err != nil || summary.Counts["created"] != rows {
		tb.Fatalf("want %d rows created, got %v (%v)", rows, summary.Counts, err)
	}
	return c
}

func measureLoop(tb testing.TB, rows int) cost {
	tb.Helper()
	cmd := exec.Command("bareloop", strconv.Itoa(rows), "16")
	cmd.Env = serve(tb, unlimited...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		tb.Fatal(err)
	}
	var c cost
	if err := json.Unmarshal(out, &c); err != nil {
		tb.Fatal(err)
	}
	return c
}

// BenchmarkImport imports a sheet without references into a sandbox without limits,
// and sends the same records with a bare loop, in turns. The importer is measured as a
// whole process, from its start to its report. Metrics are medians:
//
//	rows/s, loop-rows/s  and  throughput-ratio, importer over loop
//	cpu-us/row           and  cpu-ratio, importer over loop
//	peak-MiB             the importer's peak memory
//
// ATTIO_IMPORT_ROWS sets the rows, default 20,000.
func BenchmarkImport(b *testing.B) {
	rows := sheetRows(b, 20_000)
	sheet := writeSheet(b, rows)
	var imports, loops []cost
	for b.Loop() {
		loops = append(loops, measureLoop(b, rows))
		imports = append(imports, measureImport(b, sheet, rows))
	}
	rate, loopRate := median(imports, cost.perSecond), median(loops, cost.perSecond)
	cpu, loopCPU := median(imports, cost.cpuPerRow), median(loops, cost.cpuPerRow)
	b.ReportMetric(rate, "rows/s")
	b.ReportMetric(loopRate, "loop-rows/s")
	b.ReportMetric(rate/loopRate, "throughput-ratio")
	b.ReportMetric(cpu, "cpu-us/row")
	b.ReportMetric(cpu/loopCPU, "cpu-ratio")
	b.ReportMetric(median(imports, func(c cost) float64 { return float64(c.MaxRSS) / (1 << 20) }), "peak-MiB")
}

func sheetRows(tb testing.TB, fallback int) int {
	tb.Helper()
	text := os.Getenv("ATTIO_IMPORT_ROWS")
	if text == "" {
		return fallback
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		tb.Fatalf("ATTIO_IMPORT_ROWS=%q is no number of rows", text)
	}
	return n
}

func median(costs []cost, of func(cost) float64) float64 {
	values := make([]float64, len(costs))
	for i, c := range costs {
		values[i] = of(c)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// TestBigMemoryStaysFlat imports 100,000 and 500,000 rows: but for the keys of
// the file, 24 bytes a row at most, the importer needs no more memory for the longer one.
func TestBigMemoryStaysFlat(t *testing.T) {
	if os.Getenv("ATTIO_IMPORT_BIG") == "" {
		t.Skip("takes a minute; set ATTIO_IMPORT_BIG=1")
	}
	const few, many = 100_000, 500_000
	small := measureImport(t, writeSheet(t, few), few).MaxRSS
	large := measureImport(t, writeSheet(t, many), many).MaxRSS
	t.Logf("peak memory: %d MiB for %d rows, %d MiB for %d rows", small>>20, few, large>>20, many)
	if limit := int64(48<<20) + 24*many; large > limit {
		t.Errorf("%d rows took %d MiB, more than %d", many, large>>20, limit>>20)
	}
	if limit := small*11/10 + 24*(many-few); large > limit {
		t.Errorf("%d rows took %d MiB, but %d rows %d MiB", many, large>>20, few, small>>20)
	}
}
