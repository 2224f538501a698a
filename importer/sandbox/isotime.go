package sandbox

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// parseDate reads ISO 8601 as dates are coerced: "2023" and "2023-01" are padded, a time is cut off, and a zone moves
// the date to UTC first (OpenAPI). The last date is 9999-12-31.
func parseDate(s string) (string, bool) {
	t, ok := parseISO(s)
	if !ok {
		return "", false
	}
	return t.Format(time.DateOnly), true
}

// parseTimestamp pads what is missing; without a zone it is UTC. The result has nine fractional digits.
func parseTimestamp(s string) (string, bool) {
	t, ok := parseISO(s)
	if !ok {
		return "", false
	}
	return t.Format(timeLayout), true
}

// parseISO reads YYYY[-MM[-DD[(T| )HH:MM[:SS[.fraction]][zone]]]] and returns it in UTC.
func parseISO(s string) (time.Time, bool) {
	date, clock := s, ""
	if i := strings.IndexAny(s, "Tt "); i >= 0 {
		date, clock = s[:i], s[i+1:]
		if len(date) != len(time.DateOnly) {
			return time.Time{}, false
		}
	}
	layouts := map[int]string{4: "2006", 7: "2006-01", 10: time.DateOnly}
	day, err := time.Parse(layouts[len(date)], date)
	if err != nil || layouts[len(date)] == "" {
		return time.Time{}, false
	}
	if clock == "" {
		return day, len(date) == len(s)
	}
	offset, ok := clockOffset(clock)
	t := day.Add(offset)
	return t, ok && t.Year() >= 0 && t.Year() <= 9999
}

// clockOffset is how far a time of day, with its zone, lies after midnight UTC of its date.
func clockOffset(clock string) (time.Duration, bool) {
	zone := time.Duration(0)
	if i := strings.IndexAny(clock, "Zz+-"); i >= 0 {
		var ok bool
		if zone, ok = zoneOffset(clock[i:]); !ok {
			return 0, false
		}
		clock = clock[:i]
	}
	for _, layout := range []string{"15:04", "15:04:05", "15"} { // a fraction after the seconds is accepted by Parse
		if t, err := time.Parse(layout, clock); err == nil {
			return t.Sub(t.Truncate(24*time.Hour)) - zone, true
		}
	}
	return 0, false
}

func zoneOffset(zone string) (time.Duration, bool) {
	if zone == "Z" || zone == "z" {
		return 0, true
	}
	for _, layout := range []string{"-07:00", "-0700", "-07"} {
		if t, err := time.Parse(layout, zone); err == nil {
			_, seconds := t.Zone()
			return time.Duration(seconds) * time.Second, true
		}
	}
	return 0, false
}

// period is an ISO 8601 duration: months and days are as long as the calendar says.
type period struct {
	years, months, days int
	clock               time.Duration
}

func (p period) after(t time.Time) time.Time {
	return t.AddDate(p.years, p.months, p.days).Add(p.clock)
}

var (
	periodForm = regexp.MustCompile(`^P(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(?:T(\d+(?:[.,]\d+)?H)?(\d+(?:[.,]\d+)?M)?(\d+(?:[.,]\d+)?S)?)?$`)
	clockUnits = [...]time.Duration{time.Hour, time.Minute, time.Second}
)

// parsePeriod reads "P1M", "P0Y0M1DT0H0M0S" (the pattern is OpenAPI's), up to a few thousand years.
func parsePeriod(s string) (p period, ok bool) {
	parts := periodForm.FindStringSubmatch(s)
	if parts == nil {
		return p, false
	}
	var n [7]float64
	for i, part := range parts[1:] {
		if part == "" {
			continue
		}
		f, err := strconv.ParseFloat(strings.Replace(part[:len(part)-1], ",", ".", 1), 64)
		if err != nil || f > 1e7 {
			return p, false
		}
		n[i] = f
	}
	p = period{years: int(n[0]), months: int(n[1]), days: 7*int(n[2]) + int(n[3])}
	for i, unit := range clockUnits {
		p.clock += time.Duration(n[4+i] * float64(unit))
	}
	return p, true
}
