package samples_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"attio-import/importer/attio"
	"attio-import/importer/outcome"
	"attio-import/importer/sandbox"
	"attio-import/importer/source"
	"attio-import/mapping"
	"attio-import/mapping/schema"
	"attio-import/ratelimit"
	"attio-import/samples"
)

func parse(t *testing.T, name string) *mapping.File {
	t.Helper()
	path := "samples/" + name + ".yaml"
	text, err := samples.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	file, err := mapping.Parse(path, text)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func open(t *testing.T, name string) *source.File {
	t.Helper()
	path := "samples/" + name + ".csv"
	text, err := samples.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	file, err := source.OpenBytes(path, text, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// bind also holds the mappings to what they teach: nothing in them is warned about.
func bind(t *testing.T, file *mapping.File, header []string, s *schema.Schema) *mapping.Plan {
	t.Helper()
	plan, warnings, err := mapping.Bind(file, header, s)
	if err != nil {
		t.Fatal(err)
	}
	if s.Complete && len(warnings) > 0 {
		t.Errorf("warnings: %v", mapping.Mistakes(warnings))
	}
	return plan
}

// Without a workspace, exactly the attributes that the seed adds, the options
// of selects and statuses, and whether references exist cannot be checked.
func TestMappingsBindOffline(t *testing.T) {
	unchecked := map[string][]string{
		"companies":  {"categories", "employee_range"},
		"deals":      {"deal_id", "stage", "expected_close", "notes", "associated_company", "associated_people", "owner"},
		"people":     {"lead_score", "fit", "newsletter", "last_contacted", "company"},
		"users":      {"signed_up", "role", "person"},
		"workspaces": {"plan", "seats", "mrr", "launched", "company", "users"},
	}
	for _, name := range sheetNames() {
		t.Run(name, func(t *testing.T) {
			plan := bind(t, parse(t, name), open(t, name).Header, schema.Standard())
			var got []string
			for _, u := range plan.Unchecked() {
				slug, _, _ := strings.Cut(u, " ")
				got = append(got, strings.TrimRight(slug, ":,"))
			}
			slices.Sort(got)
			want := slices.Sorted(slices.Values(unchecked[name]))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("unchecked attributes (-want +got):\n%s", diff)
			}
		})
	}
}

// onlyOnline are the wrong rows that need the workspace's own attributes and
// options to be seen: a validation without a network passes them.
var onlyOnline = map[string][]int{
	"companies":  {17, 34},
	"deals":      {10},
	"people":     {28},
	"users":      {23},
	"workspaces": {118},
}

func TestRowsThatAreWrongOffline(t *testing.T) {
	for _, name := range sheetNames() {
		t.Run(name, func(t *testing.T) {
			sheet := open(t, name)
			plan := bind(t, parse(t, name), sheet.Header, schema.Standard())
			want := wrongInCells(name, onlyOnline[name])
			if diff := cmp.Diff(rowNumbers(want), rowNumbers(firstErrors(t, plan, sheet))); diff != "" {
				t.Errorf("rows with errors (-want +got):\n%s", diff)
			}
		})
	}
}

func rowNumbers(list []wrong) []int {
	var rows []int
	for _, w := range list {
		rows = append(rows, w.row)
	}
	return rows
}

// wrongInCells are the rows of the table whose own cells show what is wrong, without some.
func wrongInCells(name string, without []int) []wrong {
	return slices.DeleteFunc(slices.Clone(wrongRows[name]), func(w wrong) bool {
		lookedUp := w.code == outcome.DuplicateKey || w.code == outcome.ReferenceNotFound || w.code == conflict
		return lookedUp || slices.Contains(without, w.row)
	})
}

// Read against the seeded sandbox, the rows with errors are those of
// wrongRows whose cells alone show it; the look-ups find the others.
func TestRowsGoWrongWhereTheTableSays(t *testing.T) {
	client := seeded(t)
	for _, name := range sheetNames() {
		t.Run(name, func(t *testing.T) {
			file := parse(t, name)
			s, err := client.Schema(t.Context(), file.Objects(), func(o *schema.Object) []string { return file.Attributes(o.Slug) })
			if err != nil {
				t.Fatal(err)
			}
			sheet := open(t, name)
			plan := bind(t, file, sheet.Header, s)
			if got, want := plan.Unmapped(), unmapped[name]; !slices.Equal(got, want) {
				t.Errorf("unmapped columns %q, want %q", got, want)
			}
			if diff := cmp.Diff(wrongInCells(name, nil), firstErrors(t, plan, sheet), cmp.AllowUnexported(wrong{})); diff != "" {
				t.Errorf("rows with errors (-want +got):\n%s", diff)
			}
		})
	}
}

// unmapped are the columns that a mapping leaves out, to show that this is allowed.
var unmapped = map[string][]string{"workspaces": {"Region"}}

func firstErrors(t *testing.T, plan *mapping.Plan, sheet *source.File) []wrong {
	t.Helper()
	rows, err := sheet.Rows(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var list []wrong
	for {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		if p := firstError(plan, row); p != nil {
			list = append(list, wrong{row.Number, p.Column, p.Value, p.Code})
		}
	}
}

func firstError(plan *mapping.Plan, row source.Row) *outcome.Problem {
	if row.Problem != nil {
		return row.Problem
	}
	rec := plan.Row(row.Number, row.Line, row.Cells)
	return (&outcome.Outcome{Problems: append(rec.Problems, rec.NewProblems...)}).FirstError()
}

// seeded starts a sandbox with the seed and gives a client of it.
func seeded(t *testing.T) *attio.Client {
	t.Helper()
	server, err := sandbox.New(sandbox.Options{Seed: samples.Seed()})
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	free := ratelimit.NewBudget(0)
	client, err := attio.New(attio.Config{BaseURL: server.URL(), Token: attio.Token(server.Token()), Read: free, Write: free,
		Backoff: func(int) time.Duration { return 0 }, RetryAfter: ratelimit.RetryAfter})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// The records must be there that a row conflicts with, or updates.
func TestSeedHoldsWhatTheSheetsRunInto(t *testing.T) {
	client := seeded(t)
	for object, filter := range map[string]string{
		"workspaces": `{"workspace_id":"ws_10507"}`,
		"deals":      `{"deal_id":"D-4101"}`,
	} {
		page, err := client.Query(context.Background(), object, attio.Query{Filter: []byte(filter), Limit: 2})
		if err != nil || len(page.Records) != 1 {
			t.Errorf("%s with %s: %d records, %v", object, filter, len(page.Records), err)
		}
	}
}
