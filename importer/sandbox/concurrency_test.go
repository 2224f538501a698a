package sandbox

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestManyClients lets 25 clients create, assert, update and query the same few records at once. SANDBOX_SECONDS=60
// makes it last longer.
func TestManyClients(t *testing.T) {
	seconds, err := strconv.ParseFloat(os.Getenv("SANDBOX_SECONDS"), 64)
	if err != nil {
		seconds = 1.5
	}
	c := serve(t, Options{Seed: []byte(testSeed), AutoCompany: true, DataFile: t.TempDir() + "/data"})
	end := time.Now().Add(time.Duration(seconds * float64(time.Second)))
	var crowd crowd
	var wg sync.WaitGroup
	for n := range 25 {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(uint64(n), 1))
			for i := 0; time.Now().Before(end); i++ {
				crowd.step(c, random, n, i)
			}
		})
	}
	wg.Wait()
	if crowd.strange.Load() > 0 {
		t.Errorf("%d answers that nobody should get, such as %v", crowd.strange.Load(), crowd.sample.Load())
	}
	checkCrowd(t, c, &crowd)
}

// crowd counts what the clients saw.
type crowd struct {
	reads, writes, applied, created atomic.Int64
	strange                         atomic.Int64
	sample                          atomic.Value
}

// step is one random request; the keys are few, so that clients meet.
func (w *crowd) step(c *client, random *rand.Rand, n, i int) {
	key := random.IntN(50)
	body := data(fmt.Sprintf(`{"workspace_id":"k-%d","name":"by %d"}`, key, n))
	tag := data(fmt.Sprintf(`{"email_addresses":["x%d-%d@acme.com"]}`, n, i))
	switch random.IntN(4) {
	case 0:
		w.write(c, "POST", "/v2/objects/workspaces/records", body)
	case 1:
		w.write(c, "PUT", "/v2/objects/workspaces/records?matching_attribute=workspace_id", body)
	case 2: // every client appends to one list of addresses
		w.write(c, "PATCH", "/v2/objects/people/records/"+w.ada(c), tag)
	case 3:
		w.reads.Add(1)
		a, err := c.send("POST", "/v2/objects/workspaces/records/query", fmt.Sprintf(`{"filter":{"workspace_id":"k-%d"}}`, key))
		if err != nil || a.status != http.StatusOK || a.get("data.#").Int() > 1 {
			w.note(a, err)
		}
	}
}

const adaQuery = `{"filter":{"name":"Ada Byron"}}`

func (w *crowd) ada(c *client) string {
	w.reads.Add(1)
	a, err := c.send("POST", "/v2/objects/people/records/query", adaQuery)
	if err != nil || a.get("data.#").Int() != 1 {
		w.note(a, err)
	}
	return a.get("data.0.id.record_id").Str
}

func (w *crowd) write(c *client, method, path, body string) {
	w.writes.Add(1)
	a, err := c.send(method, path, body)
	switch {
	case err == nil && a.status == http.StatusOK:
		w.applied.Add(1)
		if method == "POST" {
			w.created.Add(1)
		}
	case err == nil && a.status == 400 && a.get("code").Str == "uniqueness_conflict" && method == "POST":
	default:
		w.note(a, err)
	}
}

func (w *crowd) note(a answer, err error) {
	w.strange.Add(1)
	w.sample.Store(fmt.Sprint(a.status, " ", a.body, " ", err))
}

// checkCrowd holds the end state against what the clients saw.
func checkCrowd(t *testing.T, c *client, w *crowd) {
	t.Helper()
	seen := map[string]bool{}
	for _, v := range c.ok("POST", "/v2/objects/workspaces/records/query", `{"limit":10000}`).get("data.#.values.workspace_id.0.value").Array() {
		if seen[v.Str] {
			t.Errorf("%s is there twice", v.Str)
		}
		seen[v.Str] = true
	}
	entries, err := c.server.Log(0)
	if err != nil {
		t.Fatal(err)
	}
	if int64(len(entries)) != w.applied.Load() {
		t.Errorf("the log has %d writes, %d were answered with success", len(entries), w.applied.Load())
	}
	appended := 0
	for i, e := range entries {
		if e.Seq != int64(i+1) {
			t.Fatalf("line %d has number %d", i+1, e.Seq)
		}
		if e.Method == "PATCH" {
			appended++
		}
	}
	ada := c.record("people", w.ada(c)).get("data.values.email_addresses.#").Int()
	if int(ada) != appended+1 {
		t.Errorf("%d addresses after %d were appended: updates were lost", ada, appended)
	}
	st := c.server.Stats()
	if st.Requests.Write != w.writes.Load() || st.Requests.Read != w.reads.Load()+2 || st.Records["workspaces"] != int64(len(seen)) {
		t.Errorf("stats %+v, clients sent %d writes and %d reads, %d workspaces are there", st, w.writes.Load(), w.reads.Load()+2, len(seen))
	}
}
