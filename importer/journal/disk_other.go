//go:build !unix

package journal

import "os"

// syncDir does nothing: the system has no way to sync a directory.
func syncDir(*os.Root) error { return nil }
