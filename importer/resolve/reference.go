package resolve

import (
	"fmt"
	"slices"

	"attio-import/importer/outcome"
	"attio-import/mapping"
	"attio-import/mapping/value"
)

// placeReferences puts the values that a record's references name into its fields.
func (r *Resolver) placeReferences(rec *mapping.Record) {
	if refers(rec.Fields) {
		rec.Fields = r.placeFields(rec, rec.Fields, false)
	}
}

func refers(fields []mapping.Field) bool {
	return slices.ContainsFunc(fields, func(f mapping.Field) bool { return len(f.References) > 0 })
}

// placeFields gives the fields with their references in place. A field that
// skipped references have left empty is dropped: sent as an empty list, it
// would clear the attribute. The result is a new slice, since what a record is
// created with may be shared between rows. nested are the fields of such a record.
func (r *Resolver) placeFields(rec *mapping.Record, fields []mapping.Field, nested bool) []mapping.Field {
	placed := make([]mapping.Field, 0, len(fields))
	for _, f := range fields {
		if len(f.References) > 0 {
			f = r.placeField(rec, f, nested)
			if len(f.Values) == 0 && !f.Clear {
				continue
			}
		}
		placed = append(placed, f)
	}
	return placed
}

// placeField appends the values in the order of the cell, each record once.
// References that are open stay, and a zero Value holds the place of each.
func (r *Resolver) placeField(rec *mapping.Record, f mapping.Field, nested bool) mapping.Field {
	refs := f.References
	f.Values, f.References = slices.Clip(f.Values), nil
	for _, ref := range refs {
		v, open := value.Value{}, !nested && r.awaits(rec, &ref)
		if !open {
			v, open = r.look(rec, &f, &ref)
		}
		switch {
		case open && !slices.ContainsFunc(f.References, sameKey(ref)):
			f.Values = append(f.Values, value.Value{})
			f.References = append(f.References, ref)
		case !v.IsZero() && !slices.ContainsFunc(f.Values, v.Equal):
			f.Values = append(f.Values, v)
		}
	}
	return f
}

func sameKey(a mapping.Reference) func(mapping.Reference) bool {
	return func(b mapping.Reference) bool { return a.Rule == b.Rule && a.Key.Equal(b.Key) }
}

// awaits reports whether an earlier row of the sheet may make the record that a
// reference lacks. The references of a record that is made for a reference
// await none: two rows could then wait for each other, one for the record that
// the other makes.
func (r *Resolver) awaits(rec *mapping.Record, ref *mapping.Reference) bool {
	return r.sheet.before(rec.Row, ref) != nil && r.find(ref.Rule, ref.Key).missing()
}

// look gives the value that a reference stands for; none, where it cannot be
// had or is skipped, and then the record knows why; or says that the record that
// it names is to be created.
func (r *Resolver) look(rec *mapping.Record, f *mapping.Field, ref *mapping.Reference) (v value.Value, create bool) {
	found := r.find(ref.Rule, ref.Key)
	if found.missing() {
		switch ref.Rule.Missing {
		case mapping.MissingCreate:
			rec.Problems = append(rec.Problems, ref.NewProblems...)
			if refers(ref.New) {
				ref.New = r.placeFields(rec, ref.New, true)
			}
			return v, true
		case mapping.MissingUse:
			found = r.find(ref.Rule, ref.Rule.Use)
		}
	}
	id := found.id
	if found.odd != nil {
		id = found.odd.choose(ref.Rule.Multiple)
	}
	if id == "" {
		rec.Problems = append(rec.Problems, r.referenceProblem(rec, f, ref, found))
		return v, false
	}
	return referTo(ref.Rule, id), false
}

func (r *Resolver) find(rule *mapping.ReferenceRule, key value.Value) found {
	if rule.Object == nil {
		return r.directory.find(rule.MemberBy, key)
	}
	f, _ := r.index(rule.Object, rule.By).get(key)
	return f
}

