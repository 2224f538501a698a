package mapping

import (
	"errors"
	"strings"

	"attio-import/mapping/schema"
	"attio-import/mapping/value"
)

// typeName is a type as a message says it: "a number", "an email-address".
func typeName(t schema.Type) string {
	if t == schema.Unknown {
		return "of an unknown type"
	}
	if strings.ContainsRune("aeiou", rune(t[0])) {
		return "an " + string(t)
	}
	return "a " + string(t)
}

// source binds one source of an attribute.
func (b *binder) source(spec *sourceSpec, attr *schema.Attribute, in scope) source {
	s := b.reading(spec)
	s.clear = b.clears(spec.blank, attr, in)
	target := attr // what the texts are converted for
	switch ref := isReference(attr.Type); {
	case ref || attr.Type == schema.Unknown && spec.reference != nil:
		target = b.bindReference(&s, spec, attr, in)
	case spec.reference != nil:
		b.mistake(spec.said["reference"].name(), codeType, "remove it", "%s is %s, not a reference", quote(attr.Slug), typeName(attr.Type))
	}
	if target == nil {
		return s
	}
	b.wholeLocation(spec, target)
	b.checkOptions(spec, target)
	s.convert = b.converter(spec, target)
	if s.convert != nil {
		b.items(&s, spec, target)
	}
	return s
}

// wholeLocation warns of an address in one text: Attio takes it apart in its
// own way, so that only one whose words it kept can be seen to be unchanged.
func (b *binder) wholeLocation(spec *sourceSpec, attr *schema.Attribute) {
	if attr.Type == schema.Location && b.plan.mode != Create {
		b.warn(spec.at, codeNotCompared, "map its parts:  "+attr.Slug+": {locality: COLUMN, country_code: COLUMN}",
			"%s comes as one text, which Attio takes apart: where it does not keep the very words, every run writes it anew", quote(attr.Slug))
	}
}

func isReference(t schema.Type) bool {
	return t == schema.RecordReference || t == schema.ActorReference
}

func countReferences(fields []field) int {
	n := 0
	for i := range fields {
		if len(fields[i].sources) > 0 && fields[i].sources[0].rule != nil {
			n++
		}
	}
	return n
}

// reading binds what all sources have: where the text comes from and how it is
// cleaned.
func (b *binder) reading(spec *sourceSpec) source {
	s := source{column: column{index: noColumn}, trim: spec.trim, split: textOf(spec.split), skip: textOf(spec.invalid) == "skip"}
	s.column = b.column(spec.columns)
	s.nulls = newNullSet(b.file.nulls)
	if spec.hasNulls {
		s.nulls = newNullSet(spec.nulls)
	}
	if spec.mapped != nil {
		s.mapped = newValueMap(spec.mapped)
	}
	if c := spec.country; c != nil {
		s.country = country{column: b.column(c.columns), literal: textOf(c.literal) + textOf(c.fallback)}
	} else {
		s.country.column.index = noColumn
	}
	return s
}

// column finds a column; noColumn where there is none to find.
func (b *binder) column(wanted []*node) column {
	if len(wanted) == 0 {
		return column{index: noColumn}
	}
	c, f := b.header.find(wanted)
	if f != nil {
		b.mistakes = append(b.mistakes, b.file.located(*f))
		return column{index: noColumn}
	}
	return c
}

// errorText is the message and the hint of an error of package value.
func errorText(err error) (message, hint string) {
	var e *value.Error
	if errors.As(err, &e) {
		return e.Message, e.Hint
	}
	return err.Error(), ""
}

// items converts the texts that the mapping itself has, so that what is wrong
// with them is told now and not once per row.
func (b *binder) items(s *source, spec *sourceSpec, attr *schema.Attribute) {
	s.constant = b.item(s, spec.constant, attr)
	s.fallback = b.item(s, spec.fallback, attr)
	if spec.mapped == nil || s.country.column.index != noColumn {
		return
	}
	for _, e := range spec.mapped.entries {
		b.item(s, e.to, attr)
	}
	if other := spec.mapped.other; other != nil && !isMapWord(other.text) {
		b.item(s, other, attr)
	}
}

// item converts one text of the mapping; nil if there is none.
func (b *binder) item(s *source, n *node, attr *schema.Attribute) *item {
	if n == nil || n.null {
		return nil
	}
	v, err := s.convert(value.Text{Text: n.text, Country: s.country.literal})
	if err != nil {
		message, hint := errorText(err)
		b.mistake(n, codeValue, hint, "%s: %s", attr.Slug, message)
		return nil
	}
	return &item{v, n.text}
}
