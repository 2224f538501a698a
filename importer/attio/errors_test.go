package attio

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"attio-import/mapping/schema"
)

func plain(text string, _ int) string { return text }

func TestParseRefusal(t *testing.T) {
	tests := []struct {
		name, body string
		want       Error
	}{
		{
			"shape of the body",
			`{"status_code":400,"type":"invalid_request_error","code":"validation_type","message":"Body payload validation error.","validation_errors":[` +
				`{"code":"invalid_type","path":["data","values"],"message":"Required","expected":"object","received":"undefined"},` +
				`{"code":"invalid_option","path":["data","type"],"message":"Invalid enum value.","options":["text","number"]}]}`,
			Error{Type: "invalid_request_error", Code: "validation_type", Message: "Body payload validation error.", Validation: []Validation{
				{Code: "invalid_type", Path: []string{"data", "values"}, Message: "Required"},
				{Code: "invalid_option", Path: []string{"data", "type"}, Message: "Invalid enum value."},
			}},
		},
		{
			"mistake in a filter",
			`{"status_code":400,"type":"invalid_request_error","code":"unknown_filter_attribute_slug","message":"Unknown attribute slug: email.","path":["$or","1","email"]}`,
			Error{Type: "invalid_request_error", Code: "unknown_filter_attribute_slug", Message: "Unknown attribute slug: email.", Path: []string{"$or", "1", "email"}, Attribute: "email"},
		},
		{
			"no such option",
			`{"status_code":400,"type":"invalid_request_error","code":"value_not_found","message":"Cannot find select attribute with select option title \"In Progress\"."}`,
			Error{Type: "invalid_request_error", Code: "value_not_found", Message: `Cannot find select attribute with select option title "In Progress".`, Option: "In Progress"},
		},
		{"everything of another type", `{"status_code":400,"type":1,"code":{"a":1},"message":["x"],"path":"p","validation_errors":{"a":1}}`, Error{Type: "1", Code: `{"a":1}`, Message: `["x"]`}},
		{"nothing", `{"status_code":400}`, Error{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(&tt.want, parseRefusal([]byte(tt.body), plain)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAttributeIn(t *testing.T) {
	tests := []struct{ message, want string }{
		{`Required value for attribute with ID "41252299-f8c7-4b5e-99c9-4ff8321d2f96" was not provided.`, "41252299-f8c7-4b5e-99c9-4ff8321d2f96"},
		{`An invalid value was passed to attribute with slug "name".`, "name"},
		{`Cannot find attribute with slug/ID "week_starting".`, "week_starting"},
		{`Attribute with slug/ID "my-attribute" not found.`, "my-attribute"},
		{`No attribute was found for matching_attribute slug/ID "my-attribute".`, "my-attribute"},
		{`Unknown attribute slug: email.`, "email"},
		{`A value provided for attribute with slug "email_addresses" conflicts with one already in the system. This attribute has a uniqueness constraint.`, "email_addresses"},
		{`The value "{\"email_address\":\"x@gmail.com\"}" provided for attribute with ID "b8bfd231" conflicts with one already in the system.`, "b8bfd231"},
		{`The value "attribute with ID "evil"" provided for attribute with ID "b8bfd231" conflicts`, "b8bfd231"},
		{`Cannot find select attribute with select option title "In Progress".`, ""},
		{`The matching attribute specified is not a unique attribute.`, ""},
		{`Object with slug/ID "people" not found.`, ""},
		{``, ""},
	}
	for _, tt := range tests {
		if got := attributeIn(tt.message); got != tt.want {
			t.Errorf("attributeIn(%q) = %q, want %q", tt.message, got, tt.want)
		}
	}
}

func TestExplain(t *testing.T) {
	deals := &schema.Object{Slug: "deals", Attributes: []*schema.Attribute{
		{ID: "41252299", Slug: "owner", Title: "Deal owner"},
		{ID: "b8bfd231", Slug: "name", Title: "Name"},
	}}
	tests := []struct {
		err  Error
		want string
	}{
		{Error{Message: `Required value for attribute with ID "41252299" was not provided.`}, `Required value for attribute "Deal owner" (owner) was not provided.`},
		{Error{Message: `An invalid value was passed to attribute with slug "name".`, Validation: []Validation{{Path: []string{"first_name"}, Message: "Required"}, {Message: "Invalid input"}}},
			`An invalid value was passed to attribute "name". first_name: Required; Invalid input`},
		{Error{Message: `Cannot find attribute with slug/ID "gone".`}, `Cannot find attribute with slug/ID "gone".`},
		{Error{Message: `Attribute with slug/ID "owner" not found.`}, `Attribute "Deal owner" (owner) not found.`},
		{Error{Message: "Body payload validation error."}, "Body payload validation error."},
	}
	for _, tt := range tests {
		if got := tt.err.Explain(deals); got != tt.want {
			t.Errorf("Explain = %s\nwant      %s", got, tt.want)
		}
	}
	if got := tests[0].err.Explain(nil); got != tests[0].err.Message {
		t.Errorf("without an object: %s", got)
	}
}

func TestErrorKinds(t *testing.T) {
	tests := []struct {
		err      Error
		endsRun  bool
		inactive bool
		hint     string
	}{
		{Error{Status: 401, Code: "unauthorized"}, true, true, "API key"},
		{Error{Status: 403, Code: "unauthorized"}, true, false, "scopes"},
		{Error{Status: 403, Code: CodeBilling}, true, false, "billing plan"},
		{Error{Status: 400, Code: CodeQuota}, true, false, "billing plan"},
		{Error{Status: 400, Code: CodeUniquenessConflict}, false, false, "another record"},
		{Error{Status: 400, Code: CodeSystemEdit}, false, false, "leave it out"},
		{Error{Status: 404, Code: CodeMergeInProgress}, false, false, "merging"},
		{Error{Status: 400, Code: CodeMissingValue}, false, false, "map a column"},
		{Error{Status: 400, Code: CodeValidation}, false, false, "correct the cell"},
		{Error{Status: 400, Code: CodeValueNotFound}, false, false, "add the option"},
		{Error{Status: 400, Code: "brand_new"}, false, false, ""},
	}
	for _, tt := range tests {
		err := fmt.Errorf("row 7: %w", &tt.err)
		if tt.err.EndsRun() != tt.endsRun || errors.Is(err, ErrInactiveToken) != tt.inactive {
			t.Errorf("%d %s: ends the run %v, inactive %v", tt.err.Status, tt.err.Code, tt.err.EndsRun(), errors.Is(err, ErrInactiveToken))
		}
		if got := hintOf(err); !strings.Contains(got, tt.hint) || (got == "") != (tt.hint == "") {
			t.Errorf("%d %s: hint %q", tt.err.Status, tt.err.Code, got)
		}
	}
}

// hintOf finds the hint of an error as a caller would.
func hintOf(err error) string {
	var h interface{ Hint() string }
	if errors.As(err, &h) {
		return h.Hint()
	}
	return ""
}

func TestErrorText(t *testing.T) {
	s := serve(t, answerJSON(400, conflictJSON, "X-Attio-Execution-Id", "exec-9", "X-Accurate-At", "2026-01-02T03:04:05.000000000Z"))
	_, err := connect(t, s.URL).Create(t.Context(), "people", []byte(`{}`), Creating{})
	var e *Error
	if !errors.As(err, &e) {
		t.Fatal(err)
	}
	want := Error{
		Op: "POST /v2/objects/people/records", Status: 400, Type: "invalid_request_error", Code: CodeUniquenessConflict,
		Message:   `A value provided for attribute with slug "email_addresses" conflicts with one already in the system.`,
		Attribute: "email_addresses", ExecutionID: "exec-9", At: "2026-01-02T03:04:05.000000000Z", Attempts: 1,
	}
	if diff := cmp.Diff(&want, e); diff != "" {
		t.Error(diff)
	}
	text := `POST /v2/objects/people/records was refused: A value provided for attribute with slug "email_addresses" conflicts with one already in the system. (400 uniqueness_conflict)`
	if err.Error() != text {
		t.Errorf("%v\nwant %s", err, text)
	}
}

// A message of megabytes, or thousands of details, is cut.
func TestRefusalIsBounded(t *testing.T) {
	details := strings.Repeat(`{"message":"x"},`, 10_000) + `{"message":"x"}`
	s := serve(t, answerJSON(400, `{"status_code":400,"message":"`+strings.Repeat("é", 1<<20)+`","validation_errors":[`+details+`]}`))
	err := writes["create"](t.Context(), connect(t, s.URL))
	if n := len(err.Error()); n > 5000 || !utf8.ValidString(err.Error()) {
		t.Errorf("the message has %d bytes", n)
	}
}

// Brackets enough to overflow the stack of a reader that recurses.
func TestDeepAnswer(t *testing.T) {
	for _, status := range []int{200, 400} {
		s := serve(t, answerJSON(status, strings.Repeat("[", 15<<20)))
		if got := kindOf(writes["create"](t.Context(), connect(t, s.URL))); got != "lost" {
			t.Errorf("%d: %s", status, got)
		}
	}
	brackets := `{"data":"` + strings.Repeat(`[{\"`, 5000) + `"}`
	if !valid([]byte(brackets)) {
		t.Error("brackets within a text count as nesting")
	}
	if valid([]byte(strings.Repeat(`[`, 2000) + strings.Repeat(`]`, 2000))) {
		t.Error("2000 levels are taken")
	}
}

func FuzzParseRefusal(f *testing.F) {
	f.Add([]byte(conflictJSON))
	f.Add([]byte(limitedJSON))
	f.Add([]byte(`{"status_code":400,"validation_errors":[{"path":[1,null,{"a":[]}],"options":[[]]}],"path":[0]}`))
	f.Add([]byte(`{"status_code":400,"message":"attribute with slug \"` + string(testToken) + `\""}`))
	c := &Client{cfg: Config{Token: testToken}}
	f.Fuzz(func(t *testing.T, body []byte) {
		if !isRefusal(400, body) {
			return
		}
		e := parseRefusal(body, c.clean)
		text := e.Error() + e.Attribute + e.Option + strings.Join(e.Path, "")
		if !utf8.ValidString(text) || exposedIn(text) {
			t.Errorf("%q", text)
		}
		for _, r := range text {
			if r < ' ' {
				t.Errorf("%U in %q", r, text)
			}
		}
	})
}

// exposedIn is exposed without folding of case, which would find what an
// attacker can write without knowing the token.
func exposedIn(text string) bool {
	return testToken.scrub(text) != text
}

func FuzzAttributeIn(f *testing.F) {
	f.Add(`Required value for attribute with ID "41252299" was not provided.`)
	f.Add(`attribute slug: a attribute with slug/ID "`)
	o := &schema.Object{Attributes: []*schema.Attribute{{ID: "41252299", Slug: "owner", Title: "Owner"}}}
	f.Fuzz(func(t *testing.T, message string) {
		name := attributeIn(message)
		if !strings.Contains(message, name) {
			t.Errorf("%q is not in %q", name, message)
		}
		e := Error{Message: message}
		if got := e.Explain(o); name == "" && got != message {
			t.Errorf("Explain(%q) = %q", message, got)
		}
		_ = optionIn(message)
	})
}

func FuzzAnswers(f *testing.F) {
	f.Add([]byte(`{"data":` + recordJSON + `}`))
	f.Add([]byte(`{"data":[` + recordJSON + `]}`))
	f.Add([]byte(`{"active":true,"scope":"a b"}`))
	c := &Client{}
	f.Fuzz(func(t *testing.T, body []byte) {
		var w Written
		if c.parseWritten(body, &w) == nil && w.RecordID == "" {
			t.Error("a write without a record")
		}
		records, err := parseRecords(body)
		if err != nil && records != nil {
			t.Error("records and an error")
		}
		for _, r := range records {
			_ = r.Value("name")
			if r.ID == "" {
				t.Error("a record without an id")
			}
		}
		_, _, _ = parseSelf(body)
	})
}

var _ error = (*TokenError)(nil)

func TestContextErrorsAreFound(t *testing.T) {
	for _, err := range []error{&LostError{Err: context.Canceled}, &NotSentError{Err: context.Canceled}, &UnavailableError{Err: context.Canceled}} {
		if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "canceled") {
			t.Errorf("%v", err)
		}
	}
}
