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
			r.said.Default |= p.set
		}
		if text != "" {
			to = append(to, boundText{p, text})
		}
	}
	return to, cells, defaults
}

// part is the text of one part's cell; empty if it is blank or left out. Only
// a blank one may clear what is stored.
func (r *row) part(f *field, p *part) string {
	text := p.source.clean(r.cell(p.source.column))
	if text != "" && p.source.mapped != nil {
		mapped, ok := r.mapText(f, &p.source, text)
		if _, word := p.source.mapped.find(text); ok || word != "" {
			return mapped
		}
		text = "" // the map says that it counts as blank
	}
	if text == "" && f.clear && p.fallback == "" {
		r.said.Cleared |= p.set
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
			r.whole(f, v, texts)
			return
		}
		i := wrongText(texts, err)
		if i >= 0 {
			r.invalid(f, &texts[i].part.source, "", err)
		} else if i = r.apart(f, texts, err); i < 0 {
			return
		}
		texts = slices.Delete(texts, i, i+1)
	}
}

// apart tells of texts that do not go together, unless that follows from what
// was told already, and gives the one to leave out; -1 if the value goes.
func (r *row) apart(f *field, texts []boundText, err error) int {
	i := loneCoordinate(texts)
	s := source{column: f.keyColumn()}
	if i >= 0 {
		s = source{column: f.coordinateColumn(texts[i].part), skip: texts[i].part.source.skip}
	}
	if !r.failed && !r.dropped {
		r.invalid(f, &s, "", err)
	}
	return i
}

// loneCoordinate is the latitude without a longitude, or the reverse, which
// the error of composing is about where it names no part; -1 if there is none.
func loneCoordinate(texts []boundText) int {
	return slices.IndexFunc(texts, func(t boundText) bool { return isCoordinate(t.part) })
}

// coordinateColumn is the column of a coordinate; where it is a constant, of the
// other one.
func (f *field) coordinateColumn(p *part) column {
	if p.source.column.index != noColumn {
		return p.source.column
	}
	for i := range f.parts {
		if other := &f.parts[i]; isCoordinate(other) && other.source.column.index != noColumn {
			return other.source.column
		}
	}
	return f.keyColumn()
}

func isCoordinate(p *part) bool { return p.name == "latitude" || p.name == "longitude" }

// whole adds the value that texts were put together to, if all of it did not go.
func (r *row) whole(f *field, v value.Value, texts []boundText) {
	if r.failed || v.IsZero() {
		return
	}
	for _, t := range texts {
		r.said.Given |= t.part.set &^ r.said.Default
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
