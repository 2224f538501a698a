package value

import (
	"fmt"
	"strings"
)

var (
	checked   = Value{canonical: "true", json: `{"value":true}`}
	unchecked = Value{canonical: "false", json: `{"value":false}`}
)

// convertCheckbox reads yes and no as sheets and Attio's own import write
// them, whatever their case.
func convertCheckbox(t Text) (Value, error) {
	s := Trim(t.Text)
	switch strings.ToLower(s) {
	case "1", "true", "yes", "y", "t", "#t", "on", "x", "checked", "✓", "✔", "☑":
		return checked, nil
	case "0", "false", "no", "n", "f", "#f", "off", "unchecked", "☐":
		return unchecked, nil
	}
	return Value{}, &Error{InvalidCheckbox, fmt.Sprintf("%s is neither yes nor no", quote(s)),
		"write true or false, or turn the text into one of them with map:"}
}
