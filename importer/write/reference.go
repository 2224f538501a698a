package write

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"attio-import/importer/attio"
	"attio-import/importer/outcome"
	"attio-import/mapping"
	"attio-import/mapping/value"
)

// makings are the records that references made, or failed to make, in this
// run: each key once, however many rows ask for it and however many at once.
// What was made is remembered by the Lookup, so only makings under way and failures stay here.
type makings struct {
	mu      sync.Mutex
	flights map[wanted]*making
}

// wanted names a record that references ask for.
type wanted struct{ object, by, key string }

// making is one attempt; its fields are set once done is closed.
type making struct {
	done  chan struct{}
	value value.Value
	err   error
}

// referenceError says that a record which a reference asks for could not be made.
type referenceError struct {
	ref   *mapping.Reference
	field *mapping.Field
	err   error
}

func (e *referenceError) Error() string { return fmt.Sprintf("%s: %v", e.intro(), e.err) }

func (e *referenceError) intro() string {
	return fmt.Sprintf("no record of %s has %s %q, and none could be created",
		e.ref.Rule.Object.Slug, e.ref.Rule.By.Slug, e.ref.Key.Canonical())
}

func (e *referenceError) Unwrap() error { return e.err }

// fillAll puts the records that the look-up left open into a record's
// references. A failure to make one that is the row's own comes back as its problem;
// why one cannot be had is among the record's problems.
func (w *Writer) fillAll(ctx context.Context, rec *mapping.Record) (*outcome.Problem, error) {
	err := w.fill(ctx, rec)
	if err == nil {
		return nil, nil
	}
	var failed *referenceError
	if errors.As(err, &failed) && !stops(err) {
		return w.referenceProblem(rec, failed), nil
	}
	return nil, err
}

// fill fills the places that the look-up left. A field that skipped references
// have left empty is dropped: sent as an empty list, it would clear the attribute.
func (w *Writer) fill(ctx context.Context, rec *mapping.Record) error {
	filled := false
	for i := range rec.Fields {
		f := &rec.Fields[i]
		if len(f.References) == 0 {
			continue
		}
		if err := w.fillField(ctx, rec, f); err != nil {
			return err
		}
		filled = true
	}
	if filled {
		rec.Fields = slices.DeleteFunc(rec.Fields, func(f mapping.Field) bool { return len(f.Values) == 0 && !f.Clear })
	}
	return nil
}

func (w *Writer) fillField(ctx context.Context, rec *mapping.Record, f *mapping.Field) error {
	filled := make([]value.Value, 0, len(f.Values))
	refs := f.References
	for _, v := range f.Values {
		if v.IsZero() {
			made, err := w.reference(ctx, rec, f, &refs[0])
			if err != nil {
				return err
			}
			v, refs = made, refs[1:]
		}
		if !v.IsZero() && !slices.ContainsFunc(filled, v.Equal) {
			filled = append(filled, v)
		}
	}
	f.Values, f.References = filled, nil
	return nil
}

// reference gives the record that a reference names, making it if the mapping
// wants that and nobody has yet. Whoever comes while it is being made waits.
// The zero Value says that there is none, and the row's problems why. Nothing
// is made for a row that cannot be written any more.
func (w *Writer) reference(ctx context.Context, rec *mapping.Record, f *mapping.Field, ref *mapping.Reference) (value.Value, error) {
	wait, release := w.wait(ctx)
	defer release()
	v, create, err := w.lookup.Await(wait, rec, f, ref)
	if err != nil || !create || rec.Failed() {
		return v, err
	}
	m, mine := w.makings.claim(ref)
	if !mine {
		select {
		case <-m.done:
		case <-wait.Done():
			return value.Value{}, wait.Err()
		}
	} else {
		w.makeOnce(ctx, rec, ref, m)
	}
	if m.err != nil {
		return value.Value{}, &referenceError{ref, f, m.err}
	}
	return m.value, nil
}

func wantedBy(ref *mapping.Reference) wanted {
	return wanted{ref.Rule.Object.Slug, ref.Rule.By.Slug, ref.Key.Canonical()}
}

func (ms *makings) claim(ref *mapping.Reference) (m *making, mine bool) {
	ms.mu.Lock()
	defer ms.mu.Unlock()
	if m, ok := ms.flights[wantedBy(ref)]; ok {
		return m, false
	}
	m = &making{done: make(chan struct{})}
	ms.flights[wantedBy(ref)] = m
	return m, true
}

// makeOnce makes the record of a claimed reference. The Lookup learns of it
// before the claim is given up; it is asked once more first, since another
// making may have ended between the first question and the claim.
func (w *Writer) makeOnce(ctx context.Context, rec *mapping.Record, ref *mapping.Reference, m *making) {
	defer close(m.done)
	if m.value, _ = w.lookup.Known(ref); m.value.IsZero() {
		m.value, m.err = w.make(ctx, rec, ref)
	}
	if m.err == nil {
		w.makings.mu.Lock()
		defer w.makings.mu.Unlock()
		delete(w.makings.flights, wantedBy(ref))
	}
}

