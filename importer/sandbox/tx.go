package sandbox

import (
	"slices"
)

// tx collects what one request changes: the record itself, the other sides of its relationships, a company made for a
// person. Nothing is visible, in memory or in the data file, before commit, and then all of it.
//
// The store has one tx and its buffers are used again: writes are serialised by the store's lock.
type tx struct {
	s      *store
	now    int64
	actor  int
	naming bool // references may be given by any unique attribute (seed)

	changes []*change
	used    int
	arena   []byte // backs the edits
	frame   []byte
	row     []byte
	inputs  []input
	given   []value
	people  []*record // made in this request, for companyOf
	found   []*record
	old     []value
	next    []value
	ended   []value
}

type change struct {
	t     *table
	r     *record
	op    byte // opCreate, opEdit, opRemove
	edits []edit
	past  []byte
}

const (
	opCreate byte = 1 + iota
	opEdit
	opRemove
	opEntity
	opLog
)

// begin starts the changes of one request.
func (s *store) begin(actor int) *tx {
	x := &s.scratch
	x.s, x.now, x.actor, x.naming = s, s.tick(), actor, false
	x.used = 0
	x.arena = x.arena[:0]
	x.inputs, x.given, x.people = x.inputs[:0], x.given[:0], x.people[:0]
	return x
}

func (x *tx) touched(r *record) *change {
	for _, c := range x.changes[:x.used] {
		if c.r == r {
			return c
		}
	}
	return nil
}

// touch returns the change of a record, which is an edit unless it was made or removed in this request.
func (x *tx) touch(t *table, r *record) *change {
	if c := x.touched(r); c != nil {
		return c
	}
	if x.used == len(x.changes) {
		x.changes = append(x.changes, &change{})
	}
	c := x.changes[x.used]
	x.used++
	*c = change{t: t, r: r, op: opEdit, edits: c.edits[:0], past: c.past[:0]}
	return c
}

// add makes a new record.
func (x *tx) add(t *table, actor int) *record {
	r := &record{id: newID(), created: x.now, by: int32(actor), seq: uint32(len(t.rows) + x.used)}
	x.touch(t, r).op = opCreate
	return r
}

// find looks up a record, one made in this request included.
func (x *tx) find(t *table, id uuid) *record {
	if r := t.byID[id]; r != nil {
		return r
	}
	for _, c := range x.changes[:x.used] {
		if c.t == t && c.r.id == id && c.op == opCreate {
			return c.r
		}
	}
	return nil
}

func (x *tx) removed(r *record) bool {
	c := x.touched(r)
	return c != nil && c.op == opRemove
}

func (c *change) edit(attr int) *edit {
	for i := range c.edits {
		if c.edits[i].attr == attr {
			return &c.edits[i]
		}
	}
	return nil
}

// values appends what the record holds for the attribute, as this request has left it so far.
func (x *tx) values(dst []value, r *record, a *attribute) []value {
	if c := x.touched(r); c != nil {
		if e := c.edit(a.no); e != nil {
			dst = unpack(dst, a.kind, string(e.packed))
			if !e.prepend {
				return dst
			}
		}
	}
	return unpack(dst, a.kind, section(r.row, a.no))
}

func (x *tx) pack(a *attribute, list []value) []byte {
	start := len(x.arena)
	for i := range list {
		x.arena = appendPacked(x.arena, a.kind, &list[i])
	}
	return x.arena[start:len(x.arena):len(x.arena)]
}

// write makes the list the attribute's values.
func (x *tx) write(t *table, r *record, a *attribute, list []value) {
	c := x.touch(t, r)
	packed := x.pack(a, list)
	if e := c.edit(a.no); e != nil {
		*e = edit{attr: a.no, packed: packed}
		return
	}
	c.edits = append(c.edits, edit{attr: a.no, packed: packed})
}

// prepend puts a value before the others without unpacking them: the other side of a relationship may hold many.
func (x *tx) prepend(t *table, r *record, a *attribute, v value) {
	c := x.touch(t, r)
	packed := x.pack(a, []value{v})
	if e := c.edit(a.no); e != nil {
		e.packed = append(packed, e.packed...)
		return
	}
	c.edits = append(c.edits, edit{attr: a.no, prepend: true, packed: packed})
}

