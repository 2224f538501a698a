package source

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"time"
)

// content is where the bytes of a source are.
type content interface {
	size() int64
	// open starts at the first byte. A reader of something that may change
	// returns source_changed instead of bytes that were not there at Open.
	open() (io.ReadCloser, error)
}

// memory is a source that is part of the program.
type memory struct{ data []byte }

func (m memory) size() int64 { return int64(len(m.data)) }

func (m memory) open() (io.ReadCloser, error) {
	return memoryReader{bytes.NewReader(m.data)}, nil
}

type memoryReader struct{ *bytes.Reader }

func (memoryReader) Close() error { return nil }

// onDisk is a regular file, and what tells that it is still the same one.
type onDisk struct {
	path     string
	bytes    int64
	modified time.Time
}

// statContent refuses what cannot be read twice before it is opened: opening a
// named pipe would wait for somebody to write to it. Messages say shown.
func statContent(shown, path string) (content, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, openError(shown, err)
	}
	if info.IsDir() {
		return nil, &Error{CodeDirectory, shown + ": this is a directory, not a file",
			"name the CSV file inside it", nil}
	}
	if !info.Mode().IsRegular() {
		return nil, &Error{CodeNotRegular, shown + ": this is not a regular file",
			"to read from a pipe, give - as the file and redirect the pipe to standard input", nil}
	}
	return onDisk{path, info.Size(), info.ModTime()}, nil
}

func (d onDisk) size() int64 { return d.bytes }

func (d onDisk) open() (io.ReadCloser, error) {
	file, err := os.Open(d.path)
	if err != nil {
		return nil, openError(d.path, err)
	}
	w := &watched{File: file, expected: d}
	if err := w.check(); err != nil {
		file.Close()
		return nil, err
	}
	return w, nil
}

// watched is an open file that is compared with what it was at Open on every
// read. The check costs a microsecond for every 64 KiB; to learn of a change
// only at the end would mean to have written rows that nobody checked.
type watched struct {
	*os.File
	expected onDisk
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.File.Read(p)
	if changed := w.check(); changed != nil {
		return 0, changed
	}
	return n, err
}

func (w *watched) ReadAt(p []byte, off int64) (int, error) {
	n, err := w.File.ReadAt(p, off)
	if changed := w.check(); changed != nil {
		return 0, changed
	}
	return n, err
}

func (w *watched) check() error {
	info, err := w.File.Stat()
	if err != nil {
		return err
	}
	if info.Size() != w.expected.bytes || !info.ModTime().Equal(w.expected.modified) {
		return changedError(filepath.Base(w.expected.path))
	}
	return nil
}
