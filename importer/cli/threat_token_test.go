package cli

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"attio-import/importer/sandbox"
)

// canary is a token that no other text looks like.
const canary = "7d0c2f9be4a1836557fe09d3ab41c86ee25f70b19d84c3a60f5b728e91d6c43a"

// leaks finds the token in text, or any piece of it that is long enough to matter.
func leaks(text []byte) bool {
	const piece = 12
	for i := 0; i+piece <= len(canary); i++ {
		if bytes.Contains(text, []byte(canary[i:i+piece])) {
			return true
		}
	}
	return bytes.Contains(text, []byte(base64.StdEncoding.EncodeToString([]byte(canary))[:16]))
}

// echoes are ways to show a client what it sent as its key. The last two end a run.
var echoes = []func(w http.ResponseWriter, auth string){
	func(w http.ResponseWriter, auth string) { envelope(w, 400, auth, auth, "refused: "+auth) },
	func(w http.ResponseWriter, auth string) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(400)
		fmt.Fprintf(w, `{"status_code":400,"type":"invalid_request_error","code":"validation_type","message":"no","path":[%q],"validation_errors":[{"code":%q,"path":["values",%q],"message":%q}]}`,
			auth, auth, auth, auth)
	},
	func(w http.ResponseWriter, auth string) { page(w, 502, "<html>"+auth+"</html>") },
	func(w http.ResponseWriter, auth string) { page(w, 200, "<html><h1>Sign in, "+auth+"</h1>") },
	func(w http.ResponseWriter, auth string) {
		for _, name := range []string{"X-Attio-Execution-Id", "X-Accurate-At", "Server", "X-" + auth} {
			w.Header().Set(strings.ReplaceAll(name, " ", "-"), auth)
		}
		w.Header()["Date"] = []string{auth}
		w.Header().Set("Retry-After", auth)
		envelope(w, 429, "rate_limit_error", auth, auth)
	},
	func(w http.ResponseWriter, auth string) {
		w.Header().Set("Location", "https://"+strings.TrimPrefix(auth, "Bearer ")+".example.com/"+auth)
		w.WriteHeader(302)
	},
	func(w http.ResponseWriter, auth string) { hijacked(w, "HTTP/1.1 "+auth+"\r\n\r\n") },
	func(w http.ResponseWriter, auth string) { hijacked(w, auth+" is no answer\r\n") },
	func(w http.ResponseWriter, auth string) {
		hijacked(w, "HTTP/1.1 502 "+auth+"\r\nContent-Type: text/"+auth+"\r\nContent-Length: 1000\r\n\r\n"+auth[:40])
	},
	func(w http.ResponseWriter, auth string) {
		hijacked(w, "HTTP/1.1 200 OK\r\nContent-Length: "+auth+"\r\n\r\n"+auth)
	},
	func(w http.ResponseWriter, auth string) {
		fmt.Fprintf(w, `{"data":{"id":{"workspace_id":%q,"object_id":%q,"record_id":%q},"created_at":%q,"values":{}}}`, auth, auth, auth, auth)
	},
	func(w http.ResponseWriter, auth string) { envelope(w, 401, "auth_error", "unauthorized", auth) },
}

func hijacked(w http.ResponseWriter, answer string) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	_, _ = conn.Write([]byte(answer))
}

// TestTokenNeverShows runs every verb against a server that shows the token
// wherever an answer has room for text. It must be in no output and in no file.
func TestTokenNeverShows(t *testing.T) {
	t.Parallel()
	last := len(echoes) - 2
	together(t, 4, []string{"text", "json", "mismatch", "refused"}, func(t *testing.T, i int) {
		used := echoes[:last]
		if i >= 2 {
			used = echoes[last+i-2 : last+i-1]
		}
		tokenTrial(t, used, i%2 == 1)
	})
}

