package mapping

import (
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
		if key == "timezone" && attr.Type == schema.Date {
			b.warn(n.name(), codeNoEffect, "remove it, unless another sheet needs it",
				"%s is a date: a time without a zone keeps its day, and one with a zone counts in UTC", quote(attr.Slug))
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
