package sandbox

import (
	"slices"

	"github.com/tidwall/gjson"
)

// choicesAt finds the attribute and refuses one of another type.
func (s *store) choicesAt(c *call, k kind) (*attribute, error) {
	a, err := s.attributeAt(c)
	if err != nil {
		return nil, err
	}
	if a.kind != k {
		return nil, invalid("validation_type", "This attribute is not a %s attribute.", k)
	}
	return a, nil
}

func listOptions(s *store, c *call) error  { return listChoices(s, c, kindSelect) }
func listStatuses(s *store, c *call) error { return listChoices(s, c, kindStatus) }

func listChoices(s *store, c *call, k kind) error {
	a, err := s.choicesAt(c, k)
	if err != nil {
		return err
	}
	list := a.choices
	if c.params.Get("show_archived") != "true" {
		list = slices.DeleteFunc(slices.Clone(list), func(o *choice) bool { return o.archived })
	}
	return replyMany(c, list, func(b []byte, o *choice) []byte { return s.appendChoice(b, a, o) })
}

func createOption(s *store, c *call) error { return createChoice(s, c, kindSelect) }
func createStatus(s *store, c *call) error { return createChoice(s, c, kindStatus) }

func createChoice(s *store, c *call, k kind) error {
	a, err := s.choicesAt(c, k)
	if err != nil {
		return err
	}
	data, err := c.data()
	if err != nil {
		return err
	}
	o := choice{id: newID()}
	if err := o.read(data, k, true); err != nil {
		return err
	}
	return s.putChoiceReply(c, a, len(a.choices), o)
}

// read takes over what the body gives.
func (o *choice) read(data gjson.Result, k kind, create bool) error {
	if create {
		if _, err := textMember(data, "title"); err != nil {
			return err
		}
	} else if err := takeBool(data, "is_archived", &o.archived); err != nil {
		return err
	}
	if err := takeText(data, "title", &o.title); err != nil || k != kindStatus {
		return err
	}
	if err := takeBool(data, "celebration_enabled", &o.celebrate); err != nil {
		return err
	}
	switch v := data.Get("target_time_in_status"); {
	case !v.Exists():
	case v.Type == gjson.Null:
		o.target = ""
	default:
		if _, ok := parsePeriod(v.Str); !ok {
			return badBody(issue{code: "invalid_string", path: []string{"data", "target_time_in_status"}, message: "Invalid"})
		}
		o.target = v.Str
	}
	return nil
}

// putChoiceReply saves an option or status and shows it; a title can be there once.
func (s *store) putChoiceReply(c *call, a *attribute, no int, o choice) error {
	if other, taken := a.titles[o.title]; taken && other != no {
		if a.kind == kindStatus {
			return conflict("There is already another status with the title %q.", o.title)
		}
		return conflict("There is already another select option with the title %q.", o.title)
	}
	if err := s.saveLogged(c.logged(uuid{}, ""), a.choiceEntity(no, o)); err != nil {
		return err
	}
	return replyOne(c, a.choices[no], func(b []byte, o *choice) []byte { return s.appendChoice(b, a, o) })
}

func patchOption(s *store, c *call) error { return patchChoice(s, c, kindSelect) }
func patchStatus(s *store, c *call) error { return patchChoice(s, c, kindStatus) }

func patchChoice(s *store, c *call, k kind) error {
	a, err := s.choicesAt(c, k)
	if err != nil {
		return err
	}
	no, ok := a.titles[c.args[3]]
	if !ok {
		return a.noChoice(c.args[3])
	}
	data, err := c.data()
	if err != nil {
		return err
	}
	next := *a.choices[no]
	if err := next.read(data, k, false); err != nil {
		return err
	}
	return s.putChoiceReply(c, a, no, next)
}
