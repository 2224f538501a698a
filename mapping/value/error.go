package value

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Codes of errors and notes. They are stable: scripts may branch on them.
const (
	InvalidText      = "invalid_text"      // not UTF-8, or with a NUL
	TooLong          = "too_long"          // longer than Attio keeps
	InvalidNumber    = "invalid_number"    // no number, or one that a number attribute cannot hold
	InvalidCheckbox  = "invalid_checkbox"  // neither yes nor no
	InvalidCurrency  = "invalid_currency"  // no amount of money
	CurrencyMismatch = "currency_mismatch" // an amount in another currency than the attribute's
	InvalidDate      = "invalid_date"      // no date in the layouts given, or a day that does not exist
	InvalidTimestamp = "invalid_timestamp" // likewise, of times
	InvalidRating    = "invalid_rating"    // no whole number from 0 to 5
	UnknownOption    = "unknown_option"    // no option of the select
	UnknownStatus    = "unknown_status"    // no status of the attribute
	InvalidEmail     = "invalid_email"     // no address that Attio would take
	InvalidDomain    = "invalid_domain"    // no domain, or one that is not the company's own
	InvalidPhone     = "invalid_phone"     // no number that exists in its country's numbering plan
	InvalidCountry   = "invalid_country"   // no country that Attio knows
	InvalidName      = "invalid_name"      // no personal name that can be told apart
	InvalidLocation  = "invalid_location"  // a part of a location that Attio would refuse

	// Notes on values that were taken.
	DecimalsCut      = "decimals_cut"      // more than four decimals: Attio keeps four
	ExtensionDropped = "extension_dropped" // a phone number's extension, which Attio cannot hold
	TimeShifted      = "time_shifted"      // a local time that the clocks skipped, moved on

	// Mistakes in the options or the use of a converter.
	InvalidSetting = "invalid_setting"
)

// Error says why a text is no value of an attribute, or, as a note, what of
// the text the value does not keep. Its Code is stable; Message quotes the text
// and Hint says what to do.
type Error struct {
	Code    string
	Message string
	Hint    string
}

func (e *Error) Error() string { return fmt.Sprintf("%s (%s)", e.Message, e.Code) }

// quoteLimit is how many runes of a text a message repeats.
const quoteLimit = 60

// quote repeats a text in a message: dates and numbers as they are, everything
// else in quotation marks, long texts cut.
func quote(s string) string {
	if s != "" && len(s) <= quoteLimit && strings.Trim(s, "0123456789.,:/+-") == "" {
		return s
	}
	if utf8.RuneCountInString(s) <= quoteLimit {
		return fmt.Sprintf("%q", s)
	}
	return fmt.Sprintf("%q…", string([]rune(s)[:quoteLimit]))
}
