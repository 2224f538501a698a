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
	return func(t Text) (Value, error) { return convertCurrency(trimCell(t.Text), code, point) }, nil
}

func convertCurrency(s, code string, point byte) (Value, error) {
	var buf [64]byte
	amount, err := bareAmount(s, code)
	if err != nil {
		return Value{}, err
	}
	b, cut, err := appendNumber(append(buf[:0], currencyPrefix...), amount, point, InvalidCurrency)
	if err != nil {
		return Value{}, err
	}
	v := seal(append(b, currencySuffix...), len(currencyPrefix), len(currencySuffix))
	if cut {
		v.note = cutNote(s, v.canonical)
	}
	return v, nil
}

// bareAmount takes the brackets and the currency off an amount; code is the
// currency it must be in, empty for any. What it leaves alone, if it makes no
// sense, is no number.
func bareAmount(s, code string) (string, error) {
	if s != "" && plainAmount(s) {
		return s, nil
	}
	whole, signed, negative := s, false, false
	if len(s) > 2 && s[0] == '(' && s[len(s)-1] == ')' {
		signed, negative, s = true, true, trimCell(s[1:len(s)-1])
	}
	if rest, minus := cutSign(s); !signed && len(rest) < len(s) && !startsDigit(rest) {
		signed, negative, s = true, minus, trimCell(rest)
	}
	name, amount := splitCurrency(s)
	if name != "" && !meansCurrency(name, code) {
		return "", currencyError(s, name, code)
	}
	if rest, _ := cutSign(amount); signed && len(rest) < len(amount) {
		return "", numberError(whole, '.', InvalidCurrency) // two signs
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

// splitCurrency cuts a currency's sign or code off either end of an amount.
func splitCurrency(s string) (name, amount string) {
	first := strings.IndexAny(s, "0123456789.,-+")
	last := strings.LastIndexAny(s, "0123456789")
	switch {
	case first < 0 || last < 0:
		return "", s
	case first > 0 && last == len(s)-1:
		// The dot of "Fr.", "Rs." or "kr." belongs to the name.
		if s[first] == '.' && first+1 < len(s) && (s[first+1] == ' ' || s[first-1] != ' ' && s[first-1]|0x20 >= 'a' && s[first-1]|0x20 <= 'z') {
			first++
		}
		return trimCell(s[:first]), trimCell(s[first:])
	case first == 0 && last < len(s)-1:
		return trimCell(s[last+1:]), trimCell(s[:last+1])
	}
	return "", s
}

func currencyError(s, name, code string) error {
	known := currenciesOf(name)
	if len(known) == 0 {
		return numberError(s, '.', InvalidCurrency)
	}
	return &Error{CurrencyMismatch, fmt.Sprintf("%s is in %s; the attribute is in %s", quote(s), strings.Join(known, " or "), code),
		"convert the amount, or map it to an attribute in its own currency"}
}
