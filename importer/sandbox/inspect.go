package sandbox

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// Stats is what GET /_sandbox/stats answers.
type Stats struct {
	Requests struct {
		Read  int64 `json:"read"`
		Write int64 `json:"write"`
	} `json:"requests"` // let through
	Limited            int64            `json:"limited"` // refused with 429
	Faults             map[string]int64 `json:"faults"`  // injected, by kind; "redirect-followed": visits to where a redirect led
	Records            map[string]int64 `json:"records"` // held now, by object
	MaxWritesInASecond int              `json:"max_writes_in_a_second"`
}

// Stats counts what has happened since the server was made.
func (s *Server) Stats() Stats {
	var st Stats
	s.gate.mu.Lock()
	st.Requests.Read, st.Requests.Write = s.gate.reads, s.gate.written
	st.Limited, st.MaxWritesInASecond = s.gate.limited, s.gate.writes.peak
	st.Faults = map[string]int64{}
	for kind, n := range s.gate.faults {
		st.Faults[kind] = n
	}
	s.gate.mu.Unlock()
	if s.decoy != nil {
		if n := s.decoy.visits.Load(); n > 0 {
			st.Faults["redirect-followed"] = n
		}
	}
	s.store.mu.RLock()
	defer s.store.mu.RUnlock()
	st.Records = map[string]int64{}
	for _, t := range s.store.tables {
		if t.list == nil && !t.disabled {
			st.Records[t.slug] = int64(len(t.byID))
		}
	}
	return st
}

// Log lists the writes that were applied, after the one with the number given.
func (s *Server) Log(after int64) ([]LogEntry, error) {
	s.store.mu.RLock()
	defer s.store.mu.RUnlock()
	return s.store.log.entries(after)
}

// EndFaults stops injecting faults.
func (s *Server) EndFaults() { s.faults.end() }

// inspect serves /_sandbox/: no token, not counted, no faults.
func (s *Server) inspect(w http.ResponseWriter, r *http.Request) {
	switch r.Method + " " + r.URL.Path {
	case "GET /_sandbox/stats":
		w.Header()["Content-Type"] = jsonType
		json.NewEncoder(w).Encode(s.Stats())
	case "GET /_sandbox/log":
		s.sendLog(w, r)
	case "DELETE /_sandbox/faults":
		s.EndFaults()
		w.Header()["Content-Type"] = jsonType
		w.Write([]byte("{}"))
	default:
		http.Error(w, "there are GET /_sandbox/stats, GET /_sandbox/log and DELETE /_sandbox/faults", http.StatusNotFound)
	}
}

// sendLog streams the log a block at a time, so that the store's lock is never held while bytes leave.
func (s *Server) sendLog(w http.ResponseWriter, r *http.Request) {
	var after int64
	if q := r.URL.Query().Get("after"); q != "" {
		var err error
		if after, err = strconv.ParseInt(q, 10, 64); err != nil || after < 0 {
			http.Error(w, "after: want the number of a line, 0 or more", http.StatusBadRequest)
			return
		}
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	var b []byte
	for {
		s.store.mu.RLock()
		next := after
		b, next = s.store.log.appendLines(b[:0], after, 1000)
		s.store.mu.RUnlock()
		if next == after {
			return
		}
		if after = next; writeFails(w, b) {
			return
		}
	}
}

func writeFails(w http.ResponseWriter, b []byte) bool {
	_, err := w.Write(b)
	return err != nil
}
