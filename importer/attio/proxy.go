package attio

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"golang.org/x/net/http/httpproxy"
)

// proxyFor is the proxy that the environment names for an address (HTTPS_PROXY,
// NO_PROXY; in small letters too); nil: none. Plain http goes to this machine
// only, and so through none. It is asked once: net/http would repeat an
// address that is no URL in the error of each call, password and all.
func proxyFor(base *url.URL) (*url.URL, error) {
	if base.Scheme == "http" {
		return nil, nil
	}
	proxy, err := httpproxy.FromEnvironment().ProxyFunc()(base)
	if err != nil {
		return nil, errors.New("HTTPS_PROXY is not the address of a proxy")
	}
	return proxy, nil
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
