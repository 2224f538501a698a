package journal

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"time"

	"attio-import/importer/outcome"
)

// File is what a journal needs of its file; *os.File has it. Tests put disks
// behind it that fill up or lose power.
type File interface {
	io.ReaderAt
	io.Writer // appends
	Sync() error
	Truncate(size int64) error
	Close() error
}

// Reserver is a File that can keep room for itself: after Reserve returned nil,
// the file grows to size without asking the disk for more. An error that says
// that the disk is full stops the run while there is room for its last results; any other,
// that the disk cannot do it, and then the journal does without.
type Reserver interface {
	Reserve(size int64) error
}

// Options tune a journal. The zero value is a working default.
type Options struct {
	// Delay is how long a result may wait for company before it is written;
	// default 1 s. Intents never wait, and take what is waiting along. It is also how
	// often a process that may be sending says that it is alive (see [Log.Newest]).
	Delay time.Duration
	// Eager writes every result at once: for rows that could not be found again.
	Eager bool

	process openRecord // who opens it: Create and Open know
}

func (o Options) applyDefaults() Options {
	if o.Delay <= 0 {
		o.Delay = time.Second
	}
	return o
}

// Journal is a journal that is being written. It is safe for concurrent use.
type Journal struct {
	file  File
	delay time.Duration
	eager bool

	wake chan struct{} // tells the committer that something is waiting; holds one
	gone chan struct{} // closed when the committer is

	mu         sync.Mutex
	next       *batch // what is waiting to be written
	spare      []byte // for the lines of the one after
	sending    bool   // writes may be leaving: say that the process is alive
	closing    bool
	err        error // the first failure: final
	full       error // no room was left for more intents: final for them
	generation int
	web        web
	actor      string
	asked      map[string]bool // references that there was an intent for

	commit committer
}

// New writes the header of a new journal into an empty file; Create does it on
// a disk. The file is the journal's from now on: Close closes it.
func New(f File, h Header, o Options) (*Journal, error) {
	h.Flags, _ = mapTexts(h.Flags, armour)
	lines, err := appendRecord(nil, &h)
	if err != nil {
		return nil, fmt.Errorf("the journal's header: %w", err)
	}
	j := newJournal(f, o)
	if lines, err = j.appendOpen(lines, o.process, 0); err != nil {
		return nil, err
	}
	if j.commit.reserve(len(magic) + len(lines)); j.commit.full != nil {
		return nil, j.commit.full
	}
	j.commit.out = appendGroup([]byte(magic), 1, time.Now().UnixMilli(), lines)
	if err := j.commit.write(); err != nil {
		return nil, err
	}
	go j.commitAll()
	return j, nil
}

// Resume is Open for a file of the given size. It does not close the file
// where it returns an error.
func Resume(f File, size int64, o Options) (*Journal, *Log, error) {
	log, err := load(f, size)
	if err != nil {
		return nil, nil, err
	}
	j := newJournal(f, o)
	j.generation, j.web, j.actor, j.asked = log.generation(), log.web, log.actor, log.asked
	j.commit.seq, j.commit.size = log.groups, log.size-log.cut
	if err := secure(f, log.cut, j.commit.size); err != nil {
		return nil, nil, err
	}
	lines, err := j.appendOpen(nil, o.process, log.cut)
	if err != nil {
		return nil, nil, err
	}
	log.processes++
	go j.commitAll()
	if err := j.addAndWait(context.Background(), func(b []byte) ([]byte, error) { return append(b, lines...), nil }); err != nil {
		<-j.gone
		return nil, nil, err
	}
	return j, log, nil
}

// secure cuts a torn tail, and syncs what is left: the process before may have died
// between a write and its sync, and no group may be written while an earlier one
// can still be torn.
func secure(f File, cut, size int64) error {
	var err error
	if cut > 0 {
		err = f.Truncate(size)
	}
	if err == nil {
		err = f.Sync()
	}
	if err != nil {
		return writeError(err)
	}
	return nil
}

func newJournal(f File, o Options) *Journal {
	o = o.applyDefaults()
	j := &Journal{
		file: f, delay: o.Delay, eager: o.Eager,
		wake: make(chan struct{}, 1), gone: make(chan struct{}),
		next:   newBatch(),
		asked:  map[string]bool{},
		commit: committer{file: f},
	}
	j.commit.reserver, _ = f.(Reserver)
	return j
}

func (j *Journal) appendOpen(b []byte, r openRecord, cut int64) ([]byte, error) {
	r.At, r.Cut = time.Now(), cut
	return appendRecord(b, &r)
}

// Intend puts intents on record and returns when they last, with every result
// that was waiting; without intents, when all that was put before lasts. An error
// is final, but for that of the context: nothing can be put on record any more, or
// no more intents where the disk is full, and the run must stop. On every error the intents
// must not be carried out; those of a context that ended may be on record, and
// should be withdrawn.
func (j *Journal) Intend(ctx context.Context, intents ...outcome.Intent) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	for i := range intents {
		if err := checkIntent(&intents[i]); err != nil {
			return err
		}
	}
	b, err := j.addIntents(intents)
	if err != nil {
		return err
	}
	return b.wait(ctx, len(intents) > 0)
}

func checkIntent(in *outcome.Intent) error {
	switch {
	case in.Verb != outcome.Create && in.Verb != outcome.Update:
		return fmt.Errorf("row %d: an intent to %q", in.Row, in.Verb)
	case in.Reference == "" && !isRow(in.Row):
		return rowError(in.Row)
	}
	return nil
}

func isRow(n int) bool { return n >= 1 && n <= maxRow }

