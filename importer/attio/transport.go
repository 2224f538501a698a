package attio

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	maxHeader = 64 << 10 // bytes of an answer's headers
	maxBody   = 16 << 20 // bytes of an answer's body, after decompression

	connectTimeout = 10 * time.Second
	idleTimeout    = 30 * time.Second
	readers        = 8 // connections kept beside those of the workers
)

// newTransport makes the only http.RoundTripper of a client. It is used
// without an http.Client on purpose: a transport never follows a redirect.
func newTransport(proxy *url.URL, plain bool, workers int) *http.Transport {
	dialer := &net.Dialer{Timeout: connectTimeout, KeepAlive: 15 * time.Second}
	t := &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := dialer.DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return &conn{Conn: c}, nil
		},
		Protocols:              new(http.Protocols),
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    connectTimeout,
		IdleConnTimeout:        idleTimeout,
		MaxIdleConnsPerHost:    workers + readers,
		MaxResponseHeaderBytes: maxHeader,
	}
	t.Protocols.SetHTTP1(true)
	if plain {
		dialer.Control = loopbackOnly
	}
	if proxy != nil {
		t.Proxy = http.ProxyURL(proxy)
		t.OnProxyConnectResponse = proxyAnswer
	}
	return t
}

// loopbackOnly refuses a connection that would leave this machine, whatever
// the name resolved to.
func loopbackOnly(_, address string, _ syscall.RawConn) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil || !loopback(host) {
		return fmt.Errorf("%s is not this machine, and plain http goes no further", address)
	}
	return nil
}

// conn counts the writes that were begun, to tell a request that never left
// from one that may have.
type conn struct {
	net.Conn
	writes atomic.Int64
}

func (c *conn) Write(p []byte) (int, error) {
	c.writes.Add(1)
	return c.Conn.Write(p)
}

// departure watches whether a request leaves.
type departure struct {
	trace  httptrace.ClientTrace
	got    bool  // a connection was given to the request
	conn   *conn // that connection; nil if it is not one of ours
	before int64 // writes begun on it until then
}

func (d *departure) watch(ctx context.Context) context.Context {
	d.trace.GotConn = d.gotConn
	return httptrace.WithClientTrace(ctx, &d.trace)
}

func (d *departure) gotConn(info httptrace.GotConnInfo) {
	c := info.Conn
	if t, ok := c.(*tls.Conn); ok {
		c = t.NetConn()
	}
	d.got = true
	if d.conn, _ = c.(*conn); d.conn != nil {
		d.before = d.conn.writes.Load()
	}
}

// left reports whether any byte of the request may have left. It is exact
// after RoundTrip returned an error, which it does only once nobody writes
// any more. A connection that the server closed while it was idle is the case
// that makes this worth knowing.
func (d *departure) left() bool {
	return d.got && (d.conn == nil || d.conn.writes.Load() != d.before)
}

// longWait is a wait at the gate after which connections may have died
// unnoticed: cut by the server, or by a machine that slept.
const longWait = 5 * time.Second

// staleness drops idle connections once after a long wait, and not once for
// each of the workers that waited.
type staleness struct {
	mu      sync.Mutex
	dropped time.Time
}

// check is told when a wait began. The wall clock counts, because the other
// one stands still while a machine sleeps.
func (s *staleness) check(began time.Time, drop func()) {
	began = began.Round(0)
	now := time.Now().Round(0)
	if now.Sub(began) < longWait {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dropped.Before(began) {
		s.dropped = now
		drop()
	}
}

// drop drops idle connections whatever the wait.
func (s *staleness) drop(drop func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dropped = time.Now().Round(0)
	drop()
}
