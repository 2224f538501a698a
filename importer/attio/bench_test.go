package attio

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"

	"attio-import/ratelimit"
)

// replyOf is an answer of about 1.5 KB, as long as that of a workspace record.
var replyOf = func() string {
	value := `[{"active_from":"2025-12-16T15:32:42.770000000Z","active_until":null,"created_by_actor":{"type":"api-token","id":"635cebb2-0000-4000-8000-000000000001"},"value":"4bb12418-0000-4000-8000-000000000002","attribute_type":"text"}]`
	var values []string
	for _, slug := range []string{"record_id", "workspace_id", "name", "plan", "seats", "created_at"} {
		values = append(values, `"`+slug+`":`+value)
	}
	return `{"data":{"id":{"workspace_id":"74716136-0000-4000-8000-000000000003","object_id":"ee436058-0000-4000-8000-000000000004","record_id":"4bb12418-0000-4000-8000-000000000002"},` +
		`"created_at":"2025-12-16T15:32:42.770000000Z","web_url":"https://app.attio.com/acme/workspaces/record/4bb12418-0000-4000-8000-000000000002","values":{` +
		strings.Join(values, ",") + `,"users":[],"company":[]}}}`
}()

var valuesOf = []byte(`{"workspace_id":"ws_000123","name":"` + strings.Repeat("Acme ", 20) + `","users":[{"target_object":"users","target_record_id":"5e3fb280-0000-4000-8000-000000000005"}],"company":{"target_object":"companies","target_record_id":"99a03ff3-0000-4000-8000-000000000006"},"plan":"Enterprise","seats":120,"mrr":4800.5,"launched":"2023-01-02","avatar_url":"https://example.com/avatar/000123.png"}`)

func benchServer(b *testing.B) *httptest.Server {
	reply := []byte(replyOf)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("X-Attio-Execution-Id", "635cebb2-0000-4000-8000-000000000007")
		_, _ = w.Write(reply)
	}))
	b.Cleanup(s.Close)
	return s
}

// cpu is the processor time of this process, server and client together.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// measure runs one call an iteration on 8 workers and reports the processor
// time of each, which the server shares.
func measure(b *testing.B, call func() error) {
	b.ReportAllocs()
	b.SetParallelism(4)
	b.ResetTimer()
	before := cpu()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := call(); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(cpu()-before)/float64(b.N), "cpu-ns/op")
}

// BenchmarkCreate is to be read beside BenchmarkBare: the difference is all
// that the client adds to net/http.
func BenchmarkCreate(b *testing.B) {
	c, err := New(Config{
		BaseURL: benchServer(b).URL, Token: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
		Read: ratelimit.NewBudget(0), Write: ratelimit.NewBudget(0),
		Backoff: func(n int) time.Duration { return ratelimit.Backoff(n, 0.5) }, RetryAfter: ratelimit.RetryAfter,
	})
	if err != nil {
		b.Fatal(err)
	}
	measure(b, func() error {
		_, err := c.Create(b.Context(), "workspaces", valuesOf, Creating{})
		return err
	})
}

// BenchmarkBare is the least that a program can do with net/http: the body is
// ready, the answer is drained unread.
func BenchmarkBare(b *testing.B) {
	url := benchServer(b).URL + "/v2/objects/workspaces/records"
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}
	body := wrap(valuesOf)
	measure(b, func() error {
		req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, url, bytes.NewReader(body))
		if err != nil {
			return err
		}
		req.Header.Set("Authorization", "Bearer 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")
		req.Header.Set("Content-Type", "application/json")
		resp, err := client.Do(req)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		_, err = io.Copy(io.Discard, resp.Body)
		return err
	})
}

func BenchmarkParseWritten(b *testing.B) {
	c := &Client{}
	body := []byte(replyOf)
	b.ReportAllocs()
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		var w Written
		if err := c.parseWritten(body, &w); err != nil {
			b.Fatal(err)
		}
	}
}
