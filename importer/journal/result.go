package journal

import (
	"fmt"
	"strconv"
	"time"

	"attio-import/importer/outcome"

	"github.com/tidwall/gjson"
)

// decodeResult reads a result's line, as strictly as the others are read.
// There are as many as rows: encoding/json takes four times as long.
func decodeResult(line []byte, w web) (Entry, error) {
	if !gjson.ValidBytes(line) {
		return Entry{}, recordError("it has a record that cannot be read")
	}
	r := resultReader{e: Entry{Outcome: outcome.Outcome{Action: outcome.Created, Stage: outcome.Write}}}
	r.each(gjson.ParseBytes(line), r.member)
	if o := &r.e.Outcome; !r.hasWeb && o.RecordID != "" {
		o.WebURL = w.address(o.RecordID)
	}
	for problem, cell := range r.values {
		if r.err == nil && (cell < 0 || cell >= len(r.e.Cells)) {
			r.err = recordError("it has a problem with a cell that is not there")
		}
		if r.err == nil {
			r.e.Outcome.Problems[problem].Value = r.e.Cells[cell]
		}
	}
	if r.err != nil {
		return Entry{}, r.err
	}
	return r.e, nil
}

// resultReader keeps the first error; once there is one, what is read means nothing.
type resultReader struct {
	e      Entry
	hasWeb bool
	values map[int]int // of a problem, the cell that is its value
	err    error
}

func (r *resultReader) each(v gjson.Result, member func(name string, v gjson.Result)) {
	if v.Type != gjson.JSON {
		r.fail("a member is not what it has to be")
	}
	v.ForEach(func(name, v gjson.Result) bool {
		if r.err == nil {
			member(name.Str, v)
		}
		return r.err == nil
	})
}

func (r *resultReader) member(name string, v gjson.Result) {
	o := &r.e.Outcome
	switch name {
	case "r":
		o.Row = r.number(v)
		o.Line = o.Row + 1
	case "u":
		o.Row, o.Action = r.number(v), outcome.Unchanged
		o.Line = o.Row + 1
	case "g":
		r.e.Generation = r.number(v)
	case "a":
		o.Action = outcome.Action(r.text(v))
	case "s":
		o.Stage = outcome.Stage(r.text(v))
	case "l":
		o.Line = r.number(v)
	case "k":
		o.Key = r.text(v)
	case "id":
		o.RecordID = r.text(v)
	case "w":
		o.WebURL, r.hasWeb = r.text(v), true
	case "n":
		o.Attempts = r.number(v)
	case "h":
		o.HTTPStatus = r.number(v)
	case "ns":
		o.Duration = time.Duration(r.number(v))
	case "p":
		r.each(v, r.problem)
	case "d":
		r.each(v, r.change)
	case "c":
		r.e.Cells = []string{}
		r.each(v, func(_ string, v gjson.Result) { r.e.Cells = append(r.e.Cells, r.text(v)) })
	case "raw":
		r.e.Raw = r.text(v)
	default:
		r.unknown(name)
	}
}

func (r *resultReader) problem(_ string, v gjson.Result) {
	o := &r.e.Outcome
	p := outcome.Problem{Row: o.Row, Line: o.Line, Severity: outcome.Error}
	r.each(v, func(name string, v gjson.Result) {
		switch name {
		case "c":
			p.Code = outcome.Code(r.text(v))
		case "r":
			p.Row = r.number(v)
		case "l":
			p.Line = r.number(v)
		case "col":
			p.Column = r.text(v)
		case "attr":
			p.Attribute = r.text(v)
		case "v":
			p.Value = r.text(v)
		case "vi":
			r.valueOf(len(o.Problems), r.number(v))
		case "part":
			p.Part = r.text(v)
		case "sev":
			p.Severity = outcome.Severity(r.text(v))
		case "m":
			p.Message = r.text(v)
		case "hint":
			p.Hint = r.text(v)
		default:
			r.unknown(name)
		}
	})
	o.Problems = append(o.Problems, p)
}

// valueOf notes that a problem's value is a cell; the cells come later.
func (r *resultReader) valueOf(problem, cell int) {
	if r.values == nil {
		r.values = map[int]int{}
	}
	r.values[problem] = cell
}

func (r *resultReader) change(_ string, v gjson.Result) {
	var c outcome.Change
	r.each(v, func(name string, v gjson.Result) {
		switch name {
		case "attr":
			c.Attribute = r.text(v)
		case "o":
			c.Old = r.text(v)
		case "n":
			c.New = r.text(v)
		case "d":
			c.Decision = outcome.Decision(r.text(v))
		default:
			r.unknown(name)
		}
	})
	r.e.Outcome.Changes = append(r.e.Outcome.Changes, c)
}

func (r *resultReader) text(v gjson.Result) string {
	if v.Type != gjson.String {
		r.fail("a member is no text")
		return ""
	}
	s := v.Str
	if err := unarmour(&s); err != nil {
		r.err = err
	}
	return s
}

func (r *resultReader) number(v gjson.Result) int {
	n, err := strconv.Atoi(v.Raw)
	if err != nil || v.Type != gjson.Number {
		r.fail("a member is no number")
	}
	return n
}

func (r *resultReader) fail(what string) {
	if r.err == nil {
		r.err = recordError("it has a record that cannot be read: " + what)
	}
}

func (r *resultReader) unknown(name string) {
	r.err = &VersionError{Reason: fmt.Sprintf("it has a result with a member %.40q that this program does not know", name)}
}
