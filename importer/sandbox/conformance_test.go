package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// document is the official contract. It is not part of this project; it lies beside the checkout.
const document = "../../../shared/attio-openapi.json"

// TestConformance walks all tours through a server whose every exchange is held against the official document: the
// body of each request that succeeds, and each reply.
func TestConformance(t *testing.T) {
	doc := loadDocument(t)
	for name, tour := range tours {
		t.Run(name, func(t *testing.T) {
			c := watched(t, doc, Options{Seed: []byte(testSeed), AutoCompany: true})
			tour(c)
		})
	}
}

// watched serves with every exchange held against the document.
func watched(t *testing.T, doc *openapi3.T, opts Options) *client {
	c, _ := serveWitness(t, &witness{t: t, doc: doc}, opts)
	return c
}

func serveWitness(t *testing.T, w *witness, opts Options) (*client, *witness) {
	c := serve(t, opts)
	h := httptest.NewServer(w.watch(c.server.Handler()))
	t.Cleanup(func() {
		h.Close()
		w.settle()
	})
	c.url = h.URL
	return c, w
}

// serveWatched is watched where the document is there, and serve where it is not.
func serveWatched(t *testing.T, opts Options) *client {
	if _, err := os.Stat(document); err != nil {
		return serve(t, opts)
	}
	return watched(t, loadDocument(t), opts)
}

func loadDocument(t *testing.T) *openapi3.T {
	t.Helper()
	if _, err := os.Stat(document); err != nil {
		t.Skipf("the OpenAPI document is not beside the checkout: %v", err)
	}
	doc, err := amendedDocument()
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// amendedDocument is read once; tests only look at it.
var amendedDocument = sync.OnceValues(func() (*openapi3.T, error) {
	raw, err := os.ReadFile(document)
	if err != nil {
		return nil, err
	}
	var tree any
	if err := json.Unmarshal(raw, &tree); err != nil {
		return nil, err
	}
	for _, a := range amendments {
		if n := visit(tree, "", a.path, a.mend); n == 0 {
			return nil, fmt.Errorf("amendment %s (%s) fits nothing: is the document mended?", a.path, a.reason)
		}
	}
	if raw, err = json.Marshal(tree); err != nil {
		return nil, err
	}
	return openapi3.NewLoader().LoadFromData(raw)
})

// amendments are what the document gets wrong, each with the reason. They are made to the objects whose path ends as
// named and for which mend reports true; everything else must fit as it stands.
var amendments = []struct {
	path, reason string
	mend         func(schema map[string]any) bool
}{
	{"/values/additionalProperties", "the description allows a bare value where there can be one", without("type")},
	{"/entry_values/additionalProperties", "the description allows a bare value where there can be one", without("type")},
	{"/properties/value", "timestamps are given the format of dates", func(schema map[string]any) bool {
		return schema["format"] == "date" && without("format")(schema)
	}},
	{"/properties/id", "nullable is a word of OpenAPI 3.0; the system has no id (live)", func(schema map[string]any) bool {
		if schema["nullable"] != true {
			return false
		}
		schema["type"] = []string{"string", "null"}
		return true
	}},
	{"/400/content/application/json/schema/properties/code", "the list of codes is not complete (live)", without("enum")},
}

// newer are operations, and statuses of operations, that the document does not have but the live API was seen to have,
// or that must be there for want of another answer.
var newer = []struct{ operation, reason string }{
	{"PATCH /v2/notes/{note_id}", "added after the document (changelog)"},
	{"POST /v2/objects/{object}/records/merge", "added after the document (changelog)"},
	{"* 401", "said in the authentication guide, for all operations (texts live)"},
	{"* 403", "scopes are listed per operation, their refusal is not"},
	{"* 429", "said in the rate-limiting guide, for all operations"},
	{"unknown 404", "an operation that does not exist (live)"},
	{"GET /v2/self 400", "tokens of another shape (live)"},
	{"POST /v2/objects 400", "a body of the wrong shape is refused as everywhere"},
	{"GET /v2/notes 400", "the limit of 50 is documented, its refusal is not"},
	{"POST /v2/notes 400", "dates in the future are refused, how is not said"},
	{"GET /v2/{target}/{identifier}/attributes/{attribute}/options 400", "the refusal is that of POST"},
	{"GET /v2/{target}/{identifier}/attributes/{attribute}/statuses 400", "the refusal is that of POST"},
}

func isNewer(operation string) bool {
	return slices.ContainsFunc(newer, func(n struct{ operation, reason string }) bool { return n.operation == operation })
}

// visit calls mend for the objects of the tree whose path has the ending, and counts those that were mended.
func visit(node any, path, ending string, mend func(map[string]any) bool) int {
	n := 0
	switch node := node.(type) {
	case map[string]any:
		if strings.HasSuffix(path, ending) && mend(node) {
			n++
		}
		for key, child := range node {
			n += visit(child, path+"/"+key, ending, mend)
		}
	case []any:
		for _, child := range node {
			n += visit(child, path, ending, mend)
		}
	}
	return n
}

// without removes a key.
func without(key string) func(map[string]any) bool {
	return func(schema map[string]any) bool {
		_, there := schema[key]
		delete(schema, key)
		return there
	}
}

// witness holds exchanges against the document.
type witness struct {
	t      *testing.T
	doc    *openapi3.T
	client bool // requests are held against it also when they are refused
	mu     sync.Mutex
	held   int // exchanges
	bodies map[*openapi3.SchemaRef][]any
	what   map[*openapi3.SchemaRef]string
}

func (w *witness) watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		request, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(request))
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		if strings.HasPrefix(r.URL.Path, "/v2/") {
			w.check(r, request, rec)
		}
		for k, v := range rec.Header() {
			rw.Header()[k] = v
		}
		rw.WriteHeader(rec.Code)
		rw.Write(rec.Body.Bytes())
	})
}

