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
		return func(t Text) (Value, error) {
			cell := Trim(t.Text)
			return convertNumber(cell, cell, point)
		}, nil
	}
	code, err := currencyCode(opts.Currency)
	if err != nil {
		return nil, err
	}
	return func(t Text) (Value, error) {
		cell := Trim(t.Text)
		amount, err := bareAmount(cell, code)
		if err != nil {
			return Value{}, err
		}
		return convertNumber(cell, amount, point)
	}, nil
}

// convertNumber converts s, which is what counts of a cell.
func convertNumber(cell, s string, point byte) (Value, error) {
	var buf [64]byte
	b, cut, err := appendNumber(append(buf[:0], numberPrefix...), cell, s, point, InvalidNumber)
	if err != nil {
		return Value{}, err
	}
	v := seal(append(b, numberSuffix...), len(numberPrefix), len(numberSuffix))
	if cut {
		v.note = cutNote(cell, v.canonical)
	}
	return v, nil
}

// appendNumber appends the canonical form of s, which is what counts of a
// cell. The error has the code given; it is an *Error, or nil.
func appendNumber(dst []byte, cell, s string, point byte, code string) (out []byte, cut bool, err error) {
	d, ok := scanDecimal(s, point)
	if !ok {
		return dst, false, numberError(cell, s, point, code)
	}
	start := len(dst)
	dst, cut = d.append(dst)
	if !keptByFloat(dst[start:]) {
		return dst, false, &Error{code, fmt.Sprintf("%s has more digits than Attio keeps of a number", quote(cell)),
			"round it; or, if it is an identifier, map it to a text attribute"}
	}
	return dst, cut, nil
}

func cutNote(s, kept string) *Error {
	return &Error{DecimalsCut, fmt.Sprintf("%s has more than %d decimals; Attio keeps %s", quote(s), keptDecimals, kept),
		"round it in the file if the last digit matters"}
}

func numberError(cell, s string, point byte, code string) *Error {
	noun := "a number"
	if code == InvalidCurrency {
		noun = "an amount"
	}
	return &Error{code, fmt.Sprintf("%s is not %s", quote(cell), noun), numberHint(s, point, code)}
}

// numberHint finds the one thing that keeps a text from being a number.
func numberHint(s string, point byte, code string) string {
	other := byte(',')
	if point == ',' {
		other = '.'
	}
	if _, ok := scanDecimal(s, other); ok {
		return fmt.Sprintf(`if the separator of decimals is "%[1]c", say decimal: "%[1]c"`, other)
	}
	if hint := lastCharacterHint(s, point); hint != "" {
		return hint
	}
	switch {
	case strings.ContainsAny(s, "0123456789") && (strings.ContainsAny(s, ";/|") || strings.Contains(s, ", ")):
		return "the attribute holds one number: keep one of them, or map the column to a text attribute"
	case code == InvalidNumber && (strings.ContainsAny(s, "$€£¥") || len(s) > 3 && isoCurrency(s[:3])):
		return "say currency: with the code of the currency, so that signs like $ are understood"
	case strings.EqualFold(s, "nan") || strings.Contains(strings.ToLower(s), "inf"):
		return "Attio stores no infinities; leave the cell blank"
	}
	return "write digits alone, or list the text under null_values if it stands for no value"
}

// lastCharacterHint is for numbers with one character too many at the end.
func lastCharacterHint(s string, point byte) string {
	if s == "" {
		return ""
	}
	last := s[len(s)-1]
	if _, ok := scanDecimal(Trim(s[:len(s)-1]), point); !ok {
		return ""
	}
	switch last {
	case '%':
		return "take the % off the cell, or map the column to a text attribute"
	case 'k', 'K', 'm', 'M', 'b', 'B':
		return "write the number in full: 1200000, not 1.2M"
	case '-':
		return "write the minus in front"
	}
	return ""
}
