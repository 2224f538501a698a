//go:build !windows && (!unix || solaris || aix)

package lock

import "os"

const noFollow = 0

func tryLock(*os.File) error  { return ErrNoLocks }
func tryShare(*os.File) error { return ErrNoLocks }
