package sandbox

import (
	"slices"
	"sync"
	"time"
)

// store is the workspace: schema, people who belong to it, records, and the log of what was written. Every method
// needs mu held: for reading where it only reads, for writing else. No lock is held while a byte goes to a client.
type store struct {
	mu   sync.RWMutex
	skew time.Duration // added to the server's time
	last int64         // the latest time that was given to a write

	id         uuid
	name, slug string
	created    int64
	members    []*member
	tokens     []*token
	actors     []actor // numbers in rows; 0 is the system

	tables  []*table
	objects map[string]*table // by slug and by id
	lists   map[string]*table // by slug and by id

	notes    []*note // in order of creation
	noteByID map[uuid]*note

	autoCompany bool
	seeded      bool // all that the seed describes is there
	scratch     tx
	log         writeLog
	file        *dataFile // nil: memory only
}

// actor is who wrote a value.
type actor struct {
	kind string // system, api-token, workspace-member
	id   uuid   // zero for the system, printed as null
	json string // as it is shown with every value
}

func newActor(kind string, id uuid) actor {
	a := actor{kind: kind, id: id}
	b := appendActorID([]byte(`{"type":"`+kind+`","id":`), &a)
	a.json = string(append(b, '}'))
	return a
}

type member struct {
	ID      uuid   `json:"id"`
	First   string `json:"first_name"`
	Last    string `json:"last_name"`
	Email   string `json:"email_address"`
	Avatar  string `json:"avatar_url,omitempty"`
	Level   string `json:"access_level"` // admin, member, suspended
	Created int64  `json:"created"`
	actor   int
}

// token is an API key of the workspace. Scopes nil means all of them.
type token struct {
	ID      uuid     `json:"id"`
	Secret  string   `json:"secret"`
	Scopes  []string `json:"scopes,omitempty"`
	Created int64    `json:"created"`
	actor   int
}

// record is a record of an object or an entry of a list.
type record struct {
	id      uuid
	created int64 // milliseconds
	by      int32 // actor
	seq     uint32
	row     string
	past    string // values that have ended, oldest first
}

func newStore(opts Options) *store {
	return &store{
		actors: []actor{newActor("system", uuid{})}, objects: map[string]*table{}, lists: map[string]*table{},
		skew: opts.DateSkew, autoCompany: opts.AutoCompany,
	}
}

// now is the server's time in milliseconds, skew included.
func (s *store) now() int64 { return time.Now().Add(s.skew).UnixMilli() }

// tick is the time of a write: never before that of an earlier one, so that order of creation and of created_at agree.
func (s *store) tick() int64 {
	s.last = max(s.last, s.now())
	return s.last
}

func (s *store) newTable(slug, singular, plural string) *table {
	t := &table{id: newID(), slug: slug, singular: singular, plural: plural, created: s.now()}
	s.addTable(t)
	return t
}

func (s *store) addTable(t *table) {
	t.no = len(s.tables)
	t.names = map[string]*attribute{}
	t.byID = map[uuid]*record{}
	s.tables = append(s.tables, t)
	names := s.objects
	if t.list != nil {
		names = s.lists
	}
	names[t.slug], names[t.id.String()] = t, t
}

// object finds an enabled object by slug or id.
func (s *store) object(name string) *table {
	t := s.objects[name]
	if t == nil || t.disabled {
		return nil
	}
	return t
}

func (s *store) addMember(m *member) {
	m.actor = len(s.actors)
	s.actors = append(s.actors, newActor("workspace-member", m.ID))
	s.members = append(s.members, m)
}

func (s *store) addToken(k *token) {
	k.actor = len(s.actors)
	s.actors = append(s.actors, newActor("api-token", k.ID))
	s.tokens = append(s.tokens, k)
}

func (s *store) memberByID(id uuid) *member {
	i := slices.IndexFunc(s.members, func(m *member) bool { return m.ID == id })
	if i < 0 {
		return nil
	}
	return s.members[i]
}

func (t *table) insert(r *record) {
	r.seq = uint32(len(t.rows))
	t.rows = append(t.rows, r)
	t.byID[r.id] = r
	for _, a := range t.attrs {
		if a.index != nil {
			a.indexRow(r, r.row)
		}
	}
}

func (t *table) remove(r *record) {
	for _, a := range t.attrs {
		if a.index != nil {
			a.unindexRow(r, r.row)
		}
	}
	delete(t.byID, r.id)
	t.rows[r.seq] = nil
	t.dead++
	if t.dead > 64 && t.dead > len(t.rows)/8 {
		t.compact()
	}
}

// compact closes the gaps that deletions left, so that paging need not step over them.
func (t *table) compact() {
	t.rows = slices.DeleteFunc(t.rows, func(r *record) bool { return r == nil })
	for i, r := range t.rows {
		r.seq = uint32(i)
	}
	t.dead = 0
}

// replaceRow gives the record its new row and keeps the indexes true.
func (t *table) replaceRow(r *record, row string, edits []edit) {
	old := r.row
	r.row = row
	for _, a := range t.attrs {
		if a.index == nil {
			continue
		}
		i := slices.IndexFunc(edits, func(e edit) bool { return e.attr == a.no })
		switch {
		case i < 0 && a.unique:
			a.indexRow(r, row) // the keys are slices of the row: let go of the old one
		case i >= 0 && edits[i].prepend:
			a.indexRow(r, appendSectionString(edits[i]))
		case i >= 0:
			a.unindexRow(r, old)
			a.indexRow(r, row)
		}
	}
}

func appendSectionString(e edit) string { return string(appendSection(nil, e.attr, e.packed, "")) }

// ensureIndex builds the index of an attribute that is queried by equality. Needs mu for writing.
func (a *attribute) ensureIndex() {
	if a.index != nil {
		return
	}
	a.index = newIndex()
	for _, r := range a.table.rows {
		if r != nil {
			a.indexRow(r, r.row)
		}
	}
}
