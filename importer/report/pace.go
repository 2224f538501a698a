package report

import "time"

// paceWindow is how far back a rate looks: far enough that a pause of some
// seconds does not throw the estimate about, near enough to follow a run
// whose unchanged rows fly by and whose new ones do not.
const paceWindow = 30 * time.Second

// pace is the rate of the last [paceWindow].
type pace struct{ marks []mark }

type mark struct {
	at   time.Time
	done int64
}

// add tells how many are done at a time.
func (p *pace) add(at time.Time, done int64) {
	p.marks = append(p.marks, mark{at, done})
	old := 0
	for old < len(p.marks)-2 && at.Sub(p.marks[old+1].at) >= paceWindow {
		old++
	}
	p.marks = append(p.marks[:0], p.marks[old:]...)
}

// rate is the number done a second; 0 where nothing can be said.
func (p *pace) rate() float64 {
	if len(p.marks) < 2 {
		return 0
	}
	first, last := p.marks[0], p.marks[len(p.marks)-1]
	seconds := last.at.Sub(first.at).Seconds()
	if seconds <= 0 {
		return 0
	}
	return float64(last.done-first.done) / seconds
}

// left is the time that the rest takes at this rate; false where nothing
// moves, so that a pause does not promise anything.
func (p *pace) left(total int64) (time.Duration, bool) {
	rate := p.rate()
	if rate <= 0 {
		return 0, false
	}
	rest := max(0, total-p.marks[len(p.marks)-1].done)
	return time.Duration(float64(rest) / rate * float64(time.Second)), true
}
