package mapping

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// The codes of mistakes and warnings. They are stable.
const (
	codeSyntax       = "syntax"        // not YAML, or YAML that a mapping may not use
	codeTooLarge     = "too_large"     // beyond the limits on size or nesting
	codeDuplicate    = "duplicate_key" // a key that stands twice
	codeUnknownKey   = "unknown_key"   // a key that the grammar does not have
	codeWrongKind    = "wrong_kind"    // a list where a text is meant, and the like
	codeWrongWord    = "wrong_word"    // none of the words that may stand there
	codeMissingKey   = "missing_key"   // something that must be said and is not
	codeConflict     = "conflict"      // two things that cannot stand together
	codeNotSupported = "not_supported" // of the grammar, but not in this version

	codeColumn      = "unknown_column"     // the header does not have it
	codeAmbiguous   = "ambiguous_column"   // the header has it more than once, or without a name
	codeObject      = "unknown_object"     // the workspace does not have it
	codeAttribute   = "unknown_attribute"  // the object does not have it
	codeType        = "wrong_type"         // does not go with the attribute's type
	codeNotWritable = "not_writable"       // the API sets the attribute, nobody else can
	codeNotFilter   = "not_filterable"     // records cannot be found by the attribute
	codeNotUnique   = "not_unique"         // several records may have the same value
	codeRequired    = "required_attribute" // required, and not mapped
	codeValue       = "invalid_value"      // a constant, default or map target that is no value
	codeNoEffect    = "no_effect"          // allowed, but does nothing here
	codeNotCompared = "not_comparable"     // written by every run, changed or not
)

// Mistake is something wrong with a mapping file, located.
type Mistake struct {
	File    string // the file's name, as Parse was told
	Line    int    // from 1
	Column  int    // from 1, in characters
	Path    string // where in the document, such as values.mrr.decimal; may be empty
	Code    string // stable: unknown_key, unknown_column, ...
	Message string // what is wrong, in plain words
	Hint    string // what to do about it; may be empty
	Excerpt string // the line, and under it a caret; may be empty
}

// Error is the mistake in one line, without excerpt and hint.
func (m Mistake) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", m.File, m.Line, m.Column, m.Message)
}

// String is the mistake as a person is shown it: with excerpt and hint.
func (m Mistake) String() string {
	var b strings.Builder
	b.WriteString(m.Error())
	if m.Excerpt != "" {
		b.WriteString("\n" + m.Excerpt)
	}
	if m.Hint != "" {
		b.WriteString("\n    hint: " + m.Hint)
	}
	return b.String()
}

// Mistakes are all that is wrong with a mapping file, in the order of its lines.
type Mistakes []Mistake

// shownMistakes is how many mistakes Error prints; nobody reads more at once.
const shownMistakes = 50

// Error prints the mistakes one below the other, and how many it left out.
func (ms Mistakes) Error() string {
	texts := make([]string, 0, len(ms))
	for i, m := range ms {
		if i == shownMistakes {
			texts = append(texts, fmt.Sprintf("and %d more", len(ms)-i))
			break
		}
		texts = append(texts, m.String())
	}
	return strings.Join(texts, "\n")
}

// Unwrap gives each mistake to errors.As.
func (ms Mistakes) Unwrap() []error {
	errs := make([]error, len(ms))
	for i, m := range ms {
		errs[i] = m
	}
	return errs
}

// asError is ms as an error: nil, not an empty list, where nothing is wrong.
func (ms Mistakes) asError() error {
	if len(ms) == 0 {
		return nil
	}
	return ms
}

// sorted is ms by line and column, without repetitions.
func (ms Mistakes) sorted() Mistakes {
	out := slices.Clone(ms)
	slices.SortStableFunc(out, func(a, b Mistake) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return slices.Compact(out)
}
