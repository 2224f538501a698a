package sandbox

import (
	"fmt"
	"testing"

	"github.com/tidwall/gjson"
)

// TestQueriesUseIndexes: a query by equality reads the records that it finds, not all, also for attributes that are
// not unique, and also in the forms in which many keys are asked for at once.
func TestQueriesUseIndexes(t *testing.T) {
	c := serve(t, Options{Seed: []byte(testSeed)})
	fill(t, c.server, 2*smallTable)
	var ids string
	for _, id := range c.ids("workspaces", `{"limit":2}`) {
		ids += `,"` + id + `"`
	}
	for filter, want := range map[string]int{
		`{"workspace_id":"ws-00000007"}`:                                                            1,
		`{"workspace_id":{"$in":["ws-00000007","ws-00000008","none"]}}`:                             2,
		`{"$or":[{"workspace_id":"ws-00000001"},{"workspace_id":{"value":{"$eq":"ws-00000002"}}}]}`: 2,
		`{"$and":[{"plan":"Pro"},{"workspace_id":"ws-00000001"}]}`:                                  1,
		`{"name":"Workspace number 5"}`:                                                             1,
		`{"seats":7}`:                                                                               11,
		`{"record_id":{"$in":[` + ids[1:] + `]}}`:                                                   2,
	} {
		if got := len(c.ids("workspaces", `{"filter":`+filter+`}`)); got != want {
			t.Errorf("%s finds %d, want %d", filter, got, want)
		}
		q, err := c.server.store.parseQuery(c.server.store.objects["workspaces"], gjson.Parse(`{"filter":`+filter+`}`))
		if err != nil {
			t.Fatal(err)
		}
		if list, ok := q.where.candidates(nil); !ok || len(list) != want {
			t.Errorf("%s reads %d records (by index: %v), want %d", filter, len(list), ok, want)
		}
	}
}

// TestIndexesStayTrue changes, clears and deletes values and asks for the old and the new ones.
func TestIndexesStayTrue(t *testing.T) {
	c := serve(t, Options{Seed: []byte(testSeed)})
	fill(t, c.server, 2*smallTable)
	find := func(name string) int {
		return len(c.ids("workspaces", fmt.Sprintf(`{"filter":{"name":%q}}`, name)))
	}
	if find("Workspace number 3") != 1 {
		t.Fatal("not found")
	}
	id := c.ids("workspaces", `{"filter":{"name":"Workspace number 3"}}`)[0]
	path := "/v2/objects/workspaces/records/" + id
	c.ok("PATCH", path, data(`{"name":"Workspace number 4"}`))
	if find("Workspace number 3") != 0 || find("Workspace number 4") != 2 {
		t.Error("after a change")
	}
	c.ok("PATCH", path, data(`{"seats":1}`))
	if find("Workspace number 4") != 2 {
		t.Error("after a change of something else")
	}
	c.ok("PATCH", path, data(`{"name":null,"workspace_id":"new"}`))
	if find("Workspace number 4") != 1 || len(c.ids("workspaces", `{"filter":{"workspace_id":"ws-00000003"}}`)) != 0 {
		t.Error("after clearing")
	}
	c.create("workspaces", `{"workspace_id":"ws-00000003"}`) // the key is free again
	c.ok("DELETE", path, "")
	if len(c.ids("workspaces", `{"filter":{"workspace_id":"new"}}`)) != 0 {
		t.Error("after deletion")
	}
}

// TestPagingOverDeletions deletes enough to close the gaps, and more: pages stay whole and in order.
func TestPagingOverDeletions(t *testing.T) {
	c := serve(t, Options{Seed: []byte(testSeed)})
	fill(t, c.server, 400)
	all := c.ids("workspaces", `{}`)
	var left []string
	for i, id := range all {
		if i%3 == 0 && i < 300 {
			c.ok("DELETE", "/v2/objects/workspaces/records/"+id, "")
		} else {
			left = append(left, id)
		}
	}
	var paged []string
	for offset := 0; ; offset += 50 {
		page := c.ids("workspaces", fmt.Sprintf(`{"limit":50,"offset":%d,"sorts":[{"direction":"asc","attribute":"created_at"}]}`, offset))
		paged = append(paged, page...)
		if len(page) < 50 {
			break
		}
	}
	if fmt.Sprint(paged) != fmt.Sprint(left) {
		t.Errorf("paged over %d records, want %d in order of creation", len(paged), len(left))
	}
}