// make creates the record that a reference asks for. A conflict means that
// somebody else has made it, a person's company by its email domain for
// example, which Attio itself makes: then that one is taken. ref.New has no
// references that wait to be made: the binding of a mapping refuses them.
//
// An answer that got lost is settled here and now, while the row's worker waits:
// there are few such records, and many rows may wait for one.
func (w *Writer) make(ctx context.Context, rec *mapping.Record, ref *mapping.Reference) (value.Value, error) {
	id, err := w.post(ctx, rec, ref)
	for tries := 1; tries <= maxTries && isLost(err) && !stops(err); tries++ {
		if id, err = w.settleReference(ctx, rec, ref, tries, err); id != "" {
			break
		}
	}
	if isConflict(err) {
		id, err = w.adopt(ctx, ref, err)
	}
	if err != nil {
		return value.Value{}, err
	}
	w.lookup.Learn(ref.Rule.Object, id, keyOf(ref))
	made := value.Reference(ref.Rule.Object.Slug, id)
	return made, w.journal.Made(w.referenceIntent(rec, ref).Reference, id)
}

// post sends a reference's record, once its intent is on record.
func (w *Writer) post(ctx context.Context, rec *mapping.Record, ref *mapping.Reference) (string, error) {
	object, in := ref.Rule.Object, w.referenceIntent(rec, ref)
	written, err := w.withBody(ref.New, func(values []byte) (attio.Written, error) {
		return w.policy.post(ctx, w.api, object.Slug, values, attio.Creating{
			Own:     w.own(keysOf(ref), ref.New),
			Leaving: func(ctx context.Context) error { return w.journal.Intend(ctx, in) },
		})
	})
	if err != nil {
		return "", err
	}
	w.lookup.Learn(object, written.RecordID, ref.New)
	return written.RecordID, nil
}

// settleReference finds out what became of a lost making, after the quiet time.
// Whoever made it, the record that has the key is the one that the reference
// means. If there is none, it is sent again, which cannot double it: what makes
// references has a unique key. A refusal of that is believed only after a look,
// because the first may have been slower than the second.
func (w *Writer) settleReference(ctx context.Context, rec *mapping.Record, ref *mapping.Reference, tries int, lost error) (string, error) {
	wait, release := w.wait(ctx)
	defer release()
	if err := sleep(wait, w.policy.quiet(unique)); err != nil {
		return "", err
	}
	if id, err := w.findReference(ctx, ref); err != nil || id != "" {
		return id, lookedFor(lost, err)
	}
	if tries >= maxTries {
		return "", lost
	}
	id, err := w.post(ctx, rec, ref)
	if a := answerOf(err); a != refused && a != vanished {
		return id, err
	}
	found, failed := w.findReference(ctx, ref)
	if found != "" || stops(failed) {
		return found, failed
	}
	return "", err
}

func lookedFor(lost, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%v; looking for the record: %w", lost, err)
}

// findReference looks for the one record that has a reference's key; empty, if there is none.
func (w *Writer) findReference(ctx context.Context, ref *mapping.Reference) (string, error) {
	found, err := w.lookup.Holders(ctx, ref.Rule.Object, ref.New, keysOf(ref))
	if same := withKey(found, keysOf(ref)); err == nil && len(same) == 1 {
		return same[0].ID, nil
	}
	return "", err
}

// keyOf is the key of a reference as fields and as keys.
func keyOf(ref *mapping.Reference) []mapping.Field {
	return []mapping.Field{{Attribute: ref.Rule.By, Values: []value.Value{ref.Key}}}
}

func keysOf(ref *mapping.Reference) []mapping.Key {
	return []mapping.Key{{Attribute: ref.Rule.By, Value: ref.Key, Column: ref.Column}}
}

func (w *Writer) adopt(ctx context.Context, ref *mapping.Reference, refusal error) (string, error) {
	found, err := w.holders(ctx, ref.Rule.Object, ref.New, keysOf(ref), "")
	if err != nil {
		return "", err
	}
	if same := withKey(found, keysOf(ref)); len(same) == 1 {
		return same[0].ID, nil
	}
	if len(found) > 0 {
		return "", &takenError{found, refusal}
	}
	return "", refusal
}

// takenError is a conflict with records that do not have the reference's key.
type takenError struct {
	holders []*mapping.Existing
	err     error
}

func (e *takenError) Error() string { return fmt.Sprintf("%v: %s", e.err, urls(e.holders)) }
func (e *takenError) Unwrap() error { return e.err }
