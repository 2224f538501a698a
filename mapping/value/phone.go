package value

import (
	"errors"
	"fmt"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

const (
	phonePrefix = `{"original_phone_number":"`
	phoneSuffix = `"}`
)

// convertPhone reads a phone number and gives it in E.164. A number without a +
// needs a country; 00 stands for the + where it makes a number. Attio checks
// numbers against the numbering plan of their country, and so does this.
//
// An extension is dropped, with a note: E.164, in which Attio stores and
// compares numbers, has no place for it.
func convertPhone(t Text) (Value, error) {
	s := cutPrefixFold(Trim(t.Text), "tel:")
	region := ""
	if t.Country != "" {
		code, err := countryCode(Trim(t.Country))
		if err != nil {
			return Value{}, err
		}
		region = code
	}
	if err := checkPhoneText(s); err != nil {
		return Value{}, err
	}
	number, err := parsePhone(s, region)
	if err != nil {
		return Value{}, phoneError(s, region, err)
	}
	v := phoneValue(phonenumbers.Format(number, phonenumbers.E164))
	if ext := number.GetExtension(); ext != "" {
		v.note = &Error{ExtensionDropped, fmt.Sprintf("%s has the extension %s, which Attio cannot hold; taken as %s", quote(s), ext, v.canonical),
			"map the column to a text attribute too if extensions matter"}
	}
	return v, nil
}

func phoneValue(e164 string) Value { return wrapped(phonePrefix, e164, phoneSuffix) }

// maxPhone is longer than any number with its extension.
const maxPhone = 60

// checkPhoneText refuses texts of which the parser would silently take a part.
func checkPhoneText(s string) error {
	switch {
	case strings.Count(s, "+") > 1 || strings.ContainsAny(s, ";|\n"):
		return &Error{InvalidPhone, fmt.Sprintf("%s is more than one phone number", quote(s)), "several numbers in one cell: say split: with what stands between them"}
	case len(s) > maxPhone || !strings.ContainsAny(s, "0123456789") || strings.ContainsAny(s, "@<>&%$€?!=\"") || strayText(s):
		return &Error{InvalidPhone, fmt.Sprintf("%s is not a phone number", quote(s)), "write digits, with a + and the country's calling code in front"}
	}
	return nil
}

// strayText reports letters before the number, a comma or a slash in it: the
// parser would skip them.
func strayText(s string) bool {
	first := s[0]
	return first != '+' && first != '(' && first != '.' && (first < '0' || first > '9') && !strings.HasPrefix(s, "\uff0b") ||
		strings.ContainsAny(s, "/\\,")
}

var errNoPlan = errors.New("not in the numbering plan")

func parsePhone(s, region string) (*phonenumbers.PhoneNumber, error) {
	if number := plainPhone(s); number != nil {
		return number, nil
	}
	number, err := phonenumbers.Parse(s, region)
	if err == nil && phonenumbers.IsValidNumber(number) {
		return number, nil
	}
	if rest, ok := strings.CutPrefix(s, "00"); ok {
		other, again := phonenumbers.Parse("+"+rest, "")
		if again == nil && phonenumbers.IsValidNumber(other) {
			return other, nil
		}
		if region == "" && again == nil {
			return nil, errNoPlan
		}
	}
	if err == nil {
		err = errNoPlan
	}
	return nil, err
}

// plainPhone reads a number that is a + and digits, with nothing but the usual
// marks between them, in half of the time that the parser needs, which looks for
// extensions, prefixes and letters too. It gives nil for every other text, and
// for numbers that are not valid as they stand: those the parser may still know.
func plainPhone(s string) *phonenumbers.PhoneNumber {
	var buf [16]byte
	plain := plainDigits(buf[:0], s)
	known := phonenumbers.GetSupportedCallingCodes()
	for n := 1; n <= 3 && n < len(plain); n++ {
		code := number(string(plain[:n]))
		if !known[code] || plain[n] == '0' {
			continue
		}
		calling, national := int32(code), uint64(number(string(plain[n:])))
		p := &phonenumbers.PhoneNumber{CountryCode: &calling, NationalNumber: &national}
		if phonenumbers.IsValidNumber(p) {
			return p
		}
	}
	return nil
}

// plainDigits appends the digits behind a + as far as dst has room; nil if
// there is anything else than digits and marks, or more of them.
func plainDigits(dst []byte, s string) []byte {
	if s == "" || s[0] != '+' {
		return nil
	}
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case '0' <= c && c <= '9' && len(dst) < cap(dst):
			dst = append(dst, c)
		case strings.IndexByte(" -.()", c) < 0:
			return nil
		}
	}
	return dst
}

func phoneError(s, region string, err error) *Error {
	switch {
	case errors.Is(err, errNoPlan) && region != "" && !strings.HasPrefix(s, "+"):
		return &Error{InvalidPhone, fmt.Sprintf("%s is not a phone number of %s", quote(s), countries().english[region]),
			"check the digits; a number of another country needs its + and calling code"}
	case errors.Is(err, errNoPlan):
		return &Error{InvalidPhone, fmt.Sprintf("%s is not a phone number: its country has no such numbers", quote(s)), "check the digits; Attio would refuse it too"}
	case errors.Is(err, phonenumbers.ErrInvalidCountryCode) && region == "" && !strings.HasPrefix(s, "+"):
		return &Error{InvalidPhone, fmt.Sprintf("%s does not say its country", quote(s)),
			"write it with + and the country's calling code, or say country: in the mapping, such as country: US"}
	case errors.Is(err, phonenumbers.ErrInvalidCountryCode):
		return &Error{InvalidPhone, fmt.Sprintf("%s is not a phone number: no country has its calling code", quote(s)), "check the digits after the +"}
	}
	return &Error{InvalidPhone, fmt.Sprintf("%s is not a phone number", quote(s)), "write digits, with a + and the country's calling code in front"}
}
