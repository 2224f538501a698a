package value

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"

	"attio-import/mapping/schema"
)

// choices are the options of a select, or the statuses of a status attribute,
// as values made beforehand.
type choices struct {
	attr   *schema.Attribute
	exact  map[string]Value // by title and by id
	folded map[string]Value // by title in lower case, where one option alone has it
}

// choiceConverter reads an option by its title or id, whatever its case.
// Titles are sent, never ids: Attio has been seen to accept an id and store nothing.
// Where the options are not known, any text is taken for a title.
func choiceConverter(attr *schema.Attribute) Converter {
	if !attr.OptionsKnown {
		return func(t Text) (Value, error) { return anyChoice(attr, Trim(t.Text)) }
	}
	return newChoices(attr).convert
}

func anyChoice(attr *schema.Attribute, s string) (Value, error) {
	if err := checkText(s); err != nil {
		return Value{}, err
	}
	return choiceValue(attr.Type, s), nil
}

func choiceValue(t schema.Type, title string) Value {
	if t == schema.Status {
		return wrapped(`{"status":"`, title, `"}`)
	}
	return wrapped(`{"option":"`, title, `"}`)
}

func newChoices(attr *schema.Attribute) choices {
	c := choices{attr: attr, exact: map[string]Value{}, folded: map[string]Value{}}
	for _, o := range attr.Options {
		v := choiceValue(attr.Type, o.Title)
		c.exact[o.Title] = v
		if o.ID != "" {
			c.exact[o.ID] = v
		}
		key := strings.ToLower(Trim(o.Title))
		if _, taken := c.folded[key]; taken {
			v = Value{} // two titles differ by case only: the exact one must be written
		}
		c.folded[key] = v
	}
	return c
}

func (c choices) convert(t Text) (Value, error) {
	if v, ok := c.exact[t.Text]; ok {
		return v, nil
	}
	s := Trim(t.Text)
	if v := c.folded[strings.ToLower(s)]; !v.IsZero() {
		return v, nil
	}
	if v, ok := c.exact[strings.ToLower(s)]; ok { // an id in capitals
		return v, nil
	}
	if v, ok := c.exact[s]; ok {
		return v, nil
	}
	return Value{}, c.unknown(s)
}

// listedOptions is how many options a hint lists at most.
const listedOptions = 12

func (c choices) unknown(s string) *Error {
	code, noun := UnknownOption, "an option"
	if c.attr.Type == schema.Status {
		code, noun = UnknownStatus, "a status"
	}
	name := c.attr.Title
	if name == "" {
		name = c.attr.Slug
	}
	e := &Error{Code: code, Message: fmt.Sprintf("%s is not %s of %s", quote(s), noun, name)}
	near := c.nearest(s)
	switch {
	case len(c.attr.Options) == 0:
		e.Hint = "the attribute has none yet: add them in Attio"
	case near != "":
		e.Hint = fmt.Sprintf("did you mean %q? %s", near, c.list())
	default:
		e.Hint = c.list() + "; turn other texts into them with map:, or add the option in Attio"
	}
	return e
}

// list names the options, all of them where they are few.
func (c choices) list() string {
	var titles []string
	for _, o := range c.attr.Options[:min(len(c.attr.Options), listedOptions)] {
		titles = append(titles, o.Title)
	}
	more := ""
	if n := len(c.attr.Options) - listedOptions; n > 0 {
		more = fmt.Sprintf(" and %d more", n)
	}
	return "there are: " + strings.Join(titles, ", ") + more
}

// nearest is the option that s is likely a misspelling of; empty if none is
// near: at most a third of the letters may differ.
func (c choices) nearest(s string) string {
	s = strings.ToLower(s)
	best, title := utf8.RuneCountInString(s)/3+1, ""
	if len(s) > 4*quoteLimit {
		return ""
	}
	for _, o := range c.attr.Options {
		if d := levenshtein.ComputeDistance(s, strings.ToLower(o.Title)); d < best {
			best, title = d, o.Title
		}
	}
	return title
}
