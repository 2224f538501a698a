package sandbox

import (
	"math"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

const maxText = 10 << 20 // OpenAPI: "Values are limited to 10MB"; the refusal's text is inferred

func readText(v gjson.Result, out *value) *issue {
	v, problem := unwrap(v, "value")
	if problem != nil {
		return problem
	}
	if v.Type != gjson.String {
		problem := wrongType("string", typeName(v))
		return &problem
	}
	if len(v.Str) > maxText {
		return &issue{code: "too_big", message: "String must contain at most 10485760 character(s)"}
	}
	out.s[0] = v.Str
	return nil
}

func readNumber(v gjson.Result, out *value) *issue {
	v, problem := unwrap(v, "value")
	if problem != nil {
		return problem
	}
	return readDecimal(v, out)
}

// readCurrency accepts amounts written as strings too; numbers are not read from strings (inferred).
func readCurrency(v gjson.Result, out *value) *issue {
	v, problem := unwrap(v, "currency_value")
	if problem != nil {
		return problem
	}
	if v.Type == gjson.String {
		f, err := strconv.ParseFloat(v.Str, 64)
		if err != nil {
			return &issue{code: "invalid", message: "Invalid input"}
		}
		v = gjson.Result{Type: gjson.Number, Num: f}
	}
	return readDecimal(v, out)
}

// readDecimal keeps four decimals and cuts off the rest (import guide).
func readDecimal(v gjson.Result, out *value) *issue {
	if v.Type != gjson.Number {
		problem := wrongType("number", typeName(v))
		return &problem
	}
	if math.IsInf(v.Num, 0) || math.IsNaN(v.Num) {
		return &issue{code: "not_finite", message: "Number must be finite"}
	}
	out.num = cutDecimals(v.Num)
	return nil
}

// cutDecimals works on the decimal spelling: 4.35 times 10,000 is a little less than 43,500 in binary.
func cutDecimals(f float64) float64 {
	if f == math.Trunc(f) || math.Abs(f) >= 1<<53 {
		return f + 0 // no minus zero
	}
	s := strconv.FormatFloat(f, 'f', -1, 64)
	dot := strings.IndexByte(s, '.')
	if dot < 0 || len(s)-dot-1 <= 4 {
		return f
	}
	f, _ = strconv.ParseFloat(s[:dot+5], 64)
	return f + 0
}

func readRating(v gjson.Result, out *value) *issue {
	v, problem := unwrap(v, "value")
	if problem != nil {
		return problem
	}
	if v.Type != gjson.Number {
		problem := wrongType("number", typeName(v))
		return &problem
	}
	if v.Num < 0 || v.Num > 5 || v.Num != math.Trunc(v.Num) {
		return &issue{code: "invalid", message: "Expected an integer between 0 and 5"}
	}
	out.num = v.Num
	return nil
}

func readCheckbox(v gjson.Result, out *value) *issue {
	v, problem := unwrap(v, "value")
	if problem != nil {
		return problem
	}
	switch {
	case v.Type == gjson.True, v.Type == gjson.String && v.Str == "true":
		out.num = 1
	case v.Type == gjson.False, v.Type == gjson.String && v.Str == "false":
		out.num = 0
	default:
		problem := wrongType("boolean", typeName(v))
		return &problem
	}
	return nil
}

func readDate(v gjson.Result, out *value) *issue {
	return readMoment(v, out, parseDate, "Invalid date")
}

func readTimestamp(v gjson.Result, out *value) *issue {
	return readMoment(v, out, parseTimestamp, "Invalid timestamp")
}

func readMoment(v gjson.Result, out *value, parse func(string) (string, bool), refusal string) *issue {
	v, problem := unwrap(v, "value")
	if problem != nil {
		return problem
	}
	if v.Type != gjson.String {
		problem := wrongType("string", typeName(v))
		return &problem
	}
	moment, ok := parse(v.Str)
	if !ok {
		return &issue{code: "invalid_string", message: refusal}
	}
	out.s[0] = moment
	return nil
}
