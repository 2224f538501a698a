package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/url"
	"os"
	"strings"
	"time"

	"attio-import/importer/attio"
	"attio-import/importer/sandbox"
	"attio-import/ratelimit"
	"attio-import/samples"
)

const defaultAPI = "https://api.attio.com"

// What the journal calls the embedded sandbox, whose port changes, and the file
// of the run directory that keeps its records.
const (
	sandboxOrigin = "sandbox"
	sandboxFile   = "sandbox.data"
)

// connection is a client, and the embedded sandbox that it talks to, if any.
type connection struct {
	*attio.Client
	server *sandbox.Server
	origin string // scheme and host of the API, or sandboxOrigin
}

func (c *connection) close() error {
	if c.server == nil {
		return nil
	}
	return c.server.Close()
}

// connect makes the client. With --sandbox it starts the embedded server first, whose
// records are kept in the data file ("" keeps them in memory). No request is
// sent. waiting, which may be nil, is told when a call has to be repeated.
func connect(opts *options, data string, waiting func(error, time.Duration)) (*connection, error) {
	address, token, err := opts.target()
	if err != nil {
		return nil, err
	}
	c := &connection{origin: opts.origin()}
	if opts.sandbox {
		if c.server, err = startSandbox(opts, data); err != nil {
			return nil, err
		}
		address, token = c.server.URL(), attio.Token(c.server.Token())
	}
	c.Client, err = attio.New(attio.Config{
		BaseURL: address, Token: token,
		Read: ratelimit.NewBudget(opts.readRate), Write: ratelimit.NewBudget(opts.writeRate),
		Backoff:    func(attempt int) time.Duration { return ratelimit.Backoff(attempt, rand.Float64()) },
		RetryAfter: ratelimit.RetryAfter,
		Timeout:    opts.timeout, Workers: opts.workers,
		Waiting: waiting, MaxOutage: opts.maxOutage,
	})
	if err != nil {
		_ = c.close()
		return nil, usage(err, "")
	}
	return c, nil
}

func startSandbox(opts *options, data string) (*sandbox.Server, error) {
	server, err := sandbox.New(sandbox.Options{
		WriteRate: opts.writeRate, ReadRate: opts.readRate,
		AutoCompany: true, DataFile: data, Seed: samples.Seed(),
	})
	if err != nil {
		return nil, fmt.Errorf("the sandbox does not start: %w", err)
	}
	if err := server.Start(); err != nil {
		return nil, fmt.Errorf("the sandbox does not start: %w", err)
	}
	return server, nil
}

// target says where the API is and with which token. The token is not looked for
// where the sandbox is used.
func (o *options) target() (address string, token attio.Token, err error) {
	if o.sandbox {
		return "", "", nil
	}
	token, err = o.token()
	return o.api(), token, err
}

// api is the API's address as the user gave it. It comes from a flag or the
// environment and from nowhere else: the token goes there.
func (o *options) api() string {
	return cmp.Or(o.apiURL, environment("ATTIO_BASE_URL"), defaultAPI)
}

// origin is which API a run talks to, the same however its address is written.
func (o *options) origin() string {
	if o.sandbox {
		return sandboxOrigin
	}
	u, err := url.Parse(o.api())
	if err != nil || u.Host == "" {
		return o.api() // the client refuses it
	}
	return strings.ToLower(u.Scheme+"://"+u.Host) + strings.TrimRight(u.Path, "/")
}

// unnamed is the error of a file without its name, which may be a key that was
// typed in its place.
func unnamed(err error) error {
	var named *fs.PathError
	if errors.As(err, &named) {
		return named.Err
	}
	return err
}

func (o *options) token() (attio.Token, error) {
	text := environment("ATTIO_API_KEY", "ATTIO_ACCESS_TOKEN")
	if o.keyFile != "" {
		file, err := os.ReadFile(o.keyFile)
		if err != nil {
			return "", usage(fmt.Errorf("the file named with --api-key-file cannot be read: %w", unnamed(err)),
				"the flag takes a file that holds the key, not the key")
		}
		text = string(file)
	}
	if text = strings.TrimSpace(text); text == "" {
		return "", failing(exitAuth, errors.New("no API key"),
			"set ATTIO_API_KEY, or name a file with --api-key-file; --sandbox needs none")
	}
	return attio.Token(text), nil
}
