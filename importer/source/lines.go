package source

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"
)

// A record that is longer has an unclosed quote; see the package comment.
const (
	maxRecordBytes = 1 << 20
	maxRecordLines = 1000
)

var (
	errEndInQuotes   = errors.New("the source ends inside quotes")
	errQuotesTooLong = errors.New("quotes over too many lines or bytes")
	errLineTooLong   = errors.New("line too long")
)

// lines gives encoding/csv the physical lines of a source, one a Read, so that
// it never runs ahead: at any moment the current record consists of exactly
// the lines handed out since begin. This is what makes line numbers true and
// lets a record that encoding/csv refused be taken back and read otherwise.
//
// The record stays in buf until the next begin, and taking it back is setting
// an index; nothing is copied but by encoding/csv itself.
//
//	buf:  ... | handed to encoding/csv | rest of the line | not looked at yet |
//	        start                    given              next             len(buf)
type lines struct {
	src io.Reader
	err error // what src ended with; io.EOF mostly

	buf   []byte
	start int   // the current record's first byte
	given int   // the first byte that encoding/csv has not got yet
	next  int   // the first byte behind the record's lines so far
	base  int64 // where in the source buf begins

	first int // the physical line at start
	count int // lines of the record so far

	ended bool // a line end was added that the source lacks
}

// newLines starts behind the skipped bytes, which were read from src before.
func newLines(src io.Reader, skipped int) *lines {
	return &lines{src: src, base: int64(skipped), buf: make([]byte, 0, 64<<10), first: 1}
}

// begin drops the current record and starts the next with the next line that is
// not empty. At the end of the source it returns io.EOF. After errLineTooLong
// call discard.
func (l *lines) begin() error {
	for {
		l.first += l.count
		l.count = 0
		l.start, l.given = l.next, l.next
		if err := l.take(maxRecordBytes); err != nil {
			return err
		}
		if len(trimLineEnd(l.record())) > 0 {
			return nil
		}
	}
}

// Read gives encoding/csv the rest of the current line. When it asks for more
// than that, the record goes on inside quotes.
func (l *lines) Read(p []byte) (int, error) {
	if l.given == l.next {
		if err := l.extend(); err != nil {
			return 0, err
		}
	}
	n := copy(p, l.buf[l.given:l.next])
	l.given += n
	return n, nil
}

func (l *lines) extend() error {
	if l.count == maxRecordLines {
		return errQuotesTooLong
	}
	switch err := l.take(maxRecordBytes - len(l.record())); err {
	case io.EOF:
		return errEndInQuotes
	case errLineTooLong:
		return errQuotesTooLong
	default:
		return err
	}
}

// take adds the next line to the record, if it has at most limit bytes. The
// last line gets the line end that it may lack: encoding/csv would otherwise
// ask for more to look for it, and that would look like an open quote.
func (l *lines) take(limit int) error {
	for searched := 0; ; l.fill() {
		if i := bytes.IndexByte(l.buf[l.next+searched:], '\n'); i >= 0 {
			return l.accept(searched+i+1, limit)
		}
		searched = len(l.buf) - l.next
		switch {
		case searched > limit:
			return errLineTooLong
		case l.err == io.EOF && searched > 0:
			l.buf = append(l.buf, '\n')
			l.ended = true
		case l.err != nil:
			return l.err
		}
	}
}

func (l *lines) accept(length, limit int) error {
	if length > limit {
		return errLineTooLong
	}
	l.next += length
	l.count++
	return nil
}

// fill reads on, behind the current record. The buffer moves the record to its
// front when it is full, and grows only where the record needs half of it.
func (l *lines) fill() {
	if l.err != nil {
		return
	}
	if len(l.buf) == cap(l.buf) {
		l.makeRoom()
	}
	n, err := l.src.Read(l.buf[len(l.buf):cap(l.buf)])
	l.buf = l.buf[:len(l.buf)+n]
	l.err = err
}

func (l *lines) makeRoom() {
	kept, room := l.buf[l.start:], l.buf[:0]
	if len(kept) > cap(l.buf)/2 {
		room = make([]byte, 0, 2*cap(l.buf))
	}
	l.buf = append(room, kept...)
	l.base += int64(l.start)
	l.given -= l.start
	l.next -= l.start
	l.start = 0
}

// record is the text of the current record so far, with its line ends.
func (l *lines) record() []byte { return l.buf[l.start:l.next] }

// span is the record's first and last physical line.
func (l *lines) span() (first, last int) { return l.first, l.first + max(l.count, 1) - 1 }

// offset counts the bytes of the source up to the end of the current record.
func (l *lines) offset() int64 {
	if l.ended && l.next == len(l.buf) {
		return l.base + int64(l.next) - 1
	}
	return l.base + int64(l.next)
}

// rewind takes the record back: the next begin starts with its first line.
func (l *lines) rewind() { l.next, l.count = l.start, 0 }

// discard takes a line that is longer than the buffer may become for the
// current record, keeps its first bytes and counts the rest.
func (l *lines) discard(keep int) (beginning string, length int64, err error) {
	beginning = string(l.buf[l.start:min(l.start+keep, len(l.buf))])
	from := l.base + int64(l.start)
	for {
		if i := bytes.IndexByte(l.buf[l.next:], '\n'); i >= 0 {
			l.next += i + 1
			break
		}
		l.base += int64(len(l.buf))
		l.buf, l.next = l.buf[:0], 0
		if l.err != nil {
			break
		}
		l.fill()
	}
	l.start, l.given, l.count = l.next, l.next, 1
	if l.err != nil && l.err != io.EOF && len(l.buf) == 0 {
		return "", 0, l.err
	}
	return beginning, l.offset() - from, nil
}

// trimLineEnd drops the LF or CRLF, and at the end of a source a lone CR.
func trimLineEnd(line []byte) []byte {
	line = bytes.TrimSuffix(line, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r"))
}

// character turns a byte column of the record's last line, from 1, as in
// csv.ParseError, into a count of characters.
func (l *lines) character(column int) int {
	text := l.record()
	line := text[bytes.LastIndexByte(text[:len(text)-1], '\n')+1:]
	return utf8.RuneCount(line[:column-1]) + 1
}
