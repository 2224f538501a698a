package journal

import (
	"encoding/base64"
	"errors"
	"time"
	"unicode/utf8"
)

// appendText appends a string as JSON. Cells and paths may hold bytes that
// are not UTF-8, which JSON cannot say: such a string, and one that begins with
// NUL, stands as NUL and its base64.
func appendText(b []byte, s string) []byte {
	if isArmoured(s) {
		b = append(b, `"\u0000`...)
		b = base64.StdEncoding.AppendEncode(b, []byte(s))
		return append(b, '"')
	}
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); {
		if c := s[i]; c >= ' ' && c < 0x7f && c != '"' && c != '\\' {
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if mustEscape(r) {
			b = appendEscaped(append(b, s[from:i]...), r)
			from = i + n
		}
		i += n
	}
	b = append(b, s[from:]...)
	return append(b, '"')
}

// mustEscape says what JSON cannot hold as it is, and what would steer the
// terminal of a person who prints the journal.
func mustEscape(r rune) bool {
	switch {
	case r < ' ', r == '"', r == '\\':
		return true
	case r >= 0x7f && r <= 0x9f: // DEL and C1
		return true
	case r == 0x061c, r == 0x200e, r == 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
		return true
	}
	return false
}

func appendEscaped(b []byte, r rune) []byte {
	switch r {
	case '"', '\\':
		return append(b, '\\', byte(r))
	case '\n':
		return append(b, '\\', 'n')
	}
	const hex = "0123456789abcdef"
	return append(b, '\\', 'u', hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15])
}

func isArmoured(s string) bool { return s != "" && (s[0] == 0 || !utf8.ValidString(s)) }

// armour makes a string fit for encoding/json, and remove undoes it.
func armour(s *string) error {
	if isArmoured(*s) {
		*s = "\x00" + base64.StdEncoding.EncodeToString([]byte(*s))
	}
	return nil
}

const errText recordError = "it has a text that is not UTF-8 and is written wrongly"

func unarmour(s *string) error {
	if *s == "" || (*s)[0] != 0 {
		return nil
	}
	b, err := base64.StdEncoding.Strict().DecodeString((*s)[1:])
	if err != nil {
		return errText
	}
	*s = string(b)
	return nil
}

// appendTime appends a time as JSON. A time that RFC 3339 cannot say counts as
// not known, as the zero time does; both are left out by the caller.
func appendTime(b []byte, t time.Time) []byte {
	b = append(b, '"')
	b = t.UTC().AppendFormat(b, time.RFC3339Nano)
	return append(b, '"')
}

func isKnown(t time.Time) bool {
	return !t.IsZero() && t.UTC().Year() >= 1 && t.UTC().Year() <= 9999
}

// mapTexts applies armour or unarmour to a copy of the names and values of a map.
func mapTexts(m map[string]string, apply func(*string) error) (map[string]string, error) {
	if m == nil {
		return nil, nil
	}
	out := make(map[string]string, len(m))
	for name, value := range m {
		if err := errors.Join(apply(&name), apply(&value)); err != nil {
			return nil, errText
		}
		out[name] = value
	}
	return out, nil
}
