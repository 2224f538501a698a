package sandbox

import (
	"slices"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

// filter is a parsed filter: it matches records, and may name candidates by index so that not all have to be read.
type filter interface {
	match(s *store, r *record) bool
	// candidates appends every record that can match; false if only reading all of them would tell.
	candidates(dst []*record) ([]*record, bool)
	// lacking appends the attributes whose index would help.
	lacking(dst []*attribute) []*attribute
	// weight counts comparisons, for the score of a query.
	weight() int
}

type (
	allOf []filter // AND; empty matches everything
	anyOf []filter // OR; empty matches nothing
	none  struct{ filter }
)

func (f allOf) match(s *store, r *record) bool {
	for _, sub := range f {
		if !sub.match(s, r) {
			return false
		}
	}
	return true
}

func (f allOf) candidates(dst []*record) ([]*record, bool) {
	for _, sub := range f {
		if found, ok := sub.candidates(dst); ok {
			return found, true
		}
	}
	return dst, false
}

func (f allOf) lacking(dst []*attribute) []*attribute {
	for _, sub := range f {
		if _, ok := sub.candidates(nil); ok {
			return dst
		}
	}
	for _, sub := range f {
		if dst = sub.lacking(dst); len(dst) > 0 {
			return dst
		}
	}
	return dst
}

func (f allOf) weight() int { return sumWeight(f) }

func (f anyOf) match(s *store, r *record) bool {
	for _, sub := range f {
		if sub.match(s, r) {
			return true
		}
	}
	return false
}

func (f anyOf) candidates(dst []*record) ([]*record, bool) {
	for _, sub := range f {
		var ok bool
		if dst, ok = sub.candidates(dst); !ok {
			return dst, false
		}
	}
	return dst, true
}

func (f anyOf) lacking(dst []*attribute) []*attribute {
	for _, sub := range f {
		dst = sub.lacking(dst)
	}
	return dst
}

func (f anyOf) weight() int { return sumWeight(f) }

func sumWeight(list []filter) int {
	n := 0
	for _, f := range list {
		n += f.weight()
	}
	return n
}

func (f none) match(s *store, r *record) bool             { return !f.filter.match(s, r) }
func (f none) candidates(dst []*record) ([]*record, bool) { return dst, false }
func (f none) lacking(dst []*attribute) []*attribute      { return dst }

// filterParser reads the filter grammar (filtering guide) for one table.
type filterParser struct {
	s    *store
	t    *table
	path []string // where the parser is, told in refusals
}

// errFilter is the documented catch-all.
func (p *filterParser) errFilter() *Error {
	e := invalid("filter_error", "Error in filter.")
	e.path = slices.Clone(p.path)
	return e
}

func (p *filterParser) refuse(code, format string, args ...any) *Error {
	e := invalid(code, format, args...)
	e.path = append([]string{}, p.path...)
	return e
}

// within parses a part under one more step of the path.
func (p *filterParser) within(step string, parse func() (filter, error)) (filter, error) {
	p.path = append(p.path, step)
	f, err := parse()
	p.path = p.path[:len(p.path)-1]
	return f, err
}

func (p *filterParser) parse(v gjson.Result) (filter, error) {
	if !v.IsObject() {
		return nil, p.errFilter()
	}
	if v.Get("path").IsArray() {
		return p.parsePath(v)
	}
	return p.members(v, func(name string, m gjson.Result) (filter, error) {
		switch name {
		case "$and", "$or":
			return p.parseList(name, m)
		case "$not":
			return p.parseNot(m)
		}
		return p.parseAttribute(name, m)
	})
}

// operators parses what is asked of an attribute, which must be something.
func (p *filterParser) operators(v gjson.Result, parse func(string, gjson.Result) (filter, error)) (filter, error) {
	if v.Get("@keys.#").Int() == 0 {
		return nil, p.errFilter()
	}
	return p.members(v, parse)
}

// members parses an object whose members must all hold.
func (p *filterParser) members(v gjson.Result, parse func(string, gjson.Result) (filter, error)) (filter, error) {
	var list allOf
	var err error
	v.ForEach(func(key, m gjson.Result) bool {
		var f filter
		f, err = p.within(key.String(), func() (filter, error) { return parse(key.String(), m) })
		list = append(list, f)
		return err == nil
	})
	if err != nil {
		return nil, err
	}
	if len(list) == 1 {
		return list[0], nil
	}
	return list, nil
}

func (p *filterParser) parseList(op string, v gjson.Result) (filter, error) {
	if !v.IsArray() {
		return nil, p.errFilter()
	}
	var list []filter
	for i, item := range v.Array() {
		f, err := p.within(strconv.Itoa(i), func() (filter, error) { return p.parse(item) })
		if err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	if op == "$or" {
		return anyOf(list), nil
	}
	return allOf(list), nil
}

// parseNot: the live API takes $and and $or below $not for attribute slugs.
func (p *filterParser) parseNot(v gjson.Result) (filter, error) {
	if !v.IsObject() {
		return nil, p.errFilter()
	}
	f, err := p.members(v, p.parseAttribute)
	if err != nil {
		return nil, err
	}
	return none{f}, nil
}

func (p *filterParser) parseAttribute(name string, v gjson.Result) (filter, error) {
	a := p.t.attribute(name)
	if a == nil {
		return nil, p.refuse("unknown_filter_attribute_slug", "Unknown attribute slug: %s.", name)
	}
	field := defaultField(a)
	if !v.IsObject() {
		return p.compare(a, field, "$eq", v)
	}
	return p.operators(v, func(key string, m gjson.Result) (filter, error) {
		if strings.HasPrefix(key, "$") {
			return p.compare(a, field, key, m)
		}
		return p.parseField(a, key, m)
	})
}

func (p *filterParser) parseField(a *attribute, name string, v gjson.Result) (filter, error) {
	if !knownField(a, name) {
		return nil, p.refuse("invalid_filter_field", "Invalid filter field: %s.", name) // text inferred
	}
	if !v.IsObject() {
		return p.compare(a, name, "$eq", v)
	}
	return p.operators(v, func(op string, m gjson.Result) (filter, error) {
		return p.compare(a, name, op, m)
	})
}

// parsePath reads {"path": [["people","company"],["companies","domains"]], "constraints": {...}}.
func (p *filterParser) parsePath(v gjson.Result) (filter, error) {
	hops, err := p.s.parseHops(p.t, v.Get("path"))
	if err != nil {
		e := p.refuse(err.Code, "%s", err.Message)
		e.path = append(e.path, "path")
		return nil, e
	}
	last := hops[len(hops)-1]
	constraints := v.Get("constraints")
	if !constraints.Exists() {
		return nil, p.errFilter()
	}
	inner := filterParser{s: p.s, t: last.table, path: append(slices.Clone(p.path), "constraints")}
	end, ferr := inner.parseAttribute(last.slug, constraints)
	if ferr != nil {
		return nil, ferr
	}
	return &pathFilter{hops[:len(hops)-1], last.table, end}, nil
}

type pathFilter struct {
	refs  []*attribute
	table *table // of the constraints
	end   filter
}

func (f *pathFilter) match(s *store, r *record) bool { return f.from(s, r, f.refs) }

func (f *pathFilter) from(s *store, r *record, refs []*attribute) bool {
	if len(refs) == 0 {
		return f.end.match(s, r)
	}
	for _, v := range unpack(nil, kindReference, section(r.row, refs[0].no)) {
		if next := s.tables[v.table].byID[v.target()]; next != nil && s.tables[v.table] == f.after(refs) && f.from(s, next, refs[1:]) {
			return true
		}
	}
	return false
}

// after is the table to which the first reference must lead.
func (f *pathFilter) after(refs []*attribute) *table {
	if len(refs) > 1 {
		return refs[1].table
	}
	return f.table
}

func (f *pathFilter) candidates(dst []*record) ([]*record, bool) { return dst, false }
func (f *pathFilter) lacking(dst []*attribute) []*attribute      { return dst }
func (f *pathFilter) weight() int                                { return f.end.weight() + 5*len(f.refs) }

// parseHops resolves a path of [object, attribute] pairs that starts at t.
func (s *store) parseHops(t *table, v gjson.Result) ([]*attribute, *Error) {
	var hops []*attribute
	for _, pair := range v.Array() {
		step := pair.Array()
		if len(step) != 2 {
			return nil, invalid("filter_error", "Error in filter.")
		}
		on := s.tableNamed(step[0].String())
		if len(hops) == 0 && (step[0].String() == t.slug || step[0].String() == t.id.String()) {
			on = t // a list may have the name of an object
		}
		if on == nil || len(hops) == 0 && on != t {
			return nil, invalid("filter_error", "Error in filter.")
		}
		if n := len(hops); n > 0 && (hops[n-1].kind != kindReference || !hops[n-1].allows(on)) {
			return nil, invalid("filter_error", "Error in filter.")
		}
		a := on.attribute(step[1].String())
		if a == nil {
			return nil, invalid("unknown_filter_attribute_slug", "Unknown attribute slug: %s.", step[1].String())
		}
		hops = append(hops, a)
	}
	if len(hops) == 0 {
		return nil, invalid("filter_error", "Error in filter.")
	}
	return hops, nil
}

// tableNamed finds an object, else a list.
func (s *store) tableNamed(name string) *table {
	if t := s.object(name); t != nil {
		return t
	}
	return s.listNamed(name)
}
