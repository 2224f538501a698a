package value

import (
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"attio-import/mapping/schema"
)

// PartSet is a set of the parts that values of one type have.
type PartSet uint16

// PartSetOf is the set of one part; empty if the type has no such part.
func PartSetOf(t schema.Type, name string) PartSet {
	i := slices.Index(partNames(t), name)
	if i < 0 {
		return 0
	}
	return 1 << i
}

// Said tells where the parts of a composed value come from. Parts in none of
// the sets are not given: nothing is said about them.
type Said struct {
	Given   PartSet // from filled cells and constants
	Default PartSet // stand in for blank cells: they yield to what is stored
	Cleared PartSet // blank, and to be emptied
}

// Merge completes a composed value with the parts of the stored one that it
// would replace, since the API replaces a name or a location as a whole (its
// JSON must have all keys, OpenAPI: input-value). Parts that are not given stay
// as they are stored; parts to be cleared do not.
//
// Of a name, the full name is put together anew where first or last name
// change and it is not given itself. A full name alone is a whole name: it
// replaces. Of a location, stored coordinates stay only while no stored part is
// replaced or cleared: those of another place would be wrong.
//
// A stored value that is not of the type (or none) gives v back.
func Merge(t schema.Type, v, stored Value, said Said) Value {
	m := merger{typ: t, said: said}
	var ok, has bool
	m.given, ok = readParts(t, v)
	m.stored, has = readParts(t, stored)
	switch {
	case !ok || !has:
		return v
	case t == schema.PersonalName:
		return m.name(v)
	}
	return m.location()
}

// merger merges one value.
type merger struct {
	typ           schema.Type
	said          Said
	given, stored map[string]string
}

// readParts reads the parts from a value's JSON; not ok if it has none.
func readParts(t schema.Type, v Value) (map[string]string, bool) {
	r := gjson.Parse(v.json)
	parts := make(map[string]string, len(locationParts))
	for _, name := range partNames(t) {
		part := r.Get(name)
		if !part.Exists() {
			return nil, false
		}
		parts[name] = part.String()
	}
	return parts, len(parts) > 0
}

func (m merger) has(set PartSet, part string) bool { return set&PartSetOf(m.typ, part) != 0 }

// part is what a part becomes.
func (m merger) part(name string) string {
	stored := m.stored[name]
	switch {
	case m.has(m.said.Given, name):
		return m.given[name]
	case m.has(m.said.Cleared, name):
		return ""
	case stored == "" && m.has(m.said.Default, name):
		return m.given[name]
	}
	return stored
}

func (m merger) name(v Value) Value {
	if m.said.Given|m.said.Default == PartSetOf(m.typ, "full_name") {
		return v
	}
	n := personName{first: m.part("first_name"), last: m.part("last_name")}
	switch {
	case m.has(m.said.Given, "full_name"):
		n.full = m.given["full_name"]
	case n.first == m.stored["first_name"] && n.last == m.stored["last_name"]:
		n.full = m.stored["full_name"]
	default:
		n.full = strings.TrimSpace(n.first + " " + n.last)
	}
	return nameValue(n)
}

func (m merger) location() Value {
	parts := make(map[string]string, len(locationParts))
	for _, name := range locationParts {
		parts[name] = m.part(name)
	}
	m.locate(parts)
	return locationValue(parts)
}

// locate settles latitude and longitude, which only mean something together
// and with the rest of the place.
func (m merger) locate(parts map[string]string) {
	from := m.stored
	switch {
	case m.has(m.said.Given, "latitude") || m.has(m.said.Given, "longitude"):
		from = m.given
	case m.has(m.said.Cleared, "latitude") || m.has(m.said.Cleared, "longitude"):
		from = nil
	case m.moved(parts) || m.stored["latitude"] == "" || m.stored["longitude"] == "":
		from = m.given // defaults, or nothing
	}
	for _, c := range coordinates {
		parts[c.part] = from[c.part]
	}
}

// moved reports whether a stored part is replaced or cleared. One that is
// merely added, or spelt in another case, leaves the place where it was.
func (m merger) moved(parts map[string]string) bool {
	for _, name := range placeParts() {
		if stored := m.stored[name]; stored != "" && !strings.EqualFold(stored, parts[name]) {
			return true
		}
	}
	return false
}
