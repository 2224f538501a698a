package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gocarina/gocsv"

	"attio-import/importer/outcome"
	"attio-import/importer/source"
)

func smallInfo(c Command) Info {
	return Info{Run: "r", Command: c, Header: []string{"a", "b"}, Dialect: source.Dialect{Delimiter: ','}}
}

func createdPut(n int) put {
	return put{
		source.Row{Number: n, Line: n + 1, Cells: []string{"x", "y"}},
		outcome.Outcome{
			Row: n, Line: n + 1, Key: "key", Action: outcome.Created, Stage: outcome.Write,
			RecordID: "6c3901b6-2afe-0f76-aaaa-bbbbccccdddd", WebURL: recordURL("6c3901b6-2afe-0f76-aaaa-bbbbccccdddd"),
			Attempts: 1, HTTPStatus: 200, Duration: 143 * time.Millisecond,
		},
	}
}

func invalidPut(n int) put {
	p := createdPut(n)
	p.out.Action, p.out.Stage, p.out.RecordID, p.out.WebURL, p.out.Attempts = outcome.Invalid, outcome.Map, "", "", 0
	p.out.Problems = []outcome.Problem{{
		Row: n, Line: n + 1, Column: "b", Attribute: "launched", Value: "y", Severity: outcome.Error,
		Code: "invalid_date", Message: `"y" is not a date`, Hint: "write it as YYYY-MM-DD",
	}}
	return p
}

func TestEmptyRun(t *testing.T) {
	dir := t.TempDir()
	s := writeReport(t, dir, smallInfo(Run), nil, End{})
	if s.Rows != 0 || len(s.Counts) != 7 || s.Problems == nil {
		t.Errorf("summary %+v", s)
	}
	for name, want := range map[string]string{
		ReportFile:   "row,line,key,action,record_id,web_url,stage,code,column,value,message,hint,attempts,http_status,duration_ms\n",
		ProblemsFile: "row,line,column,attribute,value,severity,code,message,hint\n",
		ChangesFile:  "row,record_id,attribute,old,new,decision\n",
		RejectsFile:  "a,b,_row,_code,_column,_message,_hint\n",
		UnknownFile:  "a,b,_row,_code,_column,_message,_hint,_decision\n",
	} {
		if got := read(t, filepath.Join(dir, name)); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	var text bytes.Buffer
	if err := s.WriteText(&text, Text{Dir: dir}); err != nil || !strings.Contains(text.String(), "it has no rows") {
		t.Errorf("text %q, %v", &text, err)
	}
}

// TestManyRows goes over several batches, and reads the report with gocsv.
func TestManyRows(t *testing.T) {
	const rows = 3*batchLines + 7
	var puts []put
	for n := 1; n <= rows; n++ {
		if n%3 == 0 {
			puts = append(puts, invalidPut(n))
			continue
		}
		puts = append(puts, createdPut(n))
	}
	dir := t.TempDir()
	s := writeReport(t, dir, smallInfo(Run), puts, End{ExitCode: 3})
	var lines []reportLine
	if err := gocsv.UnmarshalString(read(t, filepath.Join(dir, ReportFile)), &lines); err != nil {
		t.Fatal(err)
	}
	if len(lines) != rows || s.Rows != rows {
		t.Fatalf("%d lines, %d rows, want %d", len(lines), s.Rows, rows)
	}
	for i, line := range lines {
		want := newReportLine(&puts[i].out)
		if want.Verdict == nil {
			want.Verdict = &verdict{} // what gocsv makes of empty cells
		}
		if line.Verdict == nil || *line.Verdict != *want.Verdict {
			t.Fatalf("line %d: %+v, want %+v", i, line.Verdict, want.Verdict)
		}
		line.Verdict, want.Verdict = nil, nil
		if line != want {
			t.Fatalf("line %d: %+v, want %+v", i, line, want)
		}
	}
	if got := strings.Count(read(t, filepath.Join(dir, RejectsFile)), "\n"); got != 1+rows/3 {
		t.Errorf("%d lines of rejects, want %d", got, 1+rows/3)
	}
}

// TestSlowRun shows that a line does not wait for a full batch.
func TestSlowRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		r, err := Create(dir, smallInfo(Run))
		if err != nil {
			t.Fatal(err)
		}
		lines := func() int { return strings.Count(read(t, filepath.Join(dir, ReportFile)), "\n") }
		for n, want := range []int{1, 1, 4, 4, 6, 6} {
			p := invalidPut(n + 1)
			if err := r.Put(p.row, p.out); err != nil {
				t.Fatal(err)
			}
			if got := lines(); got != want {
				t.Errorf("%d lines after row %d, want %d", got, n+1, want)
			}
			time.Sleep(flushEvery / 2)
		}
		if err := r.Flush(); err != nil || lines() != 7 {
			t.Errorf("%d lines after Flush, %v", lines(), err)
		}
		if _, err := r.Close(End{}); err != nil {
			t.Fatal(err)
		}
	})
}

