package attio

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"
)

// Gate holds calls back until they may leave. All workers share it.
type Gate interface {
	// Wait returns when a call may leave; its only error is that of the context.
	Wait(context.Context) error
	// Limited says that the server refused a call with 429: hold everybody
	// back for this long.
	Limited(time.Duration)
	// OK says that an answer came that was no 429.
	OK()
}

// Config is what a [Client] needs to know. Fields without a default are
// required.
type Config struct {
	// BaseURL is the address of the API without /v2: https, or http to this machine.
	BaseURL string
	Token   Token

	// Read holds back GETs and queries, Write all other calls. The API counts
	// them apart (rate-limiting guide; that queries are reads is not said
	// there, but seen).
	Read, Write Gate

	// Backoff is how long to wait before the next attempt, after so many
	// failed ones in a row (from 1).
	Backoff func(attempt int) time.Duration

	// RetryAfter reads a Retry-After header against the server's time (an HTTP
	// date or RFC 3339; may be empty), or else against now. Where it says
	// false, Backoff decides.
	RetryAfter func(header, date string, now time.Time) (time.Duration, bool)

	Timeout   time.Duration // of one request, from the gate to the last byte of the answer; default 30 s
	Attempts  int           // of a call that is lost (reads) or unsent while the API answers others, before it is given up; default 8, about 13 s of backoff
	Workers   int           // calls that run at the same time: as many connections are kept; default 16
	UserAgent string        // default "attio-import"

	// MaxOutage bounds an outage, from its first answer that was of no use: then
	// every call that waits for its end, and every later one, ends with an
	// [*OutageError] inside. 0: an outage is waited out, however long it takes.
	// A probe decides that, which may take five seconds more. Before the API has answered for the first time no outage is waited
	// out: Attempts bounds each call.
	MaxOutage time.Duration

	// Waiting, which may be nil, is told whenever a call is to be repeated: why,
	// and how long the wait is; in an outage after each probe that failed, with an
	// [*OutageError]. It is called by many goroutines, often.
	Waiting func(why error, wait time.Duration)
}

func (cfg Config) withDefaults() Config {
	if cfg.Timeout == 0 {
		cfg.Timeout = 30 * time.Second
	}
	if cfg.Attempts == 0 {
		cfg.Attempts = 8
	}
	if cfg.Workers == 0 {
		cfg.Workers = 16
	}
	if cfg.UserAgent == "" {
		cfg.UserAgent = "attio-import"
	}
	return cfg
}

func (cfg Config) check() error {
	switch {
	case cfg.Read == nil || cfg.Write == nil:
		return errors.New("attio: Config.Read and Config.Write are required")
	case cfg.Backoff == nil || cfg.RetryAfter == nil:
		return errors.New("attio: Config.Backoff and Config.RetryAfter are required")
	case cfg.Timeout < 0 || cfg.Attempts < 0 || cfg.Workers < 0 || cfg.MaxOutage < 0:
		return errors.New("attio: Config.Timeout, Attempts, Workers and MaxOutage must not be negative")
	}
	return cfg.Token.check()
}

// Client calls the API. Make it with [New]; it is safe for concurrent use.
type Client struct {
	cfg       Config
	base      *url.URL
	self      *url.URL // of GET /v2/self
	official  bool     // the API is Attio's own, and not a gateway or an imitation
	transport *http.Transport

	proxySecrets []Token // besides the token, what no text may show

	stopped context.Context // ends with Stop
	stop    context.CancelFunc

	// Headers of calls with and without a body. net/http only reads them, so
	// all calls share them.
	withBody, withoutBody http.Header

	endpoints sync.Map  // object name to *objectEndpoints
	buffers   sync.Pool // *[]byte that answers are read into
	workspace atomic.Pointer[workspace]
	stale     staleness
	clock     *clock
	watch     *watch

	reads, writes, limited atomic.Int64
}

// New makes a client. It sends nothing yet; [Client.Self] tells whether the
// token is good.
func New(cfg Config) (*Client, error) {
	cfg = cfg.withDefaults()
	if err := cfg.check(); err != nil {
		return nil, err
	}
	base, err := parseBase(cfg.BaseURL)
	if err != nil {
		return nil, err
	}
	proxy, err := proxyFor(base)
	if err != nil {
		return nil, err
	}
	c := &Client{
		cfg: cfg, base: base, official: official(base.Hostname()),
		transport:    newTransport(proxy, base.Scheme == "http", cfg.Workers),
		proxySecrets: proxySecrets(proxy),
		clock:        newClock(), watch: newWatch(cfg.MaxOutage),
	}
	c.stopped, c.stop = context.WithCancel(context.Background())
	if c.self, err = c.endpoint("self"); err != nil {
		return nil, err
	}
	c.withoutBody = http.Header{
		"Authorization": {"Bearer " + string(cfg.Token)},
		"Accept":        {"application/json"},
		"User-Agent":    {cfg.UserAgent},
	}
	c.withBody = c.withoutBody.Clone()
	c.withBody.Set("Content-Type", "application/json")
	return c, nil
}

// Counts says how many calls were sent, repeats included, and how many of
// them were refused with 429.
type Counts struct{ Read, Write, Limited int64 }

// Requests counts the calls sent so far.
func (c *Client) Requests() Counts {
	return Counts{Read: c.reads.Load(), Write: c.writes.Load(), Limited: c.limited.Load()}
}

// Close drops the idle connections. Calls in flight go on.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// Format keeps the token, which stands in the headers, out of every dump.
func (c *Client) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "attio.Client("+c.base.String()+")")
}
