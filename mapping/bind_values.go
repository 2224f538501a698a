package mapping

import (
	"slices"
	"strings"

	"attio-import/mapping/schema"
	"attio-import/mapping/value"
)

// fields binds `values`, or the `create` of a reference.
func (b *binder) fields(specs []valueSpec, in scope) []field {
	var out []field
	for i := range specs {
		spec := &specs[i]
		attr, ok := b.attribute(in.object, spec.key)
		if !ok {
			b.columnsOnly(spec)
			continue
		}
		if slices.ContainsFunc(out, func(f field) bool { return f.attr == attr }) {
			b.mistake(spec.key, codeDuplicate, "an attribute has a slug and an id: use one", "%s is mapped twice", quote(attr.Slug))
		}
		out = append(out, b.field(spec, attr, in))
	}
	return out
}

// columnsOnly checks the columns of a value whose attribute is a mistake.
func (b *binder) columnsOnly(spec *valueSpec) {
	for i := range spec.sources {
		b.column(spec.sources[i].columns)
	}
	for i := range spec.parts {
		b.column(spec.parts[i].source.columns)
	}
}

// field binds one attribute.
func (b *binder) field(spec *valueSpec, attr *schema.Attribute, in scope) field {
	f := field{attr: attr, keyOnly: b.isKeyOnly(attr, in)}
	b.writable(spec, attr, f.keyOnly)
	b.optionsKnown(attr)
	if len(spec.parts) > 0 {
		b.bindParts(&f, spec, attr, in)
	} else {
		b.bindSources(&f, spec, attr, in)
	}
	f.column = f.firstColumn()
	f.required = attr.Required && !attr.HasDefault && (b.plan.mode.creates() || in.nested || f.clears())
	return f
}

// isKeyOnly reports whether an attribute that nobody can write may still say
// which record to update: record_id is the one that matters.
func (b *binder) isKeyOnly(attr *schema.Attribute, in scope) bool {
	return !attr.Writable && !in.nested && b.plan.mode == Update && attr.Filterable() && b.matches(attr, in.object)
}

// matches reports whether `match` names an attribute.
func (b *binder) matches(attr *schema.Attribute, o *schema.Object) bool {
	return slices.ContainsFunc(b.file.match, func(n *node) bool {
		return n.text == attr.Slug || o.Attribute(n.text) == attr
	})
}

func (b *binder) writable(spec *valueSpec, attr *schema.Attribute, keyOnly bool) {
	switch {
	case attr.Writable || keyOnly:
	case attr.Filterable() && attr.Unique:
		b.mistake(spec.key, codeNotWritable, "it can only be the match of mode update", "%s is set by Attio and cannot be written", quote(attr.Slug))
	default:
		b.mistake(spec.key, codeNotWritable, "remove the line", "%s is set by Attio and cannot be written", quote(attr.Slug))
	}
}

// optionsKnown remembers what cannot be checked without the workspace.
func (b *binder) optionsKnown(attr *schema.Attribute) {
	if (attr.Type == schema.Select || attr.Type == schema.Status) && !attr.OptionsKnown && !b.schema.Complete {
		b.uncheck(attr.Slug, "its options are known to the workspace alone")
	}
}

// bindSources binds the source, or the several sources, of an attribute.
func (b *binder) bindSources(f *field, spec *valueSpec, attr *schema.Attribute, in scope) {
	if len(spec.sources) > 1 && !attr.Multi {
		b.mistake(spec.value, codeConflict, "for the first column that the header has write  {column: [A, B]}",
			"%s holds one value, so it cannot have several sources", quote(attr.Slug))
	}
	for i := range spec.sources {
		f.sources = append(f.sources, b.source(&spec.sources[i], attr, in))
	}
}

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
	p := part{name: name, source: b.reading(spec), constant: textOf(spec.constant), fallback: textOf(spec.fallback)}
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

// clears settles `blank` for a value. A record that a reference makes has
// nothing to clear.
func (b *binder) clears(own *node, attr *schema.Attribute, in scope) bool {
	rule := b.file.blank
	if own != nil {
		rule = blankRule(own.text)
	}
	if own != nil && rule == blankClear {
		switch {
		case attr.Required:
			b.mistake(own, codeConflict, "remove it", "%s is required, so it cannot be cleared", quote(attr.Slug))
		case in.nested || b.plan.mode == Create:
			b.warn(own, codeNoEffect, "remove it", "a new record has nothing to clear")
		}
	}
	return rule == blankClear && !in.nested
}

