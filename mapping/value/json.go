package value

const hexDigits = "0123456789abcdef"

// plainJSON reports whether s stands in a JSON string as it is: valid UTF-8
// is the caller's business.
func plainJSON(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < 0x20 || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// appendEscaped appends s as the inside of a JSON string.
func appendEscaped(dst []byte, s string) []byte {
	start := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		dst = append(dst, s[start:i]...)
		dst = appendEscape(dst, c)
		start = i + 1
	}
	return append(dst, s[start:]...)
}

func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	}
	return append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
}

// appendQuoted appends s as a JSON string.
func appendQuoted(dst []byte, s string) []byte {
	dst = append(dst, '"')
	dst = appendEscaped(dst, s)
	return append(dst, '"')
}

// wrapped makes a value of a text between two pieces of JSON that make it a
// string. The canonical form is the text.
func wrapped(prefix, s, suffix string) Value {
	if plainJSON(s) {
		j := prefix + s + suffix
		return Value{canonical: j[len(prefix) : len(prefix)+len(s)], json: j}
	}
	b := make([]byte, 0, len(prefix)+len(s)+len(suffix)+16)
	b = append(b, prefix...)
	b = appendEscaped(b, s)
	b = append(b, suffix...)
	return Value{canonical: s, json: string(b)}
}
