package sandbox

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// exchange sends a request without a connection. The reply must be JSON, and a refusal must have Attio's shape.
func exchange(t *testing.T, s *Server, method, path, body string) answer {
	t.Helper()
	r, err := http.NewRequest(method, "http://127.0.0.1"+path, strings.NewReader(body))
	if err != nil {
		t.Skip() // no server would see it
	}
	r.Header.Set("Authorization", "Bearer "+s.Token())
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	a := answer{w.Code, w.Header(), w.Body.String()}
	if !json.Valid([]byte(a.body)) || !utf8.ValidString(a.body) {
		t.Fatalf("%s %s %q: not JSON: %q", method, path, body, a.body)
	}
	if a.status == http.StatusOK {
		return a
	}
	if a.status >= 500 {
		t.Fatalf("%s %s %q: %d %s", method, path, body, a.status, a.body)
	}
	checkShape(t, a)
	return a
}

func fuzzServer(f *testing.F) *Server {
	f.Helper()
	s, err := New(Options{Seed: []byte(testSeed)})
	if err != nil {
		f.Fatal(err)
	}
	if err := s.addSeed([]byte(allTypes)); err != nil {
		f.Fatal(err)
	}
	return s
}

// FuzzFilter: whatever the query, it is answered or refused, never a panic.
func FuzzFilter(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"filter":{"name":"x"}}`, `{"filter":{"$or":[{"workspace_id":"a"},{"workspace_id":{"$in":["b"]}}]}}`,
		`{"filter":{"$not":{"plan":"Pro"}},"sorts":[{"direction":"asc","attribute":"seats"}],"limit":2,"offset":1}`,
		`{"filter":{"path":[["workspaces","company"],["companies","domains"]],"constraints":{"domain":"acme.com"}}}`,
		`{"filter":{"$and":[{"created_at":{"$gt":"2020-01"}},{"created_by":{"referenced_actor_type":"system"}}]}}`,
		`{"sorts":[{"direction":"desc","path":[["workspaces","users"],["users","user_id"]],"field":"value"}]}`,
		`{"filter":{"mrr":{"currency_value":{"$lte":1e400}}}}`, `{"filter":{"name":null}}`, `{"filter":{"":{"":""}}}`,
	} {
		f.Add(seed)
	}
	s := fuzzServer(f)
	f.Fuzz(func(t *testing.T, body string) {
		a := exchange(t, s, "POST", "/v2/objects/workspaces/records/query", body)
		if a.status == http.StatusOK && a.get("data.#").Int() > 1 {
			t.Errorf("%s: more records than there are", body)
		}
	})
}

// FuzzValue: whatever is written, it is stored or refused; and what was stored can be read, and written again as it was.
func FuzzValue(f *testing.F) {
	slugs := strings.Fields("text number checkbox currency date timestamp rating status select tags reference actor location domain email phone")
	for i, seed := range []string{
		`"x"`, `4.35678`, `true`, `{"currency_value":1e300}`, `"2023-01-02T23:00:00-10:00"`, `"2023-01-02T13:00+02"`, `5`, `"Open"`,
		`{"option":"A"}`, `["A","B"]`, `{"target_object":"companies","domains":[{"domain":"acme.com"}]}`, `"ada@acme.com"`,
		`"1 Infinite Loop, Cupertino, CA, 95014, US"`, `"https://Bücher.example/x"`, `"A@b.co"`, `{"original_phone_number":"020 7183 8750","country_code":"GB"}`,
	} {
		f.Add(uint8(i), seed)
	}
	f.Add(uint8(10), third("companies", `{"match":{"domains":["new.com"]},"if_no_match":"create","if_multiple_matches":"use_first","values":{"name":"New"}}`))
	s := fuzzServer(f)
	f.Fuzz(func(t *testing.T, which uint8, v string) {
		slug := slugs[int(which)%len(slugs)]
		body := data(`{"` + slug + `":` + v + `}`)
		a := exchange(t, s, "POST", "/v2/objects/things/records", body)
		if a.status != http.StatusOK {
			return
		}
		path := "/v2/objects/things/records/" + a.get("data.id.record_id").Str
		if got := exchange(t, s, "GET", path, ""); got.body != a.body {
			t.Errorf("created %s, read %s", a.body, got.body)
		}
		if again := exchange(t, s, "PUT", path, body); again.status != http.StatusOK || again.body != a.body {
			t.Errorf("written again: %s, before: %s", again.body, a.body)
		}
		exchange(t, s, "DELETE", path, "")
	})
}

// FuzzPath: paths of any kind are answered.
func FuzzPath(f *testing.F) {
	for _, seed := range []string{"objects", "objects/people/records/x", "lists/x/entries", "objects//attributes", "%2e%2e/self", "objects/a%2fb"} {
		f.Add("GET", seed)
	}
	s := fuzzServer(f)
	f.Fuzz(func(t *testing.T, method, path string) {
		exchange(t, s, method, "/v2/"+path, "{}")
	})
}

// FuzzReplay: a file of any content is opened or refused.
func FuzzReplay(f *testing.F) {
	s := fuzzServer(f)
	f.Add("")
	f.Add("\x04\x05hello")
	f.Add("\x01\x00" + strings.Repeat("\x00", 30))
	x := s.store.begin(0)
	if _, err := x.create(s.store.objects["companies"], gjson.Parse(`{"domains":["a.com"],"name":"A"}`)); err != nil {
		f.Fatal(err)
	}
	f.Add(string(x.appendFrame(nil, logEntry{method: "POST", path: "/"})[8:]))
	f.Fuzz(func(t *testing.T, frame string) {
		st := newStore(Options{})
		st.standardTables()
		_ = st.replay(frame)
	})
}
