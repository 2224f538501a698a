package resolve

import (
	"encoding/json"
	"strconv"

	"attio-import/importer/attio"
	"attio-import/mapping"
	"attio-import/mapping/schema"
	"attio-import/mapping/value"
)

// oldestFirst keeps the pages of a query apart while others edit records: no
// edit moves a creation.
var oldestFirst = []attio.Sort{{Attribute: "created_at", Direction: "asc"}}

// filter finds the records that have any of the keys: with $in if listed, else
// with an $or of equalities (filtering-and-sorting guide: only texts and
// record references know $in). It is nil where no condition can find any of them.
func filter(by *schema.Attribute, keys []value.Value, listed bool) json.RawMessage {
	if listed {
		return appendCondition(nil, by.Slug, value.FilterAny(by, keys))
	}
	wanted := make([]mapping.Key, len(keys))
	for i, k := range keys {
		wanted[i] = mapping.Key{Attribute: by, Value: k}
	}
	return anyOf(wanted)
}

// anyOf finds the records that have at least one of the keys. A key that no
// condition can find is left out.
func anyOf(keys []mapping.Key) json.RawMessage {
	const open, end = `{"$or":[`, `]}`
	b, n := []byte(open), 0
	for _, k := range keys {
		c := value.Filter(k.Attribute, k.Value)
		if c == "" {
			continue
		}
		if n > 0 {
			b = append(b, ',')
		}
		b = appendCondition(b, k.Attribute.Slug, c)
		n++
	}
	switch n {
	case 0:
		return nil
	case 1:
		return b[len(open):]
	}
	return append(b, end...)
}

func appendCondition(b []byte, slug, condition string) []byte {
	b = append(b, '{')
	b = strconv.AppendQuote(b, slug)
	b = append(b, ':')
	b = append(b, condition...)
	return append(b, '}')
}
