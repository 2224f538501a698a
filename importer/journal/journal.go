package journal

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"os"
	"time"

	"attio-import/importer/outcome"
)

// This is the agreed face of the package; what is behind it follows.

var errNotBuilt = errors.New("not built yet")

// FileName is the journal's name in its run directory.
const FileName = "journal"

// File is what a journal needs of its file; *os.File has it. Tests put disks
// behind it that fill up or lose power.
type File interface {
	io.ReaderAt
	io.Writer // appends
	Sync() error
	Truncate(size int64) error
	Close() error
}

// Header is what a run began with: all that resume compares, and all that
// a report needs besides the rows. It never changes.
type Header struct {
	Run       string    `json:"run"`
	Program   string    `json:"prog"`
	Began     time.Time `json:"began"` // this machine's clock
	API       string    `json:"api"`   // origin; "sandbox" for the embedded one
	Workspace Workspace `json:"ws"`
	Object    string    `json:"object"`
	Source    Source    `json:"src"`
	Mapping   Mapping   `json:"map"`
	// Schema is the part of the workspace's schema that the mapping uses, as the caller
	// wrote it; Info what the caller's reports need besides; Flags the options that the run had.
	Schema json.RawMessage   `json:"schema"`
	Info   json.RawMessage   `json:"info"`
	Flags  map[string]string `json:"flags,omitempty"`
}

// Workspace is where a run writes.
type Workspace struct {
	ID   string `json:"id"`
	Slug string `json:"slug"`
	Name string `json:"name"`
}

// Source is the sheet of a run or of a generation.
type Source struct {
	Name        string `json:"name"`           // as the user gave it
	Path        string `json:"path,omitempty"` // absolute; empty for one that is part of the program
	Spooled     bool   `json:"spooled,omitempty"`
	Size        int64  `json:"size"`
	Fingerprint string `json:"fp"`
	Rows        int    `json:"rows"`
}

// Mapping is the mapping file of a run or of a generation, with its text.
type Mapping struct {
	Name        string `json:"name"`
	Path        string `json:"path,omitempty"`
	Fingerprint string `json:"fp"`
	Text        string `json:"text"`
	Object      string `json:"object,omitempty"` // what --object said instead of the file
}

// Generation is a further sheet of the same run: corrected rejects, or
// decisions about rows whose fate was unknown. The latest outcome of a row counts.
type Generation struct {
	Number  int      `json:"gen"`
	Kind    string   `json:"kind"` // "retry" or "decide"
	Source  Source   `json:"src"`  // its copy in the run directory, and the fingerprint of what the user gave
	Mapping *Mapping `json:"map,omitempty"`
}

// End is how one process left the run.
type End struct {
	ExitCode int       `json:"end"`
	Reason   string    `json:"reason,omitempty"`
	Elapsed  int64     `json:"ms"`
	Read     int64     `json:"read"`
	Write    int64     `json:"write"`
	Limited  int64     `json:"limited"`
	At       time.Time `json:"at"`
	// Complete says that every row of the current generation has its outcome.
	Complete bool `json:"complete"`
}

// Entry is a row's latest outcome with, where it failed, the row as it stood.
type Entry struct {
	Outcome    outcome.Outcome
	Generation int
	Cells      []string // of a row that failed; else nil
	Raw        string   // in their place, where the line could not be split
}

// Options tune a journal. The zero value is a working default.
type Options struct {
	// Delay is how long a result may wait for company before it is written;
	// default 1 s. Intents never wait, and take what is waiting along.
	Delay time.Duration
	// Eager writes every result at once: for rows that could not be found again.
	Eager bool
}

// Journal is a journal that is being written. It is safe for concurrent use.
type Journal struct{}

// Create makes the journal of a new run, whole with its header or not at all:
// under another name first, synced, renamed, the directory synced.
func Create(dir *os.Root, h Header, o Options) (*Journal, error) { return nil, errNotBuilt }

