package value

import (
	"fmt"
	"strings"

	"attio-import/mapping/schema"
)

const (
	currencyPrefix = `{"currency_value":`
	currencySuffix = `}`
)

// currencyConverter reads amounts: a number, perhaps with the sign or ISO code
// of its currency before or after it, perhaps negative in an accountant's
// brackets. The API stores every amount in the attribute's own currency, so an
// amount in another one is refused; where the attribute's currency is not
// known, any is taken.
func currencyConverter(attr *schema.Attribute, opts Options) (Converter, error) {
	code := attr.CurrencyCode
	if opts.Currency != "" {
		said, err := currencyCode(opts.Currency)
		if err != nil {
			return nil, err
		}
		if code != "" && !sameCurrency(said, code) {
			return nil, &Error{CurrencyMismatch, fmt.Sprintf("the mapping says %s, but %s is in %s", said, attr.Slug, code),
				"the API cannot change an attribute's currency: convert the amounts, or map another attribute"}
		}
		code = said
	}
	point := opts.point()
	return func(t Text) (Value, error) { return convertCurrency(Trim(t.Text), code, point) }, nil
}

func convertCurrency(cell, code string, point byte) (Value, error) {
	var buf [64]byte
	amount, err := bareAmount(cell, code)
	if err != nil {
		return Value{}, err
	}
	b, cut, err := appendNumber(append(buf[:0], currencyPrefix...), cell, amount, point, InvalidCurrency)
	if err != nil {
		return Value{}, err
	}
	v := seal(append(b, currencySuffix...), len(currencyPrefix), len(currencySuffix))
	if cut {
		v.note = cutNote(cell, v.canonical)
	}
	return v, nil
}

// bareAmount takes the brackets and the currency off an amount; code is the
// currency it must be in, empty for any. What it leaves alone, if it makes no
// sense, is no number.
func bareAmount(cell, code string) (string, error) {
	if cell != "" && plainAmount(cell) {
		return cell, nil
	}
	s, signed, negative := cell, false, false
	if len(s) > 2 && s[0] == '(' && s[len(s)-1] == ')' {
		signed, negative, s = true, true, Trim(s[1:len(s)-1])
	}
	if rest, minus := cutSign(s); !signed && len(rest) < len(s) && !startsDigit(rest) {
		signed, negative, s = true, minus, Trim(rest)
	}
	before, amount, after := splitCurrency(s)
	for _, name := range []string{before, after} {
		if name != "" && !meansCurrency(name, code) {
			return "", currencyError(cell, name, amount+after, code)
		}
	}
	if rest, _ := cutSign(amount); signed && len(rest) < len(amount) {
		return "", numberError(cell, amount, '.', InvalidCurrency) // two signs
	}
	if negative {
		return "-" + amount, nil
	}
	return amount, nil
}

// plainAmount reports whether s has neither brackets nor a currency.
func plainAmount(s string) bool {
	last := s[len(s)-1]
	return (startsDigit(s) || s[0] == '-' && startsDigit(s[1:])) && ('0' <= last && last <= '9')
}

func startsDigit(s string) bool {
	return s != "" && ('0' <= s[0] && s[0] <= '9' || s[0] == '.' || s[0] == ',')
}

// splitCurrency cuts a currency's sign or code off the ends of an amount: $5, 5
// EUR, and $5 USD, where both must fit.
func splitCurrency(s string) (before, amount, after string) {
	first, last := strings.IndexAny(s, "0123456789.,-+"), strings.LastIndexAny(s, "0123456789")
	if first < 0 || last < first {
		return "", s, ""
	}
	if dotOfName(s, first) {
		first++
	}
	after = Trim(s[last+1:])
	if after == "." || after == "," { // "5." is a number
		last, after = len(s)-1, ""
	}
	return Trim(s[:first]), Trim(s[first : last+1]), after
}

// dotOfName reports whether the dot at i belongs to a name as in "Fr. 5" or
// "Rs.5", and not to a number as in "$ .5".
func dotOfName(s string, i int) bool {
	if s[i] != '.' || i == 0 || i+1 == len(s) {
		return false
	}
	letter := s[i-1]|0x20 >= 'a' && s[i-1]|0x20 <= 'z'
	return letter || s[i+1] == ' '
}

// currencyError tells an amount in another currency from what is none.
func currencyError(cell, name, amount, code string) error {
	known := currenciesOf(name)
	if len(known) == 0 {
		return numberError(cell, amount, '.', InvalidCurrency)
	}
	in := strings.Join(known, " or ")
	if len(known) > 2 {
		in = name // a sign that half the world uses
	}
	return &Error{CurrencyMismatch, fmt.Sprintf("%s is in %s; the attribute is in %s", quote(cell), in, code),
		"convert the amount, or map it to an attribute in its own currency"}
}
