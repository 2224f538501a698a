package value

import "fmt"

// maxRating is the number of stars (OpenAPI: 0 to 5 inclusive).
const maxRating = 5

// convertRating reads a whole number of stars; 3.0 is 3.
func convertRating(t Text) (Value, error) {
	var buf [64]byte
	s := Trim(t.Text)
	d, ok := scanDecimal(s, '.')
	b := buf[:0]
	if ok = ok && d.exponent == 0; ok {
		b, _ = d.append(b)
		ok = len(b) == 1 && b[0] <= '0'+maxRating && trimZeros(d.fraction) == ""
	}
	if !ok {
		return Value{}, &Error{InvalidRating, fmt.Sprintf("%s is not a whole number from 0 to %d", quote(s), maxRating),
			"ratings have 0 to 5 stars; turn other scales into them with map:"}
	}
	return ratingValue(b[0]), nil
}

func ratingValue(digit byte) Value {
	const stars = "012345"
	return wrapped(numberPrefix, stars[digit-'0':digit-'0'+1], numberSuffix)
}