// TestNeverOverwrites shows that an earlier report, or what a link points to,
// is left alone.
func TestNeverOverwrites(t *testing.T) {
	t.Run("report", func(t *testing.T) {
		dir := t.TempDir()
		writeReport(t, dir, smallInfo(Run), []put{createdPut(1)}, End{})
		before := read(t, filepath.Join(dir, ReportFile))
		_, err := Create(dir, smallInfo(Run))
		var failed *WriteError
		if !errors.As(err, &failed) || !errors.Is(err, fs.ErrExist) || failed.File != ReportFile || failed.Hint() == "" {
			t.Errorf("error %v", err)
		}
		if read(t, filepath.Join(dir, ReportFile)) != before {
			t.Error("the report was touched")
		}
	})
	t.Run("link", func(t *testing.T) {
		dir, outside := t.TempDir(), filepath.Join(t.TempDir(), "precious")
		if err := os.WriteFile(outside, []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(outside, filepath.Join(dir, RejectsFile)); err != nil {
			t.Skip(err)
		}
		if _, err := Create(dir, smallInfo(Run)); err == nil {
			t.Error("no error")
		}
		if read(t, outside) != "mine" {
			t.Error("the link was followed")
		}
	})
	t.Run("temporary summary of a crash", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "."+SummaryFile+".tmp"), []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
		writeReport(t, dir, smallInfo(Run), nil, End{})
		if got := fileNames(t, dir); got[0] != ChangesFile || !json.Valid([]byte(read(t, filepath.Join(dir, SummaryFile)))) {
			t.Errorf("files %v", got)
		}
	})
}

// fullDisk hands out files of which all together take so many bytes.
type fullDisk struct{ room int }

func (d *fullDisk) create(string) (file, error) { return &fullFile{disk: d}, nil }

type fullFile struct {
	disk   *fullDisk
	closed bool
}

func (f *fullFile) Write(p []byte) (int, error) {
	n := min(len(p), f.disk.room)
	f.disk.room -= n
	if n < len(p) {
		return n, &fs.PathError{Op: "write", Path: "report.csv", Err: syscall.ENOSPC}
	}
	return n, nil
}
func (f *fullFile) Sync() error  { return nil }
func (f *fullFile) Close() error { f.closed = true; return nil }

// TestFullDisk fills the disk at every size up to what the run takes: the error
// comes, is typed, and comes again; Close tells exit code 1.
func TestFullDisk(t *testing.T) {
	puts := runPuts()
	for room := 0; ; room += 13 {
		disk := &fullDisk{room: room}
		err := runOn(t, disk, puts)
		if err == nil {
			if room < 1000 {
				t.Fatalf("no error with room for %d bytes", room)
			}
			return
		}
		var failed *WriteError
		if !errors.As(err, &failed) || !errors.Is(err, syscall.ENOSPC) {
			t.Fatalf("room for %d bytes: error %v", room, err)
		}
		if failed.Hint() == "" || failed.File == "" || strings.Contains(err.Error(), "write report.csv:") && failed.File != ReportFile {
			t.Fatalf("room for %d bytes: %v, hint %q", room, err, failed.Hint())
		}
	}
}

