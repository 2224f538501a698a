package sandbox

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tidwall/gjson"
)

// client talks to a server over HTTP as any other program would.
type client struct {
	t      testing.TB
	server *Server
	url    string
	token  string
}

// serve starts a server for the test. Without other options it has no limits, and no seed.
func serve(t testing.TB, opts Options) *client {
	t.Helper()
	s, err := New(opts)
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(s.Handler())
	t.Cleanup(func() {
		h.Close()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return &client{t, s, h.URL, s.Token()}
}

// answer is a reply read to its end.
type answer struct {
	status int
	header http.Header
	body   string
}

// get reads a part of the body by its path.
func (a answer) get(path string) gjson.Result { return gjson.Get(a.body, path) }

func (c *client) send(method, path, body string) (answer, error) {
	req, err := http.NewRequest(method, c.url+path, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return answer{res.StatusCode, res.Header, string(b)}, err
}

// do sends a request that must be answered, whatever the answer.
func (c *client) do(method, path, body string) answer {
	c.t.Helper()
	a, err := c.send(method, path, body)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	return a
}

// ok sends a request that must succeed.
func (c *client) ok(method, path, body string) answer {
	c.t.Helper()
	a := c.do(method, path, body)
	if a.status != http.StatusOK {
		c.t.Fatalf("%s %s %s: %d %s", method, path, body, a.status, a.body)
	}
	if !json.Valid([]byte(a.body)) && !strings.HasPrefix(path, "/_sandbox/log") {
		c.t.Fatalf("%s %s: not JSON: %s", method, path, a.body)
	}
	return a
}

// refused sends a request that must be refused with the code.
func (c *client) refused(method, path, body string, status int, code string) answer {
	c.t.Helper()
	a := c.do(method, path, body)
	if a.status != status || a.get("code").Str != code || int(a.get("status_code").Num) != status {
		c.t.Fatalf("%s %s %s:\n got %d %s\nwant %d %s", method, path, body, a.status, a.body, status, code)
	}
	return a
}

// create makes a record and returns its id.
func (c *client) create(object, values string) string {
	c.t.Helper()
	return c.ok("POST", "/v2/objects/"+object+"/records", data(values)).get("data.id.record_id").Str
}

func (c *client) record(object, id string) answer {
	c.t.Helper()
	return c.ok("GET", "/v2/objects/"+object+"/records/"+id, "")
}

// ids runs a query and returns the ids found, in order.
func (c *client) ids(object, query string) []string {
	c.t.Helper()
	var list []string
	for _, id := range c.ok("POST", "/v2/objects/"+object+"/records/query", query).get("data.#.id.record_id").Array() {
		list = append(list, id.Str)
	}
	return list
}

// data wraps values as a request to write a record has them.
func data(values string) string { return `{"data":{"values":` + values + `}}` }

// addSeed adds what another seed describes to a running server.
func (s *Server) addSeed(seed []byte) error {
	var f seedFile
	if err := decodeSeed(seed, &f); err != nil {
		return err
	}
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	for _, o := range f.Objects {
		if err := s.store.seedObject(o); err != nil {
			return err
		}
	}
	return s.store.seedRecords(gjson.ParseBytes(f.Records))
}
