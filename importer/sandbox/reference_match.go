package sandbox

import (
	"cmp"
	"slices"

	"github.com/tidwall/gjson"
)

// References by the value of an attribute. The guide on linking records says: one attribute, of a kind that can be
// matched, unique or not, and one value, bare or as an array of one. The short format fails unless exactly one record
// is found (the codes are inferred). The third format says what happens otherwise, and can make the record:
//
//	{"target_object": "companies", "target_record_reference": {
//	  "match": {"domains": "acme.com"},
//	  "if_multiple_matches": "fail" | "use_first",
//	  "if_no_match": "fail" | "create",
//	  "values": {"name": "Acme"}}}
//
// match and if_multiple_matches are the guide's words. The other names, both sets of policies, that the first policy of
// each is the default, that the first record is the oldest, and that the value matched goes into the new record unless
// values has that attribute, are inferred.
const (
	thirdFormat  = "target_record_reference"
	policyFail   = "fail"
	policyFirst  = "use_first"
	policyCreate = "create"
)

// referenceTo is one reference by value as it was asked for.
type referenceTo struct {
	from   *attribute // which is being written
	match  *attribute
	wanted gjson.Result
	many   string       // policy for several matches
	none   string       // policy for no match
	values gjson.Result // of the record to make
}

// referenceByMatch reads the short format: beside target_object there is the matching attribute alone.
func (x *tx) referenceByMatch(a *attribute, t *table, v gjson.Result, out *value) error {
	ref := referenceTo{from: a, many: policyFail, none: policyFail}
	if err := ref.readMatch(t, v, "target_object"); err != nil {
		return err
	}
	return x.resolve(ref, out)
}

// referenceByPolicy reads the third format. Members that it does not know are refused, so that a policy misspelt does
// not go unnoticed.
func (x *tx) referenceByPolicy(a *attribute, t *table, v gjson.Result, out *value) error {
	if problem := onlyKeys(v, "target_object", thirdFormat); problem != nil {
		return badValue(a.slug, *problem)
	}
	ref := referenceTo{from: a}
	if err := ref.readPolicies(v.Get(thirdFormat)); err != nil {
		return err
	}
	match := v.Get(thirdFormat + ".match")
	if !match.IsObject() {
		return badValue(a.slug, wrongType("object", typeName(match), thirdFormat, "match"))
	}
	if err := ref.readMatch(t, match, ""); err != nil {
		return err
	}
	return x.resolve(ref, out)
}

// readMatch finds the one attribute and the one value among the members, apart from the one that is something else.
func (ref *referenceTo) readMatch(t *table, members gjson.Result, apart string) error {
	n := 0
	members.ForEach(func(key, v gjson.Result) bool {
		if key.Str != apart {
			ref.match, ref.wanted = t.attribute(key.Str), v
			n++
		}
		return true
	})
	if n != 1 || ref.match == nil || ref.match.readOnly || !ref.match.kind.uniqueAllowed() {
		return badValue(ref.from.slug, invalidInput("Invalid input"))
	}
	if !ref.wanted.IsArray() {
		return nil
	}
	if len(ref.wanted.Array()) != 1 {
		return badValue(ref.from.slug, invalidInput("Matching on multiple values is not supported", ref.match.slug))
	}
	ref.wanted = ref.wanted.Get("0")
	return nil
}

func (ref *referenceTo) readPolicies(v gjson.Result) error {
	if !v.IsObject() {
		return badValue(ref.from.slug, wrongType("object", typeName(v), thirdFormat))
	}
	if problem := onlyKeys(v, "match", "if_multiple_matches", "if_no_match", "values"); problem != nil {
		problem.path = []string{thirdFormat}
		return badValue(ref.from.slug, *problem)
	}
	var err error
	if ref.many, err = ref.policy(v, "if_multiple_matches", policyFirst); err != nil {
		return err
	}
	if ref.none, err = ref.policy(v, "if_no_match", policyCreate); err != nil {
		return err
	}
	ref.values = v.Get("values")
	if ref.values.Exists() && (!ref.values.IsObject() || ref.none != policyCreate) {
		return badValue(ref.from.slug, invalidInput("Invalid input", thirdFormat, "values"))
	}
	return nil
}

// policy reads one of two policies; to fail is what happens when nothing is said.
func (ref *referenceTo) policy(v gjson.Result, key, other string) (string, error) {
	switch p := v.Get(key); {
	case !p.Exists():
		return policyFail, nil
	case p.Type == gjson.String && (p.Str == policyFail || p.Str == other):
		return p.Str, nil
	}
	options := []string{policyFail, other}
	return "", badValue(ref.from.slug, issue{code: "invalid_option", path: []string{thirdFormat, key}, options: options,
		message: "Invalid enum value. Expected '" + policyFail + "' | '" + other + "'"})
}

// resolve finds the record, or makes it.
func (x *tx) resolve(ref referenceTo, out *value) error {
	var key value
	if err := x.readValue(ref.match, ref.wanted, &key); err != nil {
		return err
	}
	ref.match.ensureIndex()
	found := x.holders(ref.match, &key)
	switch {
	case len(found) == 0 && ref.none == policyCreate:
		return x.createReferenced(ref, out)
	case len(found) == 0:
		return invalid("value_not_found", "No record was found for attribute with slug/ID %q.", ref.match.slug)
	case len(found) > 1 && ref.many == policyFail:
		return invalid("multiple_match_results", "Multiple records were found for attribute with slug/ID %q.", ref.match.slug)
	}
	first := slices.MinFunc(found, func(a, b *record) int { return cmp.Compare(a.seq, b.seq) })
	out.setTarget(ref.match.table, first.id)
	return nil
}

// createReferenced makes the record that is referred to, as a part of the same request.
func (x *tx) createReferenced(ref referenceTo, out *value) error {
	inputs, given := x.inputs, x.given
	defer func() { x.inputs, x.given = inputs, given }()
	x.inputs, x.given = nil, nil
	t := ref.match.table
	if err := x.read(t, ref.values); err != nil {
		return err
	}
	if x.input(ref.match) == nil {
		if err := x.readOne(ref.match, ref.wanted); err != nil {
			return err
		}
		x.inputs = append(x.inputs, input{ref.match, len(x.given) - 1, len(x.given)})
	}
	r, err := x.createRead(t)
	if err != nil {
		return err
	}
	out.setTarget(t, r.id)
	return nil
}
