package journal

import (
	"bytes"
	"fmt"
)

// take changes the state by one record. The first member of a line is its kind.
//
// Most lines are about rows, and a row has several of them: of those only the
// row and the generation are read here. What they say is decoded when it is asked for.
func (l *Log) take(line []byte, offset int64) error {
	kind, ok := firstName(line)
	if !ok {
		return recordError("it has a line that is not a record")
	}
	if l.header == nil && kind != "run" {
		return recordError("it does not begin with the run")
	}
	switch kind {
	case "i", "r", "u":
		return l.takeRow(line, kind, offset)
	case "x":
		return l.takeReference(line, offset)
	case "run":
		return l.takeHeader(line)
	case "gen":
		return l.takeGeneration(line)
	}
	return l.takeRare(line, kind)
}

func (l *Log) takeRow(line []byte, kind string, offset int64) error {
	row, generation, ok := rowOf(line[len(`{"i":`):])
	switch {
	case !ok || !isRow(row):
		return recordError("it has a record without a row")
	case generation != l.generation():
		return recordError(fmt.Sprintf("it has a record of generation %d in generation %d", generation, l.generation()))
	}
	l.complete = false
	if kind != "i" {
		l.rows.setResult(row, offset, generation)
		delete(l.open, row)
		return nil
	}
	s := l.open[row]
	if s == nil {
		s = &sent{}
		l.open[row] = s
	}
	s.push(place{offset, l.processes})
	return nil
}

func (l *Log) takeReference(line []byte, offset int64) error {
	intent, err := decodeIntent(line)
	if err != nil {
		return err
	}
	l.complete = false
	l.references[intent.Reference] = offset
	l.asked[intent.Reference] = true
	return nil
}

func (l *Log) takeHeader(line []byte) error {
	if l.header != nil {
		return recordError("it begins the run again")
	}
	// The version is known even if the rest is not: it tells who can read it.
	l.header = &Header{Program: programOf(line)}
	var h Header
	if err := decodeRecord(line, &h); err != nil {
		return err
	}
	var err error
	if h.Flags, err = mapTexts(h.Flags, unarmour); err != nil {
		return err
	}
	h.Schema, h.Info = orNil(h.Schema), orNil(h.Info)
	l.header = &h
	return nil
}

func (l *Log) takeGeneration(line []byte) error {
	var g Generation
	if err := decodeRecord(line, &g); err != nil {
		return err
	}
	if g.Number != l.generation()+1 {
		return recordError(fmt.Sprintf("it has generation %d after generation %d", g.Number, l.generation()))
	}
	l.generations, l.complete = append(l.generations, g), false
	return nil
}

// takeRare takes the records that are not about the sheets or their rows' writes.
func (l *Log) takeRare(line []byte, kind string) error {
	switch kind {
	case "open":
		l.processes++
		return decodeRecord(line, &openRecord{})
	case "web":
		var w webRecord
		if err := decodeRecord(line, &w); err != nil {
			return err
		}
		if !l.web.known() {
			l.web = web{w.Before, w.After}
		}
	case "made":
		var m madeRecord
		if err := decodeRecord(line, &m); err != nil {
			return err
		}
		l.complete = false
		delete(l.references, m.Reference)
	case "back":
		return l.takeBack(line)
	case "act":
		var a actorRecord
		if err := decodeRecord(line, &a); err != nil {
			return err
		}
		l.actor = a.ID
	case "end":
		var e End
		if err := decodeRecord(line, &e); err != nil {
			return err
		}
		l.ends, l.ended, l.complete = append(l.ends, e), true, e.Complete
	default:
		return &VersionError{Reason: fmt.Sprintf("it has a record %.40q that this program does not know", kind)}
	}
	return nil
}

// takeBack makes rows what they were before this process had intents for them.
// Those of a dead process stay: it may have sent them.
func (l *Log) takeBack(line []byte) error {
	var b backRecord
	if err := decodeRecord(line, &b); err != nil {
		return err
	}
	l.complete = false
	for _, row := range b.Rows {
		if s := l.open[row]; s != nil && !s.withdraw(l.processes) {
			delete(l.open, row)
		}
	}
	return nil
}

// firstName returns the name of an object's first member.
func firstName(line []byte) (string, bool) {
	rest, ok := bytes.CutPrefix(line, []byte(`{"`))
	if !ok {
		return "", false
	}
	name, rest, ok := bytes.Cut(rest, []byte(`":`))
	if !ok || len(rest) < 2 {
		return "", false
	}
	switch string(name) { // without an allocation for those of which there are many
	case "i":
		return "i", true
	case "r":
		return "r", true
	case "u":
		return "u", true
	}
	return string(name), true
}

// rowOf reads the row and the generation, which stand first, from the value
// of the first member on.
func rowOf(b []byte) (row, generation int, ok bool) {
	row, b, ok = leadingInt(b)
	if !ok {
		return 0, 0, false
	}
	if rest, found := bytes.CutPrefix(b, []byte(`,"g":`)); found {
		generation, b, ok = leadingInt(rest)
	}
	return row, generation, ok && len(b) > 0 && (b[0] == ',' || b[0] == '}')
}

func leadingInt(b []byte) (n int, rest []byte, ok bool) {
	i := 0
	for ; i < len(b) && i < 11 && b[i] >= '0' && b[i] <= '9'; i++ {
		n = n*10 + int(b[i]-'0')
	}
	return n, b[i:], i > 0
}
