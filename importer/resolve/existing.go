package resolve

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"attio-import/importer/attio"
	"attio-import/importer/outcome"
	"attio-import/mapping"
	"attio-import/mapping/schema"
	"attio-import/mapping/value"
)

// matches are the records that the match keys of one window find. They are
// forgotten with the window: the keys of a sheet are distinct, so no other
// window asks for them, and whole records of a whole sheet would not fit in memory.
type matches struct {
	keys map[*schema.Attribute][]value.Value

	at earliest // of the answers

	mu      sync.Mutex
	answers map[*schema.Attribute]answers
}

// matches collects the keys of a window.
func (r *Resolver) matches(records []*mapping.Record) *matches {
	m := &matches{keys: map[*schema.Attribute][]value.Value{}, answers: map[*schema.Attribute]answers{}}
	ask := func(k mapping.Key) {
		if m.keys[k.Attribute] == nil {
			m.keys[k.Attribute] = make([]value.Value, 0, len(records))
		}
		m.keys[k.Attribute] = append(m.keys[k.Attribute], k.Value)
	}
	for _, rec := range records {
		for _, k := range rec.Keys {
			ask(k)
		}
		for _, k := range rec.Unique() {
			ask(k)
		}
		if marker := soughtMarker(rec); marker != nil {
			ask(*marker)
		}
	}
	return m
}

// askKeys sends the window's match queries, as jobs of g.
func (r *Resolver) askKeys(ctx context.Context, g *errgroup.Group, m *matches) {
	for attr, keys := range m.keys {
		r.askAll(ctx, g, r.target(attr), keys, &m.at, func(_ []value.Value, as answers) { m.add(attr, as) })
	}
}

func (m *matches) add(attr *schema.Attribute, as answers) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.answers[attr] == nil {
		m.answers[attr] = as
		return
	}
	maps.Copy(m.answers[attr], as)
}

// placeExisting gives a record what its keys found, or the problem that they
// have. A record that cannot be written because another one has a value that must be
// unique is told so before a write is spent.
func (r *Resolver) placeExisting(rec *mapping.Record, m *matches) {
	if len(rec.Keys) > 0 {
		r.placeMatch(rec, m)
	}
	if rec.Failed() {
		return
	}
	for _, k := range rec.Unique() {
		for _, holder := range m.answers[k.Attribute][k.Value.Canonical()].exact {
			if rec.Existing == nil || rec.Existing.ID != holder.ID {
				rec.Problems = append(rec.Problems, takenProblem(rec, &k, holder.WebURL))
				break
			}
		}
	}
}

func takenProblem(rec *mapping.Record, k *mapping.Key, holder string) outcome.Problem {
	p := problemOfKey(rec, k)
	p.Code = outcome.UniquenessConflict
	p.Message = fmt.Sprintf("%s %q belongs to another record: %s", k.Attribute.Slug, k.Value.Canonical(), holder)
	p.Hint = "nothing was sent; correct the row, or merge the records in Attio"
	return p
}

// placeMatch gives a record what its keys found.
func (r *Resolver) placeMatch(rec *mapping.Record, m *matches) {
	var records []attio.Record
	var finders []mapping.Key // the keys that found them
	for i := range rec.Keys {
		k := &rec.Keys[i]
		a := m.answers[k.Attribute][k.Value.Canonical()]
		if p, ok := keyProblem(rec, k, a); !ok {
			rec.Problems = append(rec.Problems, p)
			return
		}
		for _, found := range a.exact {
			records = appendRecord(records, found)
		}
		if len(a.exact) > 0 {
			finders = append(finders, *k)
		}
	}
	if p, ok := r.modeProblem(rec, records, finders); !ok {
		rec.Problems = append(rec.Problems, p)
	}
	if len(records) == 1 {
		r.placeRecord(rec, &records[0])
	}
}

