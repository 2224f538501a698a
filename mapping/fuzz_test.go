package mapping_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"attio-import/mapping"
)

// fuzzSeeds are the mappings of the other tests.
func fuzzSeeds(f *testing.F) []sections {
	var out []sections
	for _, dir := range []string{"mistakes", "rows"} {
		paths, err := filepath.Glob("testdata/" + dir + "/*.txt")
		if err != nil {
			f.Fatal(err)
		}
		for _, p := range paths {
			out = append(out, parseSections(string(readText(f, p))))
		}
	}
	return out
}

// FuzzParse holds Parse and Bind, whatever the text, to ending without a panic
// and to telling every mistake with a place that exists.
func FuzzParse(f *testing.F) {
	for _, s := range fuzzSeeds(f) {
		f.Add([]byte(s.texts["mapping.yaml"]), strings.TrimSpace(s.texts["header"]))
	}
	f.Fuzz(func(t *testing.T, text []byte, head string) {
		lines := 1 + strings.Count(string(text), "\n") + strings.Count(string(text), "\r")
		file, err := mapping.Parse("m.yaml", text)
		checkMistakes(t, err, lines)
		if file == nil {
			if err == nil {
				t.Fatal("neither a file nor an error")
			}
			return
		}
		file.Objects()
		file.Attributes(file.Object)
		for _, s := range []string{"workspace", "offline"} {
			plan, warnings, bindErr := mapping.Bind(file, strings.Split(head, ","), schemaNamed(t, s))
			checkMistakes(t, bindErr, lines)
			checkMistakes(t, mapping.Mistakes(warnings), lines)
			if (plan == nil) != (bindErr != nil) {
				t.Fatalf("plan %v and error %v", plan, bindErr)
			}
			if err != nil && bindErr == nil {
				t.Fatalf("Bind forgets the mistakes of Parse: %v", err)
			}
			if plan != nil {
				plan.Row(1, 2, []string{"a", "b@acme.com", "1", ""})
			}
		}
	})
}

func checkMistakes(t *testing.T, err error, lines int) {
	t.Helper()
	var mistakes mapping.Mistakes
	if err == nil {
		return
	}
	if !errors.As(err, &mistakes) {
		t.Fatalf("%T is no Mistakes", err)
	}
	for _, m := range mistakes {
		if m.Line < 1 || m.Line > lines || m.Column < 1 || m.Code == "" || m.Message == "" || m.Excerpt == "" {
			t.Fatalf("a mistake lacks something: %#v", m)
		}
		if strings.ContainsAny(m.String(), "\x1b\x00\x07\x7f\r") {
			t.Fatalf("a control character reaches the screen: %q", m.String())
		}
	}
}

// FuzzRow holds every mapping of the tests, whatever the cells, to rows without
// a panic whose problems are located, and to giving the same twice.
func FuzzRow(f *testing.F) {
	var plans []*mapping.Plan
	for _, s := range fuzzSeeds(f) {
		if s.texts["rows"] == "" {
			continue
		}
		plan, rows := planOf(f, s)
		plans = append(plans, plan)
		for _, cells := range rows {
			f.Add(strings.Join(cells, "\t"))
		}
	}
	used := &mapping.Record{}
	f.Fuzz(func(t *testing.T, line string) {
		cells := strings.Split(line, "\t")
		for _, p := range plans {
			rec := p.Row(7, 9, cells)
			for _, problem := range rec.Problems {
				if problem.Row != 7 || problem.Line != 9 || problem.Code == "" || problem.Message == "" || problem.Attribute == "" {
					t.Fatalf("a problem lacks something: %#v", problem)
				}
			}
			for _, field := range rec.Fields {
				if !rec.Failed() && !field.Attribute.Multi && len(field.Values)+len(field.References) > 1 {
					t.Fatalf("%s has several values and no problem", field.Attribute.Slug)
				}
			}
			if p.RowInto(used, 7, 9, cells); dump(used) != dump(rec) {
				t.Fatalf("Row gives\n%s, RowInto gives\n%s", dump(rec), dump(used))
			}
		}
	})
}
