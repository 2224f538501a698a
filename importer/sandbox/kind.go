package sandbox

// kind is the type of an attribute.
type kind uint8

const (
	kindText kind = iota
	kindNumber
	kindCheckbox
	kindCurrency
	kindDate
	kindTimestamp
	kindRating
	kindStatus
	kindSelect
	kindReference
	kindActor
	kindLocation
	kindDomain
	kindEmail
	kindPhone
	kindInteraction
	kindName
	kinds // how many there are
)

// kindNames are the API's names, in the order in which its validator lists them.
var kindNames = [kinds]string{
	"text", "number", "checkbox", "currency", "date", "timestamp", "rating", "status", "select", "record-reference",
	"actor-reference", "location", "domain", "email-address", "phone-number", "interaction", "personal-name",
}

func (k kind) String() string { return kindNames[k] }

func (k kind) MarshalText() ([]byte, error) { return []byte(kindNames[k]), nil }

func (k *kind) UnmarshalText(b []byte) error {
	v, ok := kindNamed(string(b))
	if !ok {
		return invalid("validation_type", "unknown attribute type %q", b)
	}
	*k = v
	return nil
}

func kindNamed(name string) (kind, bool) {
	for k, n := range kindNames {
		if n == name {
			return kind(k), true
		}
	}
	return 0, false
}

// creatable tells whether attributes of the kind can be made over the API (15 of the 17, OpenAPI).
func (k kind) creatable() bool { return k != kindInteraction && k != kindName }

// multiAllowed: only these kinds can hold several values.
func (k kind) multiAllowed() bool {
	switch k {
	case kindSelect, kindReference, kindActor, kindDomain, kindEmail, kindPhone:
		return true
	}
	return false
}

// uniqueAllowed: the kinds that can be matched by value.
func (k kind) uniqueAllowed() bool {
	switch k {
	case kindText, kindNumber, kindDomain, kindEmail, kindPhone:
		return true
	}
	return false
}
