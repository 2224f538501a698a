package importer

import (
	"cmp"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"

	"attio-import/mapping"
)

// keyIndex finds keys that stand in several rows of a source without holding
// the keys: 16 bytes a key, 96 of the 128 bits a hash. Two different keys of a
// file with a thousand million rows look alike with a probability below 1e-11.
type keyIndex struct {
	seeds      [2]maphash.Seed
	partitions [256][]keyEntry // by the hash's first byte, so that growing copies little
}

type keyEntry struct {
	hash uint64
	more uint32
	row  uint32
}

func newKeyIndex() *keyIndex {
	return &keyIndex{seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}}
}

func (x *keyIndex) add(row int, key mapping.Key) {
	e := keyEntry{hash: x.hash(0, key), more: uint32(x.hash(1, key)), row: uint32(row)}
	p := &x.partitions[e.hash>>56]
	*p = append(*p, e)
}

func (x *keyIndex) hash(seed int, key mapping.Key) uint64 {
	var h maphash.Hash
	h.SetSeed(x.seeds[seed])
	h.WriteString(key.Attribute.Slug)
	h.WriteByte(0)
	h.WriteString(key.Value.Canonical())
	return h.Sum64()
}

// duplicates gives the groups of rows that share a key, and forgets the rest.
// Rows that are to be left out count as if they were not there.
func (x *keyIndex) duplicates(leaveOut func(row int) bool) duplicates {
	d := duplicates{groupsOf: map[uint32][]uint32{}}
	for i := range x.partitions {
		p := slices.DeleteFunc(x.partitions[i], func(e keyEntry) bool { return leaveOut(int(e.row)) })
		x.partitions[i] = nil
		slices.SortFunc(p, compareEntries)
		for len(p) > 0 {
			n := sameKey(p)
			d.add(p[:n])
			p = p[n:]
		}
	}
	return d
}

func compareEntries(a, b keyEntry) int {
	return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.more, b.more), cmp.Compare(a.row, b.row))
}

// sameKey counts the entries at the head of p that have the same key.
func sameKey(p []keyEntry) int {
	n := 1
	for n < len(p) && p[n].hash == p[0].hash && p[n].more == p[0].more {
		n++
	}
	return n
}

// duplicates are the groups of rows that share a key, each in row order.
type duplicates struct {
	groups   [][]uint32
	groupsOf map[uint32][]uint32 // row -> its groups; most often one
}

func (d *duplicates) add(entries []keyEntry) {
	if entries[0].row == entries[len(entries)-1].row {
		return // one row, naming its key once or twice
	}
	group := make([]uint32, 0, len(entries))
	for _, e := range entries {
		if n := len(group); n == 0 || group[n-1] != e.row {
			group = append(group, e.row)
		}
	}
	for _, row := range group {
		d.groupsOf[row] = append(d.groupsOf[row], uint32(len(d.groups)))
	}
	d.groups = append(d.groups, group)
}

// others names rows that share a key with the row, in order and without it:
// a handful of them, and how many there are. The count is exact for a row with
// one key.
func (d *duplicates) others(row int) (some []uint32, count int) {
	for _, g := range d.groupsOf[uint32(row)] {
		group := d.groups[g]
		count += len(group) - 1
		for _, r := range group[:min(len(group), mostNamed+1)] {
			if r != uint32(row) {
				some = append(some, r)
			}
		}
	}
	slices.Sort(some)
	some = slices.Compact(some)
	return some[:min(len(some), mostNamed)], count
}

// superseded reports whether a later row shares a key with the row, and which.
func (d *duplicates) superseded(row int) (by int, ok bool) {
	for _, g := range d.groupsOf[uint32(row)] {
		group := d.groups[g]
		by = max(by, int(group[len(group)-1]))
	}
	return by, by > row
}

// mostNamed is how many rows a message names before it counts the rest.
const mostNamed = 5

// listRows names rows out of count for a message: "row 7", "rows 7 and 9",
// "rows 1, 2, 3, 4, 5 and 40 more".
func listRows(some []uint32, count int) string {
	if len(some) == 1 && count == 1 {
		return fmt.Sprint("row ", some[0])
	}
	names := make([]string, 0, len(some)+1)
	for _, r := range some {
		names = append(names, fmt.Sprint(r))
	}
	if more := count - len(some); more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	last := len(names) - 1
	return "rows " + strings.Join(names[:last], ", ") + " and " + names[last]
}
