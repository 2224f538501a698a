package value

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/tidwall/gjson"
)

func TestCountryCode(t *testing.T) {
	for in, want := range map[string]string{
		"DE": "DE", "de": "DE", "DEU": "DE", "Germany": "DE", "GERMANY": "DE", "Deutschland": "DE",
		"US": "US", "USA": "US", "U.S.A.": "US", "U.S.": "US", "United States of America": "US", "the United States": "US",
		"UK": "GB", "United Kingdom": "GB", "England": "GB", "GBR": "GB",
		"Côte d'Ivoire": "CI", "Cote d’Ivoire": "CI", "Ivory Coast": "CI",
		"St. Lucia": "LC", "Saint Barthelemy": "BL", "Antigua & Barbuda": "AG", "Antigua and Barbuda": "AG",
		"Bosnia-Herzegovina": "BA", "Korea, Republic of": "KR", "Korea": "KR", "Czechia": "CZ", "Hong Kong": "HK",
		"Slovakia (Slovak Republic)": "SK", "Falkland Islands (Malvinas)": "FK", "Cocos (Keeling) Islands": "CC",
		"Bouvet Island (Bouvetoya)": "BV", "Svalbard & Jan Mayen Islands": "SJ", "Holy See (Vatican City State)": "VA",
		"Palestinian Territory": "PS", "Lao People's Democratic Republic": "LA", "Kyrgyz Republic": "KG", "Pitcairn Islands": "PN",
		"Virgin Islands, U.S.": "VI", "United States Virgin Islands": "VI", "Kosovo": "XK", "Micronesia": "FM", "Reunion": "RE",
		"Netherlands Antilles": "AN", "Holland": "NL", "AND": "AD", "ST": "ST", "Timor-Leste": "TL", "Sao Tome and Principe": "ST",
		"Atlantis": "", "": "", "the": "", "Saint": "", "XX": "", "California": "", "(x)": "", "Deutsch": "",
	} {
		got, err := countryCode(in)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("countryCode(%q) = %q, %v, want %q", in, got, err, want)
		}
		typed(t, err)
	}
}

func TestCountryListIsUnambiguous(t *testing.T) {
	seen := map[string]string{}
	for line := range strings.Lines(countryList) {
		alpha2, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		alpha3, rest, _ := strings.Cut(rest, " ")
		if len(alpha2) != 2 || len(alpha3) != 3 || rest == "" {
			t.Errorf("not a line of the list: %q", line)
		}
		names := []string{"code " + alpha2, "code " + alpha3}
		for _, name := range strings.Split(rest, "|") {
			if folded := foldCountry(name); !slices.Contains(names, folded) {
				names = append(names, folded)
			}
		}
		for _, name := range names {
			if other, taken := seen[name]; taken || name == "" {
				t.Errorf("%q of %s is %s too", name, alpha2, other)
			}
			seen[name] = alpha2
		}
	}
}

// The list has just the countries that the API document enumerates, if it
// lies beside the checkout.
func TestCountryListIsThatOfTheAPI(t *testing.T) {
	raw, err := os.ReadFile("../../../shared/attio-openapi.json")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("no API document beside the checkout")
	}
	if err != nil {
		t.Fatal(err)
	}
	var api []string
	gjson.GetBytes(raw, `components.schemas.input-value.anyOf`).ForEach(func(_, r gjson.Result) bool {
		if codes := r.Get("properties.country_code.enum"); codes.Exists() && r.Get("properties.locality").Exists() {
			if err := json.Unmarshal([]byte(codes.Raw), &api); err != nil {
				t.Fatal(err)
			}
		}
		return true
	})
	var ours []string
	for code := range countries().english {
		ours = append(ours, code)
	}
	slices.Sort(api)
	slices.Sort(ours)
	if len(api) == 0 || !slices.Equal(api, ours) {
		t.Errorf("the API has %d countries, the list %d:\n%v\n%v", len(api), len(ours), api, ours)
	}
}
