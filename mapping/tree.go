package mapping

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// position is a place in the mapping file, from 1; columns count characters.
type position struct{ line, column int }

// kind is what a node of the document is.
type kind uint8

const (
	scalar kind = iota
	mapping
	sequence
)

func (k kind) String() string {
	return [...]string{"a text", "a map", "a list"}[k]
}

// node is one node of the document, with the place where it stands. It is all
// that the grammar sees of YAML: scalars are the text that was written, so that
// a column may be called no, on, 2024 or NULL without quotes.
type node struct {
	at      position
	keyAt   position // of the key that it stands under; line 0 if none
	path    string   // values.mrr.decimal
	kind    kind
	text    string  // of a scalar
	null    bool    // an unquoted null or ~, or nothing at all
	nothing bool    // nothing at all: "key:"
	broken  bool    // already told to be wrong: nothing more is said about it
	entries []entry // of a map, in order, without duplicates
	items   []*node // of a list
}

// name is the node's key as a place: what is wrong there concerns the key, not
// what it says.
func (n *node) name() *node {
	if n.keyAt.line == 0 {
		return n
	}
	return &node{at: n.keyAt, path: n.path, broken: n.broken}
}

// without is a map without the entries that were told to be wrong already.
func (n *node) without(wrong func(entry) bool) *node {
	rest := *n
	rest.entries = slices.DeleteFunc(slices.Clone(n.entries), wrong)
	return &rest
}

// entry is a key of a map and what stands under it.
type entry struct {
	key   string
	at    position
	value *node
}

// flaw is a mistake that has not been given its file and excerpt yet.
type flaw struct {
	at            position
	path          string
	code          string
	message, hint string
}

// treeBuilder turns the parser's nodes into ours and collects what is wrong.
type treeBuilder struct {
	lines []string
	flaws []flaw
}

// parseTree reads a text that passed guard. The node is nil where the text is
// no YAML at all.
func parseTree(text string, lines []string) (*node, []flaw) {
	file, err := parseYAML(text)
	if err != nil {
		return nil, []flaw{syntaxFlaw(err, lines)}
	}
	b := &treeBuilder{lines: lines}
	if len(file.Docs) > 1 {
		b.secondDocument(file.Docs[1])
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return &node{at: position{1, 1}, kind: mapping}, b.flaws
	}
	return b.node(file.Docs[0].Body, ""), b.flaws
}

func (b *treeBuilder) flaw(n *node, message, hint string) {
	b.flaws = append(b.flaws, flaw{n.at, n.path, codeSyntax, message, hint})
}

func (b *treeBuilder) secondDocument(doc *ast.DocumentNode) {
	at := position{1, 1}
	switch {
	case doc.Start != nil:
		at = b.place(doc.Start)
	case doc.Body != nil:
		at = b.place(doc.Body.GetToken())
	}
	b.flaw(&node{at: at}, "there is a second document", "a mapping is one document: keep one and put the other into a file of its own")
}

// place is where a token stands.
func (b *treeBuilder) place(tk *token.Token) position {
	if tk == nil || tk.Position == nil {
		return position{1, 1}
	}
	return position{min(max(tk.Position.Line, 1), len(b.lines)), max(tk.Position.Column, 1)}
}

// node converts what stands at path.
func (b *treeBuilder) node(in ast.Node, path string) *node {
	n := &node{at: b.place(in.GetToken()), path: path}
	switch in := in.(type) {
	case *ast.MappingNode:
		b.mapping(n, in)
	case *ast.MappingValueNode:
		b.mapping(n, ast.Mapping(in.Start, false, in))
	case *ast.SequenceNode:
		n.kind = sequence
		for i, item := range in.Values {
			n.items = append(n.items, b.node(item, path+"["+strconv.Itoa(i)+"]"))
		}
	case *ast.LiteralNode:
		n.text = in.Value.Value
	case *ast.StringNode:
		n.text = in.Value
	case *ast.NullNode:
		n.null, n.nothing = true, in.Token.Type == token.ImplicitNullType
		n.text = in.Token.Value
	case *ast.AnchorNode:
		b.flaw(n, "anchors (&name) are not supported", "write the text out where it is used; a text that starts with & needs quotes")
		n.broken = true
	case *ast.AliasNode:
		b.flaw(n, "aliases (*name) are not supported", "write the text out; a text that starts with * needs quotes")
		n.broken = true
	case *ast.TagNode:
		b.flaw(n, "tags ("+in.Start.Value+") are not supported", "leave the tag out, all texts are read as they stand")
		n.broken = true
	default:
		if tk := in.GetToken(); tk != nil {
			n.text = tk.Value
		}
	}
	return n
}

// mapping converts the entries of a map and refuses keys that stand twice.
func (b *treeBuilder) mapping(n *node, in *ast.MappingNode) {
	n.kind = mapping
	if !in.IsFlowStyle && len(in.Values) > 0 {
		n.at = b.place(in.Values[0].Key.GetToken())
	}
	first := make(map[string]position, len(in.Values))
	for _, pair := range in.Values {
		key, ok := b.key(pair.Key, n.path)
		if !ok {
			continue
		}
		key.value = b.node(pair.Value, join(n.path, key.key))
		key.value.keyAt = key.at
		if seen, twice := first[key.key]; twice {
			b.flaws = append(b.flaws, flaw{key.at, join(n.path, key.key), codeDuplicate,
				fmt.Sprintf("%s stands twice: in line %d, column %d, and here", quote(key.key), seen.line, seen.column),
				"delete one of the two"})
			continue
		}
		first[key.key] = key.at
		n.entries = append(n.entries, key)
	}
}

// key converts the key of an entry; not ok if no mapping has such keys.
func (b *treeBuilder) key(in ast.MapKeyNode, path string) (entry, bool) {
	e := entry{at: b.place(in.GetToken())}
	n := &node{at: e.at, path: path}
	switch in := in.(type) {
	case *ast.StringNode:
		e.key = in.Value
	case *ast.MergeKeyNode:
		b.flaw(n, "merge keys (<<) are not supported", "write the entries out where they are used")
		return e, false
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode, *ast.NanNode, *ast.InfinityNode:
		e.key = in.GetToken().Value
	default:
		b.flaw(n, "this cannot be a key", "a key is a plain text, in quotes if it has special characters")
		return e, false
	}
	return e, true
}

// join is the path of a key in a map.
func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
