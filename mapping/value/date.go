package value

import "time"

const (
	datePrefix = `{"value":"`
	dateSuffix = `"}`
)

// dateConverter reads dates. A time of day is trimmed, as Attio does. A moment
// that is the same all over the world (a text with a zone, a Unix time) has the
// date that it has in UTC, which is what Attio would make of it. The time zone
// of the options is for times that name none; those keep their day as it is
// written, so that it is only checked here.
func dateConverter(opts Options) (Converter, error) {
	layouts, err := compileLayouts(opts.Layouts)
	if err != nil {
		return nil, err
	}
	if _, err := location(opts.Timezone); err != nil {
		return nil, err
	}
	return func(t Text) (Value, error) {
		s := Trim(t.Text)
		m, f, by := parseMoment(s, layouts)
		if f == fits && m.zoned {
			m, f = dayInUTC(m)
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

func dayInUTC(m moment) (moment, fault) {
	t, _ := m.in(time.UTC)
	year, month, day := t.Date()
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
