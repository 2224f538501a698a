package value

import (
	"testing"

	"attio-import/mapping/schema"
)

func TestNumber(t *testing.T) {
	checkConversions(t, converter(t, attribute(schema.Number), Options{}), []conversion{
		{"42", "42", `{"value":42}`, ""},
		{" +42 ", "42", `{"value":42}`, ""},
		{"-7", "-7", `{"value":-7}`, ""},
		{"\u22127", "-7", `{"value":-7}`, ""},
		{"007", "7", `{"value":7}`, ""},
		{"0.10", "0.1", `{"value":0.1}`, ""},
		{".5", "0.5", `{"value":0.5}`, ""},
		{"5.", "5", `{"value":5}`, ""},
		{"-0", "0", `{"value":0}`, ""},
		{"0", "0", `{"value":0}`, ""},
		{"1.2300", "1.23", `{"value":1.23}`, ""},
		{"1.23450000", "1.2345", `{"value":1.2345}`, ""},
		{"1.23456", "1.2345", `{"value":1.2345}`, DecimalsCut},
		{"1.99999", "1.9999", `{"value":1.9999}`, DecimalsCut}, // cut, not rounded
		{"-0.00009", "0", `{"value":0}`, DecimalsCut},
		{"1e3", "1000", `{"value":1000}`, ""},
		{"1.5E+3", "1500", `{"value":1500}`, ""},
		{"15e-1", "1.5", `{"value":1.5}`, ""},
		{"12.5e-1", "1.25", `{"value":1.25}`, ""},
		{"1e-3", "0.001", `{"value":0.001}`, ""},
		{"1e-9", "0", `{"value":0}`, DecimalsCut},
		{"1,234,567.89", "1234567.89", `{"value":1234567.89}`, ""},
		{"1 234 567", "1234567", `{"value":1234567}`, ""},
		{"1\u00a0234\u00a0567", "1234567", `{"value":1234567}`, ""},
		{"1\u202f234", "1234", `{"value":1234}`, ""},
		{"1'234.5", "1234.5", `{"value":1234.5}`, ""},
		{"1’234", "1234", `{"value":1234}`, ""},
		{"12,34,567", "1234567", `{"value":1234567}`, ""}, // lakhs and crores
		{"0,123", "123", `{"value":123}`, ""},
		// What a float64 gives back digit by digit is taken, the rest refused.
		{"999999999999999", "999999999999999", `{"value":999999999999999}`, ""},
		{"9007199254740992", "9007199254740992", `{"value":9007199254740992}`, ""},
		{"9007199254740993", "", InvalidNumber, ""},
		{"1234567890123456789", "", InvalidNumber, ""},
		{"123456789012.3456", "123456789012.3456", `{"value":123456789012.3456}`, ""},
		{"1234567890123.4567", "", InvalidNumber, ""},
		{"12345678901234.5678", "", InvalidNumber, ""},
		{"100000000000000000000", "100000000000000000000", `{"value":100000000000000000000}`, ""},
		{"1e400", "", InvalidNumber, ""},
		{"1e99999999", "", InvalidNumber, ""},
		// No numbers.
		{"1,5", "", InvalidNumber, ""},
		{"1,23,456,7", "", InvalidNumber, ""},
		{"1,234,56", "", InvalidNumber, ""},
		{"12,34,5678", "", InvalidNumber, ""},
		{"1234,567", "", InvalidNumber, ""},
		{"1,234 567", "", InvalidNumber, ""},
		{"1.2.3", "", InvalidNumber, ""},
		{"1.234,5", "", InvalidNumber, ""},
		{"", "", InvalidNumber, ""},
		{"-", "", InvalidNumber, ""},
		{".", "", InvalidNumber, ""},
		{"--1", "", InvalidNumber, ""},
		{"1e", "", InvalidNumber, ""},
		{"e5", "", InvalidNumber, ""},
		{"0x1f", "", InvalidNumber, ""},
		{"1_000", "", InvalidNumber, ""},
		{"NaN", "", InvalidNumber, ""},
		{"Infinity", "", InvalidNumber, ""},
		{"12%", "", InvalidNumber, ""},
		{"$5", "", InvalidNumber, ""},
		{"100-", "", InvalidNumber, ""},
		{"twelve", "", InvalidNumber, ""},
	})
}

func TestNumberWithDecimalComma(t *testing.T) {
	checkConversions(t, converter(t, attribute(schema.Number), Options{Decimal: ','}), []conversion{
		{"1,5", "1.5", `{"value":1.5}`, ""},
		{"1.234.567,89", "1234567.89", `{"value":1234567.89}`, ""},
		{"1.234", "1234", `{"value":1234}`, ""},
		{"1 234,5", "1234.5", `{"value":1234.5}`, ""},
		{"1.5", "", InvalidNumber, ""},
		{"1,234,567", "", InvalidNumber, ""},
	})
}

func TestNumberBesideACurrency(t *testing.T) {
	checkConversions(t, converter(t, attribute(schema.Number), Options{Currency: "USD"}), []conversion{
		{"$1,200", "1200", `{"value":1200}`, ""},
		{"1200", "1200", `{"value":1200}`, ""},
		{"€5", "", CurrencyMismatch, ""},
	})
}

func TestNumberMessages(t *testing.T) {
	checkMessages(t, converter(t, attribute(schema.Number), Options{}), []message{
		{"1,5", "1,5 is not a number", `decimal: ","`},
		{"12%", `"12%" is not a number`, "take the % off"},
		{"1.2M", `"1.2M"`, "in full"},
		{"100-", "100-", "minus in front"},
		{"$5", `"$5"`, "say currency:"},
		{"n/a", `"n/a"`, "null_values"},
		{"1234567890123456789", "more digits than Attio keeps", "text attribute"},
	})
	checkMessages(t, converter(t, attribute(schema.Number), Options{Decimal: ','}), []message{
		{"1.5", "1.5 is not a number", `decimal: "."`},
	})
}
