//go:build unix && !solaris && !aix

package lock

import (
	"errors"
	"os"
	"syscall"
)

// noFollow: a lock file is never a symbolic link to somebody's else file.
const noFollow = syscall.O_NOFOLLOW

func tryLock(f *os.File) error  { return flock(f, syscall.LOCK_EX) }
func tryShare(f *os.File) error { return flock(f, syscall.LOCK_SH) }

func flock(f *os.File, how int) error {
	for {
		err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
		switch {
		case err == syscall.EINTR:
			continue
		case err == syscall.EWOULDBLOCK:
			return errTaken
		case errors.Is(err, errors.ErrUnsupported):
			return ErrNoLocks
		}
		return err
	}
}
