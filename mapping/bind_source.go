package mapping

import (
	"errors"
	"slices"
	"strings"

	"attio-import/mapping/schema"
	"attio-import/mapping/value"
)

// optionTypes says for which attribute types an option of a source counts.
func optionTypes(key string) []schema.Type {
	switch key {
	case "decimal":
		return []schema.Type{schema.Number, schema.Currency}
	case "currency":
		return []schema.Type{schema.Currency, schema.Number}
	case "layout", "timezone":
		return []schema.Type{schema.Date, schema.Timestamp}
	case "country":
		return []schema.Type{schema.PhoneNumber}
	}
	return nil
}

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
// own way, so that nothing can tell later whether it has changed.
func (b *binder) wholeLocation(spec *sourceSpec, attr *schema.Attribute) {
	if attr.Type == schema.Location && b.plan.mode != Create {
		b.warn(spec.at, codeNotCompared, "map its parts:  "+attr.Slug+": {locality: COLUMN, country_code: COLUMN}",
			"%s comes as one text, which cannot be compared with what Attio made of it: every row writes it anew", quote(attr.Slug))
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

// checkOptions refuses options that do not go with the type.
func (b *binder) checkOptions(spec *sourceSpec, attr *schema.Attribute) {
	for _, key := range []string{"decimal", "currency", "layout", "timezone", "country"} {
		n, said := spec.said[key]
		if !said {
			continue
		}
		if !counts(key, attr.Type) {
			b.mistake(n.name(), codeType, "remove it: it is for attributes of type "+typeList(optionTypes(key)),
				"%s is %s: %s has no meaning for it", quote(attr.Slug), typeName(attr.Type), quote(key))
		}
	}
}

// counts reports whether an option means something to a type; to one that is
// not known everything may.
func counts(key string, t schema.Type) bool {
	return t == schema.Unknown || slices.Contains(optionTypes(key), t)
}

func typeList(types []schema.Type) string {
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = string(t)
	}
	return strings.Join(names, ", ")
}

// converter binds the converter of a source; nil after a mistake.
func (b *binder) converter(spec *sourceSpec, attr *schema.Attribute) value.Converter {
	convert, err := value.NewConverter(attr, b.options(spec, attr))
	if err != nil {
		message, hint := errorText(err)
		b.mistake(blamed(spec), codeType, hint, "%s", message)
		return nil
	}
	return convert
}

// options gathers the options that count for the type.
func (b *binder) options(spec *sourceSpec, attr *schema.Attribute) value.Options {
	var o value.Options
	if counts("decimal", attr.Type) && spec.decimal != nil {
		o.Decimal = rune(spec.decimal.text[0])
	}
	if counts("currency", attr.Type) {
		o.Currency = textOf(spec.currency)
	}
	if counts("layout", attr.Type) {
		if len(spec.layouts) > 0 {
			o.Layouts = texts(spec.layouts)
		}
		o.Timezone = b.file.timezone
		if spec.timezone != nil {
			o.Timezone = spec.timezone.text
		}
	}
	return o
}

// blamed is the option that a converter most probably refused.
func blamed(spec *sourceSpec) *node {
	for _, key := range []string{"layout", "currency", "decimal", "timezone"} {
		if n, ok := spec.said[key]; ok {
			return n
		}
	}
	return spec.at
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
