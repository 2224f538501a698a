package journal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"attio-import/importer/outcome"
)

// The lines about rows are appended by hand: there are two or three for each
// row, and encoding/json takes several times as long and allocates.

// web is the shape of the web addresses of the run's records.
type web struct{ before, after string }

func (w web) known() bool { return w != web{} }

func (w web) address(id string) string { return w.before + id + w.after }

func (w web) says(url, id string) bool {
	return w.known() && len(url) == len(w.before)+len(id)+len(w.after) &&
		url[:len(w.before)] == w.before && url[len(w.before):len(url)-len(w.after)] == id && url[len(url)-len(w.after):] == w.after
}

// shapeOf learns the shape from one address; zero if the id is not in it.
func shapeOf(url, id string) web {
	if id == "" {
		return web{}
	}
	before, after, found := bytes.Cut([]byte(url), []byte(id))
	if !found {
		return web{}
	}
	return web{string(before), string(after)}
}

// line appends the members of a JSON object. The first one is the record's kind.
type line struct {
	b     []byte
	begun bool
}

func (l *line) open() { l.b, l.begun = append(l.b, '{'), false }

func (l *line) close() { l.b = append(l.b, '}') }

// end closes the object that ends the line that began after b. On an error
// the line is of no use.
func (l *line) end(b []byte) ([]byte, error) {
	l.close()
	l.b = append(l.b, '\n')
	if len(l.b)-len(b) > maxLine {
		return b, errTooLong
	}
	return l.b, nil
}

func (l *line) name(name string) {
	if l.begun {
		l.b = append(l.b, ',')
	}
	l.begun = true
	l.b = append(l.b, '"')
	l.b = append(l.b, name...)
	l.b = append(l.b, '"', ':')
}

func (l *line) number(name string, n int64) {
	l.name(name)
	l.b = strconv.AppendInt(l.b, n, 10)
}

// count leaves out a zero, and text an empty one.
func (l *line) count(name string, n int64) {
	if n != 0 {
		l.number(name, n)
	}
}

func (l *line) text(name, s string) {
	if s != "" {
		l.mustText(name, s)
	}
}

func (l *line) mustText(name, s string) {
	l.name(name)
	l.b = appendText(l.b, s)
}

// appendResult appends the line of a row's result.
func appendResult(b []byte, o *outcome.Outcome, cells []string, raw string, generation int, w web) ([]byte, error) {
	l := line{b: b}
	l.open()
	if o.Action == outcome.Unchanged {
		l.number("u", int64(o.Row))
	} else {
		l.number("r", int64(o.Row))
	}
	l.count("g", int64(generation))
	if o.Action != outcome.Unchanged && o.Action != outcome.Created {
		l.mustText("a", string(o.Action))
	}
	if o.Stage != outcome.Write {
		l.mustText("s", string(o.Stage))
	}
	if o.Line != o.Row+1 {
		l.number("l", int64(o.Line))
	}
	l.text("k", o.Key)
	l.text("id", o.RecordID)
	if o.WebURL != "" && !w.says(o.WebURL, o.RecordID) || o.WebURL == "" && o.RecordID != "" {
		l.mustText("w", o.WebURL)
	}
	l.count("n", int64(o.Attempts))
	l.count("h", int64(o.HTTPStatus))
	l.count("ns", int64(o.Duration))
	l.problems(o, cells)
	l.changes(o.Changes)
	if cells != nil {
		l.cells(cells)
	}
	l.text("raw", raw)
	return l.end(b)
}

func (l *line) problems(o *outcome.Outcome, cells []string) {
	if len(o.Problems) == 0 {
		return
	}
	l.name("p")
	l.b = append(l.b, '[')
	for i := range o.Problems {
		if i > 0 {
			l.b = append(l.b, ',')
		}
		l.problem(&o.Problems[i], o, cells)
	}
	l.b, l.begun = append(l.b, ']'), true
}

func (l *line) problem(p *outcome.Problem, o *outcome.Outcome, cells []string) {
	l.open()
	l.mustText("c", string(p.Code))
	if p.Row != o.Row {
		l.number("r", int64(p.Row))
	}
	if p.Line != o.Line {
		l.number("l", int64(p.Line))
	}
	l.text("col", p.Column)
	l.text("attr", p.Attribute)
	// A cell may be long, and have several problems: it is written once.
	if at := slices.Index(cells, p.Value); at >= 0 && len(p.Value) > 3 {
		l.number("vi", int64(at))
	} else {
		l.text("v", p.Value)
	}
	l.text("part", p.Part)
	if p.Severity != outcome.Error {
		l.mustText("sev", string(p.Severity))
	}
	l.text("m", p.Message)
	l.text("hint", p.Hint)
	l.close()
}

func (l *line) changes(changes []outcome.Change) {
	if len(changes) == 0 {
		return
	}
	l.name("d")
	l.b = append(l.b, '[')
	for i, c := range changes {
		if i > 0 {
			l.b = append(l.b, ',')
		}
		l.open()
		l.mustText("attr", c.Attribute)
		l.text("o", c.Old)
		l.text("n", c.New)
		l.text("d", string(c.Decision))
		l.close()
	}
	l.b, l.begun = append(l.b, ']'), true
}

func (l *line) cells(cells []string) {
	l.name("c")
	l.b = append(l.b, '[')
	for i, c := range cells {
		if i > 0 {
			l.b = append(l.b, ',')
		}
		l.b = appendText(l.b, c)
	}
	l.b = append(l.b, ']')
}

// appendIntent appends the line of an intent.
func appendIntent(b []byte, in *outcome.Intent, generation int) ([]byte, error) {
	l := line{b: b}
	l.open()
	if in.Reference != "" {
		l.mustText("x", in.Reference)
	}
	l.number("i", int64(in.Row))
	l.count("g", int64(generation))
	if in.Verb != outcome.Create {
		l.mustText("v", string(in.Verb))
	}
	l.text("k", in.Key)
	l.text("id", in.RecordID)
	if len(in.Before) > 0 {
		if err := l.before(in.Before); err != nil {
			return b, fmt.Errorf("row %d: %w", in.Row, err)
		}
	}
	if isKnown(in.At) {
		l.name("at")
		l.b = appendTime(l.b, in.At)
	}
	return l.end(b)
}

// before appends the values that stood there. They must be JSON: what cannot be
// read back is refused now, when the row can still be told.
func (l *line) before(values map[string]json.RawMessage) error {
	l.name("b")
	l.b = append(l.b, '{')
	for i, slug := range slices.Sorted(maps.Keys(values)) {
		if i > 0 {
			l.b = append(l.b, ',')
		}
		l.b = append(appendText(l.b, slug), ':')
		var err error
		if l.b, err = appendJSON(l.b, values[slug]); err != nil {
			return fmt.Errorf("the value of %s before the update is not JSON: %w", slug, err)
		}
	}
	l.close()
	return nil
}

// appendJSON appends JSON on one line; nil is null.
func appendJSON(b []byte, raw json.RawMessage) ([]byte, error) {
	if raw == nil {
		return append(b, "null"...), nil
	}
	if json.Valid(raw) && bytes.IndexByte(raw, '\n') < 0 {
		return append(b, raw...), nil
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, raw); err != nil {
		return b, err
	}
	return append(b, compact.Bytes()...), nil
}
