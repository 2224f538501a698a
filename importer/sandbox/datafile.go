package sandbox

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
)

// The data file is a log that is only ever appended to:
//
//	file    = "attio-import sandbox data 1\n" frame*
//	frame   = length checksum operation*      4 bytes each, little-endian; CRC-32C of the operations
//	operation = entity | create | edit | remove | write      see appendFrame and entity
//
// One request is one frame, written with one call before the request is answered: after a kill its frame is there
// whole, or it was never answered. A short frame at the very end is such a one and is cut off at the next start; damage
// anywhere else is an error. The file is synced when the server closes, so a power failure may cost the latest writes.

const dataMagic = "attio-import sandbox data 1\n"

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

type dataFile struct {
	f    *os.File
	size int64
	err  error // a write that failed and could not be taken back
}

// openDataFile opens or makes the file and locks it, so that two servers do not write to one.
func openDataFile(path string) (*dataFile, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lockFile(f); err != nil {
		f.Close()
		return nil, fmt.Errorf("%s is in use by another sandbox: %w", path, err)
	}
	return &dataFile{f: f}, nil
}

// append adds one frame.
func (d *dataFile) append(frame []byte) error {
	if d.err != nil {
		return d.err
	}
	n, err := d.f.WriteAt(frame, d.size)
	if err == nil {
		d.size += int64(n)
		return nil
	}
	if cut := d.f.Truncate(d.size); cut != nil {
		d.err = fmt.Errorf("the data file is damaged after byte %d: %w", d.size, cut)
	}
	return fmt.Errorf("cannot write the data file: %w", err)
}

// restart forgets all frames.
func (d *dataFile) restart() error {
	d.size = int64(len(dataMagic))
	return d.f.Truncate(d.size)
}

func (d *dataFile) close() error {
	err := d.f.Sync()
	return errors.Join(err, d.f.Close())
}

// load replays the file into the store. It reports false for a file without a single frame.
func (d *dataFile) load(s *store) (bool, error) {
	r := bufio.NewReaderSize(d.f, 1<<20)
	magic := make([]byte, len(dataMagic))
	n, err := io.ReadFull(r, magic)
	if err != nil && string(magic[:n]) == dataMagic[:n] { // new, or killed while it was made
		d.size = int64(len(dataMagic))
		_, err = d.f.WriteAt([]byte(dataMagic), 0)
		return false, err
	}
	if string(magic) != dataMagic {
		return false, fmt.Errorf("%s is not a data file of the sandbox", d.f.Name())
	}
	d.size = int64(len(dataMagic))
	for loaded := false; ; loaded = true {
		body, err := readFrame(r)
		if err == io.EOF {
			return loaded, nil
		}
		if err != nil {
			return loaded, d.cutTail(r, err)
		}
		if err := s.replay(string(body)); err != nil {
			return false, fmt.Errorf("%s: frame at byte %d: %w", d.f.Name(), d.size, err)
		}
		d.size += int64(8 + len(body))
	}
}

var errChecksum = errors.New("wrong checksum")

// readFrame returns io.EOF at the end, io.ErrUnexpectedEOF within a frame.
func readFrame(r *bufio.Reader) ([]byte, error) {
	var head [8]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	var body bytes.Buffer // grows with what is there, not with what a damaged length says
	n := int64(binary.LittleEndian.Uint32(head[:]))
	if _, err := io.CopyN(&body, r, n); err != nil {
		return nil, io.ErrUnexpectedEOF
	}
	if crc32.Checksum(body.Bytes(), castagnoli) != binary.LittleEndian.Uint32(head[4:]) {
		return nil, errChecksum
	}
	return body.Bytes(), nil
}

// cutTail removes a frame that was being written when the process ended.
func (d *dataFile) cutTail(r *bufio.Reader, cause error) error {
	if _, err := r.ReadByte(); err == nil || cause != errChecksum && cause != io.ErrUnexpectedEOF {
		return fmt.Errorf("%s is damaged at byte %d: %w", d.f.Name(), d.size, cause)
	}
	return d.f.Truncate(d.size)
}

