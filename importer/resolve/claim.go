package resolve

import (
	"fmt"
	"hash/maphash"
	"slices"
	"sync"

	"attio-import/importer/outcome"
	"attio-import/mapping"
	"attio-import/mapping/schema"
)

// claims remembers which row is about which record. Duplicates in a sheet are
// found by key; two keys of one record (acme.com and acme.io) are seen to be
// the same only here. Without claims both rows would write the record, the
// last worker would win, and every later run would write it twice again.
//
// A claim takes 12 bytes besides the map's own, because ids are kept as hashes, as
// the sheet's keys are: that a row of a million is refused in error has a
// probability of 3 in a hundred million, and the next run has another seed.
type claims struct {
	seed maphash.Seed

	mu   sync.Mutex
	rows map[uint64]uint32 // by the hash of the record's id; nil: none are needed
}

// newClaims keeps claims only where two rows without a common key can find one
// record: where a record can have several keys. One value of one attribute
// identifies at most one row of a sheet.
func newClaims(match []*schema.Attribute) *claims {
	c := &claims{seed: maphash.MakeSeed()}
	if len(match) > 1 || slices.ContainsFunc(match, func(a *schema.Attribute) bool { return a.Multi }) {
		c.rows = map[uint64]uint32{}
	}
	return c
}

// take gives a record to a row, or names the row that it belongs to.
func (c *claims) take(id string, row int) (owner int) {
	if c.rows == nil {
		return row
	}
	hash := maphash.String(c.seed, id)
	c.mu.Lock()
	defer c.mu.Unlock()
	if owner, ok := c.rows[hash]; ok {
		return int(owner)
	}
	c.rows[hash] = uint32(row)
	return row
}

// Claim says that a row turned out to be about a record. The first row to say
// so is the one that may write it, whatever becomes of that row; to another
// one the answer is its problem, duplicate_key.
func (r *Resolver) Claim(rec *mapping.Record, found *mapping.Existing) *outcome.Problem {
	owner := r.claims.take(found.ID, rec.Row)
	if owner == rec.Row {
		return nil
	}
	p := problemOfKey(rec, foundBy(rec, found))
	p.Code = outcome.DuplicateKey
	p.Message = fmt.Sprintf("row %d is about the same record: %s", owner, found.WebURL)
	p.Hint = "put both keys into one row, or delete one of the rows"
	return &p
}

// Claims reports whether it matters which row is about which record.
func (r *Resolver) Claims() bool { return r.claims.rows != nil }

// Claimed says that a record belongs to a row which an earlier process of the
// run has brought to its end or left open, so that rows still to come meet it as
// they would have then. It is to be said before the first window; of two rows, the first to be named has the record.
func (r *Resolver) Claimed(row int, recordID string) {
	if recordID != "" {
		r.claims.take(recordID, row)
	}
}

// foundBy is the key of a row that a record has.
func foundBy(rec *mapping.Record, found *mapping.Existing) *mapping.Key {
	for i := range rec.Keys {
		k := &rec.Keys[i]
		if slices.ContainsFunc(found.Values[k.Attribute.Slug], k.Value.Equal) {
			return k
		}
	}
	return &rec.Keys[0]
}
