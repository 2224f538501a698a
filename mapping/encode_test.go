package mapping_test

import (
	"encoding/json"
	"testing"

	"attio-import/mapping"
	"attio-import/mapping/schema"
)

func TestAppendValues(t *testing.T) {
	name := &schema.Attribute{Slug: "name", Type: schema.Text}
	odd := &schema.Attribute{Slug: "a\"b\n\u00e9", Type: schema.Number, Multi: true}
	fields := []mapping.Field{
		{Attribute: name, Values: values(t, name, "Ann \"A\" Lee\n")},
		{Attribute: odd, Values: values(t, odd, "1", "2.5")},
		{Attribute: &schema.Attribute{Slug: "none"}, Clear: true},
	}
	got := mapping.AppendValues([]byte("x"), fields)
	if got[0] != 'x' {
		t.Fatalf("it does not append: %s", got)
	}
	var back map[string][]any
	if err := json.Unmarshal(got[1:], &back); err != nil {
		t.Fatalf("%s: %v", got, err)
	}
	if len(back) != 3 || len(back["name"]) != 1 || len(back["a\"b\n\u00e9"]) != 2 || back["none"] == nil || len(back["none"]) != 0 {
		t.Errorf("got %s", got)
	}
	quoted := []mapping.Field{{Attribute: &schema.Attribute{Slug: `a"b\c`}}}
	if got := mapping.AppendValues(nil, quoted); string(got) != `{"a\"b\\c":[]}` {
		t.Errorf("a slug with a quote: %s", got)
	}
	if got := mapping.AppendValues(nil, nil); string(got) != "{}" {
		t.Errorf("without fields: %s", got)
	}
}
