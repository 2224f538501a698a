package journal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"attio-import/importer/outcome"
)

// framed is a journal of more than 5 KiB, in groups of all sizes, for tests
// that read it some ten thousand times: of records that cost little to read.
func framed(t testing.TB, seed uint64) []byte {
	t.Helper()
	d := &disk{}
	j, err := New(d, Header{Run: "r"}, Options{})
	must(t, err)
	r := rand.New(rand.NewPCG(seed, 9))
	for row := 0; len(d.content()) < 5<<10; {
		var window []outcome.Intent
		for range r.IntN(8) {
			row++
			window = append(window, outcome.Intent{Row: row, Verb: outcome.Create, Key: fmt.Sprint("some-company-", row, "@example.com")})
		}
		must(t, j.Intend(context.Background(), window...))
		for i := range window {
			if i > 0 {
				must(t, j.Put(created(window[i].Row), nil, ""))
			}
		}
		must(t, j.Actor(fmt.Sprint("actor ", row)))
	}
	must(t, j.Close())
	return d.bytes
}

// groupsOf finds the groups of a whole journal, and what it says after each.
func groupsOf(t testing.TB, file []byte) (ends []int, states []*Log) {
	t.Helper()
	for at := len(magic); at < len(file); {
		h, length, s := parseHeader(file[at:])
		if s != whole {
			t.Fatalf("no group at %d", at)
		}
		at += length + h.bytes
		ends = append(ends, at)
		states = append(states, mustLoad(t, file[:at]))
	}
	return ends, states
}

// same reports whether two journals say the same: their results are at the
// same places, and all else is compared as it is.
func same(a, b *Log) bool {
	x, y := *a, *b
	for _, l := range []*Log{&x, &y} {
		l.file, l.size, l.cut, l.rows.last, l.rows.lastN = nil, 0, 0, nil, 0
	}
	return reflect.DeepEqual(x, y)
}

// TestTruncated cuts a journal at every byte of its last 4 KiB: what is read
// is what was committed up to there, and it goes on from there.
func TestTruncated(t *testing.T) {
	file := framed(t, 1)
	ends, states := groupsOf(t, file)
	for n := len(file) - 4<<10; n < len(file); n += sparse {
		group, found := slices.BinarySearch(ends, n)
		if !found {
			group--
		}
		l, err := load(of(file), int64(n))
		if err != nil {
			t.Fatalf("cut at %d: %v", n, err)
		}
		if !same(l, states[group]) || l.Cut() != int64(n-ends[group]) {
			t.Fatalf("cut at %d, cut off %d of %d:\n%s\nwant\n%s", n, l.Cut(), n-ends[group], describe(t, l), describe(t, states[group]))
		}
		if n%20 == 0 {
			goesOn(t, file[:n], ends[group])
		}
	}
}

// goesOn resumes a journal, and adds a row to it. It must be as if the torn
// tail, after end, had never been.
func goesOn(t testing.TB, file []byte, end int) {
	t.Helper()
	d := of(file)
	j, l, err := Resume(d, int64(len(file)), Options{})
	must(t, err)
	if l.Cut() != int64(len(file)-end) || !bytes.Equal(d.content()[:end], file[:end]) {
		t.Fatalf("resumed at %d with %d bytes cut", len(file), l.Cut())
	}
	must(t, j.Intend(context.Background(), outcome.Intent{Row: 777, Verb: outcome.Create}))
	must(t, j.Withdraw(777))
	must(t, j.Close())
	after := mustLoad(t, d.content())
	after.processes--
	want := mustLoad(t, file[:end])
	want.complete = false
	if got, want := describe(t, after), describe(t, want); got != want {
		t.Fatalf("after a resume at %d:\n%s\nwant\n%s", len(file), got, want)
	}
	if cut := fmt.Sprintf(`"cut":%d`, len(file)-end); len(file) > end && !bytes.Contains(d.content()[end:], []byte(cut)) {
		t.Fatalf("the cut is not on record:\n%s", d.content()[end:])
	}
}

// TestFlipped flips every bit of the last 4 KiB. Each is found and said but
// those that make a zero byte of the first byte of a group where that is the last of a sector: so
// would a lost sector look. They cost the last group, as that would.
func TestFlipped(t *testing.T) {
	for _, seed := range []uint64{1, 2, 3} {
		file := framed(t, seed)
		ends, states := groupsOf(t, file)
		last := ends[len(ends)-2]
		from := len(file) - 4<<10
		if seed > 1 {
			from = last // the others' last groups
		}
		for n := from; n < len(file); n += sparse {
			for bit := range 8 {
				flipped := slices.Clone(file)
				flipped[n] ^= 1 << bit
				l, err := load(&disk{bytes: flipped}, int64(len(flipped)))
				var corrupt *CorruptError
				switch {
				case errors.As(err, &corrupt):
					group, found := slices.BinarySearch(ends, n)
					if found {
						group++
					}
					if corrupt.Group != group+1 || corrupt.Offset != int64(ends[group-1]) || corrupt.Hint() == "" {
						t.Fatalf("bit %d of byte %d, in group %d: %v", bit, n, group+1, err)
					}
				case err != nil:
					t.Fatalf("bit %d of byte %d: %v", bit, n, err)
				case n == last && n%sector == sector-1 && flipped[n] == 0:
					if !same(l, states[len(states)-2]) {
						t.Fatalf("bit %d of byte %d: a wrong state", bit, n)
					}
				default:
					t.Fatalf("bit %d of byte %d: not found", bit, n)
				}
			}
		}
	}
}

