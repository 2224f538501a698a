package write

// This file is for tests alone. It puts faults into the rule for lost answers,
// so that a simulation can show that it would see them:
//
//	NoQuietTime      a lost answer is looked up at once
//	ConflictRejects  a conflict after a lost answer is called rejected
//	BlindResend      an update is sent again, whatever the record says by now
//	AssertForNew     a create overwrites the record that has its key
//	AdoptAnything    whatever record is found is the row's own
//	LimitClearsMaybe a call that was not sent, or refused with 429, makes a lost row new
//	LocalClock       a record's age is measured from this machine's clock
//
// Give one of them to [Writer.Mutate] before the first row.
//
// AssertForNew needs an API that is an [Asserter]. LimitClearsMaybe shows where a
// 429 reaches the Writer as an *attio.Error: the engine keeps a row open that
// was open before, even if its Writer forgets.

import (
	"context"
	"errors"
	"time"

	"attio-import/importer/attio"
	"attio-import/importer/outcome"
	"attio-import/mapping"
)

// Mutant is a fault in the rule.
type Mutant func(*policy)

// Mutants lists all faults by name.
func Mutants() map[string]Mutant {
	return map[string]Mutant{
		"no quiet time":    NoQuietTime,
		"conflict rejects": ConflictRejects,
		"blind resend":     BlindResend,
		"assert for new":   AssertForNew,
		"adopt anything":   AdoptAnything,
		"429 clears maybe": LimitClearsMaybe,
		"local clock":      LocalClock,
	}
}

// Mutate puts a fault into the Writer and gives it back.
func (w *Writer) Mutate(m Mutant) *Writer {
	m(&w.policy)
	return w
}

// NoQuietTime looks at once, while the request may still be on its way.
func NoQuietTime(p *policy) { p.quiet = func(class) time.Duration { return 0 } }

// ConflictRejects takes a conflict for a refusal of the row, though it may be
// the row's own record that is in the way.
func ConflictRejects(p *policy) {
	p.next = func(a answer, maybe bool, c class) step {
		if a == conflict && maybe {
			return refuse
		}
		return next(a, maybe, c)
	}
}

// BlindResend sends a lost update again without a look at the record.
func BlindResend(p *policy) {
	p.update = func(m *matter, stands *mapping.Existing) verdict {
		if v := settledUpdate(m, stands); v != changed && v != adopt {
			return v
		}
		return again
	}
}

// Asserter is an API that can also create or overwrite, as one call.
type Asserter interface {
	// Assert is as Create, but where a record has the row's key it
	// overwrites that one, and says nothing of it.
	Assert(ctx context.Context, object string, values []byte, how attio.Creating) (attio.Written, error)
}

// AssertForNew sends new records as asserts. The API must be an Asserter.
func AssertForNew(p *policy) {
	p.post = func(ctx context.Context, api API, object string, values []byte, how attio.Creating) (attio.Written, error) {
		return api.(Asserter).Assert(ctx, object, values, how)
	}
}

// AdoptAnything calls every record the row's own that has its key.
func AdoptAnything(p *policy) { p.ours = func(*matter, *mapping.Existing) bool { return true } }

// LimitClearsMaybe forgets that a row may have been written once it was told
// that a later call certainly was not.
func LimitClearsMaybe(p *policy) {
	p.after = func(sent *outcome.Sent, err error) *outcome.Sent {
		refusal := refusalIn(err)
		var unsent *attio.NotSentError
		if errors.As(err, &unsent) || refusal != nil && refusal.Status == 429 {
			return nil
		}
		return sticky(sent, err)
	}
}

// LocalClock dates look-ups by this machine's clock instead of the server's.
func LocalClock(p *policy) { p.since = func(*mapping.Record) time.Time { return time.Now() } }
