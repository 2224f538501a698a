package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"attio-import/importer/journal"
	"attio-import/importer/outcome"
	"attio-import/importer/report"
)

// past is what the journal in a run directory says of the run.
type past struct {
	background
	dir    runDir
	header journal.Header
	log    *journal.Log
	// generations are those of the journal and, once it is prepared, the one that this
	// process is about to begin.
	generations []journal.Generation
}

// readPast reads the journal of a run that nobody works on.
func readPast(dir runDir) (*past, error) {
	log, err := journal.Read(dir.root)
	if err != nil {
		return nil, unreadable(dir, err)
	}
	p := &past{dir: dir, header: log.Header(), log: log, generations: log.Generations()}
	if err = json.Unmarshal(p.header.Info, &p.background); err == nil && !runID.MatchString(p.header.Run) {
		err = fmt.Errorf("%q is no run's id", p.header.Run)
	}
	if err != nil {
		return nil, errors.Join(p.damaged(err), log.Close())
	}
	return p, nil
}

// readRun is readPast for a run that others may be working on: nothing else
// of its directory can be read by what it returns.
func readRun(path string) (*past, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return readPast(runDir{id: filepath.Base(path), path: path, root: root})
}

// unreadable tells a run that never began to write from a journal that is damaged.
func unreadable(dir runDir, err error) error {
	var corrupt *journal.CorruptError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return usage(fmt.Errorf("run %s never began to write: there is nothing to go on with", dir.id), "import its sheet with attio-import run")
	case errors.As(err, &corrupt):
		return failing(exitUnexpected, fmt.Errorf("the journal of run %s is damaged: %w", dir.id, err),
			"restore "+shellQuote(dir.file(journal.FileName))+" from a backup; report.csv beside it tells what was known")
	}
	return fmt.Errorf("the journal of run %s: %w", dir.id, err)
}

func (p *past) close() error {
	if p == nil {
		return nil
	}
	return p.log.Close()
}

// current is the generation that the run is at; its number is 0 where that is
// the sheet that it began with.
func (p *past) current() journal.Generation {
	if n := len(p.generations); n > 0 {
		return p.generations[n-1]
	}
	return journal.Generation{}
}

// mappingOf is the mapping by which a generation's rows are read: the latest
// that came with it or with one before.
func (p *past) mappingOf(generation int) journal.Mapping {
	m := p.header.Mapping
	for _, g := range p.generations {
		if g.Number <= generation && g.Mapping != nil {
			m = *g.Mapping
		}
	}
	return m
}

// exitCode is what the run has come to: what its last process ended with or,
// where that was killed, that it was interrupted.
func (p *past) exitCode(missed int) int {
	last, told := p.lastEnd()
	switch {
	case p.log.Complete() && missed > 0:
		return exitRowsFailed
	case p.log.Complete():
		return exitOK
	case !told:
		return exitInterrupted
	}
	return last.ExitCode
}

// lastEnd is how the last process left the run; false if it was killed.
func (p *past) lastEnd() (journal.End, bool) {
	ends := p.log.Ends()
	if !p.log.Ended() || len(ends) == 0 {
		return journal.End{}, false
	}
	return ends[len(ends)-1], true
}

// end is what the report of the whole run is told. Of a process that was cut off
// its rows alone say what it has sent.
func (p *past) end(rows *ledger) report.End {
	e := report.End{
		ExitCode: p.exitCode(len(rows.missed)), Unsettled: len(p.log.OpenRows()),
		Processes: p.log.Processes(), CutOff: p.log.Processes() - len(p.log.Ends()),
		Source: report.Source{
			Name: p.header.Source.Name, Path: p.header.Source.Path, Bytes: p.header.Source.Size,
			Fingerprint: p.header.Source.Fingerprint, Rows: p.header.Source.Rows,
		},
	}
	for _, end := range p.log.Ends() {
		e.Elapsed += time.Duration(end.Elapsed) * time.Millisecond
		e.Requests.Read += end.Read
		e.Requests.Write += end.Write
		e.Requests.Limited += end.Limited
	}
	if e.CutOff > 0 {
		e.Requests.Write = max(e.Requests.Write, int64(rows.counts[outcome.Created]+rows.counts[outcome.Updated]))
	}
	if last, told := p.lastEnd(); told {
		e.Reason = last.Reason
	}
	return e
}

// ledger is what has become of the rows, over all that a run has done so far.
type ledger struct {
	missed map[int]bool // rows that call for a person; true: they failed

	counts map[outcome.Action]int // when the journal was read
}

// ledger begins with what the journal says of each row.
func (p *past) ledger() (*ledger, error) {
	l := &ledger{missed: map[int]bool{}, counts: map[outcome.Action]int{}}
	for e, err := range p.log.Entries() {
		if err != nil {
			return nil, p.damaged(err)
		}
		l.put(&e.Outcome)
		l.counts[e.Outcome.Action]++
	}
	return l, nil
}

func (p *past) damaged(err error) error {
	return fmt.Errorf("the journal of run %s: %w", p.dir.id, err)
}

func (l *ledger) put(o *outcome.Outcome) {
	if o.NeedsAttention() {
		l.missed[o.Row] = o.Action.Failed()
		return
	}
	delete(l.missed, o.Row)
}

// failed counts the rows that have failed, of those that are wanted.
func (l *ledger) failed(wanted func(row int) bool) (n int) {
	for row, failed := range l.missed {
		if failed && wanted(row) {
			n++
		}
	}
	return n
}
