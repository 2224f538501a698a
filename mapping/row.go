package mapping

import (
	"strings"

	"attio-import/importer/outcome"
	"attio-import/mapping/value"
)

// Row turns the cells of a row into a record. It never fails: all that is
// wrong with the row stands in the record's Problems. The result depends on
// the arguments alone. number is 1 for the first row under the header, line
// the row's first physical line; cells that are missing count as blank.
//
// The record's strings may share memory with the cells.
func (p *Plan) Row(number, line int, cells []string) *Record {
	rec := &Record{
		Fields: make([]Field, 0, len(p.fields)),
		Keys:   make([]Key, 0, len(p.match)),
		values: make([]value.Value, 0, len(p.fields)-p.references),
	}
	if p.references > 0 {
		rec.references = make([]Reference, 0, p.references)
	}
	p.RowInto(rec, number, line, cells)
	return rec
}

// RowInto is Row for a caller that is done with the record before the next
// one: rec is overwritten, and its memory used again.
func (p *Plan) RowInto(rec *Record, number, line int, cells []string) {
	*rec = Record{Row: number, Line: line, Fields: rec.Fields[:0], Keys: rec.Keys[:0], Problems: rec.Problems[:0],
		NewProblems: rec.NewProblems[:0], values: rec.values[:0], references: rec.references[:0]}
	if p.isBlank(cells) {
		rec.Blank = true
		return
	}
	rec.Marker = p.mark(number)
	r := row{plan: p, rec: rec, cells: cells}
	for i := range p.fields {
		rec.Fields = r.field(rec.Fields, &p.fields[i])
	}
	r.key()
	rec.Blank = !rec.Failed() && p.readsNothing(cells)
}

// isBlank reports whether no cell of a row says anything.
func (p *Plan) isBlank(cells []string) bool {
	for _, c := range cells {
		if c = value.Trim(c); c != "" && !p.nulls.has(c) {
			return false
		}
	}
	return true
}

// readsNothing reports whether no cell that the mapping reads says anything:
// defaults and constants alone make no record.
func (p *Plan) readsNothing(cells []string) bool {
	for _, i := range p.columns {
		if i >= len(cells) {
			continue
		}
		if c := value.Trim(cells[i]); c != "" && !p.nulls.has(c) {
			return false
		}
	}
	return true
}

// row is a row while it is being mapped.
type row struct {
	plan   *Plan
	rec    *Record
	cells  []string
	nested bool // the record is one that a reference may make

	keyFailed bool     // a cell of a key is wrong, and has been told
	blankKey  *field   // a key that is required and blank
	dropped   bool     // the field's value was wrong and is left out, or its map says skip
	failed    bool     // the field's value was wrong
	columns   []string // of the field's values, where it has several sources
	said      value.Said
}

// field appends what the row says about an attribute, if it says something.
func (r *row) field(to []Field, f *field) []Field {
	rec := r.rec
	r.dropped, r.failed, r.columns, r.said = false, false, nil, value.Said{}
	v, refs := len(rec.values), len(rec.references)
	standIn := false
	if len(f.parts) > 0 {
		standIn = r.compose(f)
	}
	for i := range f.sources {
		r.source(f, &f.sources[i], v, refs)
	}
	if len(rec.values) == v && len(rec.references) == refs && !r.failed && !r.dropped {
		standIn = r.standIn(f)
	}
	out := Field{Attribute: f.attr, Column: f.column, Default: standIn,
		Values: rec.values[v:len(rec.values):len(rec.values)], References: rec.references[refs:len(rec.references):len(rec.references)]}
	return r.settle(to, f, out)
}

// settle decides what becomes of an attribute whose values are found.
func (r *row) settle(to []Field, f *field, out Field) []Field {
	n := len(out.Values) + len(out.References)
	switch {
	case r.failed:
		r.keyFailed = r.keyFailed || f.key
	case n == 0 && f.required:
		r.missing(f)
	case n == 0 && f.clears() && !f.keyOnly && !r.dropped:
		out.Clear = true
		return append(to, out)
	case n > 1 && !f.attr.Multi:
		r.tooMany(f, n)
	}
	if n == 0 {
		return to
	}
	out.columns, out.said = r.columns, r.said
	if f.key {
		r.rec.Keys = out.appendKeys(r.rec.Keys)
	}
	if f.keyOnly {
		return to
	}
	return append(to, out)
}

