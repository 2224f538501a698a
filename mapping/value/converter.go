package value

import (
	"fmt"

	"attio-import/mapping/schema"
)

// Text is a cell on its way to a value.
type Text struct {
	Text    string
	Country string // ISO 3166 alpha-2, alpha-3 or English name, for phone numbers without a + prefix; may be empty
}

// Converter turns texts into values of the attribute that it was made for. It
// is safe for concurrent use. Errors are of type *Error. Blanks around the
// text are ignored, but for text attributes, which keep them.
type Converter func(Text) (Value, error)

// NewConverter binds a converter to an attribute, checking the options (a
// layout that cannot be read, an unknown zone, an option that means nothing to
// the type). Blank text never reaches a converter. Its own errors are of type
// *Error too.
//
// Record references have no converter: a reference is looked up by a key, which
// is a value of another attribute. An actor reference is converted from the
// workspace member's email address.
//
// An attribute of type [schema.Unknown] takes any text; where the options say
// how dates or amounts are written, the text must be one.
func NewConverter(attr *schema.Attribute, opts Options) (Converter, error) {
	if err := opts.check(attr); err != nil {
		return nil, err
	}
	switch attr.Type {
	case schema.Text:
		return convertText, nil
	case schema.Number:
		return numberConverter(opts)
	case schema.Currency:
		return currencyConverter(attr, opts)
	case schema.Checkbox:
		return convertCheckbox, nil
	case schema.Date:
		return dateConverter(opts)
	case schema.Timestamp:
		return timestampConverter(opts)
	case schema.Rating:
		return convertRating, nil
	case schema.Select, schema.Status:
		return choiceConverter(attr), nil
	case schema.EmailAddress:
		return convertEmail, nil
	case schema.Domain:
		return convertDomain, nil
	case schema.PhoneNumber:
		return convertPhone, nil
	case schema.PersonalName:
		return convertName, nil
	case schema.Location:
		return convertLocation, nil
	case schema.ActorReference:
		return convertActor, nil
	case schema.Unknown:
		return unknownConverter(opts)
	}
	return nil, unwritable(attr)
}

func unwritable(attr *schema.Attribute) *Error {
	if attr.Type == schema.RecordReference {
		return &Error{InvalidSetting, fmt.Sprintf("%s refers to records and takes no text of its own", attr.Slug),
			"say under reference: which object to look up and by which attribute"}
	}
	return &Error{InvalidSetting, fmt.Sprintf("%s is of type %s, which cannot be written", attr.Slug, attr.Type),
		"take it out of the mapping"}
}
