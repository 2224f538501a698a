package value

import (
	"strconv"
	"unicode/utf8"
)

// keptDecimals is how many decimals Attio keeps of numbers and amounts; it
// cuts the rest off (import guide: additional digits are removed).
const keptDecimals = 4

// exactDigits is how many significant digits every float64 gives back as they
// were written.
const exactDigits = 15

// decimal is a number in text, taken apart and not computed with: 0.1 stays
// 0.1 and 19 digits stay 19 digits. Its parts are slices of the text.
type decimal struct {
	negative bool
	integer  string // digits with the grouping separators between them
	fraction string // digits
	exponent int
}

// scanDecimal reads a whole text as a number. The integer part may be grouped
// in thousands, or as in India, by one separator throughout that is not the
// decimal point.
func scanDecimal(s string, point byte) (d decimal, ok bool) {
	s, d.negative = cutSign(s)
	n := scanInteger(s, point)
	if n < 0 {
		return d, false
	}
	d.integer, s = s[:n], s[n:]
	if s != "" && s[0] == point {
		n = digits(s[1:])
		d.fraction, s = s[1:1+n], s[1+n:]
	}
	if d.integer == "" && d.fraction == "" {
		return d, false
	}
	d.exponent, ok = scanExponent(s)
	return d, ok
}

func cutSign(s string) (rest string, negative bool) {
	const minus = "\u2212" // typographic
	switch {
	case s == "":
		return s, false
	case s[0] == '-':
		return s[1:], true
	case s[0] == '+':
		return s[1:], false
	case len(s) > len(minus) && s[:len(minus)] == minus:
		return s[len(minus):], true
	}
	return s, false
}

func digits(s string) int {
	i := 0
	for i < len(s) && '0' <= s[i] && s[i] <= '9' {
		i++
	}
	return i
}

// scanInteger gives the length of the integer part at the start of s, -1 if
// its grouping is broken: 1,23 is no number, and surely not 123.
func scanInteger(s string, point byte) int {
	n := digits(s)
	if n == 0 || n > 3 {
		return n
	}
	var separator rune
	middle := 0 // digits in each group between the first and the last
	for group := 0; ; {
		r, width := grouping(s[n:], point)
		if width == 0 || separator != 0 && r != separator {
			if separator != 0 && group != 3 {
				return -1
			}
			return n
		}
		if separator != 0 && middle != 0 && group != middle {
			return -1
		}
		if separator != 0 {
			middle = group
		}
		separator = r
		group = digits(s[n+width:])
		if group != 2 && group != 3 {
			return -1
		}
		n += width + group
	}
}

// grouping decodes a separator of thousands at the start of s.
func grouping(s string, point byte) (r rune, width int) {
	if s == "" {
		return 0, 0
	}
	switch s[0] {
	case '.', ',':
		if s[0] == point {
			return 0, 0
		}
		return rune(s[0]), 1
	case ' ', '\'':
		return rune(s[0]), 1
	}
	if s[0] < utf8.RuneSelf {
		return 0, 0
	}
	switch r, width = utf8.DecodeRuneInString(s); r {
	case '\u00a0', '\u2009', '\u202f', '\u2019': // no-break, thin, narrow no-break space; apostrophe
		return r, width
	}
	return 0, 0
}

// maxExponent is beyond what a float64 reaches, so that no text can ask for
// megabytes of zeros.
const maxExponent = 400

func scanExponent(s string) (exponent int, ok bool) {
	if s == "" {
		return 0, true
	}
	if s[0] != 'e' && s[0] != 'E' || len(s) > 6 {
		return 0, false
	}
	n, err := strconv.Atoi(s[1:])
	return min(max(n, -maxExponent), maxExponent), err == nil
}

// append writes the number as Attio would keep it: no grouping, no exponent,
// at most four decimals, no zeros that say nothing. cut reports that decimals
// other than zeros were left out.
func (d decimal) append(dst []byte) (out []byte, cut bool) {
	if d.exponent != 0 {
		return d.shift().append(dst)
	}
	start := len(dst)
	if d.negative {
		dst = append(dst, '-')
	}
	first := len(dst)
	for i := 0; i < len(d.integer); i++ {
		c := d.integer[i]
		if c < '0' || c > '9' || c == '0' && len(dst) == first {
			continue
		}
		dst = append(dst, c)
	}
	if len(dst) == first {
		dst = append(dst, '0')
	}
	kept := trimZeros(d.fraction[:min(len(d.fraction), keptDecimals)])
	if kept != "" {
		dst = append(append(dst, '.'), kept...)
	} else if d.negative && len(dst) == first+1 && dst[first] == '0' {
		dst = append(dst[:start], '0') // no negative zero
	}
	return dst, len(trimZeros(d.fraction)) > keptDecimals
}

func trimZeros(s string) string {
	for s != "" && s[len(s)-1] == '0' {
		s = s[:len(s)-1]
	}
	return s
}

// shift gives the same number without an exponent.
func (d decimal) shift() decimal {
	all := make([]byte, 0, len(d.integer)+len(d.fraction)+maxExponent)
	for i := 0; i < len(d.integer); i++ {
		if c := d.integer[i]; '0' <= c && c <= '9' {
			all = append(all, c)
		}
	}
	at := len(all) + d.exponent // where the point goes
	all = append(all, d.fraction...)
	for at > len(all) {
		all = append(all, '0')
	}
	if at < 0 {
		zeros := make([]byte, -at, -at+len(all))
		for i := range zeros {
			zeros[i] = '0'
		}
		all, at = append(zeros, all...), 0
	}
	return decimal{negative: d.negative, integer: string(all[:at]), fraction: string(all[at:])}
}

// keptByFloat reports whether a float64, which is what Attio stores, gives the
// number back digit by digit. s is in canonical form.
func keptByFloat(s []byte) bool {
	if len(s) <= exactDigits {
		return true
	}
	f, err := strconv.ParseFloat(string(s), 64)
	if err != nil {
		return false
	}
	var buf [400]byte
	return string(strconv.AppendFloat(buf[:0], f, 'f', -1, 64)) == string(s)
}
