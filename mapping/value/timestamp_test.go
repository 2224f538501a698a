package value

import (
	"testing"
	"time"

	"attio-import/mapping/schema"
)

func TestTimestampISO(t *testing.T) {
	checkConversions(t, converter(t, attribute(schema.Timestamp), Options{}), []conversion{
		{"2023-01-02T13:00:00Z", "2023-01-02T13:00:00Z", `{"value":"2023-01-02T13:00:00Z"}`, ""},
		{"2023-01-02T13:00:00.000000000+02:00", "2023-01-02T11:00:00Z", `{"value":"2023-01-02T11:00:00Z"}`, ""},
		{"2023-01-02 13:00", "2023-01-02T13:00:00Z", `{"value":"2023-01-02T13:00:00Z"}`, ""},
		{"2023-01-02T13:00:00,5-0330", "2023-01-02T16:30:00.5Z", `{"value":"2023-01-02T16:30:00.5Z"}`, ""},
		{"2023-01-02T13:00:00.1234567899 UTC", "2023-01-02T13:00:00.123456789Z", `{"value":"2023-01-02T13:00:00.123456789Z"}`, ""},
		{"2023-01-02", "2023-01-02T00:00:00Z", `{"value":"2023-01-02T00:00:00Z"}`, ""},
		{"2023", "2023-01-01T00:00:00Z", `{"value":"2023-01-01T00:00:00Z"}`, ""},
		{"9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999999Z", `{"value":"9999-12-31T23:59:59.999999999Z"}`, ""},
		{"9999-12-31T23:59:59-01:00", "", InvalidTimestamp, ""}, // the year 10000
		{"0001-01-01T00:00:00+01:00", "", InvalidTimestamp, ""},
		{"2023-01-02T24:00:00Z", "", InvalidTimestamp, ""},
		{"2023-01-02T23:60:00Z", "", InvalidTimestamp, ""},
		{"2023-02-29T00:00:00Z", "", InvalidTimestamp, ""},
		{"2023-01-02T13:00:00+19:00", "", InvalidTimestamp, ""},
		{"2023-01-02T13:00:00+1:00", "", InvalidTimestamp, ""},
		{"2023-01-02T13:00:00+01:0", "", InvalidTimestamp, ""},
		{"2023-01-02T13:00:00 PST", "", InvalidTimestamp, ""}, // not unique
		{"2023-01-02T13:00:00.", "", InvalidTimestamp, ""},
		{"13:00", "", InvalidTimestamp, ""},
		{"", "", InvalidTimestamp, ""},
	})
}

func TestTimestampLayouts(t *testing.T) {
	for _, tt := range []struct{ layout, in, want string }{
		{"DD/MM/YYYY h:mm A", "31/12/2026 12:05 AM", "2026-12-31T00:05:00Z"},
		{"DD/MM/YYYY h:mm A", "31/12/2026 12:05 p.m.", "2026-12-31T12:05:00Z"},
		{"DD/MM/YYYY h:mm A", "31/12/2026 1:05pm", "2026-12-31T13:05:00Z"},
		{"DD/MM/YYYY h:mm AM", "31/12/2026 11:59 pm", "2026-12-31T23:59:00Z"},
		{"DD/MM/YYYY h:mm A", "31/12/2026 13:05 PM", ""},
		{"DD/MM/YYYY h:mm A", "31/12/2026 0:05 AM", ""},
		{"DD/MM/YYYY h:mm A", "31/12/2026 1:05", ""},
		{"YYYY-MM-DD hh:mm:ss.sss", "2026-12-31 10:00:01.25", "2026-12-31T10:00:01.25Z"},
		{"YYYY-MM-DD hh:mm:ss Z", "2026-12-31 10:00:01 +02:00", "2026-12-31T08:00:01Z"},
		{"YYYY-MM-DD hh:mm:ss Z", "2026-12-31 10:00:01 UTC", "2026-12-31T10:00:01Z"},
		{"YYYY-MM-DDThh:mmZ", "2026-12-31T10:00Z", "2026-12-31T10:00:00Z"},
		{"YYYYMMDDhhmmss", "20261231100001", "2026-12-31T10:00:01Z"},
		{"unix", "1700000000", "2023-11-14T22:13:20Z"},
		{"unix", "1700000000.25", "2023-11-14T22:13:20.25Z"},
		{"unix_ms", "1700000000123", "2023-11-14T22:13:20.123Z"},
		{"excel", "45000.5", "2023-03-15T12:00:00Z"},
		{"excel", "45000.99999", "2023-03-15T23:59:59.136Z"},
	} {
		c := converter(t, attribute(schema.Timestamp), Options{Layouts: []string{tt.layout}})
		row := conversion{tt.in, tt.want, `{"value":"` + tt.want + `"}`, ""}
		if tt.want == "" {
			row.result = InvalidTimestamp
		}
		checkConversions(t, c, []conversion{row})
	}
}