// source adds the values of one source to those that the field has from v and
// refs on.
func (r *row) source(f *field, s *source, v, refs int) {
	if s.constant != nil {
		r.add(f, s, s.constant.value, s.constant.text, v, refs)
		return
	}
	cell := r.cell(s.column)
	text := s.clean(cell)
	if text == "" {
		return
	}
	if s.split == "" {
		r.text(f, s, text, v, refs)
		return
	}
	for rest, more := text, true; more; {
		text, rest, more = strings.Cut(rest, s.split)
		if text = s.clean(text); text != "" {
			r.text(f, s, text, v, refs)
		}
	}
}

// text adds the value of one text: map, convert.
func (r *row) text(f *field, s *source, text string, v, refs int) {
	if s.mapped != nil {
		var ok bool
		if text, ok = r.mapText(f, s, text); !ok {
			return
		}
	}
	country, isCell := r.country(s)
	val, err := s.convert(value.Text{Text: text, Country: country})
	switch {
	case err != nil && isCell && aboutCountry(err):
		r.invalid(f, &source{column: s.country.column, skip: s.skip}, country, err)
		return
	case err != nil:
		r.invalid(f, s, text, err)
		return
	}
	if note := val.Note(); note != nil {
		r.problem(outcome.Warning, f, s.column, outcome.Code(note.Code), note.Message, note.Hint)
	}
	r.add(f, s, val, text, v, refs)
}

// mapText looks a text up in a map; not ok if nothing is left to convert.
func (r *row) mapText(f *field, s *source, text string) (string, bool) {
	t, word := s.mapped.find(text)
	switch {
	case word == mapSkip:
		r.dropped = true
		return "", false
	case word == mapReject:
		r.refuse(f, s, text, outcome.NotInMap, "the mapping's map does not name "+quote(text), didYouMean(text, s.mapped.names, "it names"))
		return "", false
	}
	return t.text, !t.blank && t.text != ""
}

// add adds a value, or a reference whose key it is, unless the field has it.
func (r *row) add(f *field, s *source, v value.Value, text string, from, refsFrom int) {
	rec := r.rec
	if s.rule == nil {
		for i := from; i < len(rec.values); i++ {
			if rec.values[i].Equal(v) {
				return
			}
		}
		rec.values = append(rec.values, v)
		if len(f.sources) > 1 {
			r.columns = append(r.columns, s.column.name)
		}
		return
	}
	for i := refsFrom; i < len(rec.references); i++ {
		if rec.references[i].Rule == s.rule && rec.references[i].Key.Equal(v) {
			return
		}
	}
	ref := Reference{Rule: s.rule, Key: v, Column: s.column.name, Text: text}
	if s.rule.Missing == MissingCreate {
		r.newRecord(&ref, s, f)
	}
	rec.references = append(rec.references, ref)
}

// standIn adds the mapping's default where no cell says anything; the first
// source that has one decides.
func (r *row) standIn(f *field) bool {
	for i := range f.sources {
		if s := &f.sources[i]; s.fallback != nil {
			r.add(f, s, s.fallback.value, s.fallback.text, len(r.rec.values), len(r.rec.references))
			return true
		}
	}
	return false
}

// cell is the untransformed text of a column.
func (r *row) cell(c column) string {
	if c.index < 0 || c.index >= len(r.cells) {
		return ""
	}
	return r.cells[c.index]
}

// country is what the country of a phone number is for this row, and whether a
// cell says it.
func (r *row) country(s *source) (country string, isCell bool) {
	if s.country.column.index != noColumn {
		if c := s.clean(r.cell(s.country.column)); c != "" {
			return c, true
		}
	}
	return s.country.literal, false
}

// clean is a cell without spaces around it, and empty if it counts as blank.
func (s *source) clean(cell string) string {
	if s.trim {
		cell = value.Trim(cell)
	}
	if s.nulls.has(cell) {
		return ""
	}
	return cell
}
