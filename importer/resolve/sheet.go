package resolve

import (
	"context"
	"slices"
	"strings"
	"sync"

	"attio-import/mapping"
	"attio-import/mapping/schema"
)

// sheet knows the rows under way that later rows wait for: those that are about
// a record that they refer to (a company, and further down its subsidiary), and
// those that were the first to ask for a record that is to be created. Without
// it, whether the subsidiary finds its parent, and which row names a new company,
// would depend on how far the workers are.
//
// It remembers a row's keys from its look-up to its end, so what it holds is
// bounded by the rows under way. (In a plan no row ends, because none is
// written, and it holds those of the whole sheet.)
type sheet struct {
	object string // slug; empty where records of the object cannot refer to each other

	mu   sync.Mutex
	rows map[int]*underWay
	keys map[sheetKey]*underWay
}

type sheetKey struct{ object, attribute, canonical string }

// underWay is a row that has been looked up and not written yet.
type underWay struct {
	row  int
	keys []sheetKey
	done chan struct{}
}

func newSheet(o *schema.Object) *sheet {
	s := &sheet{rows: map[int]*underWay{}, keys: map[sheetKey]*underWay{}}
	if slices.ContainsFunc(o.Attributes, func(a *schema.Attribute) bool { return pointsAt(a, o) }) {
		s.object = o.Slug
	}
	return s
}

func pointsAt(a *schema.Attribute, o *schema.Object) bool {
	return a.Type == schema.RecordReference && (len(a.Targets) == 0 || slices.Contains(a.Targets, o.Slug))
}

// begin takes note of a window's rows. Of two rows that have a value in common
// the first counts.
func (s *sheet) begin(records []*mapping.Record) {
	if s.object == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, rec := range records {
		for _, k := range slices.Concat(rec.Keys, rec.Unique()) {
			s.note(rec.Row, sheetKey{s.object, k.Attribute.Slug, k.Value.Canonical()})
		}
	}
}

// asks takes note of the records that a row wants created. The first row that
// wants one makes it, of its own cells.
func (s *sheet) asks(rec *mapping.Record) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range rec.Fields {
		refs := rec.Fields[i].References
		for j := range refs {
			if refs[j].Rule.Missing == mapping.MissingCreate {
				s.note(rec.Row, keyOf(&refs[j]))
			}
		}
	}
}

func keyOf(ref *mapping.Reference) sheetKey {
	return sheetKey{ref.Rule.Object.Slug, ref.Rule.By.Slug, ref.Key.Canonical()}
}

// note gives a key to a row, unless an earlier one has it.
func (s *sheet) note(row int, key sheetKey) {
	if s.keys[key] != nil {
		return
	}
	u := s.rows[row]
	if u == nil {
		u = &underWay{row: row, done: make(chan struct{})}
		s.rows[row] = u
	}
	key.canonical = strings.Clone(key.canonical) // a part of the row's own cells until here
	s.keys[key] = u
	u.keys = append(u.keys, key)
}

// end forgets a row, and lets those go on that wait for it.
func (s *sheet) end(row int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.rows[row]
	if u == nil {
		return
	}
	for _, key := range u.keys {
		delete(s.keys, key)
	}
	delete(s.rows, row)
	close(u.done)
}

// before is the row under way that a row's reference may mean: an earlier one,
// so that no two rows can wait for each other. nil, if there is none.
func (s *sheet) before(row int, ref *mapping.Reference) *underWay {
	if ref.Rule.Object == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if u := s.keys[keyOf(ref)]; u != nil && u.row < row {
		return u
	}
	return nil
}

// below is a later row under way that has the key of a reference; 0, if none
// is known yet. Nobody waits for it: it comes too late.
func (s *sheet) below(row int, ref *mapping.Reference) int {
	if ref.Rule.Object == nil {
		return 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if u := s.keys[keyOf(ref)]; u != nil && u.row > row {
		return u.row
	}
	return 0
}

// wait returns once the row that a reference may mean has ended, with that
// row's number; 0, if there is none under way.
func (s *sheet) wait(ctx context.Context, row int, ref *mapping.Reference) (waitedFor int, err error) {
	u := s.before(row, ref)
	if u == nil {
		return 0, nil
	}
	select {
	case <-u.done:
		return u.row, nil
	case <-ctx.Done():
		return u.row, ctx.Err()
	}
}
