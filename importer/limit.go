package importer

import (
	"fmt"
	"strconv"
	"strings"
)

// Limit is a number of rows, or a share of all rows, that may fail. The zero
// Limit allows any number.
type Limit struct {
	set     bool
	rows    int
	percent float64
	share   bool
}

// ParseLimit reads "10" (rows) or "2.5%" (of the source's rows). "0" allows
// no failure at all; the empty text is the zero Limit.
func ParseLimit(text string) (Limit, error) {
	if text == "" {
		return Limit{}, nil
	}
	if number, ok := strings.CutSuffix(text, "%"); ok {
		p, err := strconv.ParseFloat(number, 64)
		if err != nil || !(p >= 0 && p <= 100) {
			return Limit{}, fmt.Errorf("%q is not a share between 0%% and 100%%", text)
		}
		return Limit{set: true, share: true, percent: p}, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return Limit{}, fmt.Errorf("%q is neither a number of rows nor a share such as 5%%", text)
	}
	return Limit{set: true, rows: n}, nil
}

// Exceeded reports whether failed rows out of a source's rows are too many.
func (l Limit) Exceeded(failed, rows int) bool {
	if !l.set {
		return false
	}
	if l.share {
		return float64(failed)*100 > l.percent*float64(rows)
	}
	return failed > l.rows
}

func (l Limit) String() string {
	switch {
	case !l.set:
		return ""
	case l.share:
		return strconv.FormatFloat(l.percent, 'f', -1, 64) + "%"
	}
	return strconv.Itoa(l.rows)
}
