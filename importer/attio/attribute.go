package attio

import (
	"fmt"
	"regexp"
	"strings"

	"attio-import/mapping/schema"
)

// How messages name an attribute, as seen:
//
//	Required value for attribute with ID "41252299-..." was not provided.
//	An invalid value was passed to attribute with slug "name".
//	Cannot find attribute with slug/ID "week_starting".
//	No attribute was found for matching_attribute slug/ID "my-attribute".
//	Unknown attribute slug: email.
var (
	attributeName = regexp.MustCompile(`(?i)attribute (?:with )?(?:slug/ID|slug|ID)(?: "([^"]+)"|: ([\w-]+))`)
	optionName    = regexp.MustCompile(`option title "((?:[^"\\]|\\.)*)"`)
)

// attributeIn is the slug or id of the attribute that a message names. The
// last one counts: an older wording puts the value in front, which can say anything.
func attributeIn(message string) string {
	all := attributeName.FindAllStringSubmatch(message, -1)
	if len(all) == 0 {
		return ""
	}
	last := all[len(all)-1]
	return last[1] + last[2]
}

// optionIn is the title that, a message says, no option or status has.
func optionIn(message string) string {
	if m := optionName.FindStringSubmatch(message); m != nil {
		return m[1]
	}
	return ""
}

// Explain is the message with its details, and with the attributes that it
// names by id or slug named as people know them: attribute "Owner" (owner).
// An object of nil, or one without the attribute, leaves the API's own words.
func (e *Error) Explain(o *schema.Object) string {
	if o == nil {
		return e.text(e.Message)
	}
	return e.text(attributeName.ReplaceAllStringFunc(e.Message, func(found string) string {
		a := o.Attribute(attributeIn(found))
		if a == nil {
			return found
		}
		return found[:len("attribute")] + " " + nameAttribute(a)
	}))
}

// nameAttribute names an attribute by title and slug.
func nameAttribute(a *schema.Attribute) string {
	if a.Title == "" || strings.EqualFold(a.Title, a.Slug) {
		return fmt.Sprintf("%q", a.Slug)
	}
	return fmt.Sprintf("%q (%s)", a.Title, a.Slug)
}
