package attio

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Codes of the API that callers branch on. The set is open: the API gives
// others, and will give more.
const (
	CodeUniquenessConflict = "uniqueness_conflict" // another record has the value
	CodeMissingValue       = "missing_value"       // a required attribute got none
	CodeValueNotFound      = "value_not_found"     // no such option, attribute, record or member
	CodeValidation         = "validation_type"     // a value that the attribute does not take
	CodeSystemEdit         = "system_edit_unauthorized"
	CodeBilling            = "billing_error"
	CodeQuota              = "quota_exceeded"
	CodeNotFound           = "not_found"
	CodeMergeInProgress    = "merge_in_progress"
)

// ErrInactiveToken is what errors.Is finds where the API does not know the
// token, or knows it no longer.
var ErrInactiveToken = errors.New("the API key is not valid")

// Error is a refusal by the API, in its own words: the call was understood and
// not carried out. Text in it is free of the token and of control characters.
type Error struct {
	Op      string // "POST /v2/objects/people/records"
	Status  int    // 400 to 499
	Type    string // "invalid_request_error", "auth_error", ...
	Code    string // an open set; see the constants
	Message string

	// Validation says what is wrong in detail. Of a value that an attribute
	// refused, the paths begin within the value: the attribute is only named
	// in Message.
	Validation []Validation
	Path       []string // where in a query's filter the mistake is

	// Attribute is the slug or the id of the attribute that Message names;
	// Option is the title that it says no option has. Both may be empty.
	Attribute string
	Option    string

	ExecutionID string // names the call to Attio's support
	At          string // the server's time, as it gave it
	Attempts    int
}

// Validation is one complaint about the shape of a request.
type Validation struct {
	Code, Message string
	Path          []string
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s was refused: %s (%d %s)", e.Op, e.text(e.Message), e.Status, e.Code)
}

// text is a message with the validation errors behind it.
func (e *Error) text(message string) string {
	var b strings.Builder
	b.WriteString(message)
	for i, v := range e.Validation {
		b.WriteString([]string{" ", "; "}[min(i, 1)])
		if len(v.Path) > 0 {
			b.WriteString(strings.Join(v.Path, ".") + ": ")
		}
		b.WriteString(v.Message)
	}
	return b.String()
}

// Is makes a token that was revoked while the program runs match
// [ErrInactiveToken].
func (e *Error) Is(target error) bool { return target == ErrInactiveToken && e.Status == 401 }

// EndsRun reports whether the refusal is about the token, its permissions or
// the workspace's billing plan: every other call would meet it too.
func (e *Error) EndsRun() bool {
	return e.Status == 401 || e.Status == 403 || e.Code == CodeBilling || e.Code == CodeQuota
}

// TokenError says why the API does not take the token.
type TokenError struct {
	Message string
	hint    string
	Err     error // the API's own words, if it had any
}

func (e *TokenError) Error() string        { return e.Message }
func (e *TokenError) Hint() string         { return e.hint }
func (e *TokenError) Unwrap() error        { return e.Err }
func (e *TokenError) Is(target error) bool { return target == ErrInactiveToken }

// LostError is a write that left, and whose answer does not tell whether it
// was carried out. It must not be sent again before somebody has looked.
type LostError struct {
	Op          string
	Status      int // of the answer that does not tell; 0: none came
	Attempts    int
	ExecutionID string // empty in most cases
	Err         error
}

func (e *LostError) Error() string {
	return fmt.Sprintf("nobody can tell yet whether %s was carried out: %v", e.Op, e.Err)
}
func (e *LostError) Unwrap() error { return e.Err }

// NotSentError is a call that was certainly not carried out: nothing left this
// process, or all that left was refused with 429. The reason may be the
// context's end.
type NotSentError struct {
	Op       string
	Attempts int // requests tried; 0: none
	Err      error
}

func (e *NotSentError) Error() string { return fmt.Sprintf("%s was not sent: %v", e.Op, e.Err) }
func (e *NotSentError) Unwrap() error { return e.Err }

// UnavailableError is a read that got no answer of use, however often it was tried.
type UnavailableError struct {
	Op       string
	Status   int // of the last answer; 0: none came
	Attempts int
	Err      error
}

func (e *UnavailableError) Error() string {
	return fmt.Sprintf("%s got no answer of use (attempts: %d): %v", e.Op, e.Attempts, e.Err)
}
func (e *UnavailableError) Unwrap() error { return e.Err }

// LimitedError is a query that was refused with 429 as often in a row as the
// caller allowed: it may be too complex (rate-limiting guide, score-based
// limits). A smaller one may pass.
type LimitedError struct {
	Op         string
	Attempts   int
	RetryAfter time.Duration // the pause that the read budget has begun
}

func (e *LimitedError) Error() string {
	return fmt.Sprintf("%s was refused with 429 %d times: the server is busy, or the query is too complex", e.Op, e.Attempts)
}

// AnswerError is an answer that is not the API's, or not the one that was
// asked for: a proxy's page, a portal, a redirect, a server that failed.
type AnswerError struct {
	Status      int
	ContentType string
	Redirect    string // scheme and host of where a redirect leads; empty: none
	Text        string // how the body begins
}

func (e *AnswerError) Error() string {
	if e.Redirect != "" {
		return fmt.Sprintf("the answer is a redirect (%d) to %s, which is not followed", e.Status, e.Redirect)
	}
	return fmt.Sprintf("the answer is not the API's (%d, %s): %q", e.Status, e.ContentType, e.Text)
}

// OutageError says that the API gives no answers of use any more, to any
// call. It is inside the errors of calls that were ended by [Config.MaxOutage],
// and is what [Config.Waiting] is told during an outage.
type OutageError struct {
	Since  time.Time     // when the first answer came that was of no use, by the local clock
	Lasted time.Duration // until now; the time in which the machine slept does not count
	Err    error         // why the last answer was of no use
}

func (e *OutageError) Error() string {
	return fmt.Sprintf("no answer of use from Attio since %s (%s); the last reason: %v",
		e.Since.Format(time.TimeOnly), e.Lasted.Round(time.Second), e.Err)
}
func (e *OutageError) Unwrap() error { return e.Err }

// MismatchError is an answer that belongs to another record than the call
// was about, or to another workspace. Answers and calls are out of step:
// nothing more should be sent.
type MismatchError struct {
	Of   string // what does not match: "workspace"; empty: the record
	Want string // its id; empty for a create, which names no record
	Got  string
}

func (e *MismatchError) Error() string {
	switch {
	case e.Of != "":
		return fmt.Sprintf("the answer is about %s %s, the call was about %s", e.Of, e.Got, e.Want)
	case e.Want == "":
		return fmt.Sprintf("the answer is about record %s, which has not the values that were sent", e.Got)
	}
	return fmt.Sprintf("the answer is about record %s, the call was about %s", e.Got, e.Want)
}

// isMisdirected reports whether an error says that somebody else than the API
// is at its address, or that a proxy does not let anybody through: a
// certificate that nobody vouches for or of another host, no TLS, a
// password that the proxy does not take. None of that passes by itself, unless
// it began while the API was in use: then a portal may have come in between.
func isMisdirected(err error) bool {
	var certificate *tls.CertificateVerificationError
	var header tls.RecordHeaderError
	var proxy *ProxyError
	return errors.As(err, &certificate) || errors.As(err, &header) || errors.Is(err, http.ErrSchemeMismatch) ||
		errors.As(err, &proxy) && proxy.Status == http.StatusProxyAuthRequired
}

func isMismatch(err error) bool {
	var m *MismatchError
	return errors.As(err, &m)
}
