package sandbox

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestMain serves a data file instead of testing when it is started as the child of TestKill.
func TestMain(m *testing.M) {
	if path := os.Getenv("SANDBOX_TEST_CHILD"); path != "" {
		serveChild(path)
	}
	os.Exit(m.Run())
}

func serveChild(path string) {
	s, err := New(Options{DataFile: path, Seed: []byte(testSeed)})
	if err == nil {
		err = s.Start()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(s.URL(), s.Token())
	select {}
}

// TestKill kills a server in the middle of writes, several times over one file: what it had answered with success is
// there when it comes back, with the same token and workspace.
func TestKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data")
	told := answered{names: map[string]string{}}
	var token, workspace string
	for round := range 4 {
		child, c := startChild(t, path)
		id := c.ok("GET", "/v2/self", "").get("workspace_id").Str
		if round > 0 && (c.token != token || id != workspace) {
			t.Fatal("another token or workspace after a kill")
		}
		token, workspace = c.token, id
		var wg sync.WaitGroup
		for n := range 4 {
			wg.Go(func() { told.writeUntilKilled(c, fmt.Sprintf("r%d-c%d", round, n)) })
		}
		time.Sleep(40 * time.Millisecond)
		child.Process.Kill()
		wg.Wait()
		child.Wait()
	}
	told.check(t, path)
}

const gone = "deleted"

// answered is what was answered with success: by key the name that the record got, or gone.
type answered struct {
	mu                        sync.Mutex
	names                     map[string]string
	created, updated, deleted int
}

// writeUntilKilled creates a record, updates it, and deletes every third, until there is no answer.
func (w *answered) writeUntilKilled(c *client, prefix string) {
	for i := 0; ; i++ {
		key := fmt.Sprintf("%s-%d", prefix, i)
		a, err := c.send("POST", "/v2/objects/workspaces/records", data(`{"workspace_id":"`+key+`"}`))
		if err != nil || !w.tell(a, key, "", &w.created) {
			return
		}
		path := "/v2/objects/workspaces/records/" + a.get("data.id.record_id").Str
		w.forget(key) // whether the update is done is open until it is answered
		if a, err = c.send("PATCH", path, data(`{"name":"N`+key+`"}`)); err != nil || !w.tell(a, key, "N"+key, &w.updated) {
			return
		}
		if i%3 > 0 {
			continue
		}
		w.forget(key)
		if a, err = c.send("DELETE", path, ""); err != nil || !w.tell(a, key, gone, &w.deleted) {
			return
		}
	}
}

func (w *answered) tell(a answer, key, name string, counter *int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if a.status != 200 {
		name = fmt.Sprintf("status %d", a.status) // will be missed
	}
	w.names[key] = name
	*counter++
	return a.status == 200
}

func (w *answered) forget(key string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.names, key)
}

func (w *answered) check(t *testing.T, path string) {
	t.Helper()
	c := serve(t, Options{DataFile: path})
	held := map[string]string{}
	for _, r := range c.ok("POST", "/v2/objects/workspaces/records/query", `{"limit":1000000}`).get("data.#.values").Array() {
		key := r.Get("workspace_id.0.value").Str
		if _, twice := held[key]; twice {
			t.Errorf("%s is there twice", key)
		}
		held[key] = r.Get("name.0.value").Str
	}
	for key, want := range w.names {
		if name, there := held[key]; there == (want == gone) || there && name != want {
			t.Errorf("%s: there %v with name %q, answered was %q", key, there, name, want)
		}
	}
	if w.created < 10 || w.updated < 10 || w.deleted < 4 {
		t.Errorf("only %d creates, %d updates, %d deletions were answered: the test shows nothing", w.created, w.updated, w.deleted)
	}
	w.checkLog(t, c, len(held)-1) // one is seeded
}

// checkLog: the log outlives the kills too, and agrees with what is there.
func (w *answered) checkLog(t *testing.T, c *client, held int) {
	t.Helper()
	entries, err := c.server.Log(0)
	if err != nil {
		t.Fatal(err)
	}
	n := map[string]int{}
	for _, e := range entries {
		n[e.Method]++
	}
	if n["POST"]-n["DELETE"] != held || n["POST"] < w.created || n["PATCH"] < w.updated || n["DELETE"] < w.deleted {
		t.Errorf("the log has %v, %d records are there; answered were %d, %d, %d", n, held, w.created, w.updated, w.deleted)
	}
}

func startChild(t *testing.T, path string) (*exec.Cmd, *client) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), "SANDBOX_TEST_CHILD="+path)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { child.Process.Kill() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	url, token, _ := strings.Cut(strings.TrimSpace(line), " ")
	return child, &client{t: t, url: url, token: token}
}
