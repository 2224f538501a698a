package value

import (
	"testing"

	"attio-import/mapping/schema"
)

func TestRating(t *testing.T) {
	checkConversions(t, converter(t, attribute(schema.Rating), Options{}), []conversion{
		{"0", "0", `{"value":0}`, ""},
		{"5", "5", `{"value":5}`, ""},
		{" 3.0 ", "3", `{"value":3}`, ""},
		{"-0", "0", `{"value":0}`, ""},
		{"6", "", InvalidRating, ""},
		{"-1", "", InvalidRating, ""},
		{"3.5", "", InvalidRating, ""},
		{"3.00001", "", InvalidRating, ""},
		{"3/5", "", InvalidRating, ""},
		{"1e-9", "", InvalidRating, ""},
		{"10", "", InvalidRating, ""},
		{"", "", InvalidRating, ""},
		{"***", "", InvalidRating, ""},
	})
}
