package journal

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"strconv"
)

const (
	magic = "attio-import journal 1\n"

	maxGroup  = 1 << 20  // bytes of a group's lines, unless it is one line
	maxLine   = 64 << 20 // bytes of a line: a row of a MiB that is all control characters, with its problems
	maxHeader = 1 + 19 + 1 + 8 + 1 + 19 + 1 + 8 + 1
	maxRow    = 1 << 31
)

var errTooLong = fmt.Errorf("a record is longer than %d MiB: the journal cannot keep it", maxLine>>20)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// groupHeader is the first line of a group: "@seq bytes time crc".
type groupHeader struct {
	seq   int64 // from 1, without gaps
	bytes int   // of the lines that follow
	time  int64 // this machine's clock when the group was written, Unix milliseconds
	crc   uint32
}

func (h groupHeader) appendFields(b []byte) []byte {
	b = append(b, '@')
	b = strconv.AppendInt(b, h.seq, 10)
	b = append(b, ' ')
	b = strconv.AppendInt(b, int64(h.bytes), 10)
	b = append(b, ' ')
	b = strconv.AppendInt(b, h.time, 10)
	return append(b, ' ')
}

// sum is the checksum: of the line up to itself, and of the group's lines.
func (h groupHeader) sum(body []byte) uint32 {
	var fields [maxHeader]byte
	crc := crc32.Update(0, castagnoli, h.appendFields(fields[:0]))
	return crc32.Update(crc, castagnoli, body)
}

func appendGroup(b []byte, seq, time int64, body []byte) []byte {
	h := groupHeader{seq: seq, bytes: len(body), time: max(time, 0)}
	b = h.appendFields(b)
	const hex = "0123456789abcdef"
	crc := h.sum(body)
	for shift := 28; shift >= 0; shift -= 4 {
		b = append(b, hex[crc>>shift&15])
	}
	b = append(b, '\n')
	return append(b, body...)
}

// shape is what the beginning of a group looks like.
type shape int

const (
	wrong  shape = iota // no group begins like this
	partly              // a header begins like this, and the bytes end before it does
	whole
)

// parseHeader reads the first line of a group, and says how long it is.
// It takes exactly what appendGroup writes.
func parseHeader(b []byte) (h groupHeader, length int, s shape) {
	p := headerParser{rest: b, ok: true}
	p.literal('@')
	h.seq = p.number(19)
	p.literal(' ')
	h.bytes = int(p.number(8))
	p.literal(' ')
	h.time = p.number(19)
	p.literal(' ')
	h.crc = p.hex8()
	p.literal('\n')
	switch {
	case !p.ok || h.bytes > maxLine || h.seq < 0 || h.time < 0:
		return h, 0, wrong
	case p.ended:
		return h, 0, partly
	}
	return h, len(b) - len(p.rest), whole
}

// headerParser takes a header apart. Once it is not ok or has ended, what it returns means nothing.
type headerParser struct {
	rest      []byte
	ok, ended bool
}

func (p *headerParser) next() (byte, bool) {
	if !p.ok || p.ended {
		return 0, false
	}
	if len(p.rest) == 0 {
		p.ended = true
		return 0, false
	}
	return p.rest[0], true
}

func (p *headerParser) literal(want byte) {
	if c, ok := p.next(); ok {
		p.ok = c == want
		p.rest = p.rest[1:]
	}
}

// number reads a number as strconv.AppendInt writes it.
func (p *headerParser) number(digits int) (n int64) {
	first := p.rest
	for i := 0; ; i++ {
		c, ok := p.next()
		if !ok {
			return 0
		}
		if c < '0' || c > '9' {
			p.ok = i > 0 && (first[0] != '0' || i == 1)
			return n
		}
		if i == digits {
			p.ok = false
			return 0
		}
		n = n*10 + int64(c-'0')
		p.rest = p.rest[1:]
	}
}

func (p *headerParser) hex8() (n uint32) {
	for range 8 {
		c, ok := p.next()
		if !ok {
			return 0
		}
		d := bytes.IndexByte([]byte("0123456789abcdef"), c)
		if d < 0 {
			p.ok = false
			return 0
		}
		n = n<<4 | uint32(d)
		p.rest = p.rest[1:]
	}
	return n
}

// cutGroup takes as many whole lines as a group holds; at least one.
func cutGroup(lines []byte) (group, rest []byte) {
	if len(lines) <= maxGroup {
		return lines, nil
	}
	end := bytes.LastIndexByte(lines[:maxGroup], '\n') + 1
	if end == 0 {
		end = bytes.IndexByte(lines, '\n') + 1
	}
	return lines[:end], lines[end:]
}
