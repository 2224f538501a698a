package cli

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"

	"attio-import/importer/sandbox"
)

// middle stands between the program and a sandbox, lets everything through, and from a
// certain write on does what a test wants instead.
type middle struct {
	witness        // the sandbox behind it
	url     string // its own
	proxy   *httputil.ReverseProxy
	address string

	mu     sync.Mutex
	server *http.Server
	writes int // that came, those it did not let through included
	from   int // the write from which on trouble answers
	// trouble answers in the place of the sandbox, or says that it does not. n counts the
	// requests since it began, reads too, from 1.
	trouble func(w http.ResponseWriter, r *http.Request, n int) bool
	since   int
}

// newMiddle puts a middle before a fresh sandbox. Trouble begins with the write of
// that number.
func newMiddle(t *testing.T, from int, trouble func(w http.ResponseWriter, r *http.Request, n int) bool) *middle {
	t.Helper()
	w, _ := openSandbox(t, sandbox.Options{Empty: true})
	return before(t, w, from, trouble)
}

func before(t *testing.T, w witness, from int, trouble func(w http.ResponseWriter, r *http.Request, n int) bool) *middle {
	t.Helper()
	to, err := url.Parse(w.url)
	if err != nil {
		t.Fatal(err)
	}
	m := &middle{witness: w, from: from, trouble: trouble, address: "127.0.0.1:0"}
	m.proxy = &httputil.ReverseProxy{
		Rewrite:      func(r *httputil.ProxyRequest) { r.SetURL(to) },
		Transport:    &http.Transport{MaxIdleConnsPerHost: 100},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { panic(http.ErrAbortHandler) },
	}
	m.up(t)
	m.url = "http://" + m.address
	t.Cleanup(m.down)
	return m
}

// moves gives the middle an address to which it can come back.
func (m *middle) moves(t *testing.T) {
	t.Helper()
	m.down()
	m.address = ownAddress(t)
	m.up(t)
	m.url = "http://" + m.address
}

// up listens; down lets nobody in and cuts those who are there.
func (m *middle) up(t *testing.T) {
	t.Helper()
	l, err := net.Listen("tcp", m.address)
	if err != nil {
		t.Error(err)
		return
	}
	m.address = l.Addr().String()
	server := &http.Server{Handler: m}
	m.mu.Lock()
	m.server = server
	m.mu.Unlock()
	go func() { _ = server.Serve(l) }()
}

func (m *middle) down() {
	m.mu.Lock()
	server := m.server
	m.mu.Unlock()
	if server != nil {
		_ = server.Close()
	}
}

func isWrite(r *http.Request) bool {
	return r.Method != http.MethodGet && !strings.HasSuffix(r.URL.Path, "/query")
}

func (m *middle) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	if isWrite(r) {
		m.writes++
	}
	trouble, n := m.trouble, 0
	if trouble != nil && m.writes >= m.from {
		m.since++
		n = m.since
	}
	m.mu.Unlock()
	if n > 0 && trouble(w, r, n) {
		return
	}
	m.proxy.ServeHTTP(w, r)
}

// peace ends the trouble.
func (m *middle) peace() { m.setTrouble(nil) }

func (m *middle) setTrouble(trouble func(w http.ResponseWriter, r *http.Request, n int) bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.trouble = trouble
}

// troubled is how many requests came since the trouble began.
func (m *middle) troubled() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.since
}

// envelope answers as the API refuses.
func envelope(w http.ResponseWriter, status int, kind, code, message string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("X-Attio-Execution-Id", "0f8fad5b-d9cb-469f-a165-70867728950e")
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"status_code":%d,"type":%q,"code":%q,"message":%q}`, status, kind, code, message)
}

func page(w http.ResponseWriter, status int, html string) bool {
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(status)
	fmt.Fprint(w, html)
	return true
}

// recorded is an answer of the sandbox that is kept back.
type recorded struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorded) Header() http.Header         { return r.header }
func (r *recorded) WriteHeader(status int)      { r.status = status }
func (r *recorded) Write(p []byte) (int, error) { return r.body.Write(p) }

// answer lets the sandbox do the work and keeps its answer.
func (m *middle) answer(r *http.Request) *recorded {
	kept := &recorded{header: http.Header{}, status: http.StatusOK}
	m.proxy.ServeHTTP(kept, r)
	return kept
}

func (r *recorded) sendTo(w http.ResponseWriter) {
	for name, values := range r.header {
		if name != "Content-Length" {
			w.Header()[name] = values
		}
	}
	w.WriteHeader(r.status)
	_, _ = io.Copy(w, &r.body)
}

// teeBody reads a request's body to its end into text, and gives it back unread.
func teeBody(body io.ReadCloser, text *strings.Builder) io.ReadCloser {
	all, _ := io.ReadAll(body)
	text.Write(all)
	return io.NopCloser(bytes.NewReader(all))
}
