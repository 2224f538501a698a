package value

import (
	"testing"

	"attio-import/mapping/schema"
)

func TestUnknownType(t *testing.T) {
	for _, tt := range []struct {
		opts Options
		conversion
	}{
		{Options{}, conversion{" anything ", " anything ", `{"value":" anything "}`, ""}},
		{Options{}, conversion{"\xff", "", InvalidText, ""}},
		{Options{Layouts: []string{"DD/MM/YYYY"}}, conversion{"31/12/2026", "31/12/2026", `{"value":"31/12/2026"}`, ""}},
		{Options{Layouts: []string{"DD/MM/YYYY"}}, conversion{"31/02/2026", "", InvalidDate, ""}},
		{Options{Layouts: []string{"DD/MM/YYYY hh:mm"}}, conversion{"31/02/2026 10:00", "", InvalidTimestamp, ""}},
		{Options{Decimal: ','}, conversion{"1,5", "1,5", `{"value":"1,5"}`, ""}},
		{Options{Decimal: ','}, conversion{"abc", "", InvalidNumber, ""}},
		{Options{Currency: "EUR"}, conversion{"€5", "€5", `{"value":"€5"}`, ""}},
		{Options{Currency: "EUR", Decimal: ','}, conversion{"€5,50", "€5,50", `{"value":"€5,50"}`, ""}},
		{Options{Currency: "EUR"}, conversion{"$5", "", CurrencyMismatch, ""}},
	} {
		checkConversions(t, converter(t, attribute(schema.Unknown), tt.opts), []conversion{tt.conversion})
	}
}
