package write

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"attio-import/importer/attio"
	"attio-import/importer/outcome"
	"attio-import/mapping"
	"attio-import/mapping/schema"
	"attio-import/mapping/value"
)

func isLost(err error) bool {
	var lost *attio.LostError
	return errors.As(err, &lost)
}

func isConflict(err error) bool {
	refused := refusalIn(err)
	return refused != nil && refused.Code == attio.CodeUniquenessConflict
}

// refusalIn finds what the API said; nil, where it said nothing.
func refusalIn(err error) *attio.Error {
	var refused *attio.Error
	errors.As(err, &refused)
	return refused
}

// stops reports whether an error of a look-up, or of the making of a
// reference, tells that no other row can succeed either. A refusal that is not
// about the token or the workspace's plan is the row's own, and so are an answer
// that got lost and a record that cannot be read; an answer about another record
// shows that calls and answers are out of step.
func stops(err error) bool {
	var mismatch *attio.MismatchError
	if isLost(err) {
		return errors.As(err, &mismatch)
	}
	var problem outcome.Problem
	if errors.As(err, &problem) {
		return false
	}
	if refused := refusalIn(err); refused != nil {
		return refused.EndsRun()
	}
	return err != nil
}

// hindered tells a row besides its problem why no look-up could say more. An
// error that ends the run comes back instead.
func hindered(rec *mapping.Record, o *outcome.Outcome, err error) error {
	if err == nil || stops(err) {
		return err
	}
	var p outcome.Problem
	if !errors.As(err, &p) {
		p = outcome.Problem{Severity: outcome.Error, Message: err.Error()}
		if refused := refusalIn(err); refused != nil {
			p.Code, p.Hint = outcome.Code(refused.Code), refused.Hint()
		}
	}
	p.Row, p.Line = rec.Row, rec.Line
	o.Problems = append(o.Problems, p)
	return nil
}

// problem puts a refusal of the API into the row's terms: which attribute,
// which column, which value, what to do.
func (w *Writer) problem(rec *mapping.Record, fields []mapping.Field, refused *attio.Error) *outcome.Problem {
	p := refusal(w.object, fields, refused)
	p.Row, p.Line = rec.Row, rec.Line
	return p
}

// referenceProblem tells a row that a record which it refers to could not be made.
func (w *Writer) referenceProblem(rec *mapping.Record, e *referenceError) *outcome.Problem {
	p := &outcome.Problem{
		Row: rec.Row, Line: rec.Line, Severity: outcome.Error, Code: outcome.ReferenceNotMade,
		Column: e.ref.Column, Attribute: e.field.Attribute.Slug, Value: e.ref.Text, Part: e.ref.Text,
		Message: e.Error(), Hint: "look in Attio whether the record stands there by now, and import the row again",
	}
	refused := refusalIn(e.err)
	if refused == nil {
		return p
	}
	inner := refusal(e.ref.Rule.Object, e.ref.New, refused)
	p.Message, p.Hint = fmt.Sprintf("%s: %s (%s)", e.intro(), inner.Message, inner.Code), inner.Hint
	if inner.Column != "" && inner.Column != p.Column {
		p.Message += fmt.Sprintf(", column %q", inner.Column)
	}
	var taken *takenError
	if errors.As(e.err, &taken) {
		p.Message += ", held by " + urls(taken.holders)
	}
	return p
}

// refusal describes what the API said about a record of object that would have
// got the fields.
func refusal(object *schema.Object, fields []mapping.Field, refused *attio.Error) *outcome.Problem {
	p := &outcome.Problem{Severity: outcome.Error, Code: outcome.Code(refused.Code), Message: refused.Explain(object)}
	attr, field := blamed(object, fields, refused)
	if attr != nil {
		p.Attribute = attr.Slug
	}
	if field != nil {
		p.Column, p.Value = field.Column, said(field)
	}
	p.Hint = hint(refused, attr) + trace(refused)
	return p
}

// blamed finds the attribute that a refusal is about. The API names it by slug
// or by id, or names the value only, as for a select option that does not exist.
func blamed(object *schema.Object, fields []mapping.Field, e *attio.Error) (*schema.Attribute, *mapping.Field) {
	attr := object.Attribute(e.Attribute)
	for i := range fields {
		f := &fields[i]
		if f.Attribute == attr || attr == nil && offers(f, e.Option) {
			return f.Attribute, f
		}
	}
	return attr, nil
}

// offers reports whether the row gives a choice that the API says it does not
// know. Its message tells the title of the option, not the attribute.
func offers(f *mapping.Field, option string) bool {
	if option == "" || f.Attribute.Type != schema.Select && f.Attribute.Type != schema.Status {
		return false
	}
	return slices.ContainsFunc(f.Values, func(v value.Value) bool { return v.Canonical() == option })
}

// hint says what to do, in the row's own terms where they help.
func hint(e *attio.Error, attr *schema.Attribute) string {
	switch {
	case e.Code == attio.CodeNotFound && attr == nil:
		return "the record was deleted or merged since it was looked up: import the row again"
	case attr == nil:
		return e.Hint()
	case e.Code == attio.CodeValueNotFound && attr.OptionsKnown && len(attr.Options) > 0:
		return optionsHint(attr)
	case e.Code == attio.CodeMissingValue:
		return fmt.Sprintf("Attio requires %s: map a column to it, give it a default, or fill the cell", attr.Slug)
	case e.Code == attio.CodeSystemEdit:
		return fmt.Sprintf("Attio fills %s by itself: leave it out of the mapping", attr.Slug)
	}
	return e.Hint()
}

// manyOptions is how many options a hint lists.
const manyOptions = 12

func optionsHint(attr *schema.Attribute) string {
	titles := make([]string, 0, manyOptions+1)
	for _, o := range attr.Options {
		if len(titles) == manyOptions {
			titles = append(titles, "...")
			break
		}
		titles = append(titles, o.Title)
	}
	return fmt.Sprintf("the options of %s are %s; add one in Attio, or translate the value with map: in the mapping",
		attr.Slug, strings.Join(titles, ", "))
}

// trace names the execution by which Attio's support finds a request.
func trace(refused *attio.Error) string {
	if refused == nil || refused.ExecutionID == "" {
		return ""
	}
	return " (Attio's execution id: " + refused.ExecutionID + ")"
}

// said shows a field's values.
func said(f *mapping.Field) string {
	vs := make([]string, len(f.Values))
	for i, v := range f.Values {
		vs[i] = v.Canonical()
	}
	return strings.Join(vs, "; ")
}
