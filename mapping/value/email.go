package value

import (
	"fmt"
	"strings"
)

const (
	emailPrefix = `{"email_address":"`
	emailSuffix = `"}`

	maxEmail = 254 // RFC 5321, with the angle brackets taken off
	maxLocal = 64  // RFC 5321
)

// convertEmail takes a bare address and gives it in lower case, with an
// international domain in its ASCII form.
func convertEmail(t Text) (Value, error) {
	var buf [320]byte
	s := cutPrefixFold(Trim(t.Text), "mailto:")
	b, fault := appendEmail(append(buf[:0], emailPrefix...), s)
	if fault != "" {
		return Value{}, emailError(s, fault)
	}
	b = append(b, emailSuffix...)
	return seal(b, len(emailPrefix), len(emailSuffix)), nil
}

// appendEmail appends the address as Attio would store it; fault says what is
// wrong with it, in words that follow "because".
func appendEmail(dst []byte, s string) (out []byte, fault string) {
	at := strings.LastIndexByte(s, '@')
	switch {
	case at < 0:
		return dst, "it has no @"
	case at == 0:
		return dst, "nothing stands before the @"
	case at > maxLocal:
		return dst, fmt.Sprintf("more than %d characters stand before the @", maxLocal)
	case len(s) > maxEmail:
		return dst, fmt.Sprintf("it is longer than %d characters", maxEmail)
	}
	dst, fault = appendLocal(dst, s[:at])
	if fault != "" {
		return dst, fault
	}
	start := len(dst) + 1
	dst, fault = appendHost(append(dst, '@'), s[at+1:])
	if fault == "" {
		fault = reservedFault(dst[start:])
	}
	return dst, fault
}

// atext are the characters of an unquoted local part (RFC 5322). Quoted local
// parts are refused: no provider hands them out, and Attio checks strictly.
const atext = "!#$%&'*+-/=?^_`{|}~"

func appendLocal(dst []byte, s string) (out []byte, fault string) {
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		case c == '.':
			if i == 0 || i == len(s)-1 || s[i-1] == '.' {
				return dst, "a dot stands at an end or beside another dot before the @"
			}
		case strings.IndexByte(atext, c) < 0:
			return dst, localFault(s[i:])
		}
		dst = append(dst, c)
	}
	return dst, ""
}

func localFault(rest string) string {
	for _, r := range rest {
		return fmt.Sprintf("%q may not stand before the @", r)
	}
	return ""
}

// reservedFault names the top-level domains that can never receive mail (RFC
// 2606, RFC 6761). Attio refuses them, with a message that does not say so.
func reservedFault(host []byte) string {
	switch tld := host[lastDot(host)+1:]; string(tld) {
	case "test", "invalid", "example", "localhost":
		return "domains under ." + string(tld) + " do not exist"
	}
	return ""
}

func lastDot(host []byte) int {
	for i := len(host) - 1; i >= 0; i-- {
		if host[i] == '.' {
			return i
		}
	}
	return -1
}

func emailError(s, fault string) *Error {
	return &Error{InvalidEmail, fmt.Sprintf("%s is not an email address: %s", quote(s), fault), emailHint(s)}
}

// emailHint looks at what people write instead of a bare address.
func emailHint(s string) string {
	open, end := strings.IndexByte(s, '<'), strings.LastIndexByte(s, '>')
	if open >= 0 && end > open && strings.Count(s, "@") == 1 {
		return "write the address alone: " + s[open+1:end]
	}
	if strings.Count(s, "@") > 1 {
		for _, sep := range []string{";", ",", "|", "/", "\n", " "} {
			if strings.Contains(s, sep) {
				return fmt.Sprintf("several addresses in one cell: say split: %q", sep)
			}
		}
	}
	if tidy := strings.Trim(s, " .,;:<>()[]\"'"); tidy != s {
		if _, fault := appendEmail(nil, tidy); fault == "" {
			return "write it as " + tidy
		}
	}
	return "write it as name@company.com"
}
