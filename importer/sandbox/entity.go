package sandbox

import (
	"encoding/json"
	"fmt"
)

// Everything but records changes rarely and is written to the data file as JSON, one entity each: putting an entity
// adds it, or replaces the one with its number.
type entity struct {
	Workspace *workspaceEntity `json:"workspace,omitempty"`
	Member    *member          `json:"member,omitempty"`
	Token     *token           `json:"token,omitempty"`
	Table     *tableEntity     `json:"table,omitempty"`
	Attribute *attributeEntity `json:"attribute,omitempty"`
	Choice    *choiceEntity    `json:"choice,omitempty"`
	Note      *note            `json:"note,omitempty"`
	Seeded    bool             `json:"seeded,omitempty"` // the seed ends here
}

type workspaceEntity struct {
	ID      uuid   `json:"id"`
	Name    string `json:"name"`
	Slug    string `json:"slug"`
	Created int64  `json:"created"`
}

type tableEntity struct {
	No       int         `json:"no"`
	ID       uuid        `json:"id"`
	Slug     string      `json:"slug"`
	Singular string      `json:"singular,omitempty"`
	Plural   string      `json:"plural,omitempty"`
	Created  int64       `json:"created"`
	List     *listEntity `json:"list,omitempty"`
}

type listEntity struct {
	Name   string  `json:"name"`
	Parent int     `json:"parent"`
	Access string  `json:"access,omitempty"`
	Grants []grant `json:"grants,omitempty"`
	By     int     `json:"by"`
}

type attributeEntity struct {
	Table    int             `json:"table"`
	No       int             `json:"no"`
	ID       uuid            `json:"id"`
	Title    string          `json:"title"`
	About    *string         `json:"about,omitempty"`
	Slug     string          `json:"slug"`
	Kind     kind            `json:"kind"`
	System   bool            `json:"system,omitempty"`
	ReadOnly bool            `json:"read_only,omitempty"`
	Required bool            `json:"required,omitempty"`
	Unique   bool            `json:"unique,omitempty"`
	Multi    bool            `json:"multi,omitempty"`
	Archived bool            `json:"archived,omitempty"`
	Fallback json.RawMessage `json:"default,omitempty"`
	Created  int64           `json:"created"`
	Currency string          `json:"currency,omitempty"`
	Display  string          `json:"display,omitempty"`
	Allowed  []int           `json:"allowed,omitempty"`
	Inverse  *[2]int         `json:"inverse,omitempty"` // table, attribute
}

type choiceEntity struct {
	Table     int    `json:"table"`
	Attribute int    `json:"attribute"`
	No        int    `json:"no"`
	ID        uuid   `json:"id"`
	Title     string `json:"title"`
	Archived  bool   `json:"archived,omitempty"`
	Celebrate bool   `json:"celebrate,omitempty"`
	Target    string `json:"target,omitempty"`
}

func (t *table) entity() entity {
	e := &tableEntity{No: t.no, ID: t.id, Slug: t.slug, Singular: t.singular, Plural: t.plural, Created: t.created}
	if l := t.list; l != nil {
		e.List = &listEntity{Name: l.name, Parent: l.parent.no, Access: l.access, Grants: l.grants, By: l.by}
	}
	return entity{Table: e}
}

func (a *attribute) entity() entity {
	e := &attributeEntity{
		Table: a.table.no, No: a.no, ID: a.id, Title: a.title, About: a.about, Slug: a.slug, Kind: a.kind,
		System: a.system, ReadOnly: a.readOnly, Required: a.required, Unique: a.unique, Multi: a.multi,
		Archived: a.archived, Fallback: a.fallback, Created: a.created, Currency: a.currency, Display: a.display,
	}
	for _, t := range a.allowed {
		e.Allowed = append(e.Allowed, t.no)
	}
	if a.inverse != nil {
		e.Inverse = &[2]int{a.inverse.table.no, a.inverse.no}
	}
	return entity{Attribute: e}
}

func (a *attribute) choiceEntity(no int, c choice) entity {
	return entity{Choice: &choiceEntity{
		Table: a.table.no, Attribute: a.no, No: no, ID: c.id, Title: c.title,
		Archived: c.archived, Celebrate: c.celebrate, Target: c.target,
	}}
}

// save makes entities durable and then visible, as one step.
func (s *store) save(list ...entity) error {
	return s.saveLogged(logEntry{}, list...)
}

// saveLogged is save for a client's request, with its line of the log.
func (s *store) saveLogged(e logEntry, list ...entity) error {
	e = s.log.stamp(e)
	frame := make([]byte, 8, 512)
	var bodies [][]byte
	for _, one := range list {
		body, err := json.Marshal(one)
		if err != nil {
			return err
		}
		bodies = append(bodies, body)
		frame = appendCounted(append(frame, opEntity), string(body))
	}
	if s.file != nil {
		if e.method != "" {
			frame = e.appendTo(frame)
		}
		if err := s.file.append(sealFrame(frame)); err != nil {
			return err
		}
	}
	for _, body := range bodies {
		if err := s.putEntity(body); err != nil {
			return err
		}
	}
	s.log.add(e)
	return nil
}

