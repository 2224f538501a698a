package cli

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
)

// TestMappingBombs gives every verb that reads a mapping one that a parser would
// choke on: it is refused with a message, in next to no memory.
func TestMappingBombs(t *testing.T) {
	t.Parallel()
	var laughs strings.Builder
	laughs.WriteString("version: 1\na0: &a0 [x, x]\n")
	for i := range 30 {
		fmt.Fprintf(&laughs, "a%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d]\n", i+1, i+1, i, i, i, i, i, i, i, i)
	}
	bombs := []struct{ name, text, tells string }{
		{"open brackets", "version: 1\nvalues: " + strings.Repeat("[", 100_000), `nested|deep|levels`},
		{"open braces", "version: 1\nvalues: " + strings.Repeat("{a: ", 50_000), `nested|deep|levels`},
		{"brackets that close", "values: " + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000), `nested|deep|levels`},
		{"dashes", "values:\n " + strings.Repeat("- ", 100_000) + "x", `nested|deep|levels`},
		{"indents", indents(600), `nested|deep|levels`},
		{"billion laughs", laughs.String(), `anchor|alias`},
		{"a merge of itself", "a: &a\n  <<: *a\n", `anchor|alias`},
		{"too large", "# " + strings.Repeat("x", 257<<10) + "\nversion: 1\n", `more than the 262144`},
		{"many keys", "version: 1\nvalues:\n" + manyKeys(), ``},
		{"a quote that never ends", "values: \"" + strings.Repeat(`\"`, 100_000), ``},
		{"zeros", strings.Repeat("\x00", 200<<10), ``},
	}
	w := newMiddle(t, 0, nil)
	p := newPlace(t, w.url, w.token)
	dir := interruptedRun(t, p)
	run := dir[strings.LastIndexByte(dir, '/')+1:]
	idle := idlePeak(t)
	for _, b := range bombs {
		t.Run(b.name, func(t *testing.T) {
			writeFile(t, p.file("bomb.yaml"), b.text)
			for i, verb := range [][]string{{"validate", "sheet.csv"}, {"run", "sheet.csv"}, {"resume", run}, {"retry", run}} {
				if i > 0 && b.name != "open brackets" {
					break // they have one parser
				}
				proc := p.start(t, append(verb, "-m", "bomb.yaml", "--runs-dir", "runs")...)
				end := p.wait(t, proc)
				if end.code != exitUsage || !strings.HasPrefix(end.errs, "attio-import: ") && !strings.Contains(end.errs, "\nattio-import: ") {
					t.Errorf("%v: exit code %d\n%.2000s%.2000s", verb, end.code, end.out, end.errs)
				}
				if len(end.errs) > 64<<10 {
					t.Errorf("%v: %d bytes of messages", verb, len(end.errs))
				}
				if verb[0] == "validate" && b.tells != "" && !matches(b.tells, end.errs) {
					t.Errorf("%v does not say %q:\n%.2000s", verb, b.tells, end.errs)
				}
				frugal(t, proc, idle)
			}
		})
	}
}

// frugal checks that a process took hardly more memory than one that does nothing.
func frugal(t *testing.T, proc *started, idle int64) {
	t.Helper()
	if took := peak(proc); took > idle+200 && !racing {
		t.Errorf("%v took %d MiB, where %d are nothing", proc.Args, took, idle)
	}
}

// idlePeak is the memory of a process that does nothing, in MiB: the system
// counts that of its parent, too.
func idlePeak(t *testing.T) int64 {
	t.Helper()
	p := newPlace(t, "", "")
	proc := p.start(t, "--version")
	p.wait(t, proc)
	return peak(proc)
}

func peak(s *started) int64 { return s.ProcessState.SysUsage().(*syscall.Rusage).Maxrss >> 10 }

func indents(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

func manyKeys() string {
	var b strings.Builder
	for i := range 1_000 {
		fmt.Fprintf(&b, "  k%d: C%d\n", i, i)
	}
	return b.String()
}
