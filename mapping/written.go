package mapping

import (
	"fmt"

	"github.com/tidwall/gjson"

	"attio-import/mapping/schema"
	"attio-import/mapping/value"
)

// Written reads values of an attribute back from the form in which they would
// be written, as [AppendList] gives it for what a record has: they compare with
// the values of the record that they were taken from. White space and escapes
// do not matter. The error is about JSON that is no such list.
func Written(attr *schema.Attribute, list []byte) ([]value.Value, error) {
	if attr.Type == schema.PhoneNumber && gjson.ValidBytes(list) {
		list = storedPhones(gjson.ParseBytes(list))
	}
	values, err := value.Stored(attr, list)
	if err != nil {
		return nil, fmt.Errorf("reading what was to be written: %w", err)
	}
	return values, nil
}

// storedPhones turns the form in which phone numbers are written into that in
// which they are read: of all types only this one has another member for each.
func storedPhones(list gjson.Result) []byte {
	if !list.IsArray() {
		return []byte(list.Raw)
	}
	stored := []byte{'['}
	for i, r := range list.Array() {
		if i > 0 {
			stored = append(stored, ',')
		}
		number := r.Get("original_phone_number").Raw
		if number == "" {
			number = "null"
		}
		stored = append(append(append(stored, `{"phone_number":`...), number...), '}')
	}
	return append(stored, ']')
}

// SaidBy reports whether values that stand in a record say all that the field
// says: every value of a list, the parts that the row gives of a value that was
// put together, nothing where it is to be cleared. A default is no exception: it
// must stand there.
func (f *Field) SaidBy(stored []value.Value) bool {
	if f.Clear {
		return len(stored) == 0
	}
	return len(notIn(f.merged(stored).Values, stored)) == 0
}

// SameValues reports whether two lists of values of an attribute are the same
// to Attio: it puts the values of a list attribute in an order of its own.
func SameValues(a, b []value.Value) bool {
	return len(notIn(a, b)) == 0 && len(notIn(b, a)) == 0
}
