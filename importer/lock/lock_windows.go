package lock

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

const noFollow = 0

func tryLock(f *os.File) error  { return lockRange(f, windows.LOCKFILE_EXCLUSIVE_LOCK) }
func tryShare(f *os.File) error { return lockRange(f, 0) }

// lockRange locks a byte far behind the text: what is locked here nobody else
// can read, and the text is there to be read.
func lockRange(f *os.File, how uint32) error {
	at := &windows.Overlapped{OffsetHigh: 1 << 30}
	err := windows.LockFileEx(windows.Handle(f.Fd()), how|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, at)
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return errTaken
	}
	return err
}
