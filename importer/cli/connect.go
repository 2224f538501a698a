package cli

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"time"

	"attio-import/importer/attio"
	"attio-import/importer/sandbox"
	"attio-import/ratelimit"
	"attio-import/samples"
)

const defaultAPI = "https://api.attio.com"

// connection is a client, and the embedded sandbox that it talks to, if any.
type connection struct {
	*attio.Client
	server *sandbox.Server
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
	c := &connection{}
	url, token, err := opts.target()
	if err != nil {
		return nil, err
	}
	if opts.sandbox {
		if c.server, err = startSandbox(opts, data); err != nil {
			return nil, err
		}
		url, token = c.server.URL(), attio.Token(c.server.Token())
	}
	c.Client, err = attio.New(attio.Config{
		BaseURL: url, Token: token,
		Read: ratelimit.NewBudget(opts.readRate), Write: ratelimit.NewBudget(opts.writeRate),
		Backoff:    func(attempt int) time.Duration { return ratelimit.Backoff(attempt, rand.Float64()) },
		RetryAfter: ratelimit.RetryAfter,
		Timeout:    opts.timeout, Workers: opts.workers,
		Waiting: waiting,
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
func (o *options) target() (url string, token attio.Token, err error) {
	if o.sandbox {
		return "", "", nil
	}
	url = o.apiURL
	if url == "" {
		url = environment("ATTIO_BASE_URL")
	}
	if url == "" {
		url = defaultAPI
	}
	token, err = o.token()
	return url, token, err
}

func (o *options) token() (attio.Token, error) {
	text := environment("ATTIO_API_KEY", "ATTIO_ACCESS_TOKEN")
	if o.keyFile != "" {
		file, err := os.ReadFile(o.keyFile)
		if err != nil {
			return "", usage(fmt.Errorf("API key file: %w", err), "")
		}
		text = string(file)
	}
	if text = strings.TrimSpace(text); text == "" {
		return "", failing(exitAuth, errors.New("no API key"),
			"set ATTIO_API_KEY, or name a file with --api-key-file; --sandbox needs none")
	}
	return attio.Token(text), nil
}
