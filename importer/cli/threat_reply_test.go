package cli

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

func matches(pattern, text string) bool { return regexp.MustCompile(pattern).MatchString(text) }

// TestHugeReplies has a server whose answers have no end, or would have none once
// they are unpacked: the run takes it for an outage and stops in time, in little memory.
func TestHugeReplies(t *testing.T) {
	t.Parallel()
	var bomb bytes.Buffer
	z, _ := gzip.NewWriterLevel(&bomb, gzip.BestSpeed)
	zeros := make([]byte, 1<<20)
	for range 17 {
		_, _ = z.Write(zeros)
	}
	_ = z.Close()
	replies := []struct {
		name, tells string
		answer      func(w http.ResponseWriter)
	}{
		{"a body without end", `larger than 16 MiB`, func(w http.ResponseWriter) {
			for range 17 {
				if _, err := w.Write(zeros); err != nil {
					return
				}
			}
		}},
		{"a length that is a lie", `larger than 16 MiB`, func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", fmt.Sprint(1<<40))
			w.WriteHeader(200)
		}},
		{"a packed one", `larger than 16 MiB`, func(w http.ResponseWriter) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb.Bytes())
		}},
		{"headers", `(?i)header`, func(w http.ResponseWriter) {
			for i := range 200 {
				w.Header().Set(fmt.Sprintf("X-%d", i), strings.Repeat("x", 1000))
			}
		}},
		{"deep JSON", ``, func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{"data":`+strings.Repeat(`[`, 1<<20))
		}},
		{"deep values", ``, func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{"data":{"id":{"record_id":"x"},"values":`+strings.Repeat(`{"a":`, 1<<17)+`1`+strings.Repeat(`}`, 1<<17)+`}}`)
		}},
	}
	names := make([]string, len(replies))
	for i, r := range replies {
		names[i] = r.name
	}
	idle := idlePeak(t)
	together(t, 3, names, func(t *testing.T, i int) {
		m := newMiddle(t, 5, func(w http.ResponseWriter, _ *http.Request, _ int) bool { replies[i].answer(w); return true })
		p := newPlace(t, m.url, m.token)
		csv, mapping := keyedSheet(30)
		p.sheet(t, csv, mapping)
		proc := p.start(t, p.next("--max-outage", "50ms", "--quiet-time", "50ms", "--workers", "1", "--timeout", "5s")...)
		end := p.wait(t, proc)
		if end.code != exitLimit || !matches(replies[i].tells, end.errs) {
			t.Errorf("exit code %d, want %d and %q\n%s%s", end.code, exitLimit, replies[i].tells, end.out, end.errs)
		}
		frugal(t, proc, idle)
		m.peace()
		if end = p.run(t, p.next("--quiet-time", "50ms")...); end.code != exitOK {
			t.Errorf("the resume ends with %d\n%s%s", end.code, end.out, end.errs)
		}
		p.complete(t, m.witness, 30)
	})
}
