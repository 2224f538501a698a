package report

import (
	"os"

	"golang.org/x/term"

	"attio-import/importer/outcome"
)

// Terminal reports whether a file is a terminal that obeys control sequences,
// so that a progress bar can be drawn on it. getenv is [os.Getenv]; TERM counts.
func Terminal(f *os.File, getenv func(string) string) bool {
	return getenv("TERM") != "dumb" && term.IsTerminal(int(f.Fd()))
}

// Colors reports whether text for a file may have colours: it is a
// [Terminal], and NO_COLOR is not set.
func Colors(f *os.File, getenv func(string) string) bool {
	return getenv("NO_COLOR") == "" && Terminal(f, getenv)
}

// The styles of the text, as the parameter of the control sequence SGR.
const (
	normal = ""
	bold   = "1"
	red    = "31"
	green  = "32"
	yellow = "33"
)

func (t Text) paint(style, text string) string {
	if !t.Color || style == normal {
		return text
	}
	return "\x1b[" + style + "m" + text + "\x1b[0m"
}

func style(a outcome.Action) string {
	switch a {
	case outcome.Created, outcome.Updated, outcome.WouldCreate, outcome.WouldUpdate, outcome.Valid:
		return green
	case outcome.Invalid, outcome.Rejected, outcome.Unknown:
		return red
	}
	return normal
}

func severityStyle(s outcome.Severity) string {
	if s == outcome.Error {
		return red
	}
	return yellow
}
