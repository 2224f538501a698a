package value

import "strings"

// parse reads a text by the pattern.
func (p pattern) parse(s string) (moment, fault) {
	r := reading{moment: moment{month: 1, day: 1}, rest: s}
	for _, f := range p {
		if !r.read(f) {
			return r.moment, noFit
		}
	}
	if r.rest != "" {
		return r.moment, noFit
	}
	return r.finish()
}

// reading is a text half read.
type reading struct {
	moment
	rest    string
	half    byte // 'a' or 'p'
	halfday bool
}

func (r *reading) read(f field) (ok bool) {
	switch f.kind {
	case literal:
		return r.literal(f.char)
	case blank:
		n := len(r.rest)
		r.rest = strings.TrimLeft(r.rest, " \u00a0\u202f")
		return len(r.rest) < n
	case year4:
		r.year, ok = r.digits(4, 4)
	case year2:
		r.year, ok = r.digits(2, 2)
		r.year += century(r.year)
	case monthNumber:
		r.month, ok = r.digits(max(1, f.fixed), 2)
	case monthName:
		r.month, ok = r.name(monthNames)
	case day:
		r.day, ok = r.digits(max(1, f.fixed), 2)
		r.ordinal()
	case weekday:
		_, ok = r.name(weekdayNames)
	case hour:
		r.hour, ok = r.digits(max(1, f.fixed), 2)
		r.timed = true
	case minute:
		r.min, ok = r.digits(max(1, f.fixed), 2)
	case second:
		r.sec, ok = r.digits(max(1, f.fixed), 2)
	case fraction:
		n := digits(r.rest)
		r.nano, r.rest, ok = nanos(r.rest[:n]), r.rest[n:], n > 0
	case halfday:
		ok = r.amPM()
	case zone:
		ok = r.zone()
	}
	return ok
}

func (r *reading) literal(c byte) bool {
	if r.rest == "" || r.rest[0] != c {
		return false
	}
	r.rest = r.rest[1:]
	return true
}

func (r *reading) digits(least, most int) (int, bool) {
	n := min(digits(r.rest), most)
	if n < least {
		return 0, false
	}
	v := number(r.rest[:n])
	r.rest = r.rest[n:]
	return v, true
}

// century is what a year of two digits lacks: 69 to 99 are of the twentieth
// century, 00 to 68 of this one, as POSIX has it.
func century(year int) int {
	if year >= 69 {
		return 1900
	}
	return 2000
}

var (
	monthNames = []string{"january", "february", "march", "april", "may", "june", "july", "august", "september",
		"october", "november", "december"}
	weekdayNames = []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
)

// name reads an English name or an abbreviation of at least three letters,
// with or without a dot, and gives its number from 1.
func (r *reading) name(names []string) (int, bool) {
	n := 0
	for n < len(r.rest) && 'a' <= r.rest[n]|0x20 && r.rest[n]|0x20 <= 'z' {
		n++
	}
	for i, name := range names {
		if n >= 3 && n <= len(name) && strings.EqualFold(name[:n], r.rest[:n]) {
			r.rest = strings.TrimPrefix(r.rest[n:], ".")
			return i + 1, true
		}
	}
	return 0, false
}

// ordinal skips the ending of 1st, 2nd, 3rd, 14th.
func (r *reading) ordinal() {
	if len(r.rest) < 2 {
		return
	}
	switch strings.ToLower(r.rest[:2]) {
	case "st", "nd", "rd", "th":
		r.rest = r.rest[2:]
	}
}

func (r *reading) amPM() bool {
	r.rest = strings.TrimLeft(r.rest, " \u00a0\u202f")
	for _, form := range []string{"am", "pm", "a.m.", "p.m."} {
		if len(r.rest) >= len(form) && strings.EqualFold(r.rest[:len(form)], form) {
			r.halfday, r.half, r.rest = true, form[0], r.rest[len(form):]
			return true
		}
	}
	return false
}

func (r *reading) zone() bool {
	s := strings.TrimLeft(r.rest, " ")
	end := strings.IndexAny(s, " ,)]")
	if end < 0 {
		end = len(s)
	}
	offset, ok := parseOffset(s[:end])
	r.zoned, r.offset, r.rest = ok, offset, s[end:]
	return ok
}

// finish turns a twelve-hour clock into one of twenty-four hours and checks
// that all parts exist.
func (r *reading) finish() (moment, fault) {
	if r.halfday {
		if r.hour < 1 || r.hour > 12 {
			return r.moment, noSuchTime
		}
		r.hour %= 12
		if r.half == 'p' {
			r.hour += 12
		}
	}
	return r.moment, r.check()
}
