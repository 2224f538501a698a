package sandbox

import (
	"encoding/binary"
	"iter"
	"math"
)

// index finds the records of a table that hold a value of one attribute. Unique attributes always have one; others
// get theirs with the first query by equality (see store.ensureIndexes), so that a look-up costs the same however many
// records there are.
//
// Nearly all keys have one holder, so one map to a pointer serves them; only keys with several holders pay for a slice.
type index struct {
	one  map[string]*record
	many map[string][]*record
}

func newIndex() *index {
	return &index{one: map[string]*record{}, many: map[string][]*record{}}
}

func (ix *index) add(key string, r *record) {
	first, ok := ix.one[key]
	if !ok || first == r {
		ix.one[key] = r // assigned again: the key must not keep a row alive that is no longer the record's
		return
	}
	for _, other := range ix.many[key] {
		if other == r {
			return
		}
	}
	ix.many[key] = append(ix.many[key], r)
}

func (ix *index) remove(key string, r *record) {
	rest := ix.many[key]
	if ix.one[key] == r {
		if len(rest) == 0 {
			delete(ix.one, key)
			return
		}
		ix.one[key], rest = rest[len(rest)-1], rest[:len(rest)-1]
	} else {
		for i, other := range rest {
			if other == r {
				rest[i] = rest[len(rest)-1]
				rest = rest[:len(rest)-1]
				break
			}
		}
	}
	if len(rest) == 0 {
		delete(ix.many, key)
	} else {
		ix.many[key] = rest
	}
}

// find appends the holders of a key, in no order.
func (ix *index) find(dst []*record, key string) []*record {
	if r, ok := ix.one[key]; ok {
		dst = append(dst, r)
		dst = append(dst, ix.many[key]...)
	}
	return dst
}

// keyOf is what makes two values of a kind the same value: for uniqueness, matching, and telling what changed.
// Emails are compared in lower case (live); domains as stored; the case of text counts (inferred).
func keyOf(k kind, v *value) string {
	switch k {
	case kindNumber, kindCurrency, kindRating:
		return numberKey(v.num)
	case kindCheckbox, kindSelect, kindStatus, kindActor:
		return numberKey(v.num)
	}
	return v.s[0]
}

func numberKey(f float64) string {
	if f == 0 {
		f = 0 // minus zero equals zero
	}
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], math.Float64bits(f))
	return string(b[:])
}

// sameValue tells whether writing v over old changes nothing.
func sameValue(k kind, old, v *value) bool {
	if keyOf(k, old) != keyOf(k, v) {
		return false
	}
	switch k {
	case kindName:
		return old.s == v.s
	case kindReference:
		return old.table == v.table
	}
	return true
}

// keysIn are the keys of an attribute's values in a row.
func (a *attribute) keysIn(row string) iter.Seq[string] {
	return func(yield func(string) bool) {
		c := cursor{section(row, a.no)}
		var v value
		for !c.done() {
			c.value(a.kind, &v)
			if !yield(keyOf(a.kind, &v)) {
				return
			}
		}
	}
}

func (a *attribute) indexRow(r *record, row string) {
	for key := range a.keysIn(row) {
		a.index.add(key, r)
	}
}

func (a *attribute) unindexRow(r *record, row string) {
	for key := range a.keysIn(row) {
		a.index.remove(key, r)
	}
}
