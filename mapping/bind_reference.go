package mapping

import (
	"slices"
	"strings"

	"attio-import/mapping/schema"
)

// bindReference binds how the keys of a reference are looked up, and returns
// the attribute that they are keys of; nil after a mistake.
func (b *binder) bindReference(s *source, spec *sourceSpec, attr *schema.Attribute, in scope) *schema.Attribute {
	ref := spec.reference
	if ref == nil {
		ref = &referenceSpec{at: spec.at, missing: MissingReject, multiple: MultipleReject}
	}
	s.rule = &ReferenceRule{Missing: ref.missing, Multiple: ref.multiple}
	var by *schema.Attribute
	if b.refersToMember(ref, attr) {
		by = b.memberBy(s.rule, ref, attr)
	} else {
		by = b.recordBy(s, ref, attr)
	}
	if by == nil {
		return nil
	}
	if !b.schema.Complete {
		b.uncheck(attr.Slug, "whether what it refers to exists is known to the workspace alone")
	}
	b.bindCreate(s, ref, by, in)
	b.bindUse(s, spec, ref, by)
	return by
}

// refersToMember reports whether a reference is to a workspace member.
func (b *binder) refersToMember(ref *referenceSpec, attr *schema.Attribute) bool {
	return attr.Type == schema.ActorReference ||
		attr.Type == schema.Unknown && textOf(ref.object) == schema.WorkspaceMembers
}

// memberBy binds a reference to a workspace member. Members are no records:
// the stand-in attribute gives their keys a type.
func (b *binder) memberBy(rule *ReferenceRule, ref *referenceSpec, attr *schema.Attribute) *schema.Attribute {
	if ref.object != nil && ref.object.text != schema.WorkspaceMembers {
		b.mistake(ref.object, codeType, "write object: "+schema.WorkspaceMembers+", or leave it out",
			"%s refers to workspace members, not to %s", quote(attr.Slug), quote(ref.object.text))
		return nil
	}
	rule.MemberBy = naturalKey(schema.WorkspaceMembers)
	if ref.by != nil {
		rule.MemberBy = ref.by.text
	}
	if ref.missing == MissingCreate {
		b.mistake(ref.missingAt, codeConflict, "use reject, skip or {use: KEY}", "a workspace member cannot be created by an import")
	}
	by := &schema.Attribute{Slug: rule.MemberBy, Title: rule.MemberBy, Type: schema.Text, Unique: true, Writable: true}
	switch rule.MemberBy {
	case "email":
		by.Type = schema.EmailAddress
	case "name", "id":
	default:
		b.mistake(ref.by, codeAttribute, didYouMean(rule.MemberBy, []string{"email", "name", "id"}, "it may be"),
			"workspace members cannot be found by %s", quote(rule.MemberBy))
		return nil
	}
	return by
}

// recordBy binds a reference to a record.
func (b *binder) recordBy(s *source, ref *referenceSpec, attr *schema.Attribute) *schema.Attribute {
	s.rule.Object = b.target(ref, attr)
	if s.rule.Object == nil {
		return nil
	}
	by := b.by(ref, s.rule.Object)
	if by == nil {
		return nil
	}
	s.rule.By = by
	switch {
	case isReference(by.Type):
		b.mistake(b.byNode(ref), codeNotFilter, "name an attribute that holds the value itself", "%s is a reference itself and cannot be looked up by", quote(by.Slug))
		return nil
	case !by.Filterable() && by.Type != schema.Unknown:
		b.mistake(b.byNode(ref), codeNotFilter, "", "records cannot be found by %s, which is %s", quote(by.Slug), typeName(by.Type))
		return nil
	case !by.Unique && by.Type != schema.Unknown:
		b.warn(b.byNode(ref), codeNotUnique, "say with multiple: oldest or newest which one is meant, or look up by a unique attribute",
			"%s of %s is not unique in Attio: a cell may name several records", quote(by.Slug), strings.ToLower(s.rule.Object.Plural))
	}
	return by
}

// target is the object that a reference points to: the one it names or, where
// the attribute allows one only, that.
func (b *binder) target(ref *referenceSpec, attr *schema.Attribute) *schema.Object {
	if ref.object == nil {
		if len(attr.Targets) != 1 {
			b.mistake(ref.at, codeMissingKey, "write  {column: COLUMN, reference: {object: companies, by: domains}}",
				"%s is a reference: the mapping must say to which object", quote(attr.Slug))
			return nil
		}
		return b.inferredTarget(ref, attr.Targets[0])
	}
	if ref.object.text == schema.WorkspaceMembers {
		b.mistake(ref.object, codeType, targetsHint(attr), "%s refers to records, not to workspace members", quote(attr.Slug))
		return nil
	}
	before := len(b.mistakes)
	o := b.objectNamed(ref.object.text, ref.object)
	if len(b.mistakes) > before {
		return nil
	}
	if len(attr.Targets) > 0 && !slices.Contains(attr.Targets, o.Slug) {
		b.mistake(ref.object, codeType, targetsHint(attr), "%s cannot refer to %s", quote(attr.Slug), quote(ref.object.text))
		return nil
	}
	return o
}

func targetsHint(attr *schema.Attribute) string {
	if len(attr.Targets) == 0 {
		return ""
	}
	return "it refers to " + list(attr.Targets)
}

// inferredTarget finds the object that an attribute points to by itself. Its
// attributes may not have been read, since the mapping does not name it: the
// built-in schema then knows the natural key.
func (b *binder) inferredTarget(ref *referenceSpec, slug string) *schema.Object {
	if o := b.schema.Object(slug); o != nil && known(o) {
		return o
	}
	if o := standardObject(slug); o != nil {
		return o
	}
	return b.objectNamed(slug, ref.at)
}

// byNode is where `by` stands, or would.
func (b *binder) byNode(ref *referenceSpec) *node {
	if ref.by != nil {
		return ref.by
	}
	return ref.at
}

// by is the attribute that a reference looks up.
func (b *binder) by(ref *referenceSpec, o *schema.Object) *schema.Attribute {
	name := &node{at: ref.at.at, path: ref.at.path, text: naturalKey(o.Slug)}
	if ref.by != nil {
		name = ref.by
	}
	if name.text == "" {
		b.mistake(ref.at, codeMissingKey, "add by: ATTRIBUTE, the attribute that the cells have", "the mapping does not say by what %s are found", strings.ToLower(o.Plural))
		return nil
	}
	attr, ok := b.attribute(o, name)
	if !ok {
		return nil
	}
	return attr
}

// bindUse converts the key of {use: KEY}.
func (b *binder) bindUse(s *source, spec *sourceSpec, ref *referenceSpec, by *schema.Attribute) {
	if ref.missing != MissingUse || ref.use == nil {
		return
	}
	convert := b.converter(spec, by)
	if convert == nil {
		return
	}
	if use := b.item(&source{convert: convert, country: s.country}, ref.use, by); use != nil {
		s.rule.Use = use.value
	}
}
