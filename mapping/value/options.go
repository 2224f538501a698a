package value

import (
	"fmt"

	"attio-import/mapping/schema"
)

// Options say how the texts of one attribute are written.
type Options struct {
	// Decimal is the decimal separator of numbers and amounts, '.' or ','; the
	// other one, spaces and apostrophes may group thousands. 0 means '.'.
	Decimal rune
	// Currency is the ISO 4217 code of the currency that the amounts are in; it
	// must be the attribute's own, since the API does not let one choose. Empty:
	// the attribute's. On a number attribute it allows the currency's sign or
	// code beside the number.
	Currency string
	// Layouts are tried in order on dates and timestamps: "iso", "unix",
	// "unix_ms", "excel", or a pattern such as "DD/MM/YYYY" or "YYYY-MM-DD
	// hh:mm". Empty means iso.
	Layouts []string
	// Timezone is the IANA zone of times that name none. Empty: UTC. Types
	// without a time, dates among them, ignore it, since it is often said for a
	// whole mapping.
	Timezone string
}

// check refuses options that mean nothing to the attribute's type: what is
// ignored silently misleads.
func (o Options) check(attr *schema.Attribute) error {
	t := attr.Type
	amount := t == schema.Number || t == schema.Currency || t == schema.Unknown
	moment := t == schema.Date || t == schema.Timestamp || t == schema.Unknown
	switch {
	case o.Decimal != 0 && !amount:
		return needless("decimal", attr, "a number or currency")
	case o.Currency != "" && !amount:
		return needless("currency", attr, "a number or currency")
	case len(o.Layouts) > 0 && !moment:
		return needless("layout", attr, "a date or timestamp")
	case o.Decimal != 0 && o.Decimal != '.' && o.Decimal != ',':
		return &Error{InvalidSetting, fmt.Sprintf("%q is no decimal separator", o.Decimal), `say decimal: "." or decimal: ","`}
	}
	return nil
}

func needless(option string, attr *schema.Attribute, fitting string) *Error {
	return &Error{InvalidSetting,
		fmt.Sprintf("%s means nothing to %s, which is of type %s", option, attr.Slug, attr.Type),
		fmt.Sprintf("take %s out; it is for %s attribute", option, fitting)}
}

// point is the decimal separator as a byte.
func (o Options) point() byte {
	if o.Decimal == ',' {
		return ','
	}
	return '.'
}
