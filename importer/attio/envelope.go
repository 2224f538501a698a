package attio

import (
	"errors"
	"strings"
	"unicode"

	"github.com/tidwall/gjson"
)

// Bounds of what is kept of a server's text.
const (
	maxText    = 2 << 10 // bytes of a message
	maxExcerpt = 200     // bytes of a body that is none of the API's
	maxDetails = 20      // validation errors, and parts of each
)

// refusal reads the error envelope of an answer.
func (c *Client) refusal(q *call, t *trip, r *reply) *Error {
	e := parseRefusal(r.body, c.clean)
	e.Op = q.name()
	e.Status = r.status
	e.ExecutionID = t.executionID
	e.At = t.at
	e.Attempts = t.attempts
	return e
}

// parseRefusal reads an error envelope. Members that are missing or of
// another type than expected stay empty; clean is applied to every text.
func parseRefusal(body []byte, clean func(string, int) string) *Error {
	root := gjson.ParseBytes(body)
	e := &Error{
		Type:    clean(root.Get("type").String(), maxText),
		Code:    clean(root.Get("code").String(), maxText),
		Message: clean(root.Get("message").String(), maxText),
		Path:    texts(root.Get("path"), clean),
	}
	for _, v := range first(root.Get("validation_errors")) {
		e.Validation = append(e.Validation, Validation{
			Code:    clean(v.Get("code").String(), maxText),
			Message: clean(v.Get("message").String(), maxText),
			Path:    texts(v.Get("path"), clean),
		})
	}
	e.Attribute, e.Option = attributeIn(e.Message), optionIn(e.Message)
	return e
}

// first is the first few elements of a JSON array.
func first(list gjson.Result) []gjson.Result {
	if !list.IsArray() {
		return nil
	}
	all := list.Array()
	return all[:min(len(all), maxDetails)]
}

func texts(list gjson.Result, clean func(string, int) string) []string {
	var out []string
	for _, v := range first(list) {
		out = append(out, clean(v.String(), maxText))
	}
	return out
}

// notAccepted says why an answer with a good status is none.
func (c *Client) notAccepted(r *reply) error {
	var m *MismatchError
	if errors.As(r.err, &m) {
		return &MismatchError{Of: m.Of, Want: m.Want, Got: c.clean(m.Got, maxExcerpt)}
	}
	return c.strangeAnswer(r)
}

// strangeAnswer describes an answer that is not the API's.
func (c *Client) strangeAnswer(r *reply) *AnswerError {
	e := &AnswerError{
		Status:      r.status,
		ContentType: c.clean(r.header.Get("Content-Type"), maxExcerpt),
		Text:        c.clean(string(r.body[:min(len(r.body), maxText)]), maxExcerpt),
	}
	if r.status >= 300 && r.status < 400 {
		if to, err := c.base.Parse(r.header.Get("Location")); err == nil {
			e.Redirect = c.clean(to.Scheme+"://"+to.Host, maxExcerpt)
		}
	}
	return e
}

// clean makes a server's text fit to be shown: bounded, without the token and
// a proxy's password, and without characters that a terminal obeys.
func (c *Client) clean(text string, most int) string {
	text = text[:min(len(text), maxText)]
	text = c.cfg.Token.scrub(text)
	for _, secret := range c.proxySecrets {
		text = secret.scrub(text)
	}
	text = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, text)
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "..."
	}
	return text
}
