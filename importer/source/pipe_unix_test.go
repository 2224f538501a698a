//go:build unix

package source

import (
	"path/filepath"
	"syscall"
	"testing"
)

// Opening a named pipe would wait for a writer for ever.
func TestOpenRefusesPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skip("no named pipes here:", err)
	}
	_, err := Open(path, Options{})
	checkError(t, err, CodeNotRegular, path+": this is not a regular file")
}
