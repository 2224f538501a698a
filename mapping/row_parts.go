package mapping

import (
	"slices"
	"strings"

	"attio-import/importer/outcome"
	"attio-import/mapping/schema"
	"attio-import/mapping/value"
)

// maxParts is how many parts a value can have; a location has ten.
const maxParts = 12

// compose puts a value together from its parts. It says a value only if one of
// the cells is filled, so that a constant country alone makes no location;
// defaults alone make one that stands in.
func (r *row) compose(f *field) (standIn bool) {
	var buf [maxParts]boundText
	parts, cells, defaults := r.parts(buf[:0], f)
	if len(parts) == 0 || !cells && !defaults && f.column != "" {
		return false
	}
	before := len(r.rec.values)
	r.composed(f, parts)
	return !cells && defaults && len(r.rec.values) > before
}

// boundText is the text of a part in this row.
type boundText struct {
	part *part
	text string
}

// parts gathers the texts of a value's parts, and whether any comes from a
// cell or a default.
func (r *row) parts(to []boundText, f *field) (parts []boundText, cells, defaults bool) {
	for i := range f.parts {
		p := &f.parts[i]
		text := p.constant
		if text == "" {
			text = r.part(f, p)
			cells = cells || text != ""
		}
		if text == "" && p.fallback != "" {
			text, defaults = p.fallback, true
		}
		if text != "" {
			to = append(to, boundText{p, text})
		}
	}
	return to, cells, defaults
}

// part is the text of one part's cell; empty if it is blank or left out.
func (r *row) part(f *field, p *part) string {
	text := p.source.clean(r.cell(p.source.column))
	if text == "" || p.source.mapped == nil {
		return text
	}
	text, ok := r.mapText(f, &p.source, text)
	if !ok {
		return ""
	}
	return text
}

// composed adds the value that texts make. A text that is wrong is told with
// its column; where the mapping lets it be left out, the rest makes the value.
func (r *row) composed(f *field, texts []boundText) {
	if r.failed {
		return
	}
	for {
		v, err := composeTexts(f.partsOf, texts)
		if err == nil {
			r.whole(f, v)
			return
		}
		i := wrongText(texts, err)
		switch {
		case i >= 0:
			r.invalid(f, &texts[i].part.source, "", err)
			texts = slices.Delete(texts, i, i+1)
		case r.failed || r.dropped: // what is wrong with the rest follows from that
			return
		default:
			r.invalid(f, &source{column: f.keyColumn()}, "", err)
			return
		}
	}
}

// whole adds a value that was put together, if all of it did not go.
func (r *row) whole(f *field, v value.Value) {
	if r.failed || v.IsZero() {
		return
	}
	if note := v.Note(); note != nil {
		r.problem(outcome.Warning, f, f.keyColumn(), outcome.Code(note.Code), note.Message, note.Hint)
	}
	r.rec.values = append(r.rec.values, v)
}

func composeTexts(t schema.Type, texts []boundText) (value.Value, error) {
	var buf [maxParts]value.Part
	parts := buf[:0]
	for _, text := range texts {
		parts = append(parts, value.Part{Name: text.part.name, Text: text.text})
	}
	return value.Compose(t, parts)
}

// wrongText is the text that an error of composing is about: its part's name
// stands in front of the message. -1 if it is about the whole.
func wrongText(texts []boundText, err error) int {
	message, _ := errorText(err)
	name, _, _ := strings.Cut(message, ": ")
	return slices.IndexFunc(texts, func(t boundText) bool { return t.part.name == name })
}