func TestTimestampInAZone(t *testing.T) {
	for _, tt := range []struct{ zone, in, want, note string }{
		{"Europe/Berlin", "2026-01-15 12:00", "2026-01-15T11:00:00Z", ""},
		{"Europe/Berlin", "2026-07-15 12:00", "2026-07-15T10:00:00Z", ""},
		{"Europe/Berlin", "2026-07-15", "2026-07-14T22:00:00Z", ""},
		{"Europe/Berlin", "2026-07-15 12:00Z", "2026-07-15T12:00:00Z", ""},
		// The clocks go from 02:00 to 03:00.
		{"Europe/Berlin", "2026-03-29 01:59:59", "2026-03-29T00:59:59Z", ""},
		{"Europe/Berlin", "2026-03-29 02:00", "2026-03-29T01:00:00Z", TimeShifted},
		{"Europe/Berlin", "2026-03-29 02:59", "2026-03-29T01:59:00Z", TimeShifted},
		{"Europe/Berlin", "2026-03-29 03:00", "2026-03-29T01:00:00Z", ""},
		// They go from 03:00 back to 02:00: the first of the two counts.
		{"Europe/Berlin", "2026-10-25 01:59", "2026-10-24T23:59:00Z", ""},
		{"Europe/Berlin", "2026-10-25 02:00", "2026-10-25T00:00:00Z", ""},
		{"Europe/Berlin", "2026-10-25 02:59", "2026-10-25T00:59:00Z", ""},
		{"Europe/Berlin", "2026-10-25 03:00", "2026-10-25T02:00:00Z", ""},
		{"America/New_York", "2026-03-08 02:30", "2026-03-08T07:30:00Z", TimeShifted},
		{"America/New_York", "2026-11-01 01:30", "2026-11-01T05:30:00Z", ""},
		{"Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04T14:45:00Z", ""}, // half an hour back
		{"Asia/Kolkata", "2026-01-15 12:00", "2026-01-15T06:30:00Z", ""},
		{"Pacific/Apia", "2011-12-30 12:00", "2011-12-30T22:00:00Z", TimeShifted}, // a whole day skipped
	} {
		c := converter(t, attribute(schema.Timestamp), Options{Timezone: tt.zone})
		checkConversions(t, c, []conversion{{tt.in, tt.want, `{"value":"` + tt.want + `"}`, tt.note}})
	}
}

// Every clock reading around a transition is settled on an instant that shows
// it, or, where none does, on one as much later as the clocks were moved.
func TestSettleAroundTransitions(t *testing.T) {
	for _, zone := range []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		for wall := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC); wall.Year() == 2026; wall = wall.Add(15 * time.Minute) {
			at, shifted := settle(wall, loc)
			_, offset := at.In(loc).Zone()
			shown := at.UTC().Add(time.Duration(offset) * time.Second)
			if shifted == shown.Equal(wall) || shown.Before(wall) || shown.Sub(wall) > 2*time.Hour {
				t.Errorf("%s: %s settled on %s, which shows %s (shifted: %t)", zone, wall, at.UTC(), shown, shifted)
			}
			for _, back := range []time.Duration{30 * time.Minute, time.Hour} {
				earlier := at.Add(-back)
				if _, o := earlier.In(loc).Zone(); !shifted && earlier.UTC().Add(time.Duration(o)*time.Second).Equal(wall) {
					t.Errorf("%s: %s settled on %s, not on the first time at %s", zone, wall, at.UTC(), earlier.UTC())
				}
			}
		}
	}
}

func TestTimestampMessages(t *testing.T) {
	checkMessages(t, converter(t, attribute(schema.Timestamp), Options{}), []message{
		{"31/12/2026 10:00", `"31/12/2026 10:00" is not a time in the layout iso`, "DD/MM/YYYY hh:mm"},
		{"2026-02-30T10:00", "February has 28 days in 2026", ""},
		{"2026-02-14T25:00", "no such time of day", ""},
		{"9999-12-31T23:59:59-01:00", "the years 1 to 9999", ""},
	})
}
