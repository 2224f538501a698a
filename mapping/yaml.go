package mapping

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// parseYAML keeps a bug of the parser from ending the program: the text comes
// from outside, and a broken one is a mistake of the mapping like any other.
func parseYAML(text string) (file *ast.File, err error) {
	defer func() {
		if p := recover(); p != nil {
			file, err = nil, fmt.Errorf("the text cannot be read as YAML")
		}
	}()
	return parser.ParseBytes([]byte(text), 0, parser.AllowDuplicateMapKey())
}

// yamlHints explain the parser's messages to somebody who does not write YAML
// every day.
var yamlHints = []struct{ message, hint string }{
	{"undefined alias", `a text that starts with * needs quotes: "*"`},
	{"undefined anchor", `a text that starts with & needs quotes`},
	{"mapping value is not allowed", `a text with ": " in it needs quotes`},
	{"flow map content", `a text that starts with * or & needs quotes: "*"`},
	{"cannot start any token", "indent with spaces, not tabs; a text that starts with @, ` or % needs quotes"},
	{"end token", "a bracket or brace is not closed; a text that starts with [ or { needs quotes"},
	{"end of a quoted", "a quote is not closed"},
	{"could not find end character", "a quote is not closed"},
	{"invalid key", "is the line indented like its neighbours?"},
	{"non-map value", "is the line indented like its neighbours, and is there a space after the colon?"},
	{"unexpected key", "is the line indented like its neighbours?"},
}

// syntaxFlaw locates an error of the parser.
func syntaxFlaw(err error, lines []string) flaw {
	f := flaw{at: position{1, 1}, code: codeSyntax}
	var located yaml.Error
	if !errors.As(err, &located) {
		f.message = "not YAML: " + printable([]rune(err.Error()))
		return f
	}
	// Not located.Error(): it draws an excerpt, in time square to the text.
	f.message = "not YAML: " + printable([]rune(located.GetMessage()))
	if tk := located.GetToken(); tk != nil && tk.Position != nil {
		f.at = position{min(max(tk.Position.Line, 1), len(lines)), max(tk.Position.Column, 1)}
	}
	for _, h := range yamlHints {
		if strings.Contains(f.message, h.message) {
			f.hint = h.hint
			break
		}
	}
	return f
}
