package resolve

import "testing"

func TestRecordsOfOneTimeAreChosenAlike(t *testing.T) {
	for _, hits := range [][]hit{
		{{id: "a", created: "2026"}, {id: "b", created: "2026"}, {id: "c", created: "2026"}},
		{{id: "c", created: "2026"}, {id: "a", created: "2026"}, {id: "b", created: "2026"}},
	} {
		if o := severalHits(hits); o.oldest.id != "a" || o.newest.id != "c" || o.count != 3 {
			t.Errorf("oldest %s, newest %s of %v", o.oldest.id, o.newest.id, hits)
		}
	}
}
