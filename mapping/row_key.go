package mapping

import (
	"fmt"

	"attio-import/importer/outcome"
)

// key refuses a row that nothing identifies.
func (r *row) key() {
	rec := r.rec
	blank := len(rec.Keys) == 0 && len(r.plan.match) > 0 && !r.keyFailed
	if blank && r.plan.refuseBlankKey {
		f := r.plan.keyField()
		r.problem(outcome.Error, f, f.keyColumn(), outcome.BlankKey, blankKeyMessage(r.plan), blankKeyHint(r.plan))
		return
	}
	if f := r.blankKey; f != nil {
		r.blankKey = nil
		r.missingValue(f)
	}
}

// keyField is the first field that identifies a record.
func (p *Plan) keyField() *field {
	for i := range p.fields {
		if p.fields[i].attr == p.match[0] {
			return &p.fields[i]
		}
	}
	return nil
}

func blankKeyMessage(p *Plan) string {
	if len(p.match) == 1 {
		return fmt.Sprintf("%s is blank, and it is what identifies the record", title(p.match[0]))
	}
	return "all attributes that could identify the record are blank"
}

func blankKeyHint(p *Plan) string {
	if !p.mode.creates() {
		return "fill the cell"
	}
	return "fill the cell, name a second attribute under match: that tells such records apart, or write blank_key: create if they are all new"
}
