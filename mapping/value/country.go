package value

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"

	"github.com/agnivade/levenshtein"
)

// countryList has a line for each country that the API takes (OpenAPI:
// country_code): its alpha-2 and alpha-3 codes, its English name, and other
// names that sheets call it by.
//
//go:embed countries.txt
var countryList string

// atlas finds countries. All its values are alpha-2 codes, but for english.
type atlas struct {
	codes   map[string]string // by alpha-2 and alpha-3
	names   map[string]string // by folded name
	english map[string]string // alpha-2 to the English name
}

var countries = sync.OnceValue(func() atlas {
	a := atlas{codes: map[string]string{}, names: map[string]string{}, english: map[string]string{}}
	for line := range strings.Lines(countryList) {
		alpha2, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		alpha3, rest, _ := strings.Cut(rest, " ")
		names := strings.Split(rest, "|")
		a.codes[alpha2], a.codes[alpha3], a.english[alpha2] = alpha2, alpha2, names[0]
		for _, name := range names {
			a.names[foldCountry(name)] = alpha2
		}
	}
	return a
})

func (a atlas) find(s string) string {
	if len(s) <= 3 {
		if code := a.codes[strings.ToUpper(s)]; code != "" {
			return code
		}
	}
	return a.names[foldCountry(s)]
}

// countryCode gives the alpha-2 code of a country that is named by a code or
// in English; accents, dots, case, "the" and additions in brackets do not matter.
func countryCode(s string) (code string, err error) {
	if code := countries().find(s); code != "" {
		return code, nil
	}
	if open := strings.IndexByte(s, '('); open > 0 { // Slovakia (Slovak Republic)
		if code := countries().find(Trim(s[:open])); code != "" {
			return code, nil
		}
	}
	return "", countryError(s)
}

func countryError(s string) *Error {
	e := &Error{Code: InvalidCountry, Message: fmt.Sprintf("%s is no country", quote(s)),
		Hint: "write the two letters of ISO 3166, such as DE, or the English name"}
	if near := nearestCountry(s); near != "" {
		e.Hint = fmt.Sprintf("did you mean %s? %s", near, e.Hint)
	}
	return e
}

func nearestCountry(s string) string {
	s = foldCountry(s)
	if len(s) < 4 || len(s) > quoteLimit {
		return ""
	}
	best, name := len(s)/4+1, ""
	for folded, code := range countries().names {
		d, english := levenshtein.ComputeDistance(s, folded), countries().english[code]
		if d < best || d == best && name != "" && english < name {
			best, name = d, english
		}
	}
	return name
}

// foldCountry reduces a name to what tells countries apart.
func foldCountry(s string) string {
	var b strings.Builder
	for word := range strings.FieldsFuncSeq(strings.ToLower(s), isCountryGap) {
		switch word = accents.Replace(word); word {
		case "the", "and":
		case "st":
			b.WriteString("saint")
		default:
			b.WriteString(word)
		}
	}
	return b.String()
}

func isCountryGap(r rune) bool {
	switch r {
	case ' ', '\u00a0', '-', ',', '&', '(', ')', '/', '_':
		return true
	}
	return false
}

// accents takes off what country names carry in accents and punctuation.
var accents = strings.NewReplacer("å", "a", "á", "a", "ã", "a", "â", "a", "ç", "c", "č", "c", "é", "e", "è", "e", "ë", "e",
	"í", "i", "ñ", "n", "ô", "o", "ö", "o", "ó", "o", "ü", "u", ".", "", "'", "", "\u2019", "")