func runOn(t *testing.T, disk *fullDisk, puts []put) error {
	t.Helper()
	r, err := begin(runInfo(Run), disk.create)
	if err != nil {
		return err
	}
	for _, p := range puts {
		if err = r.Put(p.row, p.out); err != nil {
			break
		}
		if err = r.Flush(); err != nil {
			break
		}
	}
	files := r.files
	s, closeErr := r.Close(End{})
	for _, f := range files {
		if !f.file.(*fullFile).closed {
			t.Errorf("%s is left open", f.name)
		}
	}
	if err != nil {
		again := r.Put(puts[0].row, puts[0].out)
		if !errors.Is(closeErr, err) || again != err || s.ExitCode != 1 {
			t.Errorf("error %v, then Close says %v with exit code %d, Put %v", err, closeErr, s.ExitCode, again)
		}
	}
	return errors.Join(err, closeErr)
}

// TestFullDevice has the operating system refuse the bytes.
func TestFullDevice(t *testing.T) {
	open := func(string) (file, error) { return os.OpenFile("/dev/full", os.O_WRONLY, 0) }
	if f, err := open(""); err != nil {
		t.Skip("no /dev/full here")
	} else {
		f.Close()
	}
	_, err := begin(smallInfo(Run), open)
	if want := "cannot write report.csv: no space left on device"; !errors.Is(err, syscall.ENOSPC) || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

// TestUnsynced shows that a summary never claims rows that the disk lost.
func TestUnsynced(t *testing.T) {
	r, err := begin(smallInfo(Run), func(string) (file, error) { return unsyncable{&fullFile{disk: &fullDisk{room: 1 << 20}}}, nil })
	if err != nil {
		t.Fatal(err)
	}
	s, err := r.Close(End{})
	if !errors.Is(err, syscall.EIO) || s.ExitCode != 1 {
		t.Errorf("exit code %d, error %v", s.ExitCode, err)
	}
}

type unsyncable struct{ *fullFile }

func (unsyncable) Sync() error { return syscall.EIO }

func BenchmarkPut(b *testing.B) {
	b.Run("created", func(b *testing.B) { benchmarkPut(b, createdPut(123456)) })
	b.Run("invalid", func(b *testing.B) { benchmarkPut(b, invalidPut(123456)) })
}

func benchmarkPut(b *testing.B, p put) {
	r, err := begin(smallInfo(Run), func(string) (file, error) { return os.OpenFile(os.DevNull, os.O_WRONLY, 0) })
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		p.out.Row++
		if err := r.Put(p.row, p.out); err != nil {
			b.Fatal(err)
		}
	}
	if err := r.Flush(); err != nil {
		b.Fatal(err)
	}
}

// TestRejectsAreASourceAgain reads what was written for a person, and finds
// the rows as they stood, under their numbers.
func TestRejectsAreASourceAgain(t *testing.T) {
	dir, info := t.TempDir(), runInfo(Run)
	puts := runPuts()
	writeReport(t, dir, info, puts, End{ExitCode: 3})
	for name, failed := range map[string]func(outcome.Action) bool{
		RejectsFile: func(a outcome.Action) bool { return a == outcome.Invalid || a == outcome.Rejected },
		UnknownFile: func(a outcome.Action) bool { return a == outcome.Unknown },
	} {
		f, err := source.OpenRejects(filepath.Join(dir, name), source.Options{Columns: info.Header})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(f.Header, info.Header) || f.Dialect != info.Dialect {
			t.Errorf("%s: header %q, dialect %+v", name, f.Header, f.Dialect)
		}
		rows, err := f.Rows(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for _, p := range puts {
			if !failed(p.out.Action) {
				continue
			}
			row, err := rows.Next()
			if err != nil || row.Number != p.row.Number {
				t.Fatalf("%s: row %d, %v, want %d", name, row.Number, err, p.row.Number)
			}
			if len(p.row.Cells) == len(info.Header) && !slices.Equal(row.Cells, p.row.Cells) {
				t.Errorf("%s: row %d is %q, was %q", name, row.Number, row.Cells, p.row.Cells)
			}
		}
		if row, err := rows.Next(); err != io.EOF {
			t.Errorf("%s: row %d, %v", name, row.Number, err)
		}
	}
	if decided, err := source.ReadDecisions(filepath.Join(dir, UnknownFile), source.Options{}); len(decided) != 0 || err != nil {
		t.Errorf("nobody has decided: %v, %v", decided, err)
	}
}
