package value

import (
	"fmt"
	"strings"

	"github.com/tidwall/gjson"
)

// nameParts are the keys of a name, all of which the API wants.
var nameParts = []string{"first_name", "last_name", "full_name"}

// personName is a name in the three parts that the API wants, all of them.
type personName struct{ first, last, full string }

// convertName splits a whole name. "Last, First" is split at the comma. Without
// a comma the last word is the last name, with the particles before it ("Ann
// van Dyke": van Dyke) and the suffix after it ("Ann Dyke Jr."); a single word
// is a first name. Attio itself would take a name without a comma for a first
// name altogether, which is why the parts are sent.
func convertName(t Text) (Value, error) {
	if err := checkText(t.Text); err != nil {
		return Value{}, err
	}
	n, ok := splitName(strings.Join(strings.FieldsFunc(t.Text, isBlank), " "))
	if !ok {
		return Value{}, &Error{InvalidName, fmt.Sprintf("%s is not a name that can be split", quote(Trim(t.Text))),
			"write it as First Last or Last, First, or map first_name and last_name from columns of their own"}
	}
	return nameValue(n), nil
}

func splitName(s string) (n personName, ok bool) {
	parts := strings.Split(s, ",")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	suffix := ""
	for len(parts) > 1 && isNameSuffix(parts[len(parts)-1]) { // "Dyke, Jr." names no first name
		suffix = " " + parts[len(parts)-1] + suffix
		parts = parts[:len(parts)-1]
	}
	switch {
	case len(parts) > 2 || len(parts) == 2 && (parts[0] == "" || parts[1] == ""):
		return n, false
	case len(parts) == 2:
		n.last, n.first = parts[0]+suffix, parts[1]
	default:
		n.first, n.last = splitWords(strings.Fields(parts[0] + suffix))
	}
	n.full = strings.TrimSpace(n.first + " " + n.last)
	return n, n.full != ""
}

// splitWords finds where the last name of "First ... Last" begins.
func splitWords(words []string) (first, last string) {
	end := len(words)
	for end > 2 && isNameSuffix(words[end-1]) {
		end--
	}
	start := max(1, end-1)
	for i := 1; i < end-1; i++ {
		if isParticle(words[i]) {
			start = i
			break
		}
	}
	start = min(start, len(words))
	return strings.Join(words[:start], " "), strings.Join(words[start:], " ")
}

// isParticle knows the words that open a last name.
func isParticle(word string) bool {
	switch strings.ToLower(word) {
	case "van", "von", "vom", "vander", "zu", "zum", "zur", "de", "den", "der", "del", "della", "delle", "degli", "dei", "di", "da",
		"das", "do", "dos", "du", "des", "la", "le", "los", "las", "ter", "ten", "te", "'t", "op", "af", "av", "bin", "bint", "ibn", "st.", "mac":
		return true
	}
	return word == "al" || word == "el" // not Al, who is a first name
}

func isNameSuffix(word string) bool {
	switch strings.ToLower(strings.TrimSuffix(word, ".")) {
	case "jr", "sr", "ii", "iii", "iv", "phd", "ph.d", "md", "m.d", "esq", "mba", "cpa":
		return true
	}
	return false
}

// nameValue writes a name. Its canonical form is the one that Attio reads from
// text, "Last, First", so that it tells the parts apart.
func nameValue(n personName) Value {
	b := append(make([]byte, 0, 64+len(n.full)*2), `{"first_name":`...)
	b = append(appendQuoted(b, n.first), `,"last_name":`...)
	b = append(appendQuoted(b, n.last), `,"full_name":`...)
	b = append(appendQuoted(b, n.full), '}')
	canonical := n.first
	if n.last != "" || strings.IndexByte(n.first, ',') >= 0 {
		canonical = n.last + ", " + n.first
	}
	return Value{canonical: canonical, json: string(b)}
}

// composeName puts a name together. A full name alone is split as a text; a
// full name beside others is kept as it is given.
func composeName(parts map[string]string) (Value, error) {
	n := personName{parts["first_name"], parts["last_name"], parts["full_name"]}
	switch {
	case n.first == "" && n.last == "":
		return convertName(Text{Text: n.full})
	case n.full == "":
		n.full = strings.TrimSpace(n.first + " " + n.last)
	}
	return nameValue(n), nil
}

func storedName(r gjson.Result) Value {
	return nameValue(personName{r.Get("first_name").Str, r.Get("last_name").Str, r.Get("full_name").Str})
}
