package mapping

import (
	"slices"
	"unicode/utf8"
)

// sourceKeys are the keys of a source, in the order of the documentation.
func sourceKeys() []string {
	return []string{"column", "constant", "default", "trim", "null_values", "split", "map", "decimal", "currency",
		"layout", "timezone", "country", "invalid", "blank", "reference", "on_existing"}
}

// source reads where texts come from: the short form is a column's name.
func (r *reader) source(n *node, what string) (sourceSpec, bool) {
	s := sourceSpec{at: n, trim: true}
	if n.kind == scalar {
		column := r.text(n)
		s.columns = []*node{column}
		return s, column != nil
	}
	if !r.is(n, mapping, what) {
		return s, false
	}
	before := len(r.file.mistakes)
	s.said = r.fields(n.without(r.isStrayPart), what, fields{
		"column":      r.textsInto(&s.columns),
		"constant":    r.nodeInto(&s.constant),
		"default":     r.nodeInto(&s.fallback),
		"trim":        r.boolInto(&s.trim),
		"null_values": func(n *node) { s.nulls, s.hasNulls = r.nullValues(n), true },
		"split":       r.nodeInto(&s.split),
		"map":         func(n *node) { s.mapped = r.mapped(n) },
		"decimal":     r.choiceInto(&s.decimal, ".", ","),
		"currency":    func(n *node) { s.currency = r.currency(n) },
		"layout":      r.textsInto(&s.layouts),
		"timezone":    func(n *node) { s.timezone = r.timezone(n) },
		"country":     func(n *node) { s.country = r.country(n) },
		"invalid":     r.choiceInto(&s.invalid, "reject", "skip"),
		"blank":       r.choiceInto(&s.blank, string(blankSkip), string(blankClear)),
		"reference":   func(n *node) { s.reference = r.reference(n) },
		"on_existing": r.unsupported("single values are overwritten, multi-valued ones appended; remove the key"),
	})
	r.origin(n, s.said, before)
	return s, true
}

// isStrayPart tells of a part of a value among the keys of a source.
func (r *reader) isStrayPart(e entry) bool {
	if !slices.Contains(partNames(), e.key) {
		return false
	}
	r.mistake(e.value.name(), codeConflict, "write a source for each part, or one source for the whole",
		"%s is a part of a value and cannot stand in a source", quote(e.key))
	return true
}

// origin checks that a source says where its texts come from, once.
func (r *reader) origin(n *node, said map[string]*node, before int) {
	_, column := said["column"]
	_, constant := said["constant"]
	switch {
	case column && constant:
		r.mistake(said["constant"].name(), codeConflict, "to fill blank cells use default", "a source has a column or a constant, not both")
	case !column && !constant && len(r.file.mistakes) == before:
		r.mistake(n, codeMissingKey, "add column: or constant:", "this does not say where its values come from")
	}
	if !constant || column {
		return
	}
	for _, key := range []string{"default", "trim", "null_values", "split", "map", "invalid", "blank"} {
		if under, ok := said[key]; ok {
			r.mistake(under.name(), codeNoEffect, "remove it", "%s has no effect beside a constant", quote(key))
		}
	}
}

// nullValues reads a list that may be empty: that takes the file's own away.
func (r *reader) nullValues(n *node) []*node {
	if n.kind == sequence && len(n.items) == 0 {
		return nil
	}
	return r.texts(n)
}

// mapped reads a `map`. A target of null makes the cell count as blank.
func (r *reader) mapped(n *node) *mapSpec {
	if !r.is(n, mapping, quote("map")) {
		return nil
	}
	m := &mapSpec{}
	for _, e := range n.entries {
		if !e.value.null && r.text(e.value) == nil {
			continue
		}
		if e.value.nothing {
			r.nothing(e.value)
			continue
		}
		if e.key == "*" {
			m.other = e.value
			continue
		}
		m.entries = append(m.entries, mapEntry{e.key, e.value})
	}
	if len(n.entries) == 0 {
		r.mistake(n, codeMissingKey, "write  {cell: value, ...}, or remove it", "the map is empty")
	}
	return m
}

// currency reads the code of a currency.
func (r *reader) currency(n *node) *node {
	t := r.text(n)
	if t == nil {
		return nil
	}
	if !isCurrency(t.text) {
		r.mistake(n, codeWrongWord, "use the three letters of ISO 4217, such as EUR", "%s is not the code of a currency", quote(t.text))
		return nil
	}
	return t
}

func isCurrency(code string) bool {
	for _, c := range code {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return utf8.RuneCountInString(code) == 3
}

// country reads a literal country, or a column that has it.
func (r *reader) country(n *node) *countrySpec {
	c := &countrySpec{}
	if n.kind == scalar {
		c.literal = r.text(n)
		return c
	}
	said := r.fields(n, "a country", fields{
		"column":  r.textsInto(&c.columns),
		"default": r.nodeInto(&c.fallback),
	})
	if _, ok := said["column"]; !ok && n.kind == mapping && !n.broken {
		r.mistake(n, codeMissingKey, "add column:, or write the country itself: country: DE", "this does not say where the country comes from")
	}
	return c
}
