package mapping_test

import (
	"fmt"
	"strings"

	"attio-import/importer/outcome"
	"attio-import/mapping"
	"attio-import/mapping/value"
)

// dump writes a record for comparison with what a test expects.
func dump(rec *mapping.Record) string {
	var b strings.Builder
	fmt.Fprintf(&b, "row %d, line %d\n", rec.Row, rec.Line)
	if rec.Blank {
		b.WriteString("blank\n")
	}
	for _, k := range rec.Keys {
		fmt.Fprintf(&b, "key %s = %s (%s)\n", k.Attribute.Slug, k.Value.Canonical(), k.Column)
	}
	if k := rec.Marker; k != nil {
		fmt.Fprintf(&b, "marker %s = %s %s\n", k.Attribute.Slug, k.Value.Canonical(), k.Value.JSON())
	}
	dumpFields(&b, "", rec.Fields)
	for _, p := range rec.Problems {
		fmt.Fprintf(&b, "%s %s: column %q, attribute %s, value %q\n", p.Severity, p.Code, p.Column, p.Attribute, p.Value)
		if ownCode(p.Code) {
			fmt.Fprintf(&b, "  %s\n  hint: %s\n", p.Message, p.Hint)
		}
	}
	for _, p := range rec.NewProblems {
		fmt.Fprintf(&b, "if new: %s: column %q, attribute %s\n  %s\n", p.Code, p.Column, p.Attribute, p.Message)
	}
	return b.String()
}

// ownCode reports whether a problem is told in this package's words; those of
// single values are package value's, whose tests hold them.
func ownCode(c outcome.Code) bool {
	switch c {
	case outcome.MissingValue, outcome.BlankKey, outcome.NotInMap, outcome.TooManyValues:
		return true
	}
	return false
}

func dumpFields(b *strings.Builder, indent string, fields []mapping.Field) {
	for _, f := range fields {
		fmt.Fprintf(b, "%s%s (%s)", indent, f.Attribute.Slug, f.Column)
		if f.Default {
			b.WriteString(" default")
		}
		if f.Clear {
			b.WriteString(" clear")
		}
		fmt.Fprintf(b, " %s\n", canonicals(f.Values))
		for _, r := range f.References {
			dumpReference(b, indent+"  ", r)
		}
	}
}

func dumpReference(b *strings.Builder, indent string, r mapping.Reference) {
	to, by := "workspace_members", r.Rule.MemberBy
	if r.Rule.Object != nil {
		to, by = r.Rule.Object.Slug, r.Rule.By.Slug
	}
	fmt.Fprintf(b, "%s-> %s by %s %s (%q, missing %s, multiple %s)", indent, to, by, r.Key.Canonical(), r.Text, r.Rule.Missing, r.Rule.Multiple)
	if !r.Rule.Use.IsZero() {
		fmt.Fprintf(b, " use %s", r.Rule.Use.Canonical())
	}
	b.WriteString("\n")
	dumpFields(b, indent+"  new ", r.New)
	for _, p := range r.NewProblems {
		fmt.Fprintf(b, "%s  cannot be made: %s %q: %s\n", indent, p.Code, p.Column, p.Message)
	}
}

func canonicals(values []value.Value) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = v.Canonical()
	}
	return "[" + strings.Join(texts, " | ") + "]"
}
