package attio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestTokenScrub(t *testing.T) {
	const token Token = "0123456789abcdefghijklmnopqrstuvwxyz"
	tests := []struct{ text, want string }{
		{"", ""},
		{"nothing here", "nothing here"},
		{string(token), redacted},
		{"<" + string(token) + "><" + string(token) + ">", "<" + redacted + "><" + redacted + ">"},
		{"Bearer 01234567", "Bearer " + redacted}, // cut at the end
		{"tuvwxyz", "tuvwxyz"},                         // too short to say anything
		{"opqrstuvwxyz rest", redacted + " rest"},      // cut at the front
		{"a 456789abcdefgh b", "a " + redacted + " b"}, // cut at both ends
		{"0123456789ab" + "0123456789ab", redacted + redacted},
	}
	for _, tt := range tests {
		if got := token.scrub(tt.text); got != tt.want {
			t.Errorf("scrub(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
	if got := Token("abc").scrub("x abc y"); got != "x "+redacted+" y" {
		t.Errorf("a short token: %q", got)
	}
}

// inEveryForm prints a value in all the ways in which a secret could get out.
func inEveryForm(t *testing.T, v any) string {
	t.Helper()
	var b strings.Builder
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%T"} {
		fmt.Fprintf(&b, format+"\n", v)
	}
	if j, err := json.Marshal(v); err == nil {
		b.Write(j)
	}
	slog.New(slog.NewTextHandler(&b, nil)).Info("value", "v", v)
	slog.New(slog.NewJSONHandler(&b, nil)).Info("value", "v", v)
	return b.String()
}

// exposed reports whether a piece of the token that matters is in a text.
func exposed(text string) bool {
	text = strings.ToLower(text)
	for i := 0; i+fragment <= len(testToken); i++ {
		piece := string(testToken[i : i+fragment])
		if strings.Contains(text, piece) || strings.Contains(text, fmt.Sprintf("%x", piece)) {
			return true
		}
	}
	return false
}

func TestTokenNeverPrinted(t *testing.T) {
	cfg := testConfig("http://127.0.0.1:1")
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []any{testToken, &cfg, cfg, c, struct{ C *Client }{c}, map[string]Token{"key": testToken}, []Token{testToken}} {
		if text := inEveryForm(t, v); exposed(text) {
			t.Errorf("%T gives the token away:\n%s", v, text)
		}
	}
	if exposed("Bearer "+redacted) || !exposed("Bearer "+string(testToken)) {
		t.Error("the test is blind")
	}
}

// A server that throws the token back in every corner of its answers.
func TestTokenEcho(t *testing.T) {
	echo := func(f func(token string) step) step {
		return func(w http.ResponseWriter, r *http.Request) {
			f(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))(w, r)
		}
	}
	tests := map[string]step{
		"message": echo(func(k string) step {
			return answerJSON(400, `{"status_code":400,"type":"`+k+`","code":"`+k+`","message":"bad key `+k+`","path":["`+k+`"],`+
				`"validation_errors":[{"code":"`+k+`","path":["`+k+`"],"message":"`+k+`","expected":"`+k+`","received":"`+k+`","options":["`+k+`"]}]}`)
		}),
		"attribute and option": echo(func(k string) step {
			return answerJSON(400, `{"status_code":400,"message":"attribute with slug \"`+k+`\" has no option title \"`+k+`\""}`)
		}),
		"escaped": echo(func(k string) step {
			escaped := ""
			for _, c := range k {
				escaped += fmt.Sprintf(`\u%04x`, c)
			}
			return answerJSON(400, `{"status_code":400,"message":"`+escaped+`"}`)
		}),
		"page":          echo(func(k string) step { return answer(502, "text/html", "<p>Authorization: Bearer "+k) }),
		"far in a page": echo(func(k string) step { return answer(502, "text/html", strings.Repeat(" ", 190)+k) }),
		"content type":  echo(func(k string) step { return answer(502, k, "x") }),
		"execution id": echo(func(k string) step {
			return answerJSON(400, conflictJSON, "X-Attio-Execution-Id", k[:30], "X-Accurate-At", k[:30])
		}),
		"redirect":    echo(func(k string) step { return answer(302, "", "", "Location", "https://"+k+"/"+k) }),
		"status line": echo(func(k string) step { return raw("HTTP/1.1 " + k + "\r\n\r\n") }),
		"no HTTP":     echo(func(k string) step { return raw(k + "\r\n\r\n") }),
		"header line": echo(func(k string) step { return raw("HTTP/1.1 200 OK\r\n" + k + "\r\n\r\n") }),
		"length":      echo(func(k string) step { return raw("HTTP/1.1 200 OK\r\nContent-Length: " + k + "\r\n\r\n") }),
		"encoding":    echo(func(k string) step { return raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: " + k + "\r\n\r\n") }),
		"another record": echo(func(k string) step {
			return answerJSON(200, strings.ReplaceAll(`{"data":`+recordJSON+`}`, recordID, k))
		}),
	}
	for name, echoing := range tests {
		t.Run(name, func(t *testing.T) {
			s := serve(t, echoing)
			for _, send := range []func(context.Context, *Client) error{writes["update"], writes["delete"], reads["get"], self} {
				err := send(t.Context(), connect(t, s.URL))
				if err == nil {
					continue // a delete that a strange answer satisfies has no error to leak through
				}
				for e := err; e != nil; e = errors.Unwrap(e) {
					if text := e.Error() + inEveryForm(t, e); exposed(text) {
						t.Errorf("the token gets out: %s", text)
					}
				}
			}
		})
	}
}

func self(ctx context.Context, c *Client) error {
	_, err := c.Self(ctx)
	return err
}

func TestServerTextIsFitForTerminals(t *testing.T) {
	s := serve(t, answerJSON(400, `{"status_code":400,"code":"x\u001b[31m","message":"a\u001b]52;c;AAAA\u0007b\u009bc\rd\u202ee\u2028f\ng Won 🎉"}`))
	err := writes["create"](t.Context(), connect(t, s.URL))
	for _, r := range err.Error() {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0x202e || r == 0x2028 {
			t.Errorf("%U in %q", r, err.Error())
		}
	}
	if !strings.Contains(err.Error(), "Won 🎉") {
		t.Errorf("what can be shown is gone: %v", err)
	}
}

func TestNewRefuses(t *testing.T) {
	tests := []struct {
		name   string
		change func(*Config)
		want   string
	}{
		{"no token", func(c *Config) { c.Token = "" }, "no API key"},
		{"a line break in the token", func(c *Config) { c.Token = "secret\n" }, "not copied cleanly"},
		{"a blank in the token", func(c *Config) { c.Token = "Bearer secret" }, "not copied cleanly"},
		{"no gates", func(c *Config) { c.Read = nil }, "Config.Read"},
		{"no backoff", func(c *Config) { c.Backoff = nil }, "Config.Backoff"},
		{"no reader of Retry-After", func(c *Config) { c.RetryAfter = nil }, "Config.RetryAfter"},
		{"negative time limit", func(c *Config) { c.Timeout = -time.Second }, "must not be negative"},
		{"plain http", func(c *Config) { c.BaseURL = "http://api.attio.com" }, "unencrypted"},
		{"plain http to a network", func(c *Config) { c.BaseURL = "http://10.0.0.1:8080" }, "unencrypted"},
		{"plain http to a name that looks local", func(c *Config) { c.BaseURL = "http://localhost.example.com" }, "unencrypted"},
		{"user name", func(c *Config) { c.BaseURL = "https://user:secret@api.attio.com" }, "must not contain a user name"},
		{"only a user name", func(c *Config) { c.BaseURL = "https://secret@api.attio.com" }, "must not contain a user name"},
		{"broken URL with a password", func(c *Config) { c.BaseURL = "https://user:secret@api.attio.com:port" }, "not a URL"},
		{"no scheme", func(c *Config) { c.BaseURL = "api.attio.com" }, "must look like"},
		{"other scheme", func(c *Config) { c.BaseURL = "ftp://api.attio.com" }, "must begin with https"},
		{"no host", func(c *Config) { c.BaseURL = "https://" }, "must look like"},
		{"only a port", func(c *Config) { c.BaseURL = "https://:443" }, "must look like"},
		{"empty", func(c *Config) { c.BaseURL = "" }, "must look like"},
		{"query", func(c *Config) { c.BaseURL = "https://api.attio.com?key=secret" }, "must end before"},
		{"fragment", func(c *Config) { c.BaseURL = "https://api.attio.com#secret" }, "must end before"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cfg := testConfig("https://api.attio.com")
			tt.change(&cfg)
			c, err := New(cfg)
			if c != nil || err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("New = %v, %v; want %q", c, err, tt.want)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("the error repeats what may be secret: %v", err)
			}
		})
	}
}

func TestBaseURL(t *testing.T) {
	tests := []struct{ in, want string }{
		{"https://api.attio.com", "https://api.attio.com"},
		{"https://api.attio.com/", "https://api.attio.com"},
		{"https://api.attio.com/v2", "https://api.attio.com"},
		{"https://api.attio.com/v2/", "https://api.attio.com"},
		{"https://gateway.example.com/attio/", "https://gateway.example.com/attio"},
		{"http://127.0.0.1:8080", "http://127.0.0.1:8080"},
		{"http://localhost:8080", "http://localhost:8080"},
		{"http://[::1]:8080", "http://[::1]:8080"},
	}
	for _, tt := range tests {
		c, err := New(testConfig(tt.in))
		if err != nil || c.base.String() != tt.want {
			t.Errorf("%s: %v, %v; want %s", tt.in, c, err, tt.want)
		}
	}
}

// A server that tells the token as somebody's name is not repeated.
func TestTokenInAcceptedAnswers(t *testing.T) {
	const token = Token("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")
	body := []byte(`{"name":"Bearer ` + string(token) + `"}`)
	if got := string(token.cut(body)); got != `{"name":"Bearer [redacted]"}` {
		t.Error(got)
	}
	if got := token.cut([]byte("{}")); string(got) != "{}" {
		t.Errorf("%s", got)
	}
	if got := string(Token("data").cut([]byte(`{"data":1}`))); got != `{"data":1}` {
		t.Error(got)
	}
}
