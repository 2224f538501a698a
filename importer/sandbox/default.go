package sandbox

import (
	"time"

	"github.com/tidwall/gjson"
)

// Defaults of attributes (OpenAPI): values as they would be written, or values that follow from the request, which is
// whoever makes it for an actor and a time from now on for a date or a timestamp.
const (
	defaultStatic  = "static"
	defaultDynamic = "dynamic"
	currentUser    = "current-user"
)

// readDefault takes the attribute's default as if it had been given.
func (x *tx) readDefault(a *attribute) error {
	d := gjson.ParseBytes(a.fallback)
	start := len(x.given)
	if d.Get("type").Str == defaultDynamic {
		v, ok := x.dynamicDefault(a, d.Get("template").Str)
		if !ok {
			return badDefault("Invalid input")
		}
		x.given = append(x.given, v)
	} else if err := x.readList(a, d.Get("template")); err != nil {
		return err
	}
	x.inputs = append(x.inputs, input{a, start, len(x.given)})
	return nil
}

// dynamicDefault: the current user is the token, since that is who makes the record (OpenAPI).
func (x *tx) dynamicDefault(a *attribute, template string) (v value, ok bool) {
	if a.kind == kindActor && template == currentUser {
		return value{num: float64(x.actor)}, true
	}
	p, ok := parsePeriod(template)
	moment := p.after(time.UnixMilli(x.now).UTC())
	if !ok || moment.Year() < 0 || moment.Year() > 9999 {
		return v, false
	}
	switch a.kind {
	case kindDate:
		v.s[0] = moment.Format(time.DateOnly)
	case kindTimestamp:
		v.s[0] = moment.Format(timeLayout)
	default:
		return v, false
	}
	return v, true
}

// checkDefault refuses a default that could not be written as a value, and every default on people and companies.
func (s *store) checkDefault(a *attribute) error {
	if a.fallback == nil {
		return nil
	}
	if a.table.isObject("people") || a.table.isObject("companies") {
		return badDefault("Default values are not supported on people or company objects") // text inferred
	}
	d := gjson.ParseBytes(a.fallback)
	kind, template := d.Get("type").Str, d.Get("template")
	if kind == defaultStatic && template.IsArray() {
		if missing := s.unknownTarget(a, template); missing != "" {
			return invalid("validation_type", "Could not find an object with slug %q for default value.", missing)
		}
	} else if kind != defaultDynamic || template.Type != gjson.String {
		return badDefault("Invalid input")
	}
	return (&tx{s: s, now: s.now()}).readDefault(a)
}

func badDefault(message string) *Error {
	return badBody(invalidInput(message, "data", "default_value"))
}

// unknownTarget is the first object that the references of a static default name in vain.
func (s *store) unknownTarget(a *attribute, template gjson.Result) (slug string) {
	template.ForEach(func(_, v gjson.Result) bool {
		if object := v.Get("target_object"); a.kind == kindReference && object.Type == gjson.String && s.object(object.Str) == nil {
			slug = object.Str
		}
		return slug == ""
	})
	return slug
}
