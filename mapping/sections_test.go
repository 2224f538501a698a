package mapping_test

import (
	"slices"
	"strings"
)

// sections is a test file of several texts: a comment, then each text under a
// line such as "-- header --".
type sections struct {
	comment string
	names   []string
	texts   map[string]string
}

func parseSections(text string) sections {
	s := sections{texts: map[string]string{}}
	name := ""
	for line := range strings.Lines(text) {
		if n, ok := strings.CutPrefix(strings.TrimSpace(line), "-- "); ok && strings.HasSuffix(n, " --") {
			name = strings.TrimSuffix(n, " --")
			s.names = append(s.names, name)
			continue
		}
		if name == "" {
			s.comment += line
			continue
		}
		s.texts[name] += line
	}
	return s
}

func (s *sections) set(name, text string) {
	if !slices.Contains(s.names, name) {
		s.names = append(s.names, name)
	}
	s.texts[name] = text
}

func (s *sections) String() string {
	var b strings.Builder
	b.WriteString(s.comment)
	for _, name := range s.names {
		b.WriteString("-- " + name + " --\n" + s.texts[name])
	}
	return b.String()
}
