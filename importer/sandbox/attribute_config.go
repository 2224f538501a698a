package sandbox

import (
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// Currencies and ways to show them (OpenAPI; FJD came later).
var (
	currencyCodes = strings.Fields("ARS AUD BRL BGN CAD CLP CNY COP CZK DKK EUR FJD HKD HUF ISK INR ILS JPY KES KRW MYR MXN NTD NZD NGN NOK " +
		"XPF PEN PHP PLN GBP RWF SAR SGD ZAR SEK CHF THB AED UYU USD")
	currencyDisplays = []string{"code", "name", "narrowSymbol", "symbol"}
)

// readConfig takes over the config of a request; what is meant for other types of attributes is ignored.
func (s *store) readConfig(a *attribute, config gjson.Result) error {
	if cur := config.Get("currency"); cur.IsObject() && a.kind == kindCurrency {
		if err := configOption(cur, "default_currency_code", currencyCodes, &a.currency); err != nil {
			return err
		}
		if err := configOption(cur, "display_type", currencyDisplays, &a.display); err != nil {
			return err
		}
	}
	if ref := config.Get("record_reference"); ref.IsObject() && a.kind == kindReference {
		return s.readAllowed(a, ref.Get("allowed_objects"))
	}
	return nil
}

func configOption(currency gjson.Result, key string, options []string, into *string) error {
	v := currency.Get(key)
	path := []string{"data", "config", "currency", key}
	if v.Type != gjson.String {
		return badBody(wrongType("string", typeName(v), path...))
	}
	if !slices.Contains(options, v.Str) {
		return badBody(issue{code: "invalid_option", path: path, options: options,
			message: "Invalid enum value. Expected '" + strings.Join(options, "' | '") + "', received '" + v.Str + "'"})
	}
	*into = v.Str
	return nil
}

func (s *store) readAllowed(a *attribute, names gjson.Result) error {
	path := []string{"data", "config", "record_reference", "allowed_objects"}
	if !names.IsArray() {
		return badBody(wrongType("array", typeName(names), path...))
	}
	var allowed []*table
	for _, name := range names.Array() {
		target := s.object(name.String())
		if target == nil {
			return invalid("value_not_found", "Object with slug/ID %q not found.", name.String()) // inferred
		}
		allowed = append(allowed, target)
	}
	if allowed == nil {
		return badBody(issue{code: "too_small", path: path, message: "Array must contain at least 1 element(s)"})
	}
	a.allowed = allowed
	return nil
}
