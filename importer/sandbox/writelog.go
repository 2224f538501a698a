package sandbox

import (
	"encoding/json"
	"strconv"
	"time"
)

// writeLog lists the writes that were applied: the witness that tests compare a client's report with. It is kept as
// compact entries, not lines, because a long import makes a million of them.
type writeLog struct {
	blocks [][]logEntry
	n      int64
	path   string // the latest path, shared by entries that have the same
}

const logBlock = 4096

type logEntry struct {
	time   int64 // microseconds since 1970, by the true clock
	record uuid
	hasID  bool
	method string
	path   string
	keys   string // JSON object: the values that the request gave for unique attributes, by slug
}

// stamp gives the entry the time at which its write is applied.
func (l *writeLog) stamp(e logEntry) logEntry {
	e.time = time.Now().UnixMicro()
	return e
}

func (l *writeLog) add(e logEntry) {
	if e.method == "" { // the seed is not a client's write
		return
	}
	if e.path == l.path {
		e.path = l.path
	} else {
		l.path = e.path
	}
	if l.n%logBlock == 0 {
		l.blocks = append(l.blocks, make([]logEntry, 0, logBlock))
	}
	last := len(l.blocks) - 1
	l.blocks[last] = append(l.blocks[last], e)
	l.n++
}

// LogEntry is one line of GET /_sandbox/log: a write that was applied.
type LogEntry struct {
	Seq      int64               `json:"seq"` // 1 is the first
	Time     time.Time           `json:"time"`
	Method   string              `json:"method"`
	Path     string              `json:"path"`
	RecordID string              `json:"record_id"` // also an entry's or a note's; "" for a change of the schema
	Keys     map[string][]string `json:"keys"`      // values given for unique attributes, by slug
}

// appendLines appends up to max entries after seq as JSON lines and returns the number of the last.
func (l *writeLog) appendLines(b []byte, after int64, max int) ([]byte, int64) {
	after = min(after, l.n)
	for ; after < l.n && max > 0; max-- {
		b = l.blocks[after/logBlock][after%logBlock].append(b, after+1)
		after++
	}
	return b, after
}

func (e *logEntry) append(b []byte, seq int64) []byte {
	b = strconv.AppendInt(append(b, `{"seq":`...), seq, 10)
	b = append(appendKey(b, "time"), '"')
	b = time.UnixMicro(e.time).UTC().AppendFormat(b, "2006-01-02T15:04:05.000000Z07:00")
	b = append(b, '"')
	b = appendStringField(b, "method", e.method)
	b = appendStringField(b, "path", e.path)
	if e.hasID {
		b = appendID(b, "record_id", e.record)
	} else {
		b = appendStringField(b, "record_id", "")
	}
	b = appendKey(b, "keys")
	if e.keys == "" {
		b = append(b, "{}"...)
	}
	b = append(b, e.keys...)
	return append(b, '}', '\n')
}

func (l *writeLog) entries(after int64) ([]LogEntry, error) {
	var list []LogEntry
	for {
		line, next := l.appendLines(nil, after, 1)
		if next == after {
			return list, nil
		}
		var e LogEntry
		if err := json.Unmarshal(line, &e); err != nil {
			return nil, err
		}
		list = append(list, e)
		after = next
	}
}
