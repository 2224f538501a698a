package sandbox

import (
	"fmt"
	"strconv"
	"time"
)

// Error is a refusal in Attio's shape: {"status_code", "type", "code", "message"} and, where the live API was seen
// to add them, validation_errors and path.
type Error struct {
	Status  int
	Type    string // invalid_request_error, auth_error, rate_limit_error, api_error
	Code    string
	Message string

	issues []issue
	path   []string
	reset  time.Time // 429 only: when the limit resets; zero: not told
}

func (e *Error) Error() string { return fmt.Sprintf("%d %s: %s", e.Status, e.Code, e.Message) }

// issue is one item of validation_errors.
type issue struct {
	code, message      string
	path               []string
	expected, received string   // invalid_type only
	options            []string // invalid_option only
	also               []issue  // what else is wrong with the same value, in order
}

// with adds what else is wrong; nil stands for nothing.
func (i *issue) with(next *issue) *issue {
	switch {
	case next == nil:
		return i
	case i == nil:
		return next
	}
	i.also = append(i.also, *next)
	return i
}

// append writes the body of the refusal.
func (e *Error) append(b []byte) []byte {
	b = append(b, `{"status_code":`...)
	b = strconv.AppendInt(b, int64(e.Status), 10)
	b = appendStringField(b, "type", e.Type)
	b = appendStringField(b, "code", e.Code)
	b = appendStringField(b, "message", e.Message)
	if e.issues != nil {
		b = appendEach(appendKey(b, "validation_errors"), e.issues, appendIssue)
	}
	if e.path != nil {
		b = appendStrings(appendKey(b, "path"), e.path)
	}
	return append(b, '}')
}

func appendIssue(b []byte, v issue) []byte {
	b = append(b, '{')
	b = appendStringField(b, "code", v.code)
	b = appendStrings(appendKey(b, "path"), v.path)
	b = appendStringField(b, "message", v.message)
	if v.expected != "" {
		b = appendStringField(b, "expected", v.expected)
		b = appendStringField(b, "received", v.received)
	}
	if v.options != nil {
		b = appendStrings(appendKey(b, "options"), v.options)
	}
	return append(b, '}')
}

func invalid(code, format string, args ...any) *Error {
	return &Error{Status: 400, Type: "invalid_request_error", Code: code, Message: fmt.Sprintf(format, args...)}
}

func notFound(format string, args ...any) *Error {
	return &Error{Status: 404, Type: "invalid_request_error", Code: "not_found", Message: fmt.Sprintf(format, args...)}
}

func conflict(format string, args ...any) *Error {
	return &Error{Status: 409, Type: "invalid_request_error", Code: "slug_conflict", Message: fmt.Sprintf(format, args...)}
}

func unauthorized(message string) *Error {
	return &Error{Status: 401, Type: "auth_error", Code: "unauthorized", Message: message}
}

// limitReached is the refusal of the rate-limiting guide.
func limitReached(reset time.Time) *Error {
	return &Error{Status: 429, Type: "rate_limit_error", Code: "rate_limit_exceeded",
		Message: "Rate limit exceeded, please try again later", reset: reset}
}

// badBody refuses a body whose shape is wrong (message and issues as in live records).
func badBody(issues ...issue) *Error {
	e := invalid("validation_type", "Body payload validation error.")
	e.issues = issues
	return e
}

func badQuery(issues ...issue) *Error {
	e := invalid("validation_type", "Query params validation error.")
	e.issues = issues
	return e
}

// badValue refuses one value of one attribute; the issue's path is relative to the value.
func badValue(slug string, v issue) *Error {
	e := invalid("validation_type", "An invalid value was passed to attribute with slug %q.", slug)
	e.issues = append([]issue{v}, v.also...)
	return e
}

func wrongType(expected, received string, path ...string) issue {
	message := "Expected " + expected + ", received " + received
	if received == "undefined" {
		message = "Required"
	}
	return issue{code: "invalid_type", path: path, message: message, expected: expected, received: received}
}

func invalidInput(message string, path ...string) issue {
	return issue{code: "invalid", path: path, message: message}
}
