package value

import (
	"bytes"
	"fmt"
	"strings"

	"golang.org/x/net/publicsuffix"
)

const (
	domainPrefix = `{"domain":"`
	domainSuffix = `"}`
)

// convertDomain takes a domain or a URL and gives the bare domain: scheme,
// user, port, path, query, a final dot and a leading "www." are cut off.
//
// Attio itself trims path and query; what it does to "www." is not documented.
// It is cut here because a company is looked up by its domain: kept, the same
// company would be there twice, once from its website and once from the
// addresses of its people.
func convertDomain(t Text) (Value, error) {
	var buf [288]byte
	s := Trim(t.Text)
	host, path := hostOf(s)
	b, fault := appendHost(append(buf[:0], domainPrefix...), host)
	if fault != "" {
		return Value{}, domainError(s, fault)
	}
	b = append(cutWWW(b, len(domainPrefix)), domainSuffix...)
	v := seal(b, len(domainPrefix), len(domainSuffix))
	if err := checkDomain(s, v.canonical, path); err != nil {
		return Value{}, err
	}
	return v, nil
}

// hostOf cuts everything but the host out of a URL; path tells whether more
// than a slash followed the host.
func hostOf(s string) (host string, path bool) {
	rest, url := s, false
	if i := strings.Index(rest, "://"); i >= 0 && !strings.ContainsAny(rest[:i], "/?#.@") {
		rest, url = rest[i+3:], true
	} else if strings.HasPrefix(rest, "//") {
		rest, url = rest[2:], true
	}
	if i := strings.IndexAny(rest, `/?#\`); i >= 0 {
		path = strings.Trim(rest[i:], `/?#\`) != ""
		rest = rest[:i]
	}
	if i := strings.LastIndexByte(rest, '@'); i >= 0 && url {
		rest = rest[i+1:]
	}
	if i := strings.LastIndexByte(rest, ':'); i >= 0 && strings.Trim(rest[i+1:], "0123456789") == "" {
		rest = rest[:i]
	}
	if len(rest) > 1 && rest[len(rest)-1] == '.' {
		rest = rest[:len(rest)-1]
	}
	return rest, path
}

// cutWWW takes a leading "www." off the host behind b[:start], unless nothing
// but a top-level domain would be left (www.com, www.co.uk are real).
func cutWWW(b []byte, start int) []byte {
	rest, www := bytes.CutPrefix(b[start:], []byte("www."))
	if !www || isSuffix(string(rest)) {
		return b
	}
	return append(b[:start], rest...)
}

// isSuffix reports whether a host is an ending under which everybody may
// register, such as com or co.uk. Privately run suffixes (github.io) are
// domains of their owner, and so no suffixes here.
func isSuffix(host string) bool {
	if i := strings.LastIndexByte(host, '.'); i < 0 {
		return true
	} else if tld := host[i:]; tld == ".com" || tld == ".net" || tld == ".org" {
		return false // the list has nothing under them; it is slow to ask
	}
	suffix, icann := publicsuffix.PublicSuffix(host)
	return suffix == host && icann
}

func checkDomain(s, host string, path bool) error {
	if isSuffix(host) {
		return &Error{InvalidDomain, fmt.Sprintf("%s is not a domain of its own: everybody may register under it", quote(s)),
			"write the company's whole domain, such as acme." + host}
	}
	if !path {
		return nil
	}
	if hint := sharedHost(host); hint != "" {
		return &Error{InvalidDomain, fmt.Sprintf("%s is a page on %s, not a domain of the company's own", quote(s), host), hint}
	}
	return nil
}

// sharedHost knows the sites that give everybody a page under one domain, and
// says where a link to such a page belongs; empty for every other host. A
// company keyed by such a domain would be merged with every other that has a
// page there, and with the site's owner. The domain alone is fine: that is how
// the owner itself is imported.
func sharedHost(host string) (hint string) {
	if local, site, ok := strings.Cut(host, "."); ok && len(local) <= 3 && strings.IndexByte(site, '.') > 0 {
		host = site // m.facebook.com, uk.linkedin.com
	}
	switch host {
	case "twitter.com", "x.com":
		return socialHint("twitter")
	case "facebook.com", "fb.com":
		return socialHint("facebook")
	case "linkedin.com":
		return socialHint("linkedin")
	case "instagram.com":
		return socialHint("instagram")
	case "angel.co", "angellist.com", "wellfound.com":
		return socialHint("angellist")
	case "crunchbase.com", "youtube.com", "github.com", "medium.com", "tiktok.com", "pinterest.com", "linktr.ee",
		"sites.google.com", "docs.google.com", "drive.google.com", "maps.google.com", "play.google.com",
		"apps.apple.com", "itunes.apple.com", "producthunt.com", "kickstarter.com", "meetup.com", "bit.ly", "t.co", "goo.gl":
		return "leave the domain blank, or map the link to a text attribute"
	}
	return ""
}

func socialHint(attribute string) string {
	return "leave the domain blank, or map the link to the attribute " + attribute
}

func domainError(s, fault string) *Error {
	message := fmt.Sprintf("%s is not a domain: %s", quote(s), fault)
	if at := strings.LastIndexByte(s, '@'); at > 0 && strings.IndexByte(s, '/') < 0 {
		if _, f := appendEmail(nil, s); f == "" {
			return &Error{InvalidDomain, fmt.Sprintf("%s is an email address, not a domain", quote(s)),
				"map the column to an email attribute, or write the domain alone: " + strings.ToLower(s[at+1:])}
		}
	}
	return &Error{InvalidDomain, message, domainHint(s)}
}

func domainHint(s string) string {
	for _, sep := range []string{";", ",", "|", "\n", " "} {
		first, rest, several := strings.Cut(s, sep)
		if several && domainLike(first) && domainLike(rest) {
			return fmt.Sprintf("several domains in one cell: say split: %q", sep)
		}
	}
	return "write the website's domain, such as acme.com"
}

func domainLike(s string) bool {
	host, _ := hostOf(Trim(s))
	return strings.IndexByte(host, '.') > 0
}
