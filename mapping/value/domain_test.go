package value

import (
	"strings"
	"testing"

	"attio-import/mapping/schema"
)

func TestDomain(t *testing.T) {
	checkConversions(t, converter(t, attribute(schema.Domain), Options{}), []conversion{
		{"acme.com", "acme.com", `{"domain":"acme.com"}`, ""},
		{" Acme.COM ", "acme.com", `{"domain":"acme.com"}`, ""},
		{"https://www.acme.com/about?x=1#y", "acme.com", `{"domain":"acme.com"}`, ""},
		{"http://www.500Friends.com", "500friends.com", `{"domain":"500friends.com"}`, ""},
		{"HTTP://ACME.com", "acme.com", `{"domain":"acme.com"}`, ""},
		{"//acme.com/x", "acme.com", `{"domain":"acme.com"}`, ""},
		{"acme.com/x", "acme.com", `{"domain":"acme.com"}`, ""},
		{"acme.com?x", "acme.com", `{"domain":"acme.com"}`, ""},
		{`acme.com\x`, "acme.com", `{"domain":"acme.com"}`, ""},
		{"acme.com:8080", "acme.com", `{"domain":"acme.com"}`, ""},
		{"https://user:secret@acme.com:443/", "acme.com", `{"domain":"acme.com"}`, ""},
		{"acme.com.", "acme.com", `{"domain":"acme.com"}`, ""},
		{"app.acme.co.uk", "app.acme.co.uk", `{"domain":"app.acme.co.uk"}`, ""},
		{"http://m.vid.ly", "m.vid.ly", `{"domain":"m.vid.ly"}`, ""},
		{"www.com", "www.com", `{"domain":"www.com"}`, ""},
		{"www.co.uk", "www.co.uk", `{"domain":"www.co.uk"}`, ""},
		{"www.www.com", "www.com", `{"domain":"www.com"}`, ""},
		{"müller.de", "xn--mller-kva.de", `{"domain":"xn--mller-kva.de"}`, ""},
		{"https://www.Müller.de/", "xn--mller-kva.de", `{"domain":"xn--mller-kva.de"}`, ""},
		{"xn--mller-kva.de", "xn--mller-kva.de", `{"domain":"xn--mller-kva.de"}`, ""},
		{"例え.jp", "xn--r8jz45g.jp", `{"domain":"xn--r8jz45g.jp"}`, ""},
		{"r3---sn.example.com", "r3---sn.example.com", `{"domain":"r3---sn.example.com"}`, ""},
		{"github.io", "github.io", `{"domain":"github.io"}`, ""}, // a suffix, but its owner's too
		{"acme.github.io", "acme.github.io", `{"domain":"acme.github.io"}`, ""},
		{"twitter.com", "twitter.com", `{"domain":"twitter.com"}`, ""},
		{"https://www.facebook.com/", "facebook.com", `{"domain":"facebook.com"}`, ""},
		{"https://docs.acme.com/x", "docs.acme.com", `{"domain":"docs.acme.com"}`, ""},
		{"acme", "", InvalidDomain, ""},
		{"", "", InvalidDomain, ""},
		{"http://", "", InvalidDomain, ""},
		{"http://acme", "", InvalidDomain, ""},
		{"localhost:8080", "", InvalidDomain, ""},
		{"com", "", InvalidDomain, ""},
		{"co.uk", "", InvalidDomain, ""},
		{"https://www.co.uk.", "www.co.uk", `{"domain":"www.co.uk"}`, ""},
		{"10.0.0.1", "", InvalidDomain, ""},
		{"http://[::1]/", "", InvalidDomain, ""},
		{"acme..com", "", InvalidDomain, ""},
		{".com", "", InvalidDomain, ""},
		{"-acme.com", "", InvalidDomain, ""},
		{"acme-.com", "", InvalidDomain, ""},
		{"ac_me.com", "", InvalidDomain, ""},
		{"acme,com", "", InvalidDomain, ""},
		{"Acme Inc.", "", InvalidDomain, ""},
		{"acme.com, acme.org", "", InvalidDomain, ""},
		{"ann@acme.com", "", InvalidDomain, ""},
		{"http:/acme.com", "", InvalidDomain, ""},
		{"n/a", "", InvalidDomain, ""},
		{strings.Repeat("a", 64) + ".com", "", InvalidDomain, ""},
		{strings.Repeat("a.", 130) + "com", "", InvalidDomain, ""},
		// A page on somebody else's site is no domain of the company's own.
		{"https://twitter.com/nowbox", "", InvalidDomain, ""},
		{"http://www.facebook.com/PitbullTurkishPage4", "", InvalidDomain, ""},
		{"https://m.facebook.com/acme", "", InvalidDomain, ""},
		{"uk.linkedin.com/company/acme", "", InvalidDomain, ""},
		{"https://x.com/acme", "", InvalidDomain, ""},
		{"https://github.com/acme", "", InvalidDomain, ""},
		{"https://github.com", "github.com", `{"domain":"github.com"}`, ""},
	})
}

func TestDomainMessages(t *testing.T) {
	checkMessages(t, converter(t, attribute(schema.Domain), Options{}), []message{
		{"acme", `"acme" is not a domain`, "such as acme.com"},
		{"co.uk", `"co.uk" is not a domain`, "acme.co.uk"},
		{"https://twitter.com/nowbox", "is a page on twitter.com", "the attribute twitter"},
		{"Ann@Acme.com", "is an email address", "acme.com"},
		{"acme.com; acme.org", "not a domain", `split: ";"`},
		{"https://a.com https://b.com", "not a domain", `split: " "`},
	})
}
