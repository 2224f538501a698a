package attio

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// echoes throw the token back in every corner of an answer.
func echoes(k string) map[string]step {
	everywhere := []string{"X-Attio-Execution-Id", k, "X-Accurate-At", k, "Date", k, "Retry-After", k, "Authorization", "Bearer " + k, "Location", "https://" + k + ".example.com/" + k, "Server", k, k, k}
	envelope := func(status int) string {
		return fmt.Sprintf(`{"status_code":%d,"type":%q,"code":%q,"message":"attribute with slug \"%s\" has no option title \"%s\", key %s","path":[%q,%q],`, status, k, k, k, k, k, k, k[:20]) +
			fmt.Sprintf(`"validation_errors":[{"code":%q,"path":[%q],"message":%q}],%q:%q}`, k, k, k[9:30], k, k)
	}
	steps := map[string]step{
		"other record":      answerJSON(200, strings.ReplaceAll(`{"data":`+recordJSON+`}`, recordID, k), everywhere...),
		"other workspace":   answerJSON(200, `{"active":true,"workspace_id":"`+k+`","data":`+strings.ReplaceAll(recordJSON, `"ws"`, `"`+k+`"`)+`}`, everywhere...),
		"inactive":          answerJSON(200, `{"active":false,"x":"`+k+`"}`, everywhere...),
		"page":              answer(502, "text/html; x="+k, "<p>Authorization: Bearer "+k, everywhere...),
		"page cut anywhere": answer(502, "text/plain", strings.Repeat(" ", maxExcerpt-30)+k+k),
		"page cut far away": answer(502, "text/plain", strings.Repeat(" ", maxText-20)+k),
		"status line":       raw("HTTP/1.1 200 " + k + "\r\nContent-Length: 1\r\n\r\nx"),
		"broken status":     raw("HTTP/1.1 " + k + "\r\n\r\n"),
		"broken version":    raw(k + " 200 OK\r\n\r\n"),
		"broken header":     raw("HTTP/1.1 200 OK\r\n" + k + "\r\n\r\n"),
		"header name":       raw("HTTP/1.1 200 OK\r\n" + k + " : x\r\n\r\n"),
		"length":            raw("HTTP/1.1 200 OK\r\nContent-Length: " + k + "\r\n\r\n"),
		"two lengths":       raw("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: " + k + "\r\n\r\n"),
		"encoding":          raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: " + k + "\r\n\r\n"),
		"compression":       answer(200, "application/json", k, "Content-Encoding", k),
		"chunk":             raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + k + "\r\n"),
		"trailer":           raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: " + k + "\r\n\r\n0\r\n" + k + "\r\n\r\n"),
		"switching":         raw("HTTP/1.1 101 " + k + "\r\nConnection: Upgrade\r\nUpgrade: " + k + "\r\n\r\n"),
	}
	for _, status := range []int{400, 401, 403, 404, 408, 409, 429, 500, 503} {
		steps["envelope of "+itoa(status)] = answerJSON(status, envelope(status), everywhere...)
	}
	for _, status := range []int{301, 302, 303, 307, 308} {
		steps["redirect "+itoa(status)] = answer(status, k, k, everywhere...)
		steps["redirect to a port "+itoa(status)] = answer(status, k, k, "Location", "//example.com:"+k+"/")
	}
	return steps
}

// The canary: a server that throws back what it got finds no call whose error
// shows eight characters of the token, in its words, its hint or any field.
func TestCanary(t *testing.T) {
	calls := merged(writes, reads, map[string]func(context.Context, *Client) error{
		"self":       self,
		"objects":    func(ctx context.Context, c *Client) error { _, err := c.Objects(ctx); return err },
		"attributes": func(ctx context.Context, c *Client) error { _, err := c.Attributes(ctx, "deals"); return err },
		"options":    func(ctx context.Context, c *Client) error { _, err := c.Options(ctx, "deals", "stage"); return err },
		"statuses":   func(ctx context.Context, c *Client) error { _, err := c.Statuses(ctx, "deals", "stage"); return err },
		"members":    func(ctx context.Context, c *Client) error { _, err := c.Members(ctx); return err },
		"schema": func(ctx context.Context, c *Client) error {
			_, err := c.Schema(ctx, []string{"deals"}, nil)
			return err
		},
		"not its own": func(ctx context.Context, c *Client) error {
			_, err := c.Create(ctx, "deals", []byte(`{}`), Creating{Own: func(Echo) bool { return false }})
			return err
		},
		"query once": func(ctx context.Context, c *Client) error {
			_, err := c.Query(ctx, "deals", Query{MaxLimited: 1})
			return err
		},
	})
	errs := 0
	for name, echo := range echoes(string(testToken)) {
		for call, send := range calls {
			s := serve(t, echo, echo, echo, answerJSON(400, `{"status_code":400}`))
			var told []error
			c := connect(t, s.URL, func(cfg *Config) { cfg.Waiting = func(why error, _ time.Duration) { told = append(told, why) } })
			err := send(t.Context(), c)
			if err != nil {
				errs++
			}
			for _, e := range append(told, err) {
				if leak := leaks(e); leak != "" {
					t.Errorf("%s, %s: the token gets out: %s", name, call, leak)
				}
			}
		}
	}
	if errs < 500 {
		t.Errorf("only %d calls failed: the echo is not heard", errs)
	}
}

