package value

import (
	"strings"
	"testing"

	"attio-import/mapping/schema"
)

func TestEmail(t *testing.T) {
	checkConversions(t, converter(t, attribute(schema.EmailAddress), Options{}), []conversion{
		{"ann@example.com", "ann@example.com", `{"email_address":"ann@example.com"}`, ""},
		{" Ann.Dyke+CRM@Example.COM\u00a0", "ann.dyke+crm@example.com", `{"email_address":"ann.dyke+crm@example.com"}`, ""},
		{"mailto:ann@example.com", "ann@example.com", `{"email_address":"ann@example.com"}`, ""},
		{"o'hara_1@a-b.co.uk", "o'hara_1@a-b.co.uk", `{"email_address":"o'hara_1@a-b.co.uk"}`, ""},
		{"ann@xn--mnchen-3ya.de", "ann@xn--mnchen-3ya.de", `{"email_address":"ann@xn--mnchen-3ya.de"}`, ""},
		{"ann@München.de", "ann@xn--mnchen-3ya.de", `{"email_address":"ann@xn--mnchen-3ya.de"}`, ""},
		{"a@1.com", "a@1.com", `{"email_address":"a@1.com"}`, ""},
		{strings.Repeat("a", 64) + "@example.com", strings.Repeat("a", 64) + "@example.com", `{"email_address":"` + strings.Repeat("a", 64) + `@example.com"}`, ""},
		{strings.Repeat("a", 65) + "@example.com", "", InvalidEmail, ""},
		{"a@" + strings.Repeat("a.", 126) + "com", "", InvalidEmail, ""},
		{"a@" + strings.Repeat("a", 64) + ".com", "", InvalidEmail, ""},
		{"", "", InvalidEmail, ""},
		{"ann", "", InvalidEmail, ""},
		{"@example.com", "", InvalidEmail, ""},
		{"ann@", "", InvalidEmail, ""},
		{"ann@example", "", InvalidEmail, ""},
		{"ann@example.c", "", InvalidEmail, ""},
		{"ann@example.123", "", InvalidEmail, ""},
		{"ann@[10.0.0.1]", "", InvalidEmail, ""},
		{"ann@exa mple.com", "", InvalidEmail, ""},
		{"ann@example..com", "", InvalidEmail, ""},
		{"ann@.example.com", "", InvalidEmail, ""},
		{"ann@example.com.", "", InvalidEmail, ""},
		{"ann@-example.com", "", InvalidEmail, ""},
		{"ann@example-.com", "", InvalidEmail, ""},
		{"ann@exam_ple.com", "", InvalidEmail, ""},
		{"ann@example.com-", "", InvalidEmail, ""},
		{".ann@example.com", "", InvalidEmail, ""},
		{"ann.@example.com", "", InvalidEmail, ""},
		{"a..b@example.com", "", InvalidEmail, ""},
		{"a b@example.com", "", InvalidEmail, ""},
		{`"a b"@example.com`, "", InvalidEmail, ""},
		{"änn@example.com", "", InvalidEmail, ""},
		{"a@b@example.com", "", InvalidEmail, ""},
		{"Ann <ann@example.com>", "", InvalidEmail, ""},
		{"ann@example.com, bob@example.com", "", InvalidEmail, ""},
		{"ann(at)example.com", "", InvalidEmail, ""},
		{"ann@xn--a.com", "", InvalidEmail, ""}, // no punycode
		// Attio refuses the reserved domains, but takes example.com.
		{"ann@site.test", "", InvalidEmail, ""},
		{"ann@site.Invalid", "", InvalidEmail, ""},
		{"ann@site.example", "", InvalidEmail, ""},
		{"ann@site.localhost", "", InvalidEmail, ""},
		{"ann@test.com", "ann@test.com", `{"email_address":"ann@test.com"}`, ""},
	})
}

func TestEmailMessages(t *testing.T) {
	checkMessages(t, converter(t, attribute(schema.EmailAddress), Options{}), []message{
		{"Ann Dyke <Ann@b.com>", "not an email address", "write the address alone: Ann@b.com"},
		{"a@b.com; c@d.com", "not an email address", `split: ";"`},
		{"a@b.com/c@d.com", "not an email address", `split: "/"`},
		{"a@b.com c@d.com", "not an email address", `split: " "`},
		{"a@b.com.", "a dot or hyphen too many", "write it as a@b.com"},
		{"<a@b.com>", "", "write the address alone: a@b.com"},
		{"ann", `"ann" is not an email address: it has no @`, "name@company.com"},
		{"@b.com", "nothing stands before the @", ""},
		{"änn@b.com", "'ä' may not stand before the @", ""},
		{"ann@b", `"b" has no ending such as .com`, ""},
		{"ann@x.test", "domains under .test do not exist", ""},
	})
}
