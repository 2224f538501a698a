package cli

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"attio-import/importer"
	"attio-import/importer/outcome"
	"attio-import/importer/report"
	"attio-import/importer/resolve"
	"attio-import/importer/source"
	"attio-import/importer/write"
)

// pass reads the sheet twice and reports. The report is written however the
// passes end.
func (s *session) pass(ctx context.Context) error {
	files, err := report.Create(s.dir.path, s.info())
	if err != nil {
		s.dir.discard()
		return err
	}
	sink := &countingSink{Sink: files}
	ended := s.passes(ctx, s.engine(sink))
	if ended == nil && sink.failed > 0 {
		ended = &rowsFailed{sink.failed}
	}
	end, ended := s.leave(ended)
	summary, torn := files.Close(end)
	next := s.next(summary)
	if torn != nil {
		next = s.rewriting(next)
	}
	var told *report.WriteError
	if errors.As(ended, &told) {
		ended, torn = s.madeRoom(ended, next), nil // the files were closed after a failed write: the same once more
	}
	if err := errors.Join(s.madeRoom(torn, next), s.tell(summary, next)); err != nil {
		return errors.Join(err, stopped(ended))
	}
	return ended
}

// rewriting is what follows where the files are torn: with a journal they can be
// written anew.
func (s *session) rewriting(next following) following {
	if s.torn = "not all of it could be written"; s.record == nil {
		return next
	}
	again := "attio-import report " + s.dir.id + s.opts.again("runs-dir")
	s.torn += "; " + again + " writes it anew"
	if s.finished {
		next = following{strings.TrimSuffix(again+"; "+next.words, "; "), again}
	}
	return next
}

// madeRoom says of a disk that was full what to do with a run that has begun; nil stays nil.
func (s *session) madeRoom(err error, next following) error {
	if err == nil || s.record == nil {
		return err
	}
	return failing(exitUnexpected, err, "make room on the disk, then "+next.command)
}

// leave puts on record how the passes ended, where there is a journal. What
// the record and the report say of the end is the same.
func (s *session) leave(ended error) (report.End, error) {
	s.finished = stopped(ended) == nil && s.tally.Left() == 0
	end := s.end(ended)
	if s.record == nil {
		return end, ended
	}
	err := s.record.leave(end, s.finished)
	if err == nil {
		return end, ended
	}
	s.finished = false
	ended = errors.Join(err, stopped(ended))
	end.ExitCode, end.Reason = exitCode(ended), ended.Error()
	return end, ended
}

// counted writes a number with its noun.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// stopped is why the passes did not come to their end; nil if they did.
func stopped(ended error) error {
	if _, finished := ended.(*rowsFailed); finished {
		return nil
	}
	return ended
}

// passes runs the engine's two passes. Where the first finds too many invalid
// rows, nothing is looked up or written, but what is wrong is reported, and the
// run can be gone on with.
func (s *session) passes(ctx context.Context, engine *importer.Import) (err error) {
	if s.check, err = engine.Check(ctx, s.watchCheck()); err != nil {
		return interrupted(ctx, err)
	}
	s.note("%s, %d invalid", counted(s.check.Rows, "row"), s.check.Invalid)
	if s.kind == kindRun {
		if err := s.createJournal(); err != nil {
			return err
		}
	}
	if most := engine.Options.MaxErrors; s.kind != kindValidate && most.Exceeded(s.check.Invalid, s.check.Rows) {
		tooMany := &importer.TooManyErrors{Failed: s.check.Invalid, Rows: s.check.Rows, Invalid: s.check.Invalid, Limit: most}
		return errors.Join(tooMany, s.invalidOnly(ctx, engine))
	}
	total := s.check.Rows
	if s.opts.limit > 0 {
		total = min(total, s.opts.limit)
	}
	return s.write(ctx, engine, total)
}

// write runs the second pass, over so many rows.
func (s *session) write(ctx context.Context, engine *importer.Import, rows int) error {
	s.equip(engine)
	progress := report.StartProgress(s.progress(s.opts, rows))
	defer progress.Close()
	engine.Progress = progress
	defer context.AfterFunc(ctx, func() {
		s.note("interrupted: finishing the calls under way; a second Ctrl-C ends at once")
	})()
	err := engine.Run(ctx, s.check)
	s.tally = engine.Tally
	return err
}

