package write

import (
	"bytes"
	"strings"

	"attio-import/importer/attio"
	"attio-import/mapping"
	"attio-import/mapping/value"
)

// echoes tells whether an answer can be that to a create: a server, or
// something in front of it, may mix answers up, and a row would then be
// taken for written that never was.
//
// The keys decide. Should the API have stored a key in a spelling that this program does
// not foresee, all the other values must stand there; where there are no keys,
// one of the values must.
func echoes(keys []mapping.Key, fields []mapping.Field) func(attio.Echo) bool {
	return func(e attio.Echo) bool {
		for i := range keys {
			if stands(e, &keys[i]) {
				return true
			}
		}
		others, standing := 0, 0
		for i := range fields {
			f := &fields[i]
			if len(f.Values) == 0 || isKey(keys, f) {
				continue
			}
			others++
			if stands(e, &mapping.Key{Attribute: f.Attribute, Value: f.Values[0]}) {
				standing++
			}
		}
		if len(keys) > 0 {
			return others > 0 && standing == others
		}
		return others == 0 || standing > 0
	}
}

func isKey(keys []mapping.Key, f *mapping.Field) bool {
	for i := range keys {
		if keys[i].Attribute == f.Attribute {
			return true
		}
	}
	return false
}

// stands reports whether a value stands in an answer, whatever its case. Most
// often it does as it was sent, and nothing needs to be decoded.
func stands(e attio.Echo, k *mapping.Key) bool {
	raw := e.Value(k.Attribute.Slug)
	canonical := k.Value.Canonical()
	if i := bytes.Index(raw, []byte(canonical)); i > 0 && raw[i-1] == '"' && i+len(canonical) < len(raw) && raw[i+len(canonical)] == '"' {
		return true
	}
	stored, err := value.Stored(k.Attribute, raw)
	if err != nil {
		return false
	}
	for _, v := range stored {
		if strings.EqualFold(v.Canonical(), canonical) {
			return true
		}
	}
	return false
}