// appendFrame packs the changes of one request and its line of the log.
func (x *tx) appendFrame(b []byte, e logEntry) []byte {
	b = append(b, 0, 0, 0, 0, 0, 0, 0, 0)
	for _, c := range x.changes[:x.used] {
		b = c.appendTo(b)
	}
	if e.method != "" {
		b = e.appendTo(b)
	}
	return sealFrame(b)
}

func sealFrame(b []byte) []byte {
	binary.LittleEndian.PutUint32(b, uint32(len(b)-8))
	binary.LittleEndian.PutUint32(b[4:], crc32.Checksum(b[8:], castagnoli))
	return b
}

func (c *change) appendTo(b []byte) []byte {
	b = appendUvarint(append(b, c.op), c.t.no)
	b = append(b, c.r.id[:]...)
	if c.op == opRemove {
		return b
	}
	if c.op == opCreate {
		b = binary.AppendUvarint(b, uint64(c.r.created))
		b = appendUvarint(b, int(c.r.by))
	}
	b = appendUvarint(b, len(c.edits))
	for _, e := range c.edits {
		b = appendUvarint(b, e.attr)
		mode := byte(0)
		if e.prepend {
			mode = 1
		}
		b = append(b, mode)
		b = appendUvarint(b, len(e.packed))
		b = append(b, e.packed...)
	}
	b = appendUvarint(b, len(c.past))
	return append(b, c.past...)
}

func (e *logEntry) appendTo(b []byte) []byte {
	b = binary.AppendUvarint(append(b, opLog), uint64(e.time))
	id := e.record[:]
	if !e.hasID {
		id = nil
	}
	for _, s := range []string{string(id), e.method, e.path, e.keys} {
		b = appendCounted(b, s)
	}
	return b
}

// replay applies the operations of one frame.
func (s *store) replay(frame string) error {
	c := cursor{frame}
	var row []byte
	for !c.done() {
		switch op := c.take(1)[0]; op {
		case opCreate, opEdit, opRemove:
			ch, err := s.readChange(&c, op)
			if err != nil {
				return err
			}
			row = ch.apply(row)
		case opLog:
			s.log.add(readLog(&c))
		case opEntity:
			if err := s.putEntity([]byte(c.counted())); err != nil {
				return err
			}
		default:
			return fmt.Errorf("unknown operation %d", op)
		}
	}
	return nil
}

func readLog(c *cursor) logEntry {
	e := logEntry{time: int64(c.uint())}
	if id := c.counted(); len(id) == 16 {
		e.record, e.hasID = uuid([]byte(id)), true
	}
	e.method, e.path, e.keys = c.counted(), c.counted(), c.counted()
	return e
}

func (s *store) readChange(c *cursor, op byte) (*change, error) {
	no, id := c.uint(), c.take(16)
	if no >= uint64(len(s.tables)) || len(id) != 16 {
		return nil, fmt.Errorf("a change of table %d, which is not known", no)
	}
	ch := &change{t: s.tables[no], op: op}
	if op == opCreate {
		ch.r = &record{id: uuid([]byte(id)), created: int64(c.uint()), by: int32(c.uint())}
		s.last = max(s.last, ch.r.created)
	} else if ch.r = ch.t.byID[uuid([]byte(id))]; ch.r == nil {
		return nil, fmt.Errorf("a change of record %s, which is not known", uuid([]byte(id)))
	}
	if op == opRemove {
		return ch, nil
	}
	for n := c.uint(); n > 0 && !c.done(); n-- {
		e := edit{attr: int(c.uint())}
		e.prepend = c.take(1) == "\x01"
		e.packed = []byte(c.counted())
		ch.edits = append(ch.edits, e)
	}
	ch.past = []byte(c.counted())
	return ch, nil
}
