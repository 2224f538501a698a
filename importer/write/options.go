package write

import (
	"slices"
	"time"

	"attio-import/mapping"
	"attio-import/mapping/schema"
)

// Options tune a Writer. The zero value is a working default.
type Options struct {
	// QuietTime is how long a write whose answer was lost is left alone before
	// it is looked up, because the request may still be on its way. The default, 0, is 5 s
	// where a second record would be refused, or the record is known by its
	// id, and 120 s where only the look-up keeps a record from being doubled. Any
	// other takes the place of both; one below zero means none at all.
	QuietTime time.Duration

	// Journal gets the intents that the engine does not put on record ahead; nil: nothing is kept.
	Journal Journal

	// Actor is the id by which the token of earlier processes of the run signed what
	// it made, if one of them has learnt it. This process may have another token.
	Actor string
}

// The quiet times: a server may go on with a request for a while after its
// caller is gone, and something in front of it may hold one back for longer. Where
// Attio itself refuses the second record, the time only spares a call.
const (
	shortQuiet = 5 * time.Second
	longQuiet  = 120 * time.Second
)

func (o Options) quiet(c class) time.Duration {
	switch {
	case o.QuietTime != 0:
		return max(o.QuietTime, 0)
	case c == findable:
		return longQuiet
	}
	return shortQuiet
}

// Quiet is how long the write that a record needs, or that was sent for it, is
// left alone if its answer gets lost.
func (w *Writer) Quiet(rec *mapping.Record) time.Duration { return w.policy.quiet(classOf(rec)) }

// Sheet is what Quiet needs to know of a bound mapping; *mapping.Plan has it.
type Sheet interface {
	Match() []*schema.Attribute
	Marker() *schema.Attribute
	Unique() bool
}

// Quiet is the longest quiet time that a row of a mapping may need. A process
// that takes up a run waits as long since the last sign of the one before it.
func Quiet(plan Sheet, o Options) time.Duration {
	several := func(a *schema.Attribute) bool { return !a.Unique }
	if !plan.Unique() && (plan.Marker() != nil || slices.ContainsFunc(plan.Match(), several)) {
		return o.quiet(findable)
	}
	return o.quiet(unique)
}
