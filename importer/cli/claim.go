package cli

import (
	"attio-import/importer"
	"attio-import/importer/resolve"
)

// claim tells a resolver which records belong to rows already, so that no row
// still to come writes one of them. done is what is known of the rows of the current
// generation; of the earlier ones only those rows count that have become a record.
func (p *past) claim(r *resolve.Resolver, done importer.Past) error {
	if !r.Claims() {
		return nil
	}
	if done != nil {
		for _, row := range p.log.OpenRows() { // first: those that they were kept from are done
			r.Claimed(row, done.Open(row).RecordID)
		}
	}
	for e, err := range p.log.Entries() {
		if err != nil {
			return p.damaged(err)
		}
		if row := e.Outcome.Row; stands(&e.Outcome) || done != nil && done.Done(row) {
			r.Claimed(row, e.Outcome.RecordID)
		}
	}
	return nil
}
