package value

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxText is the size of the largest text, in bytes. The API document says
// 10MB; the smaller reading of that is taken.
const maxText = 10_000_000

// convertText keeps a text as it is, blanks and line breaks included.
func convertText(t Text) (Value, error) {
	if err := checkText(t.Text); err != nil {
		return Value{}, err
	}
	return textValue(t.Text), nil
}

// NewText is a text that the program itself makes: short, UTF-8, without NUL.
func NewText(s string) Value { return textValue(s) }

func textValue(s string) Value { return wrapped(`{"value":"`, s, `"}`) }

// checkText refuses what no text attribute can hold. It returns an *Error as
// an error, so that nil stays nil.
func checkText(s string) error {
	switch {
	case len(s) > maxText:
		return &Error{TooLong, fmt.Sprintf("%s has %d bytes; Attio keeps at most %d", quote(s[:quoteLimit]), len(s), maxText),
			"shorten the text, or keep it in a file and import a link to it"}
	case !utf8.ValidString(s):
		return &Error{InvalidText, fmt.Sprintf("%s is not UTF-8", quote(strings.ToValidUTF8(s, "�"))),
			"save the file as UTF-8 and run again"}
	case strings.IndexByte(s, 0) >= 0:
		return &Error{InvalidText, fmt.Sprintf("%s contains a NUL character", quote(s)),
			"remove the NUL; it often means that the file is UTF-16"}
	}
	return nil
}

// Trim cuts blanks off both ends of a cell, those too that spreadsheets and web
// pages leave behind: no-break spaces, zero-width spaces, marks of direction and
// byte order.
func Trim(s string) string {
	if s != "" && plainEdge(s[0]) && plainEdge(s[len(s)-1]) {
		return s
	}
	return strings.TrimFunc(s, isBlank)
}

func plainEdge(c byte) bool { return c > ' ' && c < utf8.RuneSelf }

func isBlank(r rune) bool {
	return unicode.IsSpace(r) || r == '\u200b' || r == '\u200e' || r == '\u200f' || r == '\u2060' || r == '\ufeff'
}

// cutPrefixFold cuts a prefix in lower case off s, whatever its case there.
func cutPrefixFold(s, prefix string) string {
	if len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
		return s[len(prefix):]
	}
	return s
}
