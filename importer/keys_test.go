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
	a, b, c, d := key(t, testDomains, "a"), key(t, testDomains, "b"), key(t, testDomains, "c"), key(t, testDomains, "d")
	other := key(t, testNames, "a") // the same text, another attribute
	found := index(
		[]mapping.Key{a},
		[]mapping.Key{b, c},
		[]mapping.Key{other},
		[]mapping.Key{a},
		[]mapping.Key{d, d}, // twice in one row
		[]mapping.Key{c, a},
		nil,
	)
	for _, tt := range []struct {
		key  mapping.Key
		rows []uint32
	}{{a, []uint32{1, 4, 6}}, {b, nil}, {c, []uint32{2, 6}}, {d, nil}, {other, nil}} {
		if got := found.rows(tt.key); !slices.Equal(got, tt.rows) {
			t.Errorf("rows with %s %q: %v, want %v", tt.key.Attribute.Slug, tt.key.Value, got, tt.rows)
		}
	}
	if got := found.superseded(); !slices.Equal(got, []uint32{4, 2, 1}) {
		t.Errorf("superseded are %v, want 4, 2 and 1", got)
	}
}

// A row gives way only to one that counts itself.
func TestSupersededInAChain(t *testing.T) {
	a, b, c := key(t, testDomains, "a"), key(t, testDomains, "b"), key(t, testDomains, "c")
	found := index([]mapping.Key{a, b}, []mapping.Key{b, c}, []mapping.Key{c})
	if got := found.superseded(); !slices.Equal(got, []uint32{2}) {
		t.Errorf("superseded are %v, want row 2 alone", got)
	}
}

func TestListOthers(t *testing.T) {
	for _, tt := range []struct {
		rows []uint32
		but  int
		want string
	}{
		{[]uint32{3, 7}, 3, "row 7"},
		{[]uint32{3, 7, 9}, 3, "rows 7 and 9"},
		{[]uint32{1, 2, 3, 4}, 4, "rows 1, 2 and 3"},
		{[]uint32{1, 2, 3, 4, 5, 6}, 1, "rows 2, 3, 4, 5 and 6"},
		{[]uint32{1, 2, 3, 4, 5, 6, 7, 8}, 8, "rows 1, 2, 3, 4, 5 and 2 more"},
	} {
		if got := listOthers(tt.rows, tt.but); got != tt.want {
			t.Errorf("listOthers(%v, %d) = %q, want %q", tt.rows, tt.but, got, tt.want)
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
