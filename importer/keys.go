package importer

import (
	"cmp"
	"fmt"
	"hash/maphash"
	"maps"
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
	hash := hashKey(x.seed, key)
	x.partitions[hash>>56].add(keyEntry{high: uint32(hash >> 32), low: uint32(hash), row: uint32(row)})
}

func hashKey(seed maphash.Seed, key mapping.Key) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
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
	d := duplicates{seed: x.seed, groups: map[uint64][]uint32{}}
	var entries []keyEntry
	for i := range x.partitions {
		entries = x.partitions[i].entries(entries, leaveOut)
		x.partitions[i] = nil
		slices.SortFunc(entries, compareEntries)
		for rest := entries; len(rest) > 0; {
			n := sameKey(rest)
			if group := distinctRows(rest[:n]); len(group) > 1 {
				d.groups[rest[0].hash()] = group
			}
			rest = rest[n:]
		}
	}
	return d
}

// distinctRows lists the rows of entries of one key: a row may name its key twice.
func distinctRows(entries []keyEntry) []uint32 {
	if entries[0].row == entries[len(entries)-1].row {
		return nil
	}
	rows := make([]uint32, 0, len(entries))
	for _, e := range entries {
		if n := len(rows); n == 0 || rows[n-1] != e.row {
			rows = append(rows, e.row)
		}
	}
	return rows
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

// duplicates are the groups of rows that share a key, by the key's hash, each
// in row order.
type duplicates struct {
	seed   maphash.Seed
	groups map[uint64][]uint32
}

// rows lists the rows that have a key that several have; else none.
func (d *duplicates) rows(key mapping.Key) []uint32 {
	if len(d.groups) == 0 {
		return nil
	}
	return d.groups[hashKey(d.seed, key)]
}

// superseded lists the rows that give way to a later one with a key of theirs.
// A row gives way only to one that counts itself: of three rows in a chain, of which
// the second shares a key with the first and another with the third, the first one stays.
func (d *duplicates) superseded() (rows []uint32) {
	keysOf := map[uint32][]uint64{}
	for key, group := range d.groups {
		for _, row := range group {
			keysOf[row] = append(keysOf[row], key)
		}
	}
	taken := map[uint64]bool{} // keys of the rows that count
	for _, row := range slices.Backward(slices.Sorted(maps.Keys(keysOf))) {
		if slices.ContainsFunc(keysOf[row], func(key uint64) bool { return taken[key] }) {
			rows = append(rows, row)
			continue
		}
		for _, key := range keysOf[row] {
			taken[key] = true
		}
	}
	return rows
}

// mostNamed is how many rows a message names before it counts the rest.
const mostNamed = 5

// listOthers names the rows but one for a message: "row 7", "rows 7 and 9",
// "rows 1, 2, 3, 4, 5 and 40 more".
func listOthers(rows []uint32, but int) string {
	names := make([]string, 0, mostNamed+1)
	for _, r := range rows[:min(len(rows), mostNamed+1)] {
		if int(r) != but && len(names) < mostNamed {
			names = append(names, fmt.Sprint(r))
		}
	}
	if more := len(rows) - 1 - len(names); more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	last := len(names) - 1
	if last == 0 {
		return "row " + names[0]
	}
	return "rows " + strings.Join(names[:last], ", ") + " and " + names[last]
}
