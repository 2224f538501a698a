package cli

import (
	"errors"
	"io"
	"os"
	"runtime"
	"syscall"
)

// heedless is an output whose reader may go away, as head does: what is written then is
// lost, which is no reason to stop an import, or to end otherwise than without a reader.
// A full disk stays an error.
type heedless struct{ io.Writer }

func (h heedless) Write(p []byte) (int, error) {
	n, err := h.Writer.Write(p)
	if readerGone(err) {
		return len(p), nil
	}
	return n, err
}

// readerGone reports whether an error says that nobody reads a pipe any more.
func readerGone(err error) bool {
	if runtime.GOOS != "windows" {
		return errors.Is(err, syscall.EPIPE)
	}
	const brokenPipe, noData = syscall.Errno(109), syscall.Errno(232)
	return errors.Is(err, brokenPipe) || errors.Is(err, noData)
}

// fileOf is the file behind an output, if it is one.
func fileOf(w io.Writer) (*os.File, bool) {
	if h, ok := w.(heedless); ok {
		w = h.Writer
	}
	f, ok := w.(*os.File)
	return f, ok
}
