package attio

import (
	"errors"
	"net/http"
	"strings"
	"testing"
)

// A refusal is the API's envelope with the very status of the answer, and from
// Attio's own hosts the execution id. Without that a write may have been
// carried out by whoever stands behind the one who answered.
func TestWhoRefuses(t *testing.T) {
	signature := []string{"X-Attio-Execution-Id", "635cebb2-0000-4000-8000-000000000007"}
	tests := []struct {
		name        string
		answer      step
		write, read string // by an imitation of the API
		official    string // a write to Attio itself
	}{
		{"signed", answerJSON(400, conflictJSON, signature...), "refused", "refused", "refused"},
		{"not signed", answerJSON(400, conflictJSON), "refused", "refused", "lost"},
		{"signature empty", answerJSON(400, conflictJSON, "X-Attio-Execution-Id", ""), "refused", "refused", "lost"},
		{"401", answerJSON(401, `{"status_code":401,"code":"unauthorized"}`, signature...), "refused", "refused", "refused"},
		{"404", answerJSON(404, `{"status_code":404,"code":"not_found"}`, signature...), "refused", "refused", "refused"},
		{"409", answerJSON(409, `{"status_code":409,"code":"slug_conflict"}`, signature...), "refused", "refused", "refused"},
		{"451 that nobody knows", answerJSON(451, `{"status_code":451}`, signature...), "refused", "refused", "refused"},
		{"another status inside", answerJSON(403, `{"status_code":404}`, signature...), "lost", "ok", "lost"},
		{"a fraction of a status", answerJSON(403, `{"status_code":403.5}`, signature...), "lost", "ok", "lost"},
		{"a status as text", answerJSON(403, `{"status_code":"403"}`, signature...), "lost", "ok", "lost"},
		{"no status inside", answerJSON(400, `{"code":"uniqueness_conflict"}`, signature...), "lost", "ok", "lost"},
		{"a list", answerJSON(400, `[{"status_code":400}]`, signature...), "lost", "ok", "lost"},
		{"half an envelope", answerJSON(400, conflictJSON[:60], signature...), "lost", "ok", "lost"},
		{"408", answerJSON(408, `{"status_code":408}`, signature...), "lost", "ok", "lost"},
		{"409 as a page", answer(409, "text/html", "<h1>Conflict"), "lost", "ok", "lost"},
		{"400 as a page", answer(400, "text/html", "<h1>Bad request", signature...), "lost", "ok", "lost"},
		{"421 as a page", answer(421, "text/html", "<h1>Misdirected", signature...), "lost", "ok", "lost"},
		{"451 as a page", answer(451, "text/html", "<h1>Blocked"), "lost", "ok", "lost"},
		{"500 in the API's words", answerJSON(500, `{"status_code":500}`, signature...), "lost", "ok", "lost"},
		{"522 of a proxy", answer(522, "text/html", "<h1>Timed out"), "lost", "ok", "lost"},
		{"524 in the API's words", answerJSON(524, `{"status_code":524}`, signature...), "lost", "ok", "lost"},
		{"999", answerJSON(999, `{"status_code":999}`, signature...), "lost", "ok", "lost"},
		{"204", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }, "lost", "ok", "lost"},
		{"206", answerJSON(206, `{"data":`+recordJSON+`}`), "lost", "ok", "lost"},
		{"301 without a place", answer(301, "", ""), "lost", "ok", "lost"},
		{"304", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(304) }, "lost", "ok", "lost"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for name, send := range writes {
				if got := kindOf(send(t.Context(), connect(t, serve(t, tt.answer, good).URL))); got != tt.write {
					t.Errorf("%s: %s, want %s", name, got, tt.write)
				}
				c := connect(t, serve(t, tt.answer, good).URL)
				c.official = true
				if got := kindOf(send(t.Context(), c)); got != tt.official {
					t.Errorf("%s to Attio: %s, want %s", name, got, tt.official)
				}
			}
			for name, send := range reads {
				for _, official := range []bool{false, true} {
					c := connect(t, serve(t, tt.answer, good).URL)
					c.official = official
					if got := kindOf(send(t.Context(), c)); got != tt.read {
						t.Errorf("%s: %s, want %s", name, got, tt.read)
					}
				}
			}
		})
	}
}

