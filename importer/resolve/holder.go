package resolve

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"attio-import/importer/attio"
	"attio-import/importer/outcome"
	"attio-import/mapping"
	"attio-import/mapping/schema"
)

// Holders asks, with one query and past all that is remembered, for the
// records of an object that have one of the keys or one of the unique values
// among the fields now. It serves a writer whose create was refused as a
// conflict, or whose answer was lost. The records carry the values of the fields and keys, and who made them.
// Without any key or unique value nothing is asked and nothing found. A record that
// cannot be read is an [outcome.Problem] of whoever asks.
func (r *Resolver) Holders(ctx context.Context, object *schema.Object, fields []mapping.Field, keys []mapping.Key) ([]*mapping.Existing, error) {
	wanted := unique(fields, keys)
	filter := anyOf(wanted)
	if filter == nil {
		return nil, nil
	}
	for asked := 1; ; asked++ {
		page, err := r.query(ctx, object, attio.Query{Filter: filter, Limit: pageSize}, nil)
		if err != nil {
			return nil, fmt.Errorf("looking up who holds the values of a new record of %s: %w", object.Slug, err)
		}
		holders, err := holdersAmong(page, wanted, attributesOf(fields, keys))
		if err != nil || len(holders) == len(page) || asked == mostAsks {
			return holders, err // else it was probably the answer to another question
		}
	}
}

// holdersAmong picks the records that have one of the values.
func holdersAmong(page []attio.Record, wanted []mapping.Key, attrs []*schema.Attribute) (holders []*mapping.Existing, err error) {
	for i := range page {
		e, err := signed(&page[i], attrs)
		if err != nil {
			return nil, unreadableProblem(outcome.Problem{}, err)
		}
		if holds(e, wanted) {
			holders = append(holders, e)
		}
	}
	return holders, nil
}

// Record reads one record of an object with the values of the fields and keys;
// nil if there is none of that id any more: it was deleted or merged into another.
// One that cannot be read is an [outcome.Problem] of whoever asks.
func (r *Resolver) Record(ctx context.Context, object *schema.Object, id string, fields []mapping.Field, keys []mapping.Key) (*mapping.Existing, error) {
	rec, err := r.api.Get(ctx, object.Slug, id)
	var refused *attio.Error
	switch {
	case errors.As(err, &refused) && refused.Status == http.StatusNotFound:
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("reading a record of %s: %w", object.Slug, err)
	}
	e, err := signed(&rec, attributesOf(fields, keys))
	if err != nil {
		return nil, unreadableProblem(outcome.Problem{}, err)
	}
	return e, nil
}

// wanted is a key to look for. Values with the same canonical form are one key,
// however they were spelt.
type wanted struct {
	attribute *schema.Attribute
	canonical string
}

// unique lists the values by which the workspace itself keeps records apart,
// and the keys by which the mapping does.
func unique(fields []mapping.Field, keys []mapping.Key) []mapping.Key {
	all := make([]mapping.Key, 0, len(keys)+1)
	seen := map[wanted]bool{}
	add := func(k mapping.Key) {
		if w := (wanted{k.Attribute, k.Value.Canonical()}); !seen[w] {
			seen[w] = true
			all = append(all, k)
		}
	}
	for _, k := range keys {
		add(k)
	}
	for i := range fields {
		f := &fields[i]
		if !f.Attribute.Unique || !f.Attribute.Filterable() {
			continue
		}
		for _, v := range f.Values {
			add(mapping.Key{Attribute: f.Attribute, Value: v})
		}
	}
	return all
}

// holds reports whether a record has one of the values. Whether the workspace
// counts another spelling of it as the same is open, so that does too: the
// caller is asking who is in the way.
func holds(e *mapping.Existing, wanted []mapping.Key) bool {
	for _, k := range wanted {
		for _, v := range e.Values[k.Attribute.Slug] {
			if fold(v.Canonical()) == fold(k.Value.Canonical()) {
				return true
			}
		}
	}
	return false
}
