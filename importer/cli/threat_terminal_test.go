package cli

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"attio-import/importer/sandbox"
)

// Texts that steer a terminal, look like other text, or forge a line of a log.
var escapes = []string{
	"\x1b]8;;https://evil.example\x07click\x1b]8;;\x07",
	"\x1b]52;c;cm0gLXJmIC8=\x07",
	"\u009b31mred", "\u0090q", "\x1b[2J\x1b[H", "\x1bc",
	"over\rwritten", "back\b\b\bspace", "bell\x07", "del\x7f", "vt\x0b\x0c",
	"gpj.\u202egnp", "\u2066iso\u2069", "\u200f\u061crtl", "two\u2028lines\u2029here", "bom\ufeff",
	"bad\xff\xfeutf", "line\ntime=2000-01-01T00:00:00.000Z level=ERROR msg=forged",
	"line\n{\"time\":\"2000-01-01T00:00:00Z\",\"level\":\"ERROR\",\"msg\":\"forged\"}",
	"\" level=ERROR msg=\"forged", "tab\tbed",
}

// tame checks that a terminal shows an output and does nothing else.
func tame(t *testing.T, what, output string) {
	t.Helper()
	if !utf8.ValidString(output) {
		t.Errorf("%s: not UTF-8: %q", what, output)
	}
	for i, r := range output {
		if r == '\n' || r == '\t' || !steers(r) {
			continue
		}
		t.Errorf("%s: %U at byte %d: %q", what, r, i, output[max(0, i-60):min(len(output), i+20)])
		return
	}
	for line := range strings.Lines(output) {
		if strings.HasPrefix(line, "time=2000") || strings.HasPrefix(line, `{"time":"2000`) {
			t.Errorf("%s: a line was forged: %q", what, line)
		}
		if strings.HasPrefix(line, `{"time":`) && !json.Valid([]byte(line)) {
			t.Errorf("%s: no JSON: %q", what, line)
		}
	}
}

// steers is the list by itself, not the program's.
func steers(r rune) bool {
	switch {
	case r < 0x20, r == 0x7f, r >= 0x80 && r <= 0x9f, r == 0x61c, r == 0x200e, r == 0x200f, r == 0xfeff:
		return true
	}
	return r >= 0x2028 && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

// TestTerminalEscapes puts escapes into cells, headers, and the names of the sheet,
// the mapping and the runs directory: no verb lets one out.
func TestTerminalEscapes(t *testing.T) {
	t.Parallel()
	w, _ := openSandbox(t, sandbox.Options{Empty: true})
	p := newPlace(t, w.url, w.token)
	var csv strings.Builder
	csv.WriteString("ID,Seats")
	for _, e := range escapes {
		fmt.Fprintf(&csv, ",%s", quoted(strings.ToValidUTF8(e, "")))
	}
	csv.WriteString("\n")
	for i, e := range escapes {
		more := strings.Repeat(","+quoted(e), len(escapes))
		fmt.Fprintf(&csv, "%s,%d%s\n%s,%s%s\n", quoted("id"+e), i, more, quoted("bad"+e), quoted(e), more)
	}
	more := strings.Repeat(",", len(escapes))
	fmt.Fprintf(&csv, "%s,1%s\n%s,2%s\n%s,3\n", quoted(escapes[0]), more, quoted(escapes[0]), more, quoted(escapes[0])) // a key that stands twice, and a ragged row
	name := "sheet\x1b]52;c;x\x07\u202e"
	writeFile(t, p.file(name+".csv"), csv.String())
	writeFile(t, p.file(name+".yaml"), "version: 1\nobject: workspaces\nmatch: workspace_id\nvalues: {workspace_id: ID, name: ID, seats: Seats}\n")
	writeFile(t, p.file("wrong\x1b[31m.yaml"), "version: 1\nobject: \"work\\e[31mspaces\"\nvalues: {\"na\\e]52;c;x\\ame\": \"No such \\u202e column\"}\n")
	runs := "runs\x1b[31m\u009b"
	for _, args := range [][]string{
		{"validate", name + ".csv"}, {"plan", name + ".csv"}, {"run", name + ".csv"},
		{"run", name + ".csv", "--json", "--log-format", "json"},
		{"validate", name + ".csv", "-m", "wrong\x1b[31m.yaml"}, {"run", "missing\x1b[31m.csv"}, {"run", name + ".csv", "-m", "missing\x1b[31m"},
		{"resume", "--json", "--log-format", "json"}, {"resume", "no\x1b[31m"}, {"verb\x1b[31m"}, {"run", name + ".csv", "--flag\x1b[31m"},
		{"run", name + ".csv", "--api-url", "\x1b[31m"}, {"runs"}, {"runs", "--json"},
	} {
		end := p.run(t, append(args, "--runs-dir", runs)...)
		tame(t, fmt.Sprintf("%q, standard output", args), end.out)
		tame(t, fmt.Sprintf("%q, standard error", args), end.errs)
	}
	dirs := p.dirsIn(t, runs)
	for _, verb := range []string{"retry", "report"} {
		end := p.run(t, verb, filepath.Base(dirs[len(dirs)-1]), "--runs-dir", runs)
		tame(t, verb, end.out+end.errs)
	}
}

func (p *place) dirsIn(t *testing.T, runs string) (dirs []string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(p.dir), runs, func(path string, d fs.DirEntry, err error) error {
		if d != nil && d.IsDir() && strings.HasPrefix(d.Name(), "2") {
			dirs = append(dirs, p.file(path))
		}
		return err
	})
	if err != nil || len(dirs) == 0 {
		t.Fatalf("%d runs: %v", len(dirs), err)
	}
	return dirs
}

