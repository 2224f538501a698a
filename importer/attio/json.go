package attio

import (
	"bytes"

	"github.com/tidwall/gjson"
)

// maxDepth is how deep the JSON of an answer may be nested; the API's own
// stays under ten.
const maxDepth = 1000

// valid reports whether a body is JSON that can be read safely: the validator
// recurses, and 16 MiB of opening brackets would overflow its stack, which
// nothing can recover from.
//
// It is most of what reading an answer costs, about 1.5 microseconds for a
// record. The road not taken is to trust the length that the transport has
// checked: a body that was cut by somebody in between would pass.
func valid(body []byte) bool { return shallow(body) && gjson.ValidBytes(body) }

func shallow(body []byte) bool {
	if bytes.Count(body, []byte{'['})+bytes.Count(body, []byte{'{'}) <= maxDepth {
		return true
	}
	depth, quoted := 0, false
	for i := 0; i < len(body) && depth <= maxDepth; i++ {
		switch c := body[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			depth--
		}
	}
	return depth <= maxDepth
}
