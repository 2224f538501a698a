package sandbox

import (
	"crypto/rand"
	"encoding/hex"
	mathrand "math/rand/v2"
)

// uuid identifies everything that the API names: records, attributes, options, members.
type uuid [16]byte

// newID returns a random (version 4) identifier. It need not be secret, only unlikely to repeat.
func newID() uuid {
	var u uuid
	putUint64(u[:8], mathrand.Uint64())
	putUint64(u[8:], mathrand.Uint64())
	u[6] = u[6]&0x0f | 0x40
	u[8] = u[8]&0x3f | 0x80
	return u
}

func putUint64(b []byte, v uint64) {
	for i := range 8 {
		b[i] = byte(v >> (8 * i))
	}
}

const hexDigits = "0123456789abcdef"

// appendTo appends the 36 characters of the canonical form.
func (u *uuid) appendTo(b []byte) []byte {
	for i, c := range u {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			b = append(b, '-')
		}
		b = append(b, hexDigits[c>>4], hexDigits[c&15])
	}
	return b
}

func (u uuid) String() string { return string(u.appendTo(make([]byte, 0, 36))) }

// MarshalText and UnmarshalText let the data file's JSON carry identifiers in their usual form.
func (u uuid) MarshalText() ([]byte, error) { return u.appendTo(nil), nil }

func (u *uuid) UnmarshalText(b []byte) error {
	v, ok := parseID(string(b))
	if !ok {
		return &Error{Status: 400, Type: "invalid_request_error", Code: "validation_type", Message: "not a UUID: " + string(b)}
	}
	*u = v
	return nil
}

// parseID reads the 36-character form; other spellings of a UUID are not identifiers here.
func parseID(s string) (u uuid, ok bool) {
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return u, false
	}
	j := 0
	for i := range u {
		if s[j] == '-' {
			j++
		}
		hi, lo := unhex(s[j]), unhex(s[j+1])
		if hi > 15 || lo > 15 {
			return u, false
		}
		u[i] = hi<<4 | lo
		j += 2
	}
	return u, true
}

func unhex(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10
	}
	return 255
}

// newToken returns 64 hexadecimal characters, the shape of an Attio API key.
func newToken() string {
	var b [32]byte
	rand.Read(b[:]) // never fails (crypto/rand)
	return hex.EncodeToString(b[:])
}