// New writes the header of a new journal into an empty file; Create does it on a disk.
func New(f File, h Header, o Options) (*Journal, error) { return nil, errNotBuilt }

// Open goes on with a journal: reads it, cuts a torn tail, and puts on record
// that a new process has begun. Errors: [*CorruptError], and those of the file.
func Open(dir *os.Root, o Options) (*Journal, *Log, error) { return nil, nil, errNotBuilt }

// Resume is Open for a file of the given size. now is this machine's time.
func Resume(f File, size int64, o Options) (*Journal, *Log, error) { return nil, nil, errNotBuilt }

// Read reads a journal that nobody is to write to. A torn tail is left alone.
// The Log holds the file open until it is closed.
func Read(dir *os.Root) (*Log, error) { return nil, errNotBuilt }

// Intend puts intents on record and returns when they last, with every result
// that was waiting. The error is final: nothing can be put on record any more,
// and the run must stop.
func (j *Journal) Intend(ctx context.Context, intents ...outcome.Intent) error { return errNotBuilt }

// Put takes the outcome of a row. cells, or raw, are kept where the row failed. It does not wait for the disk.
func (j *Journal) Put(o *outcome.Outcome, cells []string, raw string) error { return errNotBuilt }

// Made takes the result of an intent with a Reference.
func (j *Journal) Made(reference, recordID string) error { return errNotBuilt }

// Withdraw says that the intents of rows were never sent and will not be by
// this process: the rows are what they were before.
func (j *Journal) Withdraw(rows ...int) error { return errNotBuilt }

// Actor takes note of the token's id, by which it signs the records that it makes.
func (j *Journal) Actor(id string) error { return errNotBuilt }

// Begin begins a generation; from here on, results belong to it.
func (j *Journal) Begin(ctx context.Context, g Generation) error { return errNotBuilt }

// End puts on record how this process leaves the run, and returns when that lasts.
func (j *Journal) End(e End) error { return errNotBuilt }

// Close writes what is waiting, and closes the file.
func (j *Journal) Close() error { return errNotBuilt }

// Log is what a journal says about its run: the state that its records leave behind.
type Log struct{}

// Header is what the run began with.
func (l *Log) Header() Header { return Header{} }

// Generations lists the generations after the first sheet, in order.
func (l *Log) Generations() []Generation { return nil }

// Ends lists how the processes that came to an end left the run, in order.
func (l *Log) Ends() []End { return nil }

// Processes is how many processes worked on the run.
func (l *Log) Processes() int { return 0 }

// Complete reports whether every row of the current generation has its outcome.
func (l *Log) Complete() bool { return false }

// Done reports whether a row has an outcome of the current generation and
// no intent after it.
func (l *Log) Done(row int) bool { return false }

// Entry reads the latest outcome of a row; false if it has none.
func (l *Log) Entry(row int) (Entry, bool, error) { return Entry{}, false, errNotBuilt }

// Entries reads all rows that have an outcome, in row order.
func (l *Log) Entries() iter.Seq2[Entry, error] { return nil }

// Open is what is known of a row that may have been written; nil if nothing
// of it is open.
func (l *Log) Open(row int) *outcome.Sent { return nil }

// OpenRows lists the rows that may have been written, in order.
func (l *Log) OpenRows() []int { return nil }

// Newest is this machine's time of the newest group: a process that is dead by now sent
// nothing later than a second after it, or than the last that Options.Delay allowed.
func (l *Log) Newest() time.Time { return time.Time{} }

// Actor is the token's id, if an answer has told it; else "".
func (l *Log) Actor() string { return "" }

// Cut is how many bytes of a torn tail were cut off, or would be; 0 for a journal that ends whole.
func (l *Log) Cut() int64 { return 0 }

// Close closes the file of a Log that Read made; others need none.
func (l *Log) Close() error { return nil }

// CorruptError says that a journal has a group that cannot be right and is not the last.
type CorruptError struct {
	Group  int   // its number, from 1
	Offset int64 // where it begins
	Reason string
}

func (e *CorruptError) Error() string { return e.Reason }