// TestFlippedAndTruncated has both: a torn tail, and a flipped bit somewhere
// before or in it. Never may a wrong state come out, and what was synced only be lost with
// a word.
func TestFlippedAndTruncated(t *testing.T) {
	file := framed(t, 4)
	ends, states := groupsOf(t, file)
	r := rand.New(rand.NewPCG(1, 2))
	for range 4000 / sparse {
		n := len(file) - 1 - r.IntN(4<<10)
		group, found := slices.BinarySearch(ends, n)
		if !found {
			group--
		}
		cut := slices.Clone(file[:n])
		at := n - 1 - r.IntN(min(n, 1000))
		cut[at] ^= 1 << r.IntN(8)
		l, err := load(&disk{bytes: cut}, int64(n))
		var corrupt *CorruptError
		switch {
		case errors.As(err, &corrupt):
		case err != nil:
			t.Fatalf("%v", err)
		case at >= ends[group]: // in the tail
			if !same(l, states[group]) {
				t.Fatalf("cut at %d, flipped at %d: a wrong state\n%s", n, at, describe(t, l))
			}
		case group > 0 && at == ends[group-1] && at%sector == sector-1 && cut[at] == 0 && n == ends[group]:
		default:
			t.Fatalf("cut at %d, flipped at %d of a synced group: not found", n, at)
		}
	}
}

// TestPowerLoss has the power fail while a group is written: of its sectors
// each is there or not, in any combination, and the file may have its new length or not.
// What was synced is there, and the journal goes on.
func TestPowerLoss(t *testing.T) {
	d := &disk{}
	j := mustNew(t, d, Options{})
	must(t, j.Intend(context.Background(), outcome.Intent{Row: 1, Verb: outcome.Create}))
	r := rand.New(rand.NewPCG(3, 4))
	for round := range 25/sparse + 5 {
		synced := len(d.content())
		var intents []outcome.Intent
		for range 1 + r.IntN(40) {
			intents = append(intents, outcome.Intent{Row: 1 + r.IntN(1000), Verb: outcome.Create, Key: fmt.Sprint("key ", round)})
		}
		must(t, j.Intend(context.Background(), intents...))
		file := d.content()
		for trial := range 60 {
			lost := loseSectors(r, file, synced)
			if trial%6 == 0 {
				lost = append(lost[:synced], make([]byte, r.IntN(5000))...) // the length alone
			}
			l, err := load(of(lost), int64(len(lost)))
			if err != nil {
				t.Fatalf("round %d: %v\n%q", round, err, lost[synced:])
			}
			end := int(l.size - l.cut)
			if whole := bytes.Equal(lost, file); end != synced && !(whole && end == len(file)) {
				t.Fatalf("round %d: read to %d, synced to %d of %d", round, end, synced, len(file))
			}
			if trial < 2 {
				goesOn(t, lost, end)
			}
		}
	}
	must(t, j.Close())
}

// loseSectors is a file of which the bytes after synced may not have reached the disk.
func loseSectors(r *rand.Rand, file []byte, synced int) []byte {
	lost := slices.Clone(file)
	odds := r.IntN(4) + 1
	for at := synced; at < len(file); {
		end := min(len(file), (at/sector+1)*sector)
		if r.IntN(odds) == 0 {
			clear(lost[at:end])
		}
		at = end
	}
	if r.IntN(2) == 0 {
		lost = lost[:synced+r.IntN(len(file)-synced+1)]
	}
	return lost
}

// TestDamaged has what flips and cuts do not make.
func TestDamaged(t *testing.T) {
	file := framed(t, 5)
	ends, states := groupsOf(t, file)
	n := len(ends)
	third, second := ends[n-4], ends[n-3]
	for name, c := range map[string]struct {
		file []byte
		want *Log // nil: damaged
	}{
		"empty":                        {nil, nil},
		"half a first line":            {[]byte(magic[:10]), nil},
		"first line alone":             {[]byte(magic), nil},
		"half a header":                {file[:ends[0]-1], nil},
		"another file":                 {[]byte("row,line,key\n1,2,a\n"), nil},
		"a group missing":              {slices.Concat(file[:third], file[second:]), nil},
		"a group twice":                {slices.Concat(file[:second], file[third:]), nil},
		"a group overwritten by zeros": {slices.Concat(file[:third], make([]byte, second-third), file[second:]), nil},
		"a last line by an editor":     {slices.Concat(file, []byte("\n")), nil},
		"a line by hand":               {slices.Concat(file, []byte("{\"r\":5}\n")), nil},
		"zeros at the end":             {slices.Concat(file, make([]byte, 70000)), states[n-1]},
		"a length that never was":      {slices.Concat(file, []byte("@"+fmt.Sprint(n+1)+" 99999999 1 00000000\n")), nil},
		"a group that has begun":       {slices.Concat(file, []byte("@"+fmt.Sprint(n+1)+" 500 1 00000000\n{\"r\":5")), states[n-1]},
		"a header that has begun":      {slices.Concat(file, []byte("@"+fmt.Sprint(n+1))), states[n-1]},
	} {
		l, err := load(of(c.file), int64(len(c.file)))
		var corrupt *CorruptError
		switch {
		case c.want == nil && !errors.As(err, &corrupt):
			t.Errorf("%s: %v", name, err)
		case c.want != nil && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.want != nil && !same(l, c.want):
			t.Errorf("%s: a wrong state", name)
		}
	}
}
