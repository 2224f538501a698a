package journal

import (
	"bytes"
	"io"
	"iter"
	"maps"
	"slices"
	"time"

	"attio-import/importer/outcome"
)

// Log is what a journal says about its run: the state that its records leave
// behind, as it was when the journal was read. One that [Open] returned does not see what its
// Journal puts on record afterwards, and reads the Journal's file: it is of no use once
// that is closed. A Log is safe for concurrent use.
type Log struct {
	file io.ReaderAt
	size int64 // of the file
	cut  int64 // of which so many bytes at the end are torn

	header      *Header
	generations []Generation
	ends        []End
	ended       bool // the last record that tells of a process is its end
	processes   int
	complete    bool
	newest      time.Time
	groups      int64
	actor       string
	web         web

	rows       rows
	open       map[int]*sent // rows with an intent and no result after it
	sent       map[int]outcome.Sent
	references map[string]int64 // likewise, by reference: where the last intent is
	asked      map[string]bool  // all references that there was an intent for

	close func() error // nil where the file is a Journal's
}

// Header is what the run began with.
func (l *Log) Header() Header { return *l.header }

// Generations lists the generations after the first sheet, in order.
func (l *Log) Generations() []Generation { return slices.Clone(l.generations) }

// Ends lists how the processes that came to an end left the run, in order.
func (l *Log) Ends() []End { return slices.Clone(l.ends) }

// Ended reports whether the last process that worked on the run came to an end;
// else it was killed, or is still at work.
func (l *Log) Ended() bool { return l.ended }

// Processes is how many processes worked on the run, with the one that opened
// this journal.
func (l *Log) Processes() int { return l.processes }

// Complete reports whether every row of the current generation has its
// outcome: a process said so in its [End], and no row has been touched since.
func (l *Log) Complete() bool { return l.complete }

// Done reports whether a row has an outcome of the current generation and
// no intent after it.
func (l *Log) Done(row int) bool {
	return l.rows.isDone(row, l.generation()) && l.open[row] == nil
}

// Entry reads the latest outcome of a row; false if it has none. An outcome of
// an earlier generation stays until there is a newer one, and so does one with an
// intent after it.
func (l *Log) Entry(row int) (Entry, bool, error) {
	offset := l.rows.result(row)
	if offset == 0 {
		return Entry{}, false, nil
	}
	in := lineReader{file: l.file, end: l.size - l.cut, chunk: 1 << 10}
	e, err := l.entry(&in, row, offset)
	return e, err == nil, err
}

