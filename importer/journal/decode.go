package journal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"attio-import/importer/outcome"
)

// decodeRecord reads a line strictly: a member that this program does not know
// may change what the others mean.
func decodeRecord(line []byte, r record) error {
	if err := decodeStrictly(line, r); err != nil {
		return err
	}
	for _, s := range r.texts() {
		if err := unarmour(s); err != nil {
			return err
		}
	}
	return nil
}

func decodeStrictly(line []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	err := dec.Decode(v)
	switch {
	case err == nil && dec.InputOffset() != int64(len(line)):
		return recordError("it has a line with more than a record")
	case err == nil:
		return nil
	case strings.Contains(err.Error(), "unknown field"):
		return &VersionError{Reason: fmt.Sprintf("it has a record that this program does not know (%v)", err)}
	}
	return recordError(fmt.Sprintf("it has a record that cannot be read: %v", err))
}

// programOf reads the version alone; empty if even that cannot be read.
func programOf(line []byte) string {
	var h struct {
		Program string `json:"prog"`
	}
	_ = json.Unmarshal(line, &h)
	return h.Program
}

// orNil undoes what encoding/json does to raw JSON that is nil.
func orNil(raw json.RawMessage) json.RawMessage {
	if string(raw) == "null" {
		return nil
	}
	return raw
}

// resultRecord is a result's line. Members that are left out have the values
// that most rows have, which is why some are pointers.
type resultRecord struct {
	Row        int             `json:"r"`
	Unchanged  int             `json:"u"` // in its place, of a row that is unchanged
	Generation int             `json:"g"`
	Action     *string         `json:"a"`
	Stage      *string         `json:"s"`
	Line       *int            `json:"l"`
	Key        string          `json:"k"`
	RecordID   string          `json:"id"`
	WebURL     *string         `json:"w"`
	Attempts   int             `json:"n"`
	HTTPStatus int             `json:"h"`
	Duration   int64           `json:"ns"`
	Problems   []problemRecord `json:"p"`
	Changes    []changeRecord  `json:"d"`
	Cells      []string        `json:"c"`
	Raw        string          `json:"raw"`
}

type problemRecord struct {
	Code      string  `json:"c"`
	Row       *int    `json:"r"`
	Line      *int    `json:"l"`
	Column    string  `json:"col"`
	Attribute string  `json:"attr"`
	Value     string  `json:"v"`
	Cell      *int    `json:"vi"` // the value is this cell
	Part      string  `json:"part"`
	Severity  *string `json:"sev"`
	Message   string  `json:"m"`
	Hint      string  `json:"hint"`
}

type changeRecord struct {
	Attribute string `json:"attr"`
	Old       string `json:"o"`
	New       string `json:"n"`
	Decision  string `json:"d"`
}

func (r *resultRecord) texts() []*string {
	list := []*string{&r.Key, &r.RecordID, &r.Raw}
	for _, s := range []*string{r.Action, r.Stage, r.WebURL} {
		if s != nil {
			list = append(list, s)
		}
	}
	for i := range r.Problems {
		list = append(list, r.Problems[i].texts()...)
	}
	for i := range r.Changes {
		c := &r.Changes[i]
		list = append(list, &c.Attribute, &c.Old, &c.New, &c.Decision)
	}
	for i := range r.Cells {
		list = append(list, &r.Cells[i])
	}
	return list
}

func (p *problemRecord) texts() []*string {
	list := []*string{&p.Code, &p.Column, &p.Attribute, &p.Value, &p.Part, &p.Message, &p.Hint}
	if p.Severity != nil {
		list = append(list, p.Severity)
	}
	return list
}

func decodeResult(line []byte, w web) (Entry, error) {
	var r resultRecord
	if err := decodeRecord(line, &r); err != nil {
		return Entry{}, err
	}
	o := outcome.Outcome{
		Row: r.Row, Line: or(r.Line, r.Row+1), Key: r.Key,
		Action: outcome.Action(or(r.Action, string(outcome.Created))), Stage: outcome.Stage(or(r.Stage, string(outcome.Write))),
		RecordID: r.RecordID, Attempts: r.Attempts, HTTPStatus: r.HTTPStatus, Duration: time.Duration(r.Duration),
	}
	if r.Unchanged != 0 {
		o.Row, o.Line, o.Action = r.Unchanged, or(r.Line, r.Unchanged+1), outcome.Unchanged
	}
	switch {
	case r.WebURL != nil:
		o.WebURL = *r.WebURL
	case r.RecordID != "":
		o.WebURL = w.address(r.RecordID)
	}
	for i := range r.Problems {
		p, err := r.Problems[i].problem(&o, r.Cells)
		if err != nil {
			return Entry{}, err
		}
		o.Problems = append(o.Problems, p)
	}
	for _, c := range r.Changes {
		o.Changes = append(o.Changes, outcome.Change{Attribute: c.Attribute, Old: c.Old, New: c.New, Decision: outcome.Decision(c.Decision)})
	}
	return Entry{Outcome: o, Generation: r.Generation, Cells: r.Cells, Raw: r.Raw}, nil
}

func (p *problemRecord) problem(o *outcome.Outcome, cells []string) (outcome.Problem, error) {
	value := p.Value
	if p.Cell != nil {
		if *p.Cell < 0 || *p.Cell >= len(cells) {
			return outcome.Problem{}, recordError("it has a problem with a cell that is not there")
		}
		value = cells[*p.Cell]
	}
	return outcome.Problem{
		Row: or(p.Row, o.Row), Line: or(p.Line, o.Line), Column: p.Column, Attribute: p.Attribute, Value: value, Part: p.Part,
		Severity: outcome.Severity(or(p.Severity, string(outcome.Error))), Code: outcome.Code(p.Code), Message: p.Message, Hint: p.Hint,
	}, nil
}

func or[T any](v *T, fallback T) T {
	if v == nil {
		return fallback
	}
	return *v
}

// intentRecord is an intent's line.
type intentRecord struct {
	Reference  string                     `json:"x"`
	Row        int                        `json:"i"`
	Generation int                        `json:"g"`
	Verb       *string                    `json:"v"`
	Key        string                     `json:"k"`
	RecordID   string                     `json:"id"`
	Before     map[string]json.RawMessage `json:"b"`
	At         time.Time                  `json:"at"`
}

func (r *intentRecord) texts() []*string {
	list := []*string{&r.Reference, &r.Key, &r.RecordID}
	if r.Verb != nil {
		list = append(list, r.Verb)
	}
	return list
}

func decodeIntent(line []byte) (outcome.Intent, error) {
	var r intentRecord
	if err := decodeRecord(line, &r); err != nil {
		return outcome.Intent{}, err
	}
	before, err := r.before()
	if err != nil {
		return outcome.Intent{}, err
	}
	return outcome.Intent{
		Row: r.Row, Verb: outcome.Verb(or(r.Verb, string(outcome.Create))), Key: r.Key,
		RecordID: r.RecordID, Before: before, Reference: r.Reference, At: r.At,
	}, nil
}

func (r *intentRecord) before() (map[string]json.RawMessage, error) {
	for slug, raw := range r.Before {
		if !isArmoured(slug) {
			continue
		}
		delete(r.Before, slug)
		if err := unarmour(&slug); err != nil {
			return nil, err
		}
		r.Before[slug] = raw
	}
	return r.Before, nil
}
