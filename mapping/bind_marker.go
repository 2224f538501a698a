package mapping

import (
	"slices"

	"attio-import/mapping/schema"
)

// marker binds the attribute that new records get a mark in, by which a row
// without a key is found again. The run writes it, so nothing else may.
func (b *binder) marker() {
	n := b.file.marker
	if n == nil {
		return
	}
	if !b.plan.mode.creates() {
		b.mistake(b.file.keys["marker"].name(), codeConflict, "remove it", "marker has no meaning in mode update, which creates nothing")
		return
	}
	attr, ok := b.attribute(b.plan.object, n)
	if !ok {
		return
	}
	b.plan.marker = attr
	switch known := attr.Type != schema.Unknown; {
	case known && attr.Type != schema.Text:
		b.mistake(n, codeType, "name a text attribute; in Attio one can be added for it", "%s is %s, and a marker is a text", quote(n.text), typeName(attr.Type))
	case known && attr.Multi:
		b.mistake(n, codeType, "name a text attribute that holds one value", "%s holds several values, and a record has one marker", quote(n.text))
	case !attr.Writable:
		b.mistake(n, codeNotWritable, "name another text attribute; in Attio one can be added for it", "%s is set by Attio and cannot be written", quote(n.text))
	case slices.ContainsFunc(b.file.values, func(v valueSpec) bool { return b.isMarker(v.key) }):
		b.mistake(n, codeConflict, "take it out of values, or name another text attribute", "%s is mapped, and it cannot be the marker too: new records get the run and row there", quote(n.text))
	case slices.ContainsFunc(b.file.match, b.isMarker):
		b.mistake(n, codeConflict, "match by what the sheet says of a record, or remove match", "%s cannot be the marker and the match: every run writes markers of its own", quote(n.text))
	}
}

// isMarker reports whether a name is that of the marker's attribute.
func (b *binder) isMarker(name *node) bool {
	m := b.plan.marker
	return m != nil && (name.text == m.Slug || b.plan.object.Attribute(name.text) == m)
}
