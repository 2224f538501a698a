package attio

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tidwall/gjson"
)

// Record is a record as the API gives it. It holds memory of its own: keeping
// one does not keep the answer that it came in.
type Record struct {
	ID, WorkspaceID, ObjectID string
	CreatedAt                 string // RFC 3339 with nine digits of fraction
	WebURL                    string // the record in Attio's app

	// Values is the JSON object of the record's values: under each slug of
	// the object a list, empty where there is no value.
	Values json.RawMessage
}

// Value is the JSON list that stands under an attribute's slug; nil if the
// record has none.
func (r *Record) Value(slug string) json.RawMessage {
	v := gjson.GetBytes(r.Values, gjson.Escape(slug))
	if !v.Exists() {
		return nil
	}
	return json.RawMessage(v.Raw)
}

// Written is the result of a write that was carried out.
type Written struct {
	RecordID, WorkspaceID, WebURL string

	Status      int
	Attempts    int           // requests sent, those refused with 429 included
	ExecutionID string        // names the call to Attio's support
	At          string        // the server's time: x-accurate-at, else Date, as it stands there
	Elapsed     time.Duration // from the first request to the last answer
}

// Echo is what an answer says that a record's values are.
type Echo struct{ body []byte }

// Value is the JSON list that stands under an attribute's slug; nil if there
// is none. It holds only as long as the Echo is looked at.
func (e Echo) Value(slug string) []byte {
	v := gjson.GetBytes(e.body, "data.values."+gjson.Escape(slug))
	if !v.Exists() {
		return nil
	}
	return []byte(v.Raw)
}

// Creating is what a caller has to say to the making of a record.
type Creating struct {
	Own func(Echo) bool // whether an answer is this call's; nil: any is

	// Leaving, which may be nil, is called once in a call: when the gate has let
	// it through, before anything leaves. It is not called again where the call
	// is repeated. Its error ends the call with a [*NotSentError] that wraps it.
	Leaving func(context.Context) error
}

// Create makes a record (POST). values is the JSON object of the attributes'
// values, by slug or id; it is not kept. A value that another record has, of
// an attribute that is unique, is refused with [CodeUniquenessConflict] and
// status 400, and nothing is stored.
//
// The call names no record, so only the caller can tell whether the answer is
// its own: where Own says no, the answer was mixed up with another one, and the
// call ends as lost, with a [*MismatchError] inside. A nil Own takes any answer.
//
// Errors of this and the other writes: [*Error], [*LostError], [*NotSentError].
func (c *Client) Create(ctx context.Context, object string, values []byte, how Creating) (Written, error) {
	e, err := c.object(object)
	if err != nil {
		return Written{}, err
	}
	q := &call{write: true, method: http.MethodPost, url: e.records, body: wrap(values), leaving: how.Leaving}
	return c.writeRecord(ctx, q, func(w *Written, echo Echo) error {
		if how.Own != nil && !how.Own(echo) {
			return &MismatchError{Got: w.RecordID}
		}
		return nil
	})
}

// Assert creates the record, or changes the one that has the same value of
// the attribute matching, which must be unique (PUT). A list of that attribute
// is added to, every other list replaced. The answer does not say which of the
// two was done.
func (c *Client) Assert(ctx context.Context, object, matching string, values []byte) (Written, error) {
	e, err := c.object(object)
	if err != nil {
		return Written{}, err
	}
	u := *e.records
	u.RawQuery = "matching_attribute=" + url.QueryEscape(matching)
	return c.writeRecord(ctx, &call{write: true, method: http.MethodPut, url: &u, body: wrap(values)}, nil)
}

// Update changes a record (PATCH): single values are replaced, values of
// multi-valued attributes put in front of those that stand there, which stay.
func (c *Client) Update(ctx context.Context, object, id string, values []byte) (Written, error) {
	u, err := c.record(object, id)
	if err != nil {
		return Written{}, err
	}
	return c.writeRecord(ctx, &call{write: true, method: http.MethodPatch, url: u, body: wrap(values)}, about(id))
}

// Overwrite changes a record (PUT): the values of every attribute sent become
// exactly those that were sent. Attributes not sent stay as they are.
func (c *Client) Overwrite(ctx context.Context, object, id string, values []byte) (Written, error) {
	u, err := c.record(object, id)
	if err != nil {
		return Written{}, err
	}
	return c.writeRecord(ctx, &call{write: true, method: http.MethodPut, url: u, body: wrap(values)}, about(id))
}

