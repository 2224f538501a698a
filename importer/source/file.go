package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"sync/atomic"
)

// Options say how to read a source. The zero value recognises everything.
type Options struct {
	Delimiter rune // between cells; 0: recognised among comma, semicolon, tab and pipe

	// Columns are, for [OpenRejects], the columns of the sheet that the rejects
	// came from, without notes: File.Header begins with them, whatever
	// their order in the file, and columns that were added follow. One that is
	// missing is an error. Nil: the columns are as they stand.
	Columns []string
}

// File is a source whose dialect and header are known. Its fields are not to be
// changed. A File holds nothing open and may be used by several goroutines.
type File struct {
	Name       string   // the file's name without its directory, for messages
	Path       string   // absolute; empty for embedded bytes
	Size       int64    // in bytes, with a byte order mark
	Header     []string // the cells of the header as they stand there
	HeaderLine int      // the physical line on which the header begins, from 1
	Dialect    Dialect

	content     content
	corrected   *corrected             // nil unless OpenRejects made it
	fingerprint atomic.Pointer[string] // of the first pass that came to the end
}

// Open reads the head of the file at path: its dialect and its header. Only
// regular files can be opened, as they are read more than once; for a pipe, see
// [Spool]. A source with a header and no row is fine. Errors are of type
// [*Error].
func Open(path string, opts Options) (*File, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, readError(path, err)
	}
	c, err := statContent(path, absolute)
	if err != nil {
		return nil, err
	}
	return open(&File{Name: filepath.Base(path), Path: absolute, content: c}, opts)
}

// OpenBytes is [Open] for a source in memory, such as an embedded sample. The
// bytes are not copied and must not change. Name stands in messages.
func OpenBytes(name string, data []byte, opts Options) (*File, error) {
	return open(&File{Name: name, content: memory{data}}, opts)
}

func open(f *File, opts Options) (*File, error) {
	f.Size = f.content.size()
	head, err := f.head()
	if err != nil {
		return nil, err
	}
	if err := checkHead(f.Name, head); err != nil {
		return nil, err
	}
	f.Dialect.Delimiter = opts.Delimiter
	if opts.Delimiter == 0 {
		f.Dialect.Delimiter = detectDelimiter(head, int64(len(head)) == f.Size)
	} else if !validDelimiter(opts.Delimiter) {
		return nil, &Error{CodeInvalidDelimiter, fmt.Sprintf("%q cannot be a delimiter", opts.Delimiter),
			"give one character that is neither a quote nor a line end, such as ; or a tab", nil}
	}
	f.Dialect.BOM = hasBOM(head)
	return f, f.readHeader()
}

// headSize is as much as is looked at to recognise the dialect.
const headSize = 64 << 10

// begin opens the source at its first byte.
func (f *File) begin() (io.ReadCloser, error) {
	text, err := f.content.open()
	if err != nil {
		return nil, f.explain(err)
	}
	return text, nil
}

func (f *File) head() ([]byte, error) {
	text, err := f.begin()
	if err != nil {
		return nil, err
	}
	defer text.Close()
	head := make([]byte, min(headSize, f.Size))
	n, err := io.ReadFull(text, head)
	if err != nil && err != io.ErrUnexpectedEOF && err != io.EOF {
		return nil, f.explain(err)
	}
	return head[:n], nil
}

// readHeader takes the first record for the header, and what ends its line for
// the way in which all lines end.
func (f *File) readHeader() error {
	text, err := f.begin()
	if err != nil {
		return err
	}
	defer text.Close()
	r, err := newCSVReader(text, f.Dialect)
	if err != nil {
		return f.explain(err)
	}
	f.Header, err = r.Read()
	f.HeaderLine, _ = r.Span()
	f.Dialect.CRLF = r.endsInCRLF()
	return f.headerError(err)
}

func (f *File) headerError(err error) error {
	d, hurt := errors.AsType[*damage](err)
	switch {
	case err == nil:
		return nil
	case err == io.EOF:
		return &Error{CodeEmptyFile, f.Name + ": the file is empty",
			"export it again with a header and at least one row", nil}
	case err == errNotUTF8:
		i := firstNotUTF8(f.Header)
		return &Error{CodeInvalidEncoding,
			fmt.Sprintf("%s: line %d: column %d of the header is not UTF-8: %s", f.Name, f.HeaderLine, i+1, notUTF8(f.Header[i])),
			hintUTF8, nil}
	case hurt:
		return &Error{string(d.code), fmt.Sprintf("%s: line %d: the header cannot be read: %s", f.Name, d.line, d.message),
			d.hint, nil}
	}
	return f.explain(err)
}

// explain makes an Error of what reading ended with. The context's errors and
// Errors pass as they are.
func (f *File) explain(err error) error {
	if _, known := errors.AsType[*Error](err); known || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return readError(f.Name, err)
}
