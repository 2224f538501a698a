package source

import (
	"context"
	"fmt"
	"io"
	"os"
)

// Spool copies r, standard input mostly, into a new file at path that only its
// owner may read (0600), and returns when it is safely on disk: what came
// through a pipe cannot be asked for again, and a run that is resumed reads it
// once more. An existing file is an error (fs.ErrExist). When the copy fails the
// incomplete file is removed; the error then says whether reading or writing
// failed. It ends at once with ctx, the error then being its cause; the one read
// that may be waiting for the input is left behind.
func Spool(ctx context.Context, r io.Reader, path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("the copy of the input cannot be created: %w", err)
	}
	if err := fillSpool(ctx, file, r); err != nil {
		os.Remove(path)
		return err
	}
	return nil
}

func fillSpool(ctx context.Context, file *os.File, r io.Reader) error {
	in := &inputErrors{r: &endingReader{ctx: ctx, r: r}}
	_, err := io.Copy(file, in)
	if err == nil {
		err = file.Sync()
	}
	if closing := file.Close(); err == nil {
		err = closing
	}
	switch {
	case in.err != nil && ctx.Err() != nil:
		return context.Cause(ctx)
	case in.err != nil:
		return &Error{CodeUnreadable, fmt.Sprintf("the input cannot be read: %v", cause(in.err)),
			"check the program that writes into the pipe", in.err}
	case err != nil:
		return fmt.Errorf("the copy of the input cannot be written: %w", err)
	}
	return nil
}

// inputErrors remembers a failure of the reading side, which io.Copy does not
// tell from one of the writing side.
type inputErrors struct {
	r   io.Reader
	err error
}

func (i *inputErrors) Read(p []byte) (int, error) {
	n, err := i.r.Read(p)
	if err != io.EOF {
		i.err = err
	}
	return n, err
}

// endingReader is a reader that ends with a context, though a read of a pipe
// cannot be called back. It is not to be read any more after an error.
type endingReader struct {
	ctx context.Context
	r   io.Reader
	buf []byte // not the caller's: a read that is left behind may still fill it
}

type readResult struct {
	n   int
	err error
}

func (e *endingReader) Read(p []byte) (int, error) {
	if len(e.buf) < len(p) {
		e.buf = make([]byte, len(p))
	}
	buf, done := e.buf[:len(p)], make(chan readResult, 1)
	go func() {
		n, err := e.r.Read(buf)
		done <- readResult{n, err}
	}()
	select {
	case <-e.ctx.Done():
		return 0, context.Cause(e.ctx)
	case got := <-done:
		return copy(p, buf[:got.n]), got.err
	}
}
