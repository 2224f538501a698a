package journal

import (
	"context"
	"os"
	"time"
)

const (
	// ahead is how far ahead of its end a journal keeps room on the disk: what is
	// left of it when the disk is full is enough for the results of all calls under way.
	ahead = 256 << 10

	// Results that amount to manyWaiting are written without waiting for more, and
	// whoever puts one while tooManyWaiting wait for the disk waits with them.
	manyWaiting    = 512 << 10
	tooManyWaiting = 8 << 20
)

// batch is what is committed together.
type batch struct {
	lines   []byte
	intents []span // where in lines the intents are
	now     bool   // somebody waits for it
	done    chan struct{}
	err     error // set before done is closed
	refused error // of the intents, which then are not on record; the same
}

type span struct{ from, to int }

func newBatch() *batch { return &batch{done: make(chan struct{})} }

func (b *batch) wait(ctx context.Context, intents bool) error {
	select {
	case <-b.done:
	case <-ctx.Done():
		return ctx.Err()
	}
	if b.err == nil && intents {
		return b.refused
	}
	return b.err
}

// withoutIntents drops the intents, which cannot be put on record.
func (b *batch) withoutIntents(why error) {
	kept, from := b.lines[:0], 0
	for _, s := range b.intents {
		kept = append(kept, b.lines[from:s.from]...)
		from = s.to
	}
	b.lines = append(kept, b.lines[from:]...)
	b.refused = why
}

// add appends lines to what is waiting, under the lock. If appendTo fails, nothing is added.
func (j *Journal) add(now bool, appendTo func([]byte) ([]byte, error)) (*batch, error) {
	b := j.next
	switch {
	case j.err != nil:
		return nil, j.err
	case j.closing:
		return nil, os.ErrClosed
	}
	was := len(b.lines)
	lines, err := appendTo(b.lines)
	if err != nil {
		b.lines = b.lines[:was]
		return nil, err
	}
	b.lines = lines
	now = now || len(b.lines) > manyWaiting
	if now && !b.now || was == 0 {
		j.signal()
	}
	b.now = b.now || now
	return b, nil
}

func (j *Journal) signal() {
	select {
	case j.wake <- struct{}{}:
	default:
	}
}

func (j *Journal) put(appendTo func([]byte) ([]byte, error)) error {
	j.mu.Lock()
	b, err := j.add(j.eager, appendTo)
	tooMany := err == nil && len(b.lines) > tooManyWaiting
	j.mu.Unlock()
	if tooMany {
		<-b.done
		return b.err
	}
	return err
}

func (j *Journal) addAndWait(ctx context.Context, appendTo func([]byte) ([]byte, error)) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j.mu.Lock()
	b, err := j.add(true, appendTo)
	j.mu.Unlock()
	if err != nil {
		return err
	}
	return b.wait(ctx, false)
}

// commitAll writes batches until the journal is closed or a write fails. It is
// the one goroutine that touches the file's end.
func (j *Journal) commitAll() {
	defer close(j.gone)
	timer := time.NewTimer(j.delay)
	timer.Stop()
	armed := false
	for {
		due := false
		select {
		case <-j.wake:
		case <-timer.C:
			due, armed = true, false
		}
		b, beat, last := j.take(due)
		if b != nil {
			timer.Stop()
			armed = false
			if !j.finish(b, j.commit.batch(b, beat)) {
				return
			}
		}
		if last {
			return
		}
		if !armed && j.somethingComes() {
			timer.Reset(j.delay)
			armed = true
		}
	}
}

// take takes the batch that is to be written, if its time has come. A beat is
// to be written even if it is empty.
func (j *Journal) take(due bool) (b *batch, beat, last bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	beat = due && j.sending
	if !j.next.now && !j.closing && !beat && !(due && len(j.next.lines) > 0) {
		return nil, false, false
	}
	b, j.next = j.next, &batch{lines: j.spare, done: make(chan struct{})}
	j.spare = nil
	return b, beat, j.closing
}

// somethingComes reports whether something has to be written after the delay.
func (j *Journal) somethingComes() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.sending || len(j.next.lines) > 0
}

// finish tells all who wait how it went, and whether the journal goes on.
func (j *Journal) finish(b *batch, err error) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	b.err = err
	close(b.done)
	if err != nil {
		j.err = err
		j.next.err = err
		close(j.next.done)
		return false
	}
	if b.refused != nil {
		j.full = b.refused
	}
	if cap(b.lines) <= 2*manyWaiting {
		j.spare = b.lines[:0]
	}
	return true
}

// committer writes groups: one write and one sync each.
type committer struct {
	file     File
	reserver Reserver // nil where the disk cannot keep room, or not any more
	seq      int64    // of the last group
	size     int64    // of the file
	reserved int64    // up to which there is room
	full     error    // there is no more
	out      []byte
}

// batch writes what is waiting, in as many groups as it takes. A failed write
// or sync is never repeated: what the disk then has, nobody knows.
func (c *committer) batch(b *batch, beat bool) error {
	c.reserve(len(b.lines))
	if c.full != nil && len(b.intents) > 0 {
		b.withoutIntents(c.full)
	}
	for rest := b.lines; len(rest) > 0 || beat; beat = false {
		var group []byte
		group, rest = cutGroup(rest)
		c.out = appendGroup(c.out[:0], c.seq+1, time.Now().UnixMilli(), group)
		if err := c.write(); err != nil {
			return err
		}
	}
	return nil
}

// write writes out, which is one group.
func (c *committer) write() error {
	_, err := c.file.Write(c.out)
	if err == nil {
		err = c.file.Sync()
	}
	if err != nil {
		return writeError(err)
	}
	c.seq++
	c.size += int64(len(c.out))
	if cap(c.out) > 2*maxGroup {
		c.out = nil
	}
	return nil
}

// reserve keeps room for so many bytes of lines, and for what must still fit
// when there is no room for more.
func (c *committer) reserve(lines int) {
	need := c.size + int64(lines) + int64(lines/maxGroup+2)*maxHeader + ahead
	if c.reserver == nil || need <= c.reserved {
		return
	}
	err := c.reserver.Reserve(need + ahead)
	switch {
	case err == nil:
		c.reserved = need + ahead
		return
	case isFull(err):
		c.full = writeError(err)
	}
	c.reserver = nil
}

// release gives back the room that was not used. Should that fail, nothing is
// lost but the room.
func (c *committer) release() {
	if c.reserved > c.size {
		_ = c.file.Truncate(c.size)
	}
}
