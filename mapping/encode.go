package mapping

import (
	"encoding/json"

	"attio-import/mapping/value"
)

// AppendValues appends the `values` object of a request to dst:
// {"name":["Acme"],"domains":["acme.com"]}. Every attribute is a list, which
// the API takes for single-valued ones too; an empty list clears. Fields must
// be resolved: references that still stand in them are not sent.
func AppendValues(dst []byte, fields []Field) []byte {
	dst = append(dst, '{')
	for i := range fields {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendName(dst, fields[i].Attribute.Slug)
		dst = AppendList(append(dst, ':'), fields[i].Values)
	}
	return append(dst, '}')
}

// AppendList appends values as they stand under an attribute's slug in a
// request; none is an empty list. [Written] reads the list again.
func AppendList(dst []byte, values []value.Value) []byte {
	dst = append(dst, '[')
	for i := range values {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, values[i].JSON()...)
	}
	return append(dst, ']')
}

// appendName appends a slug as a JSON string. Slugs are plain, but come from
// another system, which may think otherwise one day.
func appendName(dst []byte, slug string) []byte {
	for i := 0; i < len(slug); i++ {
		if c := slug[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			quoted, err := json.Marshal(slug)
			if err != nil {
				return append(dst, `""`...)
			}
			return append(dst, quoted...)
		}
	}
	dst = append(dst, '"')
	dst = append(dst, slug...)
	return append(dst, '"')
}
