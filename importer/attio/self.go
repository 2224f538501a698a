package attio

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// Scopes that an import may need (OpenAPI, per operation).
const (
	ScopeRecordsRead  = "record_permission:read"
	ScopeRecordsWrite = "record_permission:read-write"
	ScopeSchemaRead   = "object_configuration:read"
	ScopeMembersRead  = "user_management:read"
)

// Self says whose token it is and what it may do.
type Self struct {
	WorkspaceID, WorkspaceName, WorkspaceSlug string
	Scopes                                    []string
}

// Missing lists those of the scopes that the token does not have. A token
// that may read and write may read.
func (s *Self) Missing(scopes ...string) []string {
	var missing []string
	for _, scope := range scopes {
		if !slices.Contains(s.Scopes, scope) && !slices.Contains(s.Scopes, scope+"-write") {
			missing = append(missing, scope)
		}
	}
	return missing
}

// Self asks whose token it is (GET /v2/self). A token that is not good is a
// [*TokenError], for which errors.Is finds [ErrInactiveToken].
//
// The endpoint follows RFC 7662 and answers unlike the others: a token that
// nobody knows gets status 200 and active=false, one of the wrong shape 400.
//
// From then on an answer about a record of another workspace is a [*MismatchError].
func (c *Client) Self(ctx context.Context) (Self, error) {
	var self Self
	active := false
	_, err := c.do(ctx, &call{method: http.MethodGet, url: c.self, accept: func(body []byte) (err error) {
		if self, active, err = parseSelf(body); err != nil || !active {
			return err
		}
		return c.learnWorkspace(self.WorkspaceID)
	}})
	var refusal *Error
	switch {
	case errors.As(err, &refusal) && refusal.Status <= 401:
		return Self{}, c.tokenError(refusal)
	case err != nil:
		return Self{}, err
	case !active:
		return Self{}, c.tokenError(nil)
	}
	return self, nil
}

func parseSelf(body []byte) (self Self, active bool, err error) {
	if !valid(body) {
		return Self{}, false, errors.New("the answer is not JSON")
	}
	root := gjson.ParseBytes(body)
	if !root.Get("active").IsBool() {
		return Self{}, false, errors.New("the answer does not say whether the token is active")
	}
	return Self{
		WorkspaceID:   root.Get("workspace_id").String(),
		WorkspaceName: root.Get("workspace_name").String(),
		WorkspaceSlug: root.Get("workspace_slug").String(),
		Scopes:        strings.Fields(root.Get("scope").String()),
	}, root.Get("active").Bool(), nil
}

// keyLength is how long API keys are (message of the API).
const keyLength = 64

// tokenError says what looks wrong with a token that was not taken. The
// looks decide nothing: OAuth tokens may have another shape.
func (c *Client) tokenError(refusal *Error) *TokenError {
	e := &TokenError{hint: hintToken}
	if refusal != nil {
		e.Err = refusal
	}
	switch n := len(c.cfg.Token); {
	case n != keyLength:
		e.Message = fmt.Sprintf("the API key is not valid: it has %d characters, API keys have %d", n, keyLength)
	case strings.Trim(strings.ToLower(string(c.cfg.Token)), "0123456789abcdef") != "":
		e.Message = "the API key is not valid: it has characters other than 0-9 and a-f"
	default:
		e.Message = "the API key is not valid: Attio does not know it, most likely because it was revoked"
	}
	return e
}
