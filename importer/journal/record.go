package journal

import (
	"encoding/json"
	"time"

	"attio-import/importer/outcome"
)

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
	// Both are kept as JSON, without the white space between its tokens; null becomes nil.
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
// Numbers go up by one, from 1; the run's first sheet is generation 0.
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

// The records that only this package sees. Those about rows are in line.go.

// openRecord says that a process has begun to work on the run.
type openRecord struct {
	Host string    `json:"open"`
	Boot string    `json:"boot,omitempty"` // of the machine, where it tells
	PID  int       `json:"pid,omitempty"`
	At   time.Time `json:"at"`
	Cut  int64     `json:"cut,omitempty"`
}

// webRecord is the web address of a record: all results that follow have one
// of this shape, where they do not say otherwise.
type webRecord struct {
	Before string `json:"web"`
	After  string `json:"after,omitempty"`
}

type madeRecord struct {
	Reference string `json:"made"`
	RecordID  string `json:"id"`
}

type backRecord struct {
	Rows []int `json:"back"`
}

type actorRecord struct {
	ID string `json:"act"`
}

// texts lists the strings of a record that come from outside, such as paths:
// they may hold any bytes (see armour).
func (h *Header) texts() []*string {
	return append(append(h.Source.texts(), h.Mapping.texts()...), &h.Run, &h.Program, &h.API, &h.Object,
		&h.Workspace.ID, &h.Workspace.Slug, &h.Workspace.Name)
}

func (s *Source) texts() []*string { return []*string{&s.Name, &s.Path, &s.Fingerprint} }

func (m *Mapping) texts() []*string {
	return []*string{&m.Name, &m.Path, &m.Fingerprint, &m.Text, &m.Object}
}

func (g *Generation) texts() []*string {
	list := append(g.Source.texts(), &g.Kind)
	if g.Mapping != nil {
		list = append(list, g.Mapping.texts()...)
	}
	return list
}

func (e *End) texts() []*string         { return []*string{&e.Reason} }
func (o *openRecord) texts() []*string  { return []*string{&o.Host, &o.Boot} }
func (w *webRecord) texts() []*string   { return []*string{&w.Before, &w.After} }
func (m *madeRecord) texts() []*string  { return []*string{&m.Reference, &m.RecordID} }
func (*backRecord) texts() []*string    { return nil }
func (a *actorRecord) texts() []*string { return []*string{&a.ID} }
