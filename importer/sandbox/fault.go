package sandbox

import (
	"math/rand/v2"
	"slices"
	"sync"
)

// Faults that can be injected, with what they do to the request.
const (
	faultResetBefore = "reset-before"  // connection cut, nothing done
	faultResetAfter  = "reset-after"   // done, connection cut
	faultLate        = "late"          // connection cut, done up to five seconds later
	faultHang        = "hang"          // no answer; done in half of the cases
	faultTruncate    = "truncate"      // done, half a body
	fault500         = "http-500"      // JSON; done in half of the cases
	fault502         = "http-502-html" // HTML; done in half of the cases
	fault429         = "http-429"      // not done
	fault429Bare     = "429-bare"      // not done, no Retry-After
	faultPortal      = "http-200-html" // a portal's page; done in half of the cases
	faultWrongReply  = "wrong-reply"   // another record's answer; done in half of the cases
	faultRedirect    = "redirect"      // not done, 302 or 307 to another port
	faultCloseIdle   = "close-idle"    // done and answered, then the connection is closed unannounced
)

// FaultKinds lists the kinds that Options.Faults may name.
func FaultKinds() []string {
	return []string{
		faultResetBefore, faultResetAfter, faultLate, faultHang, faultTruncate, fault500, fault502,
		fault429, fault429Bare, faultPortal, faultWrongReply, faultRedirect, faultCloseIdle,
	}
}

// faults decides which requests go wrong.
type faults struct {
	mu    sync.Mutex
	kinds []string // in fixed order, so that a seed means the same everywhere
	rates []float64
	rand  *rand.Rand
}

func newFaults(rates map[string]float64, seed int64) *faults {
	f := &faults{rand: rand.New(rand.NewPCG(uint64(seed), 0))}
	for _, kind := range FaultKinds() {
		if rates[kind] > 0 {
			f.kinds = append(f.kinds, kind)
			f.rates = append(f.rates, rates[kind])
		}
	}
	return f
}

// decision is what happens to one request: kind "" is nothing.
type decision struct {
	kind string
	done bool // whether the work is done
	dice float64
}

// decide draws once per request, whether or not a fault follows, so that the sequence depends only on the seed.
func (f *faults) decide() decision {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.kinds) == 0 {
		return decision{done: true}
	}
	at, half, dice := f.rand.Float64(), f.rand.Float64() < 0.5, f.rand.Float64()
	for i, rate := range f.rates {
		if at -= rate; at < 0 {
			return decision{f.kinds[i], f.kinds[i] != "" && doneUnder(f.kinds[i], half), dice}
		}
	}
	return decision{done: true}
}

func doneUnder(kind string, half bool) bool {
	switch kind {
	case faultResetBefore, fault429, fault429Bare, faultRedirect:
		return false
	case faultHang, fault500, fault502, faultPortal, faultWrongReply:
		return half
	}
	return true
}

// end stops all faults.
func (f *faults) end() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.kinds, f.rates = nil, nil
}

func (f *faults) has(kind string) bool { return slices.Contains(f.kinds, kind) }
