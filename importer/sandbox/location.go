package sandbox

import (
	"regexp"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// locationKeys are the members of a location, all of them required on write, in the order in which they are packed.
var locationKeys = [...]string{
	"line_1", "line_2", "line_3", "line_4", "locality", "region", "postcode", "country_code", "latitude", "longitude",
}

// A location is packed as ten strings in one, each with its length plus one in front; 0 is null.
type location [len(locationKeys)]*string

func (l location) pack() string {
	var b []byte
	for _, s := range l {
		if s == nil {
			b = append(b, 0)
			continue
		}
		b = appendUvarint(b, len(*s)+1)
		b = append(b, *s...)
	}
	return string(b)
}

// part yields one member of a packed location.
func locationPart(packed string, no int) (s string, null bool) {
	c := cursor{packed}
	for i := 0; ; i++ {
		n := int(c.uint())
		s = c.take(n - 1)
		if i == no {
			return s, n == 0
		}
	}
}

// coordinate patterns are the OpenAPI document's.
var (
	latitude  = regexp.MustCompile(`^[-+]?([1-8]?\d(\.\d+)?|90(\.0+)?)$`)
	longitude = regexp.MustCompile(`^[-+]?(180(\.0+)?|((1[0-7]\d)|([1-9]?\d))(\.\d+)?)$`)
)

func readLocation(v gjson.Result, out *value) *issue {
	var l location
	var problem *issue
	switch {
	case v.Type == gjson.String:
		l = parseAddress(v.Str)
	case v.IsObject():
		l, problem = readLocationObject(v)
	default:
		p := wrongType("object", typeName(v))
		problem = &p
	}
	out.s[0] = l.pack()
	return problem
}

func readLocationObject(v gjson.Result) (l location, problem *issue) {
	if problem = onlyKeys(v, locationKeys[:]...); problem != nil {
		return l, problem
	}
	for i, key := range locationKeys {
		m := v.Get(key)
		if m.Type == gjson.Null && m.Exists() {
			continue
		}
		s, wrong := mustString(v, key)
		if wrong == nil {
			wrong = checkLocation(key, &s)
		}
		problem = problem.with(wrong)
		l[i] = &s
	}
	return l, problem
}

func checkLocation(key string, s *string) *issue {
	switch key {
	case "country_code":
		if !countries[*s] {
			return &issue{code: "invalid_enum_value", path: []string{key}, message: "Invalid country code"}
		}
	case "latitude", "longitude":
		pattern := latitude
		if key == "longitude" {
			pattern = longitude
		}
		if !pattern.MatchString(*s) {
			return &issue{code: "invalid_string", path: []string{key}, message: "Invalid"}
		}
		*s = cutDigits(*s, 9)
	}
	return nil
}

// cutDigits keeps at most n digits after the point: coordinates are stored with nine.
func cutDigits(s string, n int) string {
	if dot := strings.IndexByte(s, '.'); dot >= 0 && len(s) > dot+1+n {
		return s[:dot+1+n]
	}
	return s
}

// parseAddress splits an address written in one line, such as "1 Infinite Loop, Cupertino, CA, 95014, US". Attio's own
// parser is not described; this one (inferred) goes by position from the end: country code, postcode, region, locality,
// and what is left are the lines.
func parseAddress(s string) (l location) {
	var parts []string
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	take := func(key string, fits func(string) bool) {
		if n := len(parts); n > 0 && fits(parts[n-1]) {
			last := parts[n-1]
			l[slices.Index(locationKeys[:], key)] = &last
			parts = parts[:n-1]
		}
	}
	take("country_code", func(p string) bool { return countries[p] && len(parts) > 1 })
	take("postcode", func(p string) bool { return strings.ContainsAny(p, "0123456789") && len(parts) > 1 })
	take("region", func(string) bool { return len(parts) > 2 })
	take("locality", func(string) bool { return true })
	for i := range min(len(parts), 4) {
		l[i] = &parts[i]
	}
	return l
}

// countries are the codes that the API knows (OpenAPI).
var countries = func() map[string]bool {
	codes := map[string]bool{}
	for code := range strings.FieldsSeq(`
AF AX AL DZ AS AD AO AI AQ AG AR AM AW AU AT AZ BS BH BD BB BY BE BZ BJ BM BT BO BA BW BV BR IO BN BG BF BI KH CM CA CV
KY CF TD CL CN CX CC CO KM CG CD CK CR CI HR CU CW CY CZ DK DJ DM DO EC EG SV GQ ER EE ET FK FO FJ FI FR GF PF TF GA GM
GE DE GH GI GR GL GD GP GU GT GG GN GW GY HT HM VA HN HK HU IS IN ID IR IQ IE IM IL IT JM JP JE JO KZ KE KI KR KW KG LA
LV LB LS LR LY LI LT LU MO MK MG MW MY MV ML MT MH MQ MR MU YT MX FM MD MC MN ME MS MA MZ MM NA NR NP NL AN NC NZ NI NE
NG NU NF MP NO OM PK PW PS PA PG PY PE PH PN PL PT PR QA RE RO RU RW BL SH KN LC MF PM VC WS SM ST SA SN SS RS SC SL SG
SK SI SB SO ZA GS ES LK SD SR SJ SZ SE CH SY TW TJ TZ TH TL TG TK TO TT TN TR TM TC TV UG UA AE GB US UM UY UZ VU VE VN
VG VI WF EH YE ZM ZW BQ KP SX XK AC`) {
		codes[code] = true
	}
	return codes
}()