func referTo(rule *mapping.ReferenceRule, id string) value.Value {
	if rule.Object == nil {
		return value.Actor(id)
	}
	return value.Reference(rule.Object.Slug, id)
}

// choose gives the record that the mapping wants where several have the key;
// none, where it wants none or the key is not even the same.
func (o *odd) choose(m mapping.Multiple) string {
	switch {
	case o.loose || o.oldest.created == "": // members have no age, and neither has what cannot be asked for or read
		return ""
	case m == mapping.MultipleOldest:
		return o.oldest.id
	case m == mapping.MultipleNewest:
		return o.newest.id
	}
	return ""
}

func (r *Resolver) referenceProblem(rec *mapping.Record, f *mapping.Field, ref *mapping.Reference, found found) outcome.Problem {
	p := outcome.Problem{
		Row: rec.Row, Line: rec.Line,
		Column: ref.Column, Attribute: f.Attribute.Slug, Value: ref.Text, Part: ref.Text,
		Severity: outcome.Error,
	}
	switch o := found.odd; {
	case o == nil:
		p.Code = outcome.ReferenceNotFound
		p.Message, p.Hint = r.notFound(ref)
		if below := r.sheet.below(rec.Row, ref); below > 0 {
			p.Hint = fmt.Sprintf("row %d of the sheet is about it: put that row above this one, or import this one again", below)
		}
		if ref.Rule.Missing == mapping.MissingSkip {
			p.Severity, p.Hint = outcome.Warning, ""
			p.Message += "; the reference was left out"
		}
	case o.refused != nil:
		p.Code = outcome.Code(o.refused.Code)
		p.Message = fmt.Sprintf("the API takes no query for %s %s: %s", by(ref.Rule), named(ref), o.refused.Message)
		p.Hint = "correct the cell; the reference cannot be looked up as it is"
	case o.unreadable != nil:
		return unreadableProblem(p, o.unreadable)
	case o.loose:
		p.Code = outcome.KeyAmbiguous
		p.Message = fmt.Sprintf("no %s has %s %s, but one has %q: %s",
			kind(ref.Rule, 1), by(ref.Rule), named(ref), o.spelling, o.oldest.url)
		p.Hint = "write it in the sheet as it stands in Attio, or the other way round"
	default:
		p.Code = outcome.ReferenceAmbiguous
		p.Message = fmt.Sprintf("%d %s have %s %s, among them %s and %s",
			o.count, kind(ref.Rule, o.count), by(ref.Rule), named(ref), o.oldest.url, o.newest.url)
		p.Hint = "merge them in Attio, or choose with multiple: oldest or newest in the mapping"
		if ref.Rule.Object == nil {
			p.Hint = "name the member by email"
		}
	}
	return p
}

func (r *Resolver) notFound(ref *mapping.Reference) (message, hint string) {
	message = fmt.Sprintf("no %s has %s %s", kind(ref.Rule, 1), by(ref.Rule), named(ref))
	if ref.Rule.Missing == mapping.MissingUse {
		message += fmt.Sprintf(", nor %q, which should stand in", ref.Rule.Use.Canonical())
	}
	if ref.Rule.Object == nil {
		return message, r.directory.hint()
	}
	return message, "correct the cell, or create the record first; missing: in the mapping can also skip it, create it, or use another"
}

// kind, by and named put a reference into words: record of companies, domains, "acme.com".
func kind(rule *mapping.ReferenceRule, n int) string {
	s := ""
	if n > 1 {
		s = "s"
	}
	if rule.Object == nil {
		return "workspace member" + s
	}
	return "record" + s + " of " + rule.Object.Slug
}

func by(rule *mapping.ReferenceRule) string {
	if rule.Object == nil {
		return rule.MemberBy
	}
	return rule.By.Slug
}

func named(ref *mapping.Reference) string {
	if ref.Text == "" {
		return fmt.Sprintf("%q", ref.Key.Canonical())
	}
	return fmt.Sprintf("%q", ref.Text)
}
