package report

import (
	"errors"
	"os"
	"strconv"
	"time"

	"attio-import/importer/outcome"
	"attio-import/importer/source"
)

// Command is what a report is about. It decides which files there are, which
// actions are counted, and how the summary speaks.
type Command string

// The commands that leave a report.
const (
	Run      Command = "run"
	Plan     Command = "plan"     // nothing was written
	Validate Command = "validate" // nothing was even asked, or only read
)

// Names of the files in the run directory.
const (
	ReportFile   = "report.csv"
	ProblemsFile = "problems.csv"
	ChangesFile  = "changes.csv"
	RejectsFile  = "rejects.csv"
	UnknownFile  = "unknown.csv"
	SummaryFile  = "summary.json"
)

// flushEvery is how old a line may get before it is written, so that a person
// who looks into the files of a slow run sees what has happened.
const flushEvery = time.Second

// Info is what is known when a report begins.
type Info struct {
	Run     string // the run's id
	Command Command
	Started time.Time

	Header  []string // the source's, for the rejects
	Dialect source.Dialect

	Workspace string // the workspace's name; empty where none was asked
	Mapping   Mapping
	WriteRate float64 // writes a second that a run may send; 0: no limit. Tells a plan how long a run takes.
}

// End is what is known when it ends. Of a run that several processes worked on,
// Elapsed and Requests are sums; of one that was cut off they are not known, so the sums are
// the least that they can be.
type End struct {
	ExitCode  int
	Reason    string // why the run stopped before its last row; empty if it did not
	Elapsed   time.Duration
	Requests  Requests
	Source    Source
	Unsettled int // rows that may have been sent and have no outcome yet
	Processes int // that worked on the run; 0 counts as 1
	CutOff    int // processes of them that did not come to their end
}

// Report writes the files of a run directory. It is not safe for concurrent
// use: rows have an order.
type Report struct {
	info  Info
	dir   *os.Root
	swap  *swap // nil: the files are made under their own names
	files []openFile
	parts []flusher

	report   *table[reportLine]
	problems *table[problemLine]
	changes  *table[changeLine] // nil in a validation
	rejects  *rejects
	unknown  *rejects // nil but in a run

	tally   tally
	flushed time.Time
	err     error // the first; nothing is written after it
}

// Create begins the report of a run in a directory, which is made if it is
// not there. Files of an earlier report in it are never overwritten.
//
// The error is a [*WriteError] where a file could not be made.
func Create(dir string, info Info) (*Report, error) {
	root, err := openDir(dir)
	if err != nil {
		return nil, writeError(dir, err)
	}
	r, err := begin(info, func(name string) (file, error) { return newFile(root, name) })
	if err != nil {
		return nil, errors.Join(err, root.Close())
	}
	r.dir = root
	return r, nil
}

// flusher is a file's contents on their way: a table or rejects.
type flusher interface{ flush() error }

// openFile is a file with the name that its errors are told by.
type openFile struct {
	name string
	file
}

// opener makes a file of the report. It is the seam at which tests let a disk fill up.
type opener func(name string) (file, error)

// begin opens the files that the command can fill, headers written.
func begin(info Info, create opener) (*Report, error) {
	r := &Report{info: info, tally: newTally(info.Command), flushed: time.Now()}
	if r.err = r.open(create); r.err != nil {
		return nil, errors.Join(r.err, r.closeFiles())
	}
	return r, nil
}

func (r *Report) open(create opener) (err error) {
	if r.report, err = openTable[reportLine](r, create, ReportFile); err != nil {
		return err
	}
	if r.problems, err = openTable[problemLine](r, create, ProblemsFile); err != nil {
		return err
	}
	if r.rejects, err = openRejects(r, create, RejectsFile); err != nil || r.info.Command == Validate {
		return err
	}
	if r.changes, err = openTable[changeLine](r, create, ChangesFile); err != nil || r.info.Command == Plan {
		return err
	}
	r.unknown, err = openRejects(r, create, UnknownFile, source.DecisionColumn)
	return err
}

func openTable[T any](r *Report, create opener, name string) (*table[T], error) {
	f, err := r.create(create, name)
	if err != nil {
		return nil, err
	}
	t, err := newTable[T](name, f)
	r.parts = append(r.parts, t)
	return t, err
}

