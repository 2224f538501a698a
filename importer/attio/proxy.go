package attio

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/http/httpproxy"
)

// proxyFor is the proxy that the environment names for an address (HTTPS_PROXY,
// NO_PROXY; in small letters too); nil: none. Plain http goes to this machine
// only, and so through none. An address that is no URL, which net/http passes
// over in silence, is a mistake; it is not repeated, since it may hold a password.
func proxyFor(base *url.URL) (*url.URL, error) {
	if base.Scheme == "http" {
		return nil, nil
	}
	env := httpproxy.FromEnvironment()
	proxy, err := env.ProxyFunc()(base)
	if err != nil || !isAddress(env.HTTPSProxy) {
		return nil, errors.New("HTTPS_PROXY is not the address of a proxy")
	}
	return proxy, nil
}

// isAddress reports whether a text is a URL, be it without its scheme.
func isAddress(text string) bool {
	_, err := url.Parse(text)
	if err != nil && !strings.Contains(text, "://") {
		_, err = url.Parse("http://" + text)
	}
	return err == nil
}

// shortest is the length from which on a proxy's password is looked for in
// texts. A shorter one would be found in any.
const shortest = 4

// proxySecrets are the texts that give access to a proxy: the password, and
// what is sent of it.
func proxySecrets(proxy *url.URL) []Token {
	if proxy == nil || proxy.User == nil {
		return nil
	}
	name := proxy.User.Username()
	password, _ := proxy.User.Password()
	secrets := []Token{Token(base64.StdEncoding.EncodeToString([]byte(name + ":" + password)))}
	if len(password) >= shortest {
		secrets = append(secrets, Token(password), Token(url.QueryEscape(password)))
	}
	return secrets
}

// ProxyError is a proxy that does not let a call through. The call was not sent.
type ProxyError struct{ Status int } // of the proxy's answer

func (e *ProxyError) Error() string {
	return fmt.Sprintf("the proxy does not connect (%d %s)", e.Status, http.StatusText(e.Status))
}

// Hint says what to look at.
func (e *ProxyError) Hint() string {
	if e.Status == http.StatusProxyAuthRequired {
		return "check the user name and the password in HTTPS_PROXY"
	}
	return "check HTTPS_PROXY, and whether the proxy lets the API's address through; NO_PROXY makes an exception"
}

// proxyAnswer makes an error of a proxy's refusal before net/http makes one of
// the proxy's own words, which can repeat what was sent to it.
func proxyAnswer(_ context.Context, _ *url.URL, _ *http.Request, r *http.Response) error {
	if r.StatusCode == http.StatusOK {
		return nil
	}
	return &ProxyError{Status: r.StatusCode}
}
