package write

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"attio-import/importer/attio"
	"attio-import/importer/outcome"
	"attio-import/mapping"
	"attio-import/mapping/schema"
	"attio-import/mapping/value"
)

// Journal keeps what is about to be done, so that another process can settle
// what this one leaves behind; *journal.Journal has it. Its errors are final:
// whoever gets one sends nothing more.
type Journal interface {
	// Intend returns when the intents last.
	Intend(ctx context.Context, intents ...outcome.Intent) error
	// Made takes the result of an intent with a Reference.
	Made(reference, recordID string) error
	// Actor takes the token's id, by which it signs what it makes.
	Actor(id string) error
	// Asked reports whether the run has ever put an intent with a Reference on
	// record, so that the record may be there without its row having been sent.
	Asked(reference string) bool
}

// noJournal keeps nothing.
type noJournal struct{}

func (noJournal) Intend(context.Context, ...outcome.Intent) error { return nil }
func (noJournal) Made(string, string) error                       { return nil }
func (noJournal) Actor(string) error                              { return nil }
func (noJournal) Asked(string) bool                               { return false }

// Intent says which write a resolved record is about to need, so that the
// intents of many rows can be put on record together, and the records be marked as
// Recorded, before a worker has to wait for it. rec is not changed.
//
// It is false for a row that needs no write, and for those whose intent the
// Writer puts on record itself, at the last moment: a row that refers to records that are not
// known yet, and a new record without a unique value, of which an intent that was not sent
// would look like one that was.
func (w *Writer) Intent(rec *mapping.Record) (outcome.Intent, bool) {
	switch {
	case rec.Blank || rec.Failed() || !complete(rec.Fields):
		return outcome.Intent{}, false
	case rec.Sent != nil:
		return w.intentAgain(rec)
	}
	change := w.plan.Decide(rec)
	switch change.Kind {
	case mapping.KindCreate:
		return w.createIntent(rec), classOf(rec) == unique && len(rec.NewProblems) == 0
	case mapping.KindUpdate:
		return w.updateIntent(rec, rec.Existing, &change), true
	}
	return outcome.Intent{}, false
}

// intentAgain is the intent of a row that was sent before and is to be sent again.
func (w *Writer) intentAgain(rec *mapping.Record) (outcome.Intent, bool) {
	m := w.matter(rec, rec.Found)
	if rec.Sent.Verb != outcome.Update {
		v, _ := w.policy.settledCreate(m)
		return w.createIntent(rec), v == again && classOf(rec) == unique
	}
	stands := byID(rec.Found, rec.Sent.RecordID)
	if stands == nil || w.policy.update(m, stands) != again {
		return outcome.Intent{}, false
	}
	narrow := *rec
	narrowed(&narrow, stands)
	change := w.plan.Decide(&narrow)
	return w.updateIntent(rec, stands, &change), change.Kind == mapping.KindUpdate
}

// complete reports whether all references have their records.
func complete(fields []mapping.Field) bool {
	for i := range fields {
		if len(fields[i].References) > 0 {
			return false
		}
	}
	return true
}

func (w *Writer) createIntent(rec *mapping.Record) outcome.Intent {
	return outcome.Intent{Row: rec.Row, Verb: outcome.Create, Key: nameOf(rec), At: w.policy.since(rec)}
}

func (w *Writer) updateIntent(rec *mapping.Record, stands *mapping.Existing, c *mapping.Change) outcome.Intent {
	before := make(map[string]json.RawMessage, len(c.Fields))
	for i := range c.Fields {
		slug := c.Fields[i].Attribute.Slug
		before[slug] = mapping.AppendList(nil, stands.Values[slug])
	}
	return outcome.Intent{
		Row: rec.Row, Verb: outcome.Update, Key: nameOf(rec), At: w.policy.since(rec),
		RecordID: stands.ID, Before: before,
	}
}

// referenceIntent is that of a record which a row refers to.
func (w *Writer) referenceIntent(rec *mapping.Record, ref *mapping.Reference) outcome.Intent {
	return outcome.Intent{
		Row: rec.Row, Verb: outcome.Create, Key: ref.Key.Canonical(), At: w.policy.since(rec),
		Reference: referenceTo(ref.Rule.Object, ref.Rule.By, ref.Key),
	}
}

func referenceTo(object *schema.Object, by *schema.Attribute, key value.Value) string {
	return object.Slug + "/" + by.Slug + "/" + key.Canonical()
}

// nameOf names a row by what its record can be found by.
func nameOf(rec *mapping.Record) string {
	if len(rec.Keys) > 0 {
		return rec.Keys[0].Value.Canonical()
	}
	if rec.Marker != nil {
		return rec.Marker.Value.Canonical()
	}
	if i := slices.IndexFunc(rec.Fields, keepsApart); i >= 0 {
		return rec.Fields[i].Values[0].Canonical()
	}
	return ""
}

// intend puts a row's intent on record, unless that has been done. The error
// means that nothing was sent.
func (w *Writer) intend(ctx context.Context, rec *mapping.Record, intent func() outcome.Intent) error {
	if rec.Recorded {
		return nil
	}
	in := intent()
	if err := w.journal.Intend(ctx, in); err != nil {
		return &attio.NotSentError{Op: string(in.Verb), Err: err}
	}
	rec.Recorded = true
	return nil
}

// putBack gives a record as it was before an update: the values of the
// update's attributes are those of its intent, as far as they are among the fields.
func putBack(stands *mapping.Existing, fields []mapping.Field, before map[string]json.RawMessage) (*mapping.Existing, error) {
	old := *stands
	old.Values = maps.Clone(stands.Values)
	if old.Values == nil {
		old.Values = map[string][]value.Value{}
	}
	for slug, list := range before {
		i := slices.IndexFunc(fields, func(f mapping.Field) bool { return f.Attribute.Slug == slug })
		if i < 0 {
			continue
		}
		vs, err := mapping.Written(fields[i].Attribute, list)
		if err != nil {
			return nil, err
		}
		old.Values[slug] = vs
	}
	return &old, nil
}

// among are the fields of some attributes.
func among[V any](fields []mapping.Field, slugs map[string]V) []mapping.Field {
	return slices.DeleteFunc(slices.Clone(fields), func(f mapping.Field) bool {
		_, ok := slugs[f.Attribute.Slug]
		return !ok
	})
}

// narrowed leaves in a record that is to be sent again only what was sent
// before: whatever else differs by now, somebody has changed since.
func narrowed(rec *mapping.Record, stands *mapping.Existing) {
	rec.Fields, rec.Existing = among(rec.Fields, rec.Sent.Before), stands
}

func byID(es []*mapping.Existing, id string) *mapping.Existing {
	if i := slices.IndexFunc(es, func(e *mapping.Existing) bool { return e.ID == id }); i >= 0 {
		return es[i]
	}
	return nil
}
