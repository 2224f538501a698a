package resolve

import (
	"fmt"
	"slices"

	"attio-import/importer/attio"
	"attio-import/mapping"
	"attio-import/mapping/schema"
	"attio-import/mapping/value"
)

// stored reads the values that a record has for an attribute.
func stored(rec *attio.Record, attr *schema.Attribute) ([]value.Value, error) {
	raw := rec.Value(attr.Slug)
	if raw == nil {
		return nil, nil
	}
	vs, err := value.Stored(attr, raw)
	if err != nil {
		return nil, fmt.Errorf("%s of %s: %w", attr.Slug, rec.WebURL, err)
	}
	return vs, nil
}

// existing takes over from a record what a diff needs.
func existing(rec *attio.Record, attrs []*schema.Attribute) (*mapping.Existing, error) {
	e := &mapping.Existing{
		ID: rec.ID, WebURL: rec.WebURL, CreatedAt: rec.CreatedAt,
		Values: make(map[string][]value.Value, len(attrs)),
	}
	for _, attr := range attrs {
		vs, err := stored(rec, attr)
		if err != nil {
			return nil, err
		}
		e.Values[attr.Slug] = vs
	}
	return e, nil
}

// attributesOf lists the attributes that a row speaks of, its keys' included.
func attributesOf(fields []mapping.Field, keys []mapping.Key) []*schema.Attribute {
	attrs := make([]*schema.Attribute, 0, len(fields)+len(keys))
	for i := range fields {
		attrs = append(attrs, fields[i].Attribute)
	}
	for i := range keys {
		if !slices.Contains(attrs, keys[i].Attribute) {
			attrs = append(attrs, keys[i].Attribute)
		}
	}
	return attrs
}
