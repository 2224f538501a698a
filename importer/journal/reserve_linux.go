package journal

import "syscall"

const keepSize = 1 // FALLOC_FL_KEEP_SIZE

// Reserve allocates the file's blocks up to size, beyond its end.
func (f *diskFile) Reserve(size int64) error {
	for {
		err := syscall.Fallocate(int(f.Fd()), keepSize, 0, size)
		if err != syscall.EINTR {
			return err
		}
	}
}
