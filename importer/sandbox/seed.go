package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/tidwall/gjson"
)

// seedFile is the format of Options.Seed; the package documentation explains it.
type seedFile struct {
	Workspace struct {
		Name string `json:"name"`
		Slug string `json:"slug"`
	} `json:"workspace"`
	Members []seedMember    `json:"members"`
	Tokens  []seedToken     `json:"tokens"`
	Objects []seedObject    `json:"objects"`
	Records json.RawMessage `json:"records"`
}

type seedMember struct {
	First string `json:"first_name"`
	Last  string `json:"last_name"`
	Email string `json:"email_address"`
	Level string `json:"access_level"`
}

type seedToken struct {
	Token  string   `json:"token"`
	Scopes []string `json:"scopes"`
}

type seedObject struct {
	Slug       string          `json:"api_slug"`
	Singular   string          `json:"singular_noun"`
	Plural     string          `json:"plural_noun"`
	Attributes []seedAttribute `json:"attributes"`
}

// seedAttribute is a new attribute, or, with the slug of one that exists, more options for it.
type seedAttribute struct {
	attributeSpec
	Options  []string `json:"options"`
	Statuses []string `json:"statuses"`
}

// seed makes a new workspace: the standard objects and what the seed file adds.
func (s *store) seed(opts Options) error {
	var f seedFile
	if err := decodeSeed(opts.Seed, &f); err != nil {
		return err
	}
	s.id, s.created = newID(), s.now()
	s.name, s.slug = f.Workspace.Name, f.Workspace.Slug
	if s.name == "" {
		s.name = "Sandbox"
	}
	if s.slug == "" {
		s.slug = "sandbox"
	}
	s.seedPeople(f, opts)
	s.standardTables()
	if err := s.saveAll(); err != nil {
		return err
	}
	for _, o := range f.Objects {
		if err := s.seedObject(o); err != nil {
			return fmt.Errorf("seed: object %s: %w", o.Slug, err)
		}
	}
	if opts.Empty {
		return nil
	}
	return s.seedRecords(gjson.ParseBytes(f.Records))
}

func decodeSeed(seed []byte, f *seedFile) error {
	if len(seed) == 0 {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(seed))
	d.DisallowUnknownFields()
	if err := d.Decode(f); err != nil {
		return fmt.Errorf("seed: %w", err)
	}
	return nil
}

// seedPeople adds members, of whom there is always at least one, and tokens.
func (s *store) seedPeople(f seedFile, opts Options) {
	members := f.Members
	if len(members) == 0 {
		members = []seedMember{{First: "Workspace", Last: "Admin", Email: "admin@example.com"}}
	}
	if opts.Empty {
		members = members[:1]
	}
	for i, m := range members {
		if m.Level == "" {
			m.Level = "member"
			if i == 0 {
				m.Level = "admin"
			}
		}
		s.addMember(&member{ID: newID(), First: m.First, Last: m.Last, Email: m.Email, Level: m.Level, Created: s.created})
	}
	secret, _ := parseToken(opts.Token)
	if secret == "" {
		secret = newToken()
	}
	s.addToken(&token{ID: newID(), Secret: secret, Created: s.created})
	for _, k := range f.Tokens {
		s.addToken(&token{ID: newID(), Secret: k.Token, Scopes: k.Scopes, Created: s.created})
	}
}

func (s *store) seedObject(o seedObject) error {
	t := s.objects[o.Slug]
	if t == nil {
		if o.Slug == "" {
			return errors.New("api_slug is missing")
		}
		if err := s.save(s.newObject(o.Slug, o.Singular, o.Plural)...); err != nil {
			return err
		}
		t = s.objects[o.Slug]
	}
	for _, a := range o.Attributes {
		if err := s.seedAttribute(t, a); err != nil {
			return fmt.Errorf("attribute %s: %w", a.Slug, err)
		}
	}
	return nil
}

// newObject describes a custom object with the attributes that every object has.
func (s *store) newObject(slug, singular, plural string) []entity {
	t := &table{no: len(s.tables), id: newID(), slug: slug, singular: singular, plural: plural, created: s.now(),
		names: map[string]*attribute{}}
	s.defineAttributes(t, customAttributes)
	list := []entity{t.entity()}
	for _, a := range t.attrs {
		list = append(list, a.entity())
	}
	return list
}

func (s *store) seedAttribute(t *table, spec seedAttribute) error {
	if t.names[spec.Slug] == nil {
		if spec.Title == "" {
			spec.Title = spec.Slug
		}
		if problem := onlyKeys(gjson.ParseBytes(spec.Config), "currency", "record_reference"); problem != nil {
			return errors.New("config: " + problem.message)
		}
		list, err := s.newAttribute(t, spec.attributeSpec)
		if err != nil {
			return err
		}
		if err := s.save(list...); err != nil {
			return err
		}
	}
	a := t.names[spec.Slug]
	if len(spec.Options) > 0 && a.kind != kindSelect || len(spec.Statuses) > 0 && a.kind != kindStatus {
		return fmt.Errorf("options are for select attributes, statuses for status attributes; this is %s", a.kind)
	}
	for _, title := range append(spec.Options, spec.Statuses...) {
		if _, ok := a.titles[title]; ok {
			continue
		}
		if err := s.save(a.choiceEntity(len(a.choices), choice{id: newID(), title: title})); err != nil {
			return err
		}
	}
	return nil
}

// seedRecords creates the records object by object in the order of the file.
func (s *store) seedRecords(objects gjson.Result) error {
	auto := s.autoCompany
	s.autoCompany = false // the seed says itself which companies there are
	defer func() { s.autoCompany = auto }()
	var err error
	objects.ForEach(func(object, list gjson.Result) bool {
		t := s.objects[object.String()]
		if t == nil {
			err = fmt.Errorf("seed: records of object %q, which is not known", object.String())
			return false
		}
		for i, values := range list.Array() {
			if err = s.seedRecord(t, values); err != nil {
				err = fmt.Errorf("seed: %s, record %d: %w", t.slug, i+1, err)
				return false
			}
		}
		return true
	})
	return err
}

func (s *store) seedRecord(t *table, values gjson.Result) error {
	x := s.begin(s.members[0].actor)
	x.naming = true
	if _, err := x.create(t, values); err != nil {
		return err
	}
	return x.commit(logEntry{})
}