func (w *witness) check(r *http.Request, request []byte, rec *httptest.ResponseRecorder) {
	w.mu.Lock()
	defer w.mu.Unlock()
	path, op := w.operation(r)
	name := r.Method + " " + path
	if op == nil {
		known := isNewer(r.Method + " " + strings.Replace(path, "records/{record_id}", "records/merge", 1))
		if unknown := strings.Contains(rec.Body.String(), "Could not find endpoint") && isNewer("unknown "+strconv.Itoa(rec.Code)); !known && !unknown {
			w.t.Errorf("%s: the document has no such operation", name)
		}
		return
	}
	w.held++
	for key := range r.URL.Query() {
		if op.Parameters.GetByInAndName(openapi3.ParameterInQuery, key) == nil {
			w.t.Errorf("%s: the document has no parameter %s", name, key)
		}
	}
	if (rec.Code == http.StatusOK || w.client) && op.RequestBody != nil {
		w.fits(name+", request", op.RequestBody.Value.Content.Get("application/json").Schema, request)
	}
	reply := op.Responses.Value(strconv.Itoa(rec.Code))
	if reply == nil {
		if code := " " + strconv.Itoa(rec.Code); !isNewer(name+code) && !isNewer("*"+code) {
			w.t.Errorf("%s: the document has no status %d: %s", name, rec.Code, rec.Body)
		}
		return
	}
	w.fits(name+", reply", reply.Value.Content.Get("application/json").Schema, rec.Body.Bytes())
}

// operation finds what the document says about a request; a literal step goes before a parameter.
func (w *witness) operation(r *http.Request) (string, *openapi3.Operation) {
	best, found := -1, ""
	for path := range w.doc.Paths.Map() {
		if literal := literalSteps(path, r.URL.EscapedPath()); literal > best {
			best, found = literal, path
		}
	}
	if found == "" {
		return r.URL.Path, nil
	}
	return found, w.doc.Paths.Value(found).GetOperation(r.Method)
}

// literalSteps counts the steps that are the same in both, or is -1 if the path does not match.
func literalSteps(pattern, path string) int {
	want, have := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(have) {
		return -1
	}
	n := 0
	for i := range want {
		switch {
		case want[i] == have[i]:
			n++
		case !strings.HasPrefix(want[i], "{"):
			return -1
		}
	}
	return n
}

// fits notes a body that must fit the schema; settle looks at it.
func (w *witness) fits(what string, schema *openapi3.SchemaRef, body []byte) {
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		w.t.Errorf("%s: %v in %s", what, err, body)
		return
	}
	if w.bodies == nil {
		w.bodies = map[*openapi3.SchemaRef][]any{}
		w.what = map[*openapi3.SchemaRef]string{}
	}
	w.bodies[schema] = append(w.bodies[schema], v)
	w.what[schema] = what
}

// settle holds all bodies against their schemas: those of one schema as one array, because a schema is compiled for
// each call, which costs more than all the bodies do.
func (w *witness) settle() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for schema, bodies := range w.bodies {
		all := &openapi3.Schema{Type: &openapi3.Types{"array"}, Items: schema}
		if all.VisitJSON(bodies, openapi3.EnableJSONSchema2020()) == nil {
			continue
		}
		for _, body := range bodies {
			if err := schema.Value.VisitJSON(body, openapi3.EnableJSONSchema2020()); err != nil {
				w.t.Errorf("%s: %.600s\nin %v", w.what[schema], err, body)
			}
		}
	}
	if w.held == 0 {
		w.t.Error("nothing was held against the document")
	}
}
