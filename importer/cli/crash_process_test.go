package cli

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"attio-import/importer/sandbox"
)

// server is the sandbox as a process that can be killed, and comes back at the
// same address with what it had answered.
type server struct {
	place *place
	flags []string
	data  string
	cmd   *exec.Cmd
	witness
}

// startServer starts a sandbox. data is what it begins with; nil: its sample
// records, or with --empty none.
func startServer(t *testing.T, data []byte, flags ...string) *server {
	t.Helper()
	s := &server{place: newPlace(t, "", ""), flags: flags}
	s.data = s.place.file("sandbox.data")
	if data != nil {
		writeFile(t, s.data, string(data))
	}
	s.start(t, ownAddress(t))
	t.Cleanup(s.kill)
	return s
}

// ownAddress is an address to which a server can come back: its port is none that
// the system gives to a connection that leaves, and no other test gets it meanwhile.
func ownAddress(t *testing.T) string {
	t.Helper()
	for range 1000 {
		port := 15_000 + rand.IntN(15_000)
		if _, given := portsGiven.LoadOrStore(port, true); given {
			continue
		}
		address := fmt.Sprintf("127.0.0.1:%d", port)
		if l, err := net.Listen("tcp", address); err == nil {
			_ = l.Close()
			return address
		}
	}
	t.Fatal("no port is free")
	return ""
}

var portsGiven sync.Map

func (s *server) start(t *testing.T, address string) {
	t.Helper()
	args := append([]string{"sandbox", "--write-rate", "0", "--read-rate", "0", "--listen", address, "--data", s.data}, s.flags...)
	var errs strings.Builder
	s.cmd = exec.Command("attio-import", args...)
	s.cmd.Env = s.place.environment()
	s.cmd.Stderr = &errs
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	for _, to := range []*string{&s.url, &s.token} {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatalf("the sandbox did not say where it is: %v\n%s", err, errs.String())
		}
		_, *to, _ = strings.Cut(strings.TrimSpace(line), "=")
	}
	go func() { _, _ = io.Copy(io.Discard, lines) }()
}

// kill ends the process at once. Requests that a fault has delayed are lost with it.
func (s *server) kill() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// restart kills the server and brings it back.
func (s *server) restart(t *testing.T) {
	t.Helper()
	s.kill()
	time.Sleep(20 * time.Millisecond)
	s.start(t, strings.TrimPrefix(s.url, "http://"))
}

// last tells the server to stop, which first does the work that faults have delayed, and
// opens what it leaves at the same address.
func (s *server) last(t *testing.T) (w witness, closeIt func()) {
	t.Helper()
	_ = s.cmd.Process.Signal(interrupt)
	_ = s.cmd.Wait()
	return openSandbox(t, sandbox.Options{DataFile: s.data, Listen: strings.TrimPrefix(s.url, "http://")})
}

// dice decides where and when a trial kills; a seed says all.
type dice struct{ *rand.Rand }

func newDice(seed uint64) dice { return dice{rand.New(rand.NewPCG(seed, 4))} }

func (d dice) within(limit time.Duration) time.Duration { return time.Duration(d.Int64N(int64(limit))) }

func (d dice) chance(p float64) bool { return d.Float64() < p }
