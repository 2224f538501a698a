package mapping

import (
	"slices"

	"attio-import/mapping/schema"
	"attio-import/mapping/value"
)

// bindParts binds a value that is put together.
func (b *binder) bindParts(f *field, spec *valueSpec, attr *schema.Attribute, in scope) {
	names := value.PartNames(attr.Type)
	if len(names) == 0 && attr.Type != schema.Unknown {
		b.mistake(spec.value, codeType, "write the column's name: "+attr.Slug+": COLUMN", "%s is %s, which has no parts", quote(attr.Slug), typeName(attr.Type))
	}
	f.partsOf = attr.Type
	if attr.Type == schema.Unknown {
		f.partsOf = typeWithPart(lastKey(spec.parts[0].key.path))
	}
	f.clear = b.clears(spec.blank, attr, in)
	for i := range spec.parts {
		p := &spec.parts[i]
		name := lastKey(p.key.path)
		if len(names) > 0 && !slices.Contains(names, name) {
			b.mistake(p.key.name(), codeType, "its parts are "+list(names), "%s has no part %s", quote(attr.Slug), quote(name))
		}
		f.parts = append(f.parts, b.part(f.partsOf, name, &p.source))
	}
}

// typeWithPart is the type that a part belongs to, where the schema cannot tell.
func typeWithPart(name string) schema.Type {
	if slices.Contains(value.PartNames(schema.PersonalName), name) {
		return schema.PersonalName
	}
	return schema.Location
}

func (b *binder) part(t schema.Type, name string, spec *sourceSpec) part {
	p := part{name: name, set: value.PartSetOf(t, name), source: b.reading(spec), constant: textOf(spec.constant), fallback: textOf(spec.fallback)}
	for _, own := range []*node{spec.constant, spec.fallback} {
		if own == nil {
			continue
		}
		text := []boundText{{&p, own.text}}
		if _, err := composeTexts(t, text); err != nil && wrongText(text, err) >= 0 {
			message, hint := errorText(err)
			b.mistake(own, codeValue, hint, "%s", message)
		}
	}
	return p
}
