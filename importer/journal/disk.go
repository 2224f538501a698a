package journal

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// FileName is the journal's name in its run directory.
const FileName = "journal"

// Create makes the journal of a new run, whole with its header or not at all:
// under another name first, synced, renamed, the directory synced. A
// directory that has a journal is an error that is [fs.ErrExist].
func Create(dir *os.Root, h Header, o Options) (*Journal, error) {
	if _, err := dir.Lstat(FileName); !errors.Is(err, fs.ErrNotExist) {
		if err == nil {
			err = fs.ErrExist
		}
		return nil, writeError(err)
	}
	temporary := FileName + "." + strings.ToLower(rand.Text()[:8]) + ".tmp"
	f, err := dir.OpenFile(temporary, os.O_RDWR|os.O_APPEND|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, writeError(err)
	}
	if err := f.Chmod(0o600); err != nil { // whatever the umask left of it
		return nil, abandon(dir, temporary, f, writeError(err))
	}
	o.process = thisProcess()
	j, err := New(&diskFile{f}, h, o)
	if err != nil {
		return nil, abandon(dir, temporary, f, err)
	}
	if err = dir.Rename(temporary, FileName); err == nil {
		err = syncDir(dir)
	}
	if err != nil {
		_ = j.Close()
		return nil, abandon(dir, temporary, f, writeError(err))
	}
	return j, nil
}

func abandon(dir *os.Root, name string, f *os.File, err error) error {
	_ = f.Close()
	_ = dir.Remove(name)
	return err
}

// Open goes on with a journal: reads it, cuts a torn tail, and puts on record
// that a new process has begun. Errors: [*CorruptError], [*VersionError],
// [*WriteError], and those of reading the file.
func Open(dir *os.Root, o Options) (*Journal, *Log, error) {
	f, size, err := openFile(dir, os.O_RDWR|os.O_APPEND)
	if err != nil {
		return nil, nil, err
	}
	o.process = thisProcess()
	j, log, err := Resume(&diskFile{f}, size, o)
	if err != nil {
		_ = f.Close()
		return nil, nil, err
	}
	return j, log, nil
}

// Read reads a journal that nobody is to write to. A torn tail is left alone.
// The Log holds the file open until it is closed.
func Read(dir *os.Root) (*Log, error) {
	f, size, err := openFile(dir, os.O_RDONLY)
	if err != nil {
		return nil, err
	}
	log, err := load(f, size)
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	log.close = f.Close
	return log, nil
}

// ReadHeader reads only what the run began with, which takes the same time for a
// journal of any length. What follows is not looked at: it may be damaged.
func ReadHeader(dir *os.Root) (Header, error) {
	f, size, err := openFile(dir, os.O_RDONLY)
	if err != nil {
		return Header{}, err
	}
	defer f.Close()
	return loadHeader(f, size)
}

// openFile opens the journal, which is a file and nothing else: a pipe would
// hang, and a link lead elsewhere.
func openFile(dir *os.Root, flags int) (*os.File, int64, error) {
	info, err := dir.Lstat(FileName)
	if err != nil {
		return nil, 0, readError(err)
	}
	if !info.Mode().IsRegular() {
		return nil, 0, readError(fmt.Errorf("%s is not a file", FileName))
	}
	f, err := dir.OpenFile(FileName, flags, 0)
	if err != nil {
		return nil, 0, readError(err)
	}
	if info, err = f.Stat(); err != nil {
		_ = f.Close()
		return nil, 0, readError(err)
	}
	return f, info.Size(), nil
}

// thisProcess says who works on the run, for a person who reads the journal.
func thisProcess() openRecord {
	host, _ := os.Hostname()
	boot, _ := os.ReadFile("/proc/sys/kernel/random/boot_id") // of other systems there is none
	return openRecord{Host: host, Boot: strings.TrimSpace(string(boot)), PID: os.Getpid()}
}

// diskFile is a journal on a disk.
type diskFile struct{ *os.File }
