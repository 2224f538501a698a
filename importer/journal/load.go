package journal

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// load reads a journal from its first byte to its last.
func load(r io.ReaderAt, size int64) (*Log, error) {
	l := newLoader(r, size)
	if err := l.magic(); err != nil {
		return nil, err
	}
	for {
		more, err := l.group()
		if err != nil {
			return nil, err
		}
		if !more {
			break
		}
	}
	if err := l.log.readOpen(); err != nil {
		return nil, err
	}
	return l.log, nil
}

// loader makes a Log of the groups of a file.
type loader struct {
	log    *Log
	in     *bufio.Reader
	offset int64 // of the group
	body   []byte
}

func newLoader(r io.ReaderAt, size int64) *loader {
	return &loader{
		log: &Log{file: r, size: size, open: map[int]*sent{}, references: map[string]int64{}, asked: map[string]bool{}},
		in:  bufio.NewReaderSize(io.NewSectionReader(r, 0, size), int(max(4<<10, min(size, 64<<10)))),
	}
}

// loadHeader reads the first group alone.
func loadHeader(r io.ReaderAt, size int64) (Header, error) {
	l := newLoader(r, size)
	if err := l.magic(); err != nil {
		return Header{}, err
	}
	if _, err := l.group(); err != nil {
		return Header{}, err
	}
	return l.log.Header(), nil
}

func (l *loader) magic() error {
	first, err := l.in.Peek(len(magic))
	if err != nil && !errors.Is(err, io.EOF) {
		return readError(err)
	}
	switch kind := magic[:len(magic)-2]; { // all but the version
	case string(first) == magic:
	case strings.HasPrefix(string(first), kind):
		version, _, _ := strings.Cut(string(first[len(kind):]), "\n")
		return &VersionError{Reason: fmt.Sprintf("it has format %q, and this program reads format 1", version)}
	default:
		return &CorruptError{Reason: "its first line is not a journal's"}
	}
	_, _ = l.in.Discard(len(magic))
	l.offset = int64(len(magic))
	return nil
}

// group reads the next group; false where there is none that is whole.
func (l *loader) group() (bool, error) {
	start, err := l.in.Peek(maxHeader)
	if err != nil && !errors.Is(err, io.EOF) {
		return false, readError(err)
	}
	if len(start) == 0 && l.log.groups > 0 {
		return false, nil
	}
	h, length, s := parseHeader(start)
	if s != whole || h.seq != l.log.groups+1 || l.offset+int64(length)+int64(h.bytes) > l.log.size {
		return false, l.tail()
	}
	_, _ = l.in.Discard(length)
	if h.bytes > cap(l.body) {
		l.body = make([]byte, h.bytes)
	}
	l.body = l.body[:h.bytes]
	if _, err := io.ReadFull(l.in, l.body); err != nil {
		return false, readError(err)
	}
	if h.sum(l.body) != h.crc {
		return false, l.tail()
	}
	l.log.groups, l.log.newest = h.seq, time.UnixMilli(h.time)
	if err := l.lines(l.body, l.offset+int64(length)); err != nil {
		return false, err
	}
	l.offset += int64(length + h.bytes)
	return true, nil
}

// tail judges what begins with a group that is not whole.
func (l *loader) tail() error {
	n := l.log.size - l.offset
	corrupt := func(reason string) error {
		return &CorruptError{Group: int(l.log.groups + 1), Offset: l.offset, Reason: reason}
	}
	switch {
	case l.log.groups == 0:
		return corrupt("it is the first, and not whole")
	case n > maxHeader+maxLine:
		return corrupt("it does not have its checksum, and more follows than one write has")
	}
	tail := make([]byte, n)
	if _, err := l.log.file.ReadAt(tail, l.offset); err != nil && !errors.Is(err, io.EOF) {
		return readError(err)
	}
	if reason := judgeTail(tail, l.offset, l.log.groups+1); reason != "" {
		return corrupt(reason)
	}
	l.log.cut = n
	return nil
}

// lines takes the lines of a group, of which the first is at offset.
func (l *loader) lines(body []byte, offset int64) error {
	group := int(l.log.groups)
	for len(body) > 0 {
		n := bytes.IndexByte(body, '\n') + 1
		if n < len("{\"i\":1}\n") || body[0] != '{' || body[n-2] != '}' {
			return &CorruptError{Group: group, Offset: l.offset, Reason: "it has a line that is not a record"}
		}
		if err := l.log.take(body[:n-1], offset); err != nil {
			return l.log.explain(err, offset)
		}
		offset, body = offset+int64(n), body[n:]
	}
	if group == 1 && l.log.header == nil {
		return &CorruptError{Group: group, Offset: l.offset, Reason: "it does not say what the run began with"}
	}
	return nil
}

// recordError is a record that says what cannot be.
type recordError string

func (e recordError) Error() string { return string(e) }

func readError(err error) error { return fmt.Errorf("cannot read the journal: %w", err) }
