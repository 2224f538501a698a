package value

import (
	"fmt"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

const (
	maxHost  = 253 // RFC 1035, without the final dot
	maxLabel = 63
)

// appendHost appends a host name of at least two labels in lower case and
// ASCII; fault says what is wrong with it, in words that follow "because".
func appendHost(dst []byte, s string) (out []byte, fault string) {
	if !ordinaryHost(s) {
		ascii, err := idna.Lookup.ToASCII(s)
		if err != nil || !utf8.ValidString(s) { // idna would take broken UTF-8 for a letter
			return dst, fmt.Sprintf("%s is no internet domain", quote(s))
		}
		s = ascii
	}
	if len(s) > maxHost {
		return dst, fmt.Sprintf("its domain is longer than %d characters", maxHost)
	}
	start := len(dst)
	labels, label := 1, 0 // label: length of the current one
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
			label++
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
			label++
		case c == '-' && label > 0:
			label++
		case c == '.' && label > 0 && s[i-1] != '-':
			labels++
			label = 0
		default:
			return dst[:start], hostFault(s, i)
		}
		if label > maxLabel {
			return dst[:start], fmt.Sprintf("a part of its domain is longer than %d characters", maxLabel)
		}
		dst = append(dst, c)
	}
	return dst, endFault(s, labels, label)
}

// ordinaryHost reports whether s is all ASCII and without labels in punycode,
// so that it needs no look at the tables of international names.
func ordinaryHost(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
		if s[i] == '-' && i+1 < len(s) && s[i+1] == '-' && i >= 2 && (s[i-1] == 'n' || s[i-1] == 'N') && (s[i-2] == 'x' || s[i-2] == 'X') {
			return false
		}
	}
	return true
}

func hostFault(s string, i int) string {
	switch s[i] {
	case '.', '-':
		return fmt.Sprintf("%s has a dot or hyphen too many", quote(s))
	}
	return fmt.Sprintf("%q may not stand in a domain", s[i])
}

// endFault checks what only the whole host tells: that its last label could
// be a top-level domain.
func endFault(s string, labels, last int) string {
	switch {
	case s == "":
		return "it has no domain"
	case last == 0 || s[len(s)-1] == '-':
		return hostFault(s, len(s)-1)
	case labels < 2:
		return fmt.Sprintf("%s has no ending such as .com", quote(s))
	case last < 2 || s[len(s)-last] <= '9': // top-level domains begin with a letter
		return fmt.Sprintf("no domain ends in .%s", s[len(s)-last:])
	}
	return ""
}
