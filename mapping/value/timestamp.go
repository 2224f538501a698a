package value

import (
	"fmt"
	"time"
)

// timestampConverter reads moments and gives them in UTC. A time without a
// zone is in the time zone of the options; a date without a time is its
// midnight there. Local times that the clocks showed twice or skipped are
// settled as described at settle; a skipped one gets a note.
func timestampConverter(opts Options) (Converter, error) {
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
		var at time.Time
		var shifted bool
		if f == fits {
			at, shifted = m.in(loc)
			f = fromTime(at).check()
		}
		if f != fits {
			return Value{}, momentError(InvalidTimestamp, s, m, f, by, layouts)
		}
		v := timestampValue(at)
		if shifted {
			v.note = shiftNote(s, loc, at)
		}
		return v, nil
	}, nil
}

// timestampValue writes an instant in UTC, with as many decimals as it needs.
// Attio prints nine; the text given back by Stored is shortened likewise.
func timestampValue(at time.Time) Value {
	var buf [64]byte
	b := append(buf[:0], datePrefix...)
	b = at.UTC().AppendFormat(b, time.RFC3339Nano)
	b = append(b, dateSuffix...)
	return seal(b, len(datePrefix), len(dateSuffix))
}

func shiftNote(s string, loc *time.Location, at time.Time) *Error {
	return &Error{TimeShifted,
		fmt.Sprintf("%s does not exist in %s: the clocks went forward over it; taken as %s", quote(s), loc, at.In(loc).Format("15:04")),
		"check timezone: in the mapping; the times may be of another zone"}
}
