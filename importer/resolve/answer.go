package resolve

import (
	"strings"

	"golang.org/x/text/unicode/norm"

	"attio-import/importer/attio"
	"attio-import/mapping/schema"
	"attio-import/mapping/value"
)

// answer is what the workspace has for one key: the records that have the very
// key, or, only if there are none, those whose key differs by case or by the
// composition of its letters, which equality in the workspace may or may not count as the same.
type answer struct {
	exact, loose []attio.Record
	spelling     string       // of the first loose one
	refused      *attio.Error // the API takes no query for this key
	unreadable   *unreadableError
}

// answers has the answers to the keys that found something, by their canonical
// form; most keys of a sheet of new records find nothing.
type answers map[string]answer

// sortOut assigns the records that a query found to the keys that it asked for.
// Records that have none of the keys, however loosely, are strangers: they are
// counted and dropped. The error is an [*unreadableError].
func sortOut(by *schema.Attribute, keys []value.Value, records []attio.Record) (as answers, strangers int, err error) {
	if len(records) == 0 {
		return nil, 0, nil
	}
	as = answers{}
	asked := make(map[string]bool, len(keys))
	for _, k := range keys {
		asked[k.Canonical()] = true
	}
	var odd []stray
	for _, rec := range records {
		vs, err := stored(&rec, by)
		if err != nil {
			return nil, 0, err
		}
		if !as.take(asked, rec, vs) {
			odd = append(odd, stray{rec, vs})
		}
	}
	if len(odd) > 0 {
		strangers = as.takeLoosely(keys, odd)
	}
	return as, strangers, nil
}

// stray is a record that came back without having any of the keys as they were asked.
type stray struct {
	record attio.Record
	values []value.Value
}

// take gives a record to the keys that it has to the letter, if any.
func (as answers) take(asked map[string]bool, rec attio.Record, values []value.Value) bool {
	hit := false
	for _, v := range values {
		if k := v.Canonical(); asked[k] {
			a := as[k]
			a.exact = appendRecord(a.exact, rec)
			as[k] = a
			hit = true
		}
	}
	return hit
}

// takeLoosely gives records to the keys that they have in another spelling, and
// counts the others. It is apart because it costs a second index over the keys,
// which hardly any query needs.
func (as answers) takeLoosely(keys []value.Value, odd []stray) (strangers int) {
	folded := make(map[string][]string, len(keys))
	for _, k := range keys {
		f := fold(k.Canonical())
		folded[f] = append(folded[f], k.Canonical())
	}
	for _, s := range odd {
		known := false
		for _, v := range s.values {
			for _, k := range folded[fold(v.Canonical())] {
				as.addLoose(k, v.Canonical(), s.record)
				known = true
			}
		}
		if !known {
			strangers++
		}
	}
	return strangers
}

func (as answers) addLoose(key, spelling string, rec attio.Record) {
	a := as[key]
	if len(a.exact) > 0 {
		return
	}
	if len(a.loose) == 0 {
		a.spelling = spelling
	}
	a.loose = appendRecord(a.loose, rec)
	as[key] = a
}

// appendRecord keeps a record once, though paging or several values of it may
// bring it twice.
func appendRecord(recs []attio.Record, rec attio.Record) []attio.Record {
	for _, r := range recs {
		if r.ID == rec.ID {
			return recs
		}
	}
	return append(recs, rec)
}

func fold(s string) string { return strings.ToLower(norm.NFC.String(s)) }

// found is the answer with all but the ids forgotten.
func (a answer) found() found {
	switch {
	case a.refused != nil:
		return found{odd: &odd{refused: a.refused}}
	case a.unreadable != nil:
		return found{odd: &odd{unreadable: a.unreadable}}
	case len(a.exact) == 1:
		return found{id: a.exact[0].ID}
	case len(a.exact) > 1:
		return found{odd: severalOf(a.exact)}
	case len(a.loose) > 0:
		o := severalOf(a.loose)
		o.loose, o.spelling = true, a.spelling
		return found{odd: o}
	}
	return found{}
}

func severalOf(recs []attio.Record) *odd {
	hits := make([]hit, len(recs))
	for i, rec := range recs {
		hits[i] = hit{rec.ID, rec.WebURL, rec.CreatedAt}
	}
	return severalHits(hits)
}

// severalHits keeps the oldest and the newest. The API prints times in one
// format of fixed width, so they order as texts; equal times are told apart by
// id, that two runs choose alike.
func severalHits(hits []hit) *odd {
	o := &odd{count: len(hits), oldest: hits[0], newest: hits[0]}
	for _, h := range hits[1:] {
		if h.before(o.oldest) {
			o.oldest = h
		}
		if o.newest.before(h) {
			o.newest = h
		}
	}
	return o
}

func (h hit) before(other hit) bool {
	if h.created != other.created {
		return h.created < other.created
	}
	return h.id < other.id
}