// Delete removes a record.
func (c *Client) Delete(ctx context.Context, object, id string) error {
	u, err := c.record(object, id)
	if err != nil {
		return err
	}
	_, err = c.do(ctx, &call{write: true, method: http.MethodDelete, url: u, accept: acceptObject})
	return err
}

// Get reads a record. One that does not exist is an [*Error] with status 404.
func (c *Client) Get(ctx context.Context, object, id string) (Record, error) {
	u, err := c.record(object, id)
	if err != nil {
		return Record{}, err
	}
	var rec Record
	_, err = c.do(ctx, &call{method: http.MethodGet, url: u, accept: func(body []byte) (err error) {
		if !valid(body) {
			return errNoRecord
		}
		if rec, err = recordFrom(gjson.GetBytes(body, "data")); err != nil {
			return err
		}
		if _, err = c.inWorkspace(rec.WorkspaceID); err != nil {
			return err
		}
		return sameRecord(id, rec.ID)
	}})
	return rec, err
}

func (c *Client) record(object, id string) (*url.URL, error) {
	return c.endpoint("objects", object, "records", id)
}

// about demands an answer about a record.
func about(id string) func(*Written, Echo) error {
	return func(w *Written, _ Echo) error { return sameRecord(id, w.RecordID) }
}

// writeRecord carries a write through and reads which record it went to. check,
// which may be nil, says whether the answer is this call's.
func (c *Client) writeRecord(ctx context.Context, q *call, check func(*Written, Echo) error) (Written, error) {
	var w Written
	q.accept = func(body []byte) error {
		if err := c.parseWritten(body, &w); err != nil || check == nil {
			return err
		}
		return check(&w, Echo{body})
	}
	t, err := c.do(ctx, q)
	if err != nil {
		return Written{}, err
	}
	w.Status, w.Attempts, w.ExecutionID, w.At, w.Elapsed = t.status, t.attempts, t.executionID, t.at, time.Since(t.began)
	return w, nil
}

// wrap puts values into the body of a write. The copy is the request's own,
// because net/http may still read it when the caller's memory is used again.
func wrap(values []byte) []byte {
	const before, after = `{"data":{"values":`, `}}`
	body := make([]byte, 0, len(before)+len(values)+len(after))
	body = append(body, before...)
	body = append(body, values...)
	return append(body, after...)
}

var errNoRecord = errors.New("no record in the answer")

// parseWritten reads the answer to a write. It looks only for what the result
// needs: the values are most of an answer, and decoding them would cost more
// than all the rest of a row.
func (c *Client) parseWritten(body []byte, w *Written) error {
	if !valid(body) {
		return errNoRecord
	}
	id := gjson.GetBytes(body, "data.id")
	record := id.Get("record_id")
	if record.Type != gjson.String || record.Str == "" {
		return errNoRecord
	}
	var err error
	w.RecordID = strings.Clone(record.Str)
	w.WorkspaceID, err = c.inWorkspace(id.Get("workspace_id").String())
	w.WebURL = gjson.GetBytes(body, "data.web_url").String()
	return err
}

func sameRecord(want, got string) error {
	if want == "" || strings.EqualFold(want, got) {
		return nil
	}
	return &MismatchError{Want: want, Got: got}
}

func acceptObject(body []byte) error {
	if !valid(body) || !gjson.ParseBytes(body).IsObject() {
		return errors.New("no JSON object in the answer")
	}
	return nil
}

func recordFrom(data gjson.Result) (Record, error) {
	id, values := data.Get("id"), data.Get("values")
	if id.Get("record_id").String() == "" || !values.IsObject() {
		return Record{}, errNoRecord
	}
	return Record{
		ID:          strings.Clone(id.Get("record_id").String()),
		WorkspaceID: strings.Clone(id.Get("workspace_id").String()),
		ObjectID:    strings.Clone(id.Get("object_id").String()),
		CreatedAt:   strings.Clone(data.Get("created_at").String()),
		WebURL:      strings.Clone(data.Get("web_url").String()),
		Values:      json.RawMessage(values.Raw),
	}, nil
}
