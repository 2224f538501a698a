package attio

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// roots are the certificates that vouch for a test server; nil for one without TLS.
func roots(s *httptest.Server) *x509.CertPool {
	if s.TLS == nil {
		return nil
	}
	return s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
}

// A server that offers HTTP/2 is spoken to in HTTP/1.1: the transport of
// HTTP/2 may send a request again after the server had it.
func TestOnlyHTTP1(t *testing.T) {
	var protocol string
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		protocol = r.Proto
		good(w, r)
	}))
	s.EnableHTTP2 = true
	s.StartTLS()
	defer s.Close()
	c := connect(t, s.URL)
	c.transport.TLSClientConfig.RootCAs = roots(s)
	if err := writes["create"](t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if protocol != "HTTP/1.1" {
		t.Errorf("spoken in %s", protocol)
	}
}

func TestOldTLSIsRefused(t *testing.T) {
	s := httptest.NewUnstartedServer(http.HandlerFunc(good))
	s.TLS = &tls.Config{MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	defer s.Close()
	c := connect(t, s.URL)
	c.transport.TLSClientConfig.RootCAs = roots(s)
	if err := writes["create"](t.Context(), c); kindOf(err) != "not sent" {
		t.Errorf("%v", err)
	}
}

// A certificate that nobody vouches for ends the handshake: nothing was sent.
func TestUnknownCertificateIsRefused(t *testing.T) {
	s := httptest.NewUnstartedServer(http.HandlerFunc(good))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	defer s.Close()
	err := writes["create"](t.Context(), connect(t, s.URL))
	if kindOf(err) != "not sent" || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("%v", err)
	}
}

// A request over TLS that dies is told apart from one that never left, too.
func TestLostOverTLS(t *testing.T) {
	n := 0
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n++; n == 1 {
			good(w, r)
			return
		}
		c, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_ = c.Close()
	}))
	defer s.Close()
	c := connect(t, s.URL)
	c.transport.TLSClientConfig.RootCAs = roots(s)
	if err := writes["create"](t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if got := kindOf(writes["create"](t.Context(), c)); got != "lost" || n != 2 {
		t.Errorf("%s after %d requests", got, n)
	}
}

// A name that leads elsewhere than it says gets no token over plain http.
func TestPlainHTTPStaysOnThisMachine(t *testing.T) {
	for address, ok := range map[string]bool{
		"127.0.0.1:80": true, "127.9.9.9:80": true, "[::1]:80": true,
		"10.0.0.1:80": false, "[2001:db8::1]:80": false, "93.184.216.34:80": false, "nonsense": false,
	} {
		if err := loopbackOnly("tcp", address, nil); (err == nil) != ok {
			t.Errorf("%s: %v", address, err)
		}
	}
	if c := connect(t, "http://localhost:1"); c.transport.Proxy != nil {
		t.Error("plain http goes through a proxy")
	}
}

// Somebody else at the API's address is told apart at once where the API was
// never met. Once it was, a portal may have come in between, and goes again.
func TestMisdirectedCallsEndAtOnce(t *testing.T) {
	for name, begin := range map[string]func(*httptest.Server){"unknown certificate": (*httptest.Server).StartTLS, "no TLS": (*httptest.Server).Start} {
		s := httptest.NewUnstartedServer(http.HandlerFunc(good))
		s.Config.ErrorLog = log.New(io.Discard, "", 0)
		begin(s)
		url := "https://" + s.Listener.Addr().String()
		for _, send := range merged(writes, reads) {
			err := send(t.Context(), connect(t, url))
			var n *NotSentError
			var u *UnavailableError
			if errors.As(err, &n) && n.Attempts != 1 || errors.As(err, &u) && u.Attempts != 1 || n == nil && u == nil || hintOf(err) != hintCertificate {
				t.Errorf("%s: %v (%s)", name, err, hintOf(err))
			}
		}
		c := connect(t, url, func(cfg *Config) { cfg.MaxOutage = 50 * time.Millisecond })
		c.watch.good()
		var o *OutageError
		if err := writes["create"](t.Context(), c); kindOf(err) != "not sent" || !errors.As(err, &o) {
			t.Errorf("%s in the middle of a run: %v", name, err)
		}
		s.Close()
	}
}
