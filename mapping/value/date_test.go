package value

import (
	"testing"

	"attio-import/mapping/schema"
)

func TestDateISO(t *testing.T) {
	checkConversions(t, converter(t, attribute(schema.Date), Options{}), []conversion{
		{"2026-02-14", "2026-02-14", `{"value":"2026-02-14"}`, ""},
		{" 2026-02-14 ", "2026-02-14", `{"value":"2026-02-14"}`, ""},
		{"2026", "2026-01-01", `{"value":"2026-01-01"}`, ""},
		{"2026-02", "2026-02-01", `{"value":"2026-02-01"}`, ""},
		{"20260214", "2026-02-14", `{"value":"2026-02-14"}`, ""},
		{"2024-02-29", "2024-02-29", `{"value":"2024-02-29"}`, ""},
		{"0001-01-01", "0001-01-01", `{"value":"0001-01-01"}`, ""},
		{"9999-12-31", "9999-12-31", `{"value":"9999-12-31"}`, ""},
		// A time is trimmed; a zone counts first. The rows are Attio's own.
		{"2023-01-02T13:00", "2023-01-02", `{"value":"2023-01-02"}`, ""},
		{"2023-01-02 14:00:00", "2023-01-02", `{"value":"2023-01-02"}`, ""},
		{"2023-01-02T15:00:00.000000000", "2023-01-02", `{"value":"2023-01-02"}`, ""},
		{"2023-01-02T15:00:00.000000000+02:00", "2023-01-02", `{"value":"2023-01-02"}`, ""},
		{"2023-01-02T23:00:00-10:00", "2023-01-03", `{"value":"2023-01-03"}`, ""},
		{"2023-01-02T00:30:00 +0100", "2023-01-01", `{"value":"2023-01-01"}`, ""},
		{"2023-01-02T00:30:00Z", "2023-01-02", `{"value":"2023-01-02"}`, ""},
		{"2026-02-30", "", InvalidDate, ""},
		{"2023-02-29", "", InvalidDate, ""},
		{"1900-02-29", "", InvalidDate, ""},
		{"2026-13-01", "", InvalidDate, ""},
		{"2026-00-10", "", InvalidDate, ""},
		{"2026-01-00", "", InvalidDate, ""},
		{"0000-01-01", "", InvalidDate, ""},
		{"2026-02-14T25:00", "", InvalidDate, ""},
		{"0001-01-01T00:00:00+05:00", "", InvalidDate, ""}, // the year before the first
		{"2026-2-4", "", InvalidDate, ""},
		{"26-02-14", "", InvalidDate, ""},
		{"2026/02/14", "", InvalidDate, ""},
		{"2026-02-14Z", "", InvalidDate, ""},
		{"2026-02-14T10", "", InvalidDate, ""},
		{"2026-02-14T10:00 CET", "", InvalidDate, ""},
		{"2026-02-14x", "", InvalidDate, ""},
		{"202602", "", InvalidDate, ""},
		{"31/12/2026", "", InvalidDate, ""},
		{"1700000000", "", InvalidDate, ""},
		{"", "", InvalidDate, ""},
		{"soon", "", InvalidDate, ""},
	})
}

func TestDateLayouts(t *testing.T) {
	for _, tt := range []struct {
		layout, in, want string // want "" is a refusal
	}{
		{"DD/MM/YYYY", "31/12/2026", "2026-12-31"},
		{"DD/MM/YYYY", "3/4/2026", "2026-04-03"},
		{"dd/mm/yyyy", "31/12/2026", "2026-12-31"},
		{"D/M/YYYY", "03/04/2026", "2026-04-03"},
		{"DD/MM/YYYY", "12/31/2026", ""},
		{"DD/MM/YYYY", "31/02/2026", ""},
		{"DD/MM/YYYY", "31/12/26", ""},
		{"DD/MM/YYYY", "31.12.2026", ""},
		{"DD/MM/YYYY", "31/12/2026 10:00", ""},
		{"DD/MM/YYYY", "031/12/2026", ""},
		{"MM/DD/YYYY", "12/31/2026", "2026-12-31"},
		{"DD.MM.YY", "31.12.68", "2068-12-31"},
		{"DD.MM.YY", "31.12.69", "1969-12-31"},
		{"YYYYMMDD", "20261231", "2026-12-31"},
		{"YYYYMMDD", "2026123", ""},
		{"YYYY", "1996", "1996-01-01"},
		{"MM/YYYY", "2/2026", "2026-02-01"},
		{"D MMM YYYY", "14 Feb 2026", "2026-02-14"},
		{"D MMMM YYYY", "14 february 2026", "2026-02-14"},
		{"D MMM YYYY", "14 Febr. 2026", "2026-02-14"},
		{"D MMM YYYY", "14th July 2024", "2024-07-14"},
		{"D MMM YYYY", "1  Sept  2024", "2024-09-01"},
		{"D MMM YYYY", "14 Fe 2026", ""},
		{"D MMM YYYY", "14 Februarius 2026", ""},
		{"MMM D, YYYY", "Jul 4th, 2024", "2024-07-04"},
		{"DDDD, D MMMM YYYY", "Tuesday, 14 July 2024", "2024-07-14"},
		{"D-MMM-YY", "4-Jul-24", "2024-07-04"},
		{"DD/MM/YYYY hh:mm", "31/12/2026 23:59", "2026-12-31"},
		{"DD/MM/YYYY HH:MM", "31/12/2026 23:59", "2026-12-31"},
		{"hh:mm DD/MM/YYYY", "23:59 31/12/2026", "2026-12-31"},
		{"[on] YYYY-MM-DD", "on 2026-12-31", "2026-12-31"},
		{"iso", "2026-12-31", "2026-12-31"},
		{"unix", "1700000000", "2023-11-14"},
		{"unix", "-1", "1969-12-31"},
		{"unix", "1700000000.5", "2023-11-14"},
		{"unix", "1e9", ""},
		{"unix", "", ""},
		{"unix", "253402300800", ""}, // the year 10000
		{"unix_ms", "1700000000000", "2023-11-14"},
		{"unix_ms", "1700000000.5", ""},
		{"excel", "45000", "2023-03-15"},
		{"excel", "45000.75", "2023-03-15"},
		{"excel", "61", "1900-03-01"},
		{"excel", "60", ""},
		{"excel", "2958466", ""}, // the year 10000
		{"excel", "45,000", ""},
	} {
		c := converter(t, attribute(schema.Date), Options{Layouts: []string{tt.layout}})
		row := conversion{tt.in, tt.want, `{"value":"` + tt.want + `"}`, ""}
		if tt.want == "" {
			row.result = InvalidDate
		}
		checkConversions(t, c, []conversion{row})
	}
}