func rowError(n int) error { return fmt.Errorf("the journal cannot keep a row of number %d", n) }

func (j *Journal) addIntents(intents []outcome.Intent) (*batch, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.full != nil && len(intents) > 0 {
		return nil, j.full
	}
	from := len(j.next.lines)
	b, err := j.add(true, func(b []byte) ([]byte, error) {
		var err error
		for i := range intents {
			if b, err = appendIntent(b, &intents[i], j.generation); err != nil {
				return b, err
			}
		}
		return b, nil
	})
	if err == nil && len(intents) > 0 {
		b.intents = append(b.intents, span{from, len(b.lines)})
		j.sending = true
		j.note(intents)
	}
	return b, err
}

// note remembers which references there are intents for; mu is held.
func (j *Journal) note(intents []outcome.Intent) {
	for i := range intents {
		if reference := intents[i].Reference; reference != "" {
			j.asked[reference] = true
		}
	}
}

// Asked reports whether there was an intent with a Reference, by this process
// or an earlier one: the run may have made the record that it names.
func (j *Journal) Asked(reference string) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.asked[reference]
}

// Put takes the outcome of a row. cells, or raw, are kept where the row failed.
// It does not wait for the disk, unless that is far behind. The error is that of
// an earlier write, and final.
func (j *Journal) Put(o *outcome.Outcome, cells []string, raw string) error {
	if !isRow(o.Row) {
		return rowError(o.Row)
	}
	if o.Action == "" {
		return fmt.Errorf("row %d: an outcome without an action", o.Row)
	}
	if !o.Action.Failed() {
		cells, raw = nil, ""
	}
	return j.put(func(b []byte) ([]byte, error) { return j.appendResult(b, o, cells, raw) })
}

// appendResult puts the shape of web addresses on record with the first that is seen.
func (j *Journal) appendResult(b []byte, o *outcome.Outcome, cells []string, raw string) ([]byte, error) {
	w := j.web
	if !w.known() && o.WebURL != "" {
		if w = shapeOf(o.WebURL, o.RecordID); w.known() {
			var err error
			if b, err = appendRecord(b, &webRecord{w.before, w.after}); err != nil {
				return b, err
			}
		}
	}
	b, err := appendResult(b, o, cells, raw, j.generation, w)
	if err == nil {
		j.web = w
	}
	return b, err
}

// Made takes the result of an intent with a Reference.
func (j *Journal) Made(reference, recordID string) error {
	return j.put(func(b []byte) ([]byte, error) { return appendRecord(b, &madeRecord{reference, recordID}) })
}

// Withdraw says that the intents of rows were never sent and will not be by
// this process: the rows are what they were before it. Of a row of which this process may
// have sent anything since its last result, it must not be said.
func (j *Journal) Withdraw(rows ...int) error {
	for _, row := range rows {
		if !isRow(row) {
			return rowError(row)
		}
	}
	return j.put(func(b []byte) ([]byte, error) {
		var err error
		for some := range slices.Chunk(rows, 1000) {
			if b, err = appendRecord(b, &backRecord{some}); err != nil {
				break
			}
		}
		return b, err
	})
}

// Actor takes note of the token's id, by which it signs the records that it makes.
func (j *Journal) Actor(id string) error {
	return j.put(func(b []byte) ([]byte, error) {
		if id == j.actor {
			return b, nil
		}
		b, err := appendRecord(b, &actorRecord{id})
		if err == nil {
			j.actor = id
		}
		return b, err
	})
}

// Begin begins a generation, and returns when that lasts; from here on, results
// belong to it. Its number must be the one after the current.
func (j *Journal) Begin(ctx context.Context, g Generation) error {
	if g.Mapping != nil {
		mapping := *g.Mapping
		g.Mapping = &mapping
	}
	return j.addAndWait(ctx, func(b []byte) ([]byte, error) {
		if g.Number != j.generation+1 {
			return b, fmt.Errorf("generation %d cannot follow generation %d", g.Number, j.generation)
		}
		b, err := appendRecord(b, &g)
		if err == nil {
			j.generation = g.Number
		}
		return b, err
	})
}

// End puts on record how this process leaves the run, and returns when that lasts.
func (j *Journal) End(e End) error {
	return j.addAndWait(context.Background(), func(b []byte) ([]byte, error) {
		j.sending = false
		return appendRecord(b, &e)
	})
}

// Close writes what is waiting, and closes the file. It returns the error that
// ended the journal, if one did. Nothing can be put afterwards; closing again does nothing.
func (j *Journal) Close() error {
	j.mu.Lock()
	again := j.closing
	j.closing = true
	j.mu.Unlock()
	if again {
		<-j.gone
		return nil
	}
	j.signal()
	<-j.gone
	j.mu.Lock()
	err := j.err
	if j.err == nil {
		j.err = os.ErrClosed
		j.commit.release()
	}
	j.mu.Unlock()
	if cerr := j.file.Close(); err == nil && cerr != nil {
		err = writeError(cerr)
	}
	return err
}

// record is what is written with encoding/json: all but the lines about rows.
type record interface{ texts() []*string }

// appendRecord appends a record's line. The record is not used afterwards: its
// texts are armoured where they stand.
func appendRecord(b []byte, r record) ([]byte, error) {
	for _, s := range r.texts() {
		_ = armour(s)
	}
	out := bytes.NewBuffer(b)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	err := enc.Encode(r)
	if err == nil && out.Len()-len(b) > maxLine/2 { // the first group has two of them
		err = errTooLong
	}
	return out.Bytes(), err
}
