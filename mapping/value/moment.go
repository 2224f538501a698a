package value

import "time"

// moment is a date, perhaps with a time, perhaps with a zone, as a text says
// it: the parts are not yet known to exist.
type moment struct {
	year, month, day int
	hour, min, sec   int
	nano             int
	timed            bool // has a time of day
	zoned            bool // offset counts
	offset           int  // seconds east of UTC
}

// fault says how far a text was understood as a moment.
type fault int

const (
	fits fault = iota
	noFit
	noSuchMonth
	noSuchDay
	noSuchTime
	outOfRange // before the year 1 or after 9999, which is as far as Attio goes
)

// check finds parts that do not exist.
func (m moment) check() fault {
	switch {
	case m.year < 1 || m.year > 9999:
		return outOfRange
	case m.month < 1 || m.month > 12:
		return noSuchMonth
	case m.day < 1 || m.day > daysIn(m.year, m.month):
		return noSuchDay
	case m.hour > 23 || m.min > 59 || m.sec > 59:
		return noSuchTime
	}
	return fits
}

func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// fromTime is the moment of an instant.
func fromTime(t time.Time) moment {
	t = t.UTC()
	year, month, day := t.Date()
	hour, minute, sec := t.Clock()
	return moment{year: year, month: int(month), day: day, hour: hour, min: minute, sec: sec,
		nano: t.Nanosecond(), timed: true, zoned: true}
}

// wall is the moment's clock read as if it stood in UTC.
func (m moment) wall() time.Time {
	return time.Date(m.year, time.Month(m.month), m.day, m.hour, m.min, m.sec, m.nano, time.UTC)
}

// in gives the instant of the moment; a time that names no zone is in loc.
// shifted reports a local time that does not exist there.
func (m moment) in(loc *time.Location) (t time.Time, shifted bool) {
	if m.zoned {
		return m.wall().Add(-time.Duration(m.offset) * time.Second), false
	}
	if loc == time.UTC {
		return m.wall(), false
	}
	return settle(m.wall(), loc)
}
