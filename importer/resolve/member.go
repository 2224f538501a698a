package resolve

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"attio-import/importer/attio"
	"attio-import/mapping/value"
)

// directory is the list of the workspace's members, read once in a run and
// only if a row refers to one.
type directory struct {
	api API

	mu   sync.Mutex
	read bool
	all  []attio.Member
	by   map[string]map[string][]hit // "email", "name", "id" -> folded -> members
}

func (d *directory) loaded() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.read
}

// load reads the members; whoever comes while another is at it waits for that.
func (d *directory) load(ctx context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.read {
		return nil
	}
	all, err := d.api.Members(ctx)
	if err != nil {
		return fmt.Errorf("listing the workspace's members: %w", err)
	}
	d.all, d.by, d.read = all, arrange(all), true
	return nil
}

func arrange(all []attio.Member) map[string]map[string][]hit {
	by := map[string]map[string][]hit{"email": {}, "name": {}, "id": {}}
	add := func(kind, key string, h hit) {
		if key = foldName(key); key != "" {
			by[kind][key] = append(by[kind][key], h)
		}
	}
	for _, m := range all {
		h := hit{id: m.ID, url: m.Email}
		add("email", m.Email, h)
		add("name", m.FirstName+" "+m.LastName, h)
		add("id", m.ID, h)
	}
	return by
}

// foldName makes names alike that differ by case or spacing only.
func foldName(s string) string { return strings.Join(strings.Fields(fold(s)), " ") }

// find looks a member up; by is "email", "name" or "id".
func (d *directory) find(by string, key value.Value) found {
	d.mu.Lock()
	defer d.mu.Unlock()
	hits := d.by[by][foldName(key.Canonical())]
	switch len(hits) {
	case 0:
		return found{}
	case 1:
		return found{id: hits[0].id}
	}
	return found{odd: severalHits(hits)}
}

// fewMembers is how many members a hint may name.
const fewMembers = 8

// hint helps to correct a cell that names no member.
func (d *directory) hint() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.all) == 0 || len(d.all) > fewMembers {
		return "correct the cell, or invite the person to the workspace; missing: in the mapping can also skip it or use another member"
	}
	emails := make([]string, len(d.all))
	for i, m := range d.all {
		emails[i] = m.Email
	}
	return "the members are " + strings.Join(emails, ", ") + "; missing: in the mapping can also skip it or use one of them"
}
