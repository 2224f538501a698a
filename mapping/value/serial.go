package value

import (
	"strconv"
	"strings"
	"time"
)

// The years 1 and 10000, in seconds since 1970.
const (
	firstUnix = -62135596800
	afterUnix = 253402300800
)

// parseUnix reads seconds since 1970 in UTC, with decimals.
func parseUnix(s string) (moment, fault) {
	whole, fraction, _ := strings.Cut(s, ".")
	sec, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || digits(fraction) != len(fraction) || strings.HasSuffix(s, ".") || whole[0] == '+' {
		return moment{}, noFit
	}
	if sec < firstUnix || sec >= afterUnix {
		return moment{}, outOfRange
	}
	nano := int64(nanos(fraction))
	if whole[0] == '-' {
		nano = -nano
	}
	return fromTime(time.Unix(sec, nano)), fits
}

// parseUnixMilli reads whole milliseconds since 1970 in UTC.
func parseUnixMilli(s string) (moment, fault) {
	ms, err := strconv.ParseInt(s, 10, 64)
	if err != nil || s[0] == '+' {
		return moment{}, noFit
	}
	if ms < firstUnix*1000 || ms >= afterUnix*1000 {
		return moment{}, outOfRange
	}
	return fromTime(time.UnixMilli(ms)), fits
}

// excelEpoch is day 0 of Excel's 1900 date system for the days from March
// 1900 on. Before, Excel counts a 29 February 1900 that never was.
var excelEpoch = time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC)

// parseExcel reads an Excel serial number: days, the time of day as decimals.
// It is a clock reading without a zone, rounded to milliseconds as Excel does.
// Serials below 61, which mean dates before March 1900, are refused.
func parseExcel(s string) (moment, fault) {
	n := digits(s)
	if n == 0 || n > 7 || n < len(s) && (s[n] != '.' || digits(s[n+1:]) != len(s)-n-1) {
		return moment{}, noFit
	}
	days := number(s[:n])
	if days < 61 {
		return moment{}, outOfRange
	}
	var ms int64
	if n+1 < len(s) {
		part, _ := strconv.ParseFloat(s[n:], 64)
		ms = int64(part*86400000 + 0.5)
	}
	m := fromTime(excelEpoch.AddDate(0, 0, days).Add(time.Duration(ms) * time.Millisecond))
	m.zoned, m.timed = false, ms > 0
	return m, m.check()
}
