//go:build unix

package sandbox

import (
	"os"
	"syscall"
)

// lockFile takes the file for this process; the lock ends with it, also when it is killed.
func lockFile(f *os.File) error { return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) }
