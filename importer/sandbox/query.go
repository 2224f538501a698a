package sandbox

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

const defaultLimit = 500 // OpenAPI; no maximum is documented

// query is a parsed request for records or entries.
type query struct {
	t      *table
	where  filter
	sorts  []sorting
	limit  int
	offset int
}

type sorting struct {
	refs  []*attribute // references to follow first
	a     *attribute
	field string
	desc  bool
}

// smallTable: below this many rows reading them all is cheaper than another index.
const smallTable = 256

// parseQuery reads filter, sorts, limit and offset.
func (s *store) parseQuery(t *table, body gjson.Result) (*query, error) {
	q := &query{t: t, where: allOf(nil)}
	var err error
	if f := body.Get("filter"); f.Exists() && f.Type != gjson.Null {
		p := filterParser{s: s, t: t}
		if q.where, err = p.parse(f); err != nil {
			return nil, err
		}
	}
	sorts := body.Get("sorts")
	if sorts.Exists() && !sorts.IsArray() {
		return nil, badBody(wrongType("array", typeName(sorts), "sorts"))
	}
	for _, v := range sorts.Array() {
		one, err := s.parseSort(t, v)
		if err != nil {
			return nil, err
		}
		q.sorts = append(q.sorts, one)
	}
	if q.limit, err = bodyInt(body, "limit", defaultLimit); err != nil {
		return nil, err
	}
	if q.offset, err = bodyInt(body, "offset", 0); err != nil {
		return nil, err
	}
	return q, nil
}

func bodyInt(body gjson.Result, key string, fallback int) (int, error) {
	v := body.Get(key)
	if !v.Exists() || v.Type == gjson.Null {
		return fallback, nil
	}
	if v.Type != gjson.Number {
		return 0, badBody(wrongType("number", typeName(v), key))
	}
	if v.Num < 0 || v.Num != math.Trunc(v.Num) || v.Num > math.MaxInt32 {
		return 0, badBody(issue{code: "invalid", path: []string{key}, message: "Expected a whole number that is not negative"})
	}
	return int(v.Num), nil
}

func (s *store) parseSort(t *table, v gjson.Result) (sorting, error) {
	var one sorting
	switch d := v.Get("direction").Str; d {
	case "asc", "desc":
		one.desc = d == "desc"
	default:
		return one, badBody(issue{code: "invalid_enum_value", path: []string{"sorts", "direction"},
			message: "Invalid enum value. Expected 'asc' | 'desc'"})
	}
	if path := v.Get("path"); path.Exists() {
		hops, err := s.parseHops(t, path)
		if err != nil {
			return one, err
		}
		one.refs, one.a = hops[:len(hops)-1], hops[len(hops)-1]
	} else if one.a = t.attribute(v.Get("attribute").String()); one.a == nil {
		return one, invalid("unknown_filter_attribute_slug", "Unknown attribute slug: %s.", v.Get("attribute").String())
	}
	one.field = defaultField(one.a)
	if f := v.Get("field"); f.Exists() {
		if !knownField(one.a, f.String()) {
			return one, invalid("invalid_filter_field", "Invalid filter field: %s.", f.String())
		}
		one.field = f.String()
	}
	return one, nil
}

// lacking lists the attributes whose index must be made before the query can be run without reading everything.
func (q *query) lacking() []*attribute {
	if len(q.t.rows) < smallTable {
		return nil
	}
	return q.where.lacking(nil)
}

// run returns the records of the page.
func (q *query) run(s *store) []*record {
	if all, ok := q.where.(allOf); ok && len(all) == 0 && q.byCreation() {
		return q.slice()
	}
	var found []*record
	if list, ok := q.where.candidates(nil); ok {
		slices.SortFunc(list, func(a, b *record) int { return cmp.Compare(a.seq, b.seq) })
		list = slices.Compact(list)
		found = slices.DeleteFunc(list, func(r *record) bool { return !q.where.match(s, r) })
	} else {
		found = q.scan(s)
	}
	q.sort(s, found)
	return page(found, q.offset, q.limit)
}

