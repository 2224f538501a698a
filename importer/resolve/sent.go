package resolve

import (
	"slices"

	"attio-import/importer/attio"
	"attio-import/importer/outcome"
	"attio-import/mapping"
)

// This file is about rows that may have been written already. Whose the records
// are that such a row finds is for the writer to say, which knows what
// was sent when; here they are only looked up, in the queries of the window.

// soughtMarker is the marker to look for: that of a row whose new record may
// exist. An update writes none.
func soughtMarker(rec *mapping.Record) *mapping.Key {
	if rec.Sent == nil || rec.Sent.Verb != outcome.Create {
		return nil
	}
	return rec.Marker
}

// placeFound gives a record that may have been written all that have one of
// its keys, its unique values or its marker to the letter, each once. Nothing is
// refused for what was found, and no record is claimed.
//
// Where a key or the marker cannot be looked up, or finds only another
// spelling, the record is in doubt: nobody may conclude from it that nothing is there.
func (r *Resolver) placeFound(rec *mapping.Record, m *matches) {
	names := rec.Keys
	if marker := soughtMarker(rec); marker != nil {
		names = append(slices.Clip(names), *marker)
	}
	var found []attio.Record
	for i := range names {
		a := m.answers[names[i].Attribute][names[i].Value.Canonical()]
		if p, ok := keyProblem(rec, &names[i], a); !ok {
			doubt(rec, p)
		}
		found = appendRecords(found, a.exact)
	}
	for _, k := range rec.Unique() {
		found = appendRecords(found, m.answers[k.Attribute][k.Value.Canonical()].exact)
	}
	attrs := attributesOf(rec.Fields, names)
	for i := range found {
		e, err := signed(&found[i], attrs)
		if err != nil {
			doubt(rec, unreadableProblem(outcome.Problem{Row: rec.Row, Line: rec.Line}, err))
			continue
		}
		rec.Found = append(rec.Found, e)
	}
}

func doubt(rec *mapping.Record, p outcome.Problem) {
	rec.Doubt = true
	rec.Problems = append(rec.Problems, p)
}

func appendRecords(to, records []attio.Record) []attio.Record {
	for _, rec := range records {
		to = appendRecord(to, rec)
	}
	return to
}