// end records that a value was the record's until now.
func (x *tx) end(t *table, r *record, a *attribute, v *value) {
	c := x.touch(t, r)
	c.past = appendPast(c.past, a.no, a.kind, v, x.now)
}

// assign gives an attribute its values. With add, those of a multi-valued attribute go before what stands there;
// otherwise the list becomes exactly the given one. A value that is there already stays as it is, with its
// active_from (inferred).
func (x *tx) assign(t *table, r *record, a *attribute, given []value, add bool) error {
	given = distinct(a.kind, given)
	for i := range given {
		given[i].from, given[i].actor = x.now, x.actor
	}
	old := x.values(x.old[:0], r, a)
	next, ended := x.merge(a, old, given, add)
	x.old, x.next, x.ended = old, next, ended
	if len(ended) == 0 && len(next) == len(old) && slices.Equal(next, old) {
		return nil
	}
	fresh := added(a.kind, old, next)
	if err := x.checkUnique(r, a, fresh); err != nil {
		return err
	}
	x.write(t, r, a, next)
	for i := range ended {
		x.end(t, r, a, &ended[i])
	}
	if a.inverse != nil {
		x.mirror(t, r, a, slices.Clone(fresh), slices.Clone(ended))
	}
	return nil
}

// merge decides the new list and which of the old values end.
func (x *tx) merge(a *attribute, old, given []value, add bool) (next, ended []value) {
	next, ended = x.next[:0], x.ended[:0]
	if add && a.multi {
		next = append(next, added(a.kind, old, given)...)
		return append(next, old...), ended
	}
	for i := range given {
		if j := position(a.kind, old, &given[i]); j >= 0 {
			next = append(next, old[j])
		} else {
			next = append(next, given[i])
		}
	}
	for i := range old {
		if position(a.kind, given, &old[i]) < 0 {
			ended = append(ended, old[i])
		}
	}
	return next, ended
}

func position(k kind, list []value, v *value) int {
	for i := range list {
		if sameValue(k, &list[i], v) {
			return i
		}
	}
	return -1
}

// added are the values of next that old does not have.
func added(k kind, old, next []value) []value {
	if len(old) == 0 {
		return next
	}
	var list []value
	for i := range next {
		if position(k, old, &next[i]) < 0 {
			list = append(list, next[i])
		}
	}
	return list
}

// distinct drops repetitions within one payload (inferred: Attio's rule is not documented).
func distinct(k kind, list []value) []value {
	kept := list[:0]
	for i := range list {
		if position(k, kept, &list[i]) < 0 {
			kept = append(kept, list[i])
		}
	}
	return kept
}

// checkUnique refuses values that another record holds. Only new values are looked at: an attribute may have become
// unique while its values were not (OpenAPI).
func (x *tx) checkUnique(r *record, a *attribute, fresh []value) error {
	if !a.unique {
		return nil
	}
	for i := range fresh {
		for _, holder := range x.holders(a, &fresh[i]) {
			if holder != r {
				return uniquenessConflict(a)
			}
		}
	}
	return nil
}

func uniquenessConflict(a *attribute) *Error {
	return invalid("uniqueness_conflict", "A value provided for attribute with slug %q conflicts with one already in the system. "+
		"This attribute has a uniqueness constraint. Please ensure all values for this attribute do not exist on another record.", a.slug)
}

// holders finds the records that hold a value of an indexed attribute, as this request has left them so far. The list
// is good until the next call.
func (x *tx) holders(a *attribute, v *value) []*record {
	x.found = a.index.find(x.found[:0], keyOf(a.kind, v))
	x.found = slices.DeleteFunc(x.found, func(r *record) bool { return x.touched(r) != nil && !x.holds(r, a, v) })
	for _, c := range x.changes[:x.used] {
		if c.t == a.table && !slices.Contains(x.found, c.r) && x.holds(c.r, a, v) {
			x.found = append(x.found, c.r)
		}
	}
	return x.found
}