// byCreation tells whether the order asked for is that of the rows themselves.
func (q *query) byCreation() bool {
	return len(q.sorts) == 0 || len(q.sorts) == 1 && len(q.sorts[0].refs) == 0 && q.sorts[0].a.slug == "created_at" && !q.sorts[0].desc
}

// slice pages through all records without looking at those before the page.
func (q *query) slice() []*record {
	if q.t.dead == 0 {
		return page(q.t.rows, q.offset, q.limit)
	}
	var list []*record
	skip := q.offset
	for _, r := range q.t.rows {
		if r == nil {
			continue
		}
		if skip--; skip >= 0 {
			continue
		}
		if len(list) == q.limit {
			break
		}
		list = append(list, r)
	}
	return list
}

func page[T any](list []T, offset, limit int) []T {
	list = list[min(offset, len(list)):]
	return list[:min(limit, len(list))]
}

// scan reads every row; it stops at the end of the page if no sorting follows.
func (q *query) scan(s *store) []*record {
	enough := math.MaxInt
	if q.byCreation() {
		enough = q.offset + q.limit
	}
	var found []*record
	for _, r := range q.t.rows {
		if len(found) >= enough {
			break
		}
		if r != nil && q.where.match(s, r) {
			found = append(found, r)
		}
	}
	return found
}

// sort orders by the sorts, then by creation. Records without a value come last (inferred).
func (q *query) sort(s *store, list []*record) {
	if q.byCreation() {
		return
	}
	keys := make([][]sortKey, len(list))
	order := make([]int, len(list))
	for i, r := range list {
		order[i] = i
		for _, by := range q.sorts {
			keys[i] = append(keys[i], by.key(s, r))
		}
	}
	slices.SortStableFunc(order, func(i, j int) int {
		for n, by := range q.sorts {
			if c := compareKeys(keys[i][n], keys[j][n], by.desc); c != 0 {
				return c
			}
		}
		return 0
	})
	sorted := make([]*record, len(list))
	for i, from := range order {
		sorted[i] = list[from]
	}
	copy(list, sorted)
}

type sortKey struct {
	operand
	missing bool
}

func (by sorting) key(s *store, r *record) sortKey {
	for _, ref := range by.refs {
		list := unpack(nil, kindReference, section(r.row, ref.no))
		if len(list) == 0 {
			return sortKey{missing: true}
		}
		if r = s.tables[list[0].table].byID[list[0].target()]; r == nil {
			return sortKey{missing: true}
		}
	}
	c := comparison{a: by.a, field: by.field}
	if v, ok := by.a.systemValue(r); ok {
		return sortKey{operand: c.fieldOf(s, &v)}
	}
	list := unpack(nil, by.a.kind, section(r.row, by.a.no))
	if len(list) == 0 {
		return sortKey{missing: true}
	}
	return sortKey{operand: c.fieldOf(s, &list[0])}
}

func compareKeys(a, b sortKey, desc bool) int {
	if a.missing || b.missing {
		return cmp.Compare(boolNumber(a.missing), boolNumber(b.missing))
	}
	order := cmp.Compare(a.num, b.num)
	if !a.number {
		order = cmp.Or(strings.Compare(strings.ToLower(a.text), strings.ToLower(b.text)), strings.Compare(a.text, b.text))
	}
	if desc {
		return -order
	}
	return order
}

// score stands in for Attio's unpublished measure of a query's cost (inferred): nothing for a plain page, else by
// comparisons and sorts, growing with the number of records.
func (q *query) score() float64 {
	n := q.where.weight() + 5*len(q.sorts)
	if n == 0 {
		return 0
	}
	return math.Ceil(float64(n) * (1 + math.Log10(float64(len(q.t.byID)+1))))
}
