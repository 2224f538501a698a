package sandbox

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
)

// benchBody is a create as an importer sends it, without references.
func benchBody(n int64) []byte {
	return fmt.Appendf(nil, `{"data":{"values":{"workspace_id":"ws-%08d","name":"Workspace number %d","avatar_url":"https://cdn.example.com/a/%d.png","plan":"Pro","mrr":%d.5,"seats":%d}}}`,
		n, n, n, n%1000, n%50)
}

// BenchmarkCreate compares creates with a bare handler that reads as much and answers as much: both over HTTP on
// loopback, eight clients. Divide the ns/op.
func BenchmarkCreate(b *testing.B) {
	b.Run("bare", func(b *testing.B) {
		reply := bytes.Repeat([]byte("x"), replySize(b))
		h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			io.Copy(io.Discard, r.Body)
			w.Header()["Content-Type"] = jsonType
			w.Header()["Content-Length"] = []string{strconv.Itoa(len(reply))}
			w.Write(reply)
		}))
		defer h.Close()
		createMany(b, h.URL, "")
	})
	b.Run("memory", func(b *testing.B) {
		c := serve(b, Options{Seed: []byte(testSeed)})
		createMany(b, c.url, c.token)
	})
	b.Run("data", func(b *testing.B) {
		c := serve(b, Options{Seed: []byte(testSeed), DataFile: filepath.Join(b.TempDir(), "data")})
		createMany(b, c.url, c.token)
	})
}

func replySize(b *testing.B) int {
	c := serve(b, Options{Seed: []byte(testSeed)})
	return len(c.ok("POST", "/v2/objects/workspaces/records", string(benchBody(1))).body)
}

func createMany(b *testing.B, url, token string) {
	const clients = 8
	transport := &http.Transport{MaxIdleConnsPerHost: clients}
	defer transport.CloseIdleConnections()
	var next atomic.Int64
	var failed atomic.Int64
	var wg sync.WaitGroup
	b.ReportAllocs()
	b.ResetTimer()
	for range clients {
		wg.Go(func() {
			for {
				n := next.Add(1)
				if n > int64(b.N) {
					return
				}
				req, _ := http.NewRequest("POST", url+"/v2/objects/workspaces/records", bytes.NewReader(benchBody(n)))
				req.Header.Set("Authorization", "Bearer "+token)
				res, err := transport.RoundTrip(req)
				if err != nil {
					failed.Add(1)
					continue
				}
				if res.StatusCode != http.StatusOK {
					failed.Add(1)
				}
				io.Copy(io.Discard, res.Body)
				res.Body.Close()
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	if n := failed.Load(); n > 0 {
		b.Fatalf("%d creates failed", n)
	}
}

// fill puts n workspaces into the store without HTTP.
func fill(b testing.TB, s *Server, n int) {
	c := call{token: s.store.tokens[0], route: s.routes[0], method: "POST", path: "/v2/objects/workspaces/records", args: [4]string{"workspaces"}}
	for i := range n {
		c.raw = benchBody(int64(i))
		c.route = &route{body: true}
		if err := c.parse(); err != nil {
			b.Fatal(err)
		}
		c.out = c.out[:0]
		if err := createRecord(s.store, &c); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCreateInside is a create without HTTP.
func BenchmarkCreateInside(b *testing.B) {
	c := serve(b, Options{Seed: []byte(testSeed)})
	b.ReportAllocs()
	b.ResetTimer()
	fill(b, c.server, b.N)
}

// BenchmarkQueryByKey shows that a look-up by unique key costs the same among a thousand records and a million.
func BenchmarkQueryByKey(b *testing.B) {
	for _, n := range []int{1_000, 1_000_000} {
		c := serve(b, Options{Seed: []byte(testSeed)})
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		fill(b, c.server, n)
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			for i := range b.N {
				k := i % n
				body := fmt.Sprintf(`{"filter":{"workspace_id":{"$in":["ws-%08d","ws-%08d"]}}}`, k, n-1-k)
				if i%2 == 1 {
					body = fmt.Sprintf(`{"filter":{"$or":[{"workspace_id":{"$eq":"ws-%08d"}},{"workspace_id":"ws-%08d"}]}}`, k, n-1-k)
				}
				if found := c.ids("workspaces", body); len(found) != 2 {
					b.Fatalf("found %d", len(found))
				}
			}
			b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(n), "B/record")
		})
	}
}