func TestOfficialHosts(t *testing.T) {
	for url, want := range map[string]bool{
		"https://api.attio.com": true, "https://API.Attio.com:443": true, "https://attio.com": true, "https://api.eu.attio.com.": true,
		"https://notattio.com": false, "https://attio.com.example.com": false, "https://gateway.example.com/attio.com": false, "http://127.0.0.1": false,
	} {
		c, err := New(testConfig(url))
		if err != nil || c.official != want {
			t.Errorf("%s: %v, %v", url, c, err)
		}
	}
}

// What an answer to a write must have to count as done.
func TestWhatCountsAsDone(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{"a record", `{"data":` + recordJSON + `}`, "ok"},
		{"no record id", `{"data":{"id":{"workspace_id":"ws","object_id":"ob"},"values":{}}}`, "lost"},
		{"an empty record id", `{"data":{"id":{"workspace_id":"ws","record_id":""},"values":{}}}`, "lost"},
		{"a record id that is a number", `{"data":{"id":{"workspace_id":"ws","record_id":7},"values":{}}}`, "lost"},
		{"a list", `{"data":[` + recordJSON + `]}`, "lost"},
		{"nothing", `{}`, "lost"},
		{"more than JSON", `{"data":` + recordJSON + `}}`, "lost"},
		{"half of it", `{"data":` + recordJSON[:len(recordJSON)-4], "lost"},
		{"no JSON", "ok", "lost"},
	}
	for _, tt := range tests {
		c := connect(t, serve(t, answerJSON(200, tt.body)).URL)
		if got := kindOf(writes["create"](t.Context(), c)); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// Once it is known whose token it is, answers about another workspace are out
// of step with the calls, and ones that name none are no answers.
func TestAnswerOfAnotherWorkspace(t *testing.T) {
	ours := strings.ReplaceAll(selfJSON, "74716136", "ws")
	in := func(workspace string) step {
		return func(w http.ResponseWriter, r *http.Request) {
			body := `{"data":` + recordJSON + `}`
			switch {
			case strings.HasSuffix(r.URL.Path, "/self"):
				answerJSON(200, ours)(w, r)
				return
			case strings.HasSuffix(r.URL.Path, "/query"):
				body = `{"data":[` + recordJSON + `]}`
			}
			answerJSON(200, strings.Replace(body, `"workspace_id":"ws"`, workspace, 1))(w, r)
		}
	}
	tests := []struct {
		name, workspace string
		mismatch, ok    bool
	}{
		{"ours", `"workspace_id":"ws"`, false, true},
		{"ours in capitals", `"workspace_id":"WS"`, false, true},
		{"another", `"workspace_id":"other"`, true, false},
		{"none", `"x":1`, false, false},
	}
	for _, tt := range tests {
		for name, send := range merged(writes, reads) {
			if name == "delete" {
				continue // its answer names nothing
			}
			s := serve(t, in(tt.workspace))
			c := connect(t, s.URL)
			if err := self(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			err := send(t.Context(), c)
			var m *MismatchError
			if errors.As(err, &m) != tt.mismatch || (err == nil) != tt.ok {
				t.Errorf("%s, %s: %v", name, tt.name, err)
			}
			if tt.mismatch && (m == nil || m.Of != "workspace" || m.Want != "ws" || m.Got != "other" || s.requests.Load() != 2 || !strings.Contains(err.Error(), "about workspace other")) {
				t.Errorf("%s, %s: %v after %d requests", name, tt.name, err, s.requests.Load())
			}
		}
	}
	// Before that, nobody knows.
	if err := writes["create"](t.Context(), connect(t, serve(t, in(`"workspace_id":"other"`)).URL)); err != nil {
		t.Error(err)
	}
}

// A token does not change its workspace.
func TestSelfOfAnotherWorkspace(t *testing.T) {
	s := serve(t, answerJSON(200, selfJSON), answerJSON(200, selfJSON), answerJSON(200, strings.ReplaceAll(selfJSON, "74716136", "other")))
	c := connect(t, s.URL)
	for range 2 {
		if err := self(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	if err := self(t.Context(), c); !isMismatch(err) {
		t.Errorf("%v", err)
	}
}

// merged joins tables of calls.
func merged[V any](tables ...map[string]V) map[string]V {
	all := map[string]V{}
	for _, table := range tables {
		for name, v := range table {
			all[name] = v
		}
	}
	return all
}
