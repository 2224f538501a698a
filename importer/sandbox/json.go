package sandbox

import (
	"math"
	"strconv"
	"time"
	"unicode/utf8"
)

// The replies are appended as bytes: a create is echoed with every attribute of its object, and building maps
// for encoding/json would cost more than the rest of the request.

// appendString appends s as a JSON string; invalid UTF-8 becomes U+FFFD.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c >= ' ' && c != '"' && c != '\\' {
				i++
				continue
			}
			b = append(b, s[start:i]...)
			b = appendEscaped(b, c)
			i++
			start = i
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			b = append(b, s[start:i]...)
			b = append(b, "\uFFFD"...)
			start = i + n
		}
		i += n
	}
	b = append(b, s[start:]...)
	return append(b, '"')
}

func appendEscaped(b []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\n':
		return append(b, '\\', 'n')
	case '\r':
		return append(b, '\\', 'r')
	case '\t':
		return append(b, '\\', 't')
	}
	return append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
}

// appendKey appends `"name":`, with a comma before it unless it opens an object.
func appendKey(b []byte, name string) []byte {
	if n := len(b); n > 0 && b[n-1] != '{' {
		b = append(b, ',')
	}
	b = appendString(b, name)
	return append(b, ':')
}

// appendEach appends a JSON array.
func appendEach[T any](b []byte, list []T, each func([]byte, T) []byte) []byte {
	b = append(b, '[')
	for i, one := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = each(b, one)
	}
	return append(b, ']')
}

func appendStrings(b []byte, list []string) []byte { return appendEach(b, list, appendString) }

func appendStringField(b []byte, name, value string) []byte {
	return appendString(appendKey(b, name), value)
}

func appendBoolField(b []byte, name string, value bool) []byte {
	return strconv.AppendBool(appendKey(b, name), value)
}

// appendNullable appends null for the empty string.
func appendNullable(b []byte, name, value string) []byte {
	if value == "" {
		return append(appendKey(b, name), "null"...)
	}
	return appendStringField(b, name, value)
}

func appendID(b []byte, name string, id uuid) []byte {
	b = append(appendKey(b, name), '"')
	b = id.appendTo(b)
	return append(b, '"')
}

// appendNumber writes a float as JavaScript would: plain digits up to 1e21.
func appendNumber(b []byte, f float64) []byte {
	if math.Abs(f) < 1e21 {
		return strconv.AppendFloat(b, f, 'f', -1, 64)
	}
	return strconv.AppendFloat(b, f, 'g', -1, 64)
}

const timeLayout = "2006-01-02T15:04:05.000000000Z"

// appendTime appends a moment in milliseconds with nine fractional digits, as Attio prints all times.
func appendTime(b []byte, ms int64) []byte {
	return time.UnixMilli(ms).UTC().AppendFormat(b, timeLayout)
}

func appendTimeField(b []byte, name string, ms int64) []byte {
	b = append(appendKey(b, name), '"')
	b = appendTime(b, ms)
	return append(b, '"')
}
