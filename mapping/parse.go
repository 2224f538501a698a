package mapping

import (
	"fmt"
	"strings"
	"time"
)

// version is the version of the grammar that this package reads.
const version = "1"

// Parse reads a mapping file; name is for messages. The error is of type
// [Mistakes] and holds every mistake that shows without a header and a schema.
// Unless the text is no YAML at all, the File is given beside the mistakes:
// Bind then adds its own to them, so that a person is told all at once.
func Parse(name string, text []byte) (*File, error) {
	f := &File{Name: name, Text: text, duplicates: DuplicatesReject, blank: blankSkip}
	normal := normalize(text)
	f.lines = strings.Split(normal, "\n")
	if flaw := guard(normal, f.lines); flaw != nil {
		f.add(*flaw)
		return nil, f.mistakes
	}
	root, flaws := parseTree(normal, f.lines)
	for _, flaw := range flaws {
		f.add(flaw)
	}
	if root == nil {
		return nil, f.mistakes
	}
	f.root = root
	(&reader{f}).document(root)
	f.mistakes = f.mistakes.sorted()
	return f, f.mistakes.asError()
}

// add gives a flaw its file and excerpt.
func (f *File) add(flaw flaw) {
	f.mistakes = append(f.mistakes, f.located(flaw))
}

func (f *File) located(flaw flaw) Mistake {
	return Mistake{File: f.Name, Line: flaw.at.line, Column: flaw.at.column, Path: flaw.path, Code: flaw.code,
		Message: flaw.message, Hint: flaw.hint, Excerpt: excerpt(f.lines, flaw.at)}
}

// reader checks the document against the grammar and fills the File.
type reader struct{ file *File }

// document reads the top level.
func (r *reader) document(root *node) {
	f := r.file
	f.keys = map[string]*node{}
	said := r.fields(root, "a mapping file", fields{
		"version":     r.version,
		"workspace":   r.textInto(&f.Workspace),
		"object":      r.textInto(&f.Object),
		"mode":        func(n *node) { wordInto(r, n, &f.Mode, Create, Update, Upsert) },
		"match":       func(n *node) { f.match = r.texts(n) },
		"duplicates":  r.duplicates,
		"marker":      r.nodeInto(&f.marker),
		"on_existing": r.unsupported("single values are overwritten, multi-valued ones appended; remove the key"),
		"blank":       func(n *node) { wordInto(r, n, &f.blank, blankSkip, blankClear) },
		"blank_key":   func(n *node) { wordInto(r, n, &f.blankKey, blankKeyReject, blankKeyCreate) },
		"null_values": func(n *node) { f.nulls = r.texts(n) },
		"timezone":    func(n *node) { f.timezone = textOf(r.timezone(n)) },
		"values":      func(n *node) { f.values = r.values(n) },
	})
	f.keys = said
	r.mode()
	r.needValues(root)
}

func (r *reader) version(n *node) {
	if v := r.text(n); v != nil && v.text != version {
		r.mistake(n, codeNotSupported, "write version: "+version, "version %s of the mapping grammar is not known to this program", quote(v.text))
	}
}

func (r *reader) duplicates(n *node) {
	if n.kind == scalar && n.text == "merge" {
		r.mistake(n, codeNotSupported, "use reject or last", "duplicates: merge is not supported yet")
		return
	}
	wordInto(r, n, &r.file.duplicates, DuplicatesReject, DuplicatesLast)
}

// unsupported refuses a key of the grammar that this version does not carry
// out: reading it and doing nothing would be worse.
func (r *reader) unsupported(hint string) func(*node) {
	return func(n *node) {
		r.mistake(n.name(), codeNotSupported, hint, "%s is not supported yet", lastKey(n.path))
	}
}

// timezone reads the name of a zone; nil if there is none of that name.
func (r *reader) timezone(n *node) *node {
	zone := r.text(n)
	if zone == nil {
		return nil
	}
	if _, err := time.LoadLocation(zone.text); err != nil || zone.text == "Local" {
		r.mistake(n, codeWrongWord, "use a name of the IANA database, such as Europe/Berlin or UTC", "there is no time zone %s", quote(zone.text))
		return nil
	}
	return zone
}

// mode settles the mode where the file does not say it, and checks that it has
// the match that it needs.
func (r *reader) mode() {
	f := r.file
	mode, saysMode := f.keys["mode"]
	_, saysMatch := f.keys["match"]
	switch {
	case !saysMode && saysMatch:
		f.Mode = Upsert
	case !saysMode:
		r.mistake(r.anchor("object", "values"), codeMissingKey,
			"write  mode: create  to make new records only, or  match: ATTRIBUTE  to update those that exist",
			"the mapping does not say its mode")
	case !saysMatch && (f.Mode == Upsert || f.Mode == Update):
		r.mistake(mode, codeMissingKey, "add  match: ATTRIBUTE", "mode %s needs match: the attribute that identifies a record", f.Mode)
	case saysMatch && f.Mode == Update && f.blankKey == blankKeyCreate:
		r.mistake(f.keys["blank_key"].name(), codeConflict, "remove it", "blank_key: create has no meaning in mode update, which creates nothing")
	}
}

// anchor is where a mistake about the file as a whole is told: at the first of
// the keys that stands there.
func (r *reader) anchor(keys ...string) *node {
	for _, key := range keys {
		for _, e := range r.file.root.entries {
			if e.key == key {
				return &node{at: e.at}
			}
		}
	}
	return &node{at: r.file.root.at}
}

func (r *reader) needValues(root *node) {
	if n, ok := r.file.keys["values"]; ok {
		if n.kind == mapping && len(n.entries) == 0 && !n.broken {
			r.mistake(n, codeMissingKey, "add a line per attribute, such as  name: Account name", "values maps no attribute")
		}
		return
	}
	if root.kind == mapping {
		r.mistake(&node{at: root.at}, codeMissingKey, "add values: with a line per attribute, such as  name: Account name", "the mapping has no values")
	}
}

// mistake notes that something is wrong with a node.
func (r *reader) mistake(n *node, code, hint, format string, args ...any) {
	if n.broken {
		return
	}
	r.file.add(flaw{n.at, n.path, code, fmt.Sprintf(format, args...), hint})
}

// lastKey is the key at the end of a path.
func lastKey(path string) string {
	return path[strings.LastIndexByte(path, '.')+1:]
}

// textOf is the text of a node that may be missing.
func textOf(n *node) string {
	if n == nil {
		return ""
	}
	return n.text
}
