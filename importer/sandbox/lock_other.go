//go:build !unix

package sandbox

import "os"

// lockFile does nothing where there is no flock: do not start two servers on one file there.
func lockFile(*os.File) error { return nil }
