package write_test

import (
	"io"
	"sync"
	"syscall"
	"time"
)

// disk holds one file. What was written is safe from the death of a process;
// only what was synced is safe from a loss of power.
type disk struct {
	mu      sync.Mutex
	dice    dice
	content []byte
	synced  int  // so many bytes of content last
	room    int  // bytes that fit; 0: any number
	born    bool // the file has its name: its first content was synced
	syncs   int
	lies    bool // a mutant: Sync does nothing
}

const sector = 512

// loseCache is a loss of power: of what was not synced a piece is left, or all
// with a hole in it, or nothing.
func (d *disk) loseCache() (lost int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	dice := d.dice.of(1, d.syncs, len(d.content))
	open := len(d.content) - d.synced
	if open == 0 {
		return 0
	}
	switch dice.pick(2, 2, 1) {
	case 0:
		d.content = d.content[:d.synced]
	case 1:
		d.content = d.content[:d.synced+dice.below(open)]
	case 2:
		at := (d.synced + dice.below(open)) / sector * sector // a disk writes whole sectors or none
		clear(d.content[max(at, d.synced):min(at+sector, len(d.content))])
	}
	d.synced = len(d.content)
	return open
}

// fill leaves room for a file of so many bytes; 0: of any size.
func (d *disk) fill(room int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.room = room
}

// size is how large the file is. What a process that died too early has left of a
// new one has no name, and is gone.
func (d *disk) size() (size int64, born bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.born {
		d.content, d.synced = nil, 0
	}
	return int64(len(d.content)), d.born
}

// name gives a new file its name.
func (d *disk) name() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.born = true
}

// file is the disk's file as one process has it open.
type file struct {
	*disk
	p *process
}

func (f *file) ReadAt(b []byte, at int64) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if at >= int64(len(f.content)) {
		return 0, io.EOF
	}
	n := copy(b, f.content[at:])
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

func (f *file) Write(b []byte) (int, error) {
	if err := f.p.step(); err != nil {
		return 0, err
	}
	f.mu.Lock()
	n := len(b)
	if f.room > 0 {
		n = min(n, max(0, f.room-len(f.content)))
	}
	f.content = append(f.content, b[:n]...)
	f.mu.Unlock()
	if n < len(b) {
		f.p.note("the disk is full")
		now := time.Now()
		f.p.failed.Store(&now)
		return n, syscall.ENOSPC
	}
	return n, nil
}

// Sync takes its time. What was written before it began lasts when it ends.
func (f *file) Sync() error {
	if err := f.p.step(); err != nil {
		return err
	}
	f.mu.Lock()
	f.syncs++
	size := len(f.content)
	dice := f.dice.of(2, f.syncs)
	f.mu.Unlock()
	time.Sleep(dice.span(100*time.Microsecond, 8*time.Millisecond))
	if err := f.p.step(); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.lies || !f.born {
		f.synced = max(f.synced, min(size, len(f.content)))
	}
	return nil
}

func (f *file) Truncate(size int64) error {
	if err := f.p.step(); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.content = f.content[:min(size, int64(len(f.content)))]
	f.synced = min(f.synced, len(f.content))
	return nil
}

// reserving is the file on a disk that can keep room for it.
type reserving struct{ *file }

func (f reserving) Reserve(size int64) error {
	if err := f.p.step(); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.room > 0 && size > int64(f.room) {
		return syscall.ENOSPC
	}
	return nil
}

func (f *file) Close() error { return nil }
