package journal

import "bytes"

// sector is the least that a disk writes: of a group that was being written
// when the power failed, each is there or not.
const sector = 512

// judgeTail looks at the bytes from the first group on that is not whole. An
// empty reason says that they are a torn tail: what is left of one write that no
// sync has confirmed. Else they were whole once, and something has changed them.
//
// One group is written at a time, and after the sync of the one before. So a
// torn group is the last; it ends early, or sectors of it are missing and read as
// zeros. Anything else is damage: most of all a group that has all its
// bytes, and none of them is missing, and that does not have its checksum.
func judgeTail(tail []byte, offset, seq int64) (reason string) {
	if hasHeader(tail[1:]) {
		return "it does not have its checksum, and it is not the last"
	}
	if lostSector(tail, offset) {
		return ""
	}
	h, length, s := parseHeader(tail)
	switch s {
	case partly:
		return ""
	case wrong:
		return "its first line is damaged"
	}
	if h.seq != seq {
		return "it has the number of another group"
	}
	body := tail[length:]
	if len(body) >= h.bytes {
		return "it does not have its checksum"
	}
	// The number of bytes itself may have changed.
	if crc := h.crc; (groupHeader{seq: h.seq, bytes: len(body), time: h.time}).sum(body) == crc {
		return "its length is damaged"
	}
	return ""
}

// hasHeader reports whether a further group begins somewhere. No line can hold
// what looks like one: a header ends in a line feed of its own, and a text's are escaped.
func hasHeader(b []byte) bool {
	for {
		at := bytes.IndexByte(b, '@')
		if at < 0 {
			return false
		}
		b = b[at:]
		if _, _, s := parseHeader(b[:min(len(b), maxHeader)]); s == whole {
			return true
		}
		b = b[1:]
	}
}

// lostSector reports whether all that the tail has of some sector is zeros. No
// line has a zero byte.
func lostSector(tail []byte, offset int64) bool {
	first := sector - int(offset%sector)
	for len(tail) > 0 {
		n := min(first, len(tail))
		if bytes.Count(tail[:n], []byte{0}) == n {
			return true
		}
		tail, first = tail[n:], sector
	}
	return false
}
