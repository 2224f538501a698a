package sandbox

import (
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"
)

const (
	portalPage  = "<!doctype html><html><head><title>Sign in to the network</title></head><body><h1>Welcome</h1><p>Please sign in to use this network.</p></body></html>\n"
	gatewayPage = "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>\n"
	maxLate     = 5 * time.Second
)

// misbehave answers a request as its fault demands.
func (s *Server) misbehave(w http.ResponseWriter, r *http.Request, c *call, f decision) {
	if f.kind == faultLate {
		s.late.start(func() {
			s.pause(time.Duration(f.dice * float64(maxLate)))
			s.work(c)
		})
		cut(w)
		return
	}
	status := 0
	if f.done {
		status = s.work(c)
	}
	switch f.kind {
	case faultResetBefore, faultResetAfter:
		cut(w)
	case faultHang:
		select {
		case <-r.Context().Done():
		case <-s.closing:
		}
		cut(w)
	case faultTruncate:
		s.truncate(w, c, status)
	case faultCloseIdle:
		s.sendAndClose(w, r, c, status)
	case faultWrongReply:
		s.wrongReply(w, c)
	default:
		s.falseAnswer(w, r, c, f)
	}
}

// falseAnswer sends an answer that does not come from the work.
func (s *Server) falseAnswer(w http.ResponseWriter, r *http.Request, c *call, f decision) {
	switch f.kind {
	case fault500:
		e := &Error{Status: 500, Type: "api_error", Code: "internal_error", Message: "An unexpected error occurred."}
		s.send(w, c, s.fail(c, e))
	case fault502:
		sendPage(w, http.StatusBadGateway, gatewayPage)
	case faultPortal:
		sendPage(w, http.StatusOK, portalPage)
	case fault429:
		s.send(w, c, s.fail(c, limitReached(time.Now().Truncate(time.Second).Add(time.Second))))
	case fault429Bare:
		s.send(w, c, s.fail(c, limitReached(time.Time{})))
	case faultRedirect:
		status := http.StatusFound
		if f.dice < 0.5 {
			status = http.StatusTemporaryRedirect
		}
		w.Header().Set("Location", s.decoy.url+r.URL.RequestURI())
		w.WriteHeader(status)
	}
}

func sendPage(w http.ResponseWriter, status int, html string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	fmt.Fprint(w, html)
}

// cut resets the connection without an answer.
func cut(w http.ResponseWriter) {
	h, ok := w.(http.Hijacker)
	if !ok {
		panic(http.ErrAbortHandler)
	}
	conn, _, err := h.Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		tcp.SetLinger(0) // a reset rather than an orderly end
	}
	conn.Close()
}

// truncate promises the whole body and sends half of it.
func (s *Server) truncate(w http.ResponseWriter, c *call, status int) {
	s.head(w.Header(), c, status)
	w.Header().Set("Content-Length", strconv.Itoa(len(c.out)))
	w.WriteHeader(status)
	w.Write(c.out[:len(c.out)/2])
	if f, ok := w.(http.Flusher); ok {
		f.Flush()
	}
	cut(w)
}

// sendAndClose answers and then closes the connection without having said so.
func (s *Server) sendAndClose(w http.ResponseWriter, r *http.Request, c *call, status int) {
	h, ok := w.(http.Hijacker)
	if !ok {
		s.send(w, c, status)
		return
	}
	conn, rw, err := h.Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	header := http.Header{}
	s.head(header, c, status)
	header.Set("Content-Length", strconv.Itoa(len(c.out)))
	if header.Get("Date") == "" {
		header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	}
	fmt.Fprintf(rw, "HTTP/1.1 %d %s\r\n", status, http.StatusText(status))
	header.Write(rw)
	fmt.Fprint(rw, "\r\n")
	if r.Method != http.MethodHead {
		rw.Write(c.out)
	}
	rw.Flush()
}

// wrongReply answers with another record than the one that was asked for, where there is another.
func (s *Server) wrongReply(w http.ResponseWriter, c *call) {
	asked := c.shown
	if asked == nil && len(c.args[1]) == 36 {
		s.store.mu.RLock()
		if t := s.store.object(c.args[0]); t != nil {
			id, _ := parseID(c.args[1])
			asked = t.byID[id]
		}
		s.store.mu.RUnlock()
	}
	c.out = s.store.otherRecord(c.out[:0], c, asked)
	s.send(w, c, http.StatusOK)
}

// otherRecord shows the latest record of the object, or of any, that is not the one asked for.
func (s *store) otherRecord(b []byte, c *call, asked *record) []byte {
	s.mu.RLock()
	defer s.mu.RUnlock()
	open, shut := `{"data":`, `}`
	if c.scored || c.method == "POST" && c.route != nil && !c.route.write {
		open, shut = `{"data":[`, `]}`
	}
	b = append(b, open...)
	tables := s.tables
	if t := s.object(c.args[0]); t != nil {
		tables = append([]*table{t}, tables...)
	}
	for _, t := range tables {
		if t.list != nil {
			continue
		}
		for i := len(t.rows) - 1; i >= 0; i-- {
			if r := t.rows[i]; r != nil && r != asked {
				return append(s.appendRecord(b, t, r), shut...)
			}
		}
	}
	if open == `{"data":` {
		b = append(b, "{}"...)
	}
	return append(b, shut...)
}
