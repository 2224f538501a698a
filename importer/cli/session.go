package cli

import (
	"context"
	"errors"
	"time"

	"attio-import/importer"
	"attio-import/importer/attio"
	"attio-import/importer/lock"
	"attio-import/importer/source"
	"attio-import/mapping"
	"attio-import/mapping/schema"
)

// kind is which of the three commands over a sheet a session serves.
type kind string

const (
	kindRun      kind = "run"
	kindPlan     kind = "plan"
	kindValidate kind = "validate"
)

// session is a sheet, its mapping and its workspace, brought together for one command.
type session struct {
	kind    kind
	opts    *options
	io      IO
	sheet   string // as the user gave it
	run     string // as the user named the run that is gone on with; empty: a new one
	started time.Time
	*screen

	dir       runDir
	mapping   *mapping.File
	source    *source.File
	api       *connection // nil when offline
	self      attio.Self
	described *schema.Schema // of the workspace, or the built-in one
	plan      *mapping.Plan
	workspace *lock.Lock // nil unless it writes
	check     *importer.Check
	past      *past   // what earlier processes did; nil in a new run
	record    *record // nil until the first write may leave
	actor     string  // the token's id, where an earlier process has learnt it
	tally     importer.Tally
	finished  bool   // every row has its outcome
	torn      string // what is wrong with the report's files; empty: nothing
}

// open brings everything together up to the bound plan; nothing is written to the
// workspace. On an error nothing is left behind.
func open(ctx context.Context, k kind, online bool, opts *options, sheet string, streams IO) (_ *session, err error) {
	s := &session{kind: k, opts: opts, io: streams, sheet: sheet, started: time.Now(), screen: newScreen(opts, streams.Err)}
	if sheet != stdinName { // a file that is not there is told before the mapping that is not beside it
		if s.source, err = openSource(opts, sheet); err != nil {
			return nil, err
		}
	}
	var mistakes error
	if s.mapping, mistakes = readMapping(opts, sheet); s.mapping == nil {
		return nil, mistakes
	}
	who := opts.holder(s.started)
	sweep(opts.runsDir, who)
	if s.dir, err = makeRunDir(opts.runsDir, s.started, who); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			s.dir.discard()
			_ = s.close()
		}
	}()
	s.warnOfDoubt()
	if sheet == stdinName {
		if s.source, err = s.spool(ctx); err != nil {
			return nil, errors.Join(mistakes, err)
		}
	}
	s.described = schema.Standard()
	if online { // a broken mapping is told, whatever else is wrong
		if err = s.connect(ctx); err != nil && mistakes == nil {
			return nil, err
		}
	}
	if err = s.bind(); err != nil || k != kindRun {
		return s, err
	}
	if err = s.lockWorkspace(s.plan.Object().Slug); err == nil {
		err = s.checkUnfinished()
	}
	return s, err
}

// connect asks the workspace whether the command can work at all.
func (s *session) connect(ctx context.Context) (err error) {
	if s.api, err = connect(s.opts, s.dir.file(sandboxFile), s.waiting()); err != nil {
		return err
	}
	if s.self, err = identify(ctx, s.api.Client); err != nil {
		return err
	}
	return s.describe(ctx, s.mapping)
}

// describe reads what mappings use of the workspace.
func (s *session) describe(ctx context.Context, files ...*mapping.File) error {
	described, err := preflight(ctx, s.api.Client, s.self, s.kind, files...)
	if err != nil {
		return err
	}
	s.described = described
	s.note("workspace %s (%s)", s.self.WorkspaceName, s.self.WorkspaceSlug)
	return nil
}

func (s *session) bind() error {
	plan, warnings, err := mapping.Bind(s.mapping, s.source.Header, s.described)
	if err != nil {
		return err
	}
	for _, w := range warnings {
		// Offline, what cannot be checked is in the summary; here it counts
		// where it looks like a slip.
		if s.described.Complete || w.Hint != "" {
			s.warnOnce(w.Error())
		}
	}
	s.plan = plan
	if s.kind == kindRun {
		s.plan = plan.WithRun(s.markedBy())
	}
	return nil
}

// markedBy is the id that goes into markers: the one that the run began with, also
// where its directory has been given another name.
func (s *session) markedBy() string {
	if s.past != nil {
		return s.past.header.Run
	}
	return s.dir.id
}

// closing closes the session and says how it ended.
func (s *session) closing(ended error) error {
	if err := s.close(); err != nil && ended == nil {
		return err
	}
	return ended
}

// close ends the connection and lets go of the locks.
func (s *session) close() (err error) {
	if s.api != nil {
		err = s.api.close()
	}
	return errors.Join(err, s.past.close(), s.workspace.Release(), s.dir.close())
}
