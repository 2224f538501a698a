package mapping

import (
	"slices"

	"attio-import/mapping/schema"
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