// leaks finds a piece of the token in an error: in what it prints in any form,
// in its hint, and in every field that can be reached from it.
func leaks(err error) string {
	if err == nil {
		return ""
	}
	var b strings.Builder
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		fmt.Fprintf(&b, format+"\n", err)
	}
	b.WriteString(hintOr(err, ""))
	walk(reflect.ValueOf(err), &b, map[uintptr]bool{})
	for line := range strings.Lines(b.String()) {
		if testToken.scrub(line) != line {
			return line
		}
	}
	return ""
}

// walk writes out every text that a value holds, in unexported fields too.
func walk(v reflect.Value, b *strings.Builder, seen map[uintptr]bool) {
	switch v.Kind() {
	case reflect.String:
		b.WriteString(v.String() + "\n")
	case reflect.Pointer:
		if !v.IsNil() && !seen[v.Pointer()] {
			seen[v.Pointer()] = true
			walk(v.Elem(), b, seen)
		}
	case reflect.Interface:
		walk(v.Elem(), b, seen)
	case reflect.Struct:
		for i := range v.NumField() {
			walk(v.Field(i), b, seen)
		}
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 && v.Kind() == reflect.Slice {
			b.Write(v.Bytes())
			b.WriteByte('\n')
			return
		}
		for i := range v.Len() {
			walk(v.Index(i), b, seen)
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			walk(it.Key(), b, seen)
			walk(it.Value(), b, seen)
		}
	}
}

// The canary sings where there is something to sing of.
func TestCanaryIsAlive(t *testing.T) {
	k := string(testToken)
	for name, err := range map[string]error{
		"text":             errors.New("key " + k[7:15]),
		"field":            &AnswerError{Text: "ok", Redirect: k[:8]},
		"inside":           &LostError{Err: &UnavailableError{Err: errors.Join(errors.New("x"), &MismatchError{Got: k})}},
		"unexported field": &TokenError{hint: k},
		"list":             &Error{Validation: []Validation{{Path: []string{k[56:]}}}},
		"what is not said": &struct {
			error
			m map[string][]byte
		}{errors.New("x"), map[string][]byte{"a": []byte(k)}},
	} {
		if leaks(err) == "" {
			t.Errorf("%s: not found", name)
		}
	}
	if leak := leaks(&LostError{Err: errors.New(k[:7] + " " + k[8:15])}); leak != "" {
		t.Errorf("seven characters count: %s", leak)
	}
}

// The execution id and the time of an answer are kept though pieces of the
// token are looked for in them, and are dropped wherever one of those stands.
func TestTokenInHeader(t *testing.T) {
	for _, text := range []string{"", "x", "635cebb2-0000-4000-8000-000000000007", "Tue, 23 May 2023 14:42:00 GMT", "2026-01-02T03:04:05.000000000Z", string(testToken[:7]), strings.Repeat("x", 40)} {
		if got := testToken.inHeader(text); got != text {
			t.Errorf("inHeader(%q) = %q", text, got)
		}
	}
	for from := range len(testToken) - fragment + 1 {
		for before := range 40 - fragment + 1 {
			text := strings.Repeat("-", before) + string(testToken[from:from+fragment])
			if got := testToken.inHeader(text); got != "" {
				t.Fatalf("inHeader(%q) = %q", text, got)
			}
		}
	}
	if got := testToken.inHeader(strings.Repeat("x", 41)); got != "" {
		t.Errorf("a long one: %q", got)
	}
}

