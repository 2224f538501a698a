package value

import (
	"testing"

	"attio-import/mapping/schema"
)

func TestCheckbox(t *testing.T) {
	c := converter(t, attribute(schema.Checkbox), Options{})
	for _, in := range []string{"1", "true", "TRUE", "Yes", "y", "T", "#t", "#T", "on", " x ", "✓"} {
		checkConversions(t, c, []conversion{{in, "true", `{"value":true}`, ""}})
	}
	for _, in := range []string{"0", "false", "FALSE", "No", "n", "F", "#f", "off"} {
		checkConversions(t, c, []conversion{{in, "false", `{"value":false}`, ""}})
	}
	for _, in := range []string{"", "2", "maybe", "truee", "-", "ja"} {
		checkConversions(t, c, []conversion{{in, "", InvalidCheckbox, ""}})
	}
}
