package report

import (
	"strings"
	"sync"
	"testing"
	"unicode/utf8"
)

// terminal is what a person sees: the lines that a terminal would show of
// what was written to it. It knows the control sequences that a bar needs.
type terminal struct {
	mu     sync.Mutex
	lines  [][]rune
	column int
	writes int
	bad    string // a sequence that it does not know
}

func (s *terminal) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writes++
	if s.lines == nil {
		s.lines = [][]rune{nil}
	}
	text := string(p)
	for text != "" {
		line := &s.lines[len(s.lines)-1]
		switch {
		case cut(&text, "\r"):
			s.column = 0
		case cut(&text, "\n"): // the terminal driver returns the carriage too
			s.lines, s.column = append(s.lines, nil), 0
		case cut(&text, "\x1b[2K"):
			*line = (*line)[:0]
			for range s.column {
				*line = append(*line, ' ')
			}
		case cut(&text, "\x1b[0K"):
			*line = (*line)[:min(len(*line), s.column)]
		case strings.HasPrefix(text, "\x1b"):
			s.bad, text = text, ""
		default:
			r, size := utf8.DecodeRuneInString(text)
			text = text[size:]
			for len(*line) <= s.column {
				*line = append(*line, ' ')
			}
			(*line)[s.column] = r
			s.column++
		}
	}
	return len(p), nil
}

func cut(text *string, prefix string) bool {
	rest, ok := strings.CutPrefix(*text, prefix)
	*text = rest
	return ok
}

// shown returns the lines without the spaces at their ends, and how often
// something was written.
func (s *terminal) shown(t *testing.T) ([]string, int) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.bad != "" {
		t.Fatalf("unknown control sequence: %q", s.bad)
	}
	shown := make([]string, len(s.lines))
	for i, line := range s.lines {
		shown[i] = strings.TrimRight(string(line), " ")
	}
	return shown, s.writes
}
