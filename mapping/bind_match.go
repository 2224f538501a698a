package mapping

import (
	"slices"

	"attio-import/mapping/schema"
)

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
// whose entry was a mistake has been told already, and so has the marker.
func (b *binder) notMapped(n *node) {
	for i := range b.file.values {
		if b.file.values[i].key.text == n.text {
			return
		}
	}
	if attr := b.plan.object.Attribute(n.text); attr != nil && b.meant[attr] || b.isMarker(n) {
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