// putEntity applies one entity. All changes of the schema come through here, live and in replay.
func (s *store) putEntity(body []byte) error {
	var e entity
	if err := json.Unmarshal(body, &e); err != nil {
		return err
	}
	switch {
	case e.Workspace != nil:
		s.id, s.name, s.slug, s.created = e.Workspace.ID, e.Workspace.Name, e.Workspace.Slug, e.Workspace.Created
	case e.Member != nil:
		s.addMember(e.Member)
	case e.Token != nil:
		s.addToken(e.Token)
	case e.Table != nil:
		return s.putTable(e.Table)
	case e.Attribute != nil:
		return s.putAttribute(e.Attribute)
	case e.Choice != nil:
		return s.putChoice(e.Choice)
	case e.Note != nil:
		s.putNote(e.Note)
	case e.Seeded:
		s.seeded = true
	}
	return nil
}

func (s *store) putTable(e *tableEntity) error {
	if e.No > len(s.tables) || e.List != nil && e.List.Parent >= len(s.tables) {
		return fmt.Errorf("table %d is out of order", e.No)
	}
	var l *list
	if e.List != nil {
		l = &list{name: e.List.Name, parent: s.tables[e.List.Parent], access: e.List.Access, grants: e.List.Grants, by: e.List.By}
	}
	if e.No == len(s.tables) {
		s.addTable(&table{id: e.ID, slug: e.Slug, list: l})
	}
	t := s.tables[e.No]
	names := s.objects
	if l != nil {
		names = s.lists
	}
	delete(names, t.slug)
	names[e.Slug] = t
	t.slug, t.singular, t.plural, t.created, t.list = e.Slug, e.Singular, e.Plural, e.Created, l
	return nil
}

func (s *store) putAttribute(e *attributeEntity) error {
	if e.Table >= len(s.tables) || e.No > len(s.tables[e.Table].attrs) {
		return fmt.Errorf("attribute %s is out of order", e.Slug)
	}
	t := s.tables[e.Table]
	if e.No == len(t.attrs) {
		t.addAttribute(&attribute{id: e.ID, slug: e.Slug, kind: e.Kind, unique: e.Unique, readOnly: e.ReadOnly})
	}
	a := t.attrs[e.No]
	if a.slug != e.Slug {
		delete(t.names, a.slug)
		t.names[e.Slug] = a
	}
	a.title, a.about, a.slug = e.Title, e.About, e.Slug
	a.system, a.readOnly, a.required = e.System, e.ReadOnly, e.Required
	a.unique, a.multi, a.archived = e.Unique, e.Multi, e.Archived
	a.fallback, a.created, a.currency, a.display = e.Fallback, e.Created, e.Currency, e.Display
	if a.slug == parentSlug || a.unique && !a.readOnly {
		a.ensureIndex()
	}
	a.allowed = nil
	for _, no := range e.Allowed {
		if no >= len(s.tables) {
			return fmt.Errorf("attribute %s refers to table %d, which is not known", e.Slug, no)
		}
		a.allowed = append(a.allowed, s.tables[no])
	}
	s.bindInverse(a, e.Inverse)
	return nil
}

// bindInverse joins the two sides once both are there: the second to come finds the first.
func (s *store) bindInverse(a *attribute, at *[2]int) {
	if at == nil || at[0] >= len(s.tables) || at[1] >= len(s.tables[at[0]].attrs) {
		return
	}
	other := s.tables[at[0]].attrs[at[1]]
	a.inverse, other.inverse = other, a
}

func (s *store) putChoice(e *choiceEntity) error {
	if e.Table >= len(s.tables) || e.Attribute >= len(s.tables[e.Table].attrs) {
		return fmt.Errorf("option %q belongs to no attribute", e.Title)
	}
	a := s.tables[e.Table].attrs[e.Attribute]
	c := choice{id: e.ID, title: e.Title, archived: e.Archived, celebrate: e.Celebrate, target: e.Target}
	switch {
	case e.No == len(a.choices):
		a.addChoice(&c)
	case e.No < len(a.choices):
		delete(a.titles, a.choices[e.No].title)
		a.titles[c.title] = e.No
		*a.choices[e.No] = c
	default:
		return fmt.Errorf("option %q is out of order", e.Title)
	}
	return nil
}

// saveAll writes the whole schema: the first frame of a new data file.
func (s *store) saveAll() error {
	if s.file == nil {
		return nil
	}
	frame := make([]byte, 8, 1<<16)
	for _, e := range s.entities() {
		body, err := json.Marshal(e)
		if err != nil {
			return err
		}
		frame = appendCounted(append(frame, opEntity), string(body))
	}
	return s.file.append(sealFrame(frame))
}

func (s *store) entities() []entity {
	list := []entity{{Workspace: &workspaceEntity{s.id, s.name, s.slug, s.created}}}
	for _, m := range s.members {
		list = append(list, entity{Member: m})
	}
	for _, k := range s.tokens {
		list = append(list, entity{Token: k})
	}
	for _, t := range s.tables {
		list = append(list, t.entity())
	}
	for _, t := range s.tables {
		for _, a := range t.attrs {
			list = append(list, a.entity())
			for no, c := range a.choices {
				list = append(list, a.choiceEntity(no, *c))
			}
		}
	}
	return list
}