func quoted(cell string) string { return `"` + strings.ReplaceAll(cell, `"`, `""`) + `"` }

// TestTerminalEscapesOfTheServer has a server that puts escapes into everything
// that it says in words.
func TestTerminalEscapesOfTheServer(t *testing.T) {
	t.Parallel()
	formats := []string{"text", "json"}
	together(t, len(formats), formats, func(t *testing.T, i int) {
		m := newMiddle(t, 0, func(w http.ResponseWriter, r *http.Request, n int) bool {
			e := escapes[n/3%len(escapes)]
			switch {
			case !isWrite(r) || n%3 == 2:
				return false
			case n%3 == 1:
				return page(w, 502, e)
			}
			text, _ := json.Marshal(e)
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(400)
			fmt.Fprintf(w, `{"status_code":400,"type":"invalid_request_error","code":%s,"message":%s}`, text, text)
			return true
		})
		p := newPlace(t, m.url, m.token)
		csv, mapping := keyedSheet(3 * len(escapes))
		p.sheet(t, csv, mapping)
		flags := []string{"--log-format", formats[i], "--quiet-time", "20ms"}
		end := p.run(t, p.next(flags...)...)
		if end.code != exitRowsFailed {
			t.Fatalf("exit code %d\n%s%s", end.code, end.out, end.errs)
		}
		tame(t, "run", end.out+end.errs)
		all := strings.ToValidUTF8(strings.Join(escapes, ""), "")
		m.setTrouble(func(w http.ResponseWriter, r *http.Request, _ int) bool { return m.worded(w, r, all) })
		for _, args := range [][]string{append([]string{"validate", "sheet.csv", "--online", "--runs-dir", "runs"}, flags[:2]...), {"schema"}, {"schema", "workspaces"}} {
			if i == 1 {
				args = append(args, "--json")
			}
			end := p.run(t, args...)
			tame(t, fmt.Sprintf("%q", args), end.out+end.errs)
		}
		for _, args := range [][]string{{"runs"}, {"report", filepath.Base(p.runDirs(t)[0])}} {
			end := p.run(t, append(args, "--runs-dir", "runs")...)
			tame(t, fmt.Sprintf("%q", args), end.out+end.errs)
		}
	})
}

// worded lets the sandbox answer, and puts text into every title and name.
func (m *middle) worded(w http.ResponseWriter, r *http.Request, text string) bool {
	kept := m.answer(r)
	var body any
	if json.Unmarshal(kept.body.Bytes(), &body) != nil {
		return false
	}
	for _, name := range []string{"workspace_name", "workspace_slug", "title", "plural_noun", "singular_noun", "description", "web_url"} {
		replaceMember(body, name, text)
	}
	all, _ := json.Marshal(body)
	kept.body.Reset()
	kept.body.Write(all)
	kept.sendTo(w)
	return true
}
