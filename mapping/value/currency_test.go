package value

import (
	"testing"

	"attio-import/mapping/schema"
)

func money(code string) *schema.Attribute {
	return &schema.Attribute{Slug: "mrr", Title: "MRR", Type: schema.Currency, CurrencyCode: code}
}

func TestCurrency(t *testing.T) {
	checkConversions(t, converter(t, money("USD"), Options{}), []conversion{
		{"1200.50", "1200.5", `{"currency_value":1200.5}`, ""},
		{"1,200.50", "1200.5", `{"currency_value":1200.5}`, ""},
		{"$1,200.50", "1200.5", `{"currency_value":1200.5}`, ""},
		{"$ 99", "99", `{"currency_value":99}`, ""},
		{"99 $", "99", `{"currency_value":99}`, ""},
		{"US$99", "99", `{"currency_value":99}`, ""},
		{"USD 99", "99", `{"currency_value":99}`, ""},
		{"99usd", "99", `{"currency_value":99}`, ""},
		{"99\u00a0USD", "99", `{"currency_value":99}`, ""},
		{"-$5", "-5", `{"currency_value":-5}`, ""},
		{"$-5", "-5", `{"currency_value":-5}`, ""},
		{"- $5", "-5", `{"currency_value":-5}`, ""},
		{"+5", "5", `{"currency_value":5}`, ""},
		{"(1,200.50)", "-1200.5", `{"currency_value":-1200.5}`, ""},
		{"($1,200.50)", "-1200.5", `{"currency_value":-1200.5}`, ""},
		{"( 5 USD )", "-5", `{"currency_value":-5}`, ""},
		{"$1,200.00 USD", "1200", `{"currency_value":1200}`, ""},
		{"$5.", "5", `{"currency_value":5}`, ""},
		{"$.5", "0.5", `{"currency_value":0.5}`, ""},
		{"0.12345", "0.1234", `{"currency_value":0.1234}`, DecimalsCut},
		{"€5", "", CurrencyMismatch, ""},
		{"5 EUR", "", CurrencyMismatch, ""},
		{"C$5", "", CurrencyMismatch, ""},
		{"£5", "", CurrencyMismatch, ""},
		{"R$ 5", "", CurrencyMismatch, ""},
		{"(-5)", "", InvalidCurrency, ""},
		{"-$-5", "", InvalidCurrency, ""},
		{"(-$5)", "", InvalidCurrency, ""},
		{"$", "", InvalidCurrency, ""},
		{"()", "", InvalidCurrency, ""},
		{"5 XYZ", "", InvalidCurrency, ""},
		{"$5 EUR", "", CurrencyMismatch, ""},
		{"$5M", "", InvalidCurrency, ""},
		{"undisclosed amount", "", InvalidCurrency, ""},
		{"$2800000, $2100000", "", InvalidCurrency, ""},
		{"1.200,50", "", InvalidCurrency, ""},
		{"", "", InvalidCurrency, ""},
	})
}

func TestCurrencyOfItsOwn(t *testing.T) {
	for _, tt := range []struct {
		attribute, said string
		decimal         rune
		conversion
	}{
		{"EUR", "", ',', conversion{"1.200,50 €", "1200.5", `{"currency_value":1200.5}`, ""}},
		{"", "EUR", ',', conversion{"EUR 1.200,50", "1200.5", `{"currency_value":1200.5}`, ""}},
		{"", "EUR", 0, conversion{"$5", "", CurrencyMismatch, ""}},
		{"", "", 0, conversion{"$5", "5", `{"currency_value":5}`, ""}}, // not known: any currency
		{"", "", 0, conversion{"kr. 5", "5", `{"currency_value":5}`, ""}},
		{"", "", 0, conversion{"5 foo", "", InvalidCurrency, ""}},
		{"CHF", "", 0, conversion{"Fr. 1'200.50", "1200.5", `{"currency_value":1200.5}`, ""}},
		{"CHF", "", 0, conversion{"CHF 1’200.50", "1200.5", `{"currency_value":1200.5}`, ""}},
		{"SEK", "", ',', conversion{"1 200,50 kr", "1200.5", `{"currency_value":1200.5}`, ""}},
		{"NOK", "", ',', conversion{"kr 5", "5", `{"currency_value":5}`, ""}},
		{"PLN", "", ',', conversion{"5 zł", "5", `{"currency_value":5}`, ""}},
		{"CAD", "", 0, conversion{"$5", "5", `{"currency_value":5}`, ""}},
		{"CAD", "", 0, conversion{"US$5", "", CurrencyMismatch, ""}},
		{"NTD", "", 0, conversion{"TWD 5", "5", `{"currency_value":5}`, ""}},
		{"JPY", "", 0, conversion{"¥500", "500", `{"currency_value":500}`, ""}},
		{"INR", "", 0, conversion{"Rs. 12,34,567", "1234567", `{"currency_value":1234567}`, ""}},
		{"INR", "", 0, conversion{"Rs.500", "500", `{"currency_value":500}`, ""}},
	} {
		c := converter(t, money(tt.attribute), Options{Currency: tt.said, Decimal: tt.decimal})
		checkConversions(t, c, []conversion{tt.conversion})
	}
}

func TestCurrencyCannotBeChosen(t *testing.T) {
	_, err := NewConverter(money("USD"), Options{Currency: "EUR"})
	if e := typed(t, err); e == nil || e.Code != CurrencyMismatch {
		t.Errorf("EUR said for an attribute in USD: %v", err)
	}
	if _, err := NewConverter(money("NTD"), Options{Currency: "TWD"}); err != nil {
		t.Errorf("TWD is what Attio calls NTD: %v", err)
	}
}

func TestCurrencyMessages(t *testing.T) {
	checkMessages(t, converter(t, money("USD"), Options{}), []message{
		{"€5", `"€5" is in EUR; the attribute is in USD`, "convert"},
		{"¥5", "JPY or CNY", "convert"},
		{"undisclosed amount", `"undisclosed amount" is not an amount`, "null_values"},
		{"1.200,50", "1.200,50 is not an amount", `decimal: ","`},
		{"$1.200,50", `"$1.200,50" is not an amount`, `decimal: ","`},
		{"$2800000, $2100000", `"$2800000, $2100000" is not an amount`, "the attribute holds one number"},
		{"$1200000, undisclosed amount", "", "the attribute holds one number"},
		{"$1.2M", `"$1.2M" is not an amount`, "in full"},
		{"(-5)", "(-5)", ""},
	})
}
