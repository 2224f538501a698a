package attio

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// Token is an API key or an OAuth access token; on the wire they are the same
// (authentication guide). However it is printed or encoded, it comes out as
// [redacted]; only a conversion to string gives it away, and fmt where the
// Token is in an unexported field, whose methods it cannot call.
type Token string

const redacted = "[redacted]"

func (Token) String() string               { return redacted }
func (Token) GoString() string             { return redacted }
func (Token) Format(f fmt.State, _ rune)   { _, _ = io.WriteString(f, redacted) }
func (Token) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }
func (Token) MarshalText() ([]byte, error) { return []byte(redacted), nil }
func (Token) LogValue() slog.Value         { return slog.StringValue(redacted) }

// check refuses what cannot be a token, without repeating it.
func (t Token) check() error {
	if t == "" {
		return errors.New("no API key given")
	}
	for _, c := range []byte(t) {
		if c <= ' ' || c > '~' {
			return errors.New("the API key contains a blank, a line break or a character outside ASCII: it was not copied cleanly")
		}
	}
	return nil
}

// A fragment of this length is taken for a part of the token. Shorter ones
// turn up in ordinary text by chance, and say nothing about the rest.
const fragment = 8

// scrub replaces the token, and every piece of it that is long enough to
// matter, in text that a server sent: a body that was cut in the middle of
// an echoed header must not leak half of a key.
func (t Token) scrub(text string) string {
	least := min(fragment, len(t))
	var b strings.Builder
	kept := 0
	for i := 0; i+least <= len(text); i++ {
		if n := t.longest(text[i:], least); n > 0 {
			b.WriteString(text[kept:i])
			b.WriteString(redacted)
			kept = i + n
			i = kept - 1
		}
	}
	if kept == 0 {
		return text
	}
	return b.String() + text[kept:]
}

// cut takes the whole token out of an answer before anybody reads it: titles and
// names that a server tells go into reports and journals. Pieces of it stay here,
// and are scrubbed from errors: an answer is long, and nothing asks for pieces. A token
// that is as short as a word would cut words; no server gives one out.
func (t Token) cut(body []byte) []byte {
	if len(t) < 2*fragment || !bytes.Contains(body, []byte(t)) {
		return body
	}
	return bytes.ReplaceAll(body, []byte(t), []byte(redacted))
}

// longest is the length of the longest piece of the token that text begins
// with; 0 if it is shorter than least.
func (t Token) longest(text string, least int) int {
	best := 0
	for from := 0; from+least <= len(t); from++ {
		n := 0
		for n < len(text) && from+n < len(t) && text[n] == t[from+n] {
			n++
		}
		best = max(best, n)
	}
	if best < least {
		return 0
	}
	return best
}

// inHeader gives back a short header value, such as an id or a date, or nothing
// where it is longer than any of those or has a piece of the token in it.
//
// It runs for each answer, so it looks for short pieces at every fourth place
// first: a fragment, wherever it begins, has one of those in it.
func (t Token) inHeader(text string) string {
	const stride, piece = 4, fragment - 3
	if len(text) > 40 {
		return ""
	}
	for i := 0; i+piece <= len(text); i += stride {
		if strings.Contains(string(t), text[i:i+piece]) && t.scrub(text) != text {
			return ""
		}
	}
	return text
}
