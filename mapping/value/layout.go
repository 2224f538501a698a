package value

import (
	"fmt"
	"strings"
)

// layout is one way to write a date or a time.
type layout struct {
	name  string
	parse func(string) (moment, fault)
}

// compileLayouts reads the layouts of a mapping; none means iso.
func compileLayouts(names []string) ([]layout, error) {
	if len(names) == 0 {
		return []layout{{"iso", parseISO}}, nil
	}
	layouts := make([]layout, 0, len(names))
	for _, name := range names {
		l, err := compileLayout(name)
		if err != nil {
			return nil, err
		}
		layouts = append(layouts, l)
	}
	return layouts, nil
}

func compileLayout(name string) (layout, error) {
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "iso":
		return layout{name, parseISO}, nil
	case "unix":
		return layout{name, parseUnix}, nil
	case "unix_ms":
		return layout{name, parseUnixMilli}, nil
	case "excel":
		return layout{name, parseExcel}, nil
	}
	p, err := compilePattern(name)
	if err != nil {
		return layout{}, err
	}
	return layout{name, p.parse}, nil
}

// fieldKind is what stands at a place of a pattern.
type fieldKind int

const (
	literal fieldKind = iota
	blank             // one blank or more
	year4
	year2
	monthNumber
	monthName
	day
	weekday
	hour
	minute
	second
	fraction
	halfday // AM or PM
	zone
)

// field is one place of a pattern.
type field struct {
	kind  fieldKind
	char  byte // of a literal
	fixed int  // exact number of digits; 0: one or two
}

// pattern is a layout such as "DD/MM/YYYY hh:mm", taken apart.
type pattern []field

// compilePattern reads a pattern. Letters count whatever their case: Y year, M
// month (MMM by name), D day, DDD weekday, h hour, M after an hour minutes, s
// seconds, S after seconds their fraction, A AM or PM, Z a zone or offset. T before
// an hour and all that is no letter stand for themselves, letters in [brackets] too.
func compilePattern(text string) (pattern, error) {
	var p pattern
	for rest := text; rest != ""; {
		f, n := nextField(rest, p)
		if n == 0 {
			return nil, layoutError(text, rest)
		}
		if f[0].kind == halfday && len(p) > 0 && p[len(p)-1].kind == blank {
			p = p[:len(p)-1] // 1:05 PM and 1:05pm are written side by side
		}
		p, rest = append(p, f...), rest[n:]
	}
	if err := p.check(text); err != nil {
		return nil, err
	}
	p.fix()
	return p, nil
}

// nextField reads what the pattern says next, given the fields before it, and
// how many bytes say it; 0 where nothing is meant by them.
func nextField(s string, before pattern) (fields []field, n int) {
	c := s[0]
	switch {
	case c == ' ':
		return []field{{kind: blank}}, len(s) - len(strings.TrimLeft(s, " "))
	case c == '[':
		return bracketed(s)
	case c|0x20 == 't' && len(s) > 1 && s[1]|0x20 == 'h':
		return []field{{kind: literal, char: 'T'}}, 1
	case c|0x20 < 'a' || c|0x20 > 'z':
		return []field{{kind: literal, char: c}}, 1
	}
	f, n := letterField(s, run(s), before)
	return []field{f}, n
}

// letterField reads n equal letters.
func letterField(s string, n int, before pattern) (field, int) {
	f := field{fixed: n}
	switch c := s[0] | 0x20; {
	case c == 'y' && n == 4:
		f.kind = year4
	case c == 'y' && n == 2:
		f.kind = year2
	case c == 'm' && n > 2:
		f.kind = monthName
	case c == 'm' && before.last() == hour:
		f.kind = minute
	case c == 'm':
		f.kind = monthNumber
	case c == 'd' && n > 2:
		f.kind = weekday
	case c == 'd':
		f.kind = day
	case c == 'h' && n <= 2:
		f.kind = hour
	case c == 's' && before.has(second):
		f.kind = fraction
	case c == 's' && n <= 2:
		f.kind = second
	case c == 'z':
		f.kind = zone
	case c == 'a' && n == 1 && len(s) > 1 && s[1]|0x20 == 'm':
		return field{kind: halfday}, 2
	case c == 'a':
		f.kind = halfday
	default:
		return f, 0
	}
	return f, n
}

// bracketed reads letters that stand for themselves.
func bracketed(s string) ([]field, int) {
	end := strings.IndexByte(s, ']')
	if end < 2 {
		return nil, 0
	}
	fields := make([]field, 0, end)
	for i := 1; i < end; i++ {
		fields = append(fields, field{kind: literal, char: s[i]})
	}
	return fields, end + 1
}

// run is how often the first letter of s stands there in a row.
func run(s string) int {
	n := 1
	for n < len(s) && s[n]|0x20 == s[0]|0x20 {
		n++
	}
	return n
}

func (p pattern) has(kind fieldKind) bool { return p.count(kind) > 0 }

func (p pattern) count(kinds ...fieldKind) int {
	n := 0
	for _, f := range p {
		for _, k := range kinds {
			if f.kind == k {
				n++
			}
		}
	}
	return n
}

// last is the kind of the last field that is no literal.
func (p pattern) last() fieldKind {
	for i := len(p) - 1; i >= 0; i-- {
		if p[i].kind > blank {
			return p[i].kind
		}
	}
	return literal
}

// check refuses patterns that do not give a date.
func (p pattern) check(text string) error {
	wrong := ""
	switch {
	case strings.Contains(text, "%"):
		return layoutError(text, "%")
	case p.count(year4, year2) != 1:
		wrong = "it must have the year once, as YYYY or YY"
	case p.count(monthNumber, monthName) > 1 || p.count(day) > 1 || p.count(hour) > 1 || p.count(minute) > 1:
		wrong = "a part stands in it twice"
	case p.has(day) && p.count(monthNumber, monthName) == 0:
		wrong = "it has a day but no month"
	case p.has(halfday) && !p.has(hour) || p.has(zone) && !p.has(hour):
		wrong = "it has AM or a zone but no hour"
	}
	if wrong == "" {
		return nil
	}
	return &Error{InvalidSetting, fmt.Sprintf("%q is no layout: %s", text, wrong), layoutHint}
}

// fix demands the full number of digits of parts that touch another number, as
// in YYYYMMDD; elsewhere 3/4/2026 is as good as 03/04/2026.
func (p pattern) fix() {
	for i := range p {
		touches := i > 0 && p[i-1].number() || i+1 < len(p) && p[i+1].number()
		if !touches || p[i].fixed != 2 {
			p[i].fixed = 0
		}
	}
}

func (f field) number() bool {
	switch f.kind {
	case year4, year2, monthNumber, day, hour, minute, second, fraction:
		return true
	}
	return false
}

const layoutHint = `write it like "DD/MM/YYYY", "YYYY-MM-DD hh:mm" or "MMM D, YYYY", or say iso, unix, unix_ms or excel`

func layoutError(text, rest string) *Error {
	hint := layoutHint
	if strings.Contains(text, "%") || strings.Contains(text, "2006") {
		hint = "patterns of programming languages are not understood; " + layoutHint
	}
	return &Error{InvalidSetting, fmt.Sprintf("%q is no layout: %q means nothing in it", text, rest[:run(rest)]), hint}
}
