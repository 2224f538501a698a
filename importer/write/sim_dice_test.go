package write_test

import "time"

// dice decide what happens in a trial. A decision hangs on the seed and on
// what it is about (the second call of row 3, the fourth sync), never on how many
// decisions came before it, so that goroutines which run in another order do
// not turn a seed into another story.
type dice uint64

// of gives the dice of one thing.
func (d dice) of(what ...int) dice {
	for _, w := range what {
		d = mixed(d + 0x9e3779b97f4a7c15 ^ dice(w)*0xd6e8feb86659fd93)
	}
	return d
}

// about gives the dice of a thing with a name.
func (d dice) about(name string) dice {
	h := dice(14695981039346656037)
	for i := 0; i < len(name); i++ {
		h = (h ^ dice(name[i])) * 1099511628211
	}
	return d.of(int(h))
}

func mixed(z dice) dice {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (d *dice) roll() uint64 {
	*d += 0x9e3779b97f4a7c15
	return uint64(mixed(*d))
}

// float is in [0, 1).
func (d *dice) float() float64 { return float64(d.roll()>>11) / (1 << 53) }

func (d *dice) chance(p float64) bool { return d.float() < p }

// below is in [0, n); 0 for n of 0.
func (d *dice) below(n int) int {
	if n <= 0 {
		return 0
	}
	return int(d.roll() % uint64(n))
}

// from is in [a, b].
func (d *dice) from(a, b int) int { return a + d.below(b-a+1) }

// span is a time between two others, odd nanoseconds included: two things hardly
// ever happen at the same instant.
func (d *dice) span(a, b time.Duration) time.Duration {
	return a + time.Duration(d.roll()%uint64(b-a+1))
}

// pick chooses among things with weights; -1 if none has any.
func (d *dice) pick(weights ...float64) int {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	x := d.float() * sum
	for i, w := range weights {
		if x -= w; x < 0 {
			return i
		}
	}
	return -1
}
