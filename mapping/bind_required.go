package mapping

import (
	"slices"
	"strings"

	"attio-import/mapping/schema"
)

// required checks that everything that a new record must have is mapped.
func (b *binder) required(fields []field, o *schema.Object) {
	if !b.plan.mode.creates() {
		return
	}
	for _, attr := range b.missingRequired(o, fields, b.plan.marker) {
		b.mistake(b.keyPlace("values"), codeRequired, "add a line to values:  "+attr.Slug+": COLUMN",
			"%s is required for new %s and is not mapped", quote(attr.Slug), strings.ToLower(o.Plural))
	}
}

// keyPlace is where a top-level key itself stands.
func (b *binder) keyPlace(key string) *node {
	for _, e := range b.file.root.entries {
		if e.key == key {
			return &node{at: e.at, path: key}
		}
	}
	return &node{at: b.file.root.at}
}

// missingRequired lists the required attributes of an object that neither
// fields nor by, the key of a reference or the marker, give a value. One that the mapping meant to name, in a key that
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
