package sandbox

import (
	"encoding/json"
	"slices"
)

// table is an object with its records, or a list with its entries: what both have in common.
type table struct {
	no       int // position in store.tables; never reused
	id       uuid
	slug     string
	singular string
	plural   string
	created  int64
	disabled bool // a standard object that the workspace has not enabled; hidden from the API

	list *list // nil for objects

	attrs []*attribute          // in display order; attrs[i].no == i
	names map[string]*attribute // by slug and by id; archived ones keep their slug

	rows []*record // in order of creation; nil where one was deleted
	byID map[uuid]*record
	dead int // nils in rows
}

// attribute describes one attribute of a table.
type attribute struct {
	table    *table
	no       int
	id       uuid
	title    string
	about    *string // description; null where nil
	slug     string
	kind     kind
	system   bool
	readOnly bool
	required bool
	unique   bool
	multi    bool
	archived bool
	fallback json.RawMessage // default_value as the API shows it; nil: none
	created  int64

	currency, display string   // currency only
	allowed           []*table // record-reference only; empty: any object
	inverse           *attribute

	choices []*choice      // select and status, in order; choices[i] has number i
	titles  map[string]int // by title and by id

	index *index
}

// choice is a select option or a status.
type choice struct {
	id       uuid
	title    string
	archived bool
	// status only
	celebrate bool
	target    string // ISO 8601 duration; "" is null
}

// hidden tells whether the attribute belongs to a relationship with an object that is not enabled.
func (a *attribute) hidden() bool {
	if a.inverse != nil && a.inverse.table.disabled {
		return true
	}
	return false
}

// visible attributes appear in a record's values.
func (a *attribute) visible() bool { return !a.archived && !a.hidden() }

func (t *table) addAttribute(a *attribute) *attribute {
	a.table, a.no = t, len(t.attrs)
	t.attrs = append(t.attrs, a)
	t.names[a.slug] = a
	t.names[a.id.String()] = a
	if a.unique && !a.readOnly { // record_id is found by its own map
		a.index = newIndex()
	}
	return a
}

// attribute finds by slug or id, archived ones not.
func (t *table) attribute(name string) *attribute {
	a := t.names[name]
	if a == nil || !a.visible() {
		return nil
	}
	return a
}

func (a *attribute) addChoice(c *choice) {
	if a.titles == nil {
		a.titles = map[string]int{}
	}
	no := len(a.choices)
	a.choices = append(a.choices, c)
	a.titles[c.title], a.titles[c.id.String()] = no, no
}

// choice finds an active option or status by its title, exactly as written, or by its id.
func (a *attribute) choice(name string) (int, bool) {
	no, ok := a.titles[name]
	if !ok || a.choices[no].archived {
		return 0, false
	}
	return no, true
}

// relate makes two attributes the two sides of one relationship.
func relate(a, b *attribute) {
	a.inverse, b.inverse = b, a
	a.allowed, b.allowed = []*table{b.table}, []*table{a.table}
}

func (a *attribute) allows(t *table) bool {
	return len(a.allowed) == 0 || slices.Contains(a.allowed, t)
}

// isObject tells whether the table holds the records of the standard object.
func (t *table) isObject(slug string) bool { return t.list == nil && t.slug == slug }
