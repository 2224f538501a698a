package importer

import (
	"fmt"
	"slices"
	"testing"

	"attio-import/mapping"
	"attio-import/mapping/schema"
	"attio-import/mapping/value"
)

var (
	testDomains = &schema.Attribute{Slug: "domains", Type: schema.Text}
	testNames   = &schema.Attribute{Slug: "name", Type: schema.Text}
)

func key(t testing.TB, attr *schema.Attribute, text string) mapping.Key {
	t.Helper()
	convert, err := value.NewConverter(attr, value.Options{})
	if err != nil {
		t.Fatal(err)
	}
	v, err := convert(value.Text{Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return mapping.Key{Attribute: attr, Value: v}
}

func nobody(int) bool { return false }

// index gives the duplicates among rows with these keys.
func index(rows ...[]mapping.Key) duplicates {
	x := newKeyIndex()
	for i, keys := range rows {
		for _, k := range keys {
			x.add(i+1, k)
		}
	}
	return x.duplicates(nobody)
}

func TestDuplicates(t *testing.T) {
	d := index(
		[]mapping.Key{key(t, testDomains, "a")},
		[]mapping.Key{key(t, testDomains, "b"), key(t, testDomains, "c")},
		[]mapping.Key{key(t, testNames, "a")}, // the same text, another attribute
		[]mapping.Key{key(t, testDomains, "a")},
		[]mapping.Key{key(t, testDomains, "d"), key(t, testDomains, "d")}, // twice in one row
		[]mapping.Key{key(t, testDomains, "c"), key(t, testDomains, "a")},
		nil,
	)
	for _, tt := range []struct {
		row     int
		others  []uint32
		count   int
		by      int
		skipped bool
	}{
		{1, []uint32{4, 6}, 2, 6, true},
		{2, []uint32{6}, 1, 6, true},
		{3, nil, 0, 0, false},
		{4, []uint32{1, 6}, 2, 6, true},
		{5, nil, 0, 0, false},
		{6, []uint32{1, 2, 4}, 3, 6, false},
		{7, nil, 0, 0, false},
	} {
		others, count := d.others(tt.row)
		if !slices.Equal(others, tt.others) || count != tt.count {
			t.Errorf("others(%d) = %v, %d; want %v, %d", tt.row, others, count, tt.others, tt.count)
		}
		by, skipped := d.superseded(tt.row)
		if skipped != tt.skipped || (skipped && by != tt.by) {
			t.Errorf("superseded(%d) = %d, %v; want %d, %v", tt.row, by, skipped, tt.by, tt.skipped)
		}
	}
}

// A file in which every row has the same key must not cost a list of all rows
// for each of them.
func TestDuplicatesNameAHandful(t *testing.T) {
	var rows [][]mapping.Key
	for range 10_000 {
		rows = append(rows, []mapping.Key{key(t, testDomains, "same")})
	}
	d := index(rows...)
	others, count := d.others(3)
	if want := []uint32{1, 2, 4, 5, 6}; !slices.Equal(others, want) || count != 9_999 {
		t.Errorf("others(3) = %v, %d; want %v, 9999", others, count, want)
	}
	if got, want := listRows(others, count), "rows 1, 2, 4, 5, 6 and 9994 more"; got != want {
		t.Errorf("listRows = %q, want %q", got, want)
	}
}

func TestListRows(t *testing.T) {
	for _, tt := range []struct {
		some  []uint32
		count int
		want  string
	}{
		{[]uint32{7}, 1, "row 7"},
		{[]uint32{7, 9}, 2, "rows 7 and 9"},
		{[]uint32{1, 2, 3}, 3, "rows 1, 2 and 3"},
	} {
		if got := listRows(tt.some, tt.count); got != tt.want {
			t.Errorf("listRows(%v, %d) = %q, want %q", tt.some, tt.count, got, tt.want)
		}
	}
}

func BenchmarkKeyIndex(b *testing.B) {
	const rows = 100_000
	keys := make([]mapping.Key, rows)
	for i := range keys {
		keys[i] = key(b, testDomains, fmt.Sprintf("company-%d.example.com", i))
	}
	b.ReportAllocs()
	for b.Loop() {
		x := newKeyIndex()
		for i, k := range keys {
			x.add(i+1, k)
		}
		if d := x.duplicates(nobody); len(d.groups) != 0 {
			b.Fatal(d.groups)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows, "ns/key")
}
