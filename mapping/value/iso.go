package value

import "strings"

// parseISO reads the layout "iso": ISO 8601 as spreadsheets and programs write
// it. A year or a month alone stand for their first day, as for Attio; basic
// form (20260214) is read too; a blank may stand for the T.
func parseISO(s string) (moment, fault) {
	m := moment{month: 1, day: 1}
	rest, ok := isoDate(&m, s)
	if ok && rest != "" {
		rest, ok = isoTime(&m, rest)
	}
	if ok {
		ok = zoneSuffix(&m, rest)
	}
	if !ok {
		return m, noFit
	}
	return m, m.check()
}

func isoDate(m *moment, s string) (rest string, ok bool) {
	switch n := digits(s); {
	case n == 8:
		m.year, m.month, m.day = number(s[:4]), number(s[4:6]), number(s[6:8])
		return s[8:], true
	case n != 4:
		return s, false
	}
	m.year, s = number(s[:4]), s[4:]
	if m.month, s, ok = isoPart(s, 1); ok {
		if m.day, s, ok = isoPart(s, 1); ok {
			return s, true
		}
	}
	return s, s == ""
}

// isoPart reads "-" and two digits; without them it gives back the default.
func isoPart(s string, without int) (n int, rest string, ok bool) {
	if len(s) >= 3 && s[0] == '-' && digits(s[1:]) == 2 {
		return number(s[1:3]), s[3:], true
	}
	return without, s, false
}

func isoTime(m *moment, s string) (rest string, ok bool) {
	if s[0] != 'T' && s[0] != 't' && s[0] != ' ' {
		return s, false
	}
	s = strings.TrimLeft(s[1:], " ")
	if len(s) < 5 || digits(s) != 2 || s[2] != ':' || digits(s[3:]) != 2 {
		return s, false
	}
	m.timed = true
	m.hour, m.min, s = number(s[:2]), number(s[3:5]), s[5:]
	if len(s) < 3 || s[0] != ':' || digits(s[1:]) != 2 {
		return s, true
	}
	m.sec, s = number(s[1:3]), s[3:]
	if len(s) > 1 && (s[0] == '.' || s[0] == ',') && digits(s[1:]) > 0 {
		n := digits(s[1:])
		m.nano, s = nanos(s[1:1+n]), s[1+n:]
	}
	return s, true
}

// zoneSuffix reads what may follow a time: nothing, Z, UTC, GMT or an offset.
// Other abbreviations are refused, since they are not unique.
func zoneSuffix(m *moment, s string) bool {
	s = strings.TrimLeft(s, " ")
	if s == "" {
		return true
	}
	if !m.timed {
		return false
	}
	offset, ok := parseOffset(s)
	m.zoned, m.offset = ok, offset
	return ok
}

func parseOffset(s string) (seconds int, ok bool) {
	if s == "Z" || s == "z" || strings.EqualFold(s, "UTC") || strings.EqualFold(s, "GMT") {
		return 0, true
	}
	if s == "" || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	d := strings.Replace(s[1:], ":", "", 1)
	if digits(d) != len(d) || len(d) != 2 && len(d) != 4 {
		return 0, false
	}
	hour, minute := number(d[:2]), 0
	if len(d) == 4 {
		minute = number(d[2:])
	}
	seconds = hour*3600 + minute*60
	if s[0] == '-' {
		seconds = -seconds
	}
	return seconds, hour <= 18 && minute < 60 && (len(s) < 4 || len(d) == len(s)-1 || s[3] == ':')
}

// number reads a few digits.
func number(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// nanos reads the digits of a fraction of a second, cut at nanoseconds.
func nanos(s string) int {
	n := 0
	for i := range 9 {
		n *= 10
		if i < len(s) {
			n += int(s[i] - '0')
		}
	}
	return n
}
