package attio

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/tidwall/gjson"
)

// MaxPage is the most records asked for in one query. The API names 500 as its
// default and no maximum (OpenAPI); nobody was seen to get more.
const MaxPage = 500

// Query says which records to read.
type Query struct {
	Filter json.RawMessage // a filter object (filtering guide); empty: all records
	Sorts  []Sort
	Limit  int // 0: MaxPage
	Offset int

	// MaxLimited ends the query with a [*LimitedError] after so many 429s in a
	// row, so that a query that is too complex can be made smaller. 0: it goes
	// on until the context ends.
	MaxLimited int
}

// Sort is one order of a query's result. Attribute is a slug or id, Field a
// part of its value ("last_name"), empty for the whole.
type Sort struct {
	Attribute string `json:"attribute"`
	Field     string `json:"field,omitempty"`
	Direction string `json:"direction"` // "asc" or "desc"
}

// Page is what a query found.
type Page struct {
	Records []Record
	At      string // the server's time at which that was true: x-accurate-at, else Date, as it stands there
}

// Query reads records, at most one page. A page shorter than the limit is the
// last. The answer is up to date (OpenAPI, of search: queries are consistent).
//
// Errors: [*Error], [*UnavailableError], [*NotSentError], [*LimitedError].
func (c *Client) Query(ctx context.Context, object string, q Query) (Page, error) {
	e, err := c.object(object)
	if err != nil {
		return Page{}, err
	}
	body, err := q.body()
	if err != nil {
		return Page{}, err
	}
	var page Page
	t, err := c.do(ctx, &call{
		method: http.MethodPost, url: e.query, body: body, maxLimited: q.MaxLimited,
		accept: func(body []byte) (err error) {
			if page.Records, err = parseRecords(body); err != nil {
				return err
			}
			return c.ownRecords(page.Records)
		},
	})
	if err != nil {
		return Page{}, err
	}
	page.At = t.at
	return page, nil
}

// ownRecords demands that records are of the token's workspace.
func (c *Client) ownRecords(records []Record) error {
	for i := range records {
		if _, err := c.inWorkspace(records[i].WorkspaceID); err != nil {
			return err
		}
	}
	return nil
}

func (q *Query) body() ([]byte, error) {
	limit := q.Limit
	if limit == 0 {
		limit = MaxPage
	}
	return json.Marshal(struct {
		Filter json.RawMessage `json:"filter,omitempty"`
		Sorts  []Sort          `json:"sorts,omitempty"`
		Limit  int             `json:"limit"`
		Offset int             `json:"offset,omitempty"`
	}{q.Filter, q.Sorts, limit, q.Offset})
}

func parseRecords(body []byte) ([]Record, error) {
	list, err := parseList(body)
	if err != nil {
		return nil, err
	}
	records := make([]Record, len(list))
	for i, data := range list {
		if records[i], err = recordFrom(data); err != nil {
			return nil, err
		}
	}
	return records, nil
}

// parseList reads the elements of an answer that is a list.
func parseList(body []byte) ([]gjson.Result, error) {
	if !valid(body) {
		return nil, errors.New("the answer is not JSON")
	}
	data := gjson.GetBytes(body, "data")
	if !data.IsArray() {
		return nil, errors.New("no list in the answer")
	}
	return data.Array(), nil
}
