package sandbox

import (
	"encoding/binary"
	"math"
)

// A record keeps its values packed in one immutable string, its row: some 200 bytes without pointers instead of a tree
// of maps, so that a million records fit into a few hundred MB and the garbage collector passes them by. The data file
// holds the same bytes.
//
//	row     = section*                      sorted by attribute number
//	section = attribute length value*       an attribute without values has no section
//	value   = from actor payload            from: milliseconds since 1970; actor: number in the workspace's list
//
// Numbers are uvarints, strings have their length in front. Payloads: see appendPayload.

// value is one value unpacked, for as long as it takes to look at it. Strings are slices of the row.
type value struct {
	from, until int64 // until is 0 while the value is active
	actor       int
	num         float64   // number, currency, rating; checkbox 0 or 1; number of the option, status or actor
	table       int       // record-reference: number of the target's table
	s           [3]string // by kind: see parts
}

// The parts of s: text, date, timestamp {value}; reference {16 bytes of the id}; domain {domain, root};
// email {address, original, root domain}; phone {E.164, original, country}; name {full, first, last};
// location {ten packed strings}.

func (v *value) target() uuid { return uuid([]byte(v.s[0])) }

func (v *value) setTarget(t *table, id uuid) {
	v.table, v.s[0] = t.no, string(id[:])
}

func appendPacked(b []byte, k kind, v *value) []byte {
	b = binary.AppendUvarint(b, uint64(v.from))
	b = binary.AppendUvarint(b, uint64(v.actor))
	switch k {
	case kindText, kindDate, kindTimestamp, kindLocation:
		b = appendCounted(b, v.s[0])
	case kindNumber, kindCurrency, kindRating:
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v.num))
	case kindCheckbox, kindSelect, kindStatus, kindActor:
		b = binary.AppendUvarint(b, uint64(v.num))
	case kindReference:
		b = binary.AppendUvarint(b, uint64(v.table))
		b = append(b, v.s[0]...)
	case kindDomain:
		b = appendCounted(appendCounted(b, v.s[0]), v.s[1])
	case kindEmail, kindPhone, kindName:
		b = appendCounted(appendCounted(appendCounted(b, v.s[0]), v.s[1]), v.s[2])
	}
	return b
}

func appendUvarint(b []byte, n int) []byte { return binary.AppendUvarint(b, uint64(n)) }

func appendCounted(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

// cursor reads packed data. Rows are written by this package and checked by checksum when they come from a file, so a
// cursor does not expect damage; out of bounds it yields zeroes rather than panic.
type cursor struct{ rest string }

func (c *cursor) done() bool { return len(c.rest) == 0 }

func (c *cursor) uint() uint64 {
	var v uint64
	for shift, i := 0, 0; i < len(c.rest) && shift < 64; i, shift = i+1, shift+7 {
		x := c.rest[i]
		v |= uint64(x&0x7f) << shift
		if x < 0x80 {
			c.rest = c.rest[i+1:]
			return v
		}
	}
	c.rest = ""
	return 0
}

func (c *cursor) take(n int) string {
	n = max(0, min(n, len(c.rest)))
	s := c.rest[:n]
	c.rest = c.rest[n:]
	return s
}

func (c *cursor) counted() string { return c.take(int(c.uint())) }

func (c *cursor) float() float64 {
	s := c.take(8)
	if len(s) < 8 {
		return 0
	}
	var v uint64
	for i := range 8 {
		v |= uint64(s[i]) << (8 * i)
	}
	return math.Float64frombits(v)
}

func (c *cursor) value(k kind, v *value) {
	v.from, v.until = int64(c.uint()), 0
	v.actor = int(c.uint())
	v.s = [3]string{}
	switch k {
	case kindText, kindDate, kindTimestamp, kindLocation:
		v.s[0] = c.counted()
	case kindNumber, kindCurrency, kindRating:
		v.num = c.float()
	case kindCheckbox, kindSelect, kindStatus, kindActor:
		v.num = float64(c.uint())
	case kindReference:
		v.table = int(c.uint())
		v.s[0] = c.take(16)
	case kindDomain:
		v.s[0], v.s[1] = c.counted(), c.counted()
	case kindEmail, kindPhone, kindName:
		v.s[0], v.s[1], v.s[2] = c.counted(), c.counted(), c.counted()
	}
}

// section is the packed values of one attribute in a row, "" if it has none.
func section(row string, attr int) string {
	c := cursor{row}
	for !c.done() {
		no := int(c.uint())
		s := c.counted()
		if no == attr {
			return s
		}
		if no > attr {
			break
		}
	}
	return ""
}

// unpack appends a section's values to dst.
func unpack(dst []value, k kind, section string) []value {
	c := cursor{section}
	for !c.done() {
		dst = append(dst, value{})
		c.value(k, &dst[len(dst)-1])
	}
	return dst
}

// edit replaces one section of a row, or puts values before those that stand there.
type edit struct {
	attr    int
	prepend bool
	packed  []byte
}

// edited returns the row with the edits, which must be sorted by attribute.
func edited(buf []byte, row string, edits []edit) []byte {
	c := cursor{row}
	for !c.done() || len(edits) > 0 {
		no, old := math.MaxInt, ""
		before := c
		if !c.done() {
			no = int(c.uint())
			old = c.counted()
		}
		if len(edits) == 0 || no < edits[0].attr {
			buf = appendSection(buf, no, nil, old)
			continue
		}
		e := edits[0]
		edits = edits[1:]
		if no != e.attr {
			c, old = before, ""
		}
		if !e.prepend {
			old = ""
		}
		buf = appendSection(buf, e.attr, e.packed, old)
	}
	return buf
}

func appendSection(b []byte, attr int, front []byte, back string) []byte {
	if len(front)+len(back) == 0 {
		return b
	}
	b = binary.AppendUvarint(b, uint64(attr))
	b = binary.AppendUvarint(b, uint64(len(front)+len(back)))
	return append(append(b, front...), back...)
}

// appendPast appends a value that has ended to a record's history: attribute, until, value.
func appendPast(b []byte, attr int, k kind, v *value, until int64) []byte {
	b = binary.AppendUvarint(b, uint64(attr))
	b = binary.AppendUvarint(b, uint64(until))
	return appendPacked(b, k, v)
}
