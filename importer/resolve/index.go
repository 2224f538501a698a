package resolve

import (
	"context"
	"strings"
	"sync"

	"attio-import/importer/attio"
	"attio-import/mapping"
	"attio-import/mapping/schema"
	"attio-import/mapping/value"
)

// index is what a run knows of the records of one object by one attribute. It
// grows with the distinct keys of the sheet, so an entry holds an id and no more.
type index struct {
	*target

	mu      sync.Mutex
	known   map[string]found
	flights map[string]*flight // keys being asked for
}

// found is what the workspace has for a key.
type found struct {
	id  string // of the one record that has the key; empty if there is none, or odd says more
	odd *odd   // nil for nearly every key
}

// odd is a key that found neither nothing nor exactly one record.
type odd struct {
	oldest, newest hit
	count          int
	loose          bool   // the records' spelling of the key is another one
	spelling       string // of the first of them
	refused        *attio.Error
	unreadable     *unreadableError
}

// hit is a record that a key found.
type hit struct{ id, url, created string }

// flight is one turn's queries; done is closed when they are over, well or not.
type flight struct{ done chan struct{} }

func newIndex(object *schema.Object, by *schema.Attribute) *index {
	return &index{target: newTarget(object, by), known: map[string]found{}, flights: map[string]*flight{}}
}

func (x *index) get(key value.Value) (found, bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	f, ok := x.known[key.Canonical()]
	return f, ok
}

// learn takes note of the answers to the keys of one query.
func (x *index) learn(keys []value.Value, as answers) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, k := range keys {
		c := strings.Clone(k.Canonical()) // it is part of a longer text, which need not stay
		f := as[c].found()
		if f.missing() && x.known[c].id != "" {
			continue // made while the query was under way
		}
		x.known[c] = f
	}
}

// made says that a record now has values that were looked for in vain before,
// or are being looked for.
func (x *index) made(values []value.Value, id string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, v := range values {
		c := v.Canonical()
		f, asked := x.known[c]
		_, flying := x.flights[c]
		if flying || asked && f.missing() {
			x.known[strings.Clone(c)] = found{id: id}
		}
	}
}

// wishes is what a window has to ask in one turn. Each key belongs to the
// window that claimed it first; the others wait for its flight.
type wishes struct {
	flight  *flight
	claimed map[*index][]value.Value
	others  map[*flight]struct{}
	members bool
}

// wishes claims the keys that the records' references need and nobody has
// asked for.
func (r *Resolver) wishes(records []*mapping.Record) *wishes {
	w := &wishes{
		flight:  &flight{done: make(chan struct{})},
		claimed: map[*index][]value.Value{},
		others:  map[*flight]struct{}{},
	}
	for _, rec := range records {
		r.collect(w, rec.Fields)
	}
	return w
}

// collect goes down into the fields of a record that would be created only
// once it is known that the record is missing.
func (r *Resolver) collect(w *wishes, fields []mapping.Field) {
	for i := range fields {
		for j := range fields[i].References {
			ref := &fields[i].References[j]
			if ref.Rule.Object == nil {
				w.members = w.members || !r.directory.loaded()
				continue
			}
			x := r.index(ref.Rule.Object, ref.Rule.By)
			f, known := x.want(ref.Key, w)
			if ref.Rule.Missing == mapping.MissingUse {
				x.want(ref.Rule.Use, w)
			}
			if known && f.missing() && ref.Rule.Missing == mapping.MissingCreate {
				r.collect(w, ref.New)
			}
		}
	}
}

// want gives what is known of a key, or else sees to it that the key is asked for.
func (x *index) want(key value.Value, w *wishes) (found, bool) {
	k := key.Canonical()
	x.mu.Lock()
	defer x.mu.Unlock()
	if f, ok := x.known[k]; ok {
		return f, true
	}
	if f, ok := x.flights[k]; ok {
		if f != w.flight {
			w.others[f] = struct{}{}
		}
		return found{}, false
	}
	x.flights[k] = w.flight
	w.claimed[x] = append(w.claimed[x], key)
	return found{}, false
}

func (w *wishes) none() bool {
	return len(w.claimed) == 0 && len(w.others) == 0 && !w.members
}

// release gives the claimed keys back. What the queries answered is known by
// now; what they did not, because they failed, is free to be claimed again.
func (w *wishes) release() {
	for x, keys := range w.claimed {
		x.mu.Lock()
		for _, k := range keys {
			delete(x.flights, k.Canonical())
		}
		x.mu.Unlock()
	}
	close(w.flight.done)
}

// wait lets the flights of other windows land. It comes after the window's own
// queries, so two windows that wish for each other's keys cannot block each other.
func (w *wishes) wait(ctx context.Context) error {
	for f := range w.others {
		select {
		case <-f.done:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (f found) missing() bool { return f.id == "" && f.odd == nil }
