package sandbox

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// parseToken tells whether the text has the shape of an API key.
func parseToken(s string) (string, bool) {
	if len(s) != 64 {
		return s, false
	}
	for i := range len(s) {
		if unhex(s[i]) > 15 {
			return s, false
		}
	}
	return s, true
}

// bearer is the key that a request carries; HTTP Basic with the key as user name is accepted too (documentation).
func bearer(r *http.Request) (string, bool) {
	h := r.Header["Authorization"]
	if len(h) == 0 {
		return "", false
	}
	if scheme, rest, ok := strings.Cut(h[0], " "); ok && strings.EqualFold(scheme, "bearer") {
		return rest, true
	}
	if user, _, ok := r.BasicAuth(); ok {
		return user, true
	}
	return h[0], true
}

// authenticate finds the token and checks its scopes. /v2/self has its own way with tokens and never answers 401.
func (s *store) authenticate(r *http.Request, on *route) (*token, error) {
	secret, given := bearer(r)
	i := slices.IndexFunc(s.tokens, func(k *token) bool { return k.Secret == secret })
	if on.serve == nil {
		return s.forSelf(secret, i)
	}
	switch {
	case !given:
		return nil, unauthorized("The Authorization header was not provided. Please pass your access token in it.")
	case i >= 0:
		return s.tokens[i], nil
	case len(secret) != 64:
		return nil, unauthorized("The API Key provided was invalid because it was the wrong length (API Keys should be 64 characters long). " +
			"You might not have copied the entire API key from your Admin panel?")
	}
	return nil, unauthorized("The API Key provided could not be found. This is most commonly caused by the token having been revoked.")
}

// inactive stands for a key of the right shape that is not known: /v2/self answers {"active":false} to it.
var inactive = &token{}

func (s *store) forSelf(secret string, i int) (*token, error) {
	if i >= 0 {
		return s.tokens[i], nil
	}
	if _, ok := parseToken(secret); ok {
		return inactive, nil
	}
	return nil, invalid("missing_value", "Token was not recognised, please check that you passed a valid access token.")
}

// permit checks the scopes; the live text for a missing one is not known.
func (r *route) permit(c *call) error {
	for _, scope := range r.neededScopes(c) {
		if !c.token.allows(scope) {
			return &Error{Status: 403, Type: "auth_error", Code: "unauthorized",
				Message: "You do not have the necessary permissions to perform this request. The access token is missing the scope \"" + scope + "\"."}
		}
	}
	return nil
}

// self answers GET /v2/self, which is not wrapped in data.
func (s *store) self(c *call) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if c.token == inactive {
		c.out = append(c.out, `{"active":false}`...)
		return nil
	}
	scopes := c.token.Scopes
	if scopes == nil {
		scopes = allScopes()
	}
	scopes = slices.Sorted(slices.Values(scopes))
	b := append(c.out, `{"active":true`...)
	b = appendStringField(b, "scope", strings.Join(scopes, " "))
	b = appendID(b, "client_id", c.token.ID)
	b = appendStringField(b, "token_type", "Bearer")
	b = append(appendKey(b, "exp"), "null"...)
	b = strconv.AppendInt(appendKey(b, "iat"), c.token.Created/1000, 10)
	b = appendID(b, "sub", s.id)
	b = appendID(b, "aud", c.token.ID)
	b = appendStringField(b, "iss", "attio.com")
	b = appendID(b, "authorized_by_workspace_member_id", s.members[0].ID)
	b = appendID(b, "workspace_id", s.id)
	b = appendStringField(b, "workspace_name", s.name)
	b = appendStringField(b, "workspace_slug", s.slug)
	c.out = append(append(appendKey(b, "workspace_logo_url"), "null"...), '}')
	return nil
}

// allScopes are the areas of a token that may do everything.
func allScopes() []string {
	areas := strings.Fields("call_recording comment file list_configuration list_entry meeting note object_configuration " +
		"private_collection public_collection record_permission scim_management task user_management webhook")
	for i := range areas {
		areas[i] += ":read-write"
	}
	return areas
}
