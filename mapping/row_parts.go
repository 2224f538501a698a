package mapping

import (
	"attio-import/importer/outcome"
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

// composed adds the value that texts make. Where they make none, each is tried
// by itself, to tell whose cell is wrong and to leave out what may be.
func (r *row) composed(f *field, texts []boundText) {
	if r.failed {
		return
	}
	v, err := composeTexts(f, texts)
	if err != nil {
		rest := r.blame(f, texts, err)
		if r.failed || len(rest) == 0 {
			return
		}
		if v, err = composeTexts(f, rest); err != nil {
			r.invalid(f, &source{column: f.keyColumn()}, err)
			return
		}
	}
	if note := v.Note(); note != nil {
		r.problem(outcome.Warning, f, f.keyColumn(), outcome.Code(note.Code), note.Message, note.Hint)
	}
	r.rec.values = append(r.rec.values, v)
}

func composeTexts(f *field, texts []boundText) (value.Value, error) {
	var buf [maxParts]value.Part
	parts := buf[:0]
	for _, t := range texts {
		parts = append(parts, value.Part{Name: t.part.name, Text: t.text})
	}
	return value.Compose(f.attr.Type, parts)
}

// blame tells of the texts that are wrong by themselves and returns the
// others; if none is, the whole is wrong.
func (r *row) blame(f *field, texts []boundText, whole error) []boundText {
	var rest []boundText
	for _, t := range texts {
		if _, err := composeTexts(f, []boundText{t}); err != nil {
			r.invalid(f, &t.part.source, err)
			continue
		}
		rest = append(rest, t)
	}
	if len(rest) == len(texts) {
		r.invalid(f, &texts[0].part.source, whole)
	}
	return rest
}
