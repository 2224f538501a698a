package value

import (
	"fmt"
	"strings"
	"sync"
	"time"
)

// momentError says why a text is no date or time: the part that does not
// exist, or that no layout fits, and which one would.
func momentError(code, s string, m moment, f fault, by string, layouts []layout) *Error {
	noun := "a date"
	if code == InvalidTimestamp {
		noun = "a time"
	}
	message := fmt.Sprintf("%s is not %s", quote(s), noun)
	switch f {
	case noSuchMonth:
		message += fmt.Sprintf(": there is no month %d", m.month)
	case noSuchDay:
		message += ": " + dayFault(m)
	case noSuchTime:
		message += ": there is no such time of day"
	case outOfRange:
		message += ": Attio keeps the years 1 to 9999"
	default:
		message += " in the layout " + layoutNames(layouts)
	}
	hint := layoutThatFits(s, layouts)
	switch {
	case hint != "":
	case f == noFit:
		hint = "correct the cell, or say layout: with the way the column is written"
	default:
		hint = "correct the cell"
	}
	return &Error{code, message, hint}
}

func dayFault(m moment) string {
	if m.day < 1 {
		return "there is no day 0"
	}
	month := time.Month(m.month)
	if month == time.February {
		return fmt.Sprintf("February has %d days in %d", daysIn(m.year, m.month), m.year)
	}
	return fmt.Sprintf("%s has %d days", month, daysIn(m.year, m.month))
}

func layoutNames(layouts []layout) string {
	names := make([]string, len(layouts))
	for i, l := range layouts {
		names[i] = l.name
	}
	return strings.Join(names, " or ")
}

// commonLayouts are tried, in this order, to propose a layout. The pairs that
// differ by the order of day and month stand beside each other.
var commonLayouts = sync.OnceValue(func() []layout {
	dates := []string{"DD/MM/YYYY", "MM/DD/YYYY", "DD.MM.YYYY", "DD-MM-YYYY", "MM-DD-YYYY", "YYYY/MM/DD", "YYYY-M-D",
		"YYYY.MM.DD", "DD/MM/YY", "MM/DD/YY", "DD.MM.YY", "D MMM YYYY", "MMM D, YYYY", "MMM D YYYY", "D-MMM-YYYY",
		"D-MMM-YY", "D. MMM YYYY", "MMM YYYY", "MM/YYYY"}
	times := []string{"", " hh:mm", " hh:mm:ss", " h:mm A", " h:mm:ss A", ", hh:mm", " hh:mm Z"}
	names := []string{"iso"}
	for _, d := range dates {
		for _, t := range times {
			names = append(names, d+t)
		}
	}
	layouts, _ := compileLayouts(names)
	return layouts
})

// layoutThatFits proposes a layout that would read s, as a hint; two where day
// and month could be either way.
func layoutThatFits(s string, used []layout) string {
	var found []string
	for _, candidates := range [][]layout{commonLayouts(), serialLayouts(s)} {
		for _, l := range candidates {
			if _, f := l.parse(s); f == fits && !contains(used, l.name) {
				found = append(found, l.name)
			}
		}
	}
	switch {
	case len(found) == 0:
		return ""
	case strings.HasPrefix(found[0], "D") && len(found) > 1:
		return fmt.Sprintf("if the day comes first, say layout: %s; if the month, layout: %s", found[0], found[1])
	case strings.HasPrefix(found[0], "DD"):
		return "if the day comes first, say layout: " + found[0]
	case strings.HasPrefix(found[0], "MM/") || strings.HasPrefix(found[0], "MM-"):
		return "if the month comes first, say layout: " + found[0]
	}
	return fmt.Sprintf("say layout: %s", found[0])
}

// serialLayouts are the layouts of bare numbers that a text of so many digits
// is likely in.
func serialLayouts(s string) []layout {
	switch n := digits(s); {
	case n == 10:
		return []layout{{"unix", parseUnix}}
	case n == 13:
		return []layout{{"unix_ms", parseUnixMilli}}
	case n == 5:
		return []layout{{"excel", parseExcel}}
	}
	return nil
}

func contains(layouts []layout, name string) bool {
	for _, l := range layouts {
		if l.name == name {
			return true
		}
	}
	return false
}
