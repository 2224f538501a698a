package cli

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"attio-import/importer"
	"attio-import/importer/attio"
	"attio-import/importer/journal"
	"attio-import/importer/report"
	"attio-import/importer/resolve"
	"attio-import/importer/source"
	"attio-import/importer/write"
	"attio-import/mapping"
	"attio-import/ratelimit"
)

// BenchmarkJournalCost imports a sheet whose rows have a key into a sandbox without
// limits, with a journal and without, in turns, from the first row of the second pass to
// the last line of the report. Metrics are medians:
//
//	journal-ratio  throughput with the journal over that without, of each pair
//	rows/s         with the journal
//	journal-B/row  what the journal takes of the disk
//
// Single pairs spread by a tenth and more, so take at least fifteen:
//
//	go test -run '^$' -bench JournalCost -benchtime 15x ./importer/cli
//
// ATTIO_IMPORT_ROWS sets the rows, default 20,000.
func BenchmarkJournalCost(b *testing.B) {
	rows := sheetRows(b, 20_000)
	sheet := writeSheet(b, rows)
	var ratios, rates []float64
	var size int64
	for first := false; b.Loop(); first = !first {
		var took [2]time.Duration // without, with
		for _, journaled := range []bool{first, !first} {
			i := 0
			if journaled {
				i = 1
			}
			var kept int64
			took[i], kept = importOnce(b, sheet, rows, journaled)
			size = max(size, kept)
		}
		ratios = append(ratios, took[0].Seconds()/took[1].Seconds())
		rates = append(rates, float64(rows)/took[1].Seconds())
	}
	b.Logf("pairs: %.2f", ratios)
	b.ReportMetric(middleOf(ratios), "journal-ratio")
	b.ReportMetric(middleOf(rates), "rows/s")
	b.ReportMetric(float64(size)/float64(rows), "journal-B/row")
}

func middleOf(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// importOnce is an import as the run command makes it, but for the journal; it
// returns how long it took and the size of the journal.
func importOnce(b *testing.B, sheet string, rows int, journaled bool) (took time.Duration, size int64) {
	b.Helper()
	env := serve(b, unlimited...)
	client := costClient(b, env)
	engine, dir := costEngine(b, client, sheet)
	check, err := engine.Check(b.Context(), nil)
	if err != nil {
		b.Fatal(err)
	}
	sink, err := report.Create(dir, report.Info{Run: filepath.Base(dir), Command: report.Run, Started: time.Now(), Header: engine.Source.Header, Dialect: engine.Source.Dialect})
	if err != nil {
		b.Fatal(err)
	}
	engine.Sink = sink
	began := time.Now()
	options := write.Options{}
	var j *journal.Journal
	if journaled {
		j = costJournal(b, dir, check)
		engine.Journal, options.Journal = j, j
	}
	engine.Writer = write.New(client, engine.Plan, engine.Resolver.(*resolve.Resolver), options)
	if err := engine.Run(b.Context(), check); err != nil {
		b.Fatal(err)
	}
	if j != nil {
		if err := j.End(journal.End{Complete: true}); err != nil {
			b.Fatal(err)
		}
		if err := j.Close(); err != nil {
			b.Fatal(err)
		}
	}
	summary, err := sink.Close(report.End{})
	took = time.Since(began)
	if err != nil || summary.Counts["created"] != rows {
		b.Fatalf("want %d rows created: %v, %v", rows, summary.Counts, err)
	}
	if info, err := os.Stat(filepath.Join(dir, journal.FileName)); err == nil {
		size = info.Size()
	}
	return took, size
}

func costClient(b *testing.B, env []string) *attio.Client {
	b.Helper()
	base, _ := strings.CutPrefix(env[len(env)-2], "ATTIO_BASE_URL=")
	key, _ := strings.CutPrefix(env[len(env)-1], "ATTIO_API_KEY=")
	client, err := attio.New(attio.Config{
		BaseURL: base, Token: attio.Token(key),
		Read: ratelimit.NewBudget(0), Write: ratelimit.NewBudget(0),
		Backoff:    func(attempt int) time.Duration { return ratelimit.Backoff(attempt, rand.Float64()) },
		RetryAfter: ratelimit.RetryAfter,
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(client.Close)
	return client
}

// costEngine is an import of the sheet without a writer, and its run directory.
func costEngine(b *testing.B, client *attio.Client, sheet string) (*importer.Import, string) {
	b.Helper()
	name := strings.TrimSuffix(sheet, ".csv") + ".yaml"
	text, err := os.ReadFile(name)
	if err != nil {
		b.Fatal(err)
	}
	file, err := mapping.Parse(name, text)
	if err != nil {
		b.Fatal(err)
	}
	src, err := source.Open(sheet, source.Options{})
	if err != nil {
		b.Fatal(err)
	}
	described, err := client.Schema(b.Context(), file.Objects(), attributesIn(file))
	if err != nil {
		b.Fatal(err)
	}
	plan, _, err := mapping.Bind(file, src.Header, described)
	if err != nil {
		b.Fatal(err)
	}
	dir := filepath.Join(b.TempDir(), "20260101-000000000-0a1b2c")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		b.Fatal(err)
	}
	return &importer.Import{
		Source: src, Plan: plan, Resolver: resolve.New(client, plan, resolve.Options{}),
		Options: importer.Options{Workers: 16},
	}, dir
}

func costJournal(b *testing.B, dir string, check *importer.Check) *journal.Journal {
	b.Helper()
	root, err := os.OpenRoot(dir)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = root.Close() })
	j, err := journal.Create(root, journal.Header{Run: filepath.Base(dir), Source: journal.Source{Rows: check.Rows}}, journal.Options{})
	if err != nil {
		b.Fatal(err)
	}
	return j
}
