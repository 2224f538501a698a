package resolve

import (
	"fmt"
	"slices"

	"github.com/tidwall/gjson"

	"attio-import/importer/attio"
	"attio-import/importer/outcome"
	"attio-import/mapping"
	"attio-import/mapping/schema"
	"attio-import/mapping/value"
)

// Unreadable is the code of a row whose record holds a value that the program
// cannot read, so that it cannot tell what to send.
const Unreadable outcome.Code = "unreadable_record"

// unreadableError is a stored value that is not written as the API is known to
// write it. It costs the rows that the record concerns and no others.
type unreadableError struct {
	attribute, webURL string
	err               error
}

func (e *unreadableError) Error() string {
	return fmt.Sprintf("%s of %s: %v", e.attribute, e.webURL, e.err)
}
func (e *unreadableError) Unwrap() error { return e.err }

// unreadableProblem is the problem of a row that has to do with such a record;
// p says where.
func unreadableProblem(p outcome.Problem, err error) outcome.Problem {
	p.Severity, p.Code = outcome.Error, Unreadable
	p.Message = fmt.Sprintf("a record that the row needs cannot be read: %v", err)
	p.Hint = "look at the record in Attio; this version does not know how the value is written"
	return p
}

// stored reads the values that a record has for an attribute. The error is an
// [*unreadableError].
func stored(rec *attio.Record, attr *schema.Attribute) ([]value.Value, error) {
	raw := rec.Value(attr.Slug)
	if raw == nil {
		return nil, nil
	}
	vs, err := value.Stored(attr, raw)
	if err != nil {
		return nil, &unreadableError{attr.Slug, rec.WebURL, err}
	}
	return vs, nil
}

// existing takes over from a record what a diff needs. The error is an
// [*unreadableError].
func existing(rec *attio.Record, attrs []*schema.Attribute) (*mapping.Existing, error) {
	e := &mapping.Existing{
		ID: rec.ID, WebURL: rec.WebURL, CreatedAt: rec.CreatedAt,
		Values: make(map[string][]value.Value, len(attrs)),
	}
	for _, attr := range attrs {
		vs, err := stored(rec, attr)
		if err != nil {
			return nil, err
		}
		e.Values[attr.Slug] = vs
	}
	return e, nil
}

// signed is existing, and who made the record. Only settling needs to know
// that, so a row that was never sent is spared the look.
func signed(rec *attio.Record, attrs []*schema.Attribute) (*mapping.Existing, error) {
	e, err := existing(rec, attrs)
	if err == nil {
		e.CreatedBy = creator(rec)
	}
	return e, err
}

// creator reads the attribute created_by, which every object has (recordings).
// What a record refers to there and who signed the value are the same actor;
// the second is on record for values of every type.
func creator(rec *attio.Record) mapping.Actor {
	by := gjson.ParseBytes(rec.Value("created_by")).Get("0")
	if t := by.Get("referenced_actor_type").String(); t != "" {
		return mapping.Actor{Type: t, ID: by.Get("referenced_actor_id").String()}
	}
	by = by.Get("created_by_actor")
	return mapping.Actor{Type: by.Get("type").String(), ID: by.Get("id").String()}
}

// attributesOf lists the attributes that a row speaks of, its keys' included.
func attributesOf(fields []mapping.Field, keys []mapping.Key) []*schema.Attribute {
	attrs := make([]*schema.Attribute, 0, len(fields)+len(keys))
	for i := range fields {
		attrs = append(attrs, fields[i].Attribute)
	}
	for i := range keys {
		if !slices.Contains(attrs, keys[i].Attribute) {
			attrs = append(attrs, keys[i].Attribute)
		}
	}
	return attrs
}
