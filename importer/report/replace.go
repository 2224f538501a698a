package report

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// Replace begins a report that takes the place of an earlier one in the same
// directory: of a run that was resumed, or whose report is rendered again. The
// files are written aside, made to last, and renamed by [Report.Close],
// summary.json last; so each is whole at any moment, the old one or the new. A
// crash between two renames leaves some of each, and a hidden file or two;
// replacing once more mends that. Where Close fails before the first
// rename, the old report stands as it was.
//
// rejects.csv and unknown.csv are there to be edited. One that was changed after
// summary.json was written is not lost: it is kept under another name, which
// [Summary.Edited] tells. taken names those that need no keeping, because
// the run itself has taken the edits over.
func Replace(dir string, info Info, taken ...string) (*Report, error) {
	root, err := openDir(dir)
	if err != nil {
		return nil, writeError(dir, err)
	}
	s := &swap{dir: root, taken: taken}
	r, err := begin(info, s.create)
	if err != nil {
		s.sweep()
		return nil, errors.Join(err, root.Close())
	}
	r.dir, r.swap = root, s
	return r, nil
}

// swap is the files of a report that wait to take the places of older ones.
type swap struct {
	dir    *os.Root
	taken  []string
	names  []string // of the files written aside
	edited []string // of the files kept
}

// create makes a file aside, in place of one that a crash has left.
func (s *swap) create(name string) (file, error) {
	if err := s.dir.Remove(tempName(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	f, err := newFile(s.dir, tempName(name))
	if err == nil {
		s.names = append(s.names, name)
	}
	return f, err
}

// finish puts the files into their places, unless they could not be written.
func (s *swap) finish(written error) error {
	if written != nil {
		s.sweep()
		return written
	}
	for _, name := range s.names {
		err := s.keep(name)
		if err == nil {
			err = s.dir.Rename(tempName(name), name)
		}
		if err != nil {
			s.sweep()
			return writeError(name, err)
		}
	}
	return nil
}

// sweep removes what was written aside, as far as it is still there.
func (s *swap) sweep() {
	for _, name := range s.names {
		_ = s.dir.Remove(tempName(name))
	}
}

// keep puts a file out of the way that somebody has edited. summary.json is
// the last file that a report writes, so what is younger was not written by it.
func (s *swap) keep(name string) error {
	if name != RejectsFile && name != UnknownFile || slices.Contains(s.taken, name) {
		return nil
	}
	file, err := s.dir.Lstat(name)
	summary, missing := s.dir.Lstat(SummaryFile)
	if err != nil || missing != nil || !file.ModTime().After(summary.ModTime()) {
		return nil
	}
	to := s.free(name)
	s.edited = append(s.edited, to)
	return s.dir.Rename(name, to)
}

// free is a name for the edited file that no other has.
func (s *swap) free(name string) string {
	for n := 1; ; n++ {
		to := fmt.Sprintf("%s.edited-%d.csv", strings.TrimSuffix(name, ".csv"), n)
		if _, err := s.dir.Lstat(to); errors.Is(err, fs.ErrNotExist) {
			return to
		}
	}
}
