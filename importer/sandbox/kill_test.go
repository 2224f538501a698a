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
// there when it comes back, with the same token.
func TestKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data")
	answered := map[string]bool{}
	token := ""
	for round := range 4 {
		child, c := startChild(t, path)
		if token != "" && c.token != token {
			t.Fatal("another token after a kill")
		}
		token = c.token
		var mu sync.Mutex
		var wg sync.WaitGroup
		for n := range 4 {
			wg.Go(func() {
				for i := 0; ; i++ {
					key := fmt.Sprintf("r%d-c%d-%d", round, n, i)
					a, err := c.send("POST", "/v2/objects/workspaces/records", data(`{"workspace_id":"`+key+`"}`))
					if err != nil {
						return // killed
					}
					mu.Lock()
					answered[key] = a.status == 200
					mu.Unlock()
				}
			})
		}
		time.Sleep(30 * time.Millisecond)
		child.Process.Kill()
		wg.Wait()
		child.Wait()
	}
	checkAnswered(t, path, answered)
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

func checkAnswered(t *testing.T, path string, answered map[string]bool) {
	t.Helper()
	c := serve(t, Options{DataFile: path})
	held := map[string]bool{}
	for _, v := range c.ok("POST", "/v2/objects/workspaces/records/query", `{"limit":1000000}`).get("data.#.values.workspace_id.0.value").Array() {
		if held[v.Str] {
			t.Errorf("%s is there twice", v.Str)
		}
		held[v.Str] = true
	}
	for key, ok := range answered {
		if !ok || !held[key] {
			t.Errorf("%s: answered with success %v, there %v", key, ok, held[key])
		}
	}
	if len(answered) < 10 {
		t.Errorf("only %d creates were answered: the test shows nothing", len(answered))
	}
	entries, err := c.server.Log(0)
	if err != nil || len(entries)+1 != len(held) {
		t.Errorf("the log has %d writes, %d records and the seeded one are there (%v)", len(entries), len(held)-1, err)
	}
}
