package value

import (
	"fmt"
	"slices"
	"strings"

	"attio-import/mapping/schema"
)

// Part is one named part of a value that has several (a name, a location).
type Part struct{ Name, Text string }

// PartNames lists the parts that values of a type can be put together from;
// nil for a type that has none.
func PartNames(t schema.Type) []string { return slices.Clone(partNames(t)) }

// partNames is PartNames for readers that do not change the list.
func partNames(t schema.Type) []string {
	switch t {
	case schema.PersonalName:
		return nameParts
	case schema.Location:
		return locationParts
	}
	return nil
}

// Compose puts a value together from its parts; parts not given are left
// empty. Where all are blank, the value is the zero Value. Errors are of type
// *Error, with the name of the part in front of the Message.
func Compose(t schema.Type, parts []Part) (Value, error) {
	names := partNames(t)
	texts := make(map[string]string, len(names))
	for _, p := range parts {
		if !slices.Contains(names, p.Name) {
			return Value{}, &Error{InvalidSetting, fmt.Sprintf("%s: no part of a %s", p.Name, t), "the parts are " + strings.Join(names, ", ")}
		}
		if err := checkText(p.Text); err != nil {
			return Value{}, located(p.Name, err)
		}
		if s := Trim(p.Text); s != "" {
			texts[p.Name] = s
		}
	}
	switch {
	case len(texts) == 0:
		return Value{}, nil
	case t == schema.PersonalName:
		return composeName(texts)
	}
	return composeLocation(texts)
}

// located puts the name of a part in front of an error's message.
func located(part string, err error) error {
	e := *err.(*Error)
	e.Message = part + ": " + e.Message
	return &e
}
