package sandbox

import (
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"
)

// maxBody leaves room for a text of 10 MB with its escapes; what Attio answers beyond its own limit is not known.
const maxBody = 32 << 20

// ServeHTTP takes a request through the stations of the real service: jitter, token, rate, latency, work, answer. A
// fault takes the place of the last three.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if host, _, err := net.SplitHostPort(r.Host); !isLoopback(host) && !(err != nil && isLoopback(r.Host)) {
		http.Error(w, "the sandbox answers to loopback names only", http.StatusForbidden)
		return
	}
	if strings.HasPrefix(r.URL.Path, "/_sandbox/") {
		s.inspect(w, r)
		return
	}
	c := s.pool.Get().(*call)
	*c = call{raw: c.raw[:0], out: c.out[:0], charge: s.gate.charge}
	fault, err := s.receive(c, r)
	if err != nil {
		s.send(w, c, s.fail(c, err))
	} else if s.pause(s.opts.Latency.pick()); fault.kind == "" {
		s.send(w, c, s.work(c))
	} else {
		s.misbehave(w, r, c, fault)
		return // the call may still be at work
	}
	if cap(c.out) < 1<<20 && cap(c.raw) < 1<<20 {
		s.pool.Put(c)
	}
}

// receive reads the request and lets it through, or not.
func (s *Server) receive(c *call, r *http.Request) (decision, error) {
	c.method, c.path = r.Method, r.URL.Path
	var err error
	if c.raw, err = readBody(c.raw, r); err != nil {
		return decision{}, err
	}
	s.pause(s.opts.Jitter.pick())
	if c.route = s.find(c, r.URL.EscapedPath()); c.route == nil {
		return decision{}, notFound("Could not find endpoint \"%s %s\".", r.Method, r.URL.Path)
	}
	if r.URL.RawQuery != "" {
		c.params = r.URL.Query()
	}
	if c.token, err = s.store.authenticate(r, c.route); err != nil {
		return decision{}, err
	}
	if err := c.route.permit(c); err != nil {
		return decision{}, err
	}
	fault := s.faults.decide()
	if refusal := s.gate.admit(c.token, c.route.write, fault.kind); refusal != nil {
		return decision{}, refusal
	}
	return fault, nil
}

func (s *Server) find(c *call, path string) *route {
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for _, r := range s.routes {
		if r.match(c, segments) {
			return r
		}
	}
	return nil
}

func readBody(b []byte, r *http.Request) ([]byte, error) {
	if r.Body == nil || r.ContentLength == 0 {
		return b, nil
	}
	if n := r.ContentLength; n > int64(cap(b)) && n <= maxBody {
		b = make([]byte, 0, n+1)
	}
	for len(b) <= maxBody {
		if len(b) == cap(b) {
			b = append(b, 0)[:len(b)]
		}
		n, err := r.Body.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		if err == io.EOF {
			return b, nil
		}
		if err != nil {
			return b, badBody(invalidInput("The body could not be read"))
		}
	}
	return b, &Error{Status: 413, Type: "invalid_request_error", Code: "validation_type", Message: "Body payload too large."}
}

// work does what the request asks and returns the status; c.out is the body.
func (s *Server) work(c *call) int {
	if err := c.parse(); err != nil {
		return s.fail(c, err)
	}
	err := s.serve(c)
	var missing needIndex
	for errors.As(err, &missing) {
		s.store.buildIndexes(missing)
		c.out = c.out[:0]
		err = s.serve(c)
	}
	if err != nil {
		return s.fail(c, err)
	}
	return http.StatusOK
}

func (s *Server) serve(c *call) error {
	if c.route.serve == nil {
		return s.store.self(c)
	}
	if c.route.write {
		s.store.mu.Lock()
		defer s.store.mu.Unlock()
	} else {
		s.store.mu.RLock()
		defer s.store.mu.RUnlock()
	}
	return c.route.serve(s.store, c)
}

func (s *store) buildIndexes(list needIndex) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range list {
		a.ensureIndex()
	}
}

// parse checks that the body is one JSON object, nested no deeper than any request needs.
func (c *call) parse() error {
	if !c.route.body {
		return nil
	}
	if tooDeep(c.raw, 64) || !gjson.ValidBytes(c.raw) {
		return badBody(invalidInput("Invalid JSON")) // inferred
	}
	c.body = gjson.ParseBytes(c.raw)
	if !c.body.IsObject() {
		return badBody(wrongType("object", typeName(c.body)))
	}
	return nil
}

// tooDeep counts brackets outside of strings, before a recursive parser sees them.
func tooDeep(b []byte, most int) bool {
	depth, quoted := 0, false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[' || c == '{':
			if depth++; depth > most {
				return true
			}
		case c == ']' || c == '}':
			depth--
		}
	}
	return false
}

// fail puts the refusal into c.out and returns its status.
func (s *Server) fail(c *call, err error) int {
	refusal := &Error{Status: 500, Type: "api_error", Code: "internal_error", Message: err.Error()}
	errors.As(err, &refusal)
	c.out = refusal.append(c.out[:0])
	c.shown = nil
	c.reset = refusal.reset
	return refusal.Status
}

// Header values that never change, shared by all replies.
var (
	jsonType  = []string{"application/json; charset=utf-8"}
	varyValue = []string{"Origin"}
	denyValue = []string{"DENY"}
)

// head sets the headers that every reply of the live API was seen to have. There are no access-control ones: a page in
// a browser has no business here.
func (s *Server) head(h http.Header, c *call, status int) {
	h["Content-Type"] = jsonType
	h["Vary"] = varyValue
	h["X-Frame-Options"] = denyValue
	h["X-Attio-Execution-Id"] = []string{newID().String()}
	if c.route != nil && !c.route.write && status == http.StatusOK {
		h["X-Accurate-At"] = []string{string(appendTime(nil, s.store.now()))}
	}
	if c.scored && status == http.StatusOK {
		h["X-Attio-Record-Query-Score"] = []string{strconv.FormatFloat(c.score, 'f', -1, 64)}
	}
	if !c.reset.IsZero() {
		h["Retry-After"] = []string{httpDate(c.reset.Add(s.opts.DateSkew))}
	}
	if s.opts.DateSkew != 0 {
		h["Date"] = []string{time.Now().Add(s.opts.DateSkew).UTC().Format(http.TimeFormat)}
	}
}

func (s *Server) send(w http.ResponseWriter, c *call, status int) {
	h := w.Header()
	s.head(h, c, status)
	h["Content-Length"] = []string{strconv.Itoa(len(c.out))}
	w.WriteHeader(status)
	w.Write(c.out) // a client that has gone is no concern of ours
}