func (r *Resolver) placeRecord(rec *mapping.Record, found *attio.Record) {
	e, err := existing(found, attributesOf(rec.Fields, rec.Keys))
	if err != nil {
		rec.Problems = append(rec.Problems, unreadableProblem(problemOfKey(rec, &rec.Keys[0]), err))
		return
	}
	rec.Existing = e
	if r.plan.Mode() == mapping.Create {
		return // refused already, and nothing is written
	}
	if p := r.Claim(rec, e); p != nil {
		rec.Problems = append(rec.Problems, *p)
	}
}

// keyProblem says why a key's answer is of no use.
func keyProblem(rec *mapping.Record, k *mapping.Key, a answer) (outcome.Problem, bool) {
	p := problemOfKey(rec, k)
	switch {
	case a.refused != nil:
		p.Code = outcome.Code(a.refused.Code)
		p.Message = fmt.Sprintf("the API takes no query for %s %q: %s", k.Attribute.Slug, k.Value.Canonical(), a.refused.Message)
		p.Hint = "correct the cell; the record cannot be looked up as it is"
	case a.unreadable != nil:
		return unreadableProblem(p, a.unreadable), false
	case len(a.loose) > 0:
		p.Code = outcome.KeyAmbiguous
		p.Message = fmt.Sprintf("no record has %s %q, but one has %q: %s",
			k.Attribute.Slug, k.Value.Canonical(), a.spelling, a.loose[0].WebURL)
		p.Hint = "write the key in the sheet as it stands in Attio, or the other way round"
	default:
		return p, true
	}
	return p, false
}

// modeProblem says why the mapping's mode forbids to go on with what was found
// by some of the keys.
func (r *Resolver) modeProblem(rec *mapping.Record, found []attio.Record, finders []mapping.Key) (outcome.Problem, bool) {
	if len(finders) == 0 {
		finders = rec.Keys
	}
	p := problemOfKey(rec, &finders[0])
	mode := r.plan.Mode()
	switch {
	case len(found) > 0 && mode == mapping.Create:
		p.Code = outcome.UniquenessConflict
		p.Message = fmt.Sprintf("a record with %s exists: %s", inWords(finders), urls(found))
		p.Hint = "nothing was sent; mode: upsert in the mapping would update that record"
	case len(found) > 1:
		p.Code = outcome.AmbiguousMatch
		p.Message = fmt.Sprintf("%d records match %s: %s", len(found), inWords(finders), urls(found))
		p.Hint = "merge the records in Attio, or correct the row so that its keys name one of them"
	case len(found) == 0 && mode == mapping.Update:
		p.Code = outcome.NoMatch
		p.Message = fmt.Sprintf("no record has %s", inWords(finders))
		p.Hint = "mode: update changes existing records only; mode: upsert would create it"
		if !finders[0].Attribute.Writable {
			p.Hint = "correct the cell; mode: update changes existing records only"
		}
	default:
		return p, true
	}
	return p, false
}

func problemOfKey(rec *mapping.Record, k *mapping.Key) outcome.Problem {
	return outcome.Problem{
		Row: rec.Row, Line: rec.Line,
		Column: k.Column, Attribute: k.Attribute.Slug, Value: k.Value.Canonical(),
		Severity: outcome.Error,
	}
}

// inWords says keys: workspace_id "ws_7" or domains "acme.com".
func inWords(keys []mapping.Key) string {
	said := make([]string, len(keys))
	for i, k := range keys {
		said[i] = fmt.Sprintf("%s %q", k.Attribute.Slug, k.Value.Canonical())
	}
	return strings.Join(said, " or ")
}

// manyURLs is how many records a message lists.
const manyURLs = 5

func urls(recs []attio.Record) string {
	said := make([]string, 0, manyURLs+1)
	for i, rec := range recs {
		if i == manyURLs {
			said = append(said, "...")
			break
		}
		said = append(said, rec.WebURL)
	}
	return strings.Join(said, ", ")
}
