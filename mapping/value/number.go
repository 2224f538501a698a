package value

import (
	"fmt"
	"strings"
)

const (
	numberPrefix = `{"value":`
	numberSuffix = `}`
)

// numberConverter reads numbers. Attio stores float64 and keeps four decimals:
// further decimals are cut, as it would, with a note; a number with more
// digits than a float64 gives back is refused, since it would come back as
// another one.
func numberConverter(opts Options) (Converter, error) {
	point := opts.point()
	if opts.Currency == "" {
		return func(t Text) (Value, error) { return convertNumber(trimCell(t.Text), point) }, nil
	}
	code, err := currencyCode(opts.Currency)
	if err != nil {
		return nil, err
	}
	return func(t Text) (Value, error) {
		s := trimCell(t.Text)
		amount, err := bareAmount(s, code)
		if err != nil {
			return Value{}, err
		}
		return convertNumber(amount, point)
	}, nil
}

func convertNumber(s string, point byte) (Value, error) {
	var buf [64]byte
	b, cut, err := appendNumber(append(buf[:0], numberPrefix...), s, point, InvalidNumber)
	if err != nil {
		return Value{}, err
	}
	v := seal(append(b, numberSuffix...), len(numberPrefix), len(numberSuffix))
	if cut {
		v.note = cutNote(s, v.canonical)
	}
	return v, nil
}

// appendNumber appends the canonical form of a number. The error has the code
// given; it is an *Error, or nil.
func appendNumber(dst []byte, s string, point byte, code string) (out []byte, cut bool, err error) {
	d, ok := scanDecimal(s, point)
	if !ok {
		return dst, false, numberError(s, point, code)
	}
	start := len(dst)
	dst, cut = d.append(dst)
	if !keptByFloat(dst[start:]) {
		return dst, false, &Error{code, fmt.Sprintf("%s has more digits than Attio keeps of a number", quote(s)),
			"round it; or, if it is an identifier, map it to a text attribute"}
	}
	return dst, cut, nil
}

func cutNote(s, kept string) *Error {
	return &Error{DecimalsCut, fmt.Sprintf("%s has more than %d decimals; Attio keeps %s", quote(s), keptDecimals, kept),
		"round it in the file if the last digit matters"}
}

func numberError(s string, point byte, code string) *Error {
	noun := "a number"
	if code == InvalidCurrency {
		noun = "an amount"
	}
	return &Error{code, fmt.Sprintf("%s is not %s", quote(s), noun), numberHint(s, point)}
}

// numberHint finds the one thing that keeps a text from being a number.
func numberHint(s string, point byte) string {
	other := byte(',')
	if point == ',' {
		other = '.'
	}
	if _, ok := scanDecimal(s, other); ok {
		return fmt.Sprintf(`if the separator of decimals is "%[1]c", say decimal: "%[1]c"`, other)
	}
	if s == "" {
		return "write digits"
	}
	last := s[len(s)-1]
	_, plain := scanDecimal(strings.TrimSpace(s[:len(s)-1]), point)
	switch {
	case plain && last == '%':
		return "take the % off the cell, or map the column to a text attribute"
	case plain && strings.IndexByte("kKmMbB", last) >= 0:
		return "write the number in full: 1200000, not 1.2M"
	case plain && last == '-':
		return "write the minus in front"
	case strings.ContainsAny(s, "$€£¥") || len(s) > 3 && isoCurrency(s[:3]):
		return "say currency: with the code of the currency, so that signs like $ are understood"
	case strings.EqualFold(s, "nan") || strings.Contains(strings.ToLower(s), "inf"):
		return "Attio stores no infinities; leave the cell blank"
	}
	return "write digits alone, or list the text under null_values if it stands for no value"
}
