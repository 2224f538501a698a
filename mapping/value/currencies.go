package value

import (
	"fmt"
	"strings"
)

// isoCodes are the currency codes of ISO 4217 that money is held in, and the
// NTD that Attio has for the Taiwan dollar (OpenAPI: currency_code).
const isoCodes = " AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD" +
	" CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD" +
	" HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD" +
	" MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NTD NZD OMR PAB PEN PGK PHP PKR PLN" +
	" PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD" +
	" TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG "

func isoCurrency(code string) bool {
	if len(code) != 3 || strings.IndexByte(code, ' ') >= 0 {
		return false
	}
	i := strings.Index(isoCodes, strings.ToUpper(code))
	return i > 0 && isoCodes[i-1] == ' ' && isoCodes[i+3] == ' '
}

// currencyCode checks a code that a mapping says.
func currencyCode(s string) (string, error) {
	if !isoCurrency(s) {
		return "", &Error{InvalidSetting, fmt.Sprintf("%q is no currency", s), "say a code of ISO 4217, such as EUR"}
	}
	return strings.ToUpper(s), nil
}

// signs are the currencies that a sign may mean.
var signs = map[string]string{
	"$": "USD AUD CAD NZD SGD HKD TWD NTD MXN ARS CLP COP UYU", "€": "EUR", "£": "GBP", "¥": "JPY CNY", "￥": "JPY CNY",
	"₹": "INR", "rs": "INR PKR LKR", "rs.": "INR PKR LKR", "₩": "KRW", "₪": "ILS", "₺": "TRY", "tl": "TRY", "₽": "RUB",
	"₴": "UAH", "zł": "PLN", "kč": "CZK", "ft": "HUF", "kr": "SEK NOK DKK ISK", "kr.": "SEK NOK DKK ISK", "fr": "CHF",
	"fr.": "CHF", "sfr": "CHF", "sfr.": "CHF", "r$": "BRL", "us$": "USD", "u$s": "USD", "a$": "AUD", "au$": "AUD",
	"c$": "CAD", "ca$": "CAD", "nz$": "NZD", "hk$": "HKD", "s$": "SGD", "nt$": "TWD NTD", "mx$": "MXN", "r": "ZAR",
	"₦": "NGN", "₱": "PHP", "฿": "THB", "₫": "VND", "лв": "BGN", "лв.": "BGN", "rm": "MYR", "s/": "PEN", "s/.": "PEN",
	"ksh": "KES", "lei": "RON", "rmb": "CNY", "元": "CNY", "円": "JPY", "d.h.": "AED", "dhs": "AED", "sr": "SAR",
	"euro": "EUR", "euros": "EUR", "dollars": "USD AUD CAD NZD SGD HKD",
}

// currenciesOf are the currencies that a sign or code may mean; nil for what
// is neither. A sign and a code together ("$ USD") mean the code's.
func currenciesOf(name string) []string {
	if isoCurrency(name) {
		return []string{strings.ToUpper(name)}
	}
	return strings.Fields(signs[strings.ToLower(name)])
}

// meansCurrency reports whether a sign or code may mean the currency; where
// code is empty, whether it means any.
func meansCurrency(name, code string) bool {
	if isoCurrency(name) {
		return code == "" || sameCurrency(strings.ToUpper(name), code)
	}
	of := signs[strings.ToLower(name)]
	return of != "" && strings.Contains(of, code)
}

// sameCurrency knows that Attio calls the Taiwan dollar NTD, and ISO TWD.
func sameCurrency(a, b string) bool {
	return a == b || taiwan(a) && taiwan(b)
}

func taiwan(code string) bool { return code == "TWD" || code == "NTD" }
