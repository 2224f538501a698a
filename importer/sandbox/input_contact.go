package sandbox

import (
	"strings"

	"github.com/nyaruka/phonenumbers"
	"github.com/tidwall/gjson"
	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

func readEmail(v gjson.Result, out *value) *issue {
	s, problem := scalar(v, "email_address")
	if problem != nil {
		return problem
	}
	address, root, ok := parseEmail(s)
	if !ok {
		return &issue{code: "invalid_string", path: objectPath(v, "email_address"), message: "Invalid email"}
	}
	out.s = [3]string{address, s, root}
	return nil
}

func objectPath(v gjson.Result, key string) []string {
	if v.IsObject() {
		return []string{key}
	}
	return nil
}

// parseEmail checks an address and returns it as it is stored, in lower case, with the root domain.
func parseEmail(s string) (address, root string, ok bool) {
	at := strings.LastIndexByte(s, '@')
	if at < 1 || at > 64 || !validLocal(s[:at]) {
		return "", "", false
	}
	host, ok := hostName(s[at+1:])
	if !ok || reservedTLD(host) {
		return "", "", false
	}
	if host == s[at+1:] {
		address = strings.ToLower(s)
	} else {
		address = strings.ToLower(s[:at]) + "@" + host
	}
	return address, rootDomain(host), true
}

func validLocal(local string) bool {
	if local[0] == '.' || local[len(local)-1] == '.' || strings.Contains(local, "..") {
		return false
	}
	for _, c := range []byte(local) {
		alnum := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !alnum && strings.IndexByte("!#$%&'*+-/=?^_`{|}~.", c) < 0 {
			return false
		}
	}
	return true
}

// reservedTLD: addresses under these are refused, while example.com is accepted (live).
func reservedTLD(host string) bool {
	switch host[strings.LastIndexByte(host, '.')+1:] {
	case "test", "invalid", "example", "localhost":
		return true
	}
	return false
}

// hostName checks a domain name and returns it in lower-case ASCII (that international names are kept in their
// ASCII form is inferred). A name needs at least two labels and a top level that is not a number.
func hostName(s string) (string, bool) {
	if s == "" || len(s) > 253 {
		return "", false
	}
	if !plainASCII(s) {
		ascii, err := idna.Lookup.ToASCII(s)
		if err != nil {
			return "", false
		}
		s = ascii
	}
	s = strings.ToLower(s)
	dots := 0
	for label := range strings.SplitSeq(s, ".") {
		if !validLabel(label) {
			return "", false
		}
		dots++
	}
	last := s[strings.LastIndexByte(s, '.')+1:]
	return s, dots > 1 && len(last) > 1 && (last[0] < '0' || last[0] > '9')
}

func plainASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return !strings.Contains(s, "xn--")
}

func validLabel(label string) bool {
	if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
		return false
	}
	for _, c := range []byte(label) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}

// rootDomain is the registrable part of a host, by the public suffix list; a public suffix is its own root.
func rootDomain(host string) string {
	root, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil {
		return host
	}
	return root
}

func readDomain(v gjson.Result, out *value) *issue {
	s, problem := scalar(v, "domain")
	if problem != nil {
		return problem
	}
	host, ok := parseDomain(s)
	if !ok {
		return &issue{code: "invalid", path: objectPath(v, "domain"), message: "Invalid domain"}
	}
	out.s = [3]string{host, rootDomain(host)}
	return nil
}

// parseDomain trims path and query (documentation), and scheme and port (inferred).
func parseDomain(s string) (string, bool) {
	if _, rest, ok := strings.Cut(s, "://"); ok {
		s = rest
	}
	if i := strings.IndexAny(s, "/?#"); i >= 0 {
		s = s[:i]
	}
	if i := strings.LastIndexByte(s, ':'); i >= 0 {
		s = s[:i]
	}
	return hostName(strings.TrimSuffix(s, "."))
}

// readPhone checks against the real numbering plans, not only the digits (live).
func readPhone(v gjson.Result, out *value) *issue {
	raw, problem := scalar(v, "original_phone_number")
	if problem != nil {
		return problem
	}
	country := ""
	if c := v.Get("country_code"); v.IsObject() && c.Type != gjson.Null {
		if country = c.Str; !countries[country] {
			return &issue{code: "invalid_enum_value", path: []string{"country_code"}, message: "Invalid country code"}
		}
	}
	e164, region, ok := parsePhone(raw, country)
	if !ok {
		return &issue{code: "invalid", path: []string{"original_phone_number"},
			message: "Invalid phone number, possibly due to missing country information."}
	}
	out.s = [3]string{e164, raw, region}
	return nil
}

func parsePhone(raw, country string) (e164, region string, ok bool) {
	if country == "" && !strings.HasPrefix(strings.TrimSpace(raw), "+") {
		return "", "", false
	}
	n, err := phonenumbers.Parse(raw, country)
	if err != nil || !phonenumbers.IsValidNumber(n) {
		return "", "", false
	}
	region = phonenumbers.GetRegionCodeForNumber(n)
	if !countries[region] {
		region = country
	}
	return phonenumbers.Format(n, phonenumbers.E164), region, true
}

// readName: in a string a comma separates "Last, First"; without one it is all first name (OpenAPI). An object needs
// its three members (live).
func readName(v gjson.Result, out *value) *issue {
	if v.Type == gjson.String {
		last, first, both := strings.Cut(v.Str, ",")
		if !both {
			first, last = v.Str, ""
		}
		first, last = strings.TrimSpace(first), strings.TrimSpace(last)
		out.s = [3]string{strings.TrimSpace(first + " " + last), first, last}
		return nil
	}
	if !v.IsObject() {
		problem := wrongType("string", typeName(v))
		return &problem
	}
	var problems *issue
	for _, part := range []struct {
		key string
		at  int
	}{{"first_name", 1}, {"last_name", 2}, {"full_name", 0}} {
		s, problem := mustString(v, part.key)
		problems = problems.with(problem)
		out.s[part.at] = s
	}
	return problems
}
