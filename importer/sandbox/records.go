package sandbox

import (
	"github.com/tidwall/gjson"
)

// create makes a record from `values`.
func (x *tx) create(t *table, values gjson.Result) (*record, error) {
	if err := x.read(t, values); err != nil {
		return nil, err
	}
	return x.createRead(t)
}

// createRead makes a record from what was read.
func (x *tx) createRead(t *table) (*record, error) {
	if err := x.fillDefaults(t); err != nil {
		return nil, err
	}
	r := x.add(t, x.actor)
	if err := x.assignAll(t, r, overwriteAll); err != nil {
		return nil, err
	}
	if x.s.autoCompany && t.isObject("people") {
		x.people = append(x.people, r)
	}
	return r, nil
}

func (x *tx) input(a *attribute) *input {
	for i := range x.inputs {
		if x.inputs[i].a == a {
			return &x.inputs[i]
		}
	}
	return nil
}

// fillDefaults adds the static defaults of attributes that were not given, and misses required ones.
func (x *tx) fillDefaults(t *table) error {
	for _, a := range t.attrs {
		if a.readOnly || !a.visible() || (!a.required && a.fallback == nil) {
			continue
		}
		in := x.input(a)
		if in == nil && a.fallback != nil {
			if err := x.readDefault(a); err != nil {
				return err
			}
			in = x.input(a)
		}
		if a.required && (in == nil || in.start == in.end) {
			return missingValue(a)
		}
	}
	return nil
}

// missingValue names the attribute by its id, as the live API does.
func missingValue(a *attribute) *Error {
	return invalid("missing_value", "Required value for attribute with ID %q was not provided.", a.id.String())
}

// Which multi-valued attributes of a request are added to what stands there, instead of replacing it.
func overwriteAll(*attribute) bool { return false }
func appendAll(*attribute) bool    { return true }

func (x *tx) assignAll(t *table, r *record, add func(*attribute) bool) error {
	for _, in := range x.inputs {
		if err := x.assign(t, r, in.a, x.valuesOf(in), add(in.a)); err != nil {
			return err
		}
	}
	return nil
}

// update changes a record by what was read. Clearing a required attribute is refused (inferred).
func (x *tx) update(t *table, r *record, add func(*attribute) bool) error {
	for _, in := range x.inputs {
		if in.a.required && in.start == in.end && !(in.a.multi && add(in.a)) {
			return missingValue(in.a)
		}
	}
	return x.assignAll(t, r, add)
}

// assert finds the record by the matching attribute and updates it, or creates one. The matching attribute's values
// are added, those of other multi-valued attributes replaced (OpenAPI).
func (x *tx) assert(t *table, match *attribute, values gjson.Result) (*record, error) {
	if err := x.read(t, values); err != nil {
		return nil, err
	}
	in := x.input(match)
	if in == nil || in.start == in.end {
		return nil, missingValue(match) // inferred
	}
	var r *record
	given := x.valuesOf(*in)
	for i := range given {
		found := x.holders(match, &given[i])
		if len(found) > 1 { // the attribute became unique too late; inferred
			return nil, invalid("multiple_match_results", "Multiple records were found for attribute with slug/ID %q.", match.slug)
		}
		for _, holder := range found {
			if r != nil && holder != r { // values of two records: inferred
				return nil, uniquenessConflict(match)
			}
			r = holder
		}
	}
	if r == nil {
		return x.createRead(t)
	}
	return r, x.update(t, r, func(a *attribute) bool { return a == match })
}

// requestKeys notes what the request gave for unique attributes, for the log of writes.
func (x *tx) requestKeys() string {
	var b []byte
	for _, in := range x.inputs {
		if !in.a.unique || in.start == in.end {
			continue
		}
		if b == nil {
			b = append(b, '{')
		}
		b = append(appendKey(b, in.a.slug), '[')
		for i, v := range x.valuesOf(in) {
			if i > 0 {
				b = append(b, ',')
			}
			if in.a.kind == kindNumber {
				b = append(appendNumber(append(b, '"'), v.num), '"')
			} else {
				b = appendString(b, v.s[0])
			}
		}
		b = append(b, ']')
	}
	if b == nil {
		return ""
	}
	return string(append(b, '}'))
}