// clears reports whether every source of a field says that blank means clear.
func (f *field) clears() bool {
	if len(f.parts) > 0 {
		return f.clear
	}
	for i := range f.sources {
		if !f.sources[i].clear {
			return false
		}
	}
	return len(f.sources) > 0
}

func (f *field) firstColumn() string {
	for i := range f.sources {
		if c := f.sources[i].column; c.index != noColumn {
			return c.name
		}
	}
	for i := range f.parts {
		if c := f.parts[i].source.column; c.index != noColumn {
			return c.name
		}
	}
	return ""
}

// required checks that everything that a new record must have is mapped.
func (b *binder) required(fields []field, o *schema.Object) {
	if !b.plan.mode.creates() {
		return
	}
	for _, attr := range b.missingRequired(o, fields, nil) {
		b.mistake(b.keyNodeAt("values"), codeRequired, "add a line to values:  "+attr.Slug+": COLUMN",
			"%s is required for new %s and is not mapped", quote(attr.Slug), strings.ToLower(o.Plural))
	}
}

// keyNodeAt is where a top-level key itself stands.
func (b *binder) keyNodeAt(key string) *node {
	for _, e := range b.file.root.entries {
		if e.key == key {
			return &node{at: e.at, path: key}
		}
	}
	return &node{at: b.file.root.at}
}

// missingRequired lists the required attributes of an object that neither
// fields nor by give a value. One that the mapping meant to name, in a key that
// was told to be wrong, is not told again.
func (b *binder) missingRequired(o *schema.Object, fields []field, by *schema.Attribute) []*schema.Attribute {
	var out []*schema.Attribute
	for _, attr := range o.Attributes {
		if !attr.Required || attr.HasDefault || attr.Archived || !attr.Writable || attr == by || b.meant[attr] {
			continue
		}
		if !slices.ContainsFunc(fields, func(f field) bool { return f.attr == attr }) {
			out = append(out, attr)
		}
	}
	return out
}

// keys settles what identifies a record.
func (b *binder) keys() {
	p := b.plan
	_, said := b.file.keys["match"]
	p.refuseBlankKey = b.file.blankKey == blankKeyReject || said && b.file.blankKey == ""
	if !said {
		for i := range p.fields {
			if f := &p.fields[i]; f.attr.Unique && f.attr.Writable && f.attr.Filterable() {
				f.key = true
				p.match = append(p.match, f.attr)
			}
		}
		return
	}
	for _, n := range b.file.match {
		b.matchKey(n)
	}
}

// matchKey binds one attribute of `match`.
func (b *binder) matchKey(n *node) {
	p := b.plan
	i := slices.IndexFunc(p.fields, func(f field) bool { return f.attr.Slug == n.text || p.object.Attribute(n.text) == f.attr })
	if i < 0 {
		b.notMapped(n)
		return
	}
	f := &p.fields[i]
	switch attr := f.attr; {
	case f.key:
		b.mistake(n, codeDuplicate, "", "match names %s twice", quote(n.text))
	case attr.Type == schema.RecordReference || attr.Type == schema.ActorReference:
		b.mistake(n, codeNotSupported, "match on an attribute that holds the value itself", "%s is a reference: matching on references is not supported", quote(n.text))
	case !attr.Filterable() && attr.Type != schema.Unknown:
		b.mistake(n, codeNotFilter, "", "records cannot be found by %s, which is %s", quote(n.text), typeName(attr.Type))
	case !attr.Unique && attr.Type != schema.Unknown:
		b.warn(n, codeNotUnique, "make it unique in Attio if you can; this run itself keeps it unique",
			"%s is not unique in Attio: several records may have the same value, and rows that find several are rejected", quote(n.text))
	}
	f.key = true
	p.match = append(p.match, f.attr)
}

// notMapped tells why a match cannot be found among the values. An attribute
// whose entry was a mistake has been told already.
func (b *binder) notMapped(n *node) {
	for i := range b.file.values {
		if b.file.values[i].key.text == n.text {
			return
		}
	}
	if attr := b.plan.object.Attribute(n.text); attr != nil && b.meant[attr] {
		return
	}
	var mapped []string
	for i := range b.plan.fields {
		mapped = append(mapped, b.plan.fields[i].attr.Slug)
	}
	hint := "add a line to values:  " + n.text + ": COLUMN"
	if c := nearest(n.text, mapped); c != "" {
		hint = "did you mean " + quote(c) + "?"
	}
	b.mistake(n, codeAttribute, hint, "match names %s, which is not mapped", quote(n.text))
}