// watchCheck tells how far the first pass is, for sheets so long that it shows.
func (s *session) watchCheck() func(bytes int64) {
	told := time.Now()
	return func(bytes int64) {
		if time.Since(told) >= 5*time.Second {
			told = time.Now()
			s.note("checked %d%% of the sheet", bytes*100/max(s.source.Size, 1))
		}
	}
}

// invalidOnly brings the invalid rows of a run that may not write to their outcome, which
// takes no request; the others are left for a resume.
func (s *session) invalidOnly(ctx context.Context, engine *importer.Import) error {
	if s.record != nil {
		engine.Journal = s.record
	}
	engine.Past = onlyRows{wanted: s.check.Refuses}
	engine.Options.Limit = 0 // what counted was the whole sheet
	return engine.Run(ctx, s.check)
}

func interrupted(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return importer.ErrInterrupted
	}
	return err
}

// engine makes an import of the sheet that can check it, but does not write yet.
func (s *session) engine(sink importer.Sink) *importer.Import {
	limit, _ := importer.ParseLimit(s.opts.maxErrors) // checked with the flags
	engine := &importer.Import{
		Source: s.source, Plan: s.plan, Sink: sink,
		Options: importer.Options{Workers: s.opts.workers, Limit: s.opts.limit, MaxErrors: limit},
	}
	if s.kind != kindValidate {
		engine.Resolver = s.resolver()
	}
	return engine
}

func (s *session) resolver() *resolve.Resolver {
	return resolve.New(s.api.Client, s.plan, resolve.Options{})
}

// equip gives an engine the writer that the command wants.
func (s *session) equip(engine *importer.Import) {
	switch s.kind {
	case kindPlan:
		engine.Writer = write.NewPlanner(s.plan)
	case kindRun:
		engine.Journal, engine.Waiting = s.record, s.settling()
		engine.Writer = write.New(s.api.Client, s.plan, engine.Resolver.(*resolve.Resolver), s.writing())
	}
}

func (s *session) writing() write.Options {
	o := write.Options{QuietTime: s.opts.quietTime, Journal: s.record, Actor: s.actor}
	if _, said := s.opts.said["quiet-time"]; said && o.QuietTime == 0 {
		o.QuietTime = -1 // none; zero stands for what nobody said
	}
	return o
}

func (s *session) info() report.Info {
	return report.Info{
		Run: s.dir.id, Command: report.Command(s.kind), Started: s.started,
		Header: s.source.Header, Dialect: s.source.Dialect,
		Workspace: s.self.WorkspaceName,
		Mapping:   s.mappingInfo(),
		WriteRate: s.opts.writeRate,
	}
}

// unmapped lists the columns that nothing uses. What an earlier run wrote behind
// the columns of its rejects is for the person who corrected them.
func (s *session) unmapped() []string {
	own := source.OwnColumns(s.source.Header)
	return slices.DeleteFunc(s.plan.Unmapped(), func(column string) bool { return !slices.Contains(own, column) })
}

func (s *session) mappingInfo() report.Mapping {
	m := report.Mapping{
		Name: s.mapping.Name, Fingerprint: fingerprint(s.mapping.Text), Workspace: s.mapping.Workspace,
		Object: s.plan.Object().Slug, Mode: string(s.plan.Mode()),
		Unmapped: s.unmapped(), Unchecked: s.plan.Unchecked(),
	}
	for _, a := range s.plan.Match() {
		m.Match = append(m.Match, a.Slug)
	}
	return m
}

func fingerprint(text []byte) string { return fmt.Sprintf("sha256:%x", sha256.Sum256(text)) }

// countingSink counts the rows that did not make it on their way into the report.
type countingSink struct {
	importer.Sink
	failed int
}

func (s *countingSink) Put(row source.Row, o outcome.Outcome) error {
	if o.NeedsAttention() {
		s.failed++
	}
	return s.Sink.Put(row, o)
}
