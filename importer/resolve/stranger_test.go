package resolve

import (
	"context"
	"testing"

	"attio-import/mapping"
)

// An answer with a record that nobody asked for is asked for again: what it
// does not tell is not absent. A server that always answers so is believed in the end.
func TestMixedUpAnswersAreAskedForAgain(t *testing.T) {
	for _, c := range []struct {
		mixedUp, queries int
		found            string
	}{
		{0, 1, "co7"}, {1, 2, "co7"}, {mostAsks - 1, mostAsks, "co7"}, {1000, mostAsks, ""},
	} {
		f := newFake()
		f.add(companies, "co7", "domains", "c7.com")
		f.add(companies, "stranger", "domains", "elsewhere.com")
		f.mixedUp = c.mixedUp
		r := New(f, upsert, Options{Queries: 1})
		recs := window(t, byDomain(mapping.MissingSkip), 0, 20)
		if err := r.Resolve(context.Background(), recs); err != nil {
			t.Fatal(err)
		}
		found := ""
		if fl := field(recs[7], company); fl != nil {
			found = canonicals(fl.Values)
		}
		if n := f.perPlace()["companies.domains"]; found != c.found || n != c.queries {
			t.Errorf("%d answers mixed up: found %q with %d queries, want %q with %d", c.mixedUp, found, n, c.found, c.queries)
		}
	}
}

func TestServersThatFindMoreAreNotAskedTwiceForEver(t *testing.T) {
	f := newFake()
	f.add(companies, "stranger", "domains", "elsewhere.com")
	f.mixedUp = 1000
	r := New(f, upsert, Options{Queries: 1})
	for first := range 3 {
		if err := r.Resolve(context.Background(), window(t, byDomain(mapping.MissingSkip), 20*first, 20*first+20)); err != nil {
			t.Fatal(err)
		}
	}
	if n := f.perPlace()["companies.domains"]; n != mostAsks+2 {
		t.Errorf("%d queries, want %d for the first window and one for each other", n, mostAsks)
	}
}

func TestMixedUpHoldersAreAskedForAgain(t *testing.T) {
	for mixedUp, want := range []int{1, 1, 1, 1, 1, 0} {
		f := newFake()
		f.add(companies, "co7", "domains", "c7.com")
		f.add(companies, "stranger", "domains", "elsewhere.com")
		f.mixedUp = mixedUp
		keys := []mapping.Key{{Attribute: domains, Value: val(t, domains, "c7.com")}}
		holders, err := New(f, upsert, Options{}).Holders(context.Background(), companies, nil, keys)
		if err != nil || len(holders) != want {
			t.Errorf("%d answers mixed up: %d holders, %v", mixedUp, len(holders), err)
		}
	}
}