func tokenTrial(t *testing.T, echoes []func(http.ResponseWriter, string), asJSON bool) {
	w, _ := openSandbox(t, sandbox.Options{Empty: true, Token: canary})
	m := before(t, w, 0, func(w http.ResponseWriter, r *http.Request, n int) bool {
		if n%4 != 0 {
			return false // or nothing would ever begin
		}
		echoes[n/4%len(echoes)](w, r.Header.Get("Authorization"))
		return true
	})
	p := newPlace(t, m.url, "not-this-one")
	csv, mapping := keyedSheet(60)
	p.sheet(t, csv, mapping)
	key := filepath.Join(t.TempDir(), "key")
	writeFile(t, key, canary+"\n")
	flags := append([]string{"--api-key-file", key, "--max-outage", "300ms", "--quiet-time", "50ms", "--timeout", "2s", "--runs-dir", "runs"}, fast...)
	if asJSON {
		flags = append(flags, "--log-format", "json", "--json")
	}
	p.silent(t, append([]string{"run", "sheet.csv"}, flags...)...)
	p.silent(t, append([]string{"resume"}, flags...)...)
	if dirs := p.runDirs(t); len(dirs) > 0 {
		p.silent(t, append([]string{"retry", filepath.Base(dirs[0])}, flags...)...)
		p.silent(t, "report", filepath.Base(dirs[0]), "--runs-dir", "runs")
	}
	p.silent(t, "runs", "--runs-dir", "runs")
	p.silent(t, "schema", "workspaces", "--api-key-file", key)
	p.noLeaks(t)
}

// silent runs a command and makes sure that it does not tell the token.
func (p *place) silent(t *testing.T, args ...string) exited {
	t.Helper()
	proc := p.start(t, args...)
	if line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", proc.Process.Pid)); err == nil && leaks(line) {
		t.Errorf("%v: the token is in the argument list", args)
	}
	end := p.wait(t, proc)
	for line := range strings.Lines(end.out + end.errs) {
		if leaks([]byte(line)) {
			t.Errorf("%v tells the token: %s", args, line)
			break
		}
	}
	return end
}

// noLeaks looks through every file that was written.
func (p *place) noLeaks(t *testing.T) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(p.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		files++
		text, err := os.ReadFile(path)
		if leaks(text) || leaks([]byte(path)) {
			t.Errorf("the token is in %s", path)
		}
		return err
	})
	if err != nil || files < 2 {
		t.Errorf("%d files: %v", files, err)
	}
}

// A server that gives the token as the name of the workspace, of an attribute
// and of whatever else has words: even what looks like data does not show it.
func TestTokenInWhatTheWorkspaceSays(t *testing.T) {
	t.Parallel()
	w, _ := openSandbox(t, sandbox.Options{Token: canary})
	m := before(t, w, 0, nil)
	m.setTrouble(func(w http.ResponseWriter, r *http.Request, _ int) bool {
		if r.Method == http.MethodPost { // of records, in which the token would be somebody's data
			return false
		}
		return m.worded(w, r, r.Header.Get("Authorization"))
	})
	p := newPlace(t, m.url, canary)
	csv, mapping := keyedSheet(5)
	p.sheet(t, csv+"ws-4,twice\n", strings.Replace(mapping, "name: Name", "name: Name, plan: {column: Name}", 1))
	for _, args := range [][]string{
		p.next(), p.next("--log-format", "json", "--json"), {"plan", "sheet.csv", "--runs-dir", "runs"},
		{"validate", "sheet.csv", "--online", "--runs-dir", "runs"}, {"schema"}, {"schema", "workspaces"}, {"schema", "workspaces", "--json"},
	} {
		p.silent(t, args...)
	}
	p.noLeaks(t)
}

// replaceMember sets every member of that name, however deep.
func replaceMember(v any, name string, to any) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			replaceMember(x, name, to)
		}
	case map[string]any:
		for key, x := range v {
			if _, text := x.(string); key == name && text {
				v[key] = to
			} else {
				replaceMember(x, name, to)
			}
		}
	}
}

// A token that was typed where it does not belong is not repeated.
func TestTokenInAWrongPlace(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "http://127.0.0.1:9", "")
	csv, mapping := keyedSheet(1)
	p.sheet(t, csv, mapping)
	for _, args := range [][]string{
		{"run", "sheet.csv", "--api-key=" + canary},
		{"run", "sheet.csv", "--token", canary},
		{"run", "sheet.csv", "--api-key-file", canary},
		{"run", "sheet.csv", "--api-url", "https://" + canary + "@api.attio.com"},
		{"run", "sheet.csv", "--api-url", "https://user:" + canary + "@api.attio.com"},
	} {
		proc := p.start(t, args...)
		end := p.wait(t, proc)
		if end.code != exitUsage && end.code != exitAuth {
			t.Errorf("%v: exit code %d", args[:2], end.code)
		}
		if leaks([]byte(end.out)) || leaks([]byte(end.errs)) {
			t.Errorf("the token is told:\n%s%s", end.out, end.errs)
		}
	}
	p.noLeaks(t)
}
