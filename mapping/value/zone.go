package value

import (
	"fmt"
	"time"
	_ "time/tzdata" // zones are there on every machine, whatever it has installed
)

// location finds the zone of an IANA name; empty is UTC. "Local" is refused:
// the same file must mean the same everywhere.
func location(name string) (*time.Location, error) {
	if name == "" || name == "UTC" {
		return time.UTC, nil
	}
	loc, err := time.LoadLocation(name)
	if err != nil || loc == time.Local {
		return nil, &Error{InvalidSetting, fmt.Sprintf("%q is no time zone", name), "say an IANA name, such as Europe/Berlin"}
	}
	return loc, nil
}

// settle gives the instant at which clocks in loc showed wall, a clock reading
// held in UTC. Where clocks went back and showed it twice, the first time
// counts. Where they went forward and never showed it, it is counted with the
// offset from before, which moves it on by as much as the clocks were moved;
// shifted reports that. Both are what RFC 5545, section 3.3.5, says.
//
// time.Date alone will not do: of two readings it may give either.
func settle(wall time.Time, loc *time.Location) (t time.Time, shifted bool) {
	t = time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), wall.Nanosecond(), loc)
	_, offset := t.Zone()
	start, _ := t.ZoneBounds()
	shown := t.Add(time.Duration(offset) * time.Second).UTC()
	if shown.Before(wall) {
		return wall.Add(-time.Duration(offset) * time.Second), true
	}
	if shown.After(wall) {
		return t, true
	}
	if start.IsZero() {
		return t, false
	}
	_, before := start.Add(-time.Second).Zone()
	if earlier := wall.Add(-time.Duration(before) * time.Second); earlier.Before(start) {
		return earlier, false
	}
	return t, false
}