func (x *tx) holds(r *record, a *attribute, v *value) bool {
	if x.removed(r) {
		return false
	}
	key := keyOf(a.kind, v)
	return slices.ContainsFunc(x.values(nil, r, a), func(have value) bool { return keyOf(a.kind, &have) == key })
}

// mirror keeps the other side of a relationship true.
func (x *tx) mirror(t *table, r *record, a *attribute, gained, lost []value) {
	for i := range lost {
		x.unlink(x.s.tables[lost[i].table], lost[i].target(), a.inverse, t, r.id)
	}
	for i := range gained {
		x.link(x.s.tables[gained[i].table], gained[i].target(), a.inverse, t, r)
	}
}

// link adds r to target's side. A target that can have only one partner leaves its former one.
func (x *tx) link(tt *table, id uuid, side *attribute, t *table, r *record) {
	target := x.find(tt, id)
	if target == nil {
		return
	}
	v := value{from: x.now, actor: x.actor}
	v.setTarget(t, r.id)
	if side.multi {
		x.prepend(tt, target, side, v)
		return
	}
	former := x.values(nil, target, side)
	for i := range former {
		if former[i].target() == r.id {
			return
		}
		x.end(tt, target, side, &former[i])
		x.unlink(t, former[i].target(), side.inverse, tt, id)
	}
	x.write(tt, target, side, []value{v})
}

// unlink removes the record id from one side of a relationship of another record.
func (x *tx) unlink(tt *table, from uuid, side *attribute, t *table, id uuid) {
	holder := x.find(tt, from)
	if holder == nil {
		return
	}
	list := x.values(nil, holder, side)
	kept := list[:0:0]
	for i := range list {
		if list[i].table == t.no && list[i].target() == id {
			x.end(tt, holder, side, &list[i])
			continue
		}
		kept = append(kept, list[i])
	}
	if len(kept) < len(list) {
		x.write(tt, holder, side, kept)
	}
}

// drop deletes a record: it leaves its relationships, and its list entries go with it (inferred).
func (x *tx) drop(t *table, r *record) {
	for _, a := range t.attrs {
		if a.inverse == nil {
			continue
		}
		for _, v := range x.values(nil, r, a) {
			x.unlink(x.s.tables[v.table], v.target(), a.inverse, t, r.id)
		}
	}
	x.dropEntries(t, r)
	x.touch(t, r).op = opRemove
}

// dropEntries deletes the list entries whose parent the record is.
func (x *tx) dropEntries(t *table, r *record) {
	for _, l := range x.s.tables {
		if l.list == nil || l.list.parent != t {
			continue
		}
		parent := l.names[parentSlug]
		for _, entry := range parent.index.find(nil, string(r.id[:])) {
			if list := x.values(nil, entry, parent); list[0].target() == r.id {
				x.touch(l, entry).op = opRemove
			}
		}
	}
}

// commit makes the changes durable, then visible. An error means that nothing was done.
func (x *tx) commit(e logEntry) error {
	for _, r := range x.people {
		x.companyOf(r)
	}
	for _, c := range x.changes[:x.used] {
		slices.SortFunc(c.edits, func(a, b edit) int { return a.attr - b.attr })
	}
	e = x.s.log.stamp(e)
	if x.s.file != nil {
		x.frame = x.appendFrame(x.frame[:0], e)
		if err := x.s.file.append(x.frame); err != nil {
			return err
		}
	}
	for _, c := range x.changes[:x.used] {
		x.row = c.apply(x.row)
	}
	x.s.log.add(e)
	return nil
}

// apply puts a change into memory; buf is scratch space, returned for the next one.
func (c *change) apply(buf []byte) []byte {
	if c.op == opRemove {
		if c.t.byID[c.r.id] == c.r {
			c.t.remove(c.r)
		}
		return buf
	}
	buf = edited(buf[:0], c.r.row, c.edits)
	if len(c.past) > 0 {
		c.r.past += string(c.past)
	}
	if c.op == opCreate {
		c.r.row = string(buf)
		c.t.insert(c.r)
		return buf
	}
	c.t.replaceRow(c.r, string(buf), c.edits)
	return buf
}
