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
