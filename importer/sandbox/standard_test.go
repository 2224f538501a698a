package sandbox

import (
	"encoding/json"
	"os"
	"reflect"
	"testing"
)

// recorded is what a real workspace answered for people and companies. It is not part of this project; it lies beside
// the checkout.
const recorded = "../../../shared/recorded-attributes.json"

// TestStandardAttributes compares the system attributes of people and companies with the recording, field by field, ids
// and times apart. The recorded workspace had people, companies and deals enabled.
func TestStandardAttributes(t *testing.T) {
	raw, err := os.ReadFile(recorded)
	if err != nil {
		t.Skipf("the recording is not beside the checkout: %v", err)
	}
	var want map[string][]map[string]any
	if err := json.Unmarshal(raw, &want); err != nil {
		t.Fatal(err)
	}
	c := serve(t, Options{Disable: []string{"users", "workspaces"}})
	for object, attributes := range want {
		var have struct{ Data []map[string]any }
		if err := json.Unmarshal([]byte(c.ok("GET", "/v2/objects/"+object+"/attributes", "").body), &have); err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, w := range attributes {
			if w["is_system_attribute"] != true {
				continue
			}
			if n == len(have.Data) {
				t.Fatalf("%s: only %d attributes", object, n)
			}
			h := have.Data[n]
			n++
			forget(w)
			forget(h)
			if !reflect.DeepEqual(w, h) {
				t.Errorf("%s.%v:\n have %v\nwanted %v", object, w["api_slug"], h, w)
			}
		}
		if n != len(have.Data) {
			t.Errorf("%s: %d attributes, the recording has %d", object, len(have.Data), n)
		}
	}
}

// forget blanks identifiers and times, but keeps that they are there.
func forget(v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, child := range v {
			if s, ok := child.(string); ok {
				if _, isID := parseID(s); isID || key == "created_at" {
					v[key] = "-"
				}
			}
			forget(child)
		}
	case []any:
		for i, child := range v {
			if s, ok := child.(string); ok {
				if _, isID := parseID(s); isID {
					v[i] = "-"
				}
			}
			forget(child)
		}
	}
}