// Entries reads all rows that have an outcome, in row order. It ends after an error.
func (l *Log) Entries() iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		in := lineReader{file: l.file, end: l.size - l.cut, chunk: 64 << 10}
		for row, offset := range l.rows.all {
			e, err := l.entry(&in, row, offset)
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

func (l *Log) entry(in *lineReader, row int, offset int64) (Entry, error) {
	line, err := in.line(offset)
	if err != nil {
		return Entry{}, err
	}
	e, err := decodeResult(line, l.web)
	if err == nil && e.Outcome.Row != row {
		err = recordError("it is about another row")
	}
	if err != nil {
		return Entry{}, l.explain(err, offset)
	}
	return e, nil
}

// Open is what is known of a row that may have been written; nil if nothing
// of it is open. Tries counts the intents that are open, each of which a request may
// have followed, and all are Earlier; Until and Err are zero.
func (l *Log) Open(row int) *outcome.Sent {
	if s, ok := l.sent[row]; ok {
		return &s
	}
	return nil
}

// OpenRows lists the rows that may have been written, in order.
func (l *Log) OpenRows() []int { return slices.Sorted(maps.Keys(l.open)) }

// OpenReferences lists the intents with a Reference that may have been carried
// out: no [Journal.Made] followed. They come in the order of their references.
func (l *Log) OpenReferences() ([]outcome.Intent, error) {
	in := lineReader{file: l.file, end: l.size - l.cut, chunk: 1 << 10}
	var list []outcome.Intent
	for _, reference := range slices.Sorted(maps.Keys(l.references)) {
		intent, err := l.intent(&in, l.references[reference])
		if err != nil {
			return nil, err
		}
		list = append(list, intent)
	}
	return list, nil
}

// Newest is this machine's time of the newest group: a process that is dead by now sent
// nothing later than its Options.Delay after it, since from its first intent on it wrote a
// group at least that often (but for the time that it took to write). Only a machine that went
// to sleep, woke up and died within a Delay can have sent something later.
func (l *Log) Newest() time.Time { return l.newest }

// Actor is the token's id, if an answer has told it; else "".
func (l *Log) Actor() string { return l.actor }

// Cut is how many bytes of a torn tail were cut off, or would be; 0 for a journal that ends whole.
func (l *Log) Cut() int64 { return l.cut }

// Close closes the file of a Log that Read made; others need none.
func (l *Log) Close() error {
	if l.close == nil {
		return nil
	}
	return l.close()
}

func (l *Log) generation() int { return len(l.generations) }

// readOpen reads the intents that are open.
func (l *Log) readOpen() error {
	in := lineReader{file: l.file, end: l.size - l.cut, chunk: 4 << 10}
	l.sent = make(map[int]outcome.Sent, len(l.open))
	for _, row := range l.OpenRows() {
		s, err := l.openSent(&in, row)
		if err != nil {
			return err
		}
		l.sent[row] = s
	}
	return nil
}

func (l *Log) openSent(in *lineReader, row int) (outcome.Sent, error) {
	var s outcome.Sent
	creates := 0
	for _, p := range l.open[row].all() {
		intent, err := l.intent(in, p.offset)
		if err != nil {
			return s, err
		}
		if intent.Verb == outcome.Create {
			if creates++; creates == 1 {
				s.First = intent.At
			}
		}
		s.Intent = intent
		s.Tries++
		s.Earlier++
	}
	return s, nil
}

func (l *Log) intent(in *lineReader, offset int64) (outcome.Intent, error) {
	line, err := in.line(offset)
	if err != nil {
		return outcome.Intent{}, err
	}
	intent, err := decodeIntent(line)
	return intent, l.explain(err, offset)
}

// explain completes an error about a record: it says which version of the
// program wrote the journal, or where the record is.
func (l *Log) explain(err error, offset int64) error {
	switch e := err.(type) {
	case *VersionError:
		if l.header != nil {
			e.Program = l.header.Program
		}
	case recordError:
		return &CorruptError{Offset: offset, Reason: string(e)}
	}
	return err
}

// lineReader reads lines by where they begin; lines that follow each other
// cost one read of the file for many.
type lineReader struct {
	file  io.ReaderAt
	end   int64
	chunk int
	buf   []byte
	at    int64 // where buf is in the file
}

// line returns a line without its line feed. It is valid until the next call.
func (r *lineReader) line(offset int64) ([]byte, error) {
	if offset >= r.at && offset < r.at+int64(len(r.buf)) {
		rest := r.buf[offset-r.at:]
		if n := bytes.IndexByte(rest, '\n'); n >= 0 {
			return rest[:n], nil
		}
	}
	for size := int64(r.chunk); ; size *= 4 {
		size = min(size, r.end-offset)
		if err := r.read(offset, int(size)); err != nil {
			return nil, err
		}
		if n := bytes.IndexByte(r.buf, '\n'); n >= 0 {
			return r.buf[:n], nil
		}
		if offset+size >= r.end {
			return nil, &CorruptError{Offset: offset, Reason: "a line has no end: the file was changed while it was read"}
		}
	}
}

func (r *lineReader) read(offset int64, size int) error {
	if size > cap(r.buf) {
		r.buf = make([]byte, size)
	}
	r.buf, r.at = r.buf[:size], offset
	if n, err := r.file.ReadAt(r.buf, offset); n < size {
		r.buf = r.buf[:0]
		return readError(err)
	}
	return nil
}
