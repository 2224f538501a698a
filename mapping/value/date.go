package value

import "time"

const (
	datePrefix = `{"value":"`
	dateSuffix = `"}`
)

// dateConverter reads dates. A time of day is trimmed, as Attio does; a moment
// that is the same all over the world (a text with a zone, a Unix time) has
// the date that it has in the time zone of the options, in UTC if none is
// said, which is what Attio would make of it.
func dateConverter(opts Options) (Converter, error) {
	layouts, err := compileLayouts(opts.Layouts)
	if err != nil {
		return nil, err
	}
	loc, err := location(opts.Timezone)
	if err != nil {
		return nil, err
	}
	return func(t Text) (Value, error) {
		s := Trim(t.Text)
		m, f, by := parseMoment(s, layouts)
		if f == fits && m.zoned {
			m, f = dayIn(m, loc)
		}
		if f != fits {
			return Value{}, momentError(InvalidDate, s, m, f, by, layouts)
		}
		return dateValue(m.year, m.month, m.day), nil
	}, nil
}

// parseMoment tries layouts in order. Where none fits, the first that fitted
// but for a part that does not exist tells why.
func parseMoment(s string, layouts []layout) (m moment, f fault, by string) {
	f = noFit
	for _, l := range layouts {
		lm, lf := l.parse(s)
		if lf == fits {
			return lm, fits, l.name
		}
		if f == noFit && lf != noFit {
			m, f, by = lm, lf, l.name
		}
	}
	return m, f, by
}

func dayIn(m moment, loc *time.Location) (moment, fault) {
	t, _ := m.in(loc)
	year, month, day := t.In(loc).Date()
	m = moment{year: year, month: int(month), day: day}
	return m, m.check()
}

func dateValue(year, month, day int) Value {
	var buf [32]byte
	b := append(buf[:0], datePrefix...)
	b = append(b, byte('0'+year/1000), byte('0'+year/100%10), byte('0'+year/10%10), byte('0'+year%10), '-')
	b = append(b, byte('0'+month/10), byte('0'+month%10), '-', byte('0'+day/10), byte('0'+day%10))
	b = append(b, dateSuffix...)
	return seal(b, len(datePrefix), len(dateSuffix))
}
