package value

import (
	"testing"

	"attio-import/mapping/schema"
)

func TestWholeLocation(t *testing.T) {
	checkConversions(t, converter(t, attribute(schema.Location), Options{}), []conversion{
		{" 1 Infinite Loop, Cupertino, CA, 95014, US ", "1 Infinite Loop, Cupertino, CA, 95014, US", `"1 Infinite Loop, Cupertino, CA, 95014, US"`, ""},
		{"a \"b\"\nc", "a \"b\"\nc", `"a \"b\"\nc"`, ""},
		{"\xff", "", InvalidText, ""},
	})
}
