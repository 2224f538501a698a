package attio

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const selfJSON = `{"active":true,"scope":"list_entry:read object_configuration:read record_permission:read-write","client_id":"c","token_type":"Bearer","exp":null,"iat":1778892789,` +
	`"sub":"74716136","aud":"c","iss":"attio.com","authorized_by_workspace_member_id":"635cebb2","workspace_id":"74716136","workspace_name":"Test Workspace","workspace_slug":"test-workspace","workspace_logo_url":null}`

func TestSelf(t *testing.T) {
	self, err := connect(t, serve(t, answerJSON(200, selfJSON)).URL).Self(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := Self{
		WorkspaceID: "74716136", WorkspaceName: "Test Workspace", WorkspaceSlug: "test-workspace",
		Scopes: []string{"list_entry:read", "object_configuration:read", "record_permission:read-write"},
	}
	if diff := cmp.Diff(want, self); diff != "" {
		t.Error(diff)
	}
}

func TestMissingScopes(t *testing.T) {
	self := Self{Scopes: []string{"list_entry:read", "record_permission:read-write"}}
	tests := []struct{ ask, want []string }{
		{nil, nil},
		{[]string{ScopeRecordsRead, ScopeRecordsWrite, "list_entry:read"}, nil},
		{[]string{"list_entry:read-write", ScopeSchemaRead}, []string{"list_entry:read-write", ScopeSchemaRead}},
		{[]string{"record_permission"}, []string{"record_permission"}},
	}
	for _, tt := range tests {
		if got := self.Missing(tt.ask...); !slices.Equal(got, tt.want) {
			t.Errorf("Missing(%v) = %v, want %v", tt.ask, got, tt.want)
		}
	}
}

func TestSelfRefusesToken(t *testing.T) {
	notRecognised := `{"status_code":400,"type":"invalid_request_error","code":"missing_value","message":"Token was not recognised, ..."}`
	tests := []struct {
		name  string
		token Token
		reply step
		want  string
	}{
		{"unknown or revoked", testToken, answerJSON(200, `{"active":false}`), "revoked"},
		{"wrong length", "not-a-real-token-000", answerJSON(400, notRecognised), "20 characters"},
		{"wrong characters", Token("g") + testToken[1:], answerJSON(400, notRecognised), "other than 0-9"},
		{"401", testToken, answerJSON(401, `{"status_code":401,"type":"auth_error","code":"unauthorized","message":"no"}`), "revoked"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := serve(t, tt.reply)
			_, err := connect(t, s.URL, func(cfg *Config) { cfg.Token = tt.token }).Self(t.Context())
			var e *TokenError
			if !errors.As(err, &e) || !errors.Is(err, ErrInactiveToken) || !strings.Contains(err.Error(), tt.want) || hintOf(err) != hintToken {
				t.Errorf("%v, want one about %q", err, tt.want)
			}
			if s.requests.Load() != 1 {
				t.Errorf("asked %d times", s.requests.Load())
			}
		})
	}
}

// An answer that does not say whether the token is good says nothing.
func TestSelfOfAStranger(t *testing.T) {
	for _, body := range []string{`{}`, `{"active":"true"}`, `[]`, `<html>`, `{"data":{"active":true}}`} {
		s := serve(t, answerJSON(200, body), answerJSON(200, selfJSON))
		self, err := connect(t, s.URL).Self(t.Context())
		if err != nil || self.WorkspaceSlug != "test-workspace" || s.requests.Load() != 2 {
			t.Errorf("%s: %v after %d requests", body, err, s.requests.Load())
		}
	}
	_, err := connect(t, serve(t, answerJSON(404, `{"status_code":404,"code":"not_found","message":"Could not find endpoint \"GET /v2/self\"."}`)).URL).Self(t.Context())
	if kindOf(err) != "refused" {
		t.Errorf("%v", err)
	}
}
