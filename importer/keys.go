package importer

import (
	"cmp"
	"fmt"
	"hash/maphash"
	"slices"
	"sort"
	"strings"

	"attio-import/mapping"
)

// keyIndex finds keys that stand in several rows of a source without holding
// the keys: 12 bytes a key, 8 of them a hash. That two different keys of a file with
// ten million rows are taken for one has a probability of 3 in a million; those two rows
// would then be called invalid, once: the next run has other seeds.
type keyIndex struct {
	seed       maphash.Seed
	partitions [256]partition // by the hash's first byte: only one at a time is sorted
}

// partition grows by chunks, because a slice that grows by copying leaves as
// much garbage as it holds.
type partition []*[keysInChunk]keyEntry

const keysInChunk = 128

// keyEntry has the hash in halves, so that it takes 12 bytes and not 16.
type keyEntry struct{ high, low, row uint32 }

func (e keyEntry) hash() uint64 { return uint64(e.high)<<32 | uint64(e.low) }

func newKeyIndex() *keyIndex { return &keyIndex{seed: maphash.MakeSeed()} }

func (x *keyIndex) add(row int, key mapping.Key) {
	hash := x.hash(key)
	x.partitions[hash>>56].add(keyEntry{high: uint32(hash >> 32), low: uint32(hash), row: uint32(row)})
}

func (x *keyIndex) hash(key mapping.Key) uint64 {
	var h maphash.Hash
	h.SetSeed(x.seed)
	h.WriteString(key.Attribute.Slug)
	h.WriteByte(0)
	h.WriteString(key.Value.Canonical())
	return h.Sum64()
}

// add appends an entry. Rows count from 1, so an entry of row 0 is a free place.
func (p *partition) add(e keyEntry) {
	n := len(*p)
	if n == 0 || (*p)[n-1][keysInChunk-1].row != 0 {
		*p = append(*p, new([keysInChunk]keyEntry))
		n++
	}
	chunk := (*p)[n-1]
	free := sort.Search(keysInChunk, func(i int) bool { return chunk[i].row == 0 })
	chunk[free] = e
}

// entries copies a partition's entries into memory that the caller has.
func (p partition) entries(to []keyEntry, leaveOut func(row int) bool) []keyEntry {
	to = to[:0]
	for _, chunk := range p {
		for _, e := range chunk {
			if e.row != 0 && !leaveOut(int(e.row)) {
				to = append(to, e)
			}
		}
	}
	return to
}

// duplicates gives the groups of rows that share a key, and forgets the rest.
// Rows that are to be left out count as if they were not there.
func (x *keyIndex) duplicates(leaveOut func(row int) bool) duplicates {
	d := duplicates{groupsOf: map[uint32][]uint32{}}
	var entries []keyEntry
	for i := range x.partitions {
		entries = x.partitions[i].entries(entries, leaveOut)
		x.partitions[i] = nil
		slices.SortFunc(entries, compareEntries)
		for rest := entries; len(rest) > 0; {
			n := sameKey(rest)
			d.add(rest[:n])
			rest = rest[n:]
		}
	}
	return d
}

func compareEntries(a, b keyEntry) int {
	if a.hash() != b.hash() {
		return cmp.Compare(a.hash(), b.hash())
	}
	return cmp.Compare(a.row, b.row)
}

// sameKey counts the entries at the head of p that have the same key.
func sameKey(p []keyEntry) int {
	n := 1
	for n < len(p) && p[n].hash() == p[0].hash() {
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
