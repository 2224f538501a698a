package value

import "attio-import/mapping/schema"

// unknownConverter serves attributes whose type is not known without a
// network. Any text passes, as the text it is; where the options say how dates
// or amounts are written, it must be one of those, so that a validation finds
// what the options let it find. Layouts win over amounts.
func unknownConverter(opts Options) (Converter, error) {
	var check Converter
	var err error
	switch {
	case len(opts.Layouts) > 0 && daysOnly(opts.Layouts):
		check, err = dateConverter(opts)
	case len(opts.Layouts) > 0:
		check, err = timestampConverter(opts)
	case opts.Currency != "":
		check, err = currencyConverter(&schema.Attribute{Type: schema.Currency}, opts)
	case opts.Decimal != 0:
		check, err = numberConverter(opts)
	default:
		return convertText, nil
	}
	if err != nil {
		return nil, err
	}
	return func(t Text) (Value, error) {
		if _, err := check(t); err != nil {
			return Value{}, err
		}
		return convertText(t)
	}, nil
}

// daysOnly reports whether the layouts have no time of day, so that what they
// describe is rather a date.
func daysOnly(layouts []string) bool {
	for _, name := range layouts {
		if p, err := compilePattern(name); err != nil || p.has(hour) {
			return false
		}
	}
	return true
}