func openRejects(r *Report, create opener, name string, toFill ...string) (*rejects, error) {
	f, err := r.create(create, name)
	if err != nil {
		return nil, err
	}
	t, err := newRejects(name, f, r.info, toFill...)
	r.parts = append(r.parts, t)
	return t, err
}

func (r *Report) create(create opener, name string) (file, error) {
	f, err := create(name)
	if err != nil {
		return nil, writeError(name, err)
	}
	r.files = append(r.files, openFile{name, f})
	return f, nil
}

// Put takes a row with its outcome; rows come in source order. The row's
// cells are not kept.
//
// The error is a [*WriteError], and every later call returns it again.
func (r *Report) Put(row source.Row, o outcome.Outcome) error {
	r.tally.add(&o) // also where no line can be written any more: it happened
	if r.err != nil {
		return r.err
	}
	r.err = r.put(row, &o)
	if r.err == nil && time.Since(r.flushed) >= flushEvery {
		return r.Flush()
	}
	return r.err
}

func (r *Report) put(row source.Row, o *outcome.Outcome) error {
	// A validation of a good sheet leaves an empty report, not a list of all its rows.
	if r.info.Command != Validate || len(o.Problems) > 0 {
		if err := r.report.add(newReportLine(o)); err != nil {
			return err
		}
	}
	if len(o.Problems) > 0 {
		if err := r.putProblems(o); err != nil {
			return err
		}
	}
	if len(o.Changes) > 0 && r.changes != nil {
		if err := r.putChanges(o); err != nil {
			return err
		}
	}
	return r.putFailed(row, o)
}

func (r *Report) putProblems(o *outcome.Outcome) error {
	row, line := strconv.Itoa(o.Row), strconv.Itoa(o.Line)
	for i := range o.Problems {
		if err := r.problems.add(newProblemLine(row, line, &o.Problems[i])); err != nil {
			return err
		}
	}
	return nil
}

func (r *Report) putChanges(o *outcome.Outcome) error {
	row := strconv.Itoa(o.Row)
	for i := range o.Changes {
		if err := r.changes.add(newChangeLine(row, o, &o.Changes[i])); err != nil {
			return err
		}
	}
	return nil
}

// putFailed keeps the row itself where a person has to do something about it.
func (r *Report) putFailed(row source.Row, o *outcome.Outcome) error {
	switch {
	case o.Action == outcome.Unknown && r.unknown != nil:
		return r.unknown.add(row, o)
	case o.Action == outcome.Invalid, o.Action == outcome.Rejected:
		return r.rejects.add(row, o)
	}
	return nil
}

// Flush writes what was put and is still held back. Put does so itself every
// second; a caller that waits for a long time may want it before.
func (r *Report) Flush() error {
	for _, p := range r.parts {
		if r.err != nil {
			return r.err
		}
		r.err = p.flush()
	}
	r.flushed = time.Now()
	return r.err
}

// Close writes what is held back, makes the files last, writes summary.json
// and closes everything. It is to be called however the run ended, also after Put failed.
//
// The summary holds even where there is an error, with exit code 1 then: a
// report that could not be written is unexpected.
func (r *Report) Close(end End) (Summary, error) {
	err := errors.Join(r.Flush(), r.closeFiles())
	if r.swap != nil {
		err = r.swap.finish(err)
	}
	if err != nil {
		end.ExitCode = 1
	}
	s := r.summary(end)
	if r.dir == nil {
		return s, err
	}
	if r.swap == nil || err == nil {
		err = errors.Join(err, r.save(s))
	}
	if err != nil {
		s.ExitCode = 1
	}
	return s, errors.Join(err, r.dir.Close())
}

func (r *Report) save(s Summary) error {
	doc, err := s.JSON()
	if err != nil {
		return writeError(SummaryFile, err)
	}
	return writeError(SummaryFile, replaceFile(r.dir, SummaryFile, doc))
}

// closeFiles syncs and closes the files. After a failed write there is nothing
// to make last, and its error says all that their syncing would.
func (r *Report) closeFiles() error {
	var err error
	for _, f := range r.files {
		var unsynced error
		if r.err == nil {
			unsynced = f.Sync()
		}
		err = errors.Join(err, writeError(f.name, errors.Join(unsynced, f.Close())))
	}
	r.files = nil
	return err
}