// Nothing in this package can be told to trust any certificate.
func TestNoWayAroundCertificates(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 10 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"Insecure" + "SkipVerify", "Verify" + "PeerCertificate", "VersionTLS" + "10", "VersionSSL" + "30"} {
			if strings.Contains(string(text), word) && file != "transport_test.go" {
				t.Errorf("%s has %s", file, word)
			}
		}
	}
	c := connect(t, "https://api.attio.com")
	if cfg := c.transport.TLSClientConfig; cfg.MinVersion != 0x0303 || c.transport.DialTLSContext != nil {
		t.Errorf("TLS from version %#x", cfg.MinVersion)
	}
}

// A proxy is asked for a connection, and gets nothing else; whatever it
// answers, its password shows up in no error.
func TestProxySecrets(t *testing.T) {
	const user, password = "importer", "pr0xy-secret"
	basic := base64.StdEncoding.EncodeToString([]byte(user + ":" + password))
	for name, status := range map[string]string{
		"wants a password":     "407 " + basic,
		"forbids":              "403 " + password,
		"fails":                "502 Bad Gateway",
		"redirects":            "302 Found\r\nLocation: http://" + user + ":" + password + "@example.com",
		"speaks in riddles":    password + basic,
		"says what it got":     "200 OK\r\n\r\n" + password + " " + basic,
		"has a broken header":  "200 OK\r\n" + basic + "\r\n\r\n",
		"has another password": "407 Proxy\r\nProxy-Authenticate: " + basic,
	} {
		t.Run(name, func(t *testing.T) {
			var asked http.Header
			p := listen(t, func(_ *peer, w *wire, _ int) {
				if r := w.request(); r != nil {
					asked = r.Header
					if r.Method != "CONNECT" || r.Host != "api.attio.com:443" {
						t.Errorf("asked to %s %s", r.Method, r.Host)
					}
				}
				w.say("HTTP/1.1 " + status + "\r\n\r\n")
			})
			t.Setenv("HTTPS_PROXY", strings.Replace(p.url, "://", "://"+user+":"+password+"@", 1))
			c := connect(t, "https://api.attio.com")
			for _, send := range []func(context.Context, *Client) error{writes["create"], reads["get"]} {
				err := send(t.Context(), c)
				text := inEveryForm(t, err) + hintOr(err, "")
				var b strings.Builder
				walk(reflect.ValueOf(err), &b, map[uintptr]bool{})
				if text += b.String(); strings.Contains(text, password) || strings.Contains(text, basic) || kindOf(err) == "ok" {
					t.Errorf("%v\n%s", err, text)
				}
				if strings.HasPrefix(status, "4") {
					var refused *ProxyError
					if !errors.As(err, &refused) || itoa(refused.Status) != status[:3] || hintOr(err, "") == "" {
						t.Errorf("%v", err)
					}
				}
			}
			if got := asked.Get("Proxy-Authorization"); got != "Basic "+basic || asked.Get("Authorization") != "" {
				t.Errorf("the proxy was told %v", asked)
			}
		})
	}
}

// A proxy's address that is none is refused before anything is sent, unseen.
func TestProxyAddress(t *testing.T) {
	for _, address := range []string{"http://user:pr0xy secret@proxy.example.com", "http://user:pr0xy-secret@proxy.example.com:port", "://pr0xy secret"} {
		t.Setenv("HTTPS_PROXY", address)
		_, err := New(testConfig("https://api.attio.com"))
		if err == nil || strings.Contains(err.Error(), "pr0xy") || !strings.Contains(err.Error(), "HTTPS_PROXY") {
			t.Errorf("%s: %v", address, err)
		}
		if c, err := New(testConfig("http://127.0.0.1:1")); err != nil || c.transport.Proxy != nil {
			t.Errorf("plain http to this machine goes through a proxy: %v", err)
		}
	}
	for _, address := range []string{"", "http://proxy.example.com:3128", "proxy.example.com:3128", "proxy.example.com", "socks5://proxy.example.com"} {
		t.Setenv("HTTPS_PROXY", address)
		if c, err := New(testConfig("https://api.attio.com")); err != nil || (c.transport.Proxy != nil) != (address != "") {
			t.Errorf("%s: %v", address, err)
		}
	}
	t.Setenv("NO_PROXY", "attio.com")
	if c, err := New(testConfig("https://api.attio.com")); err != nil || c.transport.Proxy != nil {
		t.Errorf("NO_PROXY is ignored: %v", err)
	}
}
