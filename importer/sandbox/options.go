package sandbox

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Options configure a Server. The zero value listens on a free port of 127.0.0.1, keeps everything in memory, has the
// standard objects and one workspace member, and no limits, delays or faults.
type Options struct {
	Listen string // host:port on loopback; default 127.0.0.1:0

	WriteRate, ReadRate float64 // requests a second; 0: no limit (Attio: 25 and 100)
	RateWindow          string  // "clock" (default): whole seconds of the clock; "sliding": any second
	QueryScore          float64 // sum of the scores of queries within ten seconds; 0: no limit

	Jitter  Range // spent before a request is counted against the rate
	Latency Range // spent after that, before the work is done

	DataFile string // keeps everything over restarts, kills included; "": memory
	Token    string // 64 hexadecimal characters; "": what the data file holds, else a new one
	Scopes   []string

	Seed        []byte   // schema, members and records of a new workspace; see the package documentation
	Empty       bool     // of the seed, only the schema and one member
	Disable     []string // slugs of standard objects that are not enabled
	AutoCompany bool     // a new person's email domain finds or makes the company

	DateSkew time.Duration // added to every time that the server tells

	Faults    map[string]float64 // kind to rate, between 0 and 1 and together at most 1; decided per request
	FaultSeed int64              // the same seed decides alike for the same sequence of requests
}

func (o Options) applyDefaults() Options {
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	if o.RateWindow == "" {
		o.RateWindow = "clock"
	}
	return o
}

func (o Options) check() error {
	if o.RateWindow != "clock" && o.RateWindow != "sliding" {
		return fmt.Errorf("rate window %q: want clock or sliding", o.RateWindow)
	}
	for name, v := range map[string]float64{"write rate": o.WriteRate, "read rate": o.ReadRate, "query score": o.QueryScore} {
		if !(v >= 0) {
			return fmt.Errorf("%s %v: want 0 or more", name, v)
		}
	}
	if _, ok := parseToken(o.Token); o.Token != "" && !ok {
		return fmt.Errorf("the token must be 64 hexadecimal characters")
	}
	sum := 0.0
	for kind, rate := range o.Faults {
		if err := checkFault(kind, rate); err != nil {
			return err
		}
		sum += rate
	}
	if sum > 1+1e-9 {
		return fmt.Errorf("the fault rates add up to %v, more than 1", sum)
	}
	return checkListen(o.Listen)
}

// Range is a span of durations to choose from; a single duration has Min equal to Max.
type Range struct{ Min, Max time.Duration }

// ParseRange reads "150ms" or "150ms-400ms".
func ParseRange(s string) (Range, error) {
	low, high, both := strings.Cut(s, "-")
	if !both {
		high = low
	}
	from, err := parsePause(low)
	if err != nil {
		return Range{}, fmt.Errorf("%q: want a duration such as 150ms, or two joined by a hyphen", s)
	}
	to, err := parsePause(high)
	if err != nil || to < from {
		return Range{}, fmt.Errorf("%q: want a duration such as 150ms, or a smaller and a larger one joined by a hyphen", s)
	}
	return Range{from, to}, nil
}

func parsePause(s string) (time.Duration, error) {
	if s == "0" {
		return 0, nil
	}
	return time.ParseDuration(s)
}

// String is the form that ParseRange reads.
func (r Range) String() string {
	if r.Min == r.Max {
		return r.Min.String()
	}
	return r.Min.String() + "-" + r.Max.String()
}

func (r Range) pick() time.Duration {
	if r.Max <= r.Min {
		return r.Min
	}
	return r.Min + time.Duration(rand.Int64N(int64(r.Max-r.Min)+1))
}

// ParseFault reads "reset-after=0.05".
func ParseFault(s string) (kind string, rate float64, err error) {
	kind, text, ok := strings.Cut(s, "=")
	if !ok {
		return "", 0, fmt.Errorf("fault %q: want KIND=RATE, such as reset-after=0.05", s)
	}
	rate, err = strconv.ParseFloat(text, 64)
	if err != nil {
		return "", 0, fmt.Errorf("fault %q: the rate must be a number between 0 and 1", s)
	}
	return kind, rate, checkFault(kind, rate)
}

func checkFault(kind string, rate float64) error {
	if !slices.Contains(FaultKinds(), kind) {
		return fmt.Errorf("fault %q is not known; there are %s", kind, strings.Join(FaultKinds(), ", "))
	}
	if !(rate >= 0 && rate <= 1) {
		return fmt.Errorf("fault %s=%v: the rate must be between 0 and 1", kind, rate)
	}
	return nil
}
