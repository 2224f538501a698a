package mapping

import (
	"slices"
	"strings"

	"attio-import/mapping/schema"
)

// bindCreate binds what a missing record is made of, and checks that it can be.
func (b *binder) bindCreate(s *source, ref *referenceSpec, by *schema.Attribute, in scope) {
	if ref.missing != MissingCreate || s.rule.Object == nil {
		return
	}
	o := s.rule.Object
	plural := strings.ToLower(o.Plural)
	switch {
	case in.nested:
		b.mistake(ref.missingAt, codeNotSupported, "import those records first, from a mapping of their own", "a record that is made for a reference cannot ask for another one to be made")
		return
	case by.Type == schema.Unknown:
		b.uncheck(by.Slug, "whether it is unique, as missing: create needs it")
	case !by.Unique:
		b.mistake(ref.missingAt, codeNotUnique, "look up by a unique attribute, or import the "+plural+" first",
			"missing: create needs a unique attribute, since nothing else keeps %s from being made twice; %s is not", plural, quote(by.Slug))
	case !by.Writable:
		b.mistake(ref.missingAt, codeNotWritable, "look up by an attribute that can be written", "missing: create cannot set %s, so the new record would not have the key", quote(by.Slug))
	}
	s.create = b.fields(ref.create, scope{object: o, nested: true})
	if i := slices.IndexFunc(s.create, func(f field) bool { return f.attr == by }); i >= 0 {
		b.mistake(ref.create[i].key, codeConflict, "remove it", "%s is the key and gets its value from the reference itself", quote(by.Slug))
	}
	b.requiredForCreate(s, ref, by)
}

func (b *binder) requiredForCreate(s *source, ref *referenceSpec, by *schema.Attribute) {
	at := ref.missingAt
	if ref.createAt != nil {
		at = ref.createAt
	}
	for _, attr := range b.missingRequired(s.rule.Object, s.create, by) {
		b.mistake(at, codeRequired, "add it to create:  create: {"+attr.Slug+": COLUMN}",
			"%s is required for new %s: without it, no missing record can be created", quote(attr.Slug), strings.ToLower(s.rule.Object.Plural))
	}
}