func TestLayoutsAreTriedInOrder(t *testing.T) {
	c := converter(t, attribute(schema.Date), Options{Layouts: []string{"DD/MM/YYYY", "MM/DD/YYYY", "iso"}})
	for in, want := range map[string]string{"05/06/2026": "2026-06-05", "06/25/2026": "2026-06-25", "2026-06-25": "2026-06-25"} {
		if v, err := c(Text{Text: in}); err != nil || v.Canonical() != want {
			t.Errorf("%s: %s, %v, want %s", in, v, err, want)
		}
	}
}

func TestDateOfAMomentIsThatOfUTC(t *testing.T) {
	for _, zone := range []string{"", "Europe/Berlin", "America/Los_Angeles"} {
		c := converter(t, attribute(schema.Date), Options{Layouts: []string{"iso", "unix"}, Timezone: zone})
		for in, want := range map[string]string{
			"2024-01-01T23:30:00-02:00": "2024-01-02",
			"2026-01-02T23:30:00Z":      "2026-01-02", // half past midnight in Berlin
			"2026-01-02 23:30":          "2026-01-02", // no zone of its own: the day as written
			"2026-01-02 00:10":          "2026-01-02",
			"1767396600":                "2026-01-02",
		} {
			if v, err := c(Text{Text: in}); err != nil || v.Canonical() != want {
				t.Errorf("%s, timezone %q: %s, %v, want %s", in, zone, v, err, want)
			}
		}
	}
}

func TestLayoutsThatAreNone(t *testing.T) {
	for _, layout := range []string{"", "DD/MM", "YYY-MM-DD", "YYYY-MM-DD-DD", "YYYY YYYY", "%d/%m/%Y", "02/01/2006", "DD/MM/YYYY at hh", "[YYYY",
		"hh:mm", "YYYY DD", "YYYY-MM-DD A", "YYYY-MM-DD Z", "MM MMM YYYY", "ISO8601", "hhh YYYY"} {
		_, err := NewConverter(attribute(schema.Date), Options{Layouts: []string{layout}})
		if e := typed(t, err); e == nil || e.Code != InvalidSetting {
			t.Errorf("%q: %v, want %s", layout, err, InvalidSetting)
		}
	}
}

func TestDateMessages(t *testing.T) {
	checkMessages(t, converter(t, attribute(schema.Date), Options{Layouts: []string{"DD/MM/YYYY"}}), []message{
		{"31/02/2026", "31/02/2026 is not a date: February has 28 days in 2026", "correct the cell"},
		{"29/02/2023", "February has 28 days in 2023", ""},
		{"31/04/2026", "April has 30 days", ""},
		{"12/31/2026", "there is no month 31", "if the month comes first, say layout: MM/DD/YYYY"},
		{"2026-02-14", "not a date in the layout DD/MM/YYYY", "say layout: iso"},
		{"31/12/2026 10:00", "", "DD/MM/YYYY hh:mm"},
	})
	checkMessages(t, converter(t, attribute(schema.Date), Options{}), []message{
		{"31/12/2026", "31/12/2026 is not a date in the layout iso", "if the day comes first, say layout: DD/MM/YYYY"},
		{"12/31/2026", "", "if the month comes first, say layout: MM/DD/YYYY"},
		{"05/06/2026", "", "if the day comes first, say layout: DD/MM/YYYY; if the month, layout: MM/DD/YYYY"},
		{"14 Feb 2026", "", "say layout: D MMM YYYY"},
		{"1700000000", "", "say layout: unix"},
		{"1700000000000", "", "say layout: unix_ms"},
		{"45000", "", "say layout: excel"},
		{"2026-02-30", "February has 28 days in 2026", "correct the cell"},
		{"soon", `"soon" is not a date in the layout iso`, "correct the cell"},
	})
}
