package value

import (
	"fmt"

	"attio-import/mapping/schema"
)

func convertPhone(t Text) (Value, error)    { return Value{}, fmt.Errorf("phone numbers: not built yet") }
func convertName(t Text) (Value, error)     { return Value{}, fmt.Errorf("names: not built yet") }
func convertLocation(t Text) (Value, error) { return Value{}, fmt.Errorf("locations: not built yet") }

// Part is one named part of a value that has several (a name, a location).
type Part struct{ Name, Text string }

// PartNames lists the parts that values of a type can be put together from;
// nil for a type that has none.
func PartNames(t schema.Type) []string { return nil }

// Compose puts a value together from its parts.
func Compose(t schema.Type, parts []Part) (Value, error) { return Value{}, fmt.Errorf("not built yet") }

// Stored reads what the API answered for an attribute.
func Stored(attr *schema.Attribute, raw []byte) ([]Value, error) {
	return nil, fmt.Errorf("not built yet")
}
