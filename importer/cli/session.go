package cli

import (
	"context"
	"errors"
	"time"

	"attio-import/importer"
	"attio-import/importer/attio"
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
	started time.Time
	*screen

	dir     runDir
	mapping *mapping.File
	source  *source.File
	api     *connection // nil when offline
	self    attio.Self
	plan    *mapping.Plan
	check   *importer.Check
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
	if s.dir, err = makeRunDir(opts.runsDir, s.started); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = s.close()
			s.dir.discard()
		}
	}()
	if sheet == stdinName {
		if s.source, err = spool(opts, streams.In, s.dir); err != nil {
			return nil, errors.Join(mistakes, err)
		}
	}
	described := schema.Standard()
	if online {
		if described, err = s.connect(ctx); err != nil && mistakes == nil {
			return nil, err
		}
		if err != nil { // a broken mapping is told, whatever else is wrong
			described = schema.Standard()
		}
	}
	return s, s.bind(described)
}

func (s *session) connect(ctx context.Context) (described *schema.Schema, err error) {
	if s.api, err = connect(s.opts, s.dir.file("sandbox.data"), s.waiting()); err != nil {
		return nil, err
	}
	s.self, described, err = preflight(ctx, s.api.Client, s.mapping, s.kind)
	if err != nil {
		return nil, err
	}
	s.note("workspace %s (%s)", s.self.WorkspaceName, s.self.WorkspaceSlug)
	return described, nil
}

func (s *session) bind(described *schema.Schema) error {
	plan, warnings, err := mapping.Bind(s.mapping, s.source.Header, described)
	if err != nil {
		return err
	}
	for _, w := range warnings {
		// Offline, what cannot be checked is in the summary; here it counts
		// where it looks like a slip.
		if described.Complete || w.Hint != "" {
			s.warn("%v", w)
		}
	}
	s.plan = plan
	return nil
}

func (s *session) close() error {
	if s.api == nil {
		return nil
	}
	return s.api.close()
}
