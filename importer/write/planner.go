package write

import (
	"context"

	"attio-import/importer/outcome"
	"attio-import/mapping"
	"attio-import/mapping/value"
)

// Planner stands in for a [Writer] and decides only: it sends nothing. A
// reference that would be created counts as fine, and shows in the changes as
// "new: KEY".
type Planner struct{ plan Plan }

// NewPlanner makes a Planner.
func NewPlanner(plan Plan) *Planner { return &Planner{plan} }

// Intent says nothing: a plan writes nothing.
func (p *Planner) Intent(*mapping.Record) (outcome.Intent, bool) { return outcome.Intent{}, false }

// Write says what a Writer would do with a resolved record. rec is changed.
// There is never an error.
func (p *Planner) Write(_ context.Context, rec *mapping.Record) (outcome.Outcome, error) {
	o := opened(rec)
	standIn(rec.Fields)
	change := p.plan.Decide(rec)
	o.Changes = change.Changes
	if e := rec.Existing; e != nil {
		o.RecordID, o.WebURL = e.ID, e.WebURL
	}
	switch change.Kind {
	case mapping.KindCreate:
		o.Action = outcome.WouldCreate
	case mapping.KindUpdate:
		o.Action = outcome.WouldUpdate
	default:
		o.Action = outcome.Unchanged
	}
	return o, nil
}

// standIn fills the places of references that are to be created.
func standIn(fields []mapping.Field) {
	for i := range fields {
		f := &fields[i]
		refs := f.References
		for j := range f.Values {
			if f.Values[j].IsZero() && len(refs) > 0 {
				f.Values[j] = value.Reference(refs[0].Rule.Object.Slug, "new: "+refs[0].Key.Canonical())
				refs = refs[1:]
			}
		}
		f.References = nil
	}
}
