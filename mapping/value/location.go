package value

import (
	"fmt"
	"strings"

	"github.com/tidwall/gjson"
)

// locationParts are the keys of a location. The API wants all ten, null for
// what is not known.
var locationParts = []string{"line_1", "line_2", "line_3", "line_4", "locality", "region", "postcode", "country_code", "latitude", "longitude"}

// placeParts are the parts that say a place in words: all but the coordinates,
// which come last.
func placeParts() []string { return locationParts[:len(locationParts)-len(coordinates)] }

// convertLocation sends a whole text, which Attio takes apart itself ("1
// Infinite Loop, Cupertino, CA, 95014, US"). What it makes of it cannot be
// known here, so such a value is Equal to no stored one; see [SamePlace].
func convertLocation(t Text) (Value, error) {
	s := Trim(t.Text)
	if err := checkText(s); err != nil {
		return Value{}, err
	}
	return wrapped(`"`, s, `"`), nil
}

// composeLocation puts a location together from parts: the country by code or
// name, latitude and longitude in degrees and only both together.
func composeLocation(parts map[string]string) (Value, error) {
	if country := parts["country_code"]; country != "" {
		code, err := countryCode(country)
		if err != nil {
			return Value{}, located("country_code", err)
		}
		parts["country_code"] = code
	}
	for _, c := range coordinates {
		if parts[c.part] == "" {
			continue
		}
		degrees, err := coordinate(parts[c.part], c.limit)
		if err != nil {
			return Value{}, located(c.part, err)
		}
		parts[c.part] = degrees
	}
	if (parts["latitude"] == "") != (parts["longitude"] == "") {
		return Value{}, &Error{InvalidLocation, "latitude and longitude must be given together", "map both, or none"}
	}
	return locationValue(parts), nil
}

var coordinates = []struct {
	part  string
	limit int // degrees either way
}{{"latitude", 90}, {"longitude", 180}}

// coordinateDecimals is the precision that Attio keeps (OpenAPI: latitude).
const coordinateDecimals = 9

// coordinate checks degrees and writes them as the API's pattern wants them:
// a point, no exponent, no leading zeros.
func coordinate(s string, limit int) (string, error) {
	d, ok := scanDecimal(s, '.')
	whole := strings.TrimLeft(d.integer, "0")
	if !ok || d.exponent != 0 || digits(d.integer) != len(d.integer) {
		return "", &Error{InvalidLocation, fmt.Sprintf("%s is not a number of degrees", quote(s)), "write degrees with a decimal point, such as 52.520008"}
	}
	fraction := trimZeros(d.fraction[:min(len(d.fraction), coordinateDecimals)])
	if len(whole) > 3 || number(whole) > limit || number(whole) == limit && fraction != "" {
		return "", &Error{InvalidLocation, fmt.Sprintf("%s is not within -%d and %d degrees", quote(s), limit, limit), "check that latitude and longitude are not swapped"}
	}
	degrees := whole
	if degrees == "" {
		degrees = "0"
	}
	if fraction != "" {
		degrees += "." + fraction
	}
	if d.negative && degrees != "0" {
		degrees = "-" + degrees
	}
	return degrees, nil
}

// locationValue writes a location. Its canonical form names the parts, so that
// a city does not compare with a region of the same name.
func locationValue(parts map[string]string) Value {
	b := append(make([]byte, 0, 256), '{')
	var canonical strings.Builder
	for i, name := range locationParts {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendQuoted(b, name), ':')
		part := parts[name]
		if part == "" {
			b = append(b, "null"...)
			continue
		}
		b = appendQuoted(b, part)
		if canonical.Len() > 0 {
			canonical.WriteString("; ")
		}
		canonical.WriteString(name + ": " + part)
	}
	return Value{canonical: canonical.String(), json: string(append(b, '}'))}
}

func storedLocation(r gjson.Result) Value {
	parts := make(map[string]string, len(locationParts))
	for _, name := range locationParts {
		parts[name] = r.Get(name).String()
	}
	for _, c := range coordinates {
		if degrees, err := coordinate(parts[c.part], c.limit); err == nil {
			parts[c.part] = degrees // Attio may print zeros at the end
		}
	}
	return locationValue(parts)
}
