package source

import (
	"fmt"
	"io"
	"os"
)

// Spool copies r, standard input mostly, into a new file at path that only its
// owner may read (0600), and returns when it is safely on disk: what came
// through a pipe cannot be asked for again, and a run that is resumed reads it
// once more. An existing file is an error (fs.ErrExist). When the copy fails the
// incomplete file is removed; the error then says whether reading or writing
// failed.
func Spool(r io.Reader, path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("the copy of the input cannot be created: %w", err)
	}
	if err := fillSpool(file, r); err != nil {
		os.Remove(path)
		return err
	}
	return nil
}

func fillSpool(file *os.File, r io.Reader) error {
	in := &inputErrors{r: r}
	_, err := io.Copy(file, in)
	if err == nil {
		err = file.Sync()
	}
	if closing := file.Close(); err == nil {
		err = closing
	}
	switch {
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
