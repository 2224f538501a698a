package source

import (
	"bytes"
	"fmt"
)

var bom = []byte("\ufeff")

func hasBOM(head []byte) bool { return bytes.HasPrefix(head, bom) }

const hintUTF8 = `save the file as UTF-8 (in Excel: Save as, "CSV UTF-8") and start again`

// signatures are the first bytes of what people take for a CSV file. UTF-32
// stands before UTF-16, whose mark it begins with.
var signatures = []struct{ bytes, code, what, hint string }{
	{"\xff\xfe\x00\x00", CodeUTF16, "is UTF-32 text", hintUTF8},
	{"\x00\x00\xfe\xff", CodeUTF16, "is UTF-32 text", hintUTF8},
	{"\xff\xfe", CodeUTF16, "is UTF-16 text", hintUTF8},
	{"\xfe\xff", CodeUTF16, "is UTF-16 text", hintUTF8},
	{"PK\x03\x04", CodeBinary, "is a workbook or a ZIP archive, not CSV", "save the sheet as CSV UTF-8, or unpack the archive"},
	{"\xd0\xcf\x11\xe0", CodeBinary, "is an old Excel workbook, not CSV", "save the sheet as CSV UTF-8"},
	{"\x1f\x8b", CodeBinary, "is compressed with gzip", "unpack it first, or pipe it in: gunzip -c FILE | attio-import ... -"},
	{"\x28\xb5\x2f\xfd", CodeBinary, "is compressed with zstd", "unpack it first, or pipe it in: zstd -dc FILE | attio-import ... -"},
	{"%PDF-", CodeBinary, "is a PDF document, not CSV", "export the table as CSV"},
}

// checkHead refuses what is not text in UTF-8 at all. Single cells in another
// encoding are left to their rows.
func checkHead(name string, head []byte) error {
	for _, s := range signatures {
		if bytes.HasPrefix(head, []byte(s.bytes)) {
			return &Error{s.code, fmt.Sprintf("%s: the file %s", name, s.what), s.hint, nil}
		}
	}
	if bytes.IndexByte(head, 0) >= 0 {
		return nulError(name, head)
	}
	if onlyCarriageReturns(head) {
		return &Error{CodeLineEnds, name + ": the lines of the file end in a carriage return alone",
			"save it with the line ends of Windows or Unix (in Excel for Mac: Save as, \"CSV UTF-8\")", nil}
	}
	return nil
}

// nulError tells UTF-16 without a mark, where every other byte of Latin text is
// NUL, from data that is no text.
func nulError(name string, head []byte) error {
	var nul [2]int
	for i, b := range head {
		if b == 0 {
			nul[i%2]++
		}
	}
	if most, least := max(nul[0], nul[1]), min(nul[0], nul[1]); most > len(head)/4 && least < most/8+1 {
		return &Error{CodeUTF16, name + ": the file is UTF-16 text", hintUTF8, nil}
	}
	return &Error{CodeBinary, name + ": the file is not text: it contains NUL bytes",
		"check that this is the right file, and export it as CSV UTF-8", nil}
}

// onlyCarriageReturns reports whether head has line ends as in files from old
// Macs. Inside quotes a carriage return is nobody's line end.
func onlyCarriageReturns(head []byte) bool {
	if bytes.IndexByte(head, '\n') >= 0 {
		return false
	}
	quoted := false
	for i, b := range head {
		switch {
		case b == '"':
			quoted = !quoted
		case b == '\r' && !quoted && i+1 < len(head):
			return true
		}
	}
	return false
}
