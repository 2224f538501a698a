package mapping

import (
	"fmt"
	"slices"

	"attio-import/mapping/schema"
)

// Bind puts a mapping file, a header and a schema together. Where the schema
// is the built-in one (s.Complete is false), objects and attributes that it
// does not have are warnings, since every workspace has some of its own; so
// are, with any schema, things that work but may surprise.
//
// The error is of type [Mistakes] and holds all of them, those that Parse
// found among them. Without mistakes there is a Plan.
func Bind(f *File, head []string, s *schema.Schema) (*Plan, []Mistake, error) {
	b := &binder{file: f, header: newHeader(head), schema: s, meant: map[*schema.Attribute]bool{},
		plan: &Plan{mode: f.Mode, duplicates: f.duplicates}}
	b.plan.object = b.object()
	b.plan.nulls = newNullSet(f.nulls)
	b.marker()
	b.plan.fields = b.fields(f.values, scope{object: b.plan.object})
	b.plan.references = countReferences(b.plan.fields)
	b.keys()
	b.required(b.plan.fields, b.plan.object)
	b.fileWarnings()
	b.plan.columns, b.plan.unmapped = b.header.read(), b.header.unused()
	mistakes := append(slices.Clone(f.mistakes), b.mistakes...).sorted()
	if len(mistakes) > 0 {
		return nil, b.warnings.sorted(), mistakes
	}
	return b.plan, b.warnings.sorted(), nil
}

// binder binds one file, once.
type binder struct {
	file     *File
	header   *header
	schema   *schema.Schema
	plan     *Plan
	mistakes Mistakes
	warnings Mistakes
	meant    map[*schema.Attribute]bool // attributes that a misspelt key probably means
}

// scope is the object that values belong to: the mapping's own, or one whose
// missing records a reference makes.
type scope struct {
	object *schema.Object
	nested bool
}

func (b *binder) mistake(n *node, code, hint, format string, args ...any) {
	if !n.broken {
		b.mistakes = append(b.mistakes, b.file.located(flaw{n.at, n.path, code, fmt.Sprintf(format, args...), hint}))
	}
}

func (b *binder) warn(n *node, code, hint, format string, args ...any) {
	b.warnings = append(b.warnings, b.file.located(flaw{n.at, n.path, code, fmt.Sprintf(format, args...), hint}))
}

// keyNode is where a top-level key has its value; the top of the file if it is
// not there.
func (b *binder) keyNode(key string) *node {
	if n, ok := b.file.keys[key]; ok {
		return n
	}
	return &node{at: b.file.root.at}
}

// object finds the mapping's own object. A mistake about it leaves one without
// attributes, which checks nothing, so that the rest can be checked.
func (b *binder) object() *schema.Object {
	name := b.file.Object
	if name == "" {
		if _, said := b.file.keys["object"]; !said {
			b.mistake(&node{at: b.file.root.at}, codeMissingKey, "add object: companies, or another slug", "the mapping does not say its object")
		}
		return &schema.Object{Singular: "Record", Plural: "Records"}
	}
	return b.objectNamed(name, b.keyNode("object"))
}

// objectNamed finds an object, or makes one up that checks nothing.
func (b *binder) objectNamed(name string, n *node) *schema.Object {
	if o := b.schema.Object(name); o != nil {
		return o
	}
	slugs := make([]string, 0, len(b.schema.Objects))
	for _, o := range b.schema.Objects {
		slugs = append(slugs, o.Slug)
	}
	if b.schema.Complete {
		hint := didYouMean(name, slugs, "the objects are")
		if standardObject(name) != nil {
			hint = "enable it in Attio under Workspace settings > Objects"
		}
		b.mistake(n, codeObject, hint, "the workspace has no object %s", quote(name))
	} else {
		b.warn(n, codeObject, didYouMean(name, slugs, ""),
			"%s is no standard object: its attributes cannot be checked offline", quote(name))
		b.uncheck(name, "the object is not among the standard ones")
	}
	return &schema.Object{Slug: name, Singular: name, Plural: name}
}

// known reports whether an object has attributes to check against.
func known(o *schema.Object) bool { return len(o.Attributes) > 0 }

// attribute finds an attribute. Where the schema cannot know it, one of
// unknown type stands in; ok is false only where it is a mistake.
func (b *binder) attribute(o *schema.Object, n *node) (*schema.Attribute, bool) {
	if a := o.Attribute(n.text); a != nil {
		return a, true
	}
	standIn := &schema.Attribute{Slug: n.text, Title: n.text, Type: schema.Unknown, Writable: true, Multi: true}
	switch {
	case !known(o):
	case b.schema.Complete:
		b.mistake(n, codeAttribute, b.attributeHint(o, n.text), "%s have no attribute %s", o.Plural, quote(n.text))
		return standIn, false
	default:
		b.warn(n, codeAttribute, b.nearAttribute(o, n.text), "%s is no standard attribute of %s: it cannot be checked offline", quote(n.text), o.Plural)
		b.uncheck(n.text, "not among the standard attributes of "+o.Plural)
	}
	return standIn, true
}

// attributeHint helps with a name that an object does not have.
func (b *binder) attributeHint(o *schema.Object, name string) string {
	if target := standardTarget(o.Slug, name); target != "" && target != schema.WorkspaceMembers && b.schema.Object(target) == nil {
		return "it refers to " + target + ", which has to be enabled in Attio under Workspace settings > Objects"
	}
	if hint := b.nearAttribute(o, name); hint != "" {
		return hint
	}
	var slugs []string
	for _, a := range o.Attributes {
		switch {
		case a.Archived && a.Slug == name:
			return "it is archived: restore it in Attio, or map another one"
		case !a.Archived && a.Writable:
			slugs = append(slugs, a.Slug)
		}
	}
	return didYouMean(name, slugs, "the attributes are")
}

// nearAttribute names the attribute that was probably meant, if there is one:
// people write titles where slugs are meant.
func (b *binder) nearAttribute(o *schema.Object, name string) string {
	slugOf := map[string]string{}
	var names []string
	for _, a := range o.Attributes {
		if !a.Archived {
			slugOf[a.Slug], slugOf[a.Title] = a.Slug, a.Slug
			names = append(names, a.Slug, a.Title)
		}
	}
	near := o.Attribute(slugOf[nearest(name, names)])
	if near == nil {
		return ""
	}
	b.meant[near] = b.meant[near] || b.schema.Complete
	return "did you mean " + quote(near.Slug) + "?"
}

// uncheck remembers what an offline check leaves open.
func (b *binder) uncheck(name, why string) {
	text := name + ": " + why
	if !slices.Contains(b.plan.unchecked, text) {
		b.plan.unchecked = append(b.plan.unchecked, text)
	}
}

// fileWarnings tells what the file says to no effect. Where it has mistakes,
// correcting them may change that.
func (b *binder) fileWarnings() {
	if len(b.file.mistakes)+len(b.mistakes) > 0 {
		return
	}
	if n, said := b.file.keys["duplicates"]; said && len(b.plan.match) == 0 {
		b.warn(n.name(), codeNoEffect, "map a unique attribute, or add match", "nothing identifies a record, so that duplicates cannot be seen")
	}
	if n, said := b.file.keys["blank"]; said && b.file.blank == blankClear && b.plan.mode == Create {
		b.warn(n.name(), codeNoEffect, "remove it", "a new record has nothing to clear")
	}
	if n, said := b.file.keys["blank_key"]; said && len(b.plan.match) == 0 {
		b.warn(n.name(), codeNoEffect, "map a unique attribute, or add match", "nothing identifies a record, so that no key can be blank")
	}
}
